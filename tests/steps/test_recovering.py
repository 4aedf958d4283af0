"""What a dead sender held is recovered; what a living one holds is not touched."""

import pytest

from planner.rules.states import LetterState
from planner.steps import outbox, review
from planner.steps.recovering import recover_dead


def claimed(ws, desk):
    review.note_shown(ws, outbox.list_letters(ws).letters)
    review.approve(ws, [1, 2])
    desk.sql(
        "UPDATE letters SET state = 'claimed', owner = 'x', lease_until = '2026-01-01' WHERE id = 1"
    )


def test_where_nothing_is_under_way_nothing_is_done(ws):
    assert list(recover_dead(ws)) == []


def test_the_claim_of_a_dead_sender_ends(ws, desk):
    claimed(ws, desk)
    assert [letter.id for letter in recover_dead(ws)] == [1]
    assert outbox.get_letter(ws, 1).state is LetterState.APPROVED


@pytest.mark.sqlite_only  # on a server, the lease alone says who lives
def test_the_claim_of_a_living_sender_stays(ws, desk):
    claimed(ws, desk)
    with ws.store.sender_lock():
        assert list(recover_dead(ws)) == []
    assert outbox.get_letter(ws, 1).state is LetterState.CLAIMED
