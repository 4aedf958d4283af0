"""Programs in the database: read whole, set one by one; `intake` writes them by the batch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from planner.rules.facts import Program, Status
from planner.rules.identity import name_key
from planner.store.engine import Transaction, among
from planner.store.retired import LISTED
from planner.store.schema import programs, retired

FIELDS = tuple(f.name for f in fields(Program))
_READ = sa.select(*(programs.c[name] for name in FIELDS)).order_by(programs.c.id)


def list_programs(tx: Transaction) -> list[Program]:
    """All programs of the list, in the order in which they were first imported."""
    return [Program(*row) for row in tx.execute(_READ.where(LISTED))]


def list_removed(tx: Transaction) -> list[Program]:
    """The programs that were taken out of the list, without those that were joined."""
    out = sa.select(retired.c.program_id).where(retired.c.into_id.is_(None))
    return [Program(*row) for row in tx.execute(_READ.where(programs.c.id.in_(out)))]


def get_programs(tx: Transaction, ids: Collection[int]) -> list[Program]:
    """The programs with these ids."""
    return [Program(*row) for row in tx.execute(_READ.where(among(programs.c.id, ids)))]


class Glimpse(NamedTuple):
    """As much of a program as says which one it is, and how far things have come with it."""

    id: int
    program: str
    acgme_id: str
    nrmp_code: str
    status: Status


def list_glimpses(tx: Transaction, ids: Iterable[int]) -> Iterator[Glimpse]:
    """A look at each of the programs with these ids, ascending, some hundreds at a time."""
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
    """Set fields by hand: from now on they win over any file.  Returns the new program.

    `mine` are those that do; all of them where it is not given.
    """
    changed = replace(program, **values)
    by_hand = {*set_by_hand(tx, program.id), *(values if mine is None else mine)}
    columns = {name: getattr(changed, name) for name in FIELDS if name != "id"} | {
        "extra": dict(changed.extra),
        "name_key": name_key(changed.specialty, changed.program, changed.city),
        "set_by_user": sorted(by_hand),
    }
    tx.execute(sa.update(programs).where(programs.c.id == program.id).values(**columns))
    return changed


def set_by_hand(tx: Transaction, program: int) -> set[str]:
    """The fields of a program that the user set."""
    query = sa.select(programs.c.set_by_user).where(programs.c.id == program)
    return set(tx.execute(query).scalar_one())
