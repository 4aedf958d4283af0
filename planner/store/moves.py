"""A move of a letter: one guarded UPDATE with its event, or an error.

The allowed moves are the table in `rules/states.py`.  An event says which letter went from
which state to which, when, by which command, and why; the database lets nobody change one.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from planner.errors import PersonNeededError
from planner.rules.states import LetterState, may_move
from planner.store.sqlite import sqlite3


class MoveRefusedError(PersonNeededError):
    """A letter was not where it was expected, or the table forbids the move."""


def move(
    db: sqlite3.Connection,
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
    """Move a letter, if it is still as we saw it, its token included.

    `values` are the columns that go with the move.  Raises MoveRefusedError where the
    table forbids the move, or the row changed since.
    """
    if not may_move(old, new):
        raise MoveRefusedError(
            f"{_called(number, name)} is {old}; it cannot become {new}.",
            hint=f"planner outbox show {number} tells its story.",
            code="wrong_state",
        )
    done = db.execute(
        _update(tuple(values)), (new.value, *map(stored, values.values()), number, old.value, seen)
    )
    if done.rowcount != 1:
        raise MoveRefusedError(
            f"{_called(number, name)} changed meanwhile; nothing was done to it.",
            hint="Run the same command again.",
            code="changed_meanwhile",
        )
    record(db, number, old, new, at=at, command=command, why=why)


def _called(number: int, name: str) -> str:
    return f"Letter {number} ({name})" if name else f"Letter {number}"


@cache
def _update(columns: tuple[str, ...]) -> str:
    assigned = ", ".join(f"{column} = ?" for column in ("state", *columns))
    return f"UPDATE letters SET {assigned} WHERE id = ? AND state = ? AND token = ?"  # noqa: S608


def record(
    db: sqlite3.Connection,
    number: int,
    old: LetterState | None,
    new: LetterState,
    *,
    at: datetime,
    command: str,
    why: str,
) -> None:
    """Write down what happened to a letter."""
    db.execute(
        "INSERT INTO events (letter_id, at, from_state, to_state, command, why)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (number, stored(at), old and old.value, new.value, command, why),
    )


def stored(value: Any) -> Any:
    """A value as the columns of `schema.py` hold it: moments in UTC, lists and dicts as JSON."""
    if isinstance(value, datetime):
        return _in_utc(value)
    return json.dumps(value) if isinstance(value, dict | list) else value


@lru_cache(maxsize=32)  # one moment is written into several columns and rows
def _in_utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(" ", "microseconds")[:-6]  # the zone is known


def moment(text: str | None) -> datetime | None:
    """A stored moment, with its zone."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)
