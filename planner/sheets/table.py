"""A file as rows of text, whether it is a text file, a workbook or standard input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

# The first line of a record in the file, from 1, and its cells.
Row = tuple[int, list[str]]

STANDARD_INPUT = "standard input"  # the name of a table that is not a file
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"


class Mark(NamedTuple):
    """How a cell looks: whether it is struck through, and its fill color ("" for none)."""

    struck: bool = False
    fill: str = ""


class Page(NamedTuple):
    """Another sheet of the same workbook, which may hold the legend of a list; see `Table`."""

    sheet: str
    rows: Sequence[Row]
    marks: Mapping[tuple[int, int], Mark]


NO_MARKS: Mapping[tuple[int, int], Mark] = MappingProxyType({})
NO_COMMENTS: Mapping[tuple[int, int], str] = MappingProxyType({})
NO_LINKS: Mapping[tuple[int, int], str] = MappingProxyType({})


class Table(NamedTuple):
    """A file as rows, how it was read, and a remark (`assumed`) if that was a guess.

    `rows` can be iterated repeatedly, and reads the file each time.  `part_read` returns how
    much of it has been read, from 0 to 1; `unread` names what is in the file but not read;
    `sheet` is the requested sheet of a workbook, `title` the one that is read; `from_1904`: its dates count from 1904, as
    on old Macs.  `links` are the email addresses behind cells, by line and place, and
    `marks` are the looks of cells that have any; `pages` are other sheets that are no lists.
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
    comments: Mapping[tuple[int, int], str] = NO_COMMENTS
    hidden: Sequence[int] = ()
    pages: Sequence[Page] = ()
    title: str = ""
