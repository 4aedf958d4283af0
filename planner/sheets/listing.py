"""A table understood as a list of programs: its header, its columns, its records."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from planner.rules.facts import Specialty
from planner.rules.specialties import Specialties
from planner.sheets.header import Column, Header, read_header, unknown_remarks
from planner.sheets.records import Issue, Record
from planner.sheets.rows import RowParser
from planner.sheets.table import Table

LOOK_AHEAD = 60  # rows in which the header is searched and code columns are judged
BATCH = 250  # rows that are parsed, looked up and written together; more fit no cache


class Listing(NamedTuple):
    """A file understood as a list of programs; `records` reads it anew each time.

    `specialty` stands in where a row gives none.
    """

    name: str
    understood: str
    header: Header
    warnings: tuple[Issue, ...]
    table: Table
    specialties: Specialties
    specialty: Specialty | None

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, from left to right."""
        return self.header.columns

    @property
    def part_read(self) -> float:
        """How much of the file `records` has read, 0 to 1."""
        return self.table.part_read()

    @property
    def batches(self) -> Iterator[list[Record]]:
        """The rows below the header as records, `BATCH` at a time.

        Blank rows and repeated headers are passed over.
        """
        rows = iter(self.table.rows)
        for line, _ in rows:
            if line >= self.header.line:
                break
        parser = RowParser(self.name, self.header, self.specialties, self.specialty)
        while batch := list(itertools.islice(rows, BATCH)):
            yield parser.parse(batch)

    @property
    def records(self) -> Iterator[Record]:
        """All records, one after another."""
        return itertools.chain.from_iterable(self.batches)


def read_listing(
    table: Table,
    *,
    specialties: Specialties,
    specialty: Specialty | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Listing:
    """Understand a table: find its header, name its columns, parse its rows.

    `specialty` stands in where a row gives none; `mapping` names fields for headers.
    Raises PlannerError for a table without rows or without any column that is known,
    ConfigError for a mapping that fits nothing.
    """
    ahead = list(itertools.islice(iter(table.rows), LOOK_AHEAD))
    _, header = read_header(ahead, mapping or {}, table.name)
    warnings = [
        Issue(table.name, header.line, column.header, "", "unknown_column", remark)
        for column, remark in unknown_remarks(header.columns)
    ]
    if table.assumed:
        text = f"{table.name}: {table.assumed}."
        warnings.insert(0, Issue(table.name, 1, "", "", "encoding_assumed", text))
    return Listing(
        table.name, table.understood, header, tuple(warnings), table, specialties, specialty
    )
