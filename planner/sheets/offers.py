"""What a row has in the wrong place, where it does not count; offered, never taken."""

from __future__ import annotations

import re

from planner.rules.facts import Status
from planner.sheets.parsers import dates
from planner.sheets.parsers.cells import BadCellError, Noted
from planner.sheets.parsers.dates import Season
from planner.sheets.parsers.status import DATE
from planner.sheets.records import Record

_SEEN = frozenset({Status.INVITED, Status.INTERVIEWED})
_BEFORE = re.compile(
    r"\W*(?:(?:ivs?|int|interview(?:ed)?|zoom|virtual|on|date|was|is|set|for)\b\W*)*", re.IGNORECASE
)


def offer_day(record: Record, season: Season) -> None:
    """Remark on notes that begin with a date, if the date of an interview is missing."""
    values = record.values
    notes = values.get("notes", "")
    if not notes or values.get("interview_date") or values.get("status") not in _SEEN:
        return
    begins = _BEFORE.match(notes)
    found = DATE.match(notes, begins.end() if begins else 0)
    if found is None or len(set(DATE.findall(notes))) > 1:
        return
    try:
        day = dates.parse_date(found[0], season)
    except BadCellError:
        return
    said = day.value if isinstance(day, Noted) else day
    message = f"is this the day of the interview? No column gives it (interview_date={said})"
    record.warn("notes", notes, "day_in_notes", message)
