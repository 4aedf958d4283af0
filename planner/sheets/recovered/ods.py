"""Recovers errors, formulas without a value, line breaks, and links from a sheet of an ODS."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from typing import IO
from xml.parsers import expat

from planner.sheets.parsers.cells import UNCOMPUTED, is_formula_error
from planner.sheets.recovered.found import Found
from planner.sheets.recovered.ods_styles import LOOKS, Styles

PIECE = 2**20  # bytes
LONG = 2**22  # bytes of XML; the looks of cells in a longer list are not read
OVERLAP = 100
MOST_ALIKE = 1_000  # adjacent equal cells that the file has as one
MOST_SPACES = 100
MOST_SWATCHES = 3  # adjacent filled cells without text that a legend may have
# Signs that the document has something that calamine drops.
_MARKS = re.compile(
    rb"value-type=[\"']error|table:null-date|table:formula|<text:tab|<text:line-break|mailto:"
    rb"|<office:annotation|table:visibility=[\"'](?:collapse|filter)",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[ \t\r\n]+")
_LINKED = re.compile(r'HYPERLINK\(\s*"(mailto:[^"]+)"', re.IGNORECASE)


def recover(archive: zipfile.ZipFile, title: str) -> Found:
    """Find the cells of a sheet that calamine drops or shortens."""
    found = Found()
    is_short = archive.getinfo("content.xml").file_size <= LONG
    with archive.open("content.xml") as content:
        marked = _is_marked(content, LOOKS if is_short else None)
    if marked:
        with archive.open("content.xml") as content:
            _Reader(found, title).read(content)
    return found


def _is_marked(content: IO[bytes], looks: re.Pattern[bytes] | None) -> bool:
    """Whether a document has what calamine drops, or matches the pattern of `looks`."""
    before = b""
    while piece := content.read(PIECE):
        if _MARKS.search(before + piece) or (looks and looks.search(before + piece)):
            return True
        before = piece[-OVERLAP:]
    return False


def _repeated(attributes: Mapping[str, str], what: str) -> int:
    text = attributes.get(f"table:number-{what}-repeated", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 10 else 1


class _Cell:
    """What the attributes of a cell say, and the text collected so far."""

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self.times = _repeated(attributes, "columns")
        self.formula = attributes.get("table:formula", "")
        self.type = attributes.get("office:value-type", "")
        self.has_value = any(
            name.startswith("office:") and name.endswith("value") for name in attributes
        )
        self.error = attributes.get("calcext:value-type") == "error"
        self.style = attributes.get("table:style-name", "")
        self.paragraphs: list[str] = []
        self.has_breaks = False
        self.link = ""
        self.comment: list[str] = []

    def text(self) -> str:
        """Return the text as a person sees it, with a line for each paragraph."""
        return "\n".join(self.paragraphs).strip()

    def instead(self) -> str:
        """Return what calamine should have returned; "" if it does."""
        text = self.text()
        if self.error or (self.formula and (is_formula_error(text) or text == "#N/A")):
            return text or "#ERROR!"
        if self.formula and not text and not self.has_value:
            return UNCOMPUTED
        return text if self.has_breaks and self.type in {"", "string"} else ""


class _Reader:
    """Parses an ODS, and collects the cells of one sheet."""

    def __init__(self, found: Found, title: str) -> None:
        self.found, self.title, self.styles = found, title, Styles()
        self.inside = False
        self.row = self.column = 0
        self.marked: list[tuple[int, str, str]] = []
        self.rows = 1
        self.cell: _Cell | None = None
        self.aside = 0  # how deep we are in a comment, whose paragraphs are not the cell's
        self.text: list[str] | None = None
        self.says = self.hidden = False  # in a paragraph of a comment; in a hidden row

    def read(self, stream: IO[bytes]) -> None:
        """Read the whole document.  Raises expat.ExpatError if it is not XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.ParseFile(stream)

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "table:null-date":
            self.found.from_1904 = attributes.get("table:date-value", "").startswith("1904")
        elif tag == "table:table":
            self.inside = attributes.get("table:name") == self.title
        elif not self.inside:
            self.styles.start(tag, attributes)
        elif tag == "table:table-row":
            self.rows, self.column, self.marked = _repeated(attributes, "rows"), 0, []
            self.hidden = attributes.get("table:visibility") in {"collapse", "filter"}
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.cell = _Cell(attributes)
        elif tag == "office:annotation" or self.aside:
            self.aside += 1
            self.says = self.says or tag == "text:p"
        elif self.cell is not None:
            self._within(self.cell, tag, attributes)

    def _within(self, cell: _Cell, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle an element inside the text of a cell."""
        if tag == "text:p":
            self.text = []
        elif tag == "text:a" and not cell.link:
            cell.link = attributes.get("xlink:href", "")
        elif self.text is not None and tag in _BREAKS:
            count = attributes.get("text:c", "1")
            times = min(int(count), MOST_SPACES) if count.isdecimal() else 1
            self.text.append(_BREAKS[tag] * times)
            cell.has_breaks = cell.has_breaks or tag != "text:s"

    def _characters(self, text: str) -> None:
        if self.text is not None and not self.aside:
            self.text.append(_SPACE.sub(" ", text))
        elif self.says and self.cell is not None:
            self.cell.comment.append(text)

    def _end(self, tag: str) -> None:
        if not self.inside:
            return
        if self.aside:
            self.aside -= 1
            if tag == "text:p" and self.cell is not None:
                self.says = False
                self.cell.comment.append("\n")
        elif tag == "text:p" and self.cell is not None and self.text is not None:
            self.cell.paragraphs.append("".join(self.text))
            self.text = None
        elif tag in ("table:table-cell", "table:covered-table-cell") and self.cell is not None:
            self._keep(self.cell)
            self.cell = None
        elif tag == "table:table-row":
            self._finish_row()
        elif tag == "table:table":
            self.inside = False

    def _keep(self, cell: _Cell) -> None:
        instead = cell.instead()
        linked = _LINKED.search(cell.formula)
        link = cell.link or (linked[1] if linked else "")
        if instead or link:
            last = self.column + min(cell.times, MOST_ALIKE)
            self.marked += [(at, instead, link) for at in range(self.column + 1, last + 1)]
        mark = self.styles.marks.get(cell.style)
        if mark and (cell.text() or (mark.fill and cell.times <= MOST_SWATCHES)):
            self.found.marks[self.row + 1, self.column + 1] = mark
        self.found.comment(self.row + 1, self.column + 1, "".join(cell.comment))
        if self.hidden and cell.text():
            self.found.hide(self.row + 1)
        self.column += cell.times

    def _finish_row(self) -> None:
        if self.marked:
            for row in range(self.row + 1, self.row + self.rows + 1):
                for column, instead, link in self.marked:
                    if instead:
                        self.found.put(row, column, instead)
                    if link:
                        self.found.link(row, column, link)
        self.row += self.rows


_BREAKS = {"text:tab": "\t", "text:line-break": "\n", "text:s": " "}
