"""Lists letters, by state, and those that failed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from planner.rules.facts import Program
from planner.rules.letters import Letter
from planner.rules.states import LetterState
from planner.steps.workspace import Workspace
from planner.store import counts, programs
from planner.store.letters import get_letters
from planner.store.letters import list_letters as stored_letters

FAILED = (LetterState.REFUSED, LetterState.UNKNOWN)


class Listed(NamedTuple):
    """Some letters, and how many letters each state has in total."""

    letters: Sequence[Letter]
    counts: Mapping[LetterState, int]


class Failed(NamedTuple):
    """Programs whose letters failed, and why, by program id."""

    programs: Sequence[Program]
    reasons: Mapping[int, str]


def list_letters(ws: Workspace, states: Collection[LetterState] | None = None) -> Listed:
    """The letters in these states, or all."""
    with ws.store.read() as tx:
        return Listed(stored_letters(tx, states=states), counts.count_letters(tx))


def get_letter(ws: Workspace, number: int) -> Letter:
    """The letter with this number.  Raises UnknownNameError."""
    with ws.store.read() as tx:
        return get_letters(tx, [number])[0]


def count_letters(ws: Workspace) -> Mapping[LetterState, int]:
    """How many letters there are of each state."""
    with ws.store.read() as tx:
        return counts.count_letters(tx)


def list_days_sent(ws: Workspace) -> Mapping[int, str]:
    """Return the last day on which each program was told by letter, by program id."""
    with ws.store.read() as tx:
        sent = stored_letters(tx, states=[LetterState.SENT])
    return {letter.program_id: str(letter.sent_on) for letter in sent if letter.sent_on}


def list_failed(ws: Workspace) -> Failed:
    """The programs of this occasion whose letters were refused, or may have been."""
    occasion = ws.situation().occasion
    with ws.store.read() as tx:
        reasons = {
            letter.program_id: f"letter {letter.id} {letter.state}: {letter.last_reply}"
            for letter in stored_letters(tx, states=FAILED)
            if letter.occasion == occasion
        }
        return Failed(programs.get_programs(tx, reasons), reasons)
