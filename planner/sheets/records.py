"""Rows to records: what each cell says of a program, and an issue for each bad cell.

A record holds plain values (text, 0 or 1, dates as YYYY-MM-DD), so that it can be
compared with what is stored, and written, as it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from planner.rules.facts import Signal, Specialty, plain
from planner.rules.specialties import Specialties, name_keys
from planner.sheets import addresses, cells, codes, fields, people, vocabulary
from planner.sheets.header import Column, Header, read_header, unknown_remarks
from planner.sheets.reader import Row, Table
from planner.sheets.states import is_state

LOOK_AHEAD = 60  # rows in which the header is searched and code columns are judged
BATCH = 250  # rows that are parsed, looked up and written together; more fit no cache
REMEMBERED = 5_000  # different cells of a column whose meaning is kept at hand
SAID_ONCE = frozenset({"required_to_apply"})  # once for each file is enough


class Issue(NamedTuple):
    """One thing that was not, or not quite, understood: where, and what was expected."""

    file: str
    line: int
    column: str
    value: str
    code: str
    message: str


@dataclass(slots=True)
class Record:
    """What one row says of a program: only the fields that it gives.

    `values` holds plain values by field name, `extra` the cells of unknown columns by
    header, `cells` the row as it stands.  A record with errors is not to be used.
    """

    listing: Listing
    line: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    errors: Sequence[Issue] = ()
    warnings: Sequence[Issue] = ()
    name_key: str = ""
    denied: tuple[str, ...] = ()

    def fail(self, column: str, value: object, code: str, message: str) -> None:
        """Add an error; `column` is a header, or a field whose header is looked up."""
        self.errors = [*self.errors, self.issue(column, value, code, message)]

    def warn(self, column: str, value: object, code: str, message: str) -> None:
        """Add a warning, as `fail` does."""
        self.warnings = [*self.warnings, self.issue(column, value, code, message)]

    def issue(self, column: str, value: object, code: str, message: str) -> Issue:
        """An issue of this record."""
        header = self.listing.header_of(column)
        return Issue(self.listing.name, self.line, header, str(value), code, message)


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
    def unknown(self) -> tuple[Column, ...]:
        """Columns that nothing matched; they are kept as extras."""
        return tuple(c for c in self.columns if c.target is None and c.header)

    @property
    def fields(self) -> set[str]:
        """The fields of which its columns speak."""
        return {name for c in self.columns if c.target for name in fields.gives(c.target)}

    def header_of(self, name: str) -> str:
        """The header of the column that gives a field; the name itself where none does."""
        return next((c.header for c in self.columns if c.target == name), name)

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
        parser = _RowParser(self)
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


# Looked at after the other columns of a row, which say the same more exactly.
GIVES_WAY = frozenset({fields.DIRECTOR, fields.LOCATION, fields.GOLD, fields.SILVER})


# The meaning of a cell that needs a second look, together with its row.
_LOOK = object()


class _Cells:
    """One column as the parser sees it: where it stands, and what its cells mean."""

    __slots__ = ("_known", "column", "field", "name", "place", "plain")

    def __init__(self, column: Column) -> None:
        self.column, self.place, self.name = column, column.place, column.target or ""
        found = fields.BY_NAME.get(self.name)
        self.field = None if found is None or found.name == "connection" else found
        self.plain = self.field.plain if self.field else None
        self._known: dict[str, Any] = {}

    def meanings(self, texts: Sequence[str]) -> Sequence[Any]:
        """What each cell means: a value, None or "" for nothing, or `_LOOK`."""
        if self.plain is not None and self.plain(texts):
            return texts
        known = self._known
        if len(known) > REMEMBERED:
            known.clear()
        for raw in set(texts).difference(known):
            known[raw] = self._meaning(raw) if raw else None
        return list(map(known.__getitem__, texts))

    def _meaning(self, raw: str) -> Any:
        if self.field is None:
            return _LOOK
        if self.plain is not None and self.plain((raw,)):
            return raw
        text = _text_of(raw)
        if _is_missing(self.field, text):
            return None
        try:
            value = self.field.parse(text)
        except cells.BadCellError:
            return _LOOK
        return _LOOK if isinstance(value, cells.Noted) else plain(value)


def _text_of(raw: str) -> str:
    return cells.clean(cells.unshielded(cells.clean(raw)))


def _is_missing(known: fields.Field, text: str) -> bool:
    """Whether a cell says nothing; a word of the field's own says something."""
    return not text or (cells.is_missing(text) and text.casefold() not in known.own)


