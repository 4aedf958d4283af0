"""Parses dates as people and spreadsheets write them; without a year, they are in the season."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from planner.rules.calendar import SEASON_TURNS_IN, Days
from planner.rules.facts import Match
from planner.rules.visible import without_unseen
from planner.sheets.parsers import hours
from planner.sheets.parsers.cells import BadCellError, Noted, fold_word, is_no, is_yes, remarked

if TYPE_CHECKING:
    from planner.rules.situation import Situation

EXCEL_EPOCH = date(1899, 12, 30)
MAC_EPOCH = date(1904, 1, 1)  # for workbooks that count from 1904
EXCEL_SERIALS = range(20_000, 80_000)  # 1954 to 2119
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Season(NamedTuple):
    """The season of a list, and today.

    `year` is that of the Match; `interviews` has the days of possible interviews for each
    match; `epoch` is day 0 of a workbook's numbers for dates.
    """

    year: int
    today: date
    interviews: tuple[tuple[Match, Days], ...] = ()
    epoch: date = EXCEL_EPOCH

    def place(self, month: int, day: int) -> date:
        """Put a day without a year into this season.  Raises ValueError for an impossible day.

        >>> Season(2027, date(2026, 10, 20)).place(1, 8)
        datetime.date(2027, 1, 8)
        """
        return date(self.year - (month >= SEASON_TURNS_IN), month, day)

    def interview_days(self, match: Match | None) -> Days | None:
        """Return when a match can have interviews; for None, when any match can."""
        spans = [days for named, days in self.interviews if match in {named, None}]
        if not spans:
            return None
        return Days(min(days.first for days in spans), max(days.last for days in spans))

    @property
    def first(self) -> date:
        """The first day of the season."""
        return date(self.year - 1, SEASON_TURNS_IN, 1)


_MONTH = rf"(?P<month>{hours.MONTHS})"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.(?= ?[^\W\d]))?", r"(?P<year>\d{4}|'?\d{2})"
# Patterns of a date at the beginning of a cell, the most exact first.
_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})(?P<sep>[/.-])(?P<number>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d/-])",
        r"(?P<number>\d{1,2})(?P<sep>[/-])(?P<day>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})(?![\d/-])",
        r"(?P<number>\d{1,2})/(?P<day>\d{1,2})(?![\d/])",
        r"(?P<number>\d{1,2})-(?P<day>\d{1,2})(?![\d/-])",
        rf"{_MONTH}[ -]*{_DAY}(?:,? +|,|(?<=-\d\d)-|(?<=-\d)-){_YEAR}(?![\d:]|\s*[ap]\.?m)",
        rf"{_DAY}(?: of| de)?[ -]*{_MONTH}(?:,? +|,|-| de ){_YEAR}(?![\d:]|\s*[ap]\.?m)",
        rf"{_MONTH}[ -]*{_DAY}(?!\d|\s*[ap]\.?m)",
        rf"{_DAY}(?: of| de)?[ -]*{_MONTH}(?![a-z])",
        r"(?P<year>\d{4})(?P<number>\d\d)(?P<day>\d\d)(?!\d)",
    )
]
# As German and French lists have them: with dots, the day stands first.
_DOTTED = re.compile(
    r"(?P<day>\d{1,2})\. ?(?P<number>\d{1,2})\.(?: ?(?P<year>\d{4}|\d{2}))?(?![\d.])"
)
# A date in the middle of a text.
ANYWHERE = re.compile(
    rf"\b(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[/-]\d{{1,2}}(?:[/-]\d{{2,4}})?"
    rf"|\d{{1,2}}\. ?\d{{1,2}}\.(?: ?(?:\d{{4}}|\d{{2}}))?"
    rf"|{hours.MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?{hours.MONTHS}(?:,?\s+\d{{4}})?)(?!\w)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"[✓✔✅☑\ufe0f\s]*(?:(?:on\s+)?({hours.WEEKDAYS}|(?:mo|tu|we|th|fr|sa|su)(?![a-z]))[,.]*\s*|on\s+)?",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"\(([^()]*)\)|\[([^\][]*)\]")
LONGEST = 100  # characters of a date with everything around it


@lru_cache(maxsize=20_000)
def parse_date(text: str, season: Season | None = None) -> date | Noted:
    """Parse a date: ISO, US month-first, with a named month, or an Excel serial number.

    A time after it is dropped; without a year, it is in the season.  A wrong weekday is
    remarked on.  Raises BadCellError for anything else, including an impossible day such as
    2/30 and a range of days.

    >>> parse_date("Nov 3, 2026 at 9:00 AM EST")
    datetime.date(2026, 11, 3)
    >>> parse_date("1/8", Season(2027, date(2026, 10, 20)))
    datetime.date(2027, 1, 8)
    """
    bare = without_unseen(text).strip()
    if len(bare) > LONGEST:
        raise _no_date()
    if re.fullmatch(r"\d{5}(\.\d+)?", bare) and int(float(bare)) in EXCEL_SERIALS:
        epoch = season.epoch if season is not None else EXCEL_EPOCH
        return epoch + timedelta(days=int(float(bare)))
    if wrapped := _WRAPPED.fullmatch(bare):
        bare = (wrapped[1] or wrapped[2] or "").strip()
    before = _BEFORE.match(bare)
    rest = bare[before.end() :] if before else bare
    for pattern in (*_DATES, _DOTTED):
        if found := pattern.match(rest):
            behind = rest[found.end() :]
            year = found.groupdict().get("year")
            if not hours.changes_nothing(behind, dated=year is not None):
                hours.refuse_another_day(behind)
                continue
            if year and _may_be_a_day(found, season):
                hours.refuse_another_day(f",{year}")
            weekdays = [before[1]] if before and before[1] else hours.weekdays_in(behind)
            return _checked(_date(found, season), weekdays)
    raise _no_date()


def _no_date() -> BadCellError:
    return BadCellError(
        "bad_date", "expected a date such as 2026-10-20 or 10/20/2026 (month first)"
    )


def _may_be_a_day(found: re.Match[str], season: Season | None) -> bool:
    """Whether a two-digit year after "Nov 3," may be another day of an interview instead."""
    parts = found.groupdict()
    month_first = bool(parts.get("month")) and found.end("month") <= found.start("day")
    if season is None or not month_first or len(parts["year"]) > 2:
        return False
    month = hours.month_of(parts["month"])
    in_season = season.place(month, 1).year % 100
    return int(parts["day"]) < int(parts["year"]) <= 31 and int(parts["year"]) != in_season


def _date(found: re.Match[str], season: Season | None) -> date:
    """Return the date of a match.  Raises BadCellError if the calendar does not have it."""
    parts = found.groupdict()
    month = hours.month_of(parts["month"]) if parts.get("month") else int(parts["number"])
    try:
        if parts.get("year"):
            return date(_full_year(parts["year"].lstrip("'")), month, int(parts["day"]))
        if season is not None:
            return season.place(month, int(parts["day"]))
    except ValueError:
        pass
    raise _no_date()


def _checked(found: date, weekdays: list[str]) -> date | Noted:
    """Return the date, with a remark if a weekday beside it is wrong."""
    wrong = [day for word in weekdays if (day := _weekday(word)) != found.weekday()]
    if not wrong:
        return found
    other = next(_days_on(wrong[0], found))
    return Noted(
        found,
        "wrong_weekday",
        f"{found} is a {found:%A}, and {other:%A} may mean {other}; taken as {found}. If that is"
        " wrong, correct the cell",
    )


def _weekday(word: str) -> int:
    return next(at for at, day in enumerate(WEEKDAYS) if day.startswith(word[:3].casefold()))


def _days_on(weekday: int, found: date) -> Iterator[date]:
    """Yield other days that a weekday may mean: with month and day swapped, or the nearest."""
    if found.day <= 12 and found.day != found.month:
        swapped = date(found.year, found.day, found.month)
        if swapped.weekday() == weekday:
            yield swapped
    ahead = (weekday - found.weekday()) % 7
    yield found + timedelta(days=ahead if ahead <= 3 else ahead - 7)


def _full_year(digits: str) -> int:
    """Return a year in four digits; two digits mean 1969 to 2068, as in POSIX."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 69 else 1900)


