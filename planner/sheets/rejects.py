"""Writes the bad rows of an import to their own file, to be fixed there and imported again."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from planner import files
from planner.errors import ConfigError
from planner.sheets import fields
from planner.sheets.columns import BESIDE
from planner.sheets.header import MANY, Header
from planner.sheets.parsers.cells import rewritten, shielded
from planner.sheets.records import Record


def write_rejects(path: Path, records: Sequence[Record], *, lists: Collection[str]) -> None:
    """Write bad rows with their own columns, and what is wrong with each.

    Raises ConfigError if `path` is one of the `lists` being imported, or cannot be written.
    """
    for name in lists:
        if path.exists() and Path(name).exists() and path.samefile(name):
            raise ConfigError(
                f"--rejects {path} is the list itself; it was not touched.",
                hint="Name another file.",
                code="exists",
            )
    names: dict[str, str] = {}  # the header of each target, the same in all files
    rows = [_cells(record.header, record.cells, names) for record in records]
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
                why = "; ".join(f"{e.column}: {e.message}".lstrip(": ") for e in record.errors)
                writer.writerow([*(row.get(header, "") for header in headers), shielded(why)])
    except OSError as error:
        raise ConfigError(
            f"Cannot write {path}: {error.strerror}.", hint="Name another file for --rejects."
        ) from error


def _cells(header: Header, texts: Sequence[str], names: dict[str, str]) -> Mapping[str, str]:
    """Return an unchanged row by header; a cell without a header goes by its place."""
    row = {}
    for column in header.columns:
        text = texts[column.place] if column.place < len(texts) else ""
        if column.target == fields.REJECTED or column.how == BESIDE:
            continue
        if not (column.header or text.strip()):
            continue
        name = column.header or f"column {column.place + 1}"
        if column.target and column.is_taken and column.target not in MANY:
            name = names.setdefault(column.target, name)
        row[name] = rewritten(text)
    for place in range(len(header.columns), len(texts)):
        if texts[place].strip():
            row[f"column {place + 1}"] = rewritten(texts[place])
    return row
