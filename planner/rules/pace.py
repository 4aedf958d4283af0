"""When the next letter of an account may leave, given the letters that left before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(hours=24)
# The gap between two letters is between these fractions of the average gap.
SHORTEST, LONGEST = 0.75, 1.25
# Times are shown to the minute, and must not be shown earlier than they are.
NEARLY_A_MINUTE = timedelta(seconds=59, microseconds=999_999)


class Pace(NamedTuple):
    """How many letters may leave per minute and per rolling 24 h (0: no limit), and when.

    `window` is (from, until) on the `days` (Monday is 0) in `timezone`; None means always.
    """

    per_minute: int = 1
    per_day: int = 20
    window: tuple[time, time] | None = (time(8), time(17))
    days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    timezone: str = "America/New_York"


def left_today(pace: Pace, recent: Sequence[datetime], now: datetime) -> int | None:
    """Return how many letters the rolling 24 h still allow; None means no limit."""
    if pace.per_day == 0:
        return None
    used = sum(moment > now - DAY for moment in recent)
    return max(0, pace.per_day - used)


def next_departure(
    pace: Pace,
    recent: Sequence[datetime],
    now: datetime,
    *,
    chance: float,
    tried: datetime | None = None,
) -> datetime:
    """Return the first moment from `now` on when a letter may leave.

    `recent` are the departures of the last 24 h, oldest first; `tried` is when a letter was
    last begun, which delays the next one even if the server did not accept it; `chance` in
    0..1 picks the gap between two letters, so that they do not leave like clockwork.
    """
    at = now.astimezone(UTC)  # hours are counted there; a local day may have 23 or 25
    begun = [*recent[-1:], *([tried] if tried else [])]
    if pace.per_minute and begun:
        share = timedelta(minutes=1) / pace.per_minute
        at = max(at, max(begun) + share * (SHORTEST + (LONGEST - SHORTEST) * chance))
    if pace.per_day and len(within := [m for m in recent if m > at - DAY]) >= pace.per_day:
        at = max(at, within[-pace.per_day] + DAY)
    return in_window(pace, at)


def forecast(pace: Pace, recent: Sequence[datetime], now: datetime, count: int) -> list[datetime]:
    """Return when each of `count` letters would leave, with average gaps between them."""
    gone, found = list(recent), list[datetime]()
    for _ in range(count):
        at = next_departure(pace, gone, found[-1] if found else now, chance=0.5)
        found.append(at)
        gone.append(at)
        if pace.per_day:
            gone = gone[-pace.per_day :]
    return found


def in_window(pace: Pace, at: datetime) -> datetime:
    """Return `at`, or the next opening of the send window if it is closed then."""
    if pace.window is None:
        return at
    start, end = pace.window
    local = at.astimezone(ZoneInfo(pace.timezone))
    for _ in range(8):
        if local.weekday() in pace.days and local.time() < end:
            opens = local.replace(hour=start.hour, minute=start.minute, second=0, microsecond=0)
            return max(local, opens).astimezone(UTC)
        local = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    raise ValueError("the send window has no day")


def spoken(at: datetime, now: datetime, timezone: str) -> str:
    """Write a future moment, rounded up to the minute, with the day unless it is today.

    >>> spoken(datetime(2026, 10, 20, 16, 4, 5, tzinfo=UTC), datetime(2026, 10, 20, 16, 0, tzinfo=UTC),
    ...        "America/New_York")
    '12:05 (America/New_York)'
    """
    zone = ZoneInfo(timezone)
    local = (at + NEARLY_A_MINUTE).astimezone(zone)
    day = "" if local.date() == now.astimezone(zone).date() else "%a %Y-%m-%d "
    return f"{local:{day}%H:%M} ({timezone})"


def resting(until: datetime, why: str, now: datetime, timezone: str) -> str:
    """Say that an account pauses, until when, and what the server said."""
    return (
        f"Sending is paused until {spoken(until, now, timezone)}, because the server said: {why}."
    )
