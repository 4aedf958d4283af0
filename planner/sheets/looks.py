"""What the look of a row says: it is struck through, or has the color of rejected rows."""

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
    """The looks of the rows in one sheet, and which fills mean that a program is out of play."""

    def __init__(self, table: Table, header: Header) -> None:
        self.columns = [c for c in header.columns if c.target is not None and c.is_taken]
        self._rows: dict[int, dict[int, Mark]] = {}
        for (line, place), mark in table.marks.items():
            self._rows.setdefault(line, {})[place] = mark
        self._fills = self._telling(table.rows, header.last_line) if self._rows else {}

    def remark(self, record: Record) -> bool:
        """Keep what a row's look adds to its cells; returns whether it adds anything."""
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
        """Return the columns with these targets, in the order of the targets."""
        return [c for target in targets for c in self.columns if c.target == target]

    def _struck(self, record: Record, marks: Mapping[int, Mark]) -> Column | None:
        """Return the first filled column, if it is struck: the name, the status, then any other."""
        filled = (
            column
            for column in [*self._of(_NAMES), *self._of(_STATUSES), *self.columns]
            if column.place < len(record.cells) and record.cells[column.place].strip()
        )
        return next((c for c in filled if c.place in marks and marks[c.place].struck), None)

    def _fill(self, marks: Mapping[int, Mark]) -> str:
        """Return the fill of a row: that of its name, or its status, or most of its cells."""
        for column in [*self._of(_NAMES), *self._of(_STATUSES)]:
            if column.place in marks and marks[column.place].fill:
                return marks[column.place].fill
        fills = Counter(mark.fill for mark in marks.values() if mark.fill)
        return fills.most_common(1)[0][0] if fills else ""

    def _telling(self, rows: Iterable[Row], begin: int) -> Mapping[str, str]:
        """Return the fills that, among rows with a status, only programs out of play have."""
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
    """Keep how a cell looks, beside what it says."""
    name = column.name + AS_WRITTEN
    before = record.extra.get(name, "")
    record.extra[name] = f"{before} ({words})" if before else words