class _RowParser:
    """Parses the rows of one file."""

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        taken = [c for c in listing.columns if c.target != fields.REJECTED]
        self.columns = [_Cells(c) for c in sorted(taken, key=lambda c: c.target in GIVES_WAY)]
        self.names = [cell.name for cell in self.columns]
        self.width = len(listing.columns)
        headers = listing.header.cells
        self.mark = next(i for i, header in enumerate(headers) if header.strip())
        self.specialties, self.specialty = listing.specialties, listing.specialty
        self.by_role = any(c.target == fields.ROLE for c in listing.columns)
        self._settled: dict[tuple[str, str], tuple[str | None, str, str]] = {}
        self._said: set[str] = set()

    def parse(self, rows: Sequence[Row]) -> list[Record]:
        """The records of some rows; never raises for what a cell holds.

        Column by column first: most cells mean what they say, and many say the same.
        What needs a second look gets it with its row.
        """
        texts = [self._widened(row) for _, row in rows]
        looks: dict[int, list[_Cells]] = {}
        meant: list[Sequence[Any]] = []
        for cell, column in zip(self.columns, self._by_column(texts), strict=True):
            meanings = cell.meanings(column)
            if _LOOK in meanings:
                for at, meaning in enumerate(meanings):
                    if meaning is _LOOK:
                        looks.setdefault(at, []).append(cell)
                meanings = [None if meaning is _LOOK else meaning for meaning in meanings]
            meant.append(meanings)
        names, listing = self.names, self.listing
        found = []
        for at, ((line, row), meanings) in enumerate(
            zip(rows, zip(*meant, strict=True), strict=True)
        ):
            values = {n: v for n, v in zip(names, meanings, strict=True) if v or v == 0}
            record = Record(listing, line, row, values)
            if at in looks:
                for cell in looks[at]:
                    self._look(record, cell, texts[at][cell.place])
            if len(row) > self.width:
                self._beyond(record, row[self.width :])
            if self._is_record(record):
                found.append(record)
        _name(found)
        return found

    def _widened(self, row: list[str]) -> list[str]:
        missing = self.width - len(row)
        return row + [""] * missing if missing > 0 else row

    def _by_column(self, texts: Sequence[list[str]]) -> list[tuple[str, ...]]:
        columns = list(zip(*(row[: self.width] for row in texts), strict=True))
        return [columns[cell.place] for cell in self.columns]

    def _is_record(self, record: Record) -> bool:
        """Settle what a row as a whole says; False for a blank row or a repeated header."""
        values, row = record.values, record.cells
        if not values and not record.extra and not record.errors and not any(map(str.strip, row)):
            return False
        header = self.listing.header
        alike = self.mark < len(row) and row[self.mark] == header.cells[self.mark]
        if alike and header.repeated_in(row):
            return False
        if self.by_role:
            _place_contact(record)
        self._settle_specialty(record)
        director = values.get("director_email")
        if director and values.get("coordinator_email", "").casefold() == director.casefold():
            del values["coordinator_email"]  # the same: kept once
        return True

    def _beyond(self, record: Record, texts: Sequence[str]) -> None:
        for raw in texts:
            if cells.clean(raw):
                record.fail("", raw, "too_many_cells", "expected no cell beyond the header")

    def _look(self, record: Record, cell: _Cells, raw: str) -> None:
        """A second look at a cell: find its meaning, or say what was expected."""
        column = cell.column
        text = _text_of(raw)
        if not text:
            return
        try:
            if text in cells.FORMULA_ERRORS:
                cells.line(text)  # says so, whatever the field expects
            if column.target is None:
                record.extra[column.header or f"column {column.place + 1}"] = cells.long_text(text)
            elif column.target in _SPECIAL:
                _SPECIAL[column.target](record, column, text)
            else:
                self._field(record, column, column.target, text)
        except cells.BadCellError as bad:
            record.fail(column.header, text, bad.code, bad.expected)

    def _field(self, record: Record, column: Column, name: str, text: str) -> None:
        if name == "acgme_id" and codes.NRMP_SHAPE.fullmatch(codes.code(text)):
            name = "nrmp_code"
        known = fields.BY_NAME[name]
        if _is_missing(known, text):
            return
        value = known.parse(text)
        if isinstance(value, cells.Noted):
            self._note(record, column, text, value)
            value = value.value
        if value is None:
            record.denied = (*record.denied, name)
        elif name == "connection":
            _join_connection(record, value)
        else:
            record.values[name] = plain(value)

    def _note(self, record: Record, column: Column, text: str, noted: cells.Noted) -> None:
        if noted.code in SAID_ONCE:
            if noted.code in self._said:
                return
            self._said.add(noted.code)
        record.warn(column.header, text, noted.code, noted.remark)

    def _settle_specialty(self, record: Record) -> None:
        """Column, else ID, else NRMP code, else `--specialty`; official name in the end."""
        values = record.values
        said = values.pop("specialty", "")
        digits = values.get("acgme_id", "")[:3] or values.get("nrmp_code", "")[4:7]
        found = self._settled.get((said, digits))
        if found is None:
            found = self._specialty_of(said, digits)
            if len(self._settled) < REMEMBERED:
                self._settled[said, digits] = found
        name, code, message = found
        if name is not None:
            values["specialty"] = name
        if code and name is None:
            record.fail("specialty", said, code, message)
        elif code:
            record.warn("specialty", said, code, message)

    def _specialty_of(self, said: str, digits: str) -> tuple[str | None, str, str]:
        """(official name, code, message) for what a column says and an ID begins with."""
        by_code = self.specialties.with_code(digits) if digits else None
        named = self.specialties.named(said) if said else None
        found = named or by_code or (None if said else self.specialty)
        if said and found is None:
            return None, "bad_specialty", self._expected_specialty(said)
        if said and named is None and by_code is not None:
            return by_code.name, "unknown_specialty", f"taken as {by_code.name}, from the code"
        if named and by_code and named != by_code:
            message = f"the code says {by_code.name}; kept what the column says, {named.name}"
            return named.name, "specialty_disagrees", message
        return (found.name if found else None), "", ""

    def _expected_specialty(self, said: str) -> str:
        import difflib

        near = difflib.get_close_matches(said, self.specialties.names(), n=2)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        return f"expected a specialty such as Internal Medicine, IM or 140.{hint}"


