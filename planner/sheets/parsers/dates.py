"""Dates as people and spreadsheets write them, with the season that one without a year is of."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from planner.sheets.parsers.cells import ZERO_WIDTH, BadCellError, Noted, is_no, is_yes

EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_SERIALS = range(20_000, 80_000)  # 1954 to 2119
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TURNS_IN = 7  # July: a season is the year in which its Match is, from the July before


class Season(NamedTuple):
    """The season that a list is of, and today."""

    year: int
    today: date

    def place(self, month: int, day: int) -> date:
        """A day without a year, in this season.  Raises ValueError for an impossible one.

        >>> Season(2027, date(2026, 10, 20)).place(1, 8)
        datetime.date(2027, 1, 8)
        """
        return date(self.year - (month >= TURNS_IN), month, day)

    @property
    def first(self) -> date:
        """The first day of the season."""
        return date(self.year - 1, TURNS_IN, 1)


MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_MONTH = rf"(?P<month>{MONTHS})"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4}|'?\d{2})"
# A date at the beginning of a cell, the most exact first.
_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})(?P<sep>[/-])(?P<number>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d/-])",
        r"(?P<number>\d{1,2})(?P<sep>[/-])(?P<day>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})(?![\d/-])",
        r"(?P<number>\d{1,2})/(?P<day>\d{1,2})(?![\d/])",
        rf"{_MONTH}[ -]*{_DAY}(?:,? +|,|-){_YEAR}(?![\d:]|\s*[ap]\.?m)",
        rf"{_DAY}(?: of)?[ -]*{_MONTH}(?:,? +|,|-){_YEAR}(?![\d:]|\s*[ap]\.?m)",
        rf"{_MONTH}[ -]*{_DAY}(?!\d|\s*[ap]\.?m)",
        rf"{_DAY}(?: of)?[ -]*{_MONTH}(?![a-z])",
        r"(?P<year>\d{4})(?P<number>\d\d)(?P<day>\d\d)(?!\d)",
    )
]
_ABBREVIATED = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = re.compile(r"(?:on\s+)?(mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+", re.IGNORECASE)
_CLOCK = (
    r"(?:(?<!\d)\d{1,2}(?::[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)?(?!\d)(?:\s*[ap](?:\.?m)?\b\.?)?"
    r"|noon|midnight)"
)
_ZONE = r"(?:[ECMP][SD]?T|AK[SD]T|HA?ST|UTC|GMT|Z|(?:eastern|central|mountain|pacific)(?:\s+time)?)"
# What may stand behind a date and changes nothing: hours, a zone, a place to meet, a bracket.
_BEHIND = re.compile(
    rf"(?:[\s,;@T]|[-–—](?=\s)|at\b|from\b|by\b|starting\b"
    rf"|{_CLOCK}(?:\s*(?:-|–|—|to|until)\s*{_CLOCK})?(?![\d/])(?:\s*[+-]\d\d:?\d\d)?"
    rf"|{_ZONE}\b|\([^()]*\)|\[[^\][]*\]"
    r"|(?:virtual(?:ly)?|zoom|webex|teams|thalamus|online|in[- ]person|all day|half day|morning"
    r"|afternoon|evening)\b)*",
    re.IGNORECASE,
)
# A bracket may take back what stands before it.
_CHANGED = re.compile(r"reject|declin|withdr|cancel|resched|moved|postpon|\d/\d", re.IGNORECASE)
_SEVERAL = re.compile(
    rf"\s*(?:-|–|—|to|through|thru|until|and|&|\+|or|,|;|/)\s*(?:{MONTHS}\s*)?\d{{1,2}}(?![\d:])",
    re.IGNORECASE,
)
LONGEST = 100  # characters of a date with all that stands around it


@lru_cache(maxsize=20_000)
def day(text: str, season: Season | None = None) -> date | Noted:
    """A date: ISO, US month-first, a named month, or an Excel serial number.

    A time behind it is dropped; without a year it is of the season.  Raises BadCellError for
    anything else, an impossible day such as 2/30 and a range of days included.

    >>> day("Nov 3, 2026 at 9:00 AM EST")
    datetime.date(2026, 11, 3)
    >>> day("1/8", Season(2027, date(2026, 10, 20)))
    datetime.date(2027, 1, 8)
    """
    bare = ZERO_WIDTH.sub("", text).strip()
    if len(bare) > LONGEST:
        raise _no_date()
    if re.fullmatch(r"\d{5}(\.\d+)?", bare) and int(float(bare)) in EXCEL_SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(float(bare)))
    named = _WEEKDAY.match(bare)
    rest = bare[named.end() :] if named else bare
    for pattern in _DATES:
        if found := pattern.match(rest):
            behind = rest[found.end() :]
            if not _BEHIND.fullmatch(behind) or _CHANGED.search(behind):
                _refuse_range(behind)
                continue
            return _checked(_date(found, season), named and named[1])
    raise _no_date()


def _no_date() -> BadCellError:
    return BadCellError(
        "bad_date", "expected a date such as 2026-10-20 or 10/20/2026 (month first)"
    )


def _refuse_range(behind: str) -> None:
    """Raise BadCellError for further days behind a date: which of them counts is not known."""
    if _SEVERAL.match(behind):
        raise BadCellError(
            "several_days", "expected one day; for an interview of several days, its last one"
        )


def _date(found: re.Match[str], season: Season | None) -> date:
    """The date of a match.  Raises BadCellError for one that is not in the calendar."""
    parts = found.groupdict()
    month = (
        _ABBREVIATED.index(parts["month"][:3].casefold()) + 1
        if parts.get("month")
        else int(parts["number"])
    )
    try:
        if parts.get("year"):
            return date(_full_year(parts["year"].lstrip("'")), month, int(parts["day"]))
        if season is not None:
            return season.place(month, int(parts["day"]))
    except ValueError:
        pass
    raise _no_date()


def _checked(found: date, weekday: str | None) -> date | Noted:
    """The date, with a remark where the weekday beside it is another one's."""
    right = WEEKDAYS[found.weekday()]
    if weekday is None or weekday.casefold() == right:
        return found
    return Noted(found, "wrong_weekday", f"{found} is a {found:%A}; is the day wrong, or the year?")


