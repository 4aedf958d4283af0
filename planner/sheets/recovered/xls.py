"""Recovers errors, formulas never computed, and links from a sheet of an XLS (MS-XLS)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from planner.sheets.parsers.cells import UNCOMPUTED
from planner.sheets.recovered.compound import CompoundFile
from planner.sheets.recovered.found import ERRORS, UNKNOWN_ERROR, Found, in_range

# Kinds of records (MS-XLS 2.3).
FORMULA, END, DATE_1904, SHEET, LINK, BOOLEAN_OR_ERROR, BEGIN = (
    *(0x0006, 0x000A, 0x0022, 0x0085, 0x01B8, 0x0205, 0x0809),
)
ERROR, NO_TEXT = 2, 3  # kinds of a formula's value that is not a number (MS-XLS 2.5.133)
ON_LOAD = 2  # a flag: compute the formula when the file is opened
_MAILTO = "mailto:".encode("utf-16-le")


def recover(path: Path, number: int) -> Found:
    """Find the cells of a sheet that calamine returns as empty, and links to addresses.

    `number` counts sheets from 0, since titles in old files have any encoding.  Raises
    LookupError if the workbook has no such sheet.
    """
    with path.open("rb") as file:
        book = CompoundFile(file).stream("Workbook", "Book")
    found, begins = Found(), []
    for kind, data in _records(book, 0):
        if kind == DATE_1904:
            found.from_1904 = data[:1] == b"\x01"
        elif kind == SHEET:
            begins.append(struct.unpack_from("<I", data)[0])
    if number >= len(begins):
        raise LookupError("it has no such sheet")
    _Reader(found).read(book, begins[number])
    return found


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one part of a stream; nested parts (charts) are skipped."""
    depth = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        depth += (kind == BEGIN) - (kind == END)
        if depth == 1:
            yield kind, book[at + 4 : at + 4 + length]
        elif depth < 1:
            return
        at += 4 + length


class _Reader:
    """Reads the records of a sheet.

    A program that computes nothing writes each formula as an empty text, or as a 0 to be
    computed on load.  If all formulas of a sheet are like that, none was computed.
    """

    def __init__(self, found: Found) -> None:
        self.found = found
        self.computed = False
        self.doubtful: list[tuple[int, int]] = []

    def read(self, book: bytes, at: int) -> None:
        """Read one sheet."""
        for kind, data in _records(book, at):
            if kind == FORMULA and len(data) >= 20:
                self._formula(data)
            elif kind == BOOLEAN_OR_ERROR and len(data) >= 8 and data[7]:
                row, column = struct.unpack_from("<HH", data)
                self.found.put(row + 1, column + 1, ERRORS.get(data[6], UNKNOWN_ERROR))
            elif kind == LINK:
                self._link(data)
        for row, column in () if self.computed else self.doubtful:
            self.found.put(row, column, UNCOMPUTED)

    def _formula(self, data: bytes) -> None:
        row, column, _, value, flags, cache = struct.unpack_from("<HHH8sHI", data)
        is_number = value[6:] != b"\xff\xff"
        if not is_number and value[0] == ERROR:
            self.found.put(row + 1, column + 1, ERRORS.get(value[2], UNKNOWN_ERROR))
            self.computed = True
        elif (is_number and flags & ON_LOAD and value == bytes(8)) or (
            not is_number and value[0] == NO_TEXT and not cache
        ):
            self.doubtful.append((row + 1, column + 1))
        else:
            self.computed = True

    def _link(self, data: bytes) -> None:
        """Read the link of a range of cells; its address is in the record as text."""
        top, bottom, left, right = struct.unpack_from("<HHHH", data)
        at = data.find(_MAILTO)
        while at > 0 and at % 2:
            at = data.find(_MAILTO, at + 1)
        if at > 0:
            text = data[at:].decode("utf-16-le", "replace").partition("\0")[0]
            for row, column in in_range((top + 1, left + 1), (bottom + 1, right + 1)):
                self.found.link(row, column, text)
