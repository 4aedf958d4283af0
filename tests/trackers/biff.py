"""An XLS workbook (BIFF8 in a compound file) with one sheet, by hand: nothing else writes it.

Made from the published layouts [MS-XLS] and [MS-CFB]; texts, numbers, booleans, days and
merged cells, which is all that a tracker holds.
"""

import struct
from datetime import date

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
DAY_FORMAT = 14  # m/d/yyyy
EPOCH = date(1899, 12, 30)


def workbook(rows, merges, *, sheet="Sheet1"):
    """The bytes of a workbook; `merges` are (first row, first column, last row, last column)."""
    return _compound(_stream(rows, merges, sheet))


def _record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def _text(text, size):
    return struct.pack(size, len(text.encode("utf-16-le")) // 2) + b"\1" + text.encode("utf-16-le")


def _stream(rows, merges, sheet):
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 0x06))
    start += _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, b"\0\0")
    start += _record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0)
                     + _text("Arial", "<B"))  # fmt: skip
    for number in (0, DAY_FORMAT):
        start += _record(
            0x00E0, struct.pack("<HHHBBBBIIH", 0, number, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0)
        )
    name = _text(sheet, "<B")
    bound = 4 + 4 + 2 + len(name)
    begins = len(start) + bound + 4
    start += _record(0x0085, struct.pack("<IBB", begins, 0, 0) + name) + _record(0x000A)
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 0x06))
    wide = max(map(len, rows))
    body += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, wide, 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            body += _cell(r, c, value)
    if merges:
        areas = b"".join(struct.pack("<HHHH", top, low, left, right)
                         for top, left, low, right in merges)  # fmt: skip
        body += _record(0x00E5, struct.pack("<H", len(merges)) + areas)
    return start + body + _record(0x000A)


def _cell(r, c, value):
    place = struct.pack("<HHH", r, c, 0)
    if value is None or value == "":
        return b""
    if isinstance(value, bool):
        return _record(0x0205, place + struct.pack("<BB", value, 0))
    if isinstance(value, int | float):
        return _record(0x0203, place + struct.pack("<d", value))
    if isinstance(value, date):
        place = struct.pack("<HHH", r, c, 1)
        return _record(0x0203, place + struct.pack("<d", (value - EPOCH).days))
    return _record(0x0204, place + _text(value, "<H"))


def _compound(stream):
    stream = stream.ljust(4096, b"\0")  # anything shorter would live in the mini stream
    count = -(-len(stream) // SECTOR)
    tables = -(-(count + 2) // 127)  # sectors of the table itself, with room for the directory
    links = [FAT] * tables + [END] + [*range(tables + 2, tables + 1 + count), END]
    links += [FREE] * (tables * 128 - len(links))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    entries = _entry("Root Entry", 5, child=1, start=END, size=0)
    entries += _entry("Workbook", 2, child=FREE, start=tables + 1, size=len(stream))
    directory = entries + bytes(2 * 128)
    data = stream.ljust(count * SECTOR, b"\0")
    return header + struct.pack(f"<{len(links)}I", *links) + directory + data


def _entry(name, kind, *, child, start, size):
    wide = name.encode("utf-16-le") + b"\0\0"
    return (wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide), kind, 1, FREE, FREE, child)
            + bytes(36) + struct.pack("<IQ", start, size))  # fmt: skip
