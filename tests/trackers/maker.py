"""Makes a tracker from a seed: rows, their columns, the layout, the file, and the truth."""

from datetime import date, timedelta

from tests.trackers import files, layout, marks, pools, standing
from tests.trackers.addresses import addresses
from tests.trackers.draw import Draw
from tests.trackers.people import coordinators, directors
from tests.trackers.places import places
from tests.trackers.sheet import TODAY, Column, Row, Tracker, Truth

TRIES = 60
STANDINGS = {
    "applied": 34, "invited": 12, "interviewed": 20, "waitlisted": 6, "on_hold": 3, "rejected": 15,
    "withdrawn": 5, "not_applied": 5,
}  # fmt: skip
NAMES = {
    "Program": 10, "Program Name": 8, "Residency Program": 3, "Hospital": 3, "Name": 2,
    "Institution": 1, "Program name": 3, "PROGRAM": 2, "Residency": 1, "Programs": 1,
    "Hospital Name": 1, "Hospital / Program": 1,
}  # fmt: skip
SHORT_NAMES = {"Name": 3, "Program": 1}


def tracker(seed):
    """The tracker of this seed.

    An old encoding knows few characters: its tracker is drawn again until it can be saved so.
    """
    draw = Draw(seed, "file")
    file = draw.among({"csv": 52, "xlsx": 30, "ods": 9, "xls": 9})
    encoding = draw.among(files.ENCODINGS) if file == "csv" else "utf-8"
    for attempt in range(TRIES):
        made = _made(seed, f"{seed}.{attempt}" if attempt else seed, file, encoding)
        if files.fits(made, encoding):
            _save_as(made, draw)
            return made
    made.encoding = "utf-8"
    _save_as(made, draw)
    return made


def _made(number, seed, file, encoding):
    plain = not encoding.startswith("utf")
    rows = _rows(seed, lasts=[x for x in pools.LAST if not plain or _fits(x, encoding)])
    plan = Draw(seed, "plan")
    kept = plan.among(standing.KEPT)
    sections = _sections(plan, kept)
    spoken = plan.among({"column": 78, "option": 14, "ids": 8}) if sections != "specialty" else (
        plan.among({"column": 50, "titles": 50})
    )  # fmt: skip
    rows = _sorted(rows, sections, by_state=plan.chance(0.2))
    columns = _columns(rows, seed, kept, spoken)
    if kept == "sections":
        standing.by_sections(rows)
    made = Tracker(number, [], [row.truth for row in rows], file=file, encoding=encoding)
    made.habits = [f"status: {kept}", f"sections: {sections or 'none'}", f"specialty: {spoken}"]
    if spoken == "option":
        made.specialty = rows[0].specialty
    _lay_out(made, rows, columns, sections, Draw(seed, "layout"))
    _number_lines(made)
    return made


def _fits(text, encoding):
    return text.encode(encoding, "replace").decode(encoding) == text


def _rows(seed, lasts):
    draw = Draw(seed, "rows")
    count = draw.number(12, 25)
    several = draw.chance(0.35)
    taken = draw.some(pools.SPECIALTIES, draw.number(2, 3) if several else 1)
    trees, lasts = draw.some(pools.TREES, count), draw.shuffled(lasts)
    spots, rows = draw.some(pools.PLACES, count), []
    for number in range(count):
        slug = trees[number].lower().replace(" ", "")
        last, second = lasts[number], lasts[-1 - number % (len(lasts) - count)]
        specialty = draw.one(taken)
        row = Row(
            name=draw.one(pools.HOSPITALS).format(tree=trees[number]),
            tree=trees[number],
            specialty=specialty,
            city=spots[number][0],
            state=spots[number][1],
            first=draw.one(pools.FIRST),
            last=last,
            address=draw.one([f"pd@{slug}.example", f"director.im@{slug}.example",
                              f"D{number}.Lead-{slug[:4]}@med.{slug}.example"]),
            coordinator=f"{draw.one(['Cat', 'Dev', 'Élodie', 'Fay'])} {second}",
            second=draw.one([f"pc@{slug}.example", f"residency@{slug}.example"]),
            standing=draw.among(STANDINGS),
            closed=draw.chance(0.08),
            signal=draw.among({"none": 75, "silver": 15, "gold": 10}),
            acgme_id=f"{pools.SPECIALTIES[specialty][1]}{draw.number(10, 52)}{number:02}"
            f"{draw.number(100, 999)}",
        )  # fmt: skip
        _dates(row, draw)
        row.truth = Truth(row.name, row.specialty)
        rows.append(row)
    return rows


