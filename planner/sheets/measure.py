"""Finds out how much memory a workbook would take before the reader takes any.

The reader keeps a sheet as a rectangle from its first used cell to its last, and believes a
file that says how many texts it holds.  A stray cell in the last row, or a wrong number, would
take hundreds of gigabytes.  So the XML is examined first, piece by piece; a file for which
that is impossible is tried in a separate process (`trial.py`), which may crash.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from planner.errors import PlannerError
from planner.rules.visible import printable
from planner.sheets import trial

PIECE = 1024 * 1024  # bytes
LONG = 4 * PIECE  # bytes of a sheet that is skimmed first: parsing its XML takes seconds
ENOUGH = 100  # bytes that tell whether a tag is a cell, and where
FEW = 2_000_000  # cells in a rectangle of any density that cost little memory
SPARSE = 20  # cells in the rectangle for each filled one
MOST = 50_000_000  # cells, however full: a million rows of fifty columns
MOST_REPEATED = 300_000  # filled cells that the file has only as repetitions of others
MOST_TEXTS = 1_000_000  # texts that a file may announce without having them
SHORTEST_TEXT = 5  # bytes: "<si/>"
MARKS = (b"sheetData", b"table-cell")  # show that a part has cells, in XLSX and in ODS
BINARY_BOOK = b"\x83\x01\x00"  # how the workbook of an XLSB begins (MS-XLSB 2.4.23)

_REFERENCE = re.compile(r"([A-Za-z]{1,7})([0-9]{1,10})")
# Cells as every spreadsheet program writes them, and anything else that begins a cell.
_PLAIN = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"[ />]')
_OTHER = re.compile(rb'<(?:[\w.-]+:)?c(?! r="[A-Z]{1,3}[1-9][0-9]{0,6}"[ />])[\s/>]')
_ANNOUNCED = re.compile(rb"uniqueCount\s*=\s*[\"']\s*\+?([0-9]+)")


class _OddError(Exception):
    """A cell reference has an unknown shape."""


def refuse_far_flung(path: Path, name: str) -> None:
    """Raise PlannerError if a workbook would take far more memory than its contents need."""
    try:
        measured = zipfile.is_zipfile(path) and _measured(path, name)
    except PlannerError:
        raise
    except Exception:  # noqa: BLE001 - there are many ways to be damaged; then try it out
        measured = False
    if not measured and not trial.survives(path):
        raise PlannerError(
            f"{printable(name)} takes more memory than any list needs: it is damaged, or has a"
            " cell that is far away from all others.",
            hint=WAY_OUT,
            code="too_large",
        )


WAY_OUT = (
    "In your spreadsheet program, delete the rows and columns beyond the list and save it, or"
    " copy the list into a new sheet; then import again."
)


def _measured(path: Path, name: str) -> bool:
    """Measure every part that holds cells; False if there is none, or a binary one.

    A part is recognized by its contents, because a workbook may name its parts freely.
    """
    seen = False
    with zipfile.ZipFile(path) as archive:
        titles = _titles(archive)
        for part in archive.infolist():
            with archive.open(part) as stream:
                begins, marks = _glance(stream, name)
            if begins.startswith(BINARY_BOOK):
                return False
            title = Path(part.filename).name.casefold()
            sheets = {
                b"sheetData": _Sheet(name, titles.get(title, title)),
                b"table-cell": _OpenDocument(name, ""),
            }
            for mark in marks:
                seen = True
                _look(archive, part, sheets[mark])
    return seen


def _look(archive: zipfile.ZipFile, part: zipfile.ZipInfo, sheet: _Part) -> None:
    """Measure one part; for a long sheet, skimming may be enough."""
    if isinstance(sheet, _Sheet) and part.file_size > LONG:
        with archive.open(part) as stream:
            if _is_plain(stream):
                return
    with archive.open(part) as stream:
        sheet.look_through(stream)


def _glance(stream: IO[bytes], name: str) -> tuple[bytes, set[bytes]]:
    """Return how a part begins, and which of MARKS it has.

    Raises PlannerError if it announces more texts than it can hold.
    """
    begins, marks, announced, size, before = b"", set[bytes](), 0, 0, b""
    while piece := stream.read(PIECE):
        begins = begins or piece[:100]
        text = before + piece
        marks |= {mark for mark in MARKS if mark not in marks and mark in text}
        if b"uniqueCount" in text:
            announced = max(announced, *map(int, _ANNOUNCED.findall(text)), 0)
        size, before = size + len(piece), text[-100:]
    if announced > max(MOST_TEXTS, size // SHORTEST_TEXT):
        raise PlannerError(
            f"{printable(name)} says that it holds {announced:,} texts, but is too small for"
            " them: it is damaged.",
            hint="Open it in your spreadsheet program, save it again, and import that.",
            code="too_large",
        )
    return begins, marks


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the user's name of each sheet, by the name of its part."""
    try:
        relations = _tree(archive, "xl/_rels/workbook.xml.rels")
        book = _tree(archive, "xl/workbook.xml")
    except (KeyError, ElementTree.ParseError):
        return {}
    parts = {e.get("Id"): Path(e.get("Target", "")).name.casefold() for e in relations}
    found = {}
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            ids = (value for key, value in element.items() if key.endswith("}id"))
            found[parts.get(next(ids, ""), "")] = element.get("name", "")
    return found


