"""The header of a table: where it stands, and what each column was taken for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from planner.errors import ConfigError, PlannerError
from planner.sheets import fields
from planner.sheets.parsers import cells, codes
from planner.sheets.table import Row


class Column(NamedTuple):
    """One column of a file: its place from 0, its header, and what it was taken for."""

    place: int
    header: str
    target: str | None


class Header(NamedTuple):
    """The header row of a file: its line, its cells as they stand, its columns."""

    line: int
    cells: list[str]
    columns: tuple[Column, ...]

    @property
    def unknown(self) -> tuple[Column, ...]:
        """Columns that nothing matched; they are kept as extras."""
        return tuple(c for c in self.columns if c.target is None and c.header)

    @property
    def fields(self) -> set[str]:
        """The fields of which its columns speak."""
        return {name for c in self.columns if c.target for name in fields.gives(c.target)}

    def of(self, name: str) -> str:
        """The header of the column that gives a field; the name itself where none does."""
        return next((c.header for c in self.columns if c.target == name), name)

    def repeated_in(self, row: list[str]) -> bool:
        """Whether a row is the header over again."""
        return list(map(str.strip, row)) == list(map(str.strip, self.cells))


def looks_like_header(row: Sequence[str]) -> bool:
    """Whether a row has two headers that are known."""
    return sum(fields.target_of(cell) is not None for cell in row) > 1


def read_header(ahead: Sequence[Row], mapping: Mapping[str, str], name: str) -> tuple[int, Header]:
    """Find the header in the first rows of a table; returns its place among them, and it.

    `mapping` names fields for headers.  Raises PlannerError for a table without rows or
    without a column that is known, ConfigError for a mapping that fits no column.
    """
    chosen = {fields.fold_header(header): target for header, target in mapping.items()}
    at = _place(ahead, chosen, name)
    line, row = ahead[at]
    columns = _columns(row, ahead[at + 1 :], chosen, name)
    _refuse_twins(columns, line, name)
    return at, Header(line, row, columns)


def _place(ahead: Sequence[Row], chosen: Mapping[str, str], name: str) -> int:
    """Index of the first row with two known headers, else of the first with one."""
    filled = [any(map(str.strip, row)) for _, row in ahead]
    if not any(filled):
        raise PlannerError(f"{name} has no rows.", hint="Export it again.", code="empty_file")
    counts = [_known(row, chosen) for _, row in ahead]
    for least in (2, 1):
        for index, count in enumerate(counts):
            if count >= least:
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
        f"{name} has no column that planner knows; line {line} reads: {shown}.",
        hint='Name one with --map "Their Header=program"; planner import --columns lists what'
        " is known.",
        code="no_known_column",
    )


def _known(row: Sequence[str], chosen: Mapping[str, str]) -> int:
    return sum(fields.target_of(c) is not None or fields.fold_header(c) in chosen for c in row)


def _columns(
    row: Sequence[str], sample: Sequence[Row], chosen: Mapping[str, str], name: str
) -> tuple[Column, ...]:
    headers = [_text(cell) for cell in row]
    folded = [fields.fold_header(header) for header in headers]
    if unused := chosen.keys() - set(folded):
        raise ConfigError(
            f"--map names a column that {name} does not have: {', '.join(sorted(unused))}.",
            hint=f"Its columns: {', '.join(filter(None, headers))}.",
            code="unknown_column",
        )
    found: list[Column] = []
    for index, (header, word) in enumerate(zip(headers, folded, strict=True)):
        target = chosen.get(word) or fields.HEADERS.get(word)
        if target == fields.REJECTED and header != fields.REJECTED:
            target = None  # somebody's own column
        if target == "acgme_id" and word not in chosen and _holds_nrmp(sample, index):
            target = "nrmp_code"
        if header and target is None and any(c.header == header for c in found):
            header = f"{header} (column {index + 1})"
        found.append(Column(index, header, target))
    if any(column.target == fields.ROLE for column in found):
        found = _with_contacts(found, chosen)
    return tuple(found)


def _text(cell: str) -> str:
    """A header on one line, without what nobody can see."""
    return " ".join(cells.CONTROL.sub("", cells.clean(cells.unshielded(cell))).split())


def _holds_nrmp(sample: Sequence[Row], index: int) -> bool:
    """Whether most values of a code column have the NRMP shape."""
    values = [codes.code(row[index]) for _, row in sample if index < len(row)]
    given = [value for value in values if value]
    return sum(bool(codes.NRMP_SHAPE.fullmatch(v)) for v in given) * 2 > len(given)


def _with_contacts(columns: list[Column], chosen: Mapping[str, str]) -> list[Column]:
    """Beside a Role column, Name and Email speak of whoever the row is about."""

    def settled(column: Column) -> Column:
        word = fields.fold_header(column.header)
        target = fields.CONTACT_HEADERS.get(word)
        others = [c for c in columns if c.target == column.target and c is not column]
        if target is None or word in chosen or (column.target == "program" and not others):
            return column
        return column._replace(target=target)

    return list(map(settled, columns))


def _refuse_twins(columns: Sequence[Column], line: int, name: str) -> None:
    """Two columns for one field cannot both be right, connections aside.  Raises PlannerError."""
    seen: dict[str, Column] = {}
    for column in columns:
        target = column.target
        if target is None or target in {fields.TIE, "connection"}:
            continue
        key = "contact_policy" if target == fields.NO_CONTACT else target
        if key in seen:
            raise PlannerError(
                f"{name}, line {line}: two columns for {key}:"
                f' "{seen[key].header}" and "{column.header}".',
                hint="Rename one of them, or delete it, and import again.",
                code="two_columns",
            )
        seen[key] = column


def unknown_remarks(columns: Sequence[Column]) -> Iterator[tuple[Column, str]]:
    """Each column that nothing matched, with what becomes of it and the nearest guess."""
    for column in columns:
        if column.target is not None or not column.header:
            continue
        near = fields.suggestion_for(column.header)
        hint = f' Did you mean {near}? Then: --map "{column.header}={near}"' if near else ""
        yield (
            column,
            f'no field is called "{column.header}"; its cells are kept as extras.{hint}',
        )
