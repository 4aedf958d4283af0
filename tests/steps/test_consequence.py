"""What an outcome does to its letter, the account and the run: every fate, once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import ExitCode
from planner.rules.retries import BEFORE_MAIL, STOPS, Fate, Outcome, Reply, Step
from planner.rules.states import LetterState, may_move
from planner.steps.consequence import PASSING, consequence, never_reached, stop
from planner.store.queue import Claimed
from tests.builders import a_kept_letter

NOW = datetime(2026, 10, 20, 16, 0, tzinfo=UTC)
FINAL = NOW + timedelta(days=90)
SAID = Reply(450, "4.2.1 busy")


def claimed(*, first=True, **values):
    """A claimed letter; what a test does not give is None."""
    before = None if first else "Tue, 20 Oct 2026 12:00:00 -0400"
    letter = a_kept_letter(**{"first_attempt_at": NOW, "date_header": before, **values})
    return Claimed(letter, b"x", NOW, token=1, date="Tue, 20 Oct 2026 12:00:00 -0400", record={})


def became(fate, step=Step.DOT, *, letter=None, final=FINAL, now=NOW, chance=0.5):
    outcome = Outcome(fate, step, SAID)
    return consequence(letter or claimed(), outcome, now=now, lists_final=final, chance=chance)


@pytest.mark.parametrize(
    ("fate", "step", "state", "spent"),
    [
        ("sent", "dot", "sent", True),
        ("refused", "rcpt", "refused", True),
        ("refused", "dot", "refused", True),
        ("unknown", "dot", "unknown", True),
        ("deferred", "rcpt", "deferred", True),
        ("deferred", "dot", "deferred", True),
        ("back_off", "connect", "approved", False),
        ("back_off", "auth", "approved", False),
        ("back_off", "mail", "approved", True),
        ("back_off", "dot", "approved", True),
        ("quota", "mail", "approved", True),
        ("quota", "dot", "approved", True),
        ("unreachable", "connect", "approved", False),
        ("login", "tls", "approved", False),
        ("login", "auth", "approved", False),
        ("login", "mail", "approved", False),
    ],
)
def test_each_fate_has_its_state_and_spends_an_attempt_or_none(fate, step, state, spent):
    found = became(Fate(fate), Step(step))
    assert (found.state, found.spent) == (state, spent)
    assert found.said == found.columns["last_reply"] == "450 4.2.1 busy"
    assert ("attempts" in found.columns) is (state != "approved")


@given(st.sampled_from(Fate), st.sampled_from(Step), st.booleans(), st.integers(0, 20))
def test_every_outcome_leads_where_the_table_of_states_allows(fate, step, marked, attempts):
    holding = LetterState.COMMITTING if marked else LetterState.CLAIMED
    found = became(fate, step, letter=claimed(attempts=attempts))
    if marked or fate not in {Fate.SENT, Fate.UNKNOWN}:  # those two come after the mark only
        assert may_move(holding, found.state)
    assert found.resumes_at is None


def test_what_was_accepted_has_its_moment():
    assert became(Fate.SENT).columns["sent_at"] == NOW


def test_what_was_deferred_is_due_again_a_little_later_each_time():
    waits = [
        became(Fate.DEFERRED, letter=claimed(attempts=n)).columns["next_attempt_at"] - NOW
        for n in range(4)
    ]
    assert waits == [timedelta(minutes=m) for m in (1, 2, 4, 8)]
    assert became(Fate.DEFERRED, letter=claimed(attempts=4)).columns["attempts"] == 5


@pytest.mark.parametrize(
    "late",
    [
        {"letter": claimed(first_attempt_at=NOW - timedelta(hours=72))},
        {"final": NOW + timedelta(seconds=59)},
    ],
)
def test_what_is_deferred_too_long_is_refused_and_says_so(late):
    found = became(Fate.DEFERRED, **late)
    assert found.state is LetterState.REFUSED
    assert found.columns["last_reply"] == "450 4.2.1 busy (given up: 72 hours, or the lists)"
    assert "next_attempt_at" not in found.columns


@pytest.mark.parametrize("step", sorted(BEFORE_MAIL))
def test_a_first_attempt_that_reached_nobody_leaves_no_date(step):
    reached_nobody = {"date_header": None, "first_attempt_at": None}
    found = became(Fate.BACK_OFF, step).columns
    assert {k: found[k] for k in reached_nobody} == reached_nobody
    assert "next_attempt_at" not in found
    later = became(Fate.BACK_OFF, step, letter=claimed(first=False)).columns
    assert not later.keys() & reached_nobody.keys()


def test_who_made_the_account_back_off_goes_behind_the_others():
    assert became(Fate.BACK_OFF, Step.RCPT).columns["next_attempt_at"] == NOW


@given(st.sampled_from(Fate), st.sampled_from(Step))
def test_a_letter_was_reached_unless_it_was_never_spoken_of(fate, step):
    expected = step in {Step.CONNECT, Step.TLS, Step.AUTH} or fate is Fate.LOGIN
    assert never_reached(Outcome(fate, step)) is expected


@pytest.mark.parametrize("fate", Fate)
def test_fates_of_the_account_stop_the_run_and_those_of_a_letter_do_not(fate):
    found = stop(Outcome(fate, Step.MAIL, SAID), 0)
    assert (found is not None) is (fate in STOPS)
    if found:
        login = fate is Fate.LOGIN
        assert found.code is (ExitCode.PERSON_NEEDED if login else ExitCode.TRY_LATER)
        assert (fate in PASSING) is not login
        assert "450 4.2.1 busy" in found.text
        assert found.hint
        assert found.until is None


def test_three_refusals_for_policy_in_a_row_need_a_person():
    refused = Outcome(Fate.REFUSED, Step.RCPT, Reply(550, "5.7.1 spam"))
    assert [stop(refused, n) and stop(refused, n).code for n in range(1, 5)] == [None, None, 3, 3]
    assert "planner outbox list" in stop(refused, 3).hint
