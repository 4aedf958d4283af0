"""What the look of a row says: it is struck through, or has the color of rejected rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from planner.rules.case import OUT_OF_PLAY
from planner.rules.facts import Status
from planner.rules.objections import COMMENT, objections
from planner.sheets import fields
from planner.sheets.beside import is_of_legend
from planner.sheets.colors import is_called, name_of
from planner.sheets.columns import AS_WRITTEN, BESIDE, Column
from planner.sheets.header import Header
from planner.sheets.legends import (
    explains_a_look,
    is_against,
    is_look,
    legend_in,
    look_in,
    only_sorts,
)
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.status import read_status
from planner.sheets.records import Record, joined
from planner.sheets.table import Mark, Row, Table

STRUCK = "struck through"
LONGEST_LEGEND = 60  # characters of a line in a legend
SHOWN_ROWS = 6  # that have a fill without a meaning
_NAMES = ("program", "institution")
_STATUSES = ("status", fields.STATUS_TOO)


class Looks:
    """The looks of the rows in one sheet, and which fills mean that a program is out of play."""

    def __init__(self, table: Table, header: Header) -> None:
        self.columns = [c for c in header.columns if c.target is not None and c.is_taken]
        self._rows: dict[int, dict[int, Mark]] = {}
        for (line, place), mark in table.marks.items():
            self._rows.setdefault(line, {})[place] = mark
        rows = list(table.rows) if self._rows else []
        self._fills = self._telling(rows, header.last_line)
        self._legend: dict[str, str] = {}  # fills that a legend explains as out of play
        self._known: set[str] = set()  # fills that a legend explains
        self._explained(table, rows, header)
        self._seen: dict[str, list[tuple[int, str, str]]] = {}  # fill: line, program, status
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
        marks = self._rows.get(record.line, {})
        fill = self._fill(marks)
        name = record.values.get("program") or record.values.get("institution") or ""
        self._seen.setdefault(fill, []).append((record.line, name, record.values.get("status", "")))
        if struck := self._struck(record, marks):
            _keep(record, struck, STRUCK)
            return True
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

    def unexplained(self) -> Iterator[tuple[int, str]]:
        """Yield (line, remark) on each fill of some rows that nothing explains.

        A status that no other row has explains a fill; a fill of all rows, or of every other
        one, is decoration.
        """
        total = sum(map(len, self._seen.values()))
        for fill, rows in self._seen.items():
            statuses = {status for _, _, status in rows}
            others = {s for f, some in self._seen.items() if f != fill for _, _, s in some}
            told = "" not in statuses and not statuses & others
            if not fill or fill in self._known or fill in self._fills or len(rows) == total:
                continue
            if told or statuses <= OUT_OF_PLAY or _is_band([line for line, _, _ in rows], total):
                continue
            are = "row is" if len(rows) == 1 else "rows are"
            named = ", ".join(f"line {line} {name}".strip() for line, name, _ in rows[:SHOWN_ROWS])
            more = f" and {len(rows) - SHOWN_ROWS} more" if len(rows) > SHOWN_ROWS else ""
            text = (
                f"{len(rows)} {are} filled {name_of(fill)}, and nothing says what that means:"
                f" {named}{more}. A reason not to write? Give these rows a status"
            )
            yield rows[0][0], text

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

    def _explained(self, table: Table, rows: Sequence[Row], header: Header) -> None:
        """Read the legends around the list, and on the other sheets of its workbook.

        The fill of the legend's own cell counts, or that of the empty one or the color's name
        beside it; without one, the color that it names.
        """
        own = {line: self._rows.get(line, {}) for line, _ in rows}
        fills = {mark.fill for marks in own.values() for mark in marks.values() if mark.fill}
        least = min(3, len(self.columns))
        ends = max((line for line, cells in rows if _filled(cells) >= least), default=0)
        beside = next((c.place for c in header.columns if c.how == BESIDE), None)
        said: list[tuple[set[str], str]] = []
        for line, cells in rows:
            around = line < header.line or line > max(ends, header.last_line)
            first = 0 if around else len(cells) if beside is None else beside
            said += _meanings(cells, own[line], fills, first)
        for page in table.pages:
            marks: dict[int, dict[int, Mark]] = {}
            for (line, place), mark in page.marks.items():
                marks.setdefault(line, {})[place] = mark
            for line, cells in page.rows:
                said += _meanings(cells, marks.get(line, {}), fills, 0)
        for meant, text in said:
            part = text if explains_a_look(text) else f"red = {text}"
            if is_against(part):
                self._legend.update(dict.fromkeys(meant, text))
            if is_against(part) or only_sorts(part):
                self._known |= meant

    def _statuses(self, cells: list[str]) -> Iterable[Status]:
        for column in self._of(_STATUSES):
            if column.place < len(cells) and (text := cells[column.place].strip()):
                try:
                    yield read_status(text, column.header).status
                except BadCellError:
                    continue


def _is_band(lines: Sequence[int], total: int) -> bool:
    """Whether these rows are every other one of a list."""
    steps = {after - line for line, after in pairwise(lines)}
    return steps == {2} and len(lines) * 2 >= total - 1


def _meanings(
    cells: Sequence[str], marks: Mapping[int, Mark], fills: set[str], first: int
) -> Iterator[tuple[set[str], str]]:
    """Yield what a row says of fills; from column `first` on, it is no row of the list."""
    for place, cell in enumerate(cells):
        text = cell.strip()
        own = marks[place].fill if place in marks else ""
        parts = _parts(cell, alone=place >= first)
        for part in parts:
            look = look_in(part)
            called = {fill for fill in fills if is_called(look, fill)}
            shown = own and len(parts) == 1 and (is_called(look, own) or not called)
            yield ({own} if shown else called), part
        if parts or not text or len(text) > LONGEST_LEGEND or is_look(text):
            continue
        if place >= first:
            if meant := {own} if own else _beside(cells, marks, fills, place):
                yield meant, text
        elif is_of_legend(text):
            yield ({own} if own else {fill for fill in fills if is_called(text, fill)}), text


def _beside(
    cells: Sequence[str], marks: Mapping[int, Mark], fills: set[str], place: int
) -> set[str]:
    """Return the fills that the cell before or behind a text shows, or names."""
    for other in (place - 1, place + 1):
        text = cells[other].strip() if 0 <= other < len(cells) else ""
        if text and not is_look(text):
            continue
        if other in marks and marks[other].fill:
            return {marks[other].fill}
        if text:
            return {fill for fill in fills if is_called(text, fill)}
    return set()


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _parts(cell: str, *, alone: bool) -> Sequence[str]:
    """Return the parts of a cell that holds a legend; within a list, it must look like one."""
    parts = list(legend_in([cell]))
    titled = is_of_legend(cell.strip()) or is_of_legend(cell.partition(":")[0].strip())
    return parts if alone or len(parts) > 1 or titled else []


def _keep(record: Record, column: Column, words: str) -> None:
    """Keep how a cell looks, beside what it says."""
    name = column.name + AS_WRITTEN
    record.extra[name] = joined(record.extra.get(name, ""), words)
    record.aside = [*record.aside, (name, words)]
