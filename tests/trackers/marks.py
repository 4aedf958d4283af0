"""Other things in trackers: told, no email, signals, interview days, reasons, notes."""

from datetime import date

from tests.trackers import days
from tests.trackers.pools import NOTES, REASONS, TAGS
from tests.trackers.sheet import EDIT, Column

TOLD = {
    "Emailed?": 4, "Email sent": 3, "Email sent?": 2, "Emailed": 3, "Update sent": 3,
    "Date emailed": 2, "Contacted": 2, "Told on": 1, "Emailed PD": 1, "Update sent?": 1,
    "Emailed on": 1, "Score update sent": 1, "Told them about 262?": 2, "Told them?": 1,
    "Emailed about score": 1, "Score told": 1,
}  # fmt: skip
CLOSED = {
    "Do not email": 4, "Do not contact": 4, "DNC": 2, "No contact": 3, "Do Not Contact": 2,
    "No emails": 1, "Don't email": 1, "Do not email?": 1,
}  # fmt: skip
YES = {("x", ""): 4, ("TRUE", "FALSE"): 2, (True, False): 4, ("Yes", ""): 3, ("Y", "N"): 2,
       ("✓", ""): 2, ("yes", "no"): 2, ("✅", ""): 1, ("X", ""): 1}  # fmt: skip
SIGNAL = {
    "Signal": 6, "Signal?": 2, "Signaled?": 2, "Signaled": 2, "Signal #": 2, "Signals": 1,
    "Sig": 1,
}  # fmt: skip
TIERED = {"Signal": 4, "Signal tier": 2, "Signal Type": 2, "Gold/Silver": 1}
INTERVIEW = {
    "Interview Date": 6, "IV Date": 4, "IV date": 2, "Interview date": 3, "Interview": 2,
    "Interview Day": 1, "Interviewed On": 1, "Date of interview": 1,
}  # fmt: skip
WHY = {"Why": 3, "Why this program": 3, "Reason": 2, "Why here": 1, "Why here?": 1}
NO_MAIL = (
    "PD asked: please do not email, use the portal", "no emails please!", "Do not contact the PD",
)  # fmt: skip
HOURS = ("{d}", "{d} 9:00 AM EST", "{d} (virtual)", "{d} at 8:30 am", "{d} 8am-4pm", "{d} 13:00 ET")


# A day in words, under a header that asks whether they were told.
IN_WORDS = ("{d}", "{d}", "yes {d}", "Yes ({d})", "emailed {d}", "✓ {d}", "Yes (by phone, {d})",
            "emailed PD + PC {d}")  # fmt: skip
# Notes that speak against a letter, beside a status that does not.
HELD = (
    "W/D 11/15", "wd 11/2", "R 11/9", "R", "rej 11/18", "rejected me 11/20 (email)",
    "No from them, Nov 12", "cancelled my IV, took other offer", "off my list", "DNR",
    "told them in IV about 262 (11/10)", "emailed PD 11/20", "PC says they don't look at updates",
    "ranking meeting done, list certified 11/25", "ROL certified already",
    "no longer interested, told ERAS to pull", "program closing 6/2027",
)  # fmt: skip


def told(rows, draw):
    """The column with the day on which the applicant wrote."""
    if not draw.chance(0.45):
        return []
    how, no = days.style(draw), draw.among({"": 8, "No": 1, "FALSE": 2, "-": 1, "N/A": 1, "no": 1})
    no = False if no == "FALSE" else no
    header, cells = draw.among(TOLD), []
    bare = header.endswith("?") and draw.chance(0.08)
    for row in rows:
        if row.told_on is None:
            cells.append(no)
        elif bare:
            row.truth.stop = "told, nobody knows when"
            cells.append(True)
        else:
            row.truth.told = row.told_on
            day = days.written(row.told_on, how)
            in_words = isinstance(day, str) and draw.chance(0.2)
            cells.append(draw.one(IN_WORDS).format(d=day) if in_words else day)
    filled = False if no is False else ""
    return [Column(header, cells, "Contact", header, filled=filled, field="told_on")]


def closed(rows, draw):
    """The column of those that want no mail."""
    if not draw.chance(0.35):
        return []
    yes, no = draw.among(YES)
    for row in rows:
        row.truth.closed = row.closed
    header = draw.among(CLOSED)
    cells = [yes if row.closed else no for row in rows]
    filled = False if no is False else ""
    return [Column(header, cells, "Contact", header, filled=filled, field="contact_policy")]


def signals(rows, draw):
    """The columns of signals: a yes, a number, gold and silver."""
    kept = draw.among({"none": 40, "yes": 22, "number": 14, "words": 14, "two columns": 10})
    if kept == "none":
        return []
    if kept in ("yes", "number"):
        return [_plain(rows, draw, numbered=kept == "number")]
    for row in rows:
        row.truth.signal = row.signal
    if kept == "words":
        case = draw.one([str, str.title, str.upper])
        words = {
            "gold": case("gold"),
            "silver": case("silver"),
            "none": draw.one(["", "None", "-"]),
        }
        cells = [words[row.signal] for row in rows]
        return [Column(draw.among(TIERED), cells, "Program", "Signal")]
    yes, no = draw.among(YES)
    return [
        Column(
            f"{tier.title()} Signal",
            [yes if row.signal == tier else no for row in rows],
            "Signal",
            tier.title(),
            filled=False if no is False else "",
        )
        for tier in ("gold", "silver")
    ]


