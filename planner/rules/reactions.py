"""What a letter usually does to its reader; the first row that applies counts."""

from __future__ import annotations

from collections.abc import Callable

from planner.rules.case import Case
from planner.rules.facts import Category, Phase


def _strong(c: Case) -> bool:
    news = c.assessment is not None and c.helps
    return news and c.assessment is not None and c.assessment.category is Category.STRONG_ASSET


# (when, whether that applies to a case that gets a letter, what to expect)
REACTIONS: tuple[tuple[str, Callable[[Case], bool], str], ...] = (
    ("the score is pending", lambda c: c.pending, "keeps your file open until the score is in"),
    ("they asked, or require the score", lambda c: c.asks, "confirms eligibility"),
    (
        "passed after a failure, or a pass that ECFMG is waiting for",
        lambda c: c.eligible_now,
        "you can now be ranked",
    ),
    (
        "strong, after an interview",
        lambda c: _strong(c) and c.interviewed,
        "may move you up slightly",
    ),
    (
        "strong, on hold or waitlisted",
        lambda c: _strong(c) and c.on_hold,
        "may get you off the waitlist",
    ),
    (
        "strong, early",
        lambda c: _strong(c) and c.phase is Phase.EARLY,
        "may trigger an interview review",
    ),
    ("a mild asset", lambda c: c.helps, "kept in your file, rarely more"),
    ("weak, or nothing that helps", lambda _: True, "usually ignored"),
)

TEMPERED = "A letter is a tiebreaker, not a miracle; a generic mass mailing gets skimmed."


def expected_reaction(case: Case) -> str:
    """Say what to expect of a letter to this program."""
    return next(reaction for _, holds, reaction in REACTIONS if holds(case))
