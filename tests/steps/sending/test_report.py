"""What became of the letters of a run, and what ends it."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.errors import ExitCode
from planner.rules.states import LetterState
from planner.rules.stops import Stop, StopKind
from planner.steps.sending.report import LetterResult, RunTotals
from tests.builders import a_kept_letter

NOON = datetime(2026, 10, 20, 16, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def result(number, state, **how):
    return LetterResult(a_kept_letter(id=number), LetterState(state), **how)


def stop(code, text="", until=None):
    return Stop(StopKind.BACK_OFF, code, text, until)


def test_it_counts_what_was_sent_and_what_has_not_ended():
    totals = RunTotals(left=3)
    totals.end_letter(result(1, "sent"))
    totals.end_letter(result(2, "deferred", next_attempt_at=LATER))
    assert str(totals) == "1 sent, 1 left"


def test_a_letter_that_somebody_else_sent_is_not_counted_as_sent():
    totals = RunTotals(left=1)
    totals.end_letter(result(1, "sent", reason="it changed while sending went on"))
    assert str(totals) == "0 sent, 0 left"


def test_the_last_word_on_a_letter_is_reported_in_the_order_of_numbers():
    totals = RunTotals()
    totals.note([result(2, "approved"), result(1, "deferred")])
    totals.end_letter(result(2, "refused"))
    told = [(d.letter.id, d.state) for d in totals.report().results]
    assert told == [(1, "deferred"), (2, "refused")]


@pytest.mark.parametrize("turned", [False, True])
def test_the_gravest_reason_to_stop_is_told(turned):
    totals = RunTotals()
    codes = [ExitCode.TRY_LATER, ExitCode.INTERRUPTED, ExitCode.PERSON_NEEDED]
    for code in reversed(codes) if turned else codes:
        totals.stop(stop(code))
    assert totals.stopped.exit_code == ExitCode.INTERRUPTED


def test_of_like_reasons_to_stop_the_first_is_told():
    totals = RunTotals()
    totals.stop(stop(ExitCode.TRY_LATER, "first"))
    totals.stop(stop(ExitCode.TRY_LATER, "second"))
    assert totals.stopped.text == "first"


def test_a_run_goes_on_when_the_first_deferred_letter_is_due():
    totals = RunTotals()
    totals.note(
        [
            result(1, "deferred", next_attempt_at=LATER),
            result(2, "deferred", next_attempt_at=NOON),
            result(3, "approved", next_attempt_at=NOON - timedelta(hours=1)),
        ]
    )
    assert totals.goes_on_at() == NOON
    assert totals.list_due() == [1, 2, 3]


def test_a_run_with_nothing_deferred_does_not_go_on():
    totals = RunTotals()
    totals.note([result(1, "sent"), result(2, "unknown")])
    assert totals.goes_on_at() is None
    assert totals.list_due() == []


def test_a_run_that_was_stopped_goes_on_when_that_is_over():
    totals = RunTotals()
    totals.note([result(1, "deferred", next_attempt_at=NOON)])
    totals.stop(stop(ExitCode.TRY_LATER))
    assert totals.goes_on_at() is None
    totals.resume_at(LATER)
    assert totals.goes_on_at() == LATER
    totals.end_run()
    assert totals.goes_on_at() is None


@pytest.mark.parametrize("code", [ExitCode.PERSON_NEEDED, ExitCode.INTERRUPTED])
def test_where_a_person_is_needed_no_time_goes_by_and_mends_it(code):
    totals = RunTotals()
    totals.stop(stop(code))
    totals.resume_at(LATER)
    assert totals.goes_on_at() is None
