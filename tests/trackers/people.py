"""How the director's name is kept: titles, degrees, two people, placeholders, surname first."""

from tests.trackers.sheet import Column

# Each habit is used about as often as it is met; {f} first name, {l} last name, {o} another person.
WHOLE = {
    "{f} {l}": 12, "Dr. {f} {l}": 7, "{f} {l}, MD": 12, "{f} {l} MD": 5, "Dr. {l}": 6,
    "{l}, {f}": 5, "{l}, {f}, MD": 2, "{f} {l}, MD, MPH": 4, "{f} {l}, M.D.": 3,
    "{f} {l}, DO": 3, "{f} Q. {l}, MD": 3, "Dr {l}": 2, "Dr. {f} {l}, MD, PhD, FACP": 2,
    "Prof. {f} {l}": 1, "{f} {l} (PD)": 2, "{f} {l}, MD (interim)": 1, "{f} {l} (she/her)": 1,
    "{f} {l} / {o}": 1, "{f} {l} & {o}": 1, "{f} {l}, MD and {o}, MD": 1, "{f} {l}; {o}": 1,
    "Dr. {f} {l}, Dr. {o}": 1, "{f} {l} MD (PD), {o} MD (APD)": 1, "{f} {l}, Jr., MD": 1,
    "{f} {l} 🙂": 1, "{f} {l}*": 1, "PD: {f} {l}": 1, "{f}  {l} ": 1, "Dr. {f} {l} - new PD": 1,
}  # fmt: skip
NOBODY = {
    "": 8, "TBD": 3, "N/A": 2, "?": 1, "vacant": 2, "Interim": 1, "see website": 2, "unknown": 1,
    "-": 1, "to be announced": 1, "Search in progress": 1, "TBA": 1, "not listed": 1,
    "—": 1, "Vacant (search ongoing)": 1,
}  # fmt: skip
ONLY_LAST = {"{l}": 12, "Dr. {l}": 2, "{l}, MD": 2, "{l} MD": 1, "{L}": 1}

NAME_HEADERS = {
    "Program Director": 6, "PD": 5, "PD Name": 4, "Director": 3, "Program Director Name": 2,
    "PD name": 2, "Program director": 2, "PROGRAM DIRECTOR": 1,
}  # fmt: skip
PC_HEADERS = {"Coordinator": 4, "Program Coordinator": 4, "PC": 2, "Coordinator Name": 2}
PC_CELLS = ("{f} {l}", "Ms. {f} {l}", "{f} {l}, MBA", "{f} {l} (PC)", "Mr. {l}", "{l}, {f}")


def directors(rows, draw):
    """The columns that name the director."""
    kept = draw.among({"whole": 70, "two columns": 14, "last": 8, "none": 8})
    if kept == "none":
        return []
    if kept == "whole":
        cells = [_whole(row, rows, draw) for row in rows]
        return [Column(draw.among(NAME_HEADERS), cells, "Director", "Name")]
    if kept == "last":
        header = draw.one(["PD Last Name", "Director Last Name", "PD last name"])
        return [Column(header, [_last(row, draw) for row in rows], "Director", "Last Name")]
    return _two(rows, draw)


def _whole(row, rows, draw):
    if draw.chance(0.1):
        return draw.among(NOBODY)
    if draw.chance(0.004):
        row.truth.stop = "a title where the name should be"
        return draw.one(["Program Director", "PD", "{last}"])
    habit = draw.among(WHOLE)
    other = draw.one([x for x in rows if x is not row])
    row.truth.last = row.last
    if habit.startswith("{l},") and " " in row.last:
        habit = "{f} {l}, MD"  # "St. John, Ana" is one habit more than a list needs
    text = habit.format(f=row.first, l=row.last, o=f"{other.first} {other.last}")
    return text.upper() if draw.chance(0.02) and "ß" not in text else text


def _last(row, draw):
    if draw.chance(0.06):
        return draw.one(["", "TBD", "vacant", "N/A", "unknown"])
    row.truth.last = row.last
    return draw.among(ONLY_LAST).format(l=row.last, L=row.last.upper())


def _two(rows, draw):
    firsts, lasts = [], []
    for row in rows:
        known = not draw.chance(0.07)
        row.truth.last = row.last if known else ""
        firsts.append(row.first if known else "")
        lasts.append(row.last if known else draw.one(["", "TBD", "vacant"]))
    a, b = draw.one(
        [
            ("PD First Name", "PD Last Name"),
            ("Director First Name", "Director Last Name"),
            ("program_director_first_name", "program_director_last_name"),
        ]
    )
    return [
        Column(a, firsts, "Director", "First Name"),
        Column(b, lasts, "Director", "Last Name"),
    ]


def coordinators(rows, draw):
    """The column that names the coordinator, where there is one."""
    if not draw.chance(0.4):
        return []
    cells = []
    for row in rows:
        first, last = row.coordinator.split(" ", 1)
        blank = draw.chance(0.2)
        cells.append("" if blank else draw.one(PC_CELLS).format(f=first, l=last))
    return [Column(draw.among(PC_HEADERS), cells, "Coordinator", "Name")]
