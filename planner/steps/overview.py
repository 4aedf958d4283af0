"""Every program with its letter, or with the reason why it has none: what a list shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from planner.rules.facts import Program
from planner.rules.letters import ListedLetter, findings_of
from planner.rules.planning import Decision
from planner.steps.overrides import open_errors
from planner.steps.workspace import Workspace
from planner.store import programs
from planner.store.letters import list_for_overview


class Entry(NamedTuple):
    """A line of the list.

    `letter` is None for a program without one, whose `reason` says why.
    """

    program_id: int
    name: str
    specialty: str
    letter: ListedLetter | None
    reason: str = ""

    @property
    def state(self) -> str:
        """The state of the letter; "none" without one."""
        return self.letter.state if self.letter else "none"

    @property
    def marks(self) -> Mapping[str, int]:
        """How many open errors, and how many warnings the letter has."""
        if self.letter is None:
            return {}
        found = self.letter.findings
        errors = open_errors(found, self.letter.overrides)
        counts = {"error": len(errors), "warning": len(findings_of(found, "warning"))}
        return {word: number for word, number in counts.items() if number}


def overview(ws: Workspace) -> list[Entry]:
    """The letters in the order of their numbers, then the programs without one as planned."""
    with ws.store.read() as tx:
        letters, composer = list_for_overview(tx), ws.composer(tx)
    listed = {program.id: program for program in composer.programs}
    with_letter = [_with_letter(letter, listed.get(letter.program_id)) for letter in letters]
    if not (rest := listed.keys() - {letter.program_id for letter in letters}):
        return with_letter  # and nothing has to be planned
    return [*with_letter, *(_without(d) for d in composer.plan.decisions if d.program.id in rest)]


def entry(ws: Workspace, number: int) -> Entry:
    """The line of one letter.  Raises UnknownNameError."""
    with ws.store.read() as tx:
        (letter,) = list_for_overview(tx, [number])
        found = programs.get_programs(tx, [letter.program_id])
    return _with_letter(letter, found[0] if found else None)


def _with_letter(letter: ListedLetter, program: Program | None) -> Entry:
    specialty = program.specialty if program else ""
    return Entry(letter.program_id, letter.program, specialty, letter)


def _without(decision: Decision) -> Entry:
    program = decision.program
    return Entry(program.id, program.program, program.specialty, None, decision.reasons[0])
