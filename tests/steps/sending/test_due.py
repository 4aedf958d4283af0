"""What is due, and what else the user is told before anything leaves."""

from datetime import timedelta

import pytest

from planner.errors import UnknownNameError
from planner.rules.states import LetterState
from planner.steps.sending.run import SendOptions


def numbers(letters):
    return [letter.id for letter in letters]


def test_every_approved_letter_is_due_in_the_order_of_the_plan(outbox):
    due = outbox.due(outbox.run())
    assert numbers(due.going) == [1, 2, 3]
    assert (due.held, due.noted, due.given_back) == ([], [], [])


def test_only_the_letters_that_were_named_are_due(outbox):
    due = outbox.due(outbox.run(options=SendOptions(ids=[3, 1])))
    assert numbers(due.going) == [1, 3]


def test_a_number_that_no_letter_has_is_refused(outbox):
    with pytest.raises(UnknownNameError, match="17"):
        outbox.due(outbox.run(options=SendOptions(ids=[1, 17])))


def test_a_limit_counts_what_may_leave_and_not_what_is_held(outbox):
    outbox.sql("UPDATE programs SET told_on = '2026-10-19' WHERE id = 1")
    due = outbox.due(outbox.run(options=SendOptions(limit=1)))
    assert numbers(due.going) == [2]
    assert [(held.letter.id, held.state) for held in due.held] == [(1, LetterState.APPROVED)]
    assert "already_told" in due.held[0].reason


def test_why_a_letter_is_held_is_kept_and_forgotten_once_its_gate_is_open(outbox):
    outbox.sql("UPDATE programs SET told_on = '2026-10-19' WHERE id = 1")
    outbox.due(outbox.run())
    assert "already_told" in outbox.letter(1).held_because
    outbox.sql("UPDATE programs SET told_on = NULL WHERE id = 1")
    outbox.due(outbox.run())
    assert outbox.letter(1).held_because is None


def test_a_letter_that_made_the_account_back_off_is_due_behind_the_others(outbox):
    outbox.sql("UPDATE letters SET next_attempt_at = '2026-10-20 15:00:00.000000' WHERE id = 1")
    assert numbers(outbox.due(outbox.run()).going) == [2, 3, 1]


@pytest.mark.parametrize(
    ("state", "after", "noted"),
    [("claimed", "approved", None), ("committing", "unknown", "the sender was killed")],
)
def test_what_a_dead_sender_held_is_recovered_first(outbox, state, after, noted):
    held = "owner = 'gone', lease_until = '2026-10-20 18:00:00.000000', token = 1"
    outbox.sql(f"UPDATE letters SET state = '{state}', {held} WHERE id = 2")
    due = outbox.due(outbox.run())
    assert outbox.states()[1] == after
    assert numbers(due.going) == ([1, 2, 3] if noted is None else [1, 3])
    assert [result.reply for result in due.noted] == ([] if noted is None else [noted])
    assert due.given_back == ([2] if noted is None else [])


def test_a_letter_whose_account_is_another_now_is_a_draft_again_and_says_why(outbox):
    outbox.sql("UPDATE letters SET account = 'old.example:587:robin' WHERE id = 3")
    due = outbox.due(outbox.run())
    assert numbers(due.going) == [1, 2]
    assert outbox.states()[2] == "draft"
    (noted,) = due.noted
    assert noted.reason.startswith("no longer approved: mail account: old.example")


def test_a_deferred_letter_is_due_at_its_time_and_told_of_before(outbox):
    later = outbox.now + timedelta(minutes=4)
    outbox.sql(
        "UPDATE letters SET state = 'deferred', last_reply = '450 4.2.1 busy',"
        f" next_attempt_at = '{later:%Y-%m-%d %H:%M:%S}.000000' WHERE id = 2"
    )
    outbox.sql(
        "INSERT INTO events (letter_id, at, from_state, to_state, command)"
        " SELECT 2, max(at), 'approved', 'deferred', 'send' FROM events"
    )
    (noted,) = outbox.due(outbox.run()).noted
    assert (noted.letter.id, noted.reply, noted.next_attempt_at) == (2, "450 4.2.1 busy", later)
    outbox.now = later
    assert numbers(outbox.due(outbox.run()).going) == [1, 2, 3]


def test_a_letter_that_was_named_and_cannot_leave_says_what_it_is(outbox):
    outbox.sql("UPDATE letters SET state = 'cancelled' WHERE id = 2")
    assert outbox.due(outbox.run()).noted == []
    (noted,) = outbox.due(outbox.run(options=SendOptions(ids=[2, 3]))).noted
    assert noted.reason == "it is cancelled"
