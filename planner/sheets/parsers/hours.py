"""What people write beside a date: a weekday, hours, a zone, a place to meet, a bracket.

These change nothing and can be dropped.  But another day, or a word that takes the date back,
changes it; then the date is not read at all.
"""

from __future__ import annotations

import re

from planner.sheets.parsers.cells import BadCellError, without_accents

MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    # the same in German, Spanish, French and Portuguese, but for what is a word in English
    r"|januar|j[äa]nner|ene(?:ro)?|janv(?:ier)?|janeiro|februar|febrero|f[ée]vr?(?:ier)?|fevereiro"
    r"|m[äa]rz|marzo|mars|mar[çc]o|abril|avril|mayo|maio|agosto|ao[ûu]t|septiembre|septembre"
    r"|setembro|okt(?:ober)?|octubre|octobre|outubro|noviembre|novembre|novembro|dic(?:iembre)?"
    r"|dez(?:ember|embro)?|d[ée]c(?:embre)?)(?![^\W\d_])\.?"
)
# The first letters of months, without accents; the first three are those of the English names.
_MONTH_NUMBERS = {
    **{
        name: at
        for at, name in enumerate(str.split("jan feb mar apr may jun jul aug sep oct nov dec"), 1)
    },
    "ene": 1,
    "fev": 2,
    "abr": 4,
    "avr": 4,
    "mai": 5,
    "ago": 8,
    "aou": 8,
    "set": 9,
    "okt": 10,
    "out": 10,
    "dic": 12,
    "dez": 12,
}


def month_of(name: str) -> int:
    """Return the number of a month.

    >>> month_of("November"), month_of("Okt."), month_of("déc")
    (11, 10, 12)
    """
    return _MONTH_NUMBERS[without_accents(name)[:3].casefold()]


WEEKDAYS = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)(?![a-z])"
)
_TO = r"\s*(?:-|–|—|to|till?|until)\s*"
_BARE = r"(?<!\d)\d{1,2}(?![\d:/])"
# An hour that cannot be a day: "8:30", "8 am", "8h30".
_SURE = (
    r"(?:(?<!\d)\d{1,2}(?:[:h][0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?!\d)(?:\s*[ap](?:\.?m)?\b\.?)?"
    r"|\s*[ap](?:\.?m)?\b\.?)|noon|midnight)"
)
_ANY = rf"(?:{_SURE}|{_BARE})"
# "0800", "0800-1500": after a date with its year, four digits can only be an hour.
_MILITARY = r"(?<=[\s,])(?:[01]\d|2[0-3])[0-5]\d(?:\s*[-–—]\s*(?:[01]\d|2[0-3])[0-5]\d)?(?:\s*h(?:rs?|ours)?\b)?"
_HOURS = (
    rf"(?:{_SURE}(?:{_TO}{_ANY})?|{_BARE}{_TO}{_SURE}|(?:at|from|@|T)\s*{_ANY}(?:{_TO}{_ANY})?)"
    r"(?:\s*[+-]\d\d:?\d\d)?"
)
_ZONE = (
    r"(?:(?:[ECMP][SD]?T|AK[SD]T|HA?ST|UTC|GMT)(?:\s*[+-]\d{1,2}(?::?\d\d)?)?|Z"
    r"|(?:eastern|central|mountain|pacific|alaska|hawaii)(?:\s+(?:standard|daylight))?(?:\s+time)?"
    r"|(?:America|US|Europe|Asia)/\w+|local(?:\s+time)?|their\s+time|my\s+time)(?!\w)"
)
_PLACE = (
    r"(?:virtual(?:ly)?|zoom|webex|teams|thalamus|online|in[- ]person|all day|half day|morning"
    r"|afternoon|evening|[ap]m|session|slot)\b"
)
_BLANK = rf"(?:[\s,;.✓✔✅☑\ufe0f]|[-–—:](?=\s)|/\s*(?={_SURE})|(?:by|via|starting|on)\b)"
_AROUND = rf"{_BLANK}|{WEEKDAYS}|{_HOURS}|{_ZONE}|(?<=[\s,(\[]){_BARE}{_TO}{_BARE}|{_PLACE}"
# In brackets, a word such as R, WL or dinner may change everything, so that the cell is looked at.
_BRACKET = rf"[(\[](?:{_AROUND}|(?:done|completed|attended|went|confirmed|interview|iv|link|in|the|room|meeting)\b|[)\]][(\[])*[)\]]"
_BESIDE = re.compile(rf"(?:{_AROUND}|{_BRACKET})*", re.IGNORECASE)
_AT_HOURS = re.compile(rf"[\s,]*{_MILITARY}(?:\s*{_ZONE})?\s*", re.IGNORECASE)
# Words that take back the date before them.
_CHANGED = re.compile(
    r"reject|declin|withdr|cancel|resched|moved|postpon|\d/\d|tent?ative|\bt\.?b\.?[acd]\b|\bnot\b"
    r"|n't\b|unconfirmed|pending|no[- ]?show|missed|called off|turned down|instead|\?",
    re.IGNORECASE,
)
_NEXT = (
    rf"\s*[(\[]?\s*(?:[-=]*>|[→⇒➔➜»]|-|–|—|to|through|thru|until|and|&|\+|or|,|;|/)\s*(?:{MONTHS}\s*)?"
    r"(?:\d{4}[-/]\d|\d{1,2}(?![\d:]|\s*[ap]\.?m))"
)
_ANOTHER_DAY = re.compile(_NEXT, re.IGNORECASE)
# After a year, "8-4" means 8 to 4 o'clock; without a year, it may be more days.
_ANOTHER_BEHIND_A_YEAR = re.compile(rf"{_NEXT}(?!{_TO}\d)", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b({WEEKDAYS})", re.IGNORECASE)


def changes_nothing(text: str, *, dated: bool) -> bool:
    """Whether the text after a date can be dropped; `dated`: the date has its year.

    >>> changes_nothing(" 8am-4pm EST (Zoom)", dated=False), changes_nothing(" - 4", dated=True)
    (True, False)
    """
    another = _ANOTHER_BEHIND_A_YEAR if dated else _ANOTHER_DAY
    if dated and _AT_HOURS.fullmatch(text):
        return True
    return (
        _BESIDE.fullmatch(text) is not None
        and _CHANGED.search(text) is None
        and another.match(text) is None
    )


def refuse_another_day(text: str) -> None:
    """Raise BadCellError if more days follow a date, since we do not know which one counts."""
    if _ANOTHER_DAY.match(text):
        raise BadCellError(
            "several_days", "expected one day; for an interview of several days, its last one"
        )


def weekdays_in(text: str) -> list[str]:
    """Return the weekdays that a text names.

    >>> weekdays_in(" (Monday), 9:00")
    ['Monday']
    """
    return _WEEKDAY.findall(text)
