"""When the next letter may leave, and when a number of them would."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.pace import (
    DAY,
    Pace,
    forecast,
    in_window,
    left_today,
    next_departure,
    resting,
    spoken,
)

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


def planned(pace, count, *recent, now=MONDAY):
    """When so many letters would leave, as (day, hours:minutes) in the pace's own zone."""
    zone = ZoneInfo(pace.timezone)
    found = (at.astimezone(zone) for at in forecast(pace, list(recent), now, count))
    return [f"{at:%a %H:%M}" for at in found]


def test_letters_without_a_pace_would_all_leave_now():
    assert forecast(FREE, [MONDAY], MONDAY, 3) == [MONDAY] * 3
    assert forecast(Pace(), [], MONDAY, 0) == []


def test_letters_would_leave_a_minute_apart_up_to_the_cap_and_the_rest_a_day_later():
    pace = Pace(per_minute=1, per_day=3)
    assert planned(pace, 5) == ["Mon 10:00", "Mon 10:01", "Mon 10:02", "Tue 10:00", "Tue 10:01"]
    used = [MONDAY - timedelta(hours=20), MONDAY - timedelta(hours=1)]
    assert planned(pace, 3, *used) == ["Mon 10:00", "Mon 14:00", "Tue 09:00"]


def test_a_friday_afternoon_goes_on_at_the_opening_on_monday():
    friday = datetime(2026, 10, 23, 16, 59, tzinfo=EASTERN)
    pace = Pace(per_minute=1, per_day=0)
    assert planned(pace, 3, now=friday) == ["Fri 16:59", "Mon 08:00", "Mon 08:01"]


def test_more_letters_than_the_cap_have_left_after_it_was_lowered():
    recent = [MONDAY - timedelta(hours=n) for n in range(10, 0, -1)]
    pace = Pace(per_minute=0, per_day=2, window=None)
    assert planned(pace, 2, *recent) == ["Tue 08:00", "Tue 09:00"]


HOURS = st.integers(0, 22).flatmap(lambda h: st.tuples(st.just(h), st.integers(h + 1, 23)))
WINDOWS = st.none() | HOURS.map(lambda pair: (time(pair[0]), time(pair[1])))
PACES = st.builds(
    Pace,
    per_minute=st.integers(0, 3),
    per_day=st.integers(0, 4),
    window=WINDOWS,
    days=st.sets(st.integers(0, 6), min_size=1).map(frozenset),
    timezone=st.sampled_from(["America/New_York", "UTC", "Asia/Kolkata"]),
)
# A plain Friday, and the one before the clocks go back.
FRIDAYS = st.sampled_from([datetime(2026, 10, day, tzinfo=UTC) for day in (16, 30)])


@given(
    pace=PACES,
    start=FRIDAYS,
    minutes=st.integers(0, 4000),
    ago=st.lists(st.integers(0, 2000), max_size=6),
    count=st.integers(0, 12),
)
def test_a_forecast_ascends_in_the_window_and_under_the_cap_of_any_24_hours(
    pace, start, minutes, ago, count
):
    now = start + timedelta(minutes=minutes)
    recent = sorted(now - timedelta(minutes=m) for m in ago)
    found = [at.astimezone(UTC) for at in forecast(pace, recent, now, count)]
    assert len(found) == count
    assert found == sorted(found)
    for number, at in enumerate(found):
        assert at >= now
        local = at.astimezone(ZoneInfo(pace.timezone))
        if pace.window:
            assert local.weekday() in pace.days
            assert pace.window[0] <= local.time() < pace.window[1]
        if pace.per_day:
            assert sum(m > at - DAY for m in (*recent, *found[:number])) < pace.per_day
        if pace.per_minute and number:
            assert at - found[number - 1] >= timedelta(seconds=45) / pace.per_minute


def test_the_night_on_which_the_clocks_go_forward_is_no_short_day():
    saturday = datetime(2027, 3, 13, 10, 0, tzinfo=EASTERN)
    pace = Pace(per_minute=0, per_day=1, days=frozenset(range(7)))
    assert planned(pace, 2, now=saturday) == ["Sat 10:00", "Sun 11:00"]


def test_a_letter_that_does_not_count_keeps_its_distance_all_the_same():
    pace = Pace(per_minute=1, per_day=0, window=None)
    assert next_departure(pace, [], MONDAY, chance=0.5) == MONDAY
    tried = MONDAY - timedelta(seconds=20)
    assert next_departure(pace, [], MONDAY, chance=0.5, tried=tried) == tried + timedelta(minutes=1)
    counted = MONDAY - timedelta(seconds=10)
    later = next_departure(pace, [counted], MONDAY, chance=0.5, tried=tried)
    assert later == counted + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(0), "10:00 (America/New_York)"),
        (timedelta(seconds=1), "10:01 (America/New_York)"),
        (timedelta(minutes=5), "10:05 (America/New_York)"),
        (timedelta(days=1, minutes=5), "Tue 2026-10-20 10:05 (America/New_York)"),
    ],
)
def test_a_moment_is_told_to_the_minute_and_no_earlier(after, words):
    assert spoken(MONDAY + after, MONDAY, "America/New_York") == words
    said = resting(MONDAY + after, "421 slow down", MONDAY, "America/New_York")
    assert said == f"Sending is paused until {words}, because the server said: 421 slow down."
