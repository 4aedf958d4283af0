"""Reads XLSX, ODS and XLS as rows of text, with each cell as a person sees it.

python-calamine reads them quickly.  What it drops, such as the error of a formula, is restored
from a second look at the file, because an empty cell would hide it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import ConfigError, PlannerError
from planner.sheets.disguise import refuse_archive
from planner.sheets.header import looks_like_header
from planner.sheets.headings import target_of
from planner.sheets.legends import legend_of_row
from planner.sheets.measure import refuse_far_flung
from planner.sheets.merged import Span, filled_down, spans_of
from planner.sheets.recovered import Found, recover, xlsb, xlsx
from planner.sheets.table import OLE_MAGIC, Page, Row, Table

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

LARGEST = 2**30  # bytes, unpacked: a million rows have half of that
LOOK_AHEAD = 60  # rows of a sheet to search for a header
LONGEST_PAGE = 100  # rows of another sheet to search for a legend
MOST_PAGES = 12


def open_workbook(path: Path, name: str, sheet: str | None) -> Table:
    """Open the named sheet of a workbook, or else the first one with a known header.

    Raises PlannerError if the file is damaged, protected by a password, empty, or far larger
    than its contents, and ConfigError if there is no such sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_protected(path, name)
    refuse_far_flung(path, name)
    with _readable(name):
        book = _opened(path)
        try:
            chosen = _named(book, sheet, name) if sheet is not None else _first_list(book)
        except CalamineError as error:
            if "error value" not in str(error):
                raise
            book = CalamineWorkbook.from_filelike(xlsx.with_known_errors(path))
            chosen = _named(book, sheet, name) if sheet is not None else _first_list(book)
        found = (
            recover(path, chosen.name, name, book.sheet_names) if chosen is not None else Found()
        )
        merged = spans_of(path, chosen) if chosen is not None else []
        filled = any(mark.fill for mark in found.marks.values())
        pages: list[Page] = []
        if chosen is not None and (filled or not _shows_fills(path)):
            pages = list(_pages(path, book, chosen, name, with_marks=filled))
    if chosen is None:
        raise PlannerError(
            f"{name} is a workbook with no cells in it.",
            hint="Export the list again.",
            code="empty_file",
        )
    legends = [page.sheet for page in pages if _explains(page)]
    others = [f'"{x}"' for x in book.sheet_names if x not in {chosen.name, *legends}]
    passed = f" (not read: {', '.join(others)}; --sheet names one)" if others else ""
    if legends:
        named = ", ".join(f'"{x}"' for x in legends)
        passed += f" (read for its colors: {named})"
    rows = _SheetRows(chosen, found, merged)
    return Table(
        name,
        rows,
        f'workbook, sheet "{chosen.name}"{passed}',
        "",
        lambda: rows.line / max(1, chosen.total_height),
        "comments of cells" if _has_comments(path) else "",
        sheet or "",
        found.from_1904,
        {(line, at - rows.first): address for (line, at), address in found.links.items()},
        {(line, at - rows.first): mark for (line, at), mark in found.marks.items()},
        {(line, at - rows.first): text for (line, at), text in found.comments.items()},
        tuple(found.hidden),
        pages,
        chosen.name,
    )


