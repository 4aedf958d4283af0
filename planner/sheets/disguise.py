"""Recognizes files that are not lists by their first bytes, and says what to do instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from planner.errors import PlannerError


class Kind(NamedTuple):
    """A kind of file that is not a list: how it begins, what it is, and what to do with it."""

    begins: Callable[[bytes], object]
    what: str
    way_out: str


def _bytes(*marks: bytes) -> Callable[[bytes], object]:
    return lambda head: head.startswith(marks)


def _text(pattern: str) -> Callable[[bytes], object]:
    """Match a pattern at the beginning of the text, after a byte order mark."""
    compiled = re.compile(pattern.encode(), re.IGNORECASE | re.DOTALL)
    return lambda head: compiled.match(
        head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n")
    )


_SAVE = "Open it in your spreadsheet program, save it as XLSX or CSV, and import that."
_BROWSER = "Open it in a browser, copy the table into a spreadsheet, and save that as XLSX or CSV."
_EXPORT = "Export the list as CSV or XLSX and import that."

KINDS: tuple[Kind, ...] = (
    Kind(_bytes(b"%PDF"), "a PDF file", _EXPORT),
    Kind(_bytes(b"\x89PNG"), "a PNG file", _EXPORT),
    Kind(_bytes(b"\xff\xd8\xff"), "a JPEG file", _EXPORT),
    Kind(
        _bytes(b"\x1f\x8b"),
        "a gzip file (as Gnumeric saves its own sheets)",
        "Unpack it (gunzip), or open it in Gnumeric and save it as XLSX; import that.",
    ),
    Kind(_bytes(b"{\\rtf"), "an RTF file", _EXPORT),
    Kind(_bytes(b"7z\xbc\xaf", b"Rar!"), "an archive", "Unpack it and import the list inside."),
    Kind(_bytes(b"SQLite format 3"), "a SQLite database", _EXPORT),
    Kind(_bytes(b"PAR1"), "a Parquet file", _EXPORT),
    Kind(
        _text(r"\{[^{}]*\"(?:doc_id|resource_id|url)\"\s*:[^{}]*(?:docs|drive)\.google"),
        "only a link to a Google Sheet",
        "Open it in Google Sheets: File, Download, Microsoft Excel (.xlsx); import that.",
    ),
    Kind(
        _text(r"<\?xml[^>]*>.{0,2000}?(?:progid=\"Excel|urn:schemas-microsoft-com:office:spread)"),
        "an Excel 2003 XML spreadsheet despite its name",
        _SAVE,
    ),
    Kind(
        _text(r"<\?xml[^>]*>.{0,2000}?<office:document\b"),
        "a flat OpenDocument sheet",
        _SAVE,
    ),
    Kind(
        _text(
            r"(?:<!--.*?-->\s*)?(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html|<head|<body|<table|<meta|<style)"
        ),
        "a web page despite its name",
        f"{_SAVE} A browser can open it, too.",
    ),
    Kind(_text(r"<\?xml|<[a-z][\w:.-]*[\s>/]"), "an XML file", _SAVE),
    Kind(
        _text(r"(?:MIME-Version:|From: <Saved|Content-Type: multipart/related|X-MimeOLE)"),
        "a web archive (MHT) despite its name",
        _BROWSER,
    ),
    Kind(
        _text(r"(?:\[\s*(?:\{\s*\"|\[)|\{\s*\"[^\"]*\"\s*:)"),
        "JSON",
        "Convert it to CSV (in Excel: Data, Get Data, From File) and import that.",
    ),
    Kind(_text(r"\[InternetShortcut\]"), "only a link", "Open it, and save what it shows as CSV."),
    Kind(_text(r"BEGIN:VCARD"), "an address book (vCard)", _EXPORT),
    Kind(_text(r"BEGIN:VCALENDAR"), "a calendar", _EXPORT),
)


def refuse_disguised(head: bytes, name: str) -> None:
    """Raise PlannerError if the first bytes of a file show that it is not a list."""
    for kind in KINDS:
        if kind.begins(head):
            raise PlannerError(
                f"{name} is {kind.what}, so it cannot be a list.",
                hint=kind.way_out,
                code="not_a_spreadsheet",
            )


# Names of files in an archive, with what the archive is, and what to do with it.
INSIDE: tuple[tuple[str, str, str], ...] = (
    (
        r"^Index/|\.iwa$|^Index\.zip$",
        "a document of Apple's Numbers or Pages",
        "In Numbers: File, Export To, Excel (or CSV); import that.",
    ),
    (r"^word/", "a Word document", "Copy its table into a spreadsheet, and save that as XLSX."),
    (r"^ppt/", "a presentation", _EXPORT),
    (r"\.(?:csv|xlsx|xls|ods|tsv)$", "an archive (ZIP)", "Unpack it and import the list inside."),
)


def refuse_archive(names: list[str], name: str) -> None:
    """Raise PlannerError if the names in an archive show that it is not a workbook."""
    if any(n.startswith("xl/") or n == "content.xml" for n in names):
        return
    for pattern, what, way_out in INSIDE:
        if any(re.search(pattern, n, re.IGNORECASE) for n in names):
            raise PlannerError(
                f"{name} is {what}, not a workbook.", hint=way_out, code="not_a_spreadsheet"
            )
