"""Recovers errors, formulas never computed, and links from a sheet of an XLSX."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import IO
from xml.parsers import expat

from planner.sheets.measure import place
from planner.sheets.parsers.cells import UNCOMPUTED
from planner.sheets.recovered.found import Found, in_range
from planner.sheets.recovered.parts import Parts
from planner.sheets.recovered.styles import marks_in
from planner.sheets.table import Mark

PIECE = 2**20  # bytes
LONG = 2**22  # bytes of XML that are searched for marks first: parsing them takes seconds
OVERLAP = 4_000  # bytes that are searched twice, so that no mark is cut

_NO_VALUE = rb"\s*(?:</(?:[\w.-]+:)?c>|<(?:[\w.-]+:)?v\s*/>|<(?:[\w.-]+:)?v>0?</)"
# Signs that the sheet has something that calamine drops.
_MARKS = re.compile(
    rb"\bt\s*=\s*[\"']e[\"']|mailto:|<(?:[\w.-]+:)?hyperlink\b"
    rb"|</(?:[\w.-]+:)?f>" + _NO_VALUE + rb"|<(?:[\w.-]+:)?f\b[^>]*/>" + _NO_VALUE
)
# Quick to search for: without any of these, there is no mark.
_HINTS = (b'"e"', b"'e'", b"f>", b"<f", b":f", b"hyperlink", b"mailto:")
_LINKED = re.compile(r'HYPERLINK\(\s*"(mailto:[^"]+)"', re.IGNORECASE)


def recover(archive: zipfile.ZipFile, title: str) -> Found:
    """Find the cells of a sheet that calamine returns as empty, and links to addresses.

    Raises LookupError if the workbook has no such sheet.
    """
    parts = Parts(archive)
    book = parts.workbook("xl/workbook.xml")
    found, part, recalculated = Found(), "", False
    targets = parts.targets(book)
    for element in parts.tree(book).iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "workbookPr":
            found.from_1904 = _is_true(element.get("date1904"))
        elif tag == "calcPr":
            recalculated = _is_true(element.get("fullCalcOnLoad"))
        elif tag == "sheet" and element.get("name") == title:
            ids = (value for key, value in element.items() if key.endswith("}id"))
            part = targets.get(next(ids, ""), "")
    for comments in parts.of_kind(part, "comments"):
        _read_comments(parts, comments, found)
    info = parts.info(part)
    is_short = info.file_size <= LONG
    if is_short or _is_marked(archive, info):
        looks = marks_in(parts, book) if is_short else {}
        with archive.open(info) as stream:
            _Reader(found, parts.targets(part), recalculated, looks).read(stream)
    return found


def _read_comments(parts: Parts, part: str, found: Found) -> None:
    """Keep what the comments on cells say; without the name of their writer above it."""
    for element in parts.tree(part).iter():
        if element.tag.rpartition("}")[2] == "comment" and (ref := element.get("ref")):
            texts = (e.text or "" for e in element.iter() if e.tag.rpartition("}")[2] == "t")
            found.comment(*place(ref), "".join(texts))


def _is_true(text: str | None) -> bool:
    return text in {"1", "true", "on"}


def _is_marked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    before = b""
    with archive.open(info) as stream:
        while piece := stream.read(PIECE):
            text = before + piece
            if any(hint in text for hint in _HINTS) and _MARKS.search(text):
                return True
            before = piece[-OVERLAP:]
    return False


# A cell with an error: everything before the error's name, and the name.
_ERROR_CELL = re.compile(
    rb"(<(?:[\w.-]+:)?c\b[^>]*\bt=[\"']e[\"'][^>]*>\s*"
    rb"(?:<(?:[\w.-]+:)?f\b[^>]*(?:/>|>[^<]*</(?:[\w.-]+:)?f>))?\s*<(?:[\w.-]+:)?v>)[^<]*"
)


def with_known_errors(path: Path) -> BytesIO:
    """Rewrite the workbook with #VALUE! for every error, because calamine knows only a few."""
    made = BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(made, "w") as copy:
        for info in archive.infolist():
            data = archive.read(info)
            copy.writestr(info.filename, _ERROR_CELL.sub(rb"\1#VALUE!", data))
    made.seek(0)
    return made


class _Reader:
    """Parses the XML of a sheet, cell by cell.

    `recalculated` tells whether the workbook asks to be computed when it is opened: then a 0
    may never have been computed.  `looks` are the looks of its styles, by number.
    """

    def __init__(
        self,
        found: Found,
        targets: Mapping[str, str],
        recalculated: bool,
        looks: Mapping[int, Mark],
    ) -> None:
        self.found, self.targets, self.recalculated = found, targets, recalculated
        self.looks = {str(number): mark for number, mark in looks.items()}
        self.row = self.column = 0
        self.hidden = False
        self.type, self.formula, self.value = "n", False, False
        self.text: list[str] | None = None
        self.source = self.shown = ""

    def read(self, stream: IO[bytes]) -> None:
        """Read the whole part.  Raises expat.ExpatError if it is not XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.ParseFile(stream)

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self.column += 1
            if (reference := attributes.get("r")) is not None:
                self.row, self.column = place(reference)
            self.type = attributes.get("t", "n")
            if (mark := self.looks.get(attributes.get("s", ""))) is not None:
                self.found.marks[self.row, self.column] = mark
            self.formula = self.value = False
            self.source = self.shown = ""
        elif tag in ("v", "f"):
            self.text = []
            self.formula = self.formula or tag == "f"
            self.value = self.value or tag == "v"
            if self.hidden:
                self.found.hide(self.row)
        elif tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            self.hidden = _is_true(attributes.get("hidden"))
        elif tag == "is" and self.hidden:
            self.found.hide(self.row)
        elif tag == "hyperlink":
            self._hyperlink(attributes)

    def _characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "v":
            self.shown, self.text = "".join(self.text or ()), None
        elif tag == "f":
            self.source, self.text = "".join(self.text or ()), None
        elif tag == "c":
            self._judge()

    def _judge(self) -> None:
        """Keep the current cell if it is an error, or a formula without a value."""
        if self.type == "e":
            self.found.put_error(self.row, self.column, self.shown.strip())
        elif self.formula and self._is_uncomputed():
            self.found.put(self.row, self.column, UNCOMPUTED)
        if self.source and (linked := _LINKED.search(self.source)):
            self.found.link(self.row, self.column, linked[1])

    def _is_uncomputed(self) -> bool:
        if self.type == "str":
            return not self.value
        stale = self.recalculated and self.type == "n" and self.shown == "0"
        return stale or not self.shown

    def _hyperlink(self, attributes: Mapping[str, str]) -> None:
        ids = (value for key, value in attributes.items() if key.rpartition(":")[2] == "id")
        target = self.targets.get(next(ids, ""), "")
        first, _, last = attributes.get("ref", "").partition(":")
        if target and first:
            for row, column in in_range(place(first), place(last or first)):
                self.found.link(row, column, target)
