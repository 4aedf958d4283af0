"""Approvals are revoked when a fact that the letter used has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from planner.rules.letters import Letter
from planner.rules.situation import Situation
from planner.rules.states import DUE
from planner.steps.letter_facts import LetterFacts, describe_changes
from planner.store import programs
from planner.store.engine import Transaction
from planner.store.letters import list_letters, thaw


def void_changed(
    tx: Transaction,
    situation: Situation,
    letters: Iterable[Letter],
    find_void: Callable[[Letter], str],
    *,
    command: str,
) -> list[int]:
    """Revoke the approval of letters whose facts changed; return their numbers.

    `find_void` says why an approval no longer holds; see `why_void`.
    """
    present, at, voided = situation.occasion, situation.now, []
    for letter in letters:
        if letter.state not in DUE or letter.occasion != present:
            continue
        if why := find_void(letter):
            void(tx, letter, why, at=at, command=command)
            voided.append(letter.id)
    return voided


VOID = "no longer approved"  # how the reason begins, for a letter whose facts have changed


def why_void(book: LetterFacts, letter: Letter) -> str:
    """Return why the approval of a letter no longer holds; "" if it does."""
    if letter.damage:
        return ""  # it is held by the name of its damage
    changes = book.changes(letter)
    return f"{VOID}: {describe_changes(changes)}" if changes else ""


def void(tx: Transaction, letter: Letter, why: str, *, at: datetime, command: str) -> None:
    """Revoke one approval; a text edited by hand has to be reviewed again."""
    thaw(tx, letter, at=at, command=command, why=why, stale=letter.edited, held_because=why)


def void_moved(tx: Transaction, situation: Situation, *, account: str, command: str) -> list[int]:
    """Run `void_changed` over all stored letters, after facts may have changed."""
    letters = list_letters(tx)
    facts = [letter.fact() for letter in letters]
    book = LetterFacts(situation, programs.list_programs(tx), facts, account)
    return void_changed(tx, situation, letters, partial(why_void, book), command=command)
