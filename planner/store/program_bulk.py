"""Programs in bulk: what an import reads and writes.

Values are in their plain form (`facts.plain`), which is how SQLite stores them.  Core
compiles each statement once, and the driver runs it with plain tuples, so that a list of a
hundred thousand rows needs no conversion.  This is the only place that bypasses the types.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from planner.rules.facts import Program, plain
from planner.rules.states import DUE, UNDER_WAY
from planner.store import retired
from planner.store.engine import Transaction, among, among_listed, as_list
from planner.store.schema import letters, programs

# The fields of a program in the order of their columns, with their empty values.
EMPTY: dict[str, Any] = {
    f.name: plain(getattr(Program(id=0, program="", specialty=""), f.name))
    for f in fields(Program)
    if f.name not in {"id", "extra"}
}
# The fields that tell programs apart; they are always read.
IDENTITY = frozenset({"nrmp_code", "acgme_id", "specialty", "track", "program", "city", "state"})
CACHE_KIB = 8 * 1024  # SQLite's page cache during an import


@dataclass(slots=True, eq=False)
class StoredProgram:
    """One program as an import sees it: its fields, in the order of `EMPTY`, and its extras.

    `mine` names the fields that the user set by hand; `is_out`: the user took it out of the
    list; `joined` is the program that it was merged into, which now stands for it; `twins`
    are the name keys of the programs that were merged into this one.
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
    """The keys to look programs up by; a name with a code finds only programs without one.

    `shared` are the keys that more than one record has.
    """

    nrmp_codes: set[str] = field(default_factory=set)
    acgme_ids: set[str] = field(default_factory=set)
    acgme_ids_uncoded: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    names_uncoded: set[str] = field(default_factory=set)
    names_with_acgme: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    def lists(self) -> Iterator[tuple[str, set[str]]]:
        """Yield each kind of key with its keys, except for `shared`."""
        yield from ((f.name, getattr(self, f.name)) for f in fields(self) if f.name != "shared")


# The table without its types, because the values are plain already.
_PLAIN = sa.table(
    programs.name,
    *(sa.column(column.name, sa.Integer if column.name == "id" else None) for column in programs.c),
)
_ID, _NRMP, _ACGME, _NAME = (_PLAIN.c[n] for n in ("id", "nrmp_code", "acgme_id", "name_key"))


# For each kind of key: the column that it is looked up in, and which programs it may find.
_BY_KEY = {
    "nrmp_codes": (_NRMP, sa.true()),
    "acgme_ids": (_ACGME, sa.true()),
    "acgme_ids_uncoded": (_ACGME, _NRMP == ""),
    "names": (_NAME, sa.true()),
    "names_with_acgme": (_NAME, _ACGME == ""),
    "names_uncoded": (_NAME, _NRMP == ""),
}


@cache
def _found_by(kinds: tuple[str, ...]) -> sa.CompoundSelect[Any]:
    """Select the ids of programs by keys of these kinds; each kind's list is a parameter.

    Each part of the union uses its own index; an OR would read the whole table.
    """
    parts = []
    for kind in kinds:
        column, condition = _BY_KEY[kind]
        listed = among_listed(column, sa.bindparam(kind))
        parts.append(sa.select(_ID).where(listed, condition))
    return sa.union_all(*parts)


_Run = Callable[[Collection[StoredProgram]], None]