def _name(records: Sequence[Record]) -> None:
    """Give records their name key; an institution stands in for a missing name."""
    keys = name_keys(
        (
            values.get("specialty", ""),
            values.get("program") or values.get("institution", ""),
            values.get("city", ""),
        )
        for values in (record.values for record in records)
    )
    for record, key in zip(records, keys, strict=True):
        record.name_key = key


def _join_connection(record: Record, value: str) -> None:
    before = record.values.get("connection", "")
    if value not in before.split("; "):
        record.values["connection"] = f"{before}; {value}" if before else value


def _tie(record: Record, column: Column, text: str) -> None:
    word = text.casefold()
    if word in cells.NO:
        record.denied = (*record.denied, "connection")
    elif not cells.is_missing(text):
        _join_connection(record, column.header if word in cells.YES else cells.line(text))


def _director(record: Record, column: Column, text: str) -> None:
    if cells.is_missing(text):
        return
    name = _person(record, column, text)
    if not name:
        return
    first, last = people.person(name)
    named = record.values.setdefault("director_last_name", last)
    if named.casefold() not in name.casefold():
        record.warn(column.header, text, "two_names", f"another column says {named}; kept that")
    if first:
        record.values.setdefault("director_first_name", first)


def _person(record: Record, column: Column, text: str) -> str:
    """The name of one person from a cell that should hold one; a remark goes to the record."""
    found = people.one_person(cells.long_text(text))
    if isinstance(found, cells.Noted):
        record.warn(column.header, text, found.code, found.remark)
        return str(found.value)
    return found


