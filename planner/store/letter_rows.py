"""Reads rows of the letters table as letters, or as what a list shows of them.

A row with a value that planner did not write becomes a letter all the same: something
stands in for that value, and what cannot be read stops no other letter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from planner.rules.facts import Occasion
from planner.rules.letter_shapes import KEPT, SHAPES, Look
from planner.rules.letters import Letter, ListedLetter
from planner.rules.states import LetterState
from planner.store.engine import Transaction, among
from planner.store.schema import UNREADABLE, letters, programs

# The columns of those fields of a letter that are not columns of the same name.
_ELSEWHERE = {
    "program": programs.c.program,
    "acgme_id": programs.c.acgme_id,
    "to": letters.c.to_addresses,
    "cc": letters.c.cc_addresses,
}
T = TypeVar("T")


class _Fields(NamedTuple):
    """Fields that are read together: their columns, and what their values have to be."""

    names: tuple[str, ...]
    columns: tuple[Any, ...]
    looks: tuple[Look | None, ...]
    query: Any


def _fields(*names: str) -> _Fields:
    columns = tuple(_ELSEWHERE[name] if name in _ELSEWHERE else letters.c[name] for name in names)
    looks = tuple(SHAPES[name].look if name in SHAPES else None for name in names)
    return _Fields(names, columns, looks, sa.select(*columns).join_from(letters, programs))


_OWN = tuple(name for name in Letter._fields if name not in {"occasion", "damage"})
_WHOLE = _fields(*_OWN, "occasion", "season", "attempt")
_LISTED = _fields(*ListedLetter._fields)


def read_letters(
    tx: Transaction, ids: Collection[int] | None, states: Collection[LetterState] | None
) -> list[Letter]:
    """Read the letters that pass both filters, in the order of their numbers."""
    return _read(tx, _WHOLE, _letter, ids, states)


def read_listed(tx: Transaction, ids: Collection[int] | None) -> list[ListedLetter]:
    """Read what a list shows of the letters with these numbers, or of all."""
    return _read(tx, _LISTED, _listed, ids, None)


def _read(
    tx: Transaction,
    fields: _Fields,
    made: Callable[[Sequence[Any]], T],
    ids: Collection[int] | None,
    states: Collection[LetterState] | None,
) -> list[T]:
    query = fields.query.order_by(letters.c.id)
    if ids is not None:
        query = query.where(among(letters.c.id, ids))
    if states is not None:
        query = query.where(letters.c.state.in_(sorted(states)))
    try:
        return [made(row) for row in tx.execute(query)]
    except UNREADABLE:
        stored = (sa.type_coerce(column, sa.types.NullType()) for column in fields.columns)
        rows = tx.execute(query.with_only_columns(*stored))
        return [made(_decoded(tx, fields, row)) for row in rows]


def _letter(row: Sequence[Any]) -> Letter:
    (*values, kind, season, attempt), wrong = _checked(_WHOLE, row)
    return Letter._make((*values, Occasion(kind, season, attempt), wrong))


def _listed(row: Sequence[Any]) -> ListedLetter:
    return ListedLetter._make(_checked(_LISTED, row)[0])


def _checked(fields: _Fields, row: Sequence[Any]) -> tuple[Sequence[Any], tuple[str, ...]]:
    """The values of a row, and the names of those that something stands in for."""
    wrong = [
        name
        for name, look, value in zip(fields.names, fields.looks, row, strict=True)
        if look is not None and not look(value)
    ]
    if wrong:
        row = [_instead(name, value, wrong) for name, value in zip(fields.names, row, strict=True)]
    return row, tuple(wrong)


def _instead(name: str, value: Any, wrong: Collection[str]) -> Any:
    """Return the value, or what stands in for one that is not as planner writes it."""
    stands_in = SHAPES[name].otherwise if name in wrong else KEPT
    return value if stands_in is KEPT else stands_in


def _decoded(tx: Transaction, fields: _Fields, row: Sequence[Any]) -> list[Any]:
    """Read each value of a row by itself; one that cannot be read stays as it is stored."""
    return [_decode(tx, column, value) for column, value in zip(fields.columns, row, strict=True)]


def _decode(tx: Transaction, column: sa.ColumnElement[Any], value: Any) -> Any:
    read = column.type.dialect_impl(tx.dialect).result_processor(tx.dialect, None)
    try:
        return value if read is None else read(value)
    except UNREADABLE:
        return value
