"""What an import leaves for the next one: what was said of columns, and the state of each file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa

from planner.store.engine import Transaction
from planner.store.schema import column_uses, imports


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


_SPECIALTY_OF = "specialty of "  # the name of a file; no key of a column begins so


def list_column_uses(tx: Transaction) -> Mapping[str, str]:
    """What columns were said to be, by their keys."""
    return {key: said for key, said in _said(tx) if not key.startswith(_SPECIALTY_OF)}


def list_specialties(tx: Transaction) -> Mapping[str, str]:
    """The specialty that was said to be that of rows without one, by the name of the file."""
    return {
        key.removeprefix(_SPECIALTY_OF): said
        for key, said in _said(tx)
        if key.startswith(_SPECIALTY_OF)
    }


def _said(tx: Transaction) -> Iterator[tuple[str, str]]:
    query = sa.select(column_uses.c.header, column_uses.c.target).order_by(column_uses.c.header)
    return ((key, said) for key, said in tx.execute(query))


def remember_columns(tx: Transaction, uses: Mapping[str, str]) -> None:
    """Keep what columns are, by their keys; the last word on a column counts."""
    for header, target in uses.items():
        tx.execute(sa.delete(column_uses).where(column_uses.c.header == header))
        tx.execute(sa.insert(column_uses).values(header=header, target=target))


def remember_specialties(tx: Transaction, of_files: Mapping[str, str]) -> None:
    """Keep the specialties of rows without one, by the names of the files."""
    remember_columns(tx, {f"{_SPECIALTY_OF}{name}": said for name, said in of_files.items()})


def forget_columns(tx: Transaction) -> None:
    """Forget what columns were said to be, and the specialties of files."""
    tx.execute(sa.delete(column_uses))


def get_former_import(tx: Transaction, name: str) -> FormerImport:
    """What the last import of a file of this name left; nothing if there was none."""
    query = sa.select(imports.c.programs, imports.c.warnings).where(imports.c.name == name)
    row = tx.execute(query).first()
    return FormerImport(row.programs, frozenset(row.warnings)) if row else FormerImport()


def note_import(tx: Transaction, name: str, left: FormerImport) -> None:
    """Keep what an import of a file of this name leaves."""
    tx.execute(sa.delete(imports).where(imports.c.name == name))
    values = {"programs": left.programs, "warnings": sorted(left.warnings)}
    tx.execute(sa.insert(imports).values(name=name, **values))
