"""What the look of a row says: it is struck through, or has the color of rejected rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from planner.rules.case import OUT_OF_PLAY
from planner.rules.facts import Status
from planner.rules.objections import COMMENT, objections
from planner.sheets import fields
from planner.sheets.beside import is_of_legend
from planner.sheets.colors import is_called
from planner.sheets.columns import AS_WRITTEN, Column
from planner.sheets.header import Header
from planner.sheets.legends import is_against, legend_in, look_in
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.status import read_status
from planner.sheets.records import Record, joined
from planner.sheets.table import Mark, Row, Table

STRUCK = "struck through"
LONGEST_LEGEND = 60  # characters of a line in a legend
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
        self._legend = self._told(table.rows, header.line) if self._rows else {}
        self._names = {c.place: c.name for c in header.columns}
        self._comments: dict[int, list[tuple[int, str]]] = {}
        for (line, place), text in table.comments.items():
            self._comments.setdefault(line, []).append((place, text))

    def remark(self, record: Record) -> bool:
        """Keep what a row's look, and its comments, add; returns whether they add anything."""
        comments = self._comments.get(record.line, ())
        for place, text in comments:
            name = self._names.get(place, f"column {place + 1}") + COMMENT
            record.extra[name] = joined(record.extra.get(name, ""), text)
            record.aside = [*record.aside, (name, text)]
        return self._remark_look(record) or bool(comments)

    def _remark_look(self, record: Record) -> bool:
        marks = self._rows.get(record.line)
        if not marks:
            return False
        if struck := self._struck(record, marks):
            _keep(record, struck, STRUCK)
            return True
        fill = self._fill(marks)
        if (said := self._legend.get(fill)) and record.values.get("status") not in OUT_OF_PLAY:
            words = f"filled, and the legend says: {said}"
            if not objections(words):  # as "red = R"
                words = f"filled as the barred rows are; the legend says: {said}"
            _keep(record, self._of((*_STATUSES, *_NAMES))[0], words)
            return True
        unsaid = "status" not in record.values
        out = self._fills.get(fill, "") if unsaid else ""
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

    def _told(self, rows: Iterable[Row], header: int) -> Mapping[str, str]:
        """Return the fills that a legend explains as out of play: "red = rejected".

        The fill of the legend's own cell counts; without one, the color that it names.
        """
        fills = {mark.fill for row in self._rows.values() for mark in row.values() if mark.fill}
        found = {}
        for line, cells in rows:
            marks = self._rows.get(line, {})
            for place, cell in enumerate(cells):
                named = len(cell) <= LONGEST_LEGEND and is_of_legend(cell.strip())
                own = marks[place].fill if place in marks else ""
                parts = _parts(cell)
                if not parts and (named or (own and line < header)) and _is_out(cell.strip()):
                    text = cell.strip()
                    meant = {own} if own else {fill for fill in fills if is_called(text, fill)}
                    found.update(dict.fromkeys(meant, text))
                for part in filter(is_against, parts):
                    look = look_in(part)
                    called = {fill for fill in fills if is_called(look, fill)}
                    meant = {own} if own and len(parts) == 1 else called
                    found.update(dict.fromkeys(meant, part))
        return found

    def _statuses(self, cells: list[str]) -> Iterable[Status]:
        for column in self._of(_STATUSES):
            if column.place < len(cells) and (text := cells[column.place].strip()):
                try:
                    yield read_status(text, column.header).status
                except BadCellError:
                    continue


def _parts(cell: str) -> Sequence[str]:
    """Return the parts of a cell that holds a legend: several, or one that looks like one."""
    parts = list(legend_in([cell]))
    titled = is_of_legend(cell.strip()) or is_of_legend(cell.partition(":")[0].strip())
    return parts if len(parts) > 1 or titled else []


def _is_out(text: str) -> bool:
    """Whether a line of a legend says that a program is out of play."""
    try:
        return read_status(re.split(r"[=:–—-]", text, maxsplit=1)[-1].strip()).status in OUT_OF_PLAY
    except BadCellError:
        return False


def _keep(record: Record, column: Column, words: str) -> None:
    """Keep how a cell looks, beside what it says."""
    name = column.name + AS_WRITTEN
    record.extra[name] = joined(record.extra.get(name, ""), words)
    record.aside = [*record.aside, (name, words)]