_PLACE = re.compile(r"(.+?),\s*([A-Za-z. ]+?)(?:\s+[0-9]{5}(?:-[0-9]{4})?)?")


def _location(record: Record, column: Column, text: str) -> None:
    place = cells.line(text)
    match = _PLACE.fullmatch(place)
    if match and is_state(match[2]):
        given = {"city": match[1], "state": match[2]}
        if all(str(record.values.get(n, v)).casefold() == v.casefold() for n, v in given.items()):
            record.values.update({**given, **record.values})
            return
    record.extra[column.header] = place
    if not cells.is_missing(text):
        record.warn(
            column.header,
            text,
            "not_a_location",
            'expected "City, ST", the same as in other columns; kept as an extra',
        )


def _no_contact(record: Record, column: Column, text: str) -> None:
    if not cells.is_missing(text) or text.casefold() in {"none", "-"}:
        record.values["contact_policy"] = vocabulary.no_contact(text).value


SIGNALS = tuple(signal.value for signal in (Signal.NONE, Signal.YES, Signal.SILVER, Signal.GOLD))


def _signal(record: Record, given: Signal, text: str) -> None:
    """A yes in a column of its own; the highest of what the row says counts."""
    if cells.is_missing(text) and text.casefold() not in {"none", "-"}:
        return
    said = vocabulary.signal(text)
    if said is Signal.NONE:
        record.denied = (*record.denied, "signal")
        return
    said = given if said is Signal.YES else said
    before = record.values.get("signal", "none")
    record.values["signal"] = max(before, said.value, key=SIGNALS.index)


DIRECTOR_ROLES = frozenset({"pd", "director", "program director", "residency director"})
COORDINATOR_ROLES = frozenset(
    {
        "pc",
        "coordinator",
        "program coordinator",
        "residency coordinator",
        "program manager",
        "program administrator",
        "residency program coordinator",
        "administrator",
        "contact",
    }
)


def _contact(target: str) -> Callable[[Record, Column, str], None]:
    def kept(record: Record, column: Column, text: str) -> None:
        if not cells.is_missing(text):
            if target == fields.CONTACT_NAME:
                text = _person(record, column, text)
            parse = addresses.email if target == fields.CONTACT_EMAIL else cells.line
            value = parse(text)
            if isinstance(value, cells.Noted):
                record.warn(column.header, text, value.code, value.remark)
                value = value.value
            record.values[target] = value

    return kept


def _place_contact(record: Record) -> None:
    """Put the row's contact where its role says: with the director or the coordinator."""
    values = record.values
    role = values.pop(fields.ROLE, "")
    whole = values.pop(fields.CONTACT_NAME, "")
    first, last = values.pop(fields.CONTACT_FIRST, ""), values.pop(fields.CONTACT_LAST, "")
    address = values.pop(fields.CONTACT_EMAIL, "")
    whole = whole or f"{first} {last}".strip()
    if not whole and not address:
        return
    word = vocabulary.fold_word(role)
    if word in DIRECTOR_ROLES:
        if whole and not last:
            first, last = people.person(whole)
        found = {
            "director_first_name": first,
            "director_last_name": last,
            "director_email": address,
        }
    elif not word or word in COORDINATOR_ROLES:
        found = {"coordinator_name": whole, "coordinator_email": address}
    else:
        found = {}
        record.extra[f"Other contact: {role}"] = " ".join(
            filter(None, (whole, address and f"<{address}>"))
        )
        record.warn(
            fields.ROLE, role, "other_role", "neither director nor coordinator; kept as an extra"
        )
    for name, value in found.items():
        if value:
            values.setdefault(name, value)


_SPECIAL: dict[str, Callable[[Record, Column, str], None]] = {
    fields.TIE: _tie,
    fields.DIRECTOR: _director,
    fields.LOCATION: _location,
    fields.NO_CONTACT: _no_contact,
    fields.GOLD: lambda record, _column, text: _signal(record, Signal.GOLD, text),
    fields.SILVER: lambda record, _column, text: _signal(record, Signal.SILVER, text),
    fields.ROLE: lambda record, _column, text: record.values.update(
        {fields.ROLE: cells.line(text)}
    ),
    **{target: _contact(target) for target in fields.CONTACTS},
}
