"""What will be read and what would leave: the waiting letters, whole, and a sample of each kind."""

import pytest

from planner.errors import UnknownNameError
from planner.rules.facts import LetterKind
from planner.steps import actions, outbox, preview


def test_letters_that_wait_are_shown_or_those_that_are_named(ws):
    actions.leave_out(ws, [2])
    assert [letter.id for letter in preview.list_waiting(ws)] == [1, 3]
    assert [letter.id for letter in preview.list_waiting(ws, [2])] == [2]
    with pytest.raises(UnknownNameError):
        preview.list_waiting(ws, [9])


def test_a_message_has_the_letters_headers_and_text(ws):
    letter = outbox.get_letter(ws, 1)
    (message,) = preview.build_messages(ws, [1])
    assert message.refusal is None
    assert f"To: {letter.to[0]}".encode() in message.wire
    assert letter.subject.split(",")[0].encode() in message.wire


def test_each_letter_comes_with_the_reasons_of_todays_decision(ws):
    judged = preview.add_reasons(ws)
    assert [x.letter.id for x in judged] == [1, 2, 3]
    assert all(x.reasons for x in judged)


def test_there_is_a_sample_of_every_letter_the_list_can_have(ws):
    samples = preview.make_samples(ws)
    assert {sample.kind for sample in samples} >= {LetterKind.AFTER_INTERVIEW}
    assert all(sample.subject and sample.body for sample in samples)