_SAID = re.compile(
    r"(?:yes|ja|sí|sent|e-?mailed|told|contacted|done|on|x|✓|✔|✅|☑)\ufe0f?[\s,:;–-]*(?:on\s+)?(?=\S*\d)",
    re.IGNORECASE,
)


# A cell that says when, in a sentence: "Yes (by phone, Nov 19)"; unless it says not yet.
_NOT_TOLD = re.compile(
    r"\b(?:not|no|never|(?:is|was|did|do|does|has|have|had|are|were|wo|ca|could|would|should)n['’]?t|will|would|need|plan|should|must|to ?do|to be|maybe|draft|before"
    r"|after|until|if|when|unless|tomorrow|next|they|he|she|me|asap|soon|waiting|remind)\b|\?",
    re.IGNORECASE,
)


def _told(text: str, season: Season | None) -> date | Noted:
    """Return the date of a cell, or the first one in its words.  Raises BadCellError."""
    try:
        return parse_date(text, season)
    except BadCellError as bad:
        said = [match[0] for match in ANYWHERE.finditer(text)]
        if bad.code == "several_days" or _NOT_TOLD.search(text):
            raise
        if not said and _is_told_undated(text):
            raise _date_needed() from None
        if not said:
            raise
        day = parse_date(said[0], season)
        plain = day.value if isinstance(day, Noted) else day
        return Noted(plain, "told_read", f"taken as told on {plain}")


