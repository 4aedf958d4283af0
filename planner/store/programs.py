"""Programs in the database: read whole, set one by one; `intake` writes them by the batch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from planner.rules.facts import ContactPolicy, Program, Service, Signal, Status, Step2Policy
from planner.rules.specialties import name_key
from planner.store.engine import Transaction
from planner.store.schema import programs

FIELDS = tuple(f.name for f in fields(Program) if f.name != "id")
_WORDS = {
    "status": Status,
    "step2_policy": Step2Policy,
    "signal": Signal,
    "contact_policy": ContactPolicy,
}


def every(tx: Transaction) -> list[Program]:
    """All programs, in the order in which they were first imported."""
    return [_program(row) for row in tx.execute(sa.select(programs).order_by(programs.c.id))]


def with_ids(tx: Transaction, ids: Collection[int]) -> list[Program]:
    """The programs with these ids."""
    query = sa.select(programs).where(programs.c.id.in_(ids)).order_by(programs.c.id)
    return [_program(row) for row in tx.execute(query)]


def count(tx: Transaction) -> int:
    """How many programs there are."""
    return tx.execute(sa.select(sa.func.count()).select_from(programs)).scalar_one()


def set_fields(tx: Transaction, program: Program, values: Mapping[str, Any]) -> Program:
    """Set fields by hand: from now on they win over any file.  Returns the new program."""
    changed = replace(program, **values)
    query = sa.select(programs.c.set_by_user).where(programs.c.id == program.id)
    before = tx.execute(query).scalar_one()
    tx.execute(
        sa.update(programs)
        .where(programs.c.id == program.id)
        .values(**_values(changed), set_by_user=sorted({*before, *values}))
    )
    return changed


def _values(program: Program) -> dict[str, Any]:
    row = {name: getattr(program, name) for name in FIELDS}
    row["extra"] = dict(program.extra)
    row["name_key"] = name_key(program.specialty, program.program, program.city)
    return row


def _program(row: sa.Row[Any]) -> Program:
    values = {name: getattr(row, name) for name in ("id", *FIELDS)}
    for name, words in _WORDS.items():
        values[name] = words(values[name])
    service = values["application_service"]
    values["application_service"] = None if service is None else Service(service)
    return Program(**values)
