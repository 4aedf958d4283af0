"""The calendar of each match, and the phase of a program at a moment.

All moments are US Eastern time, as the matches publish them.  A bare date that
opens something means 00:00, one that closes something the end of that day.
The dates of 2027 are inferred from the pattern of earlier years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planner.rules.facts import Match, Phase

EASTERN = ZoneInfo("America/New_York")
DEFAULT_SEASON = 2027
SEASON_TURNS_IN = 7  # July: a season is the year in which its Match is, from the July before

OPENING_KEYS = (
    "applications_open",
    "late_from",
    "pre_rank_from",
    "pending_from",
    "results_from",
)
CLOSING_KEYS = ("lists_final", "results_until")
KEYS = (*OPENING_KEYS, *CLOSING_KEYS)

# Usefulness of a letter by month, 0 to 100; any month that is not here has 0.
USEFULNESS = {9: 80, 10: 100, 11: 70, 12: 60, 1: 40, 2: 30}
PEAK_FROM = 50

SHIPPED: dict[tuple[int, Match], dict[str, date | datetime]] = {
    (2027, Match.NRMP): {
        "applications_open": date(2026, 9, 23),
        "late_from": date(2026, 12, 1),
        "pre_rank_from": date(2027, 2, 1),
        "pending_from": date(2027, 1, 1),
        "lists_final": datetime(2027, 3, 3, 21, 0, tzinfo=EASTERN),
        "results_from": datetime(2027, 3, 15, 10, 0, tzinfo=EASTERN),
        "results_until": datetime(2027, 3, 19, 12, 0, tzinfo=EASTERN),
    },
    (2027, Match.SAU): {
        "applications_open": date(2026, 9, 23),
        "late_from": date(2026, 11, 1),
        "pre_rank_from": date(2026, 12, 1),
        "pending_from": date(2026, 12, 1),
        "lists_final": date(2027, 1, 8),
        "results_from": date(2027, 2, 1),
        "results_until": date(2027, 2, 1),
    },
    (2027, Match.SFMATCH): {
        "applications_open": date(2026, 9, 1),
        "late_from": date(2026, 11, 1),
        "pre_rank_from": date(2026, 12, 1),
        "pending_from": date(2026, 12, 1),
        "lists_final": date(2027, 1, 4),
        "results_from": date(2027, 2, 2),
        "results_until": date(2027, 2, 2),
    },
}


def eastern(moment: datetime) -> datetime:
    """`moment` in Eastern time; one without a zone is taken as Eastern."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=EASTERN)
    return moment.astimezone(EASTERN)


def noon(day: date) -> datetime:
    """Noon Eastern time of `day`: the moment that a day alone stands for."""
    return datetime.combine(day, time(12), tzinfo=EASTERN)


def opening(value: date | datetime) -> datetime:
    """The moment from which something is open."""
    if isinstance(value, datetime):
        return eastern(value)
    return datetime.combine(value, time(0), tzinfo=EASTERN)


def closing(value: date | datetime) -> datetime:
    """The moment from which something is over; a bare date lasts to its end."""
    if isinstance(value, datetime):
        return eastern(value)
    return datetime.combine(value + timedelta(days=1), time(0), tzinfo=EASTERN)


class Days(NamedTuple):
    """The days from one to another, both included.

    >>> date(2027, 1, 8) in Days(date(2026, 7, 1), date(2027, 3, 3))
    True
    """

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


class MatchCalendar(NamedTuple):
    """The moments of one match in one season, all in Eastern time."""

    match: Match
    season: int
    applications_open: datetime
    late_from: datetime
    pre_rank_from: datetime
    pending_from: datetime
    lists_final: datetime
    results_from: datetime
    results_until: datetime
    source: str = "unconfirmed"

    @property
    def last_list_day(self) -> date:
        """The last day on which lists may still be changed."""
        return (self.lists_final - timedelta(microseconds=1)).date()

    @property
    def interview_days(self) -> Days:
        """When an interview of this season can be: once applications are seen, to the final lists."""
        return Days(self.applications_open.date(), self.last_list_day)

    def with_dates(self, opens: date | None, late_from: date | None) -> MatchCalendar:
        """This calendar with a specialty's own dates; those of another season do not count."""
        season = Days(date(self.season - 1, SEASON_TURNS_IN, 1), self.last_list_day)
        opened, late = (
            min(opening(day), self.pre_rank_from) if day is not None and day in season else None
            for day in (opens, late_from)
        )
        return self._replace(
            applications_open=opened or self.applications_open,
            late_from=late or max(opened or self.late_from, self.late_from),
        )

    def in_results_week(self, now: datetime) -> bool:
        """Whether contact is banned because results are coming out."""
        return self.results_from <= now < self.results_until

    def is_over(self, now: datetime) -> bool:
        """Whether the last result of this season is out."""
        return now >= self.results_until


