"""Approvals are taken back where a fact that the letter used has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from planner.rules.letters import Letter
from planner.rules.situation import Situation
from planner.rules.states import DUE
from planner.rules.wording import changed_facts
from planner.steps.letter_facts import LetterFacts, describe_changes
from planner.store import programs
from planner.store.engine import Transaction
from planner.store.letters import list_letters, thaw


def void_changed(
    tx: Transaction,
    book: LetterFacts,
    letters: Iterable[Letter],
    *,
    at: datetime,
    command: str,
) -> list[int]:
    """Take back the approval of those letters whose used facts changed; returns their numbers."""
    by_id = {program.id: program for program in book.programs}
    present, voided = book.situation.occasion, []
    for letter in letters:
        if letter.state not in DUE or letter.occasion != present:
            continue
        now = book.present_facts(letter, by_id[letter.program_id])
        changes = changed_facts(letter.facts, now)
        if letter.account != book.account:
            changes["mail account"] = (letter.account or "", book.account)
        if changes:
            why = f"approval void: {describe_changes(changes)}"
            thaw(
                tx,
                letter,
                at=at,
                command=command,
                why=why,
                stale=letter.edited,
                held_because=why,
            )
            voided.append(letter.id)
    return voided


def void_moved(tx: Transaction, situation: Situation, *, account: str, command: str) -> list[int]:
    """`void_changed` over everything that is stored, after facts may have moved."""
    letters = list_letters(tx)
    facts = [letter.fact() for letter in letters]
    book = LetterFacts(situation, programs.list_programs(tx), facts, account)
    return void_changed(tx, book, letters, at=situation.now, command=command)
