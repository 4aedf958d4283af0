"""Which letter a decision calls for: the first row that holds; and which would say what is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from planner.rules.case import Case
from planner.rules.facts import LetterKind, Scenario


def _context(c: Case, rule: str) -> bool:
    return rule == "liability_explained" or (rule == "liability_asked" and c.explains_drop)


def _retake(c: Case, rule: str) -> bool:
    meets_it = c.applicant.application.failure_on_application or c.known
    return c.applicant.step2.failed_attempts > 0 and (meets_it or rule == "eligible_now")


def _notice(c: Case, rule: str) -> bool:
    """They get the number; a reason is asked of no one who asked for it."""
    if rule not in {"asked", "liability_asked", "eligible_now"} or c.interviewed or not c.asks:
        return False
    return not c.helps or not (_improvement(c, rule) or c.program.reason.strip())


def _improvement(c: Case, _: str) -> bool:
    improved = c.assessment is not None and Scenario.WEAK_STEP1_IMPROVED in c.assessment.scenarios
    return improved or c.applicant.step1.failed


# (letter, when it is the one, does it fit this case decided by this rule id?)
TABLE: tuple[tuple[LetterKind, str, Callable[[Case, str], bool]], ...] = (
    (
        LetterKind.SCORE_PENDING,
        "the score is pending, they asked, and it will come in time",
        lambda c, _: c.pending,
    ),
    (
        LetterKind.SCORE_POSTED,
        "the score is out, for programs that you promised to tell",
        lambda _, rule: rule == "promised",
    ),
    (
        LetterKind.CONTEXT,
        "a clear drop, interviewed, with your own sentence about it",
        _context,
    ),
    (LetterKind.RETAKE, "Step 2 CK was failed before, and they know or will see it", _retake),
    (LetterKind.AFTER_INTERVIEW, "you have interviewed there", lambda c, _: c.interviewed),
    (
        LetterKind.SCORE_NOTICE,
        "they asked, and it does not help or you gave no reason",
        _notice,
    ),
    (LetterKind.IMPROVEMENT, "Step 1 was weak or failed", _improvement),
    (
        LetterKind.STRONG_SCORE,
        "none of the others fits; it needs your reason",
        lambda _c, _rule: True,
    ),
)
# What each says, in this order.
SAYS: Mapping[LetterKind, str] = {
    LetterKind.SCORE_PENDING: "the exam date; when the result is expected; you will write then",
    LetterKind.SCORE_POSTED: "the promised score, in the thread of the first letter",
    LetterKind.CONTEXT: "the score; your own sentence about it; that you remain interested",
    LetterKind.RETAKE: "that you retook Step 2 CK; the new score; thanks, and no story",
    LetterKind.AFTER_INTERVIEW: "thanks for the interview; the score; your interest",
    LetterKind.SCORE_NOTICE: "the score that they asked for or require; thanks",
    LetterKind.IMPROVEMENT: "the score, next to Step 1; your interest; hope for an interview",
    LetterKind.STRONG_SCORE: "the score; your interest, for the one reason that you give",
}
WHEN: Mapping[LetterKind, str] = {kind: when for kind, when, _ in TABLE}


def letter_for(case: Case, rule: str) -> LetterKind:
    """The letter that the table picks for a case which `rule` decided as `email`."""
    return next(kind for kind, _, fits in TABLE if fits(case, rule))


def _outdone_step1(c: Case) -> bool:
    """Step 1 was failed or weak, and this score says something better."""
    step1, score = c.applicant.step1, c.applicant.step2.score
    return step1.failed or (c.weak_step1 and (step1.score or 0) < (score or 0))


# What a letter says of the applicant by its very kind: (kind, is it true here?, why not).
# The reviewer may choose another letter than the table does, but none whose claim is false.
CLAIMS: tuple[tuple[LetterKind, Callable[[Case], bool], str], ...] = (
    (
        LetterKind.SCORE_POSTED,
        lambda c: c.promised,
        "this program was never told that the score is pending, so there is no thread to answer",
    ),
    (
        LetterKind.CONTEXT,
        lambda c: bool(c.applicant.application.drop_context.strip()),
        "it needs your sentence about the score (application.drop_context)",
    ),
    (
        LetterKind.RETAKE,
        lambda c: c.applicant.step2.failed_attempts > 0,
        "no failed attempt at Step 2 CK is recorded (step2_ck.failed_attempts)",
    ),
    (
        LetterKind.AFTER_INTERVIEW,
        lambda c: c.interviewed,
        "no interview there is recorded as done (status, interview_date)",
    ),
    (
        LetterKind.SCORE_NOTICE,
        lambda c: c.asks,
        "they have not asked for the score (step2_policy)",
    ),
    (
        LetterKind.IMPROVEMENT,
        _outdone_step1,
        "Step 1 was not failed, nor weak and lower than this score (step1.result)",
    ),
)


def false_claim(kind: LetterKind, case: Case) -> str:
    """Why a letter of this kind would not be true for a case; empty if it would be.

    Example: an `after_interview` letter thanks for an interview, so there must have been one.
    """
    if (kind is LetterKind.SCORE_PENDING) != case.pending:
        return "the score is pending" if case.pending else "the score is in"
    return next((why for k, holds, why in CLAIMS if k is kind and not holds(case)), "")
