"""Writes programs to a file that a spreadsheet opens safely and an import reads back whole."""

from __future__ import annotations

import csv
import filecmp
import gc
import itertools
import re
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from planner import files
from planner.errors import ConfigError, PlannerError
from planner.rules.facts import Program, plain
from planner.sheets.fields import BY_NAME
from planner.sheets.parsers.cells import shielded
from planner.sheets.reader import open_table


class Beside(NamedTuple):
    """A column that planner adds for people: its header, and texts by the ids of programs."""

    header: str
    texts: Mapping[int, str]


YES_NO = frozenset({"top_choice", "rank_list_locked"})
# XLSX writes _xHHHH_ for a character it cannot hold (ECMA-376 part 1, 22.4.2.4); a text that
# looks like that gets its underscore escaped.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write_programs(
    path: Path,
    programs: Sequence[Program],
    *,
    beside: Beside | None = None,
    force: bool = False,
) -> Path | None:
    """Write programs to a CSV or XLSX file, by its ending: every field, then every extra.

    `beside` gets a last column, which an import ignores.  An existing
    file is replaced only if planner wrote it, or with `force`; a different one is
    kept beside it, and the path of that copy returned.  Raises ConfigError if an existing file
    must not be replaced, for another ending, and if the file cannot be written.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise ConfigError(
            f"{path} ends neither in .csv nor in .xlsx.",
            hint="Give the file a name with one of these endings, such as programs.csv.",
            code="unknown_format",
        )
    if not force and not _ours(path):
        raise ConfigError(
            f"{path} already exists and was not written by planner; it was not touched.",
            hint="Name another file, or add --force to replace it.",
            code="exists",
        )
    kept = None
    try:
        with files.replacing(path) as fresh:
            write(fresh, rows_of(programs, beside))
            if path.exists() and path.stat().st_size and not filecmp.cmp(path, fresh, False):
                kept = files.keep_copy(path, ".before")
    except OSError as error:
        _let_go(error)
        raise ConfigError(
            f"Cannot write {path}: {error.strerror}.", hint="Name another file.", code="unwritable"
        ) from error
    return kept


def _let_go(error: OSError) -> None:
    """End what openpyxl leaves half written on a full disk, without its complaints as it ends."""
    before, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        traceback.clear_frames(error.__traceback__)
        gc.collect()
    finally:
        sys.unraisablehook = before


def rows_of(programs: Sequence[Program], beside: Beside | None = None) -> list[list[str]]:
    """Return the header and a row for each program, ready to write."""
    extras = dict.fromkeys(header for program in programs for header in program.extra)
    rows = [[*BY_NAME, *extras], *(_cells(program, extras) for program in programs)]
    if beside is not None and beside.texts:
        last = [beside.header, *(beside.texts.get(program.id, "") for program in programs)]
        rows = [[*row, text] for row, text in zip(rows, last, strict=True)]
    return [[shielded(text) for text in row] for row in rows]


def _ours(path: Path) -> bool:
    """Whether a file may be replaced: it does not exist, is empty, or has our own header."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    try:
        (_, header), *_ = itertools.islice(open_table(str(path)).rows, 1)
    except (PlannerError, ValueError):
        return False
    return header[: len(BY_NAME)] == list(BY_NAME)


def _cells(program: Program, extras: Iterable[str]) -> list[str]:
    return [
        *(cell_of(name, getattr(program, name)) for name in BY_NAME),
        *(program.extra.get(header, "") for header in extras),
    ]


def cell_of(name: str, value: Any) -> str:
    """A value of a field as an import reads it back."""
    if name in YES_NO:
        return "yes" if value else "no"
    return "" if value is None else str(plain(value))


def _write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    # With a byte order mark, because Excel does not recognize UTF-8 without it.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_xlsx(path: Path, rows: Iterable[Sequence[str]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Programs")
    sheet.freeze_panes = "B2"
    for number, row in enumerate(rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=_ESCAPE.sub("_x005F_", text))
            cell.data_type = "s"  # text, whatever it looks like: IDs keep their zeros
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


WRITERS = {".csv": _write_csv, ".xlsx": _write_xlsx}
