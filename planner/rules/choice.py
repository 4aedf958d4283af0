"""Which letter a decision calls for: the first row that holds."""

from __future__ import annotations

from collections.abc import Callable

from planner.rules.case import Case
from planner.rules.facts import LetterKind, OccasionKind, Scenario

MAIN_LETTERS = (LetterKind.STRONG_SCORE, LetterKind.IMPROVEMENT, LetterKind.AFTER_INTERVIEW)


def _retake(c: Case, _: str) -> bool:
    shown = c.applicant.application.failure_on_application
    return c.applicant.step2.failed_attempts > 0 and shown and (c.interviewed or c.on_hold)


def _notice(c: Case, rule: str) -> bool:
    return rule in {"asked", "liability_asked"} and not c.interviewed and not c.helps


def _improvement(c: Case, _: str) -> bool:
    improved = c.assessment is not None and Scenario.WEAK_STEP1_IMPROVED in c.assessment.scenarios
    return improved or c.applicant.step1.failed


# (letter, does it fit this case decided by this rule id?)
TABLE: tuple[tuple[LetterKind, Callable[[Case, str], bool]], ...] = (
    (LetterKind.SCORE_PENDING, lambda c, _: c.pending),
    (LetterKind.SCORE_POSTED, lambda _, rule: rule == "promised"),
    (LetterKind.CONTEXT, lambda _, rule: rule == "liability_explained"),
    (LetterKind.RETAKE, _retake),
    (LetterKind.AFTER_INTERVIEW, lambda c, _: c.interviewed),
    (LetterKind.SCORE_NOTICE, _notice),
    (LetterKind.IMPROVEMENT, _improvement),
    (LetterKind.STRONG_SCORE, lambda _c, _rule: True),
)


def letter_for(case: Case, rule: str) -> LetterKind:
    """The letter that the table picks for a case which `rule` decided as `email`."""
    return next(kind for kind, fits in TABLE if fits(case, rule))


def fits_occasion(kind: LetterKind, occasion: OccasionKind) -> bool:
    """Whether a reviewer may choose `kind`: pending letters only before the score."""
    return (kind is LetterKind.SCORE_PENDING) == (occasion is OccasionKind.PENDING)
