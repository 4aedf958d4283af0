"""What the look of a row says: struck through, or filled as those that were rejected are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from planner.rules.case import OUT_OF_PLAY
from planner.rules.facts import Status
from planner.sheets import fields
from planner.sheets.columns import AS_WRITTEN, Column
from planner.sheets.header import Header
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.status import read_status
from planner.sheets.records import Record
from planner.sheets.table import Mark, Row, Table

STRUCK = "struck through"
_NAMES = ("program", "institution")
_STATUSES = ("status", fields.STATUS_TOO)


class Looks:
    """The looks of the rows of one sheet, and which fills stand for a program that is out."""

    def __init__(self, table: Table, header: Header) -> None:
        self.columns = [c for c in header.columns if c.target is not None and c.is_taken]
        self._rows: dict[int, dict[int, Mark]] = {}
        for (line, place), mark in table.marks.items():
            self._rows.setdefault(line, {})[place] = mark
        self._fills = self._telling(table.rows, header.last_line) if self._rows else {}

    def remark(self, record: Record) -> bool:
        """Keep what the look of a row says against its cells; whether it says anything."""
        marks = self._rows.get(record.line)
        if not marks:
            return False
        if struck := self._struck(record, marks):
            _keep(record, struck, STRUCK)
            return True
        unsaid = "status" not in record.values and not record.errors
        out = self._fills.get(self._fill(marks), "") if unsaid else ""
        if out:
            _keep(record, self._of(_STATUSES)[0], f"filled as the {out} rows are")
        return bool(out)

    def _of(self, targets: Sequence[str]) -> list[Column]:
        """The columns of these targets, in their order."""
        return [c for target in targets for c in self.columns if c.target == target]

    def _struck(self, record: Record, marks: Mapping[int, Mark]) -> Column | None:
        """The column that tells whom or what is struck: the name, the status, else any."""
        filled = (
            column
            for column in [*self._of(_NAMES), *self._of(_STATUSES), *self.columns]
            if column.place < len(record.cells) and record.cells[column.place].strip()
        )
        return next((c for c in filled if c.place in marks and marks[c.place].struck), None)

    def _fill(self, marks: Mapping[int, Mark]) -> str:
        """The fill of a row: that of its name, else of its status, else the most of it."""
        for column in [*self._of(_NAMES), *self._of(_STATUSES)]:
            if column.place in marks and marks[column.place].fill:
                return marks[column.place].fill
        fills = Counter(mark.fill for mark in marks.values() if mark.fill)
        return fills.most_common(1)[0][0] if fills else ""

    def _telling(self, rows: Iterable[Row], begin: int) -> Mapping[str, str]:
        """The fills that only rows of programs out of play have, as far as they have a status."""
        said: dict[str, set[Status]] = {}
        for line, cells in rows:
            if line > begin and (fill := self._fill(self._rows.get(line, {}))):
                said.setdefault(fill, set()).update(self._statuses(cells))
        return {
            fill: " or ".join(sorted(found))
            for fill, found in said.items()
            if found and found <= OUT_OF_PLAY
        }

    def _statuses(self, cells: list[str]) -> Iterable[Status]:
        for column in self._of(_STATUSES):
            if column.place < len(cells) and (text := cells[column.place].strip()):
                try:
                    yield read_status(text, column.header).status
                except BadCellError:
                    continue


def _keep(record: Record, column: Column, words: str) -> None:
    """Keep what is seen of a cell, beside what it says."""
    name = column.name + AS_WRITTEN
    before = record.extra.get(name, "")
    record.extra[name] = f"{before} ({words})" if before else words