def _dates(row, draw):
    if row.standing in ("invited", "interviewed"):
        row.invited_on = date(2026, 10, 1) + timedelta(draw.number(0, 21))
    if row.standing == "invited":
        row.interview_on = TODAY + timedelta(draw.number(2, 60))
    if row.standing == "interviewed":
        row.interview_on = date(2026, 10, 26) + timedelta(draw.number(0, 25))
    if row.standing in ("rejected", "withdrawn", "waitlisted", "on_hold"):
        row.ended_on = date(2026, 10, 5) + timedelta(draw.number(0, 45))
        if draw.chance(0.2) and row.standing in ("rejected", "withdrawn"):
            row.invited_on = row.ended_on - timedelta(3)
    if draw.chance(0.25):
        row.told_on = date(2026, 10, 2) + timedelta(draw.number(0, 50))


def _sections(draw, kept):
    if kept == "sections":
        return "status"
    found = draw.among({"": 74, "specialty": 9, "status": 7, "piles": 10})
    return "" if found == "status" and kept not in ("words", "both") else found


def _sorted(rows, sections, *, by_state):
    keys = {
        "specialty": lambda row: row.specialty,
        "status": lambda row: row.standing,
        "piles": lambda row: 0,
    }
    if sections:
        return sorted(rows, key=keys[sections])
    return sorted(rows, key=lambda row: row.state) if by_state else rows


def _columns(rows, seed, kept, spoken):
    def draw(matter):
        return Draw(seed, matter)

    if spoken == "option":
        for row in rows:
            row.specialty = row.truth.specialty = rows[0].specialty
            row.acgme_id = rows[0].acgme_id[:3] + row.acgme_id[3:]
    where = places(rows, draw("places"))
    first = [_name_column(rows, draw("names"))]
    if spoken == "column":
        first.append(_specialty_column(rows, draw("specialties")))
    if spoken == "ids" or draw("ids").chance(0.25):
        first.append(_id_column(rows, draw("ids")))
    people = directors(rows, draw("people")) + addresses(rows, draw("addresses"))
    status = standing.columns(rows, draw("standing"), kept)
    rest = [
        *coordinators(rows, draw("coordinators")),
        *marks.interview_days(rows, draw("interviews")),
        *marks.told(rows, draw("told")),
        *marks.closed(rows, draw("closed")),
        *marks.signals(rows, draw("signals")),
        *marks.reasons(rows, draw("reasons")),
        *(marks.notes(rows, draw("notes")) if kept != "notes" else []),
        *marks.harmless(rows, draw("harmless")),
        *marks.flags(rows, draw("flags")),
    ]
    columns = [*first, *where, *people, *status, *rest]
    order = draw("order")
    if order.chance(0.3):
        columns = [columns[0], *order.shuffled(columns[1:])]
    count = [column for column in columns if column.header == "#"]
    return count + [column for column in columns if column.header != "#"]


def _name_column(rows, draw):
    placed = [row for row in rows if row.truth.state]
    if draw.chance(0.15) and len(placed) > 1 and placed[0].state != placed[-1].state:
        placed[-1].name = placed[-1].truth.name = placed[0].name  # two of one name, in two states
    cells = [row.name for row in rows]
    header = draw.among(NAMES)
    return Column(header, cells, "Program", draw.among(SHORT_NAMES), field="program")


