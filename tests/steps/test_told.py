"""A program that was told by other means gets no letter about the same score."""

from datetime import date

import pytest

from planner.errors import UnknownNameError
from planner.rules.facts import Verdict
from planner.steps import programs, told


def test_a_program_that_was_told_after_the_news_is_left_alone(ws):
    found = told.record_told(ws, "Elm 2 Hospital", date(2026, 10, 10))
    assert found.decision.verdict is not Verdict.EMAIL
    assert [letter.id for letter in found.waiting] == [2]
    assert programs.find(ws, "#2").told_on == date(2026, 10, 10)


def test_a_program_that_was_told_before_there_was_news_is_still_to_tell(ws):
    assert told.record_told(ws, "#2", date(2026, 9, 10)).still_to_tell


def test_a_name_that_fits_no_program_notes_nothing(ws):
    with pytest.raises(UnknownNameError):
        told.record_told(ws, "Nowhere Hospital", date(2026, 10, 10))
    assert {program.told_on for program in programs.list_programs(ws)} == {None}
