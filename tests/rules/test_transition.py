"""What an outcome does to its letter: every fate, once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.retries import BEFORE_MAIL, Fate, Outcome, Reply, Step
from planner.rules.states import LetterState, may_move
from planner.rules.transition import is_spent, transition_for
from tests.builders import a_kept_letter

NOW = datetime(2026, 10, 20, 16, 0, tzinfo=UTC)
FINAL = NOW + timedelta(days=90)
SAID = Reply(450, "4.2.1 busy")


def claimed(*, first=True, **values):
    """A letter as it was before it was claimed; what a test does not give is None."""
    before = None if first else "Tue, 20 Oct 2026 12:00:00 -0400"
    return a_kept_letter(**{"first_attempt_at": NOW, "date_header": before, **values})


def became(fate, step=Step.DOT, *, letter=None, final=FINAL, now=NOW, chance=0.5):
    outcome = Outcome(fate, step, SAID)
    return transition_for(
        letter or claimed(),
        outcome,
        now=now,
        lists_final=final,
        chance=chance,
    )


@pytest.mark.parametrize(
    ("fate", "step", "state", "spent"),
    [
        ("sent", "dot", "sent", True),
        ("refused", "rcpt", "refused", False),
        ("refused", "data", "refused", False),
        ("refused", "body", "refused", False),
        ("refused", "dot", "refused", True),
        ("unknown", "dot", "unknown", True),
        ("deferred", "rcpt", "deferred", False),
        ("deferred", "dot", "deferred", True),
        ("back_off", "connect", "approved", False),
        ("back_off", "auth", "approved", False),
        ("back_off", "mail", "approved", False),
        ("back_off", "dot", "approved", True),
        ("quota", "mail", "approved", False),
        ("quota", "dot", "approved", False),
        ("sender", "mail", "approved", False),
        ("sender", "rcpt", "approved", False),
        ("sender", "dot", "approved", False),
        ("unreachable", "connect", "approved", False),
        ("login", "tls", "approved", False),
        ("login", "auth", "approved", False),
        ("login", "mail", "approved", False),
    ],
)
def test_each_fate_has_its_state_and_counts_where_the_body_was_taken(fate, step, state, spent):
    found = became(Fate(fate), Step(step))
    assert found.state == state
    assert is_spent(Outcome(Fate(fate), Step(step), SAID)) is spent
    assert found.said == found.columns["last_reply"] == "450 4.2.1 busy"
    assert ("attempts" in found.columns) is (state != "approved")


@given(st.sampled_from(Fate), st.sampled_from(Step), st.booleans(), st.integers(0, 20))
def test_every_outcome_leads_where_the_table_of_states_allows(fate, step, marked, attempts):
    holding = LetterState.COMMITTING if marked else LetterState.CLAIMED
    found = became(fate, step, letter=claimed(attempts=attempts))
    if marked or fate not in {Fate.SENT, Fate.UNKNOWN}:  # those two come after the mark only
        assert may_move(holding, found.state)


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
def test_only_what_has_been_read_to_its_end_counts_and_nothing_of_a_refused_sender(fate, step):
    assert is_spent(Outcome(fate, step)) <= (step is Step.DOT)
    assert not is_spent(Outcome(Fate.SENDER, step))
    assert not is_spent(Outcome(Fate.QUOTA, step))


def test_trouble_of_the_account_starts_no_clock_and_keeps_the_date_of_bytes_that_were_read():
    before = claimed(first_attempt_at=None)
    read = became(Fate.SENDER, Step.DOT, letter=before).columns
    assert (read["first_attempt_at"], "date_header" in read) == (None, False)
    unread = became(Fate.SENDER, Step.RCPT, letter=before).columns
    assert (unread["first_attempt_at"], unread["date_header"]) == (None, None)
    later = became(Fate.SENDER, Step.RCPT, letter=claimed(first=False)).columns
    assert not later.keys() & {"first_attempt_at", "date_header"}
