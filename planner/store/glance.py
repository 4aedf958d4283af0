"""Quick looks at the whole: each answered from an index, whatever the number of letters."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from planner.rules.states import LetterState
from planner.store.moves import stored
from planner.store.retired import LISTED
from planner.store.sqlite import sqlite3


def programs(db: sqlite3.Connection) -> int:
    """How many programs are in the list."""
    (number,) = db.execute(f"SELECT count(*) FROM programs WHERE {LISTED}").fetchone()  # noqa: S608
    return int(number)


def letters(db: sqlite3.Connection) -> dict[LetterState, int]:
    """How many letters are in each state; states without any are left out."""
    found = dict(db.execute("SELECT state, count(*) FROM letters GROUP BY state"))
    return {state: found[state] for state in LetterState if state in found}


def held(db: sqlite3.Connection, states: Iterable[LetterState]) -> tuple[int, str]:
    """How many letters in these states a closed gate kept back, and why the first of them."""
    waiting = (
        "FROM letters WHERE held_because IS NOT NULL AND state IN (SELECT value FROM json_each(?))"
    )
    listed = (json.dumps(sorted(states)),)
    (number,) = db.execute(f"SELECT count(*) {waiting}", listed).fetchone()
    first = db.execute(f"SELECT held_because {waiting} LIMIT 1", listed).fetchone()
    return number, first[0] if first else ""


def services(db: sqlite3.Connection, states: Iterable[LetterState]) -> list[tuple[str | None, str]]:
    """(application service or None, specialty) of programs with a letter in these states."""
    listed = json.dumps(sorted(states))
    pairs = db.execute("SELECT DISTINCT application_service, specialty FROM programs").fetchall()
    waiting = (
        "SELECT EXISTS (SELECT 1 FROM programs JOIN letters ON program_id = programs.id"
        " WHERE application_service IS ? AND specialty = ?"
        " AND letters.state IN (SELECT value FROM json_each(?)))"
    )
    return [pair for pair in pairs if db.execute(waiting, (*pair, listed)).fetchone()[0]]


def used(db: sqlite3.Connection, account: str, since: datetime) -> int:
    """How many deliveries of an account count since a moment."""
    query = "SELECT count(*) FROM attempts WHERE account = ? AND at > ?"
    (number,) = db.execute(query, (account, stored(since))).fetchone()
    return int(number)
