"""Rows to records: what each cell says of a program, and an issue for each bad cell."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from planner.errors import ConfigError, PlannerError
from planner.rules.facts import Signal, Specialty
from planner.rules.specialties import Specialties
from planner.sheets import cells, fields
from planner.sheets.reader import Row, Table

LOOK_AHEAD = 60  # rows in which the header is searched and code columns are judged


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that was not, or not quite, understood: where, and what was expected."""

    file: str
    line: int
    column: str
    value: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its place from 0, its header, and what it was taken for."""

    index: int
    header: str
    target: str | None


@dataclass(slots=True)
class Record:
    """What one row says of a program: only the fields that it gives.

    `values` holds parsed values by field name, `extra` the cells of unknown columns
    by header.  A record with errors is not to be used.
    """

    file: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    errors: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)  # field -> header

    def issue(self, column: str, value: str, code: str, message: str) -> Issue:
        """An issue of this record."""
        return Issue(self.file, self.line, column, value, code, message)


@dataclass(frozen=True, slots=True)
class Listing:
    """A file understood as a list of programs."""

    name: str
    columns: tuple[Column, ...]
    records: Iterable[Record]
    warnings: tuple[Issue, ...]

    @property
    def unknown(self) -> tuple[Column, ...]:
        """Columns that nothing matched; they are kept as extras."""
        return tuple(c for c in self.columns if c.target is None and c.header)


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
    rows = iter(table.rows)
    ahead = list(itertools.islice(rows, LOOK_AHEAD))
    chosen = {fields.fold_header(h): name for h, name in (mapping or {}).items()}
    at = _header_at(ahead, chosen, table.name)
    header, sample = ahead[at], ahead[at + 1 :]
    columns = _columns(header, sample, chosen, table.name)
    body = (
        row for row in itertools.chain(sample, rows) if not row.blank and not _repeats(row, header)
    )
    parser = _RowParser(table.name, columns, specialties, specialty)
    warnings = _column_warnings(table, header, columns)
    return Listing(table.name, columns, map(parser.parse, body), tuple(warnings))


def _known(row: Row, chosen: Mapping[str, str]) -> int:
    return sum(
        fields.target_of(c) is not None or fields.fold_header(c) in chosen for c in row.cells
    )


def _header_at(ahead: Sequence[Row], chosen: Mapping[str, str], name: str) -> int:
    """Index of the first row with two known headers, else of the first with one."""
    if not any(not row.blank for row in ahead):
        raise PlannerError(f"{name} has no rows.", hint="Export it again.", code="empty_file")
    counts = [_known(row, chosen) for row in ahead]
    for least in (2, 1):
        for index, count in enumerate(counts):
            if count >= least:
                if all(row.blank for row in ahead[index + 1 :]):
                    raise PlannerError(
                        f"{name} has a header (line {ahead[index].line}) and no rows below it.",
                        hint="Add a row for each program.",
                        code="only_header",
                    )
                return index
    first = next(row for row in ahead if not row.blank)
    shown = ", ".join(cell.strip() for cell in first.cells if cell.strip())[:200]
    raise PlannerError(
        f"{name} has no column that planner knows; line {first.line} reads: {shown}.",
        hint='Name one with --map "Their Header=program"; the README lists the fields.',
        code="no_known_column",
    )


def _columns(
    header: Row, sample: Sequence[Row], chosen: Mapping[str, str], name: str
) -> tuple[Column, ...]:
    unused = set(chosen)
    found: list[Column] = []
    for index, raw in enumerate(header.cells):
        text = cells.clean(raw)
        folded = fields.fold_header(text)
        unused.discard(folded)
        target = chosen.get(folded) or fields.target_of(text)
        if target == "acgme_id" and folded not in chosen and _holds_nrmp(sample, index):
            target = "nrmp_code"
        if target is None and any(c.header == text for c in found):
            text = f"{text} (column {index + 1})" if text else text
        found.append(Column(index, text, target))
    if unused:
        raise ConfigError(
            f"--map names a column that {name} does not have: {', '.join(sorted(unused))}.",
            hint=f"Its columns: {', '.join(c.header for c in found if c.header)}.",
            code="unknown_column",
        )
    _refuse_twins(found, header, name)
    return tuple(found)


def _holds_nrmp(sample: Sequence[Row], index: int) -> bool:
    """Whether most values of a code column have the NRMP shape."""
    values = [cells.code(row.cells[index]) for row in sample if index < len(row.cells)]
    given = [value for value in values if value]
    return sum(bool(cells.NRMP_SHAPE.fullmatch(v)) for v in given) * 2 > len(given)


def _refuse_twins(columns: Sequence[Column], header: Row, name: str) -> None:
    """Two columns for one field cannot both be right, connections aside."""
    seen: dict[str, Column] = {}
    for column in columns:
        target = column.target
        if target is None or target in {fields.TIE, "connection"}:
            continue
        key = "contact_policy" if target == fields.NO_CONTACT else target
        if key in seen:
            raise PlannerError(
                f"{name}, line {header.line}: two columns for {key}:"
                f' "{seen[key].header}" and "{column.header}".',
                hint="Rename one of them, or delete it, and import again.",
                code="two_columns",
            )
        seen[key] = column


def _column_warnings(table: Table, header: Row, columns: Sequence[Column]) -> Iterator[Issue]:
    if table.assumed:
        yield Issue(table.name, 1, "", "", "encoding_assumed", f"{table.name}: {table.assumed}.")
    for column in columns:
        if column.target is not None or not column.header:
            continue
        near = fields.suggestion_for(column.header)
        hint = f' Did you mean {near}? Then: --map "{column.header}={near}"' if near else ""
        yield Issue(
            table.name,
            header.line,
            column.header,
            "",
            "unknown_column",
            f'no field is called "{column.header}"; its cells are kept as extras.{hint}',
        )


def _repeats(row: Row, header: Row) -> bool:
    """Whether a row is the header over again."""
    return list(map(str.strip, row.cells)) == list(map(str.strip, header.cells))


class _RowParser:
    """Parses the rows of one file."""

    def __init__(
        self,
        file: str,
        columns: Sequence[Column],
        specialties: Specialties,
        specialty: Specialty | None,
    ) -> None:
        self.file = file
        self.columns = columns
        self.specialties = specialties
        self.specialty = specialty

    def parse(self, row: Row) -> Record:
        """One record from one row; never raises for what a cell holds."""
        record = Record(self.file, row.line, raw=row.cells)
        for column in self.columns:
            raw = row.cells[column.index] if column.index < len(row.cells) else ""
            text = cells.clean(raw)
            if text:
                self._cell(record, column, text)
        for raw in row.cells[len(self.columns) :]:
            if cells.clean(raw):
                record.errors.append(
                    record.issue("", raw, "too_many_cells", "expected no cell beyond the header")
                )
        self._settle_specialty(record)
        self._drop_twin_address(record)
        return record

    def _cell(self, record: Record, column: Column, text: str) -> None:
        target = column.target
        try:
            if target is None:
                record.extra[column.header or f"column {column.index + 1}"] = cells.long_text(text)
            elif target in _SPECIAL:
                _SPECIAL[target](record, column, text)
            else:
                self._field(record, column, target, text)
        except cells.BadCellError as bad:
            record.errors.append(record.issue(column.header, text, bad.code, bad.expected))

    def _field(self, record: Record, column: Column, name: str, text: str) -> None:
        if name == "acgme_id" and cells.NRMP_SHAPE.fullmatch(cells.code(text)):
            name = "nrmp_code"
        if cells.is_missing(text) and not _own_word(name, text):
            return
        value = fields.BY_NAME[name].parse(text)
        if isinstance(value, cells.Noted):
            record.warnings.append(record.issue(column.header, text, value.code, value.remark))
            value = value.value
        if name == "connection":
            _join_connection(record, value)
            return
        record.values[name] = value
        record.columns[name] = column.header

    def _settle_specialty(self, record: Record) -> None:
        """Column, else ID, else NRMP code, else `--specialty`; official name in the end."""
        said = record.values.pop("specialty", None)
        digits = record.values.get("acgme_id", "")[:3] or record.values.get("nrmp_code", "")[4:7]
        by_code = self.specialties.with_code(digits) if digits else None
        named = self.specialties.named(said) if said else None
        column = record.columns.get("specialty", "specialty")
        if said and named is None and by_code is None:
            record.errors.append(
                record.issue(column, said, "bad_specialty", self._expected_specialty(said))
            )
            return
        if said and named is None and by_code is not None:
            record.warnings.append(
                record.issue(
                    column, said, "unknown_specialty", f"taken as {by_code.name}, from the code"
                )
            )
        if named and by_code and named != by_code:
            record.warnings.append(
                record.issue(
                    column,
                    said or "",
                    "specialty_disagrees",
                    f"the code says {by_code.name}; kept what the column says, {named.name}",
                )
            )
        found = named or by_code or self.specialty
        if found is not None:
            record.values["specialty"] = found.name

    def _expected_specialty(self, said: str) -> str:
        import difflib

        near = difflib.get_close_matches(said, self.specialties.names(), n=2)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        return f"expected a specialty such as Internal Medicine, IM or 140.{hint}"

    def _drop_twin_address(self, record: Record) -> None:
        """Director and coordinator with the same address: kept once."""
        director = record.values.get("director_email", "").casefold()
        if director and record.values.get("coordinator_email", "").casefold() == director:
            del record.values["coordinator_email"]


def _own_word(name: str, text: str) -> bool:
    """Whether a word that usually means "missing" is a word of the field itself."""
    own = {"step2_policy": "none", "signal": "none", "contact_policy": "none"}
    return own.get(name) == text.casefold()


def _join_connection(record: Record, value: str) -> None:
    before = record.values.get("connection", "")
    if value not in before.split("; "):
        record.values["connection"] = f"{before}; {value}" if before else value


def _tie(record: Record, column: Column, text: str) -> None:
    word = text.casefold()
    if word in cells.NO or cells.is_missing(text):
        return
    _join_connection(record, column.header if word in cells.YES else cells.line(text))


def _director(record: Record, column: Column, text: str) -> None:
    if cells.is_missing(text):
        return
    first, last = cells.person(text)
    record.values.setdefault("director_last_name", last)
    if first:
        record.values.setdefault("director_first_name", first)
    record.columns.setdefault("director_last_name", column.header)


def _location(record: Record, column: Column, text: str) -> None:
    match = re.fullmatch(r"(.+?),\s*([A-Za-z]{2}|[A-Z][A-Za-z ]{3,})", cells.line(text))
    if match:
        record.values.setdefault("city", match[1])
        record.values.setdefault("state", match[2])
        return
    record.extra[column.header] = cells.line(text)
    if not cells.is_missing(text):
        record.warnings.append(
            record.issue(
                column.header,
                text,
                "not_a_location",
                'expected "City, ST"; kept as an extra',
            )
        )


def _no_contact(record: Record, column: Column, text: str) -> None:
    record.values["contact_policy"] = cells.no_contact(text)
    record.columns["contact_policy"] = column.header


def _signal(record: Record, column: Column, text: str, given: Signal) -> None:
    if not cells.yes_no(text):
        return
    record.values["signal"] = (
        Signal.GOLD if Signal.GOLD in (given, record.values.get("signal")) else given
    )
    record.columns["signal"] = column.header


_SPECIAL: dict[str, Callable[[Record, Column, str], None]] = {
    fields.REJECTED: lambda _record, _column, _text: None,
    fields.TIE: _tie,
    fields.DIRECTOR: _director,
    fields.LOCATION: _location,
    fields.NO_CONTACT: _no_contact,
    fields.GOLD: lambda r, c, t: _signal(r, c, t, Signal.GOLD),
    fields.SILVER: lambda r, c, t: _signal(r, c, t, Signal.SILVER),
}