def _full_year(digits: str) -> int:
    """A year of four digits; of two, one from 1969 to 2068, as POSIX has it."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 69 else 1900)


_SAID = re.compile(
    r"(?:yes|sent|e-?mailed|told|contacted|done|on|x|✓|✔|✅|☑)\ufe0f?[\s,:;–-]*(?:on\s+)?(?=\S*\d)",
    re.IGNORECASE,
)


def told_on(text: str, season: Season | None = None) -> date | Noted | None:
    """The date on which they were told, None for no.  Raises BadCellError, for a bare yes too.

    >>> told_on("yes, 10/20/2026")
    datetime.date(2026, 10, 20)
    """
    if is_no(text):
        return None
    if is_yes(text):
        raise BadCellError("date_needed", "expected the date on which you told them, not just yes")
    found = day(_SAID.sub("", text, count=1) if _SAID.match(text) else text, season)
    plain = found.value if isinstance(found, Noted) else found
    if season is not None and plain > season.today:
        return Noted(plain, "told_in_future", "is still to come; they count as told all the same")
    if season is not None and plain < season.first:
        return Noted(
            plain, "before_season", f"is before this season ({season.first}); is it right?"
        )
    return found


def is_date(text: str, season: Season | None = None) -> bool:
    """Whether a cell is a date; without a year it is one, too.

    >>> is_date("10/20"), is_date("Dayton")
    (True, False)
    """
    try:
        day(text, season or Season(2027, date(2026, 7, 1)))
    except BadCellError:
        return False
    return True
