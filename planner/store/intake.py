"""Programs by the batch, over the driver alone: what an import reads and writes.

Values go in and out in their plainest form (`facts.plain`), which is how the database
keeps them, so that a million rows need no translation and no SQLAlchemy.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from planner.rules.facts import Program, plain
from planner.rules.states import DUE
from planner.store import retired
from planner.store.sqlite import sqlite3

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
class Entry:
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
    joined: Entry | None = None
    twins: frozenset[str] = frozenset()


@dataclass(slots=True)
class Keys:
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


_MATCHING = """
    SELECT id FROM programs WHERE nrmp_code IN (SELECT value FROM json_each(?))
    UNION ALL SELECT id FROM programs WHERE acgme_id IN (SELECT value FROM json_each(?))
    UNION ALL SELECT id FROM programs
        WHERE acgme_id IN (SELECT value FROM json_each(?)) AND nrmp_code = ''
    UNION ALL SELECT id FROM programs WHERE name_key IN (SELECT value FROM json_each(?))
    UNION ALL SELECT id FROM programs
        WHERE name_key IN (SELECT value FROM json_each(?)) AND acgme_id = ''
    UNION ALL SELECT id FROM programs
        WHERE name_key IN (SELECT value FROM json_each(?)) AND nrmp_code = ''
"""
_ADD = (
    f"INSERT INTO programs ({', '.join(EMPTY)}, extra, name_key, id)"  # noqa: S608
    f" VALUES ({', '.join('?' * (len(EMPTY) + 3))})"
)


class Intake:
    """The programs table, for one import within one transaction of the caller's.

    Of programs that are there only the fields in `names` are read and written, besides
    the codes and the parts of the name.  `last_id` is the highest id that was there
    before; new programs get those after it.
    """

    def __init__(self, connection: sqlite3.Connection, names: Collection[str] = EMPTY) -> None:
        self.connection = connection
        self._names = [name for name in EMPTY if name in names or name in IDENTITY]
        columns = ", ".join(self._names)
        self._read = f"SELECT id, name_key, extra, set_by_user, {columns} FROM programs"  # noqa: S608
        assigned = ", ".join(f"{name} = ?" for name in self._names)
        self._change = f"UPDATE programs SET {assigned}, extra = ?, name_key = ? WHERE id = ?"  # noqa: S608
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        # Whether any program has no NRMP code: only such can be met by a weaker key.
        self._any_uncoded = self._asked("SELECT 1 FROM programs WHERE nrmp_code = ''")
        (self.last_id,) = connection.execute("SELECT coalesce(max(id), 0) FROM programs").fetchone()
        self._out = retired.all_of(connection)

    def awaits_delivery(self) -> bool:
        """Whether any letter is approved and has not left: its facts may be about to change."""
        states = ", ".join(f"'{state.value}'" for state in sorted(DUE))
        return self._asked(f"SELECT 1 FROM letters WHERE state IN ({states})")  # noqa: S608

    def _asked(self, query: str) -> bool:
        (found,) = self.connection.execute(f"SELECT EXISTS ({query})").fetchone()
        return bool(found)

    def begin(self) -> None:
        """From here on everything may be taken back with `undo`."""
        self.connection.execute("SAVEPOINT intake")

    def undo(self) -> None:
        """Leave the programs as they were at `begin`."""
        self.connection.execute("ROLLBACK TO intake")

    def matching(self, keys: Keys) -> list[Entry]:
        """The programs known under any of the keys."""
        lists = (
            keys.nrmp_codes,
            keys.acgme_ids,
            keys.acgme_ids_uncoded if self._any_uncoded else (),
            keys.names,
            keys.names_with_acgme,
            keys.names_uncoded if self._any_uncoded else (),
        )
        found = self._entries(f"WHERE id IN ({_MATCHING})", lists)
        return self._with_survivors(found) if self._out else found

    def _with_survivors(self, found: list[Entry]) -> list[Entry]:
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

    def bring_back(self, entry: Entry) -> None:
        """Put a program back into the list."""
        retired.bring_back(self.connection, entry.id)
        self._out = retired.all_of(self.connection)
        entry.is_out = False

    def with_ids(self, ids: Sequence[int]) -> list[Entry]:
        """The programs with these ids."""
        return self._entries("WHERE id IN (SELECT value FROM json_each(?))", [ids])

    def _entries(self, condition: str, lists: Iterable[Iterable[object]]) -> list[Entry]:
        return [
            Entry(
                number,
                dict(zip(self._names, values, strict=True)),
                key,
                {} if extra == "{}" else json.loads(extra),
                frozenset() if mine == "[]" else frozenset(json.loads(mine)),
            )
            for number, key, extra, mine, *values in self.connection.execute(
                f"{self._read} {condition} ORDER BY id",
                [json.dumps(list(words)) for words in lists],
            )
        ]

    def add(self, fresh: Sequence[Entry]) -> None:
        """Insert programs under their ids."""
        self.connection.executemany(_ADD, map(_row, fresh))
        self._any_uncoded = self._any_uncoded or not all(e.values["nrmp_code"] for e in fresh)

    def change(self, changed: Iterable[Entry]) -> None:
        """Write programs that exist anew, as they were read."""
        self.connection.executemany(self._change, map(_row, changed))


def _row(entry: Entry) -> tuple[Any, ...]:
    extra = json.dumps(entry.extra, ensure_ascii=False) if entry.extra else "{}"
    return *entry.values.values(), extra, entry.name_key, entry.id
