"""What an audit reads: every letter and every event, one row at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa

from planner.store.engine import Transaction
from planner.store.schema import events, letters

MOST = 20  # rows to report of each kind of damage


def find_damage(tx: Transaction) -> Iterator[str]:
    """Yield what SQLite itself finds wrong with the file, and rows with missing parents."""
    # PRAGMAs are SQLite's own; Core has nothing for them.
    for (said,) in tx.exec_driver_sql(f"PRAGMA integrity_check({MOST})"):
        if said != "ok":
            yield said
    for table, row, parent, _ in tx.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(MOST):
        yield f"row {row} of {table} points to no row of {parent}"


def count_letters(tx: Transaction) -> int:
    """Count all letters, whatever their state."""
    return tx.execute(sa.select(sa.func.count()).select_from(letters)).scalar_one()


Told = Iterable[tuple[str | None, str, str]]  # (from, to, command), oldest first


def list_histories(tx: Transaction) -> Iterator[tuple[int, str, Told]]:
    """Yield (number, state, events) of every letter."""
    # Plain text, not enums: a word that is not a state must not end the audit.
    words = (
        sa.type_coerce(column, sa.Text)
        for column in (letters.c.state, events.c.from_state, events.c.to_state)
    )
    query = (
        sa.select(letters.c.id, *words, events.c.command)
        .outerjoin_from(letters, events)
        .order_by(letters.c.id, events.c.id)
    )
    rows = tx.execute(query)
    for (number, state), group in itertools.groupby(rows, key=lambda row: (row[0], row[1])):
        yield number, state, [(row[2], row[3], row[4]) for row in group if row[3] is not None]


def list_future_events(tx: Transaction, now: datetime) -> list[tuple[int, datetime]]:
    """List (letter, moment) of events that lie in the future."""
    query = (
        sa.select(events.c.letter_id, sa.func.max(events.c.at))
        .where(events.c.at > now)
        .group_by(events.c.letter_id)
        .limit(MOST)
    )
    return [(number, at) for number, at in tx.execute(query)]
