"""Programs in the database: read, and changed one by one; `program_bulk.py` is for imports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from planner.errors import StorageError
from planner.rules.facts import Program, Status
from planner.rules.identity import key_of
from planner.store.engine import Transaction, among
from planner.store.retired import LISTED
from planner.store.schema import UNREADABLE, programs, retired

FIELDS = tuple(f.name for f in fields(Program))
_READ = sa.select(*(programs.c[name] for name in FIELDS)).order_by(programs.c.id)


def list_programs(tx: Transaction) -> list[Program]:
    """Return all programs in the list, in the order of their first import."""
    return _read(tx, _READ.where(LISTED))


def list_removed(tx: Transaction) -> list[Program]:
    """Return the programs that were taken out of the list, without those that were joined."""
    out = sa.select(retired.c.program_id).where(retired.c.into_id.is_(None))
    return _read(tx, _READ.where(programs.c.id.in_(out)))


def get_programs(tx: Transaction, ids: Collection[int]) -> list[Program]:
    """Return the programs with these ids."""
    return _read(tx, _READ.where(among(programs.c.id, ids)))


def describe_damage(tx: Transaction) -> StorageError:
    """Make the error that names the first value in a program that planner did not write."""
    return _damaged(tx, _READ)


def _read(tx: Transaction, query: sa.Select[Any]) -> list[Program]:
    """Read programs.  Raises StorageError for a value that planner did not write."""
    try:
        rows = tx.execute(query).all()
    except UNREADABLE as error:
        raise _damaged(tx, query) from error
    # Text may be bytes, and JSON something else than an object, without being unreadable.
    if any(bytes in map(type, row) or type(row.extra) is not dict for row in rows):
        raise _damaged(tx, query)
    return [Program(*row) for row in rows]


def _damaged(tx: Transaction, query: sa.Select[Any]) -> StorageError:
    """Name the first value that cannot be read, by reading each as it is stored."""
    stored = (sa.type_coerce(programs.c[name], sa.types.NullType()) for name in FIELDS)
    rows = tx.execute(query.with_only_columns(*stored)).all()
    number, name, value = next(
        (row[0], name, value)
        for row in rows
        for name, value in zip(FIELDS, row, strict=True)
        if not _readable(tx, programs.c[name], value)
    )
    return StorageError(
        f"Program #{number} has {name} {value!r} in the database, which planner never writes:"
        " another program has changed it, or the disk has damaged it.",
        hint="Put a copy of the database back, or fix the value with the program that changed it.",
        code="damaged_database",
    )


def _readable(tx: Transaction, column: sa.Column[Any], value: Any) -> bool:
    read = column.type.dialect_impl(tx.dialect).result_processor(tx.dialect, None)
    try:
        value = value if read is None else read(value)
    except UNREADABLE:
        return False
    return isinstance(value, dict) if column.name == "extra" else not isinstance(value, bytes)


class Glimpse(NamedTuple):
    """The few fields of a program that tell which one it is, and its status."""

    id: int
    program: str
    acgme_id: str
    nrmp_code: str
    status: Status


def list_glimpses(tx: Transaction, ids: Iterable[int]) -> Iterator[Glimpse]:
    """Yield a glimpse of each program with one of these ids; it reads 500 at a time."""
    query = sa.select(*(programs.c[name] for name in Glimpse._fields)).order_by(programs.c.id)
    remaining = iter(ids)
    while some := list(islice(remaining, 500)):
        for row in tx.execute(query.where(among(programs.c.id, some))):
            yield Glimpse._make(row)


def set_fields(
    tx: Transaction,
    program: Program,
    values: Mapping[str, Any],
    *,
    mine: Collection[str] | None = None,
) -> Program:
    """Set fields by hand, and return the new program.

    From now on, the fields in `mine` (by default all that are set) win over any file.
    """
    changed = replace(program, **values)
    by_hand = {*set_by_hand(tx, program.id), *(values if mine is None else mine)}
    columns = {name: getattr(changed, name) for name in FIELDS if name != "id"} | {
        "extra": dict(changed.extra),
        "name_key": key_of(changed),
        "set_by_user": sorted(by_hand),
    }
    tx.execute(sa.update(programs).where(programs.c.id == program.id).values(**columns))
    return changed


def set_by_hand(tx: Transaction, program: int) -> set[str]:
    """Return the names of the fields that the user set by hand."""
    query = sa.select(programs.c.set_by_user).where(programs.c.id == program)
    return set(tx.execute(query).scalar_one())
