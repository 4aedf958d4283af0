"""Letters that a sender held and cannot finish: given back, or unknown after the mark."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from planner.rules.states import LetterState
from planner.store import letters, usage
from planner.store.letters import Letter
from planner.store.moves import stored
from planner.store.sqlite import sqlite3

Columns = dict[str, Any]

# The columns of a letter that was never tried.
AS_BEFORE: Columns = {"date_header": None, "first_attempt_at": None}


def recover(db: sqlite3.Connection, *, at: datetime, alone: bool) -> list[Letter]:
    """Recover what a dead sender left: claimed goes back, committing becomes unknown.

    `alone` says that no other sender lives (the lock is held), so no lease is waited for.
    Returns the letters as they were.
    """
    query = "SELECT id FROM letters WHERE state IN ('claimed', 'committing')"
    if not alone:
        query += f" AND lease_until < '{stored(at)}'"
    found = letters.find(db, ids=[number for (number,) in db.execute(query)])
    for letter in found:
        marked = letter.state is LetterState.COMMITTING
        _release(db, letter, marked, at=at, command="recovery", who="the sender ended")
    return found


def let_go(
    db: sqlite3.Connection, owner: str, marked: Collection[int], *, at: datetime
) -> list[int]:
    """Let go of all that a sender holds; `marked` are those whose dot may have been sent."""
    query = "SELECT id FROM letters WHERE state IN ('claimed', 'committing') AND owner = ?"
    held = letters.find(db, ids=[number for (number,) in db.execute(query, (owner,))])
    for letter in held:
        _release(db, letter, letter.id in marked, at=at, command="send", who="the run broke off")
    return [letter.id for letter in held]


def _release(
    db: sqlite3.Connection, letter: Letter, marked: bool, *, at: datetime, command: str, who: str
) -> None:
    """Back to approved, or unknown after the mark.

    A first attempt that came to nothing fixes no Date, and no clock of giving up; none that
    came to nothing counts against the day.
    """
    if marked:
        back, why = LetterState.UNKNOWN, f"{who} while the server was answering"
    else:
        back, why = LetterState.APPROVED, f"{who} before anything irrevocable"
    first = not marked and _claims(db, letter) == 1
    columns: Columns = {"owner": None, "lease_until": None, **(AS_BEFORE if first else {})}
    letters.move(db, letter, back, at=at, command=command, why=why, **columns)
    if not marked:
        usage.uncount(db, letter.id)


def _claims(db: sqlite3.Connection, letter: Letter) -> int:
    """How often a letter was claimed since it was approved."""
    query = "SELECT count(*) FROM events WHERE letter_id = ? AND to_state = 'claimed' AND at >= ?"
    (number,) = db.execute(query, (letter.id, stored(letter.approved_at))).fetchone()
    return int(number)