def _plain(rows, draw, *, numbered):
    cells, count = [], 0
    yes, no = draw.among(YES)
    for row in rows:
        given = row.signal != "none"
        row.truth.signal = "yes" if given else "none"
        count += given
        cells.append((count if given else "") if numbered else yes if given else no)
    header = draw.one(["Signal #", "Signal"]) if numbered else draw.among(SIGNAL)
    filled = False if no is False and not numbered else ""
    return Column(header, cells, "Program", header, filled=filled)


def interview_days(rows, draw):
    """The column with the day of the interview."""
    if not draw.chance(0.6):
        return []
    how, hour = days.style(draw), draw.chance(0.25)
    cells = []
    for row in rows:
        day = row.interview_on
        if day and (row.standing == "invited" and draw.chance(0.2)):
            day = None
        if day:
            row.truth.interview_date = day
        text = days.written(day, how)
        if hour and isinstance(text, str) and text and how != "iso":
            text = draw.one(HOURS).format(d=text)
        cells.append(text or draw.one(["", "", "", "TBD"]))
    return [Column(draw.among(INTERVIEW), cells, "Interview", "Date", field="interview_date")]


def reasons(rows, draw):
    """The column that says why, in words that go into letters."""
    if not draw.chance(0.4):
        return []
    cells = []
    for row in rows:
        if draw.chance(0.6):
            row.truth.reason = draw.one(REASONS).format(tree=row.tree)
        cells.append(row.truth.reason)
    return [Column(draw.among(WHY), cells, "Program", "Why")]


def notes(rows, draw):
    """The column of remarks; at times one says what bars a letter."""
    if not draw.chance(0.6):
        return []
    tags, cells = draw.shuffled(TAGS), []
    for number, row in enumerate(rows):
        if draw.chance(0.4):
            cells.append("")
            continue
        text = draw.one(NOTES).format(tag=tags[number % len(tags)])
        row.truth.private.append(tags[number % len(tags)])
        cells.append(text)
    asks = draw.chance(0.02)  # nobody would write to one that asks for no mail, wherever it does
    if asks:
        row = draw.one(rows)
        row.truth.stop = "a note that asks for no mail"
        cells[rows.index(row)] = draw.one(NO_MAIL)
    header = draw.one(["Notes", "Comments", "notes", "Other notes", "Notes / vibes"])
    if not asks and header in ("Notes", "Comments", "notes") and draw.chance(0.4):
        for row in draw.some(rows, 3):
            row.truth.held = cells[rows.index(row)] = draw.one(HELD)
    return [Column(header, cells, field=EDIT if asks else "")]


def harmless(rows, draw):
    """Columns that say nothing of what a letter needs."""
    makers = draw.some(EXTRAS, draw.number(0, 4))
    return [Column(header, [made(row, n, draw) for n, row in enumerate(rows)])
            for header, made in makers]  # fmt: skip


def flags(rows, draw):
    """Yes and no about something else: an import may ask what it means."""
    if not draw.chance(0.1):
        return []
    yes, no = draw.one([("Yes", "No"), (True, False), ("Y", "N"), ("x", "")])
    header = draw.one(
        ["Visa friendly", "Couples match", "H1B", "Union?", "Moonlighting", "Pets ok"]
    )
    cells = [yes if draw.chance(0.5) else no for _ in rows]
    return [Column(header, cells, filled=False if no is False else "")]


def _person(row, number, draw):
    tag = TAGS[(number * 7 + 3) % len(TAGS)]
    row.truth.private.append(f"{tag.lower()}@alumni.example")
    return f"{tag.lower()}@alumni.example" if draw.chance(0.5) else ""


EXTRAS = [
    ("#", lambda row, n, draw: n + 1),
    ("Rank", lambda row, n, draw: draw.number(1, 30)),
    ("Salary", lambda row, n, draw: f"${draw.number(58, 79)},{draw.number(100, 999)}"),
    ("Beds", lambda row, n, draw: draw.number(120, 1400)),
    ("Program Type", lambda row, n, draw: draw.one(["Community", "University", "Hybrid"])),
    ("Website", lambda row, n, draw: f"https://{row.address.split('@')[1]}/residency"),
    ("Phone", lambda row, n, draw: f"555-01{draw.number(0, 9)}-{draw.number(1000, 9999)}"),
    ("Score (1-5)", lambda row, n, draw: draw.one([1, 2, 3, 3.5, 4, 4.5, 5, ""])),
    ("Distance (mi)", lambda row, n, draw: draw.number(3, 2900)),
    ("Call schedule", lambda row, n, draw: draw.one(["q4", "night float", "4+1", ""])),
    ("Fellowships", lambda row, n, draw: draw.one(["Cards, GI", "Cards", "none in house", ""])),
    ("PS version", lambda row, n, draw: draw.one(["A", "B", "rural"])),
    ("Resident contact", _person),
    ("Step 2 avg", lambda row, n, draw: draw.number(236, 258)),
    ("LOI Status", lambda row, n, draw: draw.one(["", "", "None", "sent", "draft"])),
    ("Thank you note", lambda row, n, draw: draw.one(["", "", date(2026, 11, 20), ""])),
    ("Interview format", lambda row, n, draw: draw.one(["Virtual", "In person", ""])),
    ("Vibe", lambda row, n, draw: draw.one(["🔥", "meh", "👍", "", "good!"])),
    ("Residents/yr", lambda row, n, draw: draw.number(6, 48)),
    ("Last updated", lambda row, n, draw: date(2026, 11, draw.number(1, 23))),
    ("App fee", lambda row, n, draw: 30),
]
