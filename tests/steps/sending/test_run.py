"""A run's pace, window and pauses, and how it waits."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import pytest

from planner.rules.pace import Pace
from planner.rules.retries import Cause, Fate, Outcome, Reply, Step
from planner.rules.stops import StopKind
from planner.steps.sending.run import SendOptions, Wait
from planner.store import account_usage

BUSY = Outcome(Fate.BACK_OFF, Step.DOT, Reply(421, "4.7.0 slow down"))
FULL = Outcome(Fate.QUOTA, Step.DOT, Reply(550, "5.4.5 quota"), cause=Cause.QUOTA_DAY)
AWAY = Outcome(Fate.UNREACHABLE, Step.CONNECT)


def wait(outbox, run):
    with outbox.store.read() as tx:
        return run.pacer.find_wait(tx, outbox.now)


def leave(outbox, run):
    run.pacer.note_departure()
    with outbox.store.begin() as tx:
        account_usage.count(tx, run.account, outbox.now)


def rest(outbox, run, outcome, *, fresh=True, unreached=1):
    with outbox.store.begin() as tx:
        until = run.pacer.rest(tx, outcome, outbox.now, fresh=fresh, unreached=unreached)
    return None if until is None else until - outbox.now


def test_without_a_pace_nothing_is_waited_for(outbox):
    run = outbox.run(connections=8)
    leave(outbox, run)
    assert wait(outbox, run) is None
    assert run.sessions == 8


def test_with_a_pace_letters_leave_one_at_a_time_and_apart(outbox):
    run = outbox.run(pace=Pace(per_minute=1, per_day=0, window=None), connections=8)
    assert (run.sessions, wait(outbox, run)) == (1, None)
    leave(outbox, run)
    assert wait(outbox, run).until - outbox.now == timedelta(minutes=1)
    outbox.now += timedelta(minutes=1)
    assert wait(outbox, run) is None


def test_a_letter_that_does_not_count_keeps_its_distance_all_the_same(outbox):
    run = outbox.run(pace=Pace(per_minute=1, per_day=0, window=None))
    run.pacer.note_departure()
    assert wait(outbox, run).until - outbox.now == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("pace", "why"),
    [
        (Pace(per_minute=0, per_day=1, window=None), "Today's allowance of 1 is used up"),
        (Pace(per_minute=0, per_day=9, window=(time(1), time(2))), "The send window is closed"),
    ],
)
def test_a_wait_says_why(outbox, pace, why):
    run = outbox.run(pace=pace)
    leave(outbox, run)
    assert wait(outbox, run).why == why


def test_a_wait_that_is_longer_than_two_minutes_ends_a_run_and_names_the_moment(outbox):
    until = outbox.now + timedelta(minutes=2)
    assert Wait(until, "It rests", "UTC").stop(outbox.now, 3) is None
    stop = Wait(until + timedelta(seconds=1), "It rests", "UTC").stop(outbox.now, 3)
    assert (stop.kind, stop.text) == (StopKind.LONG_WAIT, "It rests; 3 wait until 16:03 (UTC).")
    assert stop.until == until + timedelta(seconds=1)


def test_an_account_that_is_told_to_slow_down_rests_longer_each_time(outbox):
    run, found = outbox.run(), []
    for _ in range(3):
        found.append(rest(outbox, run, BUSY))
        assert "421 4.7.0 slow down" in wait(outbox, run).why
        outbox.now += found[-1]
        assert wait(outbox, run) is None
    assert found == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]


def test_what_is_said_while_it_rests_or_written_twice_is_no_second_strike(outbox):
    run = outbox.run()
    first = rest(outbox, run, BUSY)
    assert rest(outbox, run, BUSY) == first
    outbox.now += timedelta(minutes=5)
    assert rest(outbox, run, BUSY, fresh=False) < timedelta(0), "the rest that was, and is over"
    assert outbox.sql("SELECT strikes FROM pauses") == [(1,)]


def test_a_daily_quota_is_heard_even_while_the_account_rests(outbox):
    run = outbox.run()
    rest(outbox, run, BUSY)
    assert rest(outbox, run, FULL) == timedelta(hours=24)


def test_a_server_that_is_away_lets_the_run_wait_and_not_the_account(outbox):
    run = outbox.run()
    waits = [rest(outbox, run, AWAY, unreached=n) for n in (1, 2, 3)]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    assert wait(outbox, run) is None


def test_a_letter_that_is_taken_ends_a_rest_that_is_over_and_no_other(outbox):
    run = outbox.run()
    for minutes, strikes in ((0, [(1,)]), (2, [])):
        rest(outbox, run, BUSY) if not minutes else None
        outbox.now += timedelta(minutes=minutes)
        with outbox.store.begin() as tx:
            run.pacer.end_rest(tx, outbox.now)
        assert outbox.sql("SELECT strikes FROM pauses") == strikes


def test_a_nap_lasts_until_its_moment_in_short_pieces(outbox):
    async def sleep(seconds):
        outbox.slept.append(seconds)
        outbox.now += timedelta(seconds=seconds)

    asyncio.run(outbox.run(sleep=sleep).nap(outbox.now + timedelta(seconds=1.2)))
    assert outbox.slept == [0.5, 0.5, pytest.approx(0.2)]


def test_a_nap_ends_when_somebody_asks_the_run_to_stop(outbox):
    run = outbox.run(stop=lambda: len(outbox.slept) == 2)
    asyncio.run(run.nap(outbox.now + timedelta(days=1)))
    assert len(outbox.slept) == 2


def test_two_runs_have_owners_of_their_own(outbox):
    run = outbox.run()
    assert replace(run, connections=2).owner == run.owner != outbox.run().owner


def test_a_schedule_begins_after_the_rest_and_says_what_is_left_of_the_day(outbox):
    run = outbox.run(pace=Pace(per_minute=0, per_day=2, window=None))
    leave(outbox, run)
    rest(outbox, run, BUSY)
    schedule = run.forecast(3)
    after = [at - outbox.now for at in schedule.departures]
    assert after == [timedelta(minutes=1), timedelta(days=1), timedelta(days=1, minutes=1)]
    assert (schedule.rest.why, schedule.left) == ("421 4.7.0 slow down", 1)
    outbox.now += timedelta(minutes=2)
    assert run.forecast(1).rest is None


def test_a_run_that_could_not_begin_says_so_before_anybody_is_asked(outbox):
    closed = Pace(per_minute=0, per_day=0, window=(time(1), time(2)))
    assert outbox.run(pace=closed).find_stop(3).kind is StopKind.LONG_WAIT
    assert outbox.run(pace=closed).find_stop(0) is None
    assert outbox.run(pace=closed, options=SendOptions(watch=True)).find_stop(3) is None
    assert outbox.run().find_stop(3) is None