def _specialty_column(rows, draw):
    own = {name: draw.one(words) for name, (words, _) in pools.SPECIALTIES.items()}
    mixed = draw.chance(0.2)
    cells = [draw.one(pools.SPECIALTIES[row.specialty][0]) if mixed else own[row.specialty]
             for row in rows]  # fmt: skip
    header = draw.among({"Specialty": 14, "specialty": 2, "Speciality": 1, "SPECIALTY": 1})
    filled = cells[0] if draw.chance(0.03) else ""
    return Column(header, cells, "Program", "Specialty", merged=draw.chance(0.15), filled=filled)


def _id_column(rows, draw):
    for row in rows:
        row.truth.acgme_id = row.acgme_id
    header = draw.among({"ACGME ID": 5, "ACGME": 2, "Program ID": 2, "ERAS ID": 1, "ACGME Code": 1})
    numbers = draw.chance(0.3)
    cells = [int(row.acgme_id) if numbers else row.acgme_id for row in rows]
    return Column(header, cells, "Program", header)


def _lay_out(made, rows, columns, sections, draw):
    two = draw.chance(0.09)
    columns = layout.grouped(columns) if two else columns
    grid = layout.Grid(columns, draw, workbook=made.file != "csv")
    if draw.chance(0.2):
        grid.say(draw.one(layout.TITLES))
        if draw.chance(0.5):
            grid.add()
    grid.head(two=two)
    grid.body(rows, _titles(rows, sections, draw))
    _below(made, grid, rows, draw)
    made.grid, made.merges, made.junk = grid.lines, grid.merges, grid.junk
    group = ""
    for place, column in enumerate(columns, 1):
        group = column.group or group  # the line above says it once, for all that follow
        if column.field:  # a column is asked about by its header, or by its place
            called = (column.header, f"{group} {column.header}", f"column {place}")
            made.answers |= dict.fromkeys(called, column.field)
    made.habits += ["header: two lines"] if two else []


def _titles(rows, sections, draw):
    if not sections:
        return lambda row: None
    if sections == "status":
        titles = {name: draw.one(words) for name, words in standing.SECTIONS.items()}
        return lambda row: titles[row.standing]
    if sections == "specialty":
        shape = draw.one([str.upper, str, "{} programs".format, "— {} —".format, "{} 🩺".format])
        return lambda row: shape(row.specialty)
    piles = draw.some(layout.PILES, 3)
    place = {id(row): number for number, row in enumerate(rows)}
    return lambda row: piles[place[id(row)] * 3 // len(rows)]


def _below(made, grid, rows, draw):
    filled = any(c.filled != "" for c in grid.columns) or layout.numbering(grid.columns)
    if filled and draw.chance(0.7):
        grid.rest(draw.number(3, 30))
        made.habits.append("filled down")
    if draw.chance(0.15):
        if draw.chance(0.5):
            grid.add()
        grid.total(len(rows))
        made.habits.append("totals")
    if draw.chance(0.15):
        made.habits.append("legend")
        if draw.chance(0.35):
            grid.legend_beside(rows[0].truth.line - 1)
        else:
            grid.legend_below()


def _number_lines(made):
    """Let the truths say where they stand in the text: a line break in a cell begins a line."""
    if made.file != "csv":
        return
    begins, line = [], 1
    for row in made.grid:
        begins.append(line)
        line += 1 + sum(str(value).count("\n") for value in row)
    for truth in made.truths:
        truth.line = begins[truth.line - 1]


def _save_as(made, draw):
    if made.file != "csv":
        made.habits.append(f"file: {made.file}")
        return
    made.separator = draw.among(files.SEPARATORS)
    made.newline = draw.among({"\r\n": 60, "\n": 36, "\r": 4})
    if made.encoding == "mac_roman":
        made.newline = draw.among({"\r": 80, "\r\n": 20})
    if made.encoding.startswith("utf-16"):
        made.separator = "\t"
    made.habits.append(f"file: csv in {made.encoding}, {made.separator!r}, {made.newline!r}")
