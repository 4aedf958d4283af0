"""What holds a letter until a person has decided."""

from datetime import date

import pytest

from planner.rules.holds import holds, told_early
from tests.builders import a_case, a_pending_applicant, a_program, an_applicant

EARLY = date(2026, 9, 30)  # the score came out on October 1


def test_a_day_before_the_score_came_out_holds_and_says_what_to_do():
    text = told_early(a_case(a_program(told_on=EARLY)))
    assert text.startswith("told_on is 2026-09-30, before your score came out on 2026-10-01")
    assert "correct the date if you told them this score, or empty it" in text


@pytest.mark.parametrize(
    ("day", "case"),
    [
        (None, {}),
        (date(2026, 10, 1), {}),
        (date(2026, 10, 20), {}),
        (EARLY, {"applicant": a_pending_applicant()}),
        (EARLY, {"applicant": an_applicant(step2={"released_on": None})}),
        (EARLY, {"promised": True}),
    ],
)
def test_any_other_day_and_one_that_a_pending_score_explains_hold_nothing(day, case):
    assert told_early(a_case(a_program(told_on=day), **case)) == ""


def test_notes_hold_beside_it():
    found = holds(a_case(a_program(told_on=EARLY, notes="Absage 12.11.")))
    assert [text[:7] for text in found] == ["told_on", "notes: "]
