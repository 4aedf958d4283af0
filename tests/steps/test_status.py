"""What the status says: counts, the allowance, and what a person has to do something about."""

import pytest

from planner.rules.pace import Pace
from planner.rules.states import LetterState
from planner.steps import actions, outbox, programs, review
from planner.steps.status import status

PACE = Pace(per_minute=1, per_day=20, window=None)


def blocks(ws):
    return [block.code for block in status(ws, PACE).blocked_by]


def test_programs_and_letters_are_counted_and_the_allowance_is_whole(ws):
    found = status(ws, PACE)
    assert (found.programs, found.letters[LetterState.DRAFT]) == (3, 3)
    assert (found.per_day, found.used, found.left) == (20, 0, 20)


def test_without_a_cap_the_allowance_has_no_end(ws):
    assert status(ws, PACE._replace(per_day=0)).left is None


def test_drafts_wait_for_a_person_and_letters_that_are_left_out_do_not(ws):
    assert "unapproved" in blocks(ws)
    actions.leave_out(ws, [1, 2, 3])
    assert "unapproved" not in blocks(ws)


@pytest.mark.parametrize("state", ["unknown", "refused", "exported"])
def test_what_became_of_a_letter_is_asked_of_a_person(ws, desk, state):
    review.note_shown(ws, outbox.list_letters(ws).letters)
    review.approve(ws, [1])
    desk.sql(f"UPDATE letters SET state = '{state}' WHERE id = 1")
    assert state in blocks(ws)


def test_looking_changes_nothing(ws):
    before = outbox.list_letters(ws), programs.list_programs(ws)
    status(ws, PACE)
    assert (outbox.list_letters(ws), programs.list_programs(ws)) == before
