"""The header of a table: where it is, and what each column was taken for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from planner.errors import PlannerError
from planner.sheets import fields, kinds
from planner.sheets.beside import first_beside
from planner.sheets.columns import (
    BEFORE,
    BESIDE,
    IGNORED,
    Column,
    Wishes,
    letter_of,
    understand,
)
from planner.sheets.headings import target_of
from planner.sheets.parsers import cells
from planner.sheets.table import Row
from planner.sheets.two_rows import DATA, header_text, text_at, with_above, with_below
from planner.sheets.whose import settled

# Targets that several columns may have; what they say is combined.
MANY = frozenset(
    {fields.TIE, "connection", fields.STATUS_TOO, *fields.STAGES}
    | {fields.NOTES_TOO, fields.TOLD_TOO, fields.CONTACT_OK, fields.WANTED}
)


class Header(NamedTuple):
    """The header of a file: its line, its cells, its columns; the list begins below `last_line`.

    If it has two rows, `cells` are those of both, joined.
    """

    line: int
    cells: list[str]
    columns: tuple[Column, ...]
    last_line: int

    @property
    def unknown(self) -> tuple[Column, ...]:
        """Columns that are not known and not empty; they are kept as extras."""
        return tuple(
            c
            for c in self.columns
            if c.target is None and (c.header or c.example) and not c.is_remark
        )

    @property
    def fields(self) -> set[str]:
        """The fields that its columns give."""
        taken = [c for c in self.columns if c.target and c.is_taken]
        return {name for c in taken for name in fields.gives(str(c.target))}

    def of(self, name: str) -> str:
        """Return the header of the column for a field, or the field's name without one."""
        too = {fields.DAY_FIRST.get(name), *(t for t, n in fields.NAMED_AS.items() if n == name)}
        further = (c.header for c in self.columns if c.target and c.target in too)
        return next((c.header for c in self.columns if c.target == name), next(further, name))


def looks_like_header(row: Sequence[str]) -> bool:
    """Whether a row has at least two known headers."""
    return sum(target_of(cell) is not None for cell in row) > 1


def read_header(ahead: Sequence[Row], wanted: Wishes, name: str) -> tuple[int, Header]:
    """Find the header in the first rows of a table; returns its last row's index, and it.

    Raises PlannerError if the table has no rows or no known column, and ConfigError if a
    wish fits no column.
    """
    at = _place(ahead, wanted, name)
    line, row = ahead[at]
    headers = list(map(header_text, row))
    first = _first_beside(headers, ahead, at, wanted)
    aside = [] if first is None else headers[first:]
    headers, ahead = headers[:first], [(line, row[:first]) for line, row in ahead]
    own: Sequence[str] = ()
    if (joined := with_below(headers, ahead, at)) is not None:
        (headers, own), at = joined, at + 1
    elif (joined := with_above(headers, ahead, at)) is not None:
        headers, own = joined
    sample = [cells_of for _, cells_of in ahead[at + 1 :]]
    columns = tuple(settled(understand(headers, sample, wanted, name, own=own), sample))
    _refuse_twins(columns, line, name, sample)
    _refuse_nameless(columns, ahead[at], name)
    beside = (Column(len(headers) + n, text, IGNORED, BESIDE) for n, text in enumerate(aside))
    return at, Header(line, [*headers, *aside], (*columns, *beside), ahead[at][0])


def _first_beside(
    headers: Sequence[str], ahead: Sequence[Row], at: int, wanted: Wishes
) -> int | None:
    """Return where a block next to the list begins, unless the user said what it is."""
    first = first_beside(ahead, at)
    if first is None:
        return None
    width = max(len(row) for _, row in ahead)
    told = (wanted.of(text_at(headers, place), place) for place in range(first, width))
    return None if any(told) else first


# A list needs one of these, to tell which program a row is about.
_NAMING = frozenset({"program", "institution", *fields.CODES})


def _refuse_nameless(columns: Sequence[Column], row: Row, name: str) -> None:
    """Raise PlannerError if no column gives the names or the codes of programs."""
    if any(column.target in _NAMING for column in columns):
        return
    line, texts = row
    shown = ", ".join(text.strip() for text in texts if text.strip())[:200]
    raise PlannerError(
        f"{name} has no column with the names of programs; line {line}, read as the header,"
        f" says: {shown}.",
        hint="Is that line a program? Put a line above it that names the columns: Program, City"
        ' ... Or else say which column has the names: --map "Their Header=program".',
        code="no_program_column",
    )


def _place(ahead: Sequence[Row], wanted: Wishes, name: str) -> int:
    """Return the index of the first row with two known headers, or else with one."""
    filled = [any(map(str.strip, row)) for _, row in ahead]
    if not any(filled):
        raise PlannerError(f"{name} has no rows.", hint="Export it again.", code="empty_file")
    counts = [_known(row, wanted) for _, row in ahead]
    for least in (2, 1):
        for index, count in enumerate(counts):
            if count >= least:
                _refuse_data(ahead[index], name)
                if not any(filled[index + 1 :]):
                    raise PlannerError(
                        f"{name} has a header (line {ahead[index][0]}) and no rows below it.",
                        hint="Add a row for each program.",
                        code="only_header",
                    )
                return index
    line, row = ahead[filled.index(True)]
    shown = ", ".join(cell.strip() for cell in row if cell.strip())[:200]
    raise PlannerError(
        f"{name} has no column that planner knows; line {line} says: {shown}.",
        hint='Name one with --map "Their Header=program"; planner import --columns lists the'
        " known ones.",
        code="no_known_column",
    )


def _refuse_data(row: Row, name: str) -> None:
    """Raise PlannerError if the row that would be the header is a program."""
    line, texts = row
    if any(kinds.KINDS[kind](cells.clean_cell(text)) for text in texts for kind in DATA):
        shown = ", ".join(text.strip() for text in texts if text.strip())[:200]
        raise PlannerError(
            f"{name} has no header: line {line} looks like a program ({shown}).",
            hint="Put a first line above the list that names its columns: Program, Specialty, City,"
            " PD, PD Email ...",
            code="no_header",
        )


def _known(row: Sequence[str], wanted: Wishes) -> int:
    return sum(target_of(cell) is not None or wanted.names(cell) for cell in row)


# Special columns that count as the same field as another column.
_ONE_FIELD = {
    fields.NO_CONTACT: "contact_policy",
    fields.TO_RANK: "step2_policy",
    **{target: field for field, target in fields.DAY_FIRST.items()},
}


def _refuse_twins(
    columns: Sequence[Column], line: int, name: str, sample: Sequence[Sequence[str]]
) -> None:
    """Raise PlannerError if two columns are for one field; targets in MANY may have several."""
    seen: dict[str, Column] = {}
    for column in columns:
        target = column.target
        if target is None or target in MANY or not column.is_taken:
            continue
        key = _ONE_FIELD.get(target, target)
        if key in seen:
            both = (seen[key], column)
            one, other = (f'"{c.header}" ({letter_of(c.place)})' for c in both)
            forget = "; or --forget-map" if any(c.how == BEFORE for c in both) else ""
            less = min(reversed(both), key=lambda c: _filled(sample, c.place))
            raise PlannerError(
                f"{name}, line {line}: two columns for {key}: {one} and {other}.",
                hint=f'Leave one out: --ignore "column {less.place + 1}"; or give it a field of'
                f' its own: --map "column {less.place + 1}=notes"'
                f"{forget}.",
                code="two_columns",
            )
        seen[key] = column


def _filled(sample: Sequence[Sequence[str]], place: int) -> int:
    return sum(place < len(row) and bool(row[place].strip()) for row in sample)
