"""Opens files as rows with line numbers; the content of a file decides what it is."""

from __future__ import annotations

import atexit
import codecs
import re
import sys
from pathlib import Path
from typing import IO

from planner.errors import PlannerError
from planner.sheets.disguise import refuse_disguised
from planner.sheets.encodings import TRIED, likeliest
from planner.sheets.table import OLE_MAGIC, STANDARD_INPUT, ZIP_MAGIC, Table
from planner.sheets.text import SEPARATORS, TextRows, dialect_of

SAMPLE = 64 * 1024  # bytes to look at to tell what a file is
CHUNK = 1024 * 1024
FEW = 5  # NULs that a text file may have by accident

ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    **TRIED,
}


def open_table(source: str, *, sheet: str | None = None) -> Table:
    """Open a file, or standard input for `-`; `sheet` names a sheet of a workbook.

    Raises PlannerError if the file does not exist, is empty, or is not a list.
    """
    path = _spooled(sys.stdin.buffer) if source == "-" else Path(source)
    name = STANDARD_INPUT if source == "-" else source
    try:
        with path.open("rb") as file:
            head = file.read(SAMPLE)
            if head.startswith((ZIP_MAGIC, OLE_MAGIC)):
                from planner.sheets.workbook import open_workbook

                return open_workbook(path, name, sheet)
            refuse_disguised(head, name)
            encoding = _encoding(head, file, name)
    except OSError as error:
        raise PlannerError(
            f"Cannot read {name}: {error.strerror or 'it cannot be read twice'}.",
            hint="Check the path; ls lists the files in a folder.",
            code="unreadable",
        ) from error
    if not head.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise PlannerError(f"{name} is empty.", hint="Export the list again.", code="empty_file")
    if sheet is not None:
        raise PlannerError(
            f"{name} is a text file; it has no sheet called {sheet}.",
            hint="Leave --sheet out; it is for XLSX and ODS.",
            code="no_sheet",
        )
    dialect = dialect_of(head.decode(encoding, "replace"))
    guessed = f"not UTF-8; read as {ENCODINGS[encoding]}. Check the names with accents"
    rows = TextRows(path, encoding, dialect, name)
    return Table(
        name,
        rows,
        f"{ENCODINGS[encoding]}, separated by {SEPARATORS[dialect.separator]}",
        guessed if encoding in TRIED else "",
        lambda: rows.taken / max(1, rows.size),
    )


def _spooled(stream: IO[bytes]) -> Path:
    """Copy standard input to a file, so that it can be read twice."""
    import shutil
    import tempfile

    with tempfile.NamedTemporaryFile(prefix="planner-", suffix=".csv", delete=False) as copy:
        path = Path(copy.name)
        atexit.register(path.unlink, missing_ok=True)
        shutil.copyfileobj(stream, copy)
    return path


def _encoding(head: bytes, file: IO[bytes], name: str) -> str:
    """Return the encoding of a text file.  Raises PlannerError if it is not text."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head:
        return _without_bom(head, name)
    damage = _first_damage(file)
    if damage is None:
        return "utf-8-sig"
    file.seek(0)
    if _mostly_utf8(file):
        raise PlannerError(
            f"{name}, line {damage}: bytes that are not UTF-8, in a file that otherwise is.",
            hint="Type that line again, or save the file as CSV UTF-8, and import again.",
            code="bad_encoding",
        )
    file.seek(0)
    return likeliest(iter(lambda: file.read(CHUNK), b""))


def _without_bom(head: bytes, name: str) -> str:
    """Recognize UTF-16 without a mark: half of its bytes are zero.  Raises PlannerError if not."""
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros.count(0) > len(zeros) * 0.7 and len(head) % 2 == 0:
            return encoding
    text = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if head.count(0) <= FEW and text[: text.index(0)].isascii():
        raise PlannerError(
            f"{name}, line {text[: text.index(0)].count(10) + 1}: it contains a NUL character,"
            " which does not belong in text.",
            hint="Save the list again as CSV or XLSX, or type that line again, and import it.",
            code="not_a_spreadsheet",
        )
    raise _no_list(name, "neither a text file nor a workbook")


def _no_list(name: str, what: str) -> PlannerError:
    return PlannerError(
        f"{name} is {what}, so it cannot be a list.",
        hint="Export the list as CSV or XLSX and import that.",
        code="not_a_spreadsheet",
    )


def _first_damage(file: IO[bytes]) -> int | None:
    """Return the first line, from 1, that is not UTF-8; None if there is none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    before = 0
    while chunk := file.read(CHUNK):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return before + error.object[: error.start].count(b"\n") + 1
        before += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return before + 1
    return None


_DAMAGE = re.compile("[\udc80-\udcff]")  # surrogateescape's characters for bad bytes


def _mostly_utf8(file: IO[bytes]) -> bool:
    """Whether most of the non-ASCII characters are valid UTF-8."""
    beyond = bad = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while chunk := file.read(CHUNK):
        text = decoder.decode(chunk)
        beyond += len(text) - len(text.encode("ascii", "ignore"))
        bad += len(_DAMAGE.findall(text))
    return beyond - bad > bad
