"""Writes the bad rows of an import to their own file, to be fixed there and imported again.

A row there stands alone: no title is above it, nothing is known of its color or its comments,
and no other row tells what a cross or an empty box means.  So all of that is written out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2s
from pathlib import Path

from planner import files
from planner.errors import ConfigError
from planner.rules.case import OUT_OF_PLAY
from planner.rules.facts import Status
from planner.sheets import fields
from planner.sheets.columns import AS_WRITTEN, BESIDE, BY_WISH, Column
from planner.sheets.header import MANY, Header
from planner.sheets.parsers.cells import clean_cell, is_cross, rewritten, shielded, unshielded
from planner.sheets.records import Record, joined


def write_rejects(
    path: Path,
    records: Sequence[Record],
    *,
    lists: Collection[str],
    with_specialty: bool = False,
) -> Mapping[str, str]:
    """Write bad rows with their own columns, and what is wrong with each.

    `with_specialty`: a row without a specialty gets the default of its file, because other
    files have another.  Returns the header of each target, which is the same for rows of all
    files.  Raises ConfigError if `path` is one of the `lists` being imported, or cannot be
    written.
    """
    for name in lists:
        if path.exists() and Path(name).exists() and path.samefile(name):
            raise ConfigError(
                f"--rejects {path} is the list itself; it was not touched.",
                hint="Name another file.",
                code="exists",
            )
    names: dict[str, str] = {}  # the header of each target, the same in all files
    rows = [_cells(record, names, with_specialty=with_specialty) for record in records]
    headers = dict.fromkeys(header for row in rows for header in row)
    try:
        # With a byte order mark, because Excel does not recognize UTF-8 without it.
        with (
            files.replacing(path) as part,
            part.open("w", encoding="utf-8-sig", newline="") as file,
        ):
            writer = csv.writer(file)
            writer.writerow([*map(shielded, headers), fields.REJECTED])
            for record, row in zip(records, rows, strict=True):
                cells = (row.get(header, "") for header in headers)
                writer.writerow([*cells, shielded(_why(record))])
    except OSError as error:
        raise ConfigError(
            f"Cannot write {path}: {error.strerror}.", hint="Name another file for --rejects."
        ) from error
    return names


_MARKS = re.compile(r"\(row ([0-9a-f]{12}(?: [0-9a-f]{12})*)\)\s*$")


def _why(record: Record) -> str:
    """Say where a row was, what is wrong with it, and its mark, with those that it had before."""
    what = "; ".join(f"{e.column}: {e.message}".lstrip(": ") for e in record.errors)
    marks = " ".join(dict.fromkeys([*marks_of_fixed(record), mark_of(record)]))
    return f"line {record.line} of {record.file}: {what} (row {marks})"


def mark_of(record: Record) -> str:
    """Return what identifies a row: a digest of its cells, and of what stands outside of them."""
    ours = {c.place for c in record.header.columns if c.target == fields.REJECTED}
    texts = [text for place, text in enumerate(record.cells) if place not in ours]
    while texts and not texts[-1]:
        texts.pop()
    parts = repr((texts, list(record.aside), list(record.above), list(record.linked)))
    return blake2s(parts.encode("utf-8", "replace"), digest_size=6).hexdigest()


def is_of_rejects(header: Header) -> bool:
    """Whether a file has the column that a file of rejects adds."""
    return any(column.target == fields.REJECTED for column in header.columns)


def marks_of_fixed(record: Record) -> Sequence[str]:
    """Return the marks of the left-out rows that a row of a file of rejects is the fixed one of."""
    texts = [
        record.cells[column.place]
        for column in record.header.columns
        if column.target == fields.REJECTED and column.place < len(record.cells)
    ]
    found = next(filter(None, map(_MARKS.search, texts)), None)
    return found[1].split() if found else ()


def _cells(record: Record, names: dict[str, str], *, with_specialty: bool) -> Mapping[str, str]:
    """Return a row by header, as it reads without its file; a nameless column goes by its place."""
    header, texts, row = record.header, record.cells, dict[str, str]()
    linked = dict(record.linked)
    for column in header.columns:
        text = texts[column.place] if column.place < len(texts) else ""
        if column.target == fields.REJECTED or column.how == BESIDE:
            continue
        if not (column.header or text.strip() or column.how in BY_WISH):
            continue
        row[_name_of(column, names)] = rewritten(
            linked.get(column.place) or _alone(record, column, text)
        )
    for place in range(len(header.columns), len(texts)):
        if texts[place].strip():
            row[f"column {place + 1}"] = rewritten(texts[place])
    above = list(record.above)
    if with_specialty and record.assumed and (specialty := record.values.get("specialty")):
        above.append(("specialty", specialty))
    for name, text in above:
        _add_from_above(record, name, text, row, names)
    for name, text in record.aside:
        row[name] = shielded(joined(unshielded(row.get(name, "")), text))
    return row


def _name_of(column: Column, names: dict[str, str]) -> str:
    """Return the header of a column in the file of rejects; the first file's name counts."""
    if column.target and column.is_taken and column.target not in MANY:
        names.setdefault(column.target, column.name)
    return name_in_rejects(column, names)


def name_in_rejects(column: Column, names: Mapping[str, str]) -> str:
    """Return the header of a column in a file of rejects, whose `names` are by target."""
    is_one = column.target and column.is_taken and column.target not in MANY
    return names.get(str(column.target), column.name) if is_one else column.name


def _alone(record: Record, column: Column, text: str) -> str:
    """Return a cell in words that need no other rows: a cross that means yes, a blank for no."""
    bare = clean_cell(text)
    if column.crossed and is_cross(bare):
        return "yes"
    if column.ticked and not bare and record.values.get("status") == Status.NOT_APPLIED:
        return "no"
    return text


def _add_from_above(
    record: Record, name: str, text: str, row: dict[str, str], names: dict[str, str]
) -> None:
    """Write what a title says of a row into the field's column; its own cell wins.

    A status cell and a title both count.  So a title that is against a letter is kept as a
    remark beside a filled cell.
    """
    own = [c for c in record.header.columns if c.target == name]
    header = _name_of(own[0], names) if own else names.setdefault(name, name)
    if not row.get(header, "").strip():
        row[header] = text
    elif name == "status" and text in OUT_OF_PLAY:
        remark = header + AS_WRITTEN
        row[remark] = joined(row.get(remark, ""), f"below a title: {text}")