class ProgramBulk:
    """The programs table, for one import within one transaction of the caller's.

    Of stored programs, only the fields in `names` and `IDENTITY` are read and written.
    `last_id` is the highest id before the import, and new programs get the ids after it;
    `specialties` are those of the stored programs.
    """

    def __init__(self, tx: Transaction, names: Collection[str] = EMPTY) -> None:
        self.tx = tx
        self._names = [name for name in EMPTY if name in names or name in IDENTITY]
        self._read = sa.select(
            _ID, _NAME, _PLAIN.c.extra, _PLAIN.c.set_by_user, *(_PLAIN.c[n] for n in self._names)
        ).order_by(_ID)
        # Whether the driver takes plain values; psycopg wants typed ones.
        self._plain = tx.dialect.name == "sqlite"
        if self._plain:
            tx.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
        # Whether any program has no NRMP code; the "uncoded" keys find only such programs.
        self._any_uncoded = self._has(sa.select(_ID).where(_NRMP == ""))
        self.last_id = tx.scalar(sa.select(sa.func.max(_ID))) or 0
        self._out = retired.list_retired(tx)
        self.specialties = tuple(tx.scalars(sa.select(programs.c.specialty).distinct()))
        self._queries: dict[tuple[str, ...], sa.Select[Any]] = {}

    def awaits_delivery(self) -> bool:
        """Whether an approved letter has not left yet; the import may change its facts."""
        waits = letters.c.state.in_(sorted(DUE | UNDER_WAY))
        return self._has(sa.select(letters.c.id).where(waits))

    def _has(self, query: sa.Select[Any]) -> bool:
        return self.tx.scalar(query.limit(1)) is not None

    def begin(self) -> None:
        """Begin what `undo` can take back."""
        self._savepoint = self.tx.begin_nested()

    def undo(self) -> None:
        """Restore the programs as they were at `begin`."""
        self._savepoint.rollback()

    def matching(self, keys: LookupKeys) -> list[StoredProgram]:
        """Return the programs that have any of the keys."""
        lists = {
            kind: as_list(found)
            for kind, found in keys.lists()
            if found and (self._any_uncoded or "uncoded" not in kind)
        }
        if not lists:
            return []
        kinds = tuple(lists)
        if kinds not in self._queries:
            self._queries[kinds] = self._read.where(_ID.in_(_found_by(kinds)))
        found = self._stored(self._queries[kinds], lists)
        return self._with_survivors(found) if self._out else found

    def _with_survivors(self, found: list[StoredProgram]) -> list[StoredProgram]:
        """Set `is_out` and `joined`, and add the programs that others were merged into."""
        known = {entry.id: entry for entry in found}
        ends = {entry.id: retired.find_survivor(self._out, entry.id) for entry in found}
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
        self._out = retired.list_retired(self.tx)
        entry.is_out = False

    def with_ids(self, ids: Sequence[int]) -> list[StoredProgram]:
        """Return the programs with these ids."""
        return self._stored(self._read.where(among(_ID, ids))) if ids else []

    def _stored(
        self, query: sa.Select[Any], lists: Mapping[str, str] | None = None
    ) -> list[StoredProgram]:
        return [
            StoredProgram(
                number,
                dict(zip(self._names, values if self._plain else map(plain, values), strict=True)),
                key,
                _parsed(extra),
                frozenset(_parsed(mine)),
            )
            for number, key, extra, mine, *values in self.tx.execute(query, lists)
        ]

    def add(self, fresh: Sequence[StoredProgram]) -> None:
        """Insert programs under their ids."""
        self._insert(fresh)
        self._any_uncoded = self._any_uncoded or not all(e.values["nrmp_code"] for e in fresh)

    def change(self, changed: Collection[StoredProgram]) -> None:
        """Write changed programs; each holds the fields that were read."""
        self._update(changed)

    @cached_property
    def _insert(self) -> _Run:
        columns = (*EMPTY, "extra", "name_key", "id")
        return self._compiled(sa.insert(_PLAIN).values(_parameters(columns)), columns)

    @cached_property
    def _update(self) -> _Run:
        columns = (*self._names, "extra", "name_key")
        statement = sa.update(_PLAIN).where(sa.bindparam("of_id") == _ID)
        return self._compiled(statement.values(_parameters(columns)), (*columns, "of_id"))

    def _compiled(self, statement: sa.Insert | sa.Update, columns: Sequence[str]) -> _Run:
        """Compile a statement once; returns a function that runs it for rows in this order."""
        compiled = statement.compile(self.tx)
        sql, tx = str(compiled), self.tx
        if self._plain:
            in_order = itemgetter(*map(columns.index, compiled.positiontup or ()))

            def run(rows: Collection[StoredProgram]) -> None:
                if rows:
                    tx.exec_driver_sql(sql, [in_order(_row(entry)) for entry in rows])
        else:

            def run(rows: Collection[StoredProgram]) -> None:
                if rows:
                    named = (dict(zip(columns, _row(entry), strict=True)) for entry in rows)
                    tx.exec_driver_sql(sql, list(map(_typed, named)))

        return run


def _parameters(columns: Iterable[str]) -> dict[str, sa.BindParameter[Any]]:
    return {name: sa.bindparam(name) for name in columns}


def _row(entry: StoredProgram) -> tuple[Any, ...]:
    extra = json.dumps(entry.extra, ensure_ascii=False) if entry.extra else "{}"
    return *entry.values.values(), extra, entry.name_key, entry.id


def _parsed(stored: Any) -> Any:
    """Parse JSON as the driver returns it: SQLite's as text, psycopg's as values."""
    if stored == "{}":
        return {}
    return json.loads(stored) if isinstance(stored, str) else stored


_YES_NO = tuple(column.name for column in programs.c if isinstance(column.type, sa.Boolean))


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """Convert a row of plain values for psycopg."""
    return row | {name: bool(row[name]) for name in _YES_NO if name in row}
