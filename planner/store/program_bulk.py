"""Programs by the batch: what an import reads and writes.

Values go in and out in their plainest form (`facts.plain`), which is how SQLite keeps them:
the statements are Core's, compiled once and run by the driver with plain tuples, so that a
list of a hundred thousand rows needs no conversion.  This is the one place that does so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from planner.rules.facts import Program, plain
from planner.rules.states import DUE
from planner.store import retired
from planner.store.engine import Transaction, among
from planner.store.schema import letters, programs

# Fields of a program in the order of their columns, and what an empty one holds.
EMPTY: dict[str, Any] = {
    f.name: plain(getattr(Program(id=0, program="", specialty=""), f.name))
    for f in fields(Program)
    if f.name not in {"id", "extra"}
}
# What tells programs apart, and what must be known of each.
IDENTITY = frozenset({"nrmp_code", "acgme_id", "specialty", "program", "city", "state"})
CACHE_KIB = 16 * 1024  # of SQLite's pages while a list comes in


@dataclass(slots=True, eq=False)
class StoredProgram:
    """One program as an import sees it: its fields, in the order of `EMPTY`, and its extras.

    `mine` names the fields that the user set by hand; `is_out`: the user took it out of the
    list; `joined`: the program that it is part of now, which stands for it; `twins`: the keys
    of the names of those that are part of it.
    """

    id: int
    values: dict[str, Any]
    name_key: str
    extra: dict[str, str]
    mine: frozenset[str] = frozenset()
    is_out: bool = False
    joined: StoredProgram | None = None
    twins: frozenset[str] = frozenset()


@dataclass(slots=True)
class LookupKeys:
    """By what programs are looked up; those with a code meet by name only such without one.

    `shared` are those that more than one record has.
    """

    nrmp_codes: set[str] = field(default_factory=set)
    acgme_ids: set[str] = field(default_factory=set)
    acgme_ids_uncoded: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    names_uncoded: set[str] = field(default_factory=set)
    names_with_acgme: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    def lists(self) -> Iterator[tuple[str, set[str]]]:
        """Each kind of key with those of it, but for `shared`."""
        yield from ((f.name, getattr(self, f.name)) for f in fields(self) if f.name != "shared")


# The table without its types: what is written and read is plain already.
_PLAIN = sa.table(
    programs.name,
    *(sa.column(column.name, sa.Integer if column.name == "id" else None) for column in programs.c),
)
_ID, _NRMP, _ACGME, _NAME = (_PLAIN.c[n] for n in ("id", "nrmp_code", "acgme_id", "name_key"))


def _matching(lists: Mapping[str, Collection[str]]) -> sa.CompoundSelect[Any]:
    """The ids of programs under any of the keys, which are given as by `LookupKeys.lists`.

    Each part uses an index of its own; an OR of them would read the whole table.
    """
    conditions = {
        "nrmp_codes": (_NRMP, None),
        "acgme_ids": (_ACGME, None),
        "acgme_ids_uncoded": (_ACGME, _NRMP == ""),
        "names": (_NAME, None),
        "names_with_acgme": (_NAME, _ACGME == ""),
        "names_uncoded": (_NAME, _NRMP == ""),
    }
    parts = []
    for name, keys in lists.items():
        column, further = conditions[name]
        part = sa.select(_ID).where(among(column, keys))
        parts.append(part if further is None else part.where(further))
    return sa.union_all(*parts)


class ProgramBulk:
    """The programs table, for one import within one transaction of the caller's.

    Of programs that are there only the fields in `names` are read and written, besides
    the codes and the parts of the name.  `last_id` is the highest id that was there
    before; new programs get those after it.
    """

    def __init__(self, tx: Transaction, names: Collection[str] = EMPTY) -> None:
        self.tx = tx
        self._names = [name for name in EMPTY if name in names or name in IDENTITY]
        self._read = sa.select(
            _ID, _NAME, _PLAIN.c.extra, _PLAIN.c.set_by_user, *(_PLAIN.c[n] for n in self._names)
        ).order_by(_ID)
        if tx.dialect.name == "sqlite":
            tx.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
        # Whether any program has no NRMP code: only such can be met by a weaker key.
        self._any_uncoded = self._has(sa.select(_ID).where(_NRMP == ""))
        self.last_id = tx.scalar(sa.select(sa.func.max(_ID))) or 0
        self._out = retired.all_of(tx)

    def awaits_delivery(self) -> bool:
        """Whether any letter is approved and has not left: its facts may be about to change."""
        return self._has(sa.select(letters.c.id).where(letters.c.state.in_(sorted(DUE))))

    def _has(self, query: sa.Select[Any]) -> bool:
        return self.tx.scalar(query.limit(1)) is not None

    def begin(self) -> None:
        """From here on everything may be taken back with `undo`."""
        self._savepoint = self.tx.begin_nested()

    def undo(self) -> None:
        """Leave the programs as they were at `begin`."""
        self._savepoint.rollback()

    def matching(self, keys: LookupKeys) -> list[StoredProgram]:
        """The programs known under any of the keys."""
        lists = {name: found for name, found in keys.lists() if found}
        if not self._any_uncoded:
            lists = {name: found for name, found in lists.items() if "uncoded" not in name}
        if not lists:
            return []
        found = self._stored(self._read.where(_ID.in_(_matching(lists))))
        return self._with_survivors(found) if self._out else found

    def _with_survivors(self, found: list[StoredProgram]) -> list[StoredProgram]:
        """Say of programs that are out what became of them, and add those that they became."""
        known = {entry.id: entry for entry in found}
        ends = {entry.id: retired.end_of(self._out, entry.id) for entry in found}
        missing = sorted(set(ends.values()) - known.keys())
        known.update((entry.id, entry) for entry in self.with_ids(missing))
        for entry in known.values():
            end = ends.get(entry.id, entry.id)
            entry.is_out = end == entry.id and entry.id in self._out
            if end != entry.id:
                entry.joined = known[end]
                entry.joined.twins |= {entry.name_key}
        return list(known.values())

    def bring_back(self, entry: StoredProgram) -> None:
        """Put a program back into the list."""
        retired.bring_back(self.tx, entry.id)
        self._out = retired.all_of(self.tx)
        entry.is_out = False

    def with_ids(self, ids: Sequence[int]) -> list[StoredProgram]:
        """The programs with these ids."""
        return self._stored(self._read.where(among(_ID, ids))) if ids else []

    def _stored(self, query: sa.Select[Any]) -> list[StoredProgram]:
        return [
            StoredProgram(
                number,
                dict(zip(self._names, values, strict=True)),
                key,
                {} if extra == "{}" else json.loads(extra),
                frozenset() if mine == "[]" else frozenset(json.loads(mine)),
            )
            for number, key, extra, mine, *values in self.tx.execute(query)
        ]

    def add(self, fresh: Sequence[StoredProgram]) -> None:
        """Insert programs under their ids."""
        columns = (*EMPTY, "extra", "name_key", "id")
        self._run(sa.insert(_PLAIN).values({n: sa.bindparam(n) for n in columns}), columns, fresh)
        self._any_uncoded = self._any_uncoded or not all(e.values["nrmp_code"] for e in fresh)

    def change(self, changed: Collection[StoredProgram]) -> None:
        """Write programs that exist again, as they were read."""
        columns = (*self._names, "extra", "name_key")
        statement = sa.update(_PLAIN).where(sa.bindparam("of_id") == _ID)
        assigned: dict[str, Any] = {name: sa.bindparam(name) for name in columns}
        self._run(statement.values(assigned), (*columns, "of_id"), changed)

    def _run(
        self,
        statement: sa.Insert | sa.Update,
        columns: Sequence[str],
        rows: Collection[StoredProgram],
    ) -> None:
        """Compile a statement once and have the driver run it for all rows."""
        if rows:
            compiled = statement.compile(self.tx)
            # SQLite's driver takes tuples in the order of the statement, psycopg takes names.
            names = compiled.positiontup
            as_taken: Callable[[tuple[Any, ...]], Any] = (
                itemgetter(*map(columns.index, names))
                if names
                else lambda row: dict(zip(columns, row, strict=True))
            )
            self.tx.exec_driver_sql(str(compiled), [as_taken(_row(entry)) for entry in rows])


def _row(entry: StoredProgram) -> tuple[Any, ...]:
    extra = json.dumps(entry.extra, ensure_ascii=False) if entry.extra else "{}"
    return *entry.values.values(), extra, entry.name_key, entry.id