def _pages(
    path: Path, book: CalamineWorkbook, chosen: CalamineSheet, name: str, *, with_marks: bool
) -> Iterator[Page]:
    """Yield the other sheets that may hold a legend: short ones that are no lists themselves."""
    from python_calamine import SheetTypeEnum

    titles = [m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    for title in [title for title in titles if title != chosen.name][:MOST_PAGES]:
        sheet = book.get_sheet_by_name(title)
        if sheet.start is None or sheet.total_height > LONGEST_PAGE or _is_list(sheet):
            continue
        found = recover(path, title, name, book.sheet_names) if with_marks else Found()
        rows = _SheetRows(sheet, found, [])
        marks = {(line, at - rows.first): mark for (line, at), mark in found.marks.items()}
        yield Page(title, list(rows), marks)


class _SheetRows:
    """The rows of a sheet, including hidden ones, because the user put them there."""

    def __init__(self, sheet: CalamineSheet, found: Found, merged: Sequence[Span]) -> None:
        self.sheet, self.merged, self.line = sheet, merged, 0
        self.texts: dict[int, dict[int, str]] = {}
        for (row, column), text in found.texts.items():
            self.texts.setdefault(row, {})[column] = text
        used = (sheet.start or (0, 0))[1] + 1  # calamine begins at the first used column
        self.first = min([used, *(column for _, column in found.texts)])
        self.before = [""] * (used - self.first)

    def __iter__(self) -> Iterator[Row]:
        rows = self._rows()
        # Spans count from the first column that calamine returns.
        shifted = [span._replace(column=span.column + len(self.before)) for span in self.merged]
        for line, cells in enumerate(filled_down(rows, shifted) if shifted else rows, 1):
            self.line = line
            if cells:
                yield line, cells

    def _rows(self) -> Iterator[list[str]]:
        """Yield all rows with what the reader dropped, which may be the last rows."""
        line = 0
        for line, values in enumerate(self.sheet.iter_rows(), 1):
            cells = [value if type(value) is str else as_seen(value) for value in values]
            yield self._whole(line, cells)
        for beyond in range(line + 1, max(self.texts, default=0) + 1):
            yield self._whole(beyond, [])

    def _whole(self, line: int, cells: list[str]) -> list[str]:
        """Return the cells of a row, including those that the reader dropped."""
        cells = self.before + cells if self.before else cells
        if texts := self.texts.get(line):
            cells += [""] * (max(texts) - self.first + 1 - len(cells))
            for column, text in texts.items():
                cells[column - self.first] = text
        return cells


def as_seen(value: object) -> str:
    """Write a typed cell as text: whole numbers without ".0", dates as YYYY-MM-DD."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() else format(value, ".15g")
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Turn the readers' errors about a damaged file into one sentence."""
    from python_calamine import PasswordError

    try:
        yield
    except PlannerError:
        raise
    except PasswordError as error:
        raise _protected(name) from error
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        # There are many kinds of errors, and panics, which are BaseExceptions.
        raise PlannerError(
            f"{name} is not a workbook that can be read ({error}).",
            hint="Open it in your spreadsheet program, save it as XLSX or CSV, and import that.",
            code="not_a_spreadsheet",
        ) from error


def _opened(path: Path) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook

    if zipfile.is_zipfile(path) and (longer := xlsb.written_out(path)) is not None:
        return CalamineWorkbook.from_filelike(longer)
    try:
        with path.open("rb") as file:
            return CalamineWorkbook.from_filelike(file)
    except Exception:
        squeezed = _without_line_breaks(path)
        if squeezed is None:
            raise
        return CalamineWorkbook.from_filelike(squeezed)


LARGEST_SQUEEZED = 2**26  # bytes of XML to read into memory


def _without_line_breaks(path: Path) -> BytesIO | None:
    """Remove line breaks between the elements of an OpenDocument sheet; calamine fails on them.

    Gnumeric writes them.  Returns None for any other kind of file.
    """
    if not zipfile.is_zipfile(path):
        return None
    made = BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(made, "w") as copy:
        infos = {info.filename: info for info in archive.infolist()}
        content = infos.get("content.xml")
        if content is None or content.file_size > LARGEST_SQUEEZED:
            return None
        for name in infos:
            data = archive.read(name)
            copy.writestr(name, re.sub(rb">\s*\n\s*<", b"><", data) if data[:1] == b"<" else data)
    made.seek(0)
    return made


def _refuse_protected(path: Path, name: str) -> None:
    """Raise PlannerError if a workbook needs a password, or unpacks to more than LARGEST."""
    with path.open("rb") as file:
        if file.read(len(OLE_MAGIC)) == OLE_MAGIC:
            # An encrypted XLSX is a container with a part of this name (MS-OFFCRYPTO 2.3.4.4).
            if "EncryptedPackage".encode("utf-16-le") in file.read(LARGEST):
                raise _protected(name)
            return
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
            refuse_archive(archive.namelist(), name)
            manifest = "META-INF/manifest.xml"
            listed = archive.read(manifest) if manifest in archive.namelist() else b""
    except PlannerError:
        raise
    except Exception:  # noqa: BLE001 - damaged in some way, which the reader reports
        return
    if b"encryption-data" in listed:  # OpenDocument 1.3 part 2, section 4.4
        raise _protected(name)
    if size > LARGEST:
        raise PlannerError(
            f"{name} unpacks to {size // 2**20:,} MiB, too much for one person's list.",
            hint="Export the sheet as CSV and import that.",
            code="too_large",
        )


def _protected(name: str) -> PlannerError:
    return PlannerError(
        f"{name} is protected by a password.",
        hint="Open it, remove the password (or export the sheet as CSV), and import again.",
        code="password_protected",
    )


def _named(book: CalamineWorkbook, wanted: str, name: str) -> CalamineSheet:
    for title in book.sheet_names:
        if title.casefold().strip() == wanted.casefold().strip():
            return book.get_sheet_by_name(title)
    listed = ", ".join(f'"{title}"' for title in book.sheet_names)
    raise ConfigError(
        f'{name} has no sheet called "{wanted}".',
        hint=f"Its sheets: {listed}.",
        code="no_sheet",
    )


def _first_list(book: CalamineWorkbook) -> CalamineSheet | None:
    """Return the first sheet with a known header, or else with a cell; visible ones first."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    pages = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    pages.sort(key=lambda m: m.visible != SheetVisibleEnum.Visible)
    sheets = [book.get_sheet_by_name(page.name) for page in pages]
    filled = [sheet for sheet in sheets if sheet.start is not None]
    return next((s for s in filled if _has_header(s)), filled[0] if filled else None)


def _has_header(sheet: CalamineSheet) -> bool:
    rows: Sequence[Sequence[Any]] = sheet.to_python(nrows=LOOK_AHEAD)
    return any(looks_like_header([str(value) for value in row]) for row in rows)


def _shows_fills(path: Path) -> bool:
    """Whether fills are read from this kind of workbook: a list without any needs no legend."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return not any(part.casefold().endswith("workbook.bin") for part in archive.namelist())


def _explains(page: Page) -> bool:
    """Whether another sheet says what colors mean, or may show it."""
    filled = any(mark.fill for mark in page.marks.values())
    return filled or any(any(legend_of_row(cells)) for _, cells in page.rows)


def _is_list(sheet: CalamineSheet) -> bool:
    """Whether a sheet has the header of a list of programs, and not of a legend."""
    rows: Sequence[Sequence[Any]] = sheet.to_python(nrows=LOOK_AHEAD)
    return any(
        looks_like_header(texts) and any(target_of(text) in LIST for text in texts)
        for texts in ([str(value) for value in row] for row in rows)
    )


# What the header of a list of programs names, and that of a legend does not.
LIST = frozenset(
    {"program", "institution", "director_email", "coordinator_email", "acgme_id", "nrmp_code"}
)


# The parts of an XLSB that hold comments; those of XLSX and ODS are read.
_COMMENTS = re.compile(r"xl/comments[^/]*\.bin", re.IGNORECASE)


def _has_comments(path: Path) -> bool:
    """Whether a workbook has comments on cells that are not read; for XLS, we cannot tell."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(map(_COMMENTS.fullmatch, archive.namelist()))
