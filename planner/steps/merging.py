"""Merges programs with their duplicates, or removes them; no letter's history is lost.

What left, or may have, goes on counting: it moves to the program that stays, so that a
second letter of the same occasion is not written there.  What still waits is withdrawn,
with an event that says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from planner.errors import ConfigError, PersonNeededError
from planner.rules.facts import ContactPolicy, Program, Signal, Status
from planner.rules.letters import Letter
from planner.rules.situation import Situation
from planner.rules.states import DUE, GONE, UNDER_WAY, LetterState
from planner.sheets.parsers.status import furthest
from planner.steps.approvals import void_moved
from planner.steps.plan import find_program
from planner.steps.recovering import recover_dead
from planner.steps.under_way import UnderWay, find_under_way
from planner.steps.workspace import Workspace
from planner.store import programs, retired
from planner.store.engine import Transaction
from planner.store.letters import list_letters, move_letter

MERGE, REMOVE = "programs merge", "programs remove"
_SAYS_NO = frozenset({Status.REJECTED, Status.WITHDRAWN, ContactPolicy.NONE})
_EMPTY = Program(id=0, program="", specialty="")
# What a file tells apart by, or what is looked at in a way of its own.
_APART = frozenset({"id", "extra", "status", "contact_policy", "signal", "notes", "connection"})


@dataclass(slots=True)
class Joined:
    """What became of two programs and their letters; every list holds letter numbers.

    `goes` is the one that is out of the list now; `taken` are the fields of the one that stays which the other gave: name to (old, new).
    """

    program: Program
    goes: Program
    taken: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    moved: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    voided: list[int] = field(default_factory=list)
    under_way: list[UnderWay] = field(default_factory=list)


def find_two(ws: Workspace, stays: str, goes: str) -> tuple[Program, Program]:
    """Return the programs that `merge` would make one.  Raises for two that it refuses."""
    with ws.store.read() as tx:
        everything = programs.list_programs(tx)
    one, other = (find_program(everything, name) for name in (stays, goes))
    _refuse_two(one, other)
    return one, other


def merge(ws: Workspace, stays: str, goes: str) -> Joined:
    """Make one program of two; `stays` keeps its number, name and values, and is filled up.

    Raises UnknownNameError for a name that fits no program, or several, ConfigError for two
    that their codes tell apart, PersonNeededError while a sender has a letter of `goes` in
    hand.
    """
    recover_dead(ws)
    with ws.store.begin() as tx:
        everything = programs.list_programs(tx)
        one, other = (find_program(everything, name) for name in (stays, goes))
        return _merge(tx, ws.situation(), one, other, account=ws.account)


def _merge(
    tx: Transaction, situation: Situation, stays: Program, goes: Program, *, account: str
) -> Joined:
    _refuse_two(stays, goes)
    letters = list_letters(tx)
    theirs = [letter for letter in letters if letter.program_id == goes.id]
    _refuse_in_hand(theirs)
    joined = Joined(replace(stays, **_filled(stays, goes)), goes)
    for letter in theirs:
        _hand_over(tx, letter, stays, letters, situation.now, joined)
    joined.taken = {
        name: (getattr(stays, name), getattr(joined.program, name))
        for name in programs.FIELDS
        if getattr(stays, name) != getattr(joined.program, name)
    }
    by_hand = programs.set_by_hand(tx, goes.id) & joined.taken.keys() | _closing(joined)
    new = {name: value for name, (_, value) in joined.taken.items()}
    programs.set_fields(tx, stays, new, mine=by_hand)
    retired.retire(tx, goes.id, at=situation.now, into=stays.id)
    joined.voided = void_moved(tx, situation, account=account, command=MERGE)
    joined.under_way = find_under_way(tx, situation, account)
    return joined


def _closing(joined: Joined) -> set[str]:
    """Return the fields in which the program that goes says no; they count as set by hand.

    The next file may have only the other program's row, which does not say no.
    """
    said = {"status": joined.program.status, "contact_policy": joined.program.contact_policy}
    return {name for name in said.keys() & joined.taken.keys() if said[name] in _SAYS_NO}


def _refuse_two(stays: Program, goes: Program) -> None:
    """Raise ConfigError if two programs cannot be merged."""
    if stays.id == goes.id:
        raise ConfigError(
            f"#{stays.id} {stays.program} is already one program.",
            code="same_program",
        )
    for name in ("acgme_id", "nrmp_code"):
        mine, other = getattr(stays, name), getattr(goes, name)
        if mine and other and mine != other:
            raise ConfigError(
                f"#{stays.id} has {name} {mine}, #{goes.id} has {other}: two programs.",
                code="two_programs",
                program=goes.id,
                field=name,
                value=mine,
            )
    if stays.specialty != goes.specialty:
        raise ConfigError(
            f"#{stays.id} is {stays.specialty}, #{goes.id} is {goes.specialty}: two programs.",
            code="two_programs",
            program=goes.id,
            field="specialty",
        )


def _refuse_in_hand(letters: Sequence[Letter]) -> None:
    if held := [letter for letter in letters if letter.state in UNDER_WAY]:
        raise PersonNeededError(
            f"Letter {held[0].id} ({held[0].program}) is on its way.", code="in_hand"
        )


def _filled(stays: Program, goes: Program) -> dict[str, Any]:
    """Return the values that the program that goes adds; what forbids a letter wins."""
    found: dict[str, Any] = {
        name: getattr(goes, name)
        for name in programs.FIELDS
        if name not in _APART and getattr(stays, name) == getattr(_EMPTY, name)
    }
    # An address stays with its person, so that no one is greeted by another's name.
    if _other_person(stays.director_last_name, goes.director_last_name):
        found.pop("director_email", None)
        found.pop("director_first_name", None)
    if _other_person(stays.coordinator_name, goes.coordinator_name):
        found.pop("coordinator_email", None)
    policies, signals = list(ContactPolicy), list(Signal)  # from the weakest to the strongest
    return found | {
        "status": furthest([stays.status, goes.status]),
        "contact_policy": max(stays.contact_policy, goes.contact_policy, key=policies.index),
        "signal": max(stays.signal, goes.signal, key=signals.index),
        "notes": _both(stays.notes, goes.notes, "\n"),
        "connection": _both(stays.connection, goes.connection, "; "),
        "extra": {**goes.extra, **stays.extra},
    }


def _other_person(mine: str, theirs: str) -> bool:
    return bool(mine and theirs) and mine.casefold() != theirs.casefold()


def _both(mine: str, theirs: str, between: str) -> str:
    return mine if not theirs or theirs in mine else between.join(filter(None, (mine, theirs)))


def _hand_over(
    tx: Transaction,
    letter: Letter,
    stays: Program,
    letters: Sequence[Letter],
    at: datetime,
    joined: Joined,
) -> None:
    """Move a letter that has left to the program that stays; withdraw one that waits."""
    if letter.waits:
        _withdraw(tx, letter, at, MERGE, f"its program is part of #{stays.id} now")
        joined.withdrawn.append(letter.id)
        return
    if letter.state not in GONE:
        joined.kept.append(letter.id)
        return
    own = [x for x in letters if x.program_id == stays.id and x.occasion == letter.occasion]
    if not own:
        retired.reassign(tx, letter.id, stays.id)
        joined.moved.append(letter.id)
    elif own[0].state in GONE:
        joined.kept.append(letter.id)  # they got both; each goes on keeping its address
    else:
        if own[0].waits:
            _withdraw(tx, own[0], at, MERGE, f"letter {letter.id} has left for the same program")
            joined.withdrawn.append(own[0].id)
        retired.swap(tx, own[0].id, letter.id)
        joined.moved.append(letter.id)


def _withdraw(tx: Transaction, letter: Letter, at: datetime, command: str, why: str) -> None:
    to = LetterState.CANCELLED if letter.state in DUE else LetterState.LEFT_OUT
    move_letter(tx, letter, to, at=at, command=command, why=why)


def remove(ws: Workspace, name: str) -> Joined:
    """Remove a program from the list; its letters stay, and waiting ones are withdrawn.

    Raises UnknownNameError for a name that fits no program, or several, PersonNeededError
    while a sender has a letter of it in hand.
    """
    recover_dead(ws)
    with ws.store.begin() as tx:
        return _remove(tx, find_program(programs.list_programs(tx), name), ws.now())


def _remove(tx: Transaction, program: Program, at: datetime) -> Joined:
    theirs = [letter for letter in list_letters(tx) if letter.program_id == program.id]
    _refuse_in_hand(theirs)
    removed = Joined(program, program)
    for letter in theirs:
        if letter.waits:
            _withdraw(tx, letter, at, REMOVE, "its program was taken out of the list")
            removed.withdrawn.append(letter.id)
        else:
            removed.kept.append(letter.id)
    retired.retire(tx, program.id, at=at)
    return removed


def bring_back(ws: Workspace, name: str) -> Program:
    """Put a removed program back.  Raises UnknownNameError."""
    with ws.store.begin() as tx:
        program = find_program(programs.list_removed(tx), name, among="that was taken out")
        retired.bring_back(tx, program.id)
    return program
