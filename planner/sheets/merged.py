"""Merged cells: a person sees their text beside every row, but the file has it only once."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


class Span(NamedTuple):
    """Cells that are merged downward: the first row, the column, the last row, all from 0."""

    first: int
    column: int
    last: int


def spans_of(path: Path, sheet: CalamineSheet) -> list[Span]:
    """Return a sheet's cells merged downward; columns count from the first used one."""
    ranges = sheet.merged_cell_ranges
    found = (
        [Span(top, left, bottom) for (top, left), (bottom, _) in ranges if bottom > top]
        if ranges is not None
        else list(_of_opendocument(path, sheet.name))
    )
    offset = (sheet.start or (0, 0))[1]
    return [span._replace(column=span.column - offset) for span in found]


def filled_down(rows: Iterable[list[Any]], spans: Iterable[Span]) -> Iterator[list[Any]]:
    """Yield the rows, with the value of each merged cell in all of its rows."""
    begins: dict[int, list[Span]] = {}
    for span in spans:
        begins.setdefault(span.first, []).append(span)
    held: dict[int, tuple[int, Any]] = {}
    for number, row in enumerate(rows):
        if held:
            for column, (last, value) in list(held.items()):
                if number > last:
                    del held[column]
                elif column < len(row) and row[column] == "":
                    row[column] = value
        for span in begins.get(number, ()):
            if 0 <= span.column < len(row):
                held[span.column] = span.last, row[span.column]
        yield row


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_SPANNED = re.compile(rb'number-rows-spanned="(?!1")\d')


def _of_opendocument(path: Path, title: str) -> Iterator[Span]:
    """Read the same from an OpenDocument sheet, for which calamine does not report them."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        if "content.xml" not in archive.namelist():
            return
        if not _SPANNED.search(archive.read("content.xml")):
            return
        with archive.open("content.xml") as content:
            yield from _in_table(content, title)


def _in_table(content: Any, title: str) -> Iterator[Span]:
    row = column = 0
    inside = False
    for event, element in ElementTree.iterparse(content, ("start", "end")):  # noqa: S314
        tag = element.tag.removeprefix(_TABLE)
        if tag == "table":
            inside = event == "start" and element.get(f"{_TABLE}name") == title
        elif not inside:
            element.clear() if event == "end" else None
        elif tag == "table-row":
            if event == "start":
                column = 0
            else:
                row += _number(element, "number-rows-repeated")
                element.clear()
        elif tag in {"table-cell", "covered-table-cell"} and event == "start":
            rows = _number(element, "number-rows-spanned")
            if rows > 1:
                yield Span(row, column, row + rows - 1)
            column += _number(element, "number-columns-repeated")


def _number(element: ElementTree.Element, name: str) -> int:
    found = element.get(f"{_TABLE}{name}", "1")
    return int(found) if found.isdecimal() and len(found) < 8 else 1
