"""What draws the applicant to each program, in their own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from planner.rules.facts import LetterKind, Verdict
from planner.rules.planning import make_plan
from planner.steps.programs import set_by_hand
from planner.steps.workspace import Workspace

ABOUT_REASONS = frozenset({"no_reason", "generic_reason", "similar_reason"})


class Wanting(NamedTuple):
    """A program whose strong letter wants a reason, and what the lint says of it."""

    id: int
    program: str
    reason: str
    finding: Mapping[str, str]


def list_wanting(ws: Workspace) -> list[Wanting]:
    """The programs that get a strong letter today without a reason of their own."""
    with ws.store.read() as tx:
        composer = ws.composer(tx)
    found = []
    plan = make_plan(composer.situation, composer.programs, composer.letters)
    for decision in plan.of(Verdict.EMAIL):
        if decision.letter is not LetterKind.STRONG_SCORE:
            continue
        for finding in composer.draft(decision).findings:
            if finding["code"] in ABOUT_REASONS:
                program = decision.program
                found.append(Wanting(program.id, program.program, program.reason, finding))
                break
    return found


def set_reason(ws: Workspace, program: int, text: str) -> None:
    """Keep what draws the applicant to a program.  Raises ConfigError for a text that is none."""
    set_by_hand(ws, f"#{program}", [f"reason={text}"])
