"""An approval holds as long as the facts do that the letter rests on."""

import pytest

from planner.rules.states import LetterState
from planner.steps import actions, approvals, outbox, programs, review
from planner.store import letters


@pytest.fixture
def approved(ws):
    """The three letters, read and approved."""
    review.note_shown(ws, outbox.list_letters(ws).letters)
    assert all(result.done for result in review.approve(ws, [1, 2, 3]))
    return ws


def void_moved(ws):
    with ws.store.begin() as tx:
        return approvals.void_moved(tx, ws.situation(), account=ws.account, command="import")


def test_nothing_is_void_while_no_fact_has_changed(approved):
    assert void_moved(approved) == []


@pytest.mark.parametrize(
    "change",
    [
        "director_last_name=Núñez-Órtiz",
        "director_email=Núria@elm2.example",
        "notes=they passed on me",
    ],
)
def test_a_changed_fact_voids_the_approval_of_its_letter_alone(approved, change):
    voided = programs.set_by_hand(approved, "#2", [change]).voided
    assert voided == [2]
    states = [letter.state for letter in outbox.list_letters(approved).letters]
    assert states == [LetterState.APPROVED, LetterState.DRAFT, LetterState.APPROVED]


def test_the_event_says_which_fact_was_what_and_is_what(approved):
    programs.set_by_hand(approved, "#1", ["director_last_name=Łukasiewicz"])
    with approved.store.read() as tx:
        why = letters.list_events(tx, 1)[-1].why
    assert why.startswith("no longer approved: ")
    assert "Abarab" in why
    assert "Łukasiewicz" in why


def test_another_account_voids_every_approval(approved):
    with approved.store.begin() as tx:
        voided = approvals.void_moved(tx, approved.situation(), account="other", command="send")
    assert voided == [1, 2, 3]


def test_a_letter_that_is_not_approved_has_nothing_to_lose(ws):
    programs.set_by_hand(ws, "#1", ["director_last_name=Łukasiewicz"])
    assert void_moved(ws) == []
    assert actions.unapprove(ws, [1])[0].code == "wrong_state"
