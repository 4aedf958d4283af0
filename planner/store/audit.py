"""What an audit reads: every letter, every event, a row at a time."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from planner.store.moves import stored
from planner.store.sqlite import sqlite3

MOST = 20  # rows of a kind that are told


def damage(db: sqlite3.Connection) -> Iterator[str]:
    """What SQLite itself finds wrong with the file, and rows that point nowhere."""
    for (said,) in db.execute(f"PRAGMA integrity_check({MOST})"):
        if said != "ok":
            yield said
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check").fetchmany(MOST):
        yield f"row {row} of {table} points to no row of {parent}"


def total(db: sqlite3.Connection) -> int:
    """How many letters there are, whatever their state."""
    (number,) = db.execute("SELECT count(*) FROM letters").fetchone()
    return int(number)


Frozen = tuple[int, str, tuple[str, ...], bytes, str]


def frozen(db: sqlite3.Connection) -> Iterator[Frozen | int]:
    """(number, sender, recipients, bytes, digest) of every letter that was approved.

    Only the number of one that cannot be read.
    """
    query = "SELECT id, sender, to_addresses, cc_addresses, wire, digest FROM letters"
    for number, sender, to, cc, wire, digest in db.execute(f"{query} WHERE digest IS NOT NULL"):
        try:
            yield number, sender, (*json.loads(to), *json.loads(cc)), bytes(wire), digest
        except (TypeError, ValueError):
            yield number


Told = Iterable[tuple[str | None, str, str]]  # (from, to, command), oldest first


def stories(db: sqlite3.Connection) -> Iterator[tuple[int, str, Told]]:
    """(number, state, events) of every letter."""
    query = (
        "SELECT letters.id, state, from_state, to_state, command FROM letters"
        " LEFT JOIN events ON letter_id = letters.id ORDER BY letters.id, events.id"
    )
    rows = db.execute(query)
    for (number, state), group in itertools.groupby(rows, key=lambda row: row[:2]):
        yield number, state, [row[2:] for row in group if row[3] is not None]


def after(db: sqlite3.Connection, now: datetime) -> list[tuple[int, str]]:
    """(letter, moment in UTC) of events that lie in the future."""
    query = "SELECT letter_id, max(at) FROM events WHERE at > ? GROUP BY letter_id"
    return db.execute(query, (stored(now),)).fetchmany(MOST)