def build(
    match: Match, season: int, overrides: Mapping[str, date | datetime] | None = None
) -> MatchCalendar:
    """Make the calendar of `match` in `season`, `overrides` over the shipped dates.

    Raises ValueError naming the missing keys where a season is not shipped, and
    where dates are out of order.
    """
    given = dict(overrides or {})
    raw = {**SHIPPED.get((season, match), {}), **given}
    if missing := [key for key in KEYS if key not in raw]:
        raise ValueError(f"season {season} is not shipped; missing: {', '.join(missing)}")
    at = {key: (opening if key in OPENING_KEYS else closing)(raw[key]) for key in KEYS}
    in_order = (
        "applications_open",
        "late_from",
        "pre_rank_from",
        "lists_final",
        "results_from",
        "results_until",
    )
    for earlier, later in pairwise(in_order):
        if at[earlier] > at[later]:
            raise ValueError(f"{later} is before {earlier}")
    return MatchCalendar(
        match=match,
        season=season,
        source="your config" if given.keys() >= set(KEYS) else "unconfirmed",
        **at,
    )


def next_change(calendars: Iterable[MatchCalendar], now: datetime) -> datetime:
    """The next moment at which a decision may change by time alone.

    That is the next Eastern midnight, or a date of a calendar that comes before it.
    """
    now = eastern(now)
    midnight = datetime.combine(now.date() + timedelta(days=1), time(0), tzinfo=EASTERN)
    dates: Iterable[datetime] = (getattr(calendar, key) for calendar in calendars for key in KEYS)
    return min([midnight, *(moment for moment in dates if moment > now)])


def shown(moment: datetime) -> str:
    """A moment as people write it; midnight needs no clock time."""
    if (moment.hour, moment.minute) == (0, 0):
        return moment.date().isoformat()
    return f"{moment:%Y-%m-%d %H:%M} Eastern"


class PhaseOn(NamedTuple):
    """A phase, and the sentence that says why it is this one."""

    phase: Phase
    reason: str


def phase_on(
    calendar: MatchCalendar, now: datetime, *, interviews_finished_on: date | None = None
) -> PhaseOn:
    """The phase of a match at `now`; `interviews_finished_on` turns late into pre-rank."""
    now = eastern(now)
    name = f"{calendar.match} {calendar.season} ({calendar.source})"
    if now >= calendar.lists_final:
        return PhaseOn(Phase.CLOSED, _closed_reason(calendar, now, name))
    if now < calendar.applications_open:
        text = f"Phase preseason: {name} opens on {shown(calendar.applications_open)}."
        return PhaseOn(Phase.PRESEASON, text)
    if now < calendar.late_from:
        return PhaseOn(Phase.EARLY, _early_reason(calendar, now, name))
    if now >= calendar.pre_rank_from:
        text = f"Phase pre_rank: {name}, from {shown(calendar.pre_rank_from)} until lists are final"
        return PhaseOn(Phase.PRE_RANK, f"{text} on {calendar.last_list_day}.")
    if interviews_finished_on is not None and now.date() >= interviews_finished_on:
        text = f"your interviews ended on {interviews_finished_on}"
        return PhaseOn(Phase.PRE_RANK, f"Phase pre_rank instead of late: {text}.")
    text = f"Phase late: {name}, from {shown(calendar.late_from)}"
    return PhaseOn(Phase.LATE, f"{text} until {shown(calendar.pre_rank_from)}.")


def _early_reason(calendar: MatchCalendar, now: datetime, name: str) -> str:
    text = f"Phase early: {name}, until {shown(calendar.late_from)}."
    if now.date() >= date(calendar.season - 1, 11, 1):
        text += (
            " From November 1 the guide's timing table already favors interviewed"
            " and on-hold programs; you can move cycle.*.late_from."
        )
    return text


def _closed_reason(calendar: MatchCalendar, now: datetime, name: str) -> str:
    if calendar.is_over(now):
        return f"Phase closed: the last result of {name} came out on {_last(calendar)}."
    if calendar.in_results_week(now):
        return f"Phase closed: results week of {name}, contact is banned until it ends."
    return f"Phase closed: the lists of {name} have been final since {calendar.last_list_day}."


def _last(calendar: MatchCalendar) -> date:
    return (calendar.results_until - timedelta(microseconds=1)).date()


def usefulness(day: date) -> int:
    """How useful a letter is in the month of `day`, 0 to 100."""
    return USEFULNESS.get(day.month, 0)
