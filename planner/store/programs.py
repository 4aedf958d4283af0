"""Programs in the database: read whole, set one by one; `intake` writes them by the batch."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, NamedTuple

from planner.rules.facts import (
    ContactPolicy,
    Program,
    Service,
    Signal,
    Status,
    Step2Policy,
    plain,
)
from planner.rules.identity import name_key
from planner.store.retired import LISTED
from planner.store.sqlite import sqlite3, word_of

FIELDS = tuple(f.name for f in fields(Program))
_READ = f"SELECT {', '.join(FIELDS)} FROM programs"  # noqa: S608 - names of columns
_STATUS = word_of(Status)
# How a stored value becomes a field's; what is not listed stays as it is.
_GIVEN_BACK: dict[str, Any] = {
    "status": _STATUS,
    "step2_policy": word_of(Step2Policy),
    "signal": word_of(Signal),
    "contact_policy": word_of(ContactPolicy),
    "application_service": lambda word: None if word is None else Service(word),
    "extra": lambda text: {} if text == "{}" else json.loads(text),
    **dict.fromkeys(("top_choice", "rank_list_locked"), bool),
    **dict.fromkeys(
        ("interview_date", "told_on"), lambda day: None if day is None else date.fromisoformat(day)
    ),
}
_CONVERSIONS = tuple((i, _GIVEN_BACK[name]) for i, name in enumerate(FIELDS) if name in _GIVEN_BACK)


def every(db: sqlite3.Connection) -> list[Program]:
    """All programs of the list, in the order in which they were first imported."""
    return [_program(row) for row in db.execute(f"{_READ} WHERE {LISTED} ORDER BY id")]


def taken_out(db: sqlite3.Connection) -> list[Program]:
    """The programs that were taken out of the list, without those that were joined."""
    out = "id IN (SELECT program_id FROM retired WHERE into_id IS NULL)"
    return [_program(row) for row in db.execute(f"{_READ} WHERE {out} ORDER BY id")]


def with_ids(db: sqlite3.Connection, ids: Collection[int]) -> list[Program]:
    """The programs with these ids."""
    query = f"{_READ} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"  # noqa: S608
    return [_program(row) for row in db.execute(query, (json.dumps(sorted(ids)),))]


class Glimpse(NamedTuple):
    """As much of a program as says which one it is, and how far things have come with it."""

    id: int
    program: str
    acgme_id: str
    nrmp_code: str
    status: Status


def glimpses(db: sqlite3.Connection, ids: Iterable[int]) -> Iterator[Glimpse]:
    """A look at each of the programs with these ids, ascending, one at a time."""
    query = f"SELECT {', '.join(Glimpse._fields)} FROM programs WHERE id = ?"  # noqa: S608
    for number in ids:
        for _, program, acgme_id, nrmp_code, status in db.execute(query, (number,)):
            yield Glimpse(number, program, acgme_id, nrmp_code, _STATUS(status))


def set_fields(
    db: sqlite3.Connection,
    program: Program,
    values: Mapping[str, Any],
    *,
    mine: Collection[str] | None = None,
) -> Program:
    """Set fields by hand: from now on they win over any file.  Returns the new program.

    `mine` are those that do; all of them where it is not given.
    """
    changed = replace(program, **values)
    before = set_by_hand(db, program.id)
    columns = {name: plain(getattr(changed, name)) for name in FIELDS if name != "id"} | {
        "extra": json.dumps(dict(changed.extra)),
        "name_key": name_key(changed.specialty, changed.program, changed.city),
        "set_by_user": json.dumps(sorted({*before, *(values if mine is None else mine)})),
    }
    assigned = ", ".join(f"{name} = ?" for name in columns)
    db.execute(f"UPDATE programs SET {assigned} WHERE id = ?", (*columns.values(), program.id))  # noqa: S608
    return changed


def set_by_hand(db: sqlite3.Connection, program: int) -> set[str]:
    """The fields of a program that the user set."""
    query = "SELECT set_by_user FROM programs WHERE id = ?"
    (found,) = db.execute(query, (program,)).fetchone()
    return set(json.loads(found))


def _program(row: Sequence[Any]) -> Program:
    values = list(row)
    for place, give_back in _CONVERSIONS:
        values[place] = give_back(values[place])
    return Program(*values)
