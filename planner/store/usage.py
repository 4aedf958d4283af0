"""What an account has sent, and when it must rest: the pace is counted from these rows."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from planner.store.moves import moment, stored
from planner.store.sqlite import sqlite3


class Pause(NamedTuple):
    """An account that must rest: until when, what the server said, how often in a row."""

    until: datetime
    why: str
    strikes: int


def count(db: sqlite3.Connection, account: str, at: datetime, number: int | None = None) -> None:
    """Count one delivery against the pace of an account; without a number, a copy to oneself."""
    db.execute(
        "INSERT INTO attempts (letter_id, account, at) VALUES (?, ?, ?)",
        (number, account, stored(at)),
    )


def uncount(db: sqlite3.Connection, number: int) -> None:
    """Take the last attempt of a letter back: its body was not taken, so nothing was spent."""
    last = "SELECT id FROM attempts WHERE letter_id = ? ORDER BY id DESC LIMIT 1"
    db.execute(f"DELETE FROM attempts WHERE id = ({last})", (number,))  # noqa: S608


def departures(db: sqlite3.Connection, account: str, since: datetime, most: int) -> list[datetime]:
    """The last deliveries of an account since a moment, at most so many, oldest first."""
    rows = db.execute(
        "SELECT at FROM attempts WHERE account = ? AND at > ? ORDER BY at DESC LIMIT ?",
        (account, stored(since), most),
    )
    return [at for (text,) in reversed(rows.fetchall()) if (at := moment(text))]


def paused(db: sqlite3.Connection, account: str) -> Pause | None:
    """The last pause of an account since a letter was accepted, even if it is over."""
    row = db.execute(
        "SELECT until, why, strikes FROM pauses WHERE account = ?", (account,)
    ).fetchone()
    until = moment(row[0]) if row else None
    return Pause(until, row[1], row[2]) if until else None


def pause(db: sqlite3.Connection, account: str, found: Pause) -> None:
    """Let an account rest."""
    db.execute(
        "INSERT OR REPLACE INTO pauses (account, until, why, strikes) VALUES (?, ?, ?, ?)",
        (account, stored(found.until), found.why, found.strikes),
    )


def resume(db: sqlite3.Connection, account: str) -> None:
    """The server takes letters again."""
    db.execute("DELETE FROM pauses WHERE account = ?", (account,))
