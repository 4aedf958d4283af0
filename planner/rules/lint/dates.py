"""The interview: a date that a letter says, and the recorded one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from planner.rules.calendar import SEASON_TURNS_IN
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.lint.part import Hit, Part

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_MONTH = "|".join(f"{name}|{name[:3]}\\.?|{name[:4]}\\.?" for name in MONTHS)
_DAY, _YEAR = r"(\d{1,2})(?:st|nd|rd|th)?", r"(?:,? (\d{4}))?"
# "November 11, 2026", "Nov 11"; "11 November"; "11/11/2026": by the place of month, day, year.
_DATES = (
    (re.compile(rf"\b({_MONTH}) {_DAY}{_YEAR}\b"), (1, 2, 3)),
    (re.compile(rf"\b{_DAY}(?: of)? ({_MONTH}){_YEAR}(?!\w)"), (2, 1, 3)),
    (re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b"), (1, 2, 3)),
)
_OTHER_DATES = re.compile(
    r"\b(?:posted|score|exam|test|transcript|updated|released|result)\b", re.IGNORECASE
)
# Month, day and year, as written.
_Said = tuple[str, str, str | None]
_SENTENCE_END = re.compile(r"[.!?\n]\s*(?=[A-Z\"'(]|$)")


def wrong_interview_date(page: Page, _: Campaign) -> Iterator[Hit]:
    """A date beside the word interview that is not the recorded one, or one that cannot be."""
    recorded = page.program.interview_date
    if recorded is not None and recorded not in page.case.calendar.interview_days:
        yield Hit(f"{recorded:%B} {recorded.day}, {recorded.year}", "interview_date of the program")
    for part, match, said in _interviews(page):
        if recorded is None or not _same(said, recorded):
            yield part.hit(*match.span())


def interview_outside_season(page: Page, _: Campaign) -> Iterator[Hit]:
    """A date beside the word interview on which no interview of this season can be."""
    for part, match, said in _interviews(page):
        if _meant(said, page) not in page.case.calendar.interview_days:
            yield part.hit(*match.span())


def _interviews(page: Page) -> Iterator[tuple[Part, re.Match[str], _Said]]:
    """Every date of a letter that is said of an interview."""
    for part, (start, end) in (
        (page.head, (0, len(page.head.text))),
        (page.text, page.message_span),
    ):
        for match, said in _dates(part.text, start, end):
            if _about_interview(part.text, match):
                yield part, match, said


def _about_interview(text: str, match: re.Match[str]) -> bool:
    before = _SENTENCE_END.split(text[max(0, match.start() - 300) : match.start()])[-1]
    after = _SENTENCE_END.split(text[match.end() : match.end() + 300])[0]
    near = f"{before} {after}".casefold()
    return "interview" in near and not _OTHER_DATES.search(before[-40:])


def _dates(text: str, start: int, end: int) -> Iterator[tuple[re.Match[str], _Said]]:
    """Every date with its month, day and year, as written."""
    for pattern, (month, day, year) in _DATES:
        for match in pattern.finditer(text, start, end):
            yield match, (match[month], match[day], match[year])


def _same(said: _Said, day: date) -> bool:
    _, number, year = said
    right_year = year in {None, f"{day:%Y}", f"{day:%y}"}
    return right_year and _month(said) == day.month and int(number) == day.day


def _month(said: _Said) -> int:
    """The number of a month; 0 for none."""
    if said[0].isdecimal():
        return int(said[0])
    bare = said[0].rstrip(".")
    return next((n for n, name in enumerate(MONTHS, 1) if name.startswith(bare)), 0)


def _meant(said: _Said, page: Page) -> date | None:
    """The day that a date means: without a year the recorded one, else one of this season."""
    _, number, year = said
    recorded, calendar = page.program.interview_date, page.case.calendar
    if recorded is not None and _same(said, recorded):
        return recorded
    season = calendar.season - (_month(said) >= SEASON_TURNS_IN)
    written = season if year is None else int(year) + (2000 if len(year) == 2 else 0)
    try:
        return date(written, _month(said), int(number))
    except ValueError:
        return None