_TOLD_WORDS = frozenset(
    str.split(
        "told sent done emailed mailed contacted informed notified called messaged"
        " mailed intimated conveyed communicated shared pinged texted"
        " gesagt gemeldet gemailt informiert mitgeteilt benachrichtigt geschickt gesendet"
        " schon bereits ihnen avisado enviado informado notificado ya les"
    )
)


def _is_told_undated(text: str) -> bool:
    """Whether a cell without a date says that they were told: "yes, by phone", "sent"."""
    remark = remarked(text)
    words = fold_word(text).split()
    return bool(remark and remark[0]) or set(words) <= {*_TOLD_WORDS, "already", "them"}


def _date_needed() -> BadCellError:
    return BadCellError(
        "date_needed",
        "expected the date on which you told them, not just yes. If you no longer know it, type"
        " today's: they count as told, and no letter is written to them",
    )


# Cells that say that they have not been told, folded as `fold_word` does.
_UNTOLD = re.compile(
    r"(?:no |nope |nein )?(?:not|never|not (?:yet|so far|told|sent|done|e ?mailed|contacted|now)"
    r"|not yet(?: (?:told|sent|done|e ?mailed|contacted))?|none yet|no one yet|nothing yet|nobody"
    r"|havent(?: yet)?|have not(?: yet)?|didnt|did not|unsent|to ?do|todo later|later|soon|tomorrow|next week"
    r"|maybe later|planned|pending|(?:i )?(?:will|need to|have to|must|should|want to|plan to|planning to|going to"
    r"|gotta|to|remember to)(?: (?:do|send|tell|e ?mail|write|contact|them|him|her|pd|pc|it|this|soon|later|update))*"
    r"|(?:in progress )?draft(?:ed|ing)?|in progress draft(?:ed|ing)?|draft in progress|writing(?: it)?"
    r"|waiting(?: (?:for|on) (?:my )?(?:score|ck|step 2|results?))?|once (?:score|ck|it) is (?:out|in|back)"
    r"|when (?:score|ck|it) is (?:out|in|back)|noch nicht|nicht|sp(?:a|ae| )?ter|muss noch|a(?:u|ú| )?n no|todav(?:i| )?a no|no)"
)


def _is_untold(text: str) -> bool:
    """Whether a cell plainly says that they have not been told.

    >>> _is_untold("Not yet!"), _is_untold("in progress (draft)"), _is_untold("in progress")
    (True, True, False)
    """
    if is_no(text) or _UNTOLD.fullmatch(fold_word(text)):
        return True
    remark = remarked(text)
    return bool(remark and not remark[0] and _UNTOLD.fullmatch(fold_word(remark[1])))


def parse_told_on(text: str, season: Season | None = None) -> date | Noted | None:
    """Parse the date when they were told; None for no.  Raises BadCellError even for a bare yes.

    >>> parse_told_on("yes, 10/20/2026")
    datetime.date(2026, 10, 20)
    """
    if _is_untold(text):
        return None
    if is_yes(text):
        raise _date_needed()
    found = _told(_SAID.sub("", text, count=1) if _SAID.match(text) else text, season)
    plain = found.value if isinstance(found, Noted) else found
    if season is not None and plain > season.today:
        return Noted(
            plain,
            "told_in_future",
            f"{plain} is in the future; they count as told, and no letter is written to them. If"
            " that is wrong, type the right date, or leave the cell empty",
        )
    if season is not None and plain < season.first:
        return Noted(
            plain,
            "before_season",
            f"{plain} is before this season, which begins on {season.first}; if it is from an"
            " earlier one, leave the cell empty",
        )
    return found


def season_of(situation: Situation) -> Season:
    """Return the season of a list that is imported now."""
    calendars = situation.calendars.items()
    spans = tuple((match, calendar.interview_days) for match, calendar in calendars)
    return Season(situation.season, situation.today, spans)


