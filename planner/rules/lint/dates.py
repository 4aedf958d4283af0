"""The interview: a date that a letter says, and the recorded one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.lint.part import Hit

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
_SENTENCE_END = re.compile(r"[.!?\n]\s*(?=[A-Z\"'(]|$)")


def wrong_interview_date(page: Page, _: Campaign) -> Iterator[Hit]:
    """A date beside the word interview that is not the recorded one, or one that cannot be."""
    day, calendar = page.program.interview_date, page.case.calendar
    if day is not None and not _possible(
        day, calendar.applications_open.date(), calendar.last_list_day
    ):
        yield Hit(f"{day:%B} {day.day}, {day.year}", "interview_date of the program")
    body = (page.text, page.message_span)
    for part, (start, end) in ((page.head, (0, len(page.head.text))), body):
        for match, said in _dates(part.text, start, end):
            if _about_interview(part.text, match) and (day is None or not _same(said, day)):
                yield part.hit(*match.span())


def _possible(day: date, opens: date, closes: date) -> bool:
    """Whether an interview of this season can be on a day: from a month before it opens."""
    return opens - timedelta(days=31) <= day <= closes


def _about_interview(text: str, match: re.Match[str]) -> bool:
    before = _SENTENCE_END.split(text[max(0, match.start() - 300) : match.start()])[-1]
    after = _SENTENCE_END.split(text[match.end() : match.end() + 300])[0]
    near = f"{before} {after}".casefold()
    return "interview" in near and not _OTHER_DATES.search(before[-40:])


def _dates(
    text: str, start: int, end: int
) -> Iterator[tuple[re.Match[str], tuple[str, str, str | None]]]:
    """Every date with its month, day and year, as written."""
    for pattern, (month, day, year) in _DATES:
        for match in pattern.finditer(text, start, end):
            yield match, (match[month], match[day], match[year])


def _same(said: tuple[str, str, str | None], day: date) -> bool:
    month, number, year = said
    if month.isdecimal():
        right_month = int(month) == day.month
    else:
        right_month = MONTHS[day.month - 1].startswith(month.rstrip("."))
    return right_month and int(number) == day.day and year in {None, f"{day:%Y}", f"{day:%y}"}
