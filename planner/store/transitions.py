"""A move of a letter: one guarded UPDATE with its event, or an error.

The table in `rules/states.py` has the allowed moves.  An event says which letter went from
which state to which, when, by which command, and why; the database refuses changes to events.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from planner.errors import PersonNeededError
from planner.rules.states import LetterState, may_move
from planner.store.engine import Transaction
from planner.store.schema import events, letters

log = logging.getLogger(__name__)

REPLY = re.compile(r"\b[2-5]\d\d\b")


class MoveRefusedError(PersonNeededError):
    """A letter was not in the expected state, or the table forbids the move."""


# Statements of the sending loop are made once: to make one takes longer than to run it.
_MOVE = sa.update(letters).where(
    letters.c.id == sa.bindparam("number"),
    letters.c.state == sa.bindparam("old"),
    letters.c.token == sa.bindparam("seen"),
)
_RECORD = sa.insert(events)


def move(
    tx: Transaction,
    number: int,
    old: LetterState,
    new: LetterState,
    /,
    *,
    seen: int,
    at: datetime,
    command: str,
    why: str = "",
    name: str = "",
    **values: Any,
) -> None:
    """Move a letter, if its state and token are still as we saw them.

    `values` are other columns to set with the move.  Raises MoveRefusedError if the table
    forbids the move, or the row changed since.
    """
    if not may_move(old, new):
        raise MoveRefusedError(
            f"{_called(number, name)} is {old}; it cannot become {new}.",
            code="wrong_state",
            letter=number,
        )
    as_seen = {"number": number, "old": old, "seen": seen}
    done = tx.execute(_MOVE, {**as_seen, "state": new, **values})
    if done.rowcount != 1:
        raise MoveRefusedError(
            f"{_called(number, name)} changed in the meantime; nothing was done to it.",
            hint="Run the same command again.",
            code="changed_meanwhile",
        )
    record(tx, number, old, new, at=at, command=command, why=why)
    if again := values.get("next_attempt_at"):
        log.debug(
            "letter %d: next attempt at %s", number, again.astimezone().isoformat(" ", "seconds")
        )


def _called(number: int, name: str) -> str:
    return f"Letter {number} ({name})" if name else f"Letter {number}"


def record(
    tx: Transaction,
    number: int,
    old: LetterState | None,
    new: LetterState,
    *,
    at: datetime,
    command: str,
    why: str,
) -> None:
    """Insert the event of what happened to a letter.

    A server's words stay out of the log: they may quote the letter, and the log has them
    without it in the SMTP dialogue.
    """
    reason = ": see the reply" if REPLY.search(why) else f": {why}" if why else ""
    log.debug("letter %d: %s -> %s, by %s%s", number, old or "new", new, command, reason)
    states = {"from_state": old, "to_state": new}
    tx.execute(_RECORD, {"letter_id": number, "at": at, **states, "command": command, "why": why})