def _tree(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    """Parse a short part as XML.  Raises KeyError if it is missing or longer than PIECE."""
    if archive.getinfo(part).file_size > PIECE:
        raise KeyError(part)
    return ElementTree.fromstring(archive.read(part))  # noqa: S314 - expat stops entity bombs


def _is_plain(stream: IO[bytes]) -> bool:
    """Whether a long sheet is written as usual, and full enough for its rectangle."""
    columns: set[bytes] = set()
    count = last = 0
    for piece in _pieces(stream):
        if _OTHER.search(piece):
            return False
        if found := _PLAIN.findall(piece):
            in_columns, in_rows = map(set, zip(*found, strict=True))
            columns |= in_columns
            last = max(last, *map(int, in_rows))
        count += piece.count(b"<v>") + piece.count(b"<is>")
    width = max((place(f"{text.decode()}1")[1] for text in columns), default=0)
    return not _is_sparse(width * last, count)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a part in pieces that do not split a tag within its first ENOUGH bytes."""
    rest = b""
    while piece := stream.read(PIECE):
        text = rest + piece
        at = max(0, text.rfind(b"<"))
        yield text[:at]
        rest = text[at : at + ENOUGH]
    yield rest


def _is_sparse(cells: int, count: int) -> bool:
    """Whether a rectangle is far larger than its contents."""
    return cells > FEW and (cells > MOST or cells > SPARSE * count)


class _Part:
    """Measures the rectangle of one sheet; `see` is called for each filled cell."""

    def __init__(self, name: str, title: str) -> None:
        self.name, self.title = name, title
        self.clear()

    def clear(self) -> None:
        """Begin a new sheet."""
        self.first, self.last, self.count, self.repeated = (1 << 62, 1 << 62), (0, 0), 0, 0

    def see(self, row: int, column: int) -> None:
        """Count a filled cell; rows and columns are from 1."""
        self.count += 1
        self.first = min(self.first[0], row), min(self.first[1], column)
        self.last = max(self.last[0], row), max(self.last[1], column)

    def judge(self) -> None:
        """Raise PlannerError if the rectangle is far larger than its contents."""
        if not self.count:
            return
        (top, left), (bottom, right) = self.first, self.last
        cells = (bottom - top + 1) * (right - left + 1)
        if not _is_sparse(cells, self.count) and self.repeated <= MOST_REPEATED:
            return
        sheet = f'the sheet "{printable(self.title)}"' if self.title else "a sheet"
        raise PlannerError(
            f"{printable(self.name)}: the cells of {sheet} reach as far as"
            f" {letters(right)}{bottom}, and only {self.count:,} of these {cells:,} have"
            " something in them.",
            hint=WAY_OUT,
            code="too_large",
        )

    def look_through(self, stream: IO[bytes]) -> None:
        """Read the XML of a part.  Raises PlannerError as `judge` does, or expat's errors."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        if type(self).end is not _Part.end:
            parser.EndElementHandler = self.end
        while piece := stream.read(PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
        self.judge()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle the begin of an element."""
        raise NotImplementedError

    def end(self, tag: str) -> None:
        """Handle the end of an element."""


class _Sheet(_Part):
    """A sheet of an XLSX: `<row r="2"><c r="B2"><v>..`; a cell without `r` is the next one."""

    row = column = 0
    full = True  # whether the current cell was counted; before the first, there is none

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Count cells that have a value or an inline text."""
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self.column += 1
            if (reference := attributes.get("r")) is not None:
                self.row, self.column = place(reference)
            self.full = False
        elif tag in ("v", "is") and not self.full:
            self.see(self.row, self.column)
            self.full = True
        elif tag == "row":
            number = attributes.get("r", str(self.row + 1))
            if not (number.isascii() and number.isdecimal() and len(number) <= 10):
                raise _OddError
            self.row, self.column = int(number), 0


def place(reference: str) -> tuple[int, int]:
    """Return the row and column, from 1, of a cell reference.

    >>> place("AB12")
    (12, 28)
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise _OddError
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def letters(column: int) -> str:
    """Return the letters of a column, which counts from 1.

    >>> letters(16384)
    'XFD'
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class _OpenDocument(_Part):
    """The sheets of an ODS: rows of cells, any of which may be repeated many times."""

    row = column = rows = cells = 0
    full = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Count cells that have a type or a paragraph."""
        tag = tag.rpartition(":")[2]
        if tag in ("table-cell", "covered-table-cell"):
            self._finish()
            self.cells = _repeated(attributes, "columns")
            self.full = any(name.endswith("value-type") for name in attributes)
        elif tag == "p":
            self.full = True
        elif tag == "table-row":
            self.rows, self.column, self.cells = _repeated(attributes, "rows"), 0, 0
        elif tag == "table":
            self.clear()
            self.row, self.title = (
                0,
                next((text for name, text in attributes.items() if name.endswith(":name")), ""),
            )

    def end(self, tag: str) -> None:
        """Finish a row or a sheet."""
        if tag.endswith(":table-row"):
            self._finish()
            self.row += self.rows
        elif tag.endswith(":table"):
            self.judge()

    def _finish(self) -> None:
        """Count the cell that just ended, with its repetitions."""
        if self.cells and self.full:
            self.see(self.row + 1, self.column + 1)
            self.last = (
                max(self.last[0], self.row + self.rows),
                max(self.last[1], self.column + self.cells),
            )
            self.repeated += self.rows * self.cells - 1
        self.column, self.cells, self.full = self.column + self.cells, 0, False


def _repeated(attributes: Mapping[str, str], what: str) -> int:
    for name, text in attributes.items():
        if name.endswith(f"number-{what}-repeated"):
            if not (text.isascii() and text.isdecimal() and len(text) <= 10):
                raise _OddError
            return max(1, int(text))
    return 1
