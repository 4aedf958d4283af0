"""Which letter a decision calls for: the first row that holds."""

from datetime import date

import pytest

from planner.rules.choice import MAIN_LETTERS, fits_occasion, letter_for
from planner.rules.facts import LetterKind, OccasionKind, Status
from tests.builders import a_case, a_pending_applicant, a_program, an_applicant

INTERVIEWED = a_program(status=Status.INTERVIEWED)
HELD = a_program(status=Status.ON_HOLD)
FAILED_CK = {"step2": {"failed_attempts": 1}}


@pytest.mark.parametrize(
    ("letter", "rule", "program", "applicant"),
    [
        ("score_pending", "pending_asked", a_program(), a_pending_applicant()),
        ("score_posted", "promised", INTERVIEWED, an_applicant()),
        ("context", "liability_explained", INTERVIEWED, an_applicant(s1=245, s2=222)),
        ("retake", "early_interviewed", INTERVIEWED, an_applicant(**FAILED_CK)),
        ("retake", "early_on_hold", HELD, an_applicant(**FAILED_CK)),
        ("after_interview", "early_interviewed", INTERVIEWED, an_applicant()),
        ("score_notice", "asked", a_program(), an_applicant(s1=250, s2=252)),
        ("score_notice", "liability_asked", HELD, an_applicant(s1=245, s2=232)),
        ("improvement", "asked", a_program(), an_applicant()),
        ("improvement", "early_top_choice", a_program(), an_applicant(s1="fail")),
        ("strong_score", "early_top_choice", a_program(), an_applicant(s1="pass")),
        ("strong_score", "early_top_choice", a_program(), an_applicant(s1="pass", **FAILED_CK)),
    ],
)
def test_the_first_row_that_holds_picks_the_letter(letter, rule, program, applicant):
    assert letter_for(a_case(program, applicant=applicant), rule) == letter


def test_a_hidden_failure_is_no_retake_letter():
    hidden = an_applicant(**FAILED_CK, application={"failure_on_application": False})
    assert letter_for(a_case(INTERVIEWED, applicant=hidden), "x") == "after_interview"


def test_a_passed_interview_date_counts_as_interviewed():
    program = a_program(interview_date=date(2026, 10, 1))
    assert letter_for(a_case(program), "early_interviewed") == "after_interview"


def test_before_the_score_only_the_pending_letter_fits():
    assert [k for k in LetterKind if fits_occasion(k, OccasionKind.PENDING)] == ["score_pending"]
    assert all(fits_occasion(kind, OccasionKind.RESULT) for kind in MAIN_LETTERS)
    assert not fits_occasion(LetterKind.SCORE_PENDING, OccasionKind.RESULT)
