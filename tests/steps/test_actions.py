"""Decisions of the user about letters: one transaction each, and only about what they saw."""

import pytest

from planner.errors import PersonNeededError, UnknownNameError
from planner.rules.states import LetterState
from planner.steps import actions, edit, outbox, review


def states(ws):
    return [letter.state for letter in outbox.list_letters(ws).letters]


def test_a_letter_that_was_changed_meanwhile_is_neither_left_out_nor_approved(ws, desk):
    opened = outbox.get_letter(ws, 2)
    desk.edit(2)
    for act in (
        lambda: actions.leave_out(ws, [2], opened=opened),
        lambda: review.approve_opened(ws, opened),
        lambda: edit.edit(ws, 2, subject="Another one", opened=opened),
    ):
        with pytest.raises(PersonNeededError) as refused:
            act()
        assert (refused.value.code, refused.value.facts) == ("changed_meanwhile", {"letter": 2})
    assert states(ws) == [LetterState.DRAFT] * 3


def test_a_letter_that_was_left_out_is_taken_up_and_approved_in_one(ws):
    actions.leave_out(ws, [1])
    opened = outbox.get_letter(ws, 1)
    review.note_shown(ws, [opened])
    assert review.approve_opened(ws, opened).done
    assert states(ws)[0] is LetterState.APPROVED


def test_a_letter_that_was_taken_up_and_not_shown_is_a_draft_with_its_reason(ws):
    actions.leave_out(ws, [1])
    refused = review.approve_opened(ws, outbox.get_letter(ws, 1))
    assert (refused.done, refused.code) == (False, "not_shown")


def test_without_numbers_only_what_was_shown_is_approved(ws):
    assert review.approve(ws) == []
    review.note_shown(ws, [outbox.get_letter(ws, 3)])
    (done,) = review.approve(ws)
    assert (done.letter.id, done.done) == (3, True)
    assert states(ws) == [LetterState.DRAFT, LetterState.DRAFT, LetterState.APPROVED]


def test_one_number_that_is_not_a_letter_undoes_the_whole_command(ws):
    with pytest.raises(UnknownNameError) as unknown:
        actions.leave_out(ws, [1, 2, 17])
    assert unknown.value.code == "unknown_letter"
    assert states(ws) == [LetterState.DRAFT] * 3


def test_each_letter_is_refused_for_itself(ws):
    actions.leave_out(ws, [2])
    told = actions.leave_out(ws, [1, 2, 3])
    assert [(verb.letter.id, verb.done) for verb in told] == [(1, True), (2, False), (3, True)]
    assert "it is left out; it cannot be left out" in told[1].reason
