"""What an import leaves for the next one: what columns mean, and what each file named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa

from planner.store.engine import Transaction
from planner.store.schema import column_uses, imports


class FormerImport(NamedTuple):
    """What the last import of a file of this name left: ranges of ids, digests of warnings."""

    programs: str = ""
    warnings: frozenset[str] = frozenset()

    @property
    def ids(self) -> Iterator[int]:
        """The ids of the programs that the file named, ascending."""
        for first, last in _ends(self.programs):
            yield from range(first, last + 1)


def as_ranges(ids: Iterable[int]) -> str:
    """Write ascending ids as ranges.

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


_SPECIALTY_OF = "specialty of "  # goes before a file's name; no key of a column begins like this


def list_column_uses(tx: Transaction) -> Mapping[str, str]:
    """Return what the user said that columns are, by their keys."""
    return {key: said for key, said in _said(tx) if not key.startswith(_SPECIALTY_OF)}


def list_specialties(tx: Transaction) -> Mapping[str, str]:
    """Return the specialty that the user gave for rows without one, by file name."""
    return {
        key.removeprefix(_SPECIALTY_OF): said
        for key, said in _said(tx)
        if key.startswith(_SPECIALTY_OF)
    }


def _said(tx: Transaction) -> Iterator[tuple[str, str]]:
    query = sa.select(column_uses.c.header, column_uses.c.target).order_by(column_uses.c.header)
    return ((key, said) for key, said in tx.execute(query))


def remember_columns(tx: Transaction, uses: Mapping[str, str]) -> None:
    """Store what columns are, by their keys; the latest word on a column counts."""
    for header, target in uses.items():
        tx.execute(sa.delete(column_uses).where(column_uses.c.header == header))
        tx.execute(sa.insert(column_uses).values(header=header, target=target))


def remember_specialties(tx: Transaction, of_files: Mapping[str, str]) -> None:
    """Store the specialty of rows without one, by file name."""
    remember_columns(tx, {f"{_SPECIALTY_OF}{name}": said for name, said in of_files.items()})


def forget_columns(tx: Transaction) -> None:
    """Forget what the user said about columns, and about the specialties of files."""
    tx.execute(sa.delete(column_uses))


def get_former_import(tx: Transaction, name: str) -> FormerImport:
    """Return what the last import of a file of this name left; empty if there was none."""
    query = sa.select(imports.c.programs, imports.c.warnings).where(imports.c.name == name)
    row = tx.execute(query).first()
    return FormerImport(row.programs, frozenset(row.warnings)) if row else FormerImport()


def note_import(tx: Transaction, name: str, left: FormerImport) -> None:
    """Store what an import of a file of this name leaves."""
    tx.execute(sa.delete(imports).where(imports.c.name == name))
    values = {"programs": left.programs, "warnings": sorted(left.warnings)}
    tx.execute(sa.insert(imports).values(name=name, **values))


# No file is called like this.
_FIXED = "/ fixed rows"


def list_fixed(tx: Transaction) -> frozenset[str]:
    """Return the left-out rows that were fixed and imported, each with its program."""
    return get_former_import(tx, _FIXED).warnings


def remember_fixed(tx: Transaction, keys: Collection[str]) -> None:
    """Store that left-out rows were fixed and imported."""
    if keys:
        note_import(tx, _FIXED, FormerImport("", list_fixed(tx).union(keys)))
