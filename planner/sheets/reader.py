"""Files to rows: what a file is, is found by its content; every row has its line number."""

from __future__ import annotations

import atexit
import codecs
import csv
import io
import re
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from planner.errors import PlannerError
from planner.sheets.table import OLE_MAGIC, ZIP_MAGIC, Row, Table

SEPARATORS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "pipes"}
SAMPLE = 64 * 1024  # bytes looked at to tell what a file is
CHUNK = 1024 * 1024
# Stands behind the last line: a quotation mark that is still open swallows it.
END = "\ue000 the end of the list \ue000"

OTHER_FILES = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "RTF",
    b"7z\xbc\xaf": "7z",
}
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}

csv.field_size_limit(1_000_000)


def open_table(source: str, *, sheet: str | None = None) -> Table:
    """Open a file, or standard input for `-`; `sheet` names one of a workbook.

    Raises PlannerError for a file that is not there, empty, or no list.
    """
    path = _spooled(sys.stdin.buffer) if source == "-" else Path(source)
    name = "standard input" if source == "-" else source
    try:
        with path.open("rb") as file:
            head = file.read(SAMPLE)
            if head.startswith((ZIP_MAGIC, OLE_MAGIC)):
                from planner.sheets.workbook import open_workbook

                return open_workbook(path, name, sheet)
            encoding = _encoding(head, file, name)
    except OSError as error:
        raise PlannerError(
            f"Cannot read {name}: {error.strerror or 'it cannot be read twice'}.",
            hint="Check the path; ls shows what is there.",
            code="unreadable",
        ) from error
    if not head.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise PlannerError(f"{name} is empty.", hint="Export the list again.", code="empty_file")
    if sheet is not None:
        raise PlannerError(
            f"{name} is a text file; it has no sheet called {sheet}.",
            hint="Leave --sheet out; it is for XLSX and ODS.",
            code="no_sheet",
        )
    separator = _separator(head.decode(encoding, "replace"))
    guessed = "not UTF-8; read as Windows-1252. Look at names with accents"
    rows = _Rows(path, encoding, separator, name)
    return Table(
        name,
        rows,
        f"{ENCODINGS[encoding]}, separated by {SEPARATORS[separator]}",
        guessed if encoding == "cp1252" else "",
        lambda: rows.taken / max(1, rows.size),
    )


class _Rows:
    """The rows of a text file; `taken` of its `size` bytes have been read."""

    def __init__(self, path: Path, encoding: str, separator: str, name: str) -> None:
        self.path, self.encoding, self.separator, self.name = path, encoding, separator, name
        self.size = path.stat().st_size
        self.taken = 0

    def __iter__(self) -> Iterator[Row]:
        line = 1
        with (
            self.path.open("rb") as raw,
            io.TextIOWrapper(raw, encoding=self.encoding, newline="") as file,
        ):
            reader = csv.reader(chain(file, [END]), delimiter=self.separator)
            try:
                for cells in reader:
                    if cells and cells[-1].endswith(END):
                        if cells != [END]:
                            raise csv.Error("the file ends inside a quoted cell")
                        return
                    yield line, cells
                    line = reader.line_num + 1
                    if line % 1000 == 0:
                        self.taken = raw.tell()
            except csv.Error as error:
                raise PlannerError(
                    f"{self.name}, line {line}: not readable as a table ({error}).",
                    hint='Look for a quotation mark (") that is opened and never closed.',
                    code="bad_table",
                ) from error
            except UnicodeError as error:
                raise PlannerError(
                    f"{self.name}, after line {line}: bytes that are no text ({error}).",
                    hint="Save it as CSV UTF-8 and import that.",
                    code="bad_encoding",
                ) from error


def _spooled(stream: IO[bytes]) -> Path:
    """Standard input as a file, so that it can be read twice."""
    import shutil
    import tempfile

    with tempfile.NamedTemporaryFile(prefix="planner-", suffix=".csv", delete=False) as copy:
        path = Path(copy.name)
        atexit.register(path.unlink, missing_ok=True)
        shutil.copyfileobj(stream, copy)
    return path


def _encoding(head: bytes, file: IO[bytes], name: str) -> str:
    """The encoding of a text file.  Raises PlannerError for what is no text."""
    for mark, kind in OTHER_FILES.items():
        if head.startswith(mark):
            raise _no_list(name, f"a {kind} file")
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head:
        return _without_bom(head, name)
    damage = _first_damage(file)
    if damage is None:
        return "utf-8-sig"
    file.seek(0)
    if _mostly_utf8(file):
        raise PlannerError(
            f"{name}, line {damage}: bytes that are not UTF-8, in a file that else is.",
            hint="Type that line anew, or save the file as CSV UTF-8, and import again.",
            code="bad_encoding",
        )
    return "cp1252"


def _without_bom(head: bytes, name: str) -> str:
    """UTF-16 that lost its mark: half of its bytes are zero.  Raises PlannerError otherwise."""
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros.count(0) > len(zeros) * 0.7 and len(head) % 2 == 0:
            return encoding
    raise _no_list(name, "no text file and no workbook")


def _no_list(name: str, what: str) -> PlannerError:
    return PlannerError(
        f"{name} is {what}, so it cannot be a list.",
        hint="Export the list as CSV or XLSX and import that.",
        code="not_a_spreadsheet",
    )


def _first_damage(file: IO[bytes]) -> int | None:
    """The first line, from 1, that is not UTF-8; None where all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    before = 0
    while chunk := file.read(CHUNK):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return before + error.object[: error.start].count(b"\n") + 1
        before += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return before + 1
    return None


_DAMAGE = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of a byte that is no UTF-8


def _mostly_utf8(file: IO[bytes]) -> bool:
    """Whether more of what is not ASCII reads as UTF-8 than does not."""
    beyond = bad = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while chunk := file.read(CHUNK):
        text = decoder.decode(chunk)
        beyond += len(text) - len(text.encode("ascii", "ignore"))
        bad += len(_DAMAGE.findall(text))
    return beyond - bad > bad


def _separator(sample: str) -> str:
    """The separator that splits the most lines of the sample into equally many cells."""
    lines = [line for line in sample.splitlines() if line.strip()][:50]

    def score(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        split = [width for width in widths if width > 1]
        if not split:
            return 0, 0
        usual = max(set(split), key=split.count)
        return split.count(usual), usual

    return max(SEPARATORS, key=score)
