"""What became of the letters of a run, and what ends it."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.errors import ExitCode
from planner.rules.states import LetterState
from planner.steps.departures import Departure, Stop
from planner.steps.tally import Tally
from tests.builders import a_kept_letter

NOON = datetime(2026, 10, 20, 16, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def departure(number, state, **how):
    return Departure(a_kept_letter(id=number), LetterState(state), **how)


def stop(code, text="", until=None):
    return Stop(code, text, "", until)


def test_it_counts_what_was_sent_and_what_has_not_ended():
    tally = Tally(left=3)
    tally.ended(departure(1, "sent"))
    tally.ended(departure(2, "deferred", next_attempt_at=LATER))
    assert str(tally) == "1 sent, 1 left"


def test_a_letter_that_somebody_else_sent_is_not_counted_as_sent():
    tally = Tally(left=1)
    tally.ended(departure(1, "sent", reason="it changed while sending went on"))
    assert str(tally) == "0 sent, 0 left"


def test_the_last_word_on_a_letter_is_reported_in_the_order_of_numbers():
    tally = Tally()
    tally.note([departure(2, "approved"), departure(1, "deferred")])
    tally.ended(departure(2, "refused"))
    told = [(d.letter.id, d.state) for d in tally.report().departures]
    assert told == [(1, "deferred"), (2, "refused")]


@pytest.mark.parametrize("turned", [False, True])
def test_the_gravest_reason_to_stop_is_told(turned):
    tally = Tally()
    codes = [ExitCode.TRY_LATER, ExitCode.INTERRUPTED, ExitCode.PERSON_NEEDED]
    for code in reversed(codes) if turned else codes:
        tally.stop(stop(code))
    assert tally.stopped.code == ExitCode.INTERRUPTED


def test_of_like_reasons_to_stop_the_first_is_told():
    tally = Tally()
    tally.stop(stop(ExitCode.TRY_LATER, "first"))
    tally.stop(stop(ExitCode.TRY_LATER, "second"))
    assert tally.stopped.text == "first"


def test_a_run_goes_on_when_the_first_deferred_letter_is_due():
    tally = Tally()
    tally.note(
        [
            departure(1, "deferred", next_attempt_at=LATER),
            departure(2, "deferred", next_attempt_at=NOON),
            departure(3, "approved", next_attempt_at=NOON - timedelta(hours=1)),
        ]
    )
    assert tally.goes_on_at() == NOON
    assert tally.still_due() == [1, 2, 3]


def test_a_run_with_nothing_deferred_does_not_go_on():
    tally = Tally()
    tally.note([departure(1, "sent"), departure(2, "unknown")])
    assert tally.goes_on_at() is None
    assert tally.still_due() == []


def test_a_run_that_was_stopped_goes_on_when_that_is_over():
    tally = Tally()
    tally.note([departure(1, "deferred", next_attempt_at=NOON)])
    tally.stop(stop(ExitCode.TRY_LATER))
    assert tally.goes_on_at() is None
    tally.resume_at(LATER)
    assert tally.goes_on_at() == LATER
    tally.end_here()
    assert tally.goes_on_at() is None


@pytest.mark.parametrize("code", [ExitCode.PERSON_NEEDED, ExitCode.INTERRUPTED])
def test_where_a_person_is_needed_no_time_goes_by_and_mends_it(code):
    tally = Tally()
    tally.stop(stop(code))
    tally.resume_at(LATER)
    assert tally.goes_on_at() is None
