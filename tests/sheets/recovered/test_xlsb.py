"""XLSB: every cell is read, short ones too, and errors are errors."""

import struct
import zipfile
from pathlib import Path

from planner.sheets.recovered import recover
from planner.sheets.recovered.xlsb import BOOK, _records_with_ends
from tests.sheets.books import records

FILES = Path(__file__).parent.parent / "files"


def test_texts_dates_numbers_and_booleans_are_read():
    found = [record.values for record in records(FILES / "formulas.xlsb")]
    assert [v["program"] for v in found] == [
        "St. Bartholomew’s Women & Children’s Regional Medical Center",
        "Ñandú Valley Hospital",
        "Ash Hospital",
        "Fir Hospital",
        "Université-Hospital",
    ]
    assert [v.get("top_choice") for v in found] == [0, None, None, 1, 0]
    assert [v.get("interview_date") for v in found[3:]] == ["2026-11-03", "2026-11-04"]
    assert [v.get("status") for v in found] == [None, "invited", None, "interviewed", "interviewed"]
    assert found[4]["director_email"] == "pd@universite.example"


def test_errors_of_formulas_are_errors_of_their_rows():
    found = [error for record in records(FILES / "formulas.xlsb") for error in record.errors]
    assert [(e.line, e.column, e.value) for e in found if e.code == "formula_error"] == [
        (2, "Status", "#DIV/0!"),
        (3, "Do not email", "#NAME?"),
        (4, "Status", "#N/A"),
    ]


def test_days_count_from_1904_where_the_workbook_does():
    with zipfile.ZipFile(FILES / "formulas.xlsb") as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    book = parts["xl/workbook.bin"]
    ends = [(len(record), end) for kind, record, end in _records_with_ends(book) if kind == BOOK]
    ((length, end),) = ends
    at = end - length
    flags = struct.unpack_from("<I", book, at)[0] | 1
    parts["xl/workbook.bin"] = book[:at] + struct.pack("<I", flags) + book[at + 4 :]
    with zipfile.ZipFile("list.xlsb", "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    assert recover(Path("list.xlsb"), "List", "list.xlsb", ["About", "List"]).from_1904
    days = [record.values.get("interview_date") for record in records("list.xlsb")]
    assert days[3:] == ["2030-11-04", "2030-11-05"]
