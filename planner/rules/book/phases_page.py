"""The page on phases: what each is, and the dates of each match."""

from __future__ import annotations

from datetime import time, timedelta

from planner.rules.book.table import Basis, Table, table
from planner.rules.calendar import (
    CLOSING_KEYS,
    DEFAULT_SEASON,
    KEYS,
    SHIPPED,
    MatchCalendar,
    build,
)
from planner.rules.facts import (
    Match,
)

PHASES = (
    ("preseason", "until applications_open"),
    ("early", "until late_from"),
    ("late", "until pre_rank_from, or cycle.interviews_finished_on"),
    ("pre_rank", "until lists_final"),
    ("closed", "from then on; nothing leaves from results_from to results_until"),
)


IN_ORDER = sorted(KEYS, key=list(SHIPPED[DEFAULT_SEASON, Match.NRMP]).index)


def _moment(key: str, calendar: MatchCalendar) -> str:
    """Write a moment as in the config: a closing date there includes that day."""
    at = getattr(calendar, key)
    if at.time() != time.min:
        return f"{at:%Y-%m-%d %H:%M}"
    return str(at.date() - timedelta(days=key in CLOSING_KEYS))


def _dated(key: str, calendar: MatchCalendar) -> str:
    """Write a moment of a match, marked if it is the user's own."""
    text, season = _moment(key, calendar), (calendar.season, calendar.match)
    known = season in SHIPPED and _moment(key, build(calendar.match, calendar.season)) == text
    return text if known else f"{text} (yours)"


def phases_page(basis: Basis) -> list[Table]:
    """Return the phases, and the dates of each match in its season."""
    calendars = basis.calendars
    rows = [(key, *(_dated(key, calendars[match]) for match in calendars)) for key in IN_ORDER]
    sources = ("source", *(calendar.source for calendar in calendars.values()))
    shipped_seasons = sorted({season for season, _ in SHIPPED})
    listed = ", ".join(map(str, shipped_seasons))
    return [
        table("Phases of a match", "phase, lasts", PHASES),
        table(
            f"Dates of season {basis.season}, US Eastern (built in: {listed})",
            ", ".join(("key", *calendars)),
            [*rows, sources],
        ),
    ]
