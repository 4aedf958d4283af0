"""How the status is kept: words, check marks, both, the titles of sections, notes, not at all."""

from tests.trackers import days, stages, words
from tests.trackers.sheet import Column

KEPT = {"words": 44, "stages": 40, "both": 6, "sections": 4, "nowhere": 3, "notes": 2, "strange": 2}

SECTIONS = {
    "interviewed": ("Interviewed", "INTERVIEWED", "Interviews done", "✅ Interviewed"),
    "invited": ("Interviews scheduled", "Invited", "INVITED", "Interview invites"),
    "applied": ("Waiting to hear back", "Applied", "APPLIED", "No response yet", "Applied, no news"),
    "waitlisted": ("Waitlisted", "WAITLIST", "Waitlist"),
    "on_hold": ("On hold", "ON HOLD"),
    "rejected": ("Rejected", "REJECTED", "Rejections", "❌ Rejected", "Rejected 😢"),
    "withdrawn": ("Withdrawn", "WITHDREW", "Withdrew"),
    "not_applied": ("Not applied", "NOT APPLIED", "Did not apply"),
}  # fmt: skip
IN_NOTES = {
    "applied": ("", "", "no word yet", "liked their website"),
    "invited": ("invited {i}", "interview invite {i}"),
    "interviewed": ("interviewed {v}, liked it", "interviewed {v}"),
    "waitlisted": ("waitlisted", "put on waitlist {e}"),
    "on_hold": ("on hold",),
    "rejected": ("rejected {e}", "got rejected :(", "rejection {e}", "Rejected"),
    "withdrawn": ("withdrew {e}", "I withdrew"),
    "not_applied": ("did not apply", "didn't apply"),
}


def columns(rows, draw, kept):
    """The columns that a status is kept in; `kept` is one of KEPT."""
    if kept in ("words", "strange"):
        header = draw.among(words.HEADERS) if kept == "words" else draw.one(words.STRANGE_HEADERS)
        return [_words(rows, draw, header)]
    if kept == "stages":
        return stages.columns(rows, draw)
    if kept == "both":
        return _both(rows, draw)
    if kept == "notes":
        return [_notes(rows, draw)]
    return []


def _words(rows, draw, header):
    cells = [words.written(row, header, draw) for row in rows]
    filled = "Applied" if draw.chance(0.04) else ""
    group = "Interview" if words.about_interviews(header) else "Application"
    return Column(header, cells, group, "Status", filled=filled, field="status")


def _both(rows, draw):
    """A column `Applied` of ticks beside a status in words, which is blank until there is news."""
    tick, header = (
        draw.one([(True, False), ("x", ""), ("✓", "")]),
        draw.one(["Applied", "Applied?"]),
    )
    ticks, cells, word = [], [], draw.among(words.HEADERS)
    for row in rows:
        ticks.append(tick[row.standing == "not_applied"])
        if row.standing in ("applied", "not_applied"):
            row.truth.statuses = frozenset({row.standing})
            cells.append("")
        else:
            cells.append(words.written(row, word, draw))
    filled = False if tick[1] is False else ""
    group = "Interview" if words.about_interviews(word) else "Application"
    return [
        Column(header, ticks, "Application", header, filled=filled, field="status"),
        Column(word, cells, group, "Status", field="status"),
    ]


def _notes(rows, draw):
    cells = []
    for row in rows:
        text = draw.one(IN_NOTES[row.standing])
        if ("{i}" in text and not row.invited_on) or ("{v}" in text and not row.interview_on):
            text = "on hold" if row.standing == "on_hold" else text.split(" {")[0]
        when = {"i": row.invited_on, "v": row.interview_on, "e": row.ended_on}
        row.truth.statuses = words.meaning(row.standing, text)
        if "{v}" in text:
            row.truth.interview_date = row.interview_on
        cells.append(text.format(**{k: days.short(day) if day else "" for k, day in when.items()}))
    return Column(draw.one(["Notes", "Comments", "Remarks"]), cells, field="status")


def by_sections(rows):
    """What the title of its section says of each row."""
    for row in rows:
        row.truth.statuses = words.meaning(row.standing, "")
