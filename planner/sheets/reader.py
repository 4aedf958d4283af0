"""Files to rows: encoding and separator found by content, every row with its line number."""

from __future__ import annotations

import atexit
import codecs
import csv
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from planner.errors import PlannerError

SEPARATORS = ",\t;|"
SAMPLE = 64 * 1024  # bytes looked at to tell what a file is
CHUNK = 1024 * 1024
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"

csv.field_size_limit(1_000_000)


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file: its first physical line, from 1, and its cells."""

    line: int
    cells: list[str]

    @property
    def blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A file as rows, and how it was understood."""

    name: str
    rows: Iterable[Row]
    encoding: str
    separator: str

    @property
    def assumed(self) -> str:
        """A remark where the encoding had to be guessed; else empty."""
        if self.encoding == "cp1252":
            return "not UTF-8; read as Windows-1252. Look at names with accents"
        return ""


def open_table(source: str) -> Table:
    """Open a file, or standard input for `-`.

    Raises PlannerError for a file that is not there, empty, or no list.
    """
    path = _spooled(sys.stdin.buffer) if source == "-" else Path(source)
    name = "standard input" if source == "-" else source
    try:
        with path.open("rb") as file:
            head = file.read(SAMPLE)
            encoding = _encoding(head, file, name)
    except OSError as error:
        raise PlannerError(
            f"Cannot read {name}: {error.strerror or 'it cannot be read twice'}.",
            hint="Check the path; ls shows what is there.",
            code="unreadable",
        ) from error
    if not head.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise PlannerError(f"{name} is empty.", hint="Export the list again.", code="empty_file")
    separator = _separator(head.decode(encoding, "replace"))
    return Table(name, _Rows(path, encoding, separator, name), encoding, separator)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a text file; each iteration reads it anew."""

    path: Path
    encoding: str
    separator: str
    name: str

    def __iter__(self) -> Iterator[Row]:
        line = 1
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = _Lines(file)
            reader = csv.reader(lines, delimiter=self.separator)
            try:
                for cells in reader:
                    last, ended = lines.taken(), lines.ended
                    if ended:
                        self._refuse_open_quote(last)
                    yield Row(line, cells)
                    line = reader.line_num + 1
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

    def _refuse_open_quote(self, lines: list[str]) -> None:
        """A quotation mark that is still open at the end would swallow rows.  Raises csv.Error."""
        for _ in csv.reader(lines, delimiter=self.separator, strict=True):
            pass


class _Lines:
    """Physical lines with their ends (CRLF, LF or CR), and those of the present record."""

    def __init__(self, file: IO[str]) -> None:
        self._lines = self._split(file)
        self._taken: list[str] = []
        self.ended = False

    @staticmethod
    def _split(file: IO[str]) -> Iterator[str]:
        for text in file:
            yield from re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self._taken.append(line)
        return line

    def taken(self) -> list[str]:
        """The lines since the last call."""
        lines, self._taken = self._taken, []
        return lines


def _spooled(stream: IO[bytes]) -> Path:
    """Standard input as a file, so that it can be read twice."""
    with tempfile.NamedTemporaryFile(prefix="planner-", suffix=".csv", delete=False) as copy:
        path = Path(copy.name)
        atexit.register(path.unlink, missing_ok=True)
        shutil.copyfileobj(stream, copy)
    return path


def _encoding(head: bytes, file: IO[bytes], name: str) -> str:
    """The encoding of a text file.  Raises PlannerError for what is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(ZIP_MAGIC):
        raise PlannerError(
            f"{name} is a workbook (XLSX or ODS), which this version does not read.",
            hint="Save it as CSV (File > Save as > CSV UTF-8) and import that.",
            code="workbook",
        )
    if head.startswith(OLE_MAGIC) or b"\x00" in head:
        raise PlannerError(
            f"{name} is no text file, so it cannot be a list.",
            hint="Export the list as CSV and import that.",
            code="not_a_spreadsheet",
        )
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


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
