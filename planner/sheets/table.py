"""A file as rows of text, wherever they came from: text, a workbook, standard input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

# The first physical line of a record, from 1, and its cells.
Row = tuple[int, list[str]]

STANDARD_INPUT = "standard input"  # the name of a table that is not a file
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"


class Mark(NamedTuple):
    """How a cell looks: struck through, filled with a color (empty for none)."""

    struck: bool = False
    fill: str = ""


NO_MARKS: Mapping[tuple[int, int], Mark] = MappingProxyType({})
NO_LINKS: Mapping[tuple[int, int], str] = MappingProxyType({})


class Table(NamedTuple):
    """A file as rows, how it was understood, and a remark where that was a guess.

    `rows` may be iterated again and again; each time reads the file again.  `part_read`
    tells how much of it has been, 0 to 1, `unread` what is in the file and is not looked at,
    `sheet` the one of a workbook that was asked for; `from_1904`: its numbers for days count
    from 1904, as those of old Macs do; `links` are the mail addresses behind cells, by the line
    of the row and the place in it, and `marks` the looks of cells, of those that have any.
    """

    name: str
    rows: Iterable[Row]
    understood: str
    assumed: str
    part_read: Callable[[], float]
    unread: str = ""
    sheet: str = ""
    from_1904: bool = False
    links: Mapping[tuple[int, int], str] = NO_LINKS
    marks: Mapping[tuple[int, int], Mark] = NO_MARKS
