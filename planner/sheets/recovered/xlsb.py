"""Recovers errors, links and short cells from a sheet of an XLSB (MS-XLSB).

A short cell is written without its column, which is next to the cell before.  calamine skips
such cells, so they are rewritten at full length.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from planner.sheets.recovered.found import ERRORS, UNKNOWN_ERROR, Found, in_range
from planner.sheets.recovered.parts import Parts

# Kinds of records (MS-XLSB 2.3).
ROW, ERROR, FORMULA_ERROR, BOOK, SHEET, LINK = 0, 3, 11, 153, 156, 494
CELLS = range(1, 12)
SHORT_CELLS = range(12, 19)  # short forms of the first seven kinds of cells, in their order
FIRST_SHORT = SHORT_CELLS.start - CELLS.start
BEGIN_SHEET = b"\x81\x01\x00"  # how the part of a sheet begins (MS-XLSB 2.4.182)
NOTHING = 0xFFFFFFFF  # the length of a missing text


def recover(archive: zipfile.ZipFile, title: str) -> Found:
    """Find the cells of a sheet that calamine returns as empty, and links to addresses.

    Raises LookupError if the workbook has no such sheet.
    """
    parts = Parts(archive)
    book = parts.workbook("xl/workbook.bin")
    targets, found, part = parts.targets(book), Found(), ""
    for kind, data in _records(archive.read(parts.info(book))):
        if kind == BOOK:
            found.from_1904 = bool(data[0] & 1)
        elif kind == SHEET:
            relation, behind = _text(data, 8)
            if _text(data, behind)[0] == title:
                part = targets.get(relation, "")
    _read(archive.read(parts.info(part)), found, parts.targets(part))
    return found


def _read(data: bytes, found: Found, targets: Mapping[str, str]) -> None:
    row = column = 0
    for kind, record in _records(data):
        if kind == ROW:
            row = struct.unpack_from("<I", record)[0]
        elif kind in SHORT_CELLS:
            column += 1
            if kind - FIRST_SHORT == ERROR:
                found.put(row + 1, column + 1, ERRORS.get(record[4], UNKNOWN_ERROR))
        elif kind in CELLS:
            column = struct.unpack_from("<I", record)[0]
            if kind in (ERROR, FORMULA_ERROR):
                found.put(row + 1, column + 1, ERRORS.get(record[8], UNKNOWN_ERROR))
        elif kind == LINK:
            top, bottom, left, right = struct.unpack_from("<IIII", record)
            target = targets.get(_text(record, 16)[0], "")
            for at in in_range((top + 1, left + 1), (bottom + 1, right + 1)):
                found.link(*at, target)


def written_out(path: Path) -> BytesIO | None:
    """Rewrite the workbook's short cells at full length; None if it has none."""
    made, changed = BytesIO(), False
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(made, "w") as copy:
        if not any(name.casefold().endswith("workbook.bin") for name in archive.namelist()):
            return None
        for info in archive.infolist():
            data = archive.read(info)
            if data.startswith(BEGIN_SHEET):
                longer = _without_short(data)
                changed = changed or len(longer) != len(data)
                data = longer
            copy.writestr(info.filename, data)
    made.seek(0)
    return made if changed else None


def _without_short(data: bytes) -> bytes:
    """Rewrite the records of a sheet, with every cell at full length."""
    made, begins, column = bytearray(), 0, 0
    for kind, record, at in _records_with_ends(data):
        if kind in SHORT_CELLS:
            column += 1
            made += bytes((kind - FIRST_SHORT,)) + _length(len(record) + 4)
            made += struct.pack("<I", column) + record
        else:
            if kind in CELLS:
                column = struct.unpack_from("<I", record)[0]
            made += data[begins:at]
        begins = at
    return bytes(made)


def _length(number: int) -> bytes:
    """Encode the length of a record, seven bits per byte."""
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*made, number))


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    for kind, record, _ in _records_with_ends(data):
        yield kind, record


def _records_with_ends(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield (kind, data, end) of each record.

    Kind and length have seven bits per byte.
    """
    at = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        length, at = _number(data, at, 4)
        yield kind, data[at : at + length], at + length
        at += length


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a number of at most `most` bytes, the last with its high bit clear; and its end."""
    found = 0
    for place in range(most):
        byte = data[at]
        at += 1
        found |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return found, at


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Read a text, and where it ends."""
    length = struct.unpack_from("<I", data, at)[0]
    if length == NOTHING:
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le", "replace"), end
