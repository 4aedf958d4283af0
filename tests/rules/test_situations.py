"""Situations that applicants ask about, each with the answer that a careful advisor gives."""

from datetime import date

import pytest

from planner.rules.facts import AtSubmission, ContactPolicy, Signal, Status, Step2Policy
from planner.rules.planning import make_plan
from planner.rules.situation import Situation
from tests.builders import a_pending_applicant, a_program, a_situation, an_applicant

REPORTED = {"at_submission": AtSubmission.REPORTED}
FAILED_CK = {"failed_attempts": 1, **REPORTED}
HIDDEN = {"failure_on_application": False}
EXPLAINED = {"drop_context": "My father died in the week of the exam."}
MET = {"status": Status.INTERVIEWED}
HELD = {"status": Status.WAITLISTED}
REQUIRES = {"step2_policy": Step2Policy.REQUIRED_TO_RANK}
ASKED = {"step2_policy": Step2Policy.REQUESTED}
GOLD = {"signal": Signal.GOLD}
OBGYN = {"specialty": "Obstetrics and Gynecology"}
UROLOGY = {"specialty": "Urology"}

FIRST_256 = an_applicant(s1="pass", s2=256)
LOW_224 = an_applicant(s1="pass", s2=224)
RETOOK_238 = an_applicant(s1="pass", s2=238, step2=FAILED_CK)
RETOOK_221 = an_applicant(s1="pass", s2=221, step2=FAILED_CK)
HIDES_250 = an_applicant(s1="pass", s2=250, step2=FAILED_CK, application=HIDDEN)
FAILED_STEP1 = an_applicant(s1="pass", s2=242, step1={"failed_attempts": 1}, img=True)
DROPPED = an_applicant(s1=250, s2=228, application=EXPLAINED)
IMG_232 = an_applicant(s1="pass", s2=232, img=True)
AWAITED = a_pending_applicant(expected_on=date(2027, 1, 6))

OCTOBER, DECEMBER, JANUARY = date(2026, 10, 20), date(2026, 12, 5), date(2027, 1, 10)
FEBRUARY, MARCH = date(2027, 2, 5), date(2027, 3, 5)


@pytest.mark.parametrize(
    ("who", "day", "program", "rule", "letter"),
    [
        # No invitations by October 20, and a score of 256.
        (FIRST_256, OCTOBER, {"top_choice": True}, "early_top_choice", "strong_score"),
        (FIRST_256, OCTOBER, {"connection": "home state"}, "early_connection", "strong_score"),
        (FIRST_256, OCTOBER, {}, "early_not_targeted", None),
        (FIRST_256, DECEMBER, {"top_choice": True}, "late_not_targeted", None),
        # The application has had it since June.
        (an_applicant(s2=251, step2=REPORTED), OCTOBER, GOLD, "nothing_new", None),
        # A low score.
        (LOW_224, JANUARY, MET | REQUIRES, "liability_asked", "after_interview"),
        (LOW_224, JANUARY, MET, "liability_silent", None),
        (LOW_224, JANUARY, ASKED, "liability_asked", "score_notice"),
        (LOW_224, JANUARY, REQUIRES, "liability_silent", None),
        # Step 1 was failed once.
        (FAILED_STEP1, OCTOBER, MET, "eligible_now", "after_interview"),
        (FAILED_STEP1, OCTOBER, GOLD, "early_top_choice", "improvement"),
        # Step 2 CK was failed, and passed now.
        (RETOOK_238, DECEMBER, MET, "eligible_now", "retake"),
        (RETOOK_238, DECEMBER, REQUIRES, "asked", "retake"),
        (RETOOK_238, DECEMBER, GOLD, "late_not_targeted", None),
        (RETOOK_221, JANUARY, MET, "eligible_now", "retake"),
        (RETOOK_221, JANUARY, HELD, "eligible_now", "retake"),
        (RETOOK_221, JANUARY, {}, "liability_silent", None),
        (an_applicant(s2=210), OCTOBER, MET | REQUIRES, "failed_result", None),
        # The failure is not on the application: only who knows you will meet it.
        (HIDES_250, OCTOBER, GOLD, "failure_unknown", None),
        (HIDES_250, OCTOBER, MET, "eligible_now", "retake"),
        # The result is awaited.
        (AWAITED, date(2026, 12, 28), REQUIRES, "pending_asked", "score_pending"),
        (AWAITED, date(2027, 1, 8), REQUIRES, "pending_wait", None),
        (a_pending_applicant(expected_on=date(2026, 11, 25)), OCTOBER, ASKED, "pending_wait", None),
        # A drop, with a reason for it.
        (DROPPED, JANUARY, MET, "liability_explained", "context"),
        (DROPPED, JANUARY, MET | REQUIRES, "liability_asked", "context"),
        (DROPPED, FEBRUARY, MET, "liability_silent", None),
        # ECFMG waits for the pass.
        (IMG_232, JANUARY, MET, "eligible_now", "after_interview"),
        (IMG_232, JANUARY, {}, "no_clear_help", None),
        # Urology ranks in December.
        (
            an_applicant(s1="pass", s2=252),
            date(2026, 11, 24),
            UROLOGY | MET,
            "late_interviewed",
            "after_interview",
        ),
        (
            an_applicant(s1="pass", s2=252),
            date(2026, 12, 8),
            UROLOGY | MET,
            "pre_rank_not_targeted",
            None,
        ),
        (an_applicant(s1="pass", s2=252), date(2027, 1, 12), UROLOGY | MET, "closed", None),
        # Gold and silver, and programs with rules of their own.
        (FIRST_256, OCTOBER, OBGYN | GOLD, "early_top_choice", "strong_score"),
        (FIRST_256, OCTOBER, OBGYN | {"signal": Signal.SILVER}, "early_not_targeted", None),
        (
            FIRST_256,
            OCTOBER,
            OBGYN | GOLD | {"contact_policy": ContactPolicy.NONE},
            "contact_refused",
            None,
        ),
        (
            FIRST_256,
            OCTOBER,
            OBGYN | GOLD | {"contact_policy": ContactPolicy.IF_ASKED},
            "contact_if_asked",
            None,
        ),
        # January is late, February is before ranking, March is over.
        (FIRST_256, JANUARY, MET, "late_interviewed", "after_interview"),
        (FIRST_256, FEBRUARY, MET, "pre_rank_not_targeted", None),
        (FIRST_256, FEBRUARY, MET | REQUIRES, "asked", "after_interview"),
        (FIRST_256, MARCH, MET | REQUIRES, "closed", None),
        # Nobody to write to.
        (FIRST_256, date(2026, 9, 10), MET | REQUIRES, "preseason", None),
        (FIRST_256, OCTOBER, ASKED | {"status": Status.REJECTED}, "not_in_play", None),
        (FIRST_256, OCTOBER, MET | {"told_on": date(2026, 10, 3)}, "already_told", None),
        (FIRST_256, OCTOBER, MET | {"rank_list_locked": True}, "list_locked", None),
    ],
)
def test_a_careful_advisor_would_say_so(who, day, program, rule, letter):
    found = answer(a_situation(applicant=who, day=day), program)
    assert (found.rule, found.letter) == (rule, letter)


def answer(situation: Situation, program):
    """The decision for a program with a reason, on a list that is not short."""
    others = [a_program(n, status=Status.APPLIED) for n in range(2, 46)]
    mine = a_program(1, reason="your street clinic", **program)
    return make_plan(situation, [mine, *others]).by_program()[1]
