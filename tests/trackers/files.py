"""A grid becomes a file: CSV in many encodings, XLSX, XLS, ODS."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook

from tests.trackers import biff

ENCODINGS = {
    "utf-8": 44, "utf-8-sig": 22, "cp1252": 14, "utf-16": 8, "mac_roman": 7, "utf-16-le": 1,
    "latin-1": 3,
}  # fmt: skip
SEPARATORS = {",": 74, ";": 10, "\t": 13, "|": 3}


def written(tracker, folder):
    """Write a tracker into a folder; gives the path."""
    path = Path(folder) / f"tracker.{tracker.file}"
    path.write_bytes({"csv": _csv, "xlsx": _xlsx, "xls": _xls, "ods": _ods}[tracker.file](tracker))
    return path


def shown(value):
    """A cell as a spreadsheet exports it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):
        return f"{value.month}/{value.day}/{value.year}"
    return str(value)


def text_of(tracker):
    """The tracker as separated text."""
    lines = (
        tracker.separator.join(_quoted(shown(value), tracker.separator) for value in row)
        for row in tracker.grid
    )
    return "".join(f"{line}{tracker.newline}" for line in lines)


def _quoted(text, separator):
    """A cell in quotation marks where it needs them, whatever the file ends its lines with."""
    if not any(mark in text for mark in (separator, '"', "\n", "\r")):
        return text
    return '"' + text.replace('"', '""') + '"'


def fits(tracker, encoding):
    """Can the tracker be saved so without losing a character?"""
    try:
        text_of(tracker).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _csv(tracker):
    text = text_of(tracker)
    return text.encode(tracker.encoding)


def _xlsx(tracker):
    book = Workbook()
    sheet = book.active
    sheet.title = "Programs"
    for row in tracker.grid:
        sheet.append([None if value == "" else value for value in row])
    for top, left, low, right in tracker.merges:
        sheet.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=low + 1, end_column=right + 1
        )
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, date | datetime):
                cell.number_format = "m/d/yyyy"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xls(tracker):
    return biff.workbook(_without_covered(tracker), tracker.merges)


def _without_covered(tracker):
    """The grid; what a merged cell covers is empty."""
    grid = [list(row) for row in tracker.grid]
    for top, left, low, right in tracker.merges:
        for r in range(top, low + 1):
            for c in range(left, right + 1):
                if (r, c) != (top, left):
                    grid[r][c] = ""
    return grid


SPACES = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
)


def _ods(tracker):
    corners = {(top, left): (low - top + 1, right - left + 1)
               for top, left, low, right in tracker.merges}  # fmt: skip
    covered = {(r, c) for top, left, low, right in tracker.merges
               for r in range(top, low + 1) for c in range(left, right + 1)} - set(corners)  # fmt: skip
    rows = "".join(
        "<table:table-row>"
        + "".join(_ods_cell(value, (r, c), corners, covered) for c, value in enumerate(row))
        + "</table:table-row>"
        for r, row in enumerate(tracker.grid)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{SPACES}'
        ' office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Programs">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def _ods_cell(value, place, corners, covered):
    if place in covered:
        return "<table:covered-table-cell/>"
    span = ""
    if place in corners:
        down, right = corners[place]
        span = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{right}"'
    if value == "":
        return f"<table:table-cell{span}/>"
    text = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown(value).split("\n"))
    if isinstance(value, bool):
        kind = f'"boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, date):
        kind = f'"date" office:date-value={quoteattr(value.isoformat())}'
    elif isinstance(value, int | float):
        kind = f'"float" office:value="{value}"'
    else:
        kind = '"string"'
    return f"<table:table-cell{span} office:value-type={kind}>{text}</table:table-cell>"