def outside_season(day: date, interviews: Days | None) -> str:
    """Say what is wrong with an interview date outside the season; "" if it is inside.

    >>> outside_season(date(2022, 11, 2), Days(date(2026, 9, 23), date(2027, 3, 3)))[:38]
    '2022-11-02 is outside this season (int'
    >>> outside_season(date(2026, 8, 12), Days(date(2026, 9, 23), date(2027, 3, 3)))[:73]
    '2026-08-12 is August 12, before applications open on 2026-09-23: is it De'
    """
    if interviews is None or day in interviews:
        return ""
    if date(interviews.first.year, SEASON_TURNS_IN, 1) <= day < interviews.first:
        turned = _turned(day)
        ask = f": is it {turned:%B} {turned.day}? Type" if turned in interviews else "; type"
        return (
            f"{day} is {day:%B} {day.day}, before applications open on {interviews.first}{ask}"
            " the right date, or leave the cell empty"
        )
    return (
        f"{day} is outside this season (interviews are from {interviews.first} to"
        f" {interviews.last}), and a letter would name it; type the right date, or leave the cell"
        " empty"
    )


def _turned(day: date) -> date | None:
    """Return the day with the month and the day of the month swapped; None if there is none."""
    try:
        return day.replace(month=day.day, day=day.month)
    except ValueError:
        return None


def is_told(text: str) -> bool:
    """Whether a cell says when the applicant told a program, or that they did not.

    >>> is_told("emailed PD 11/20"), is_told("phone")
    (True, False)
    """
    try:
        parse_told_on(text, _ANY_SEASON)
    except BadCellError:
        return False
    return True


_ANY_SEASON = Season(2027, date(2026, 7, 1))


_RANGE = re.compile(r"\s*\d{1,2}-\d{1,2}\s*")
_IN_NUMBERS = re.compile(
    r"\s*(\d{1,2})[/-](\d{1,2})(?:[/-](?:\d{4}|\d{2}))?(?![\d/-]).*", re.DOTALL
)


def day_first(texts: Iterable[str]) -> str:
    """Return a date that cannot be month-first, if none of them must be; else "".

    >>> day_first(["05/09/2026", "24/09/2026"]), day_first(["24/09/2026", "9/25/2026"])
    ('24/09/2026', '')
    """
    pairs = _not_month_first(texts)
    return next((text for text, month, day in pairs if month > 12 >= day), "")


def both_ways(texts: Iterable[str]) -> str:
    """Return a date that may be month-first or day-first, if none must be the first; else "".

    >>> both_ways(["5/11/2026"]), both_ways(["5/5/2026"]), both_ways(["5/11/2026", "9/25/2026"])
    ('5/11/2026', '', '')
    """
    pairs = _not_month_first(texts)
    return next((text for text, month, day in pairs if month != day and max(month, day) <= 12), "")


def all_day_first(texts: Iterable[str]) -> bool:
    """Whether dates in numbers can all have the day first, and there is one.

    >>> all_day_first(["5/11/2026", ""]), all_day_first(["5/11/2026", "9/25/2026"])
    (True, False)
    """
    return bool(_not_month_first(texts))


def _not_month_first(texts: Iterable[str]) -> list[tuple[str, int, int]]:
    """Return dates in numbers with both numbers; none if one of them must be month-first."""
    pairs = [(m[0], int(m[1]), int(m[2])) for text in texts if (m := _IN_NUMBERS.match(text))]
    return [] if any(day > 12 >= month for _, month, day in pairs) else pairs


_TWO_NUMBERS = re.compile(r"(?<![\d/-])(\d{1,2})([/-])(\d{1,2})(?!\d)")


def month_first(text: str) -> str:
    """Put the month in front of the day in each date that is written in numbers.

    Raises BadCellError if one has no such month.

    >>> month_first("23/10/2026 10:00"), month_first("2026-10-23")
    ('10/23/2026 10:00', '2026-10-23')
    """
    if any(int(found[3]) > 12 for found in _TWO_NUMBERS.finditer(text)):
        raise _no_day_first()
    return _TWO_NUMBERS.sub(r"\3\2\1", text)


@contextmanager
def day_in_front() -> Iterator[None]:
    """Say of a cell that is no date that the day was expected in front of the month."""
    try:
        yield
    except BadCellError as bad:
        raise (_no_day_first() if bad.code == "bad_date" else bad) from None


def _no_day_first() -> BadCellError:
    return BadCellError("bad_date", "expected a date such as 2026-10-20 or 20/10/2026 (day first)")


def is_date(text: str, season: Season | None = None) -> bool:
    """Whether a cell is a date, with or without a year.

    >>> is_date("10/20"), is_date("Dayton")
    (True, False)
    >>> is_date("8-10")  # which may be a range, where the header does not speak of a day
    False
    """
    if _RANGE.fullmatch(text):
        return False
    try:
        parse_date(text, season or _ANY_SEASON)
    except BadCellError:
        return False
    return True
