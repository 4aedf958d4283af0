"""One letter as a reviewer sees it: findings as of now, and what has changed since."""

import pytest

from planner.errors import UnknownNameError
from planner.rules.facts import LetterKind
from planner.steps import actions, edit, programs, review_view


def test_drafts_are_gone_through_in_order_or_by_number(ws):
    actions.leave_out(ws, [2])
    assert review_view.list_to_read(ws) == [1, 3]
    assert review_view.list_to_read(ws, [2, 3]) == [2, 3]


def test_a_reading_offers_only_letters_that_would_be_true(ws):
    kinds = review_view.read(ws, 1).kinds
    assert LetterKind.AFTER_INTERVIEW in kinds
    assert LetterKind.SCORE_PENDING not in kinds


def test_nothing_sets_a_fresh_draft_apart_from_today(ws):
    reading = review_view.read(ws, 1)
    assert (reading.moved, review_view.compare_with_today(reading)) == ({}, [])


def test_a_changed_fact_is_said_with_what_it_was(ws):
    programs.set_by_hand(ws, "#1", ["director_last_name=Ñuñez-Ibáñez"])
    reading = review_view.read(ws, 1)
    said = "\n".join(review_view.compare_with_today(reading))
    assert "Abarab" in said
    assert "Ñuñez-Ibáñez" in said


def test_an_edit_shows_the_lines_that_went_and_came(ws):
    before = review_view.read(ws, 1).letter
    edit.edit(ws, 1, body=before.body.replace("Sincerely", "Yours"))
    after = review_view.read(ws, 1).letter
    lines = review_view.compare_texts((before.subject, before.body), (after.subject, after.body))
    assert any(line.startswith("-Sincerely") for line in lines)
    assert any(line.startswith("+Yours") for line in lines)


def test_the_history_of_a_letter_has_every_move(ws):
    actions.leave_out(ws, [1])
    actions.reopen(ws, [1])
    (history,) = review_view.list_histories(ws, [1])
    assert len(history.events) == 3
    with pytest.raises(UnknownNameError):
        review_view.list_histories(ws, [9])
