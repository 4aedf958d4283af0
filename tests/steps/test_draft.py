"""Drafts follow the plan: new ones come, edited ones stay, unwanted ones are named."""

import pytest

from planner.errors import PersonNeededError, UnknownNameError
from planner.steps import draft, edit, outbox, programs, review
from planner.wiring import Workspace


def test_drafting_twice_changes_nothing(ws):
    before = outbox.list_letters(ws).letters
    report = draft.draft(ws)
    assert (report.new, report.rerendered, report.unchanged) == ([], [], [1, 2, 3])
    assert outbox.list_letters(ws).letters == before


def test_a_draft_follows_the_facts_of_its_program(ws):
    programs.set_by_hand(ws, "#2", ["director_last_name=Ó Súilleabháin"])
    report = draft.draft(ws)
    assert (report.rerendered, report.unchanged) == ([2], [1, 3])
    assert "Ó Súilleabháin" in outbox.get_letter(ws, 2).body


def test_a_draft_that_was_edited_stays_and_is_stale(ws):
    body = outbox.get_letter(ws, 2).body.replace("Sincerely", "Yours")
    edit.edit(ws, 2, body=body)
    programs.set_by_hand(ws, "#2", ["director_last_name=Ó Súilleabháin"])
    assert draft.draft(ws).stale == [2]
    assert outbox.get_letter(ws, 2).body == body


def test_a_draft_to_a_program_that_said_no_is_wanted_no_more(ws):
    programs.set_by_hand(ws, "#3", ["status=rejected"])
    report = draft.draft(ws)
    assert [letter.id for letter in report.unwanted] == [3]


def test_names_narrow_what_is_drafted(ws):
    programs.set_by_hand(ws, "#1", ["director_last_name=Żółć"])
    programs.set_by_hand(ws, "#2", ["director_last_name=Żółć"])
    assert draft.draft(ws, ["Elm 2 Hospital"]).rerendered == [2]
    assert "Żółć" not in outbox.get_letter(ws, 1).body


def test_a_name_that_fits_no_program_writes_nothing(ws):
    programs.set_by_hand(ws, "#1", ["director_last_name=Żółć"])
    with pytest.raises(UnknownNameError):
        draft.draft(ws, ["Elm 1 Hospital", "Nowhere Hospital"])
    assert "Żółć" not in outbox.get_letter(ws, 1).body


def test_a_letter_that_is_gone_is_not_drafted_again(ws):
    review.note_shown(ws, outbox.list_letters(ws).letters)
    review.approve(ws, [1])
    report = draft.draft(ws)
    assert (report.others, report.unchanged) == (1, [2, 3])


def test_unasked_letters_to_most_of_a_list_are_refused_before_anything_is_written(desk):
    desk.configure(more="[rules]\nmass_limit = 1")
    desk.a_list(4, Status="waitlisted")
    ws = Workspace("config.toml")
    with pytest.raises(PersonNeededError) as refused:
        draft.draft(ws)
    assert refused.value.code == "mass_mailing"
    assert outbox.list_letters(ws).letters == []
    assert draft.draft(ws, allow_mass=True).new == [1, 2, 3, 4]
