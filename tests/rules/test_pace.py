"""When the next letter may leave."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.pace import DAY, Pace, in_window, left_today, next_departure

EASTERN = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 10, 19, 10, 0, tzinfo=EASTERN)
FREE = Pace(per_minute=0, per_day=0, window=None)


def at(pace, *recent, now=MONDAY, chance=0.0):
    return next_departure(pace, list(recent), now, chance=chance)


def test_without_a_pace_a_letter_leaves_now():
    assert at(FREE, MONDAY) == MONDAY
    assert left_today(FREE, [MONDAY], MONDAY) is None


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 45), (0.5, 60), (1.0, 75)])
def test_letters_of_a_personal_mailbox_are_at_least_45_seconds_apart(chance, seconds):
    assert at(Pace(), MONDAY, chance=chance) == MONDAY + timedelta(seconds=seconds)


def test_the_cap_counts_a_rolling_day():
    pace = Pace(per_minute=0, per_day=2, window=None)
    first, second = MONDAY - timedelta(hours=20), MONDAY - timedelta(hours=1)
    assert left_today(pace, [first, second], MONDAY) == 0
    assert left_today(pace, [first], MONDAY) == 1
    assert at(pace, first, second) == first + DAY
    assert at(pace, MONDAY - timedelta(hours=25), second) == MONDAY


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (datetime(2026, 10, 19, 7, 0), datetime(2026, 10, 19, 8, 0)),
        (datetime(2026, 10, 19, 8, 0), datetime(2026, 10, 19, 8, 0)),
        (datetime(2026, 10, 19, 17, 0), datetime(2026, 10, 20, 8, 0)),
        (datetime(2026, 10, 23, 17, 30), datetime(2026, 10, 26, 8, 0)),
        (datetime(2026, 10, 24, 12, 0), datetime(2026, 10, 26, 8, 0)),
    ],
)
def test_letters_leave_on_weekdays_from_eight_to_five(now, opens):
    assert in_window(Pace(), now.replace(tzinfo=EASTERN)) == opens.replace(tzinfo=EASTERN)


def test_the_window_is_in_its_own_time_zone():
    utc = datetime(2026, 10, 19, 11, 30, tzinfo=UTC)
    assert in_window(Pace(), utc) == datetime(2026, 10, 19, 12, 0, tzinfo=UTC)


def test_a_window_without_days_is_an_error_of_the_program():
    with pytest.raises(ValueError, match="no day"):
        in_window(Pace(days=frozenset()), MONDAY)


@given(
    st.lists(st.integers(0, 2000), max_size=30),
    st.integers(0, 10_000),
    st.floats(0, 1),
    st.integers(0, 3),
    st.integers(0, 5),
)
def test_a_departure_never_breaks_the_cap_nor_the_window(minutes, ahead, chance, rate, cap):
    now = MONDAY + timedelta(minutes=ahead)
    recent = sorted(now - timedelta(minutes=m) for m in minutes)
    pace = Pace(per_minute=rate, per_day=cap, window=(time(9), time(12)))
    found = next_departure(pace, recent, now, chance=chance)
    assert found >= now
    local = found.astimezone(EASTERN)
    assert time(9) <= local.time() < time(12)
    assert local.weekday() < 5
    if cap and len([m for m in recent if m > now - DAY]) <= cap:
        assert sum(m > found - DAY for m in recent) < cap or cap == 0
