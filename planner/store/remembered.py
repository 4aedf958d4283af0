"""What an import leaves for the next one: names of columns, and the last state of each file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from planner.store.sqlite import sqlite3


class FormerImport(NamedTuple):
    """What the last import of a file of one name left: program ids, digests of warnings."""

    programs: str = ""
    warnings: frozenset[str] = frozenset()

    @property
    def ids(self) -> Iterator[int]:
        """The ids of the programs that the file named, ascending."""
        for first, last in _ends(self.programs):
            yield from range(first, last + 1)


def as_ranges(ids: Iterable[int]) -> str:
    """Ascending ids, short.

    >>> as_ranges([1, 2, 3, 7])
    '1-3,7'
    """
    runs = []
    for _, run in groupby(enumerate(ids), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        runs.append(str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}")
    return ",".join(runs)


def _ends(ranges: str) -> Iterator[tuple[int, int]]:
    for run in filter(None, ranges.split(",")):
        first, _, last = run.partition("-")
        yield int(first), int(last or first)


def column_uses(db: sqlite3.Connection) -> Mapping[str, str]:
    """What headers (folded) were said to be."""
    return dict(db.execute("SELECT header, target FROM column_uses ORDER BY header"))


def remember_columns(db: sqlite3.Connection, uses: Mapping[str, str]) -> None:
    """Keep what headers (folded) are; the last word on a header counts."""
    db.executemany(
        "INSERT INTO column_uses (header, target) VALUES (?, ?)"
        " ON CONFLICT (header) DO UPDATE SET target = excluded.target",
        uses.items(),
    )


def forget_columns(db: sqlite3.Connection) -> None:
    """Forget what headers were said to be."""
    db.execute("DELETE FROM column_uses")


def former_import(db: sqlite3.Connection, name: str) -> FormerImport:
    """What the last import of a file of this name left; nothing where there was none."""
    row = db.execute("SELECT programs, warnings FROM imports WHERE name = ?", (name,)).fetchone()
    return FormerImport(row[0], frozenset(json.loads(row[1]))) if row else FormerImport()


def note_import(db: sqlite3.Connection, name: str, left: FormerImport) -> None:
    """Keep what an import of a file of this name leaves."""
    db.execute(
        "INSERT INTO imports (name, programs, warnings) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE"
        " SET programs = excluded.programs, warnings = excluded.warnings",
        (name, left.programs, json.dumps(sorted(left.warnings))),
    )
