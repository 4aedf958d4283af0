"""Every program with its letter, or with the reason why it has none: what a list shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from planner.rules.letters import Letter, findings_of
from planner.rules.planning import Decision
from planner.steps.workspace import Workspace
from planner.store.letters import get_letters, list_letters


class Entry(NamedTuple):
    """A line of the list.

    `letter` is None for a program without one; `reason` is what decided today.  `name` and
    `specialty` are kept for a letter whose program is no longer in the list.
    """

    program_id: int
    name: str
    specialty: str
    letter: Letter | None
    reason: str

    @property
    def state(self) -> str:
        """The state of the letter; "none" without one."""
        return self.letter.state if self.letter else "none"

    @property
    def marks(self) -> Mapping[str, int]:
        """How many findings of each severity the letter has."""
        found = self.letter.findings if self.letter else ()
        counts = {word: len(findings_of(found, word)) for word in ("error", "warning")}
        return {word: number for word, number in counts.items() if number}


def overview(ws: Workspace) -> list[Entry]:
    """The letters in the order of their numbers, then the programs without one as planned."""
    with ws.store.read() as tx:
        letters, composer = list_letters(tx), ws.composer(tx)
    decisions = composer.plan.by_program()
    written = {letter.program_id for letter in letters}
    rest = (d for d in composer.plan.decisions if d.program.id not in written)
    return [*_with_letter(letters, decisions), *(_without(d) for d in rest)]


def entry(ws: Workspace, number: int) -> Entry:
    """The line of one letter.  Raises UnknownNameError."""
    with ws.store.read() as tx:
        letters, composer = get_letters(tx, [number]), ws.composer(tx)
    return next(_with_letter(letters, composer.plan.by_program()))


def _with_letter(letters: list[Letter], decisions: Mapping[int, Decision]) -> Iterator[Entry]:
    for letter in letters:
        decision = decisions.get(letter.program_id)
        specialty = decision.program.specialty if decision else ""
        reason = decision.reasons[0] if decision else "It is no longer in your list."
        yield Entry(letter.program_id, letter.program, specialty, letter, reason)


def _without(decision: Decision) -> Entry:
    program = decision.program
    return Entry(program.id, program.program, program.specialty, None, decision.reasons[0])
