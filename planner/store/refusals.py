"""Refusals that turn out not to be of their letters: found in the events, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from planner.rules.repeated import Earlier, domain_of
from planner.rules.states import LetterState
from planner.store import usage
from planner.store.letters import find
from planner.store.moves import move
from planner.store.queue import note_outcome, record
from planner.store.sqlite import sqlite3
from planner.store.writer import Page

_TURNED_AWAY = (
    "SELECT letter_id, events.to_state, why, to_key FROM events"
    " JOIN letters ON letters.id = letter_id"
    " WHERE events.command = 'send' AND from_state IN ('claimed', 'committing')"
    " AND events.to_state IN (?, 'sent') AND account = ? ORDER BY events.id DESC"
)


def turned_away(
    db: sqlite3.Connection, into: LetterState, account: str | None
) -> Iterator[Earlier]:
    """The letters of an account that a server turned away into a state, latest first.

    Back to the last one that it took.
    """
    for number, state, why, to_key in db.execute(_TURNED_AWAY, (into.value, account)):
        if state != into.value:
            return
        yield Earlier(number, why, domain_of(to_key))


def take_back(page: Page, number: int, /, *, at: datetime, why: str) -> bool:
    """Approve a letter again that was refused for no fault of its own, as if never tried.

    False where it is no longer as the refusal left it.  The journal is told if it knows of
    the refusal: its last word on the letter must not be one that is no longer true.
    """
    (letter,) = find(page.db, ids=[number])
    last = "SELECT from_state FROM events WHERE letter_id = ? ORDER BY id DESC LIMIT 1"
    (held,) = page.db.execute(last, (number,)).fetchone()
    if letter.state is not LetterState.REFUSED or held not in {"claimed", "committing"}:
        return False
    attempts = letter.attempts - 1
    untouched = attempts == 0 and held == LetterState.CLAIMED  # its bytes were read by none
    move(
        page.db,
        number,
        LetterState.REFUSED,
        LetterState.APPROVED,
        seen=letter.token,
        at=at,
        command="send",
        why=why,
        name=letter.program,
        attempts=attempts,
        date_header=None if untouched else letter.date_header,
        first_attempt_at=letter.first_attempt_at if attempts else None,
        next_attempt_at=at,
    )
    if held == LetterState.COMMITTING:
        usage.uncount(page.db, number)
        note_outcome(page, letter, LetterState.APPROVED, record(page.db, number), at=at, why=why)
    return True
