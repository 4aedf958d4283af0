"""What ends a run before all letters are sent: every fate, once."""

import pytest

from planner.errors import ExitCode
from planner.rules.retries import STOPS, Cause, Fate, Outcome, Reply, Step
from planner.rules.stops import CAUSE_WORDS, PASSING, STOP_WORDS, StopKind, stop_for

SAID = Reply(450, "4.2.1 busy")


def test_every_fate_that_stops_a_run_has_its_words_and_its_kind():
    assert set(STOP_WORDS) == STOPS
    assert {fate.value for fate in STOPS} <= {kind.value for kind in StopKind}


@pytest.mark.parametrize("fate", Fate)
def test_fates_of_the_account_stop_the_run_and_those_of_a_letter_do_not(fate):
    found = stop_for(Outcome(fate, Step.MAIL, SAID))
    assert (found is not None) is (fate in STOPS)
    if found:
        person = fate in {Fate.LOGIN, Fate.SENDER}
        assert found.exit_code is (ExitCode.PERSON_NEEDED if person else ExitCode.TRY_LATER)
        assert (fate in PASSING) is not person
        assert "450 4.2.1 busy" in found.text
        assert found.kind == fate.value
        assert found.error is None
        assert found.until is None


def test_a_stop_keeps_its_cause_for_the_hint():
    found = stop_for(Outcome(Fate.LOGIN, Step.AUTH, SAID, cause=Cause.PASSWORD_REFUSED))
    assert found.cause is Cause.PASSWORD_REFUSED


@pytest.mark.parametrize(
    ("outcome", "reached"),
    [
        (Outcome(Fate.UNREACHABLE, Step.CONNECT, cause=Cause.CONNECTION_REFUSED), False),
        (Outcome(Fate.UNREACHABLE, Step.CONNECT, cause=Cause.NO_GREETING), True),
        (Outcome(Fate.UNREACHABLE, Step.CONNECT, SAID), True),
    ],
)
def test_only_a_server_that_was_not_reached_is_said_to_be_out_of_reach(outcome, reached):
    assert ("cannot be reached" not in stop_for(outcome).text) is reached


def test_three_refusals_for_policy_in_a_row_need_a_person():
    refused = Outcome(Fate.REFUSED, Step.RCPT, Reply(550, "5.7.1 spam"))
    assert [stop_for(refused, n) and stop_for(refused, n).exit_code for n in range(1, 5)] == [
        None,
        None,
        3,
        3,
    ]
    assert stop_for(refused, 3).kind is StopKind.POLICY


@pytest.mark.parametrize("cause", sorted(CAUSE_WORDS))
def test_what_is_known_of_a_cause_is_said_and_goes_with_the_stop(cause):
    found = stop_for(Outcome(Fate.SENDER, Step.MAIL, SAID, cause=cause))
    assert found.text.startswith(CAUSE_WORDS[cause])
    assert found.cause is cause
