"""Finds letters under way that a command's change affects, so that it can say so at once.

The sender looks again before its mark and gives such a letter back; one that is marked
already leaves as it was.
"""

from __future__ import annotations

from typing import NamedTuple

from planner.rules.letters import Letter
from planner.rules.situation import Situation
from planner.rules.states import UNDER_WAY, LetterState
from planner.store.engine import Transaction
from planner.store.letters import list_letters
from planner.store.send_queue import fetch_current


class UnderWay(NamedTuple):
    """A letter that a sender holds, and why it should not leave as it is."""

    letter: Letter
    why: str

    @property
    def leaves(self) -> bool:
        """Whether the change came too late to hold it."""
        return self.letter.state is LetterState.COMMITTING


def find_under_way(tx: Transaction, situation: Situation, account: str) -> list[UnderWay]:
    """Return the letters that a sender holds and that should no longer leave as they are."""
    held = list_letters(tx, states=UNDER_WAY)
    if not held:
        return []
    from planner.steps.sending.gate_checker import GateChecker  # only sending needs it otherwise

    gates = GateChecker(situation, account)
    gates.renew_in(tx, situation.now, 0, waiting=UNDER_WAY)
    found = (
        (letter, gates.find_void(letter) or gates.find_closed(letter, fetch_current(tx, letter.id)))
        for letter in held
    )
    return [UnderWay(letter, why) for letter, why in found if why]
