"""Dates as people and spreadsheets write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from planner.sheets.parsers.cells import NO, YES, ZERO_WIDTH, BadCellError

EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_YEAR_FIRST = re.compile(r"(\d{4})([/-])(\d{1,2})\2(\d{1,2})")
_MONTH_FIRST = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})")
NAMED_MONTH = (
    "%B %d %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%b-%d-%Y",
)
# Compiled where they are used: most cells that are no plain date are none at all.
_TIME = (
    r"[T ,]+\d{1,2}(:[0-5]\d(:[0-5]\d(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?| ?[AaPp]\.?[Mm]\.?)"
    r"( ?(Z|[+-]\d\d:?\d\d))?$"
)
_WEEKDAY = r"(?i)^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]? +"
_ORDINAL = r"(?i)(?<=\d)(st|nd|rd|th)\b"


@lru_cache(maxsize=20_000)
def day(text: str) -> date:
    """A date: ISO, US month-first, a named month, or an Excel serial number.

    A time behind it is dropped.  Raises BadCellError for anything else, an impossible
    day such as 2/30 included.
    """
    bare = re.sub(_TIME, "", re.sub(_WEEKDAY, "", ZERO_WIDTH.sub("", text)))
    if re.fullmatch(r"\d{5}(\.\d+)?", bare) and int(float(bare)) in EXCEL_SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(float(bare)))
    try:
        if numbers := _MONTH_FIRST.fullmatch(bare):
            return date(_full_year(numbers[4]), int(numbers[1]), int(numbers[3]))
        if numbers := _YEAR_FIRST.fullmatch(bare):
            return date(int(numbers[1]), int(numbers[3]), int(numbers[4]))
        return date.fromisoformat(bare)
    except ValueError:
        pass
    words = " ".join(re.sub(_ORDINAL, "", bare).replace(",", " ").replace(".", " ").split())
    words = re.sub(r"\bsept\b", "Sep", words, flags=re.IGNORECASE)
    for pattern in NAMED_MONTH:
        if found := _parsed(words, pattern):
            return found
    raise BadCellError("bad_date", "expected a date such as 2026-10-20 or 10/20/2026 (month first)")


def _full_year(digits: str) -> int:
    """A year of four digits; of two, one from 1969 to 2068, as POSIX has it."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 69 else 1900)


def _parsed(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None


def told_on(text: str) -> date | None:
    """The date on which they were told, None for no.  Raises BadCellError, for a bare yes too."""
    if text.casefold() in NO:
        return None
    if text.casefold() in YES:
        raise BadCellError("date_needed", "expected the date on which you told them, not just yes")
    return day(text)
