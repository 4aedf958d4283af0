"""Which letter a decision calls for: the first row that holds."""

from collections import Counter
from datetime import date
from itertools import product

import pytest

from planner.rules.choice import false_claim, letter_for
from planner.rules.facts import LetterKind, Status, Step2Policy, Verdict
from planner.rules.targeting import deciding_rule
from tests.builders import a_case, a_pending_applicant, a_program, an_applicant

INTERVIEWED = a_program(status=Status.INTERVIEWED)
HELD = a_program(status=Status.ON_HOLD)
FAILED_CK = {"step2": {"failed_attempts": 1}}
HIDDEN_CK = {**FAILED_CK, "application": {"failure_on_application": False}}
EXPLAINED_DROP = an_applicant(s1=245, s2=222, application={"drop_context": "I was ill."})
ASKING = a_program(step2_policy=Step2Policy.REQUESTED)
REASONED = a_program(step2_policy=Step2Policy.REQUESTED, reason="your clinic")


@pytest.mark.parametrize(
    ("letter", "rule", "program", "applicant"),
    [
        ("score_pending", "pending_asked", a_program(), a_pending_applicant()),
        ("score_posted", "promised", INTERVIEWED, an_applicant()),
        ("context", "liability_explained", INTERVIEWED, an_applicant(s1=245, s2=222)),
        ("retake", "early_interviewed", INTERVIEWED, an_applicant(**FAILED_CK)),
        ("retake", "early_on_hold", HELD, an_applicant(**FAILED_CK)),
        ("after_interview", "early_interviewed", INTERVIEWED, an_applicant()),
        ("context", "liability_asked", INTERVIEWED, EXPLAINED_DROP),
        ("after_interview", "liability_asked", INTERVIEWED, an_applicant(s1=245, s2=222)),
        ("score_notice", "asked", ASKING, an_applicant(s1=250, s2=252)),
        ("score_notice", "liability_asked", ASKING, an_applicant(s1=245, s2=232)),
        ("score_notice", "asked", ASKING, an_applicant(s1="pass")),
        ("strong_score", "asked", REASONED, an_applicant(s1="pass")),
        ("improvement", "asked", ASKING, an_applicant()),
        ("improvement", "early_top_choice", a_program(), an_applicant(s1="fail")),
        ("strong_score", "early_top_choice", a_program(), an_applicant(s1="pass")),
        ("retake", "early_top_choice", a_program(), an_applicant(s1="pass", **FAILED_CK)),
        ("strong_score", "early_top_choice", a_program(), an_applicant(s1="pass", **HIDDEN_CK)),
        ("retake", "early_on_hold", HELD, an_applicant(s1="pass", **HIDDEN_CK)),
        ("retake", "eligible_now", INTERVIEWED, an_applicant(**HIDDEN_CK)),
    ],
)
def test_the_first_row_that_holds_picks_the_letter(letter, rule, program, applicant):
    assert letter_for(a_case(program, applicant=applicant), rule) == letter


def test_a_passed_interview_date_counts_as_interviewed():
    program = a_program(interview_date=date(2026, 10, 1))
    assert letter_for(a_case(program), "early_interviewed") == "after_interview"


PENDING = a_pending_applicant()
FAILED_STEP1 = an_applicant(s1="fail")
EXPLAINED = an_applicant(application={"drop_context": "I was ill in the week of the exam."})


@pytest.mark.parametrize(
    ("letter", "said", "program", "applicant"),
    [
        ("score_pending", "the score is in", INTERVIEWED, an_applicant()),
        ("strong_score", "the score is pending", INTERVIEWED, PENDING),
        ("score_posted", "never told that the score is pending", INTERVIEWED, an_applicant()),
        ("context", "your sentence about the score", INTERVIEWED, an_applicant()),
        ("retake", "no failed attempt at Step 2 CK", INTERVIEWED, FAILED_STEP1),
        ("after_interview", "no interview there", HELD, an_applicant()),
        ("after_interview", "no interview", a_program(status=Status.INVITED), an_applicant()),
        ("score_notice", "not asked for the score", INTERVIEWED, an_applicant()),
        ("improvement", "Step 1 was not failed, nor weak", INTERVIEWED, an_applicant(s1="pass")),
        ("improvement", "Step 1 was not failed", INTERVIEWED, an_applicant(s1=240)),
        ("improvement", "lower than this score", INTERVIEWED, an_applicant(s1=228, s2=228)),
        ("score_pending", "", INTERVIEWED, PENDING),
        ("context", "", INTERVIEWED, EXPLAINED),
        ("retake", "", HELD, an_applicant(**FAILED_CK)),
        ("after_interview", "", INTERVIEWED, an_applicant()),
        ("score_notice", "", ASKING, an_applicant()),
        ("improvement", "", HELD, an_applicant()),
        ("improvement", "", HELD, FAILED_STEP1),
        ("strong_score", "", HELD, an_applicant(s1="pass")),
    ],
)
def test_no_letter_may_be_chosen_whose_claim_is_false(letter, said, program, applicant):
    found = false_claim(LetterKind(letter), a_case(program, applicant=applicant))
    assert said in found
    assert bool(found) == bool(said)


def test_an_answer_needs_the_letter_that_it_answers():
    assert false_claim(LetterKind.SCORE_POSTED, a_case(promised=True)) == ""


def test_before_the_score_only_the_pending_letter_is_true():
    case = a_case(applicant=PENDING)
    assert [k for k in LetterKind if not false_claim(k, case)] == ["score_pending"]


APPLICANTS = [PENDING, EXPLAINED] + [
    an_applicant(
        s1=s1, s2=s2, step2={"failed_attempts": failed}, application={"drop_context": said}
    )
    for s1 in ("pass", "fail", 205, 232, 260)
    for s2 in (205, 222, 236, 262)
    for failed in (0, 1)
    for said in ("", "I was ill in the week of the exam.")
]


@pytest.mark.parametrize("day", [date(2026, 10, 20), date(2027, 1, 10), date(2027, 2, 10)])
def test_the_letter_that_the_table_picks_is_always_true(day):
    picked = Counter()
    for applicant, status, policy, promised in product(
        APPLICANTS, Status, Step2Policy, (False, True)
    ):
        program = a_program(status=status, step2_policy=policy)
        case = a_case(program, applicant=applicant, day=day, promised=promised)
        rule = deciding_rule(case)
        if rule.verdict is Verdict.EMAIL:
            letter = letter_for(case, rule.id)
            picked[letter] += 1
            assert false_claim(letter, case) == "", (letter, rule.id, program, applicant)
    assert len(picked) > 3, picked
