"""What the outbox holds, by state and by number."""

import pytest

from planner.errors import UnknownNameError
from planner.rules.states import LetterState
from planner.steps import actions, outbox


def test_letters_are_listed_by_state_and_counted(ws):
    actions.leave_out(ws, [2])
    drafts = outbox.list_letters(ws, [LetterState.DRAFT])
    assert [letter.id for letter in drafts.letters] == [1, 3]
    counts = {state: number for state, number in drafts.counts.items() if number}
    assert sum(counts.values()) == 3
    assert outbox.count_letters(ws)[LetterState.DRAFT] == 2


def test_a_number_that_is_no_letter_is_refused(ws):
    assert outbox.get_letter(ws, 3).program == "Elm 3 Hospital"
    with pytest.raises(UnknownNameError):
        outbox.get_letter(ws, 4)


def test_programs_whose_letters_failed_are_listed_with_what_the_server_said(ws, desk):
    assert outbox.list_failed(ws) == ([], {})
    desk.sql(
        "UPDATE letters SET state = 'refused', last_reply = '550 5.1.1 no such user' WHERE id = 2"
    )
    failed = outbox.list_failed(ws)
    assert [program.program for program in failed.programs] == ["Elm 2 Hospital"]
    assert "550 5.1.1" in failed.reasons[2]
