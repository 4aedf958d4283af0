"""The dates of a season that an applicant would put into a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from planner.rules.calendar import MatchCalendar, eastern, opening
from planner.rules.facts import Match
from planner.rules.situation import Situation

DRAFTS = "drafts-unread"
MATCH_NAMES = {Match.NRMP: "NRMP", Match.SAU: "urology (SAU)", Match.SFMATCH: "SF Match"}


class SeasonDate(NamedTuple):
    """One entry; `key` stays the same when it moves, so that a calendar moves it, too.

    A `start` at midnight means the whole day; `end` is when a span of time is over.
    """

    key: str
    start: datetime
    title: str
    text: str = ""
    end: datetime | None = None

    def is_ahead(self, now: datetime) -> bool:
        """Whether it is in the future or going on; a whole day lasts until its end."""
        return now < (self.end or self.start + self.length)

    @property
    def is_whole_day(self) -> bool:
        """Whether it has a day, but no time."""
        return (self.start.hour, self.start.minute) == (0, 0)

    @property
    def length(self) -> timedelta:
        """How long it lasts if it has no end."""
        return timedelta(days=1) if self.is_whole_day else timedelta(hours=1)


class Deadline(NamedTuple):
    """A day after which a mail provider changes what it allows."""

    key: str
    day: date
    title: str
    text: str


class Unread(NamedTuple):
    """Drafts that nobody has read, and when letters can leave next."""

    drafts: int
    opens: datetime


def season_dates(
    situation: Situation,
    matches: Iterable[Match],
    *,
    unread: Unread,
    deadlines: Iterable[Deadline],
) -> list[SeasonDate]:
    """Return all dates of the season in order, including past ones."""
    found = [
        *(entry for match in matches for entry in _of_match(situation, match)),
        *_of_applicant(situation),
        *_of_drafts(unread),
        *(SeasonDate(f"mailbox-{d.key}", opening(d.day), d.title, d.text) for d in deadlines),
    ]
    return sorted(found, key=lambda entry: (entry.start, entry.key))


def _of_match(situation: Situation, match: Match) -> Iterator[SeasonDate]:
    calendar = situation.calendars.get(match)
    if calendar is None:
        return
    name = MATCH_NAMES[match]
    checked = (
        "From your config."
        if calendar.source == "your config"
        else "Unconfirmed: inferred from earlier years. Check it where the match publishes its dates."
    )
    for key, title in (
        ("applications_open", "programs see applications; letters help most from now on"),
        ("late_from", "late phase: write to programs that interviewed you or have you on hold"),
        (
            "pre_rank_from",
            "programs rank now: write only to those that interviewed you and look at Step 2 CK",
        ),
    ):
        entry = f"{match}-{calendar.season}-{key}"
        yield SeasonDate(entry, getattr(calendar, key), f"{name}: {title}", checked)
    yield _lists_final(calendar, name, checked)
    yield SeasonDate(
        f"{match}-{calendar.season}-results",
        calendar.results_from,
        f"{name}: results come out; do not contact programs",
        checked,
        calendar.results_until,
    )


def _lists_final(calendar: MatchCalendar, name: str, checked: str) -> SeasonDate:
    """Return the last day, if the lists close at its end; else the moment."""
    closes = calendar.lists_final
    whole = (closes.hour, closes.minute) == (0, 0)
    start = opening(calendar.last_list_day) if whole else closes
    title = f"{name}: rank lists are final; no letters after this"
    return SeasonDate(f"{calendar.match}-{calendar.season}-lists_final", start, title, checked)


def _of_applicant(situation: Situation) -> Iterator[SeasonDate]:
    step2 = situation.applicant.step2
    if step2.pending and step2.expected_on:
        text = "Then put it into config.toml, and re-send your transcript."
        yield SeasonDate(
            "step2-score", opening(step2.expected_on), "Step 2 CK score expected", text
        )
    elif step2.released_on:
        yield SeasonDate("step2-score", opening(step2.released_on), "Step 2 CK score released")
    if day := situation.interviews_finished_on:
        title = "Your interviews are over: write only to programs that interviewed you and look at Step 2 CK"
        yield SeasonDate("interviews-finished", opening(day), title, "From your config.")


def _of_drafts(unread: Unread) -> Iterator[SeasonDate]:
    if unread.drafts:
        one = unread.drafts == 1
        title = f"{unread.drafts} {'draft' if one else 'drafts'} still to read"
        text = "Only what you have read and approved can be sent."
        yield SeasonDate(DRAFTS, opening(eastern(unread.opens).date()), title, text)
