"""Letters that a sender held and cannot finish: approved again, or unknown after the mark."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from planner.rules.letters import Letter
from planner.rules.retries import LEASE, TOLERANCE
from planner.rules.states import LetterState
from planner.store import account_usage
from planner.store.engine import Transaction, server_time
from planner.store.letters import list_letters, move_letter
from planner.store.schema import events
from planner.store.schema import letters as table

Columns = dict[str, Any]

# The columns to reset on a letter that was never really tried.
AS_BEFORE: Columns = {"date_header": None, "first_attempt_at": None}
# Letters that a sender holds.
_HELD = sa.select(table.c.id).where(
    table.c.state.in_([LetterState.CLAIMED, LetterState.COMMITTING])
)


def recover(tx: Transaction, *, at: datetime, alone: bool) -> list[Letter]:
    """Recover a dead sender's letters: claimed ones go back, committing ones become unknown.

    `alone`: no other sender can be alive (we hold the lock), so leases need not run out.
    Returns the letters as they were before.
    """
    query = _HELD if alone else _HELD.where(_is_over(server_time(tx, at)))
    found = list_letters(tx, ids=list(tx.scalars(query)))
    for letter in found:
        marked = letter.state is LetterState.COMMITTING
        _release(tx, letter, marked, at=at, command="recovery", who="the sender ended")
    return found


def _is_over(now: datetime) -> sa.ColumnElement[bool]:
    """Whether a lease is over; no lease is longer, so one that seems to be is of a wrong clock."""
    return sa.or_(table.c.lease_until < now, table.c.lease_until > now + LEASE + TOLERANCE)


def let_go(tx: Transaction, owner: str, marked: Collection[int], *, at: datetime) -> list[int]:
    """Let go of every letter that a sender holds; the dot of those in `marked` may be sent.

    Returns their numbers.
    """
    held = list_letters(tx, ids=list(tx.scalars(_HELD.where(table.c.owner == owner))))
    for letter in held:
        _release(tx, letter, letter.id in marked, at=at, command="send", who="the run broke off")
    return [letter.id for letter in held]


def _release(
    tx: Transaction, letter: Letter, marked: bool, *, at: datetime, command: str, who: str
) -> None:
    """Move a letter back to approved, or to unknown after the mark.

    An attempt that came to nothing does not count against the day; a first one also leaves
    no Date and does not start the time after which we give up.
    """
    if marked:
        back, why = LetterState.UNKNOWN, f"{who} while the server was answering"
    else:
        back, why = LetterState.APPROVED, f"{who} before anything irrevocable"
    first = not marked and _claims(tx, letter) == 1
    columns: Columns = {"owner": None, "lease_until": None, **(AS_BEFORE if first else {})}
    move_letter(tx, letter, back, at=at, command=command, why=why, **columns)
    if not marked:
        account_usage.uncount(tx, letter.id)


def _claims(tx: Transaction, letter: Letter) -> int:
    """Count how often a letter was claimed since it was approved, whatever the clock said."""
    own, approved = events.c.letter_id == letter.id, events.c.to_state == LetterState.APPROVED
    by_a_person = events.c.from_state == LetterState.DRAFT
    last = sa.select(sa.func.max(events.c.id)).where(own, approved, by_a_person).scalar_subquery()
    query = sa.select(sa.func.count()).where(
        own, events.c.to_state == LetterState.CLAIMED, events.c.id > sa.func.coalesce(last, 0)
    )
    return tx.execute(query).scalar_one()
