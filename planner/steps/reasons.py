"""What draws the applicant to each program, in their own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from planner.rules.facts import LetterKind, Verdict
from planner.steps.actions import Opened, refuse_changed
from planner.steps.draft import draft
from planner.steps.plan import find_program
from planner.steps.programs import parse_assignments, set_by_hand, set_fields
from planner.steps.workspace import Workspace
from planner.store.letters import get_letters
from planner.store.programs import list_programs

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
    for decision in composer.plan.of(Verdict.EMAIL):
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


def set_for_letter(ws: Workspace, opened: Opened, text: str) -> None:
    """Keep the reason of the program that a letter is to, and write an unedited draft again.

    Raises ConfigError for a text that is none, PersonNeededError if the letter is not what
    the user has before them.
    """
    situation = ws.situation()
    values, _ = parse_assignments([f"reason={text}"], situation.specialties)
    with ws.store.begin() as tx:
        letter = get_letters(tx, [opened.id])[0]
        refuse_changed(letter, opened)
        program = find_program(list_programs(tx), f"#{letter.program_id}")
        set_fields(tx, situation, program, values, account=ws.account)
    draft(ws, [f"#{letter.program_id}"], allow_mass=True)
