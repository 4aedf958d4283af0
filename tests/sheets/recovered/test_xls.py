"""XLS: errors and formulas never computed are errors, and dates may count from 1904."""

import re
import struct
from pathlib import Path

import pytest

from planner.sheets.parsers.cells import UNCOMPUTED
from planner.sheets.recovered import recover
from planner.sheets.recovered.compound import CompoundFile
from planner.sheets.recovered.xls import DATE_1904
from tests.sheets.books import errors, records

FILES = Path(__file__).parent.parent / "files"


def test_errors_of_formulas_are_found():
    assert recover(FILES / "formulas.xls", "List", "formulas.xls", ["About", "List"]).texts == {
        (2, 4): "#DIV/0!",
        (3, 6): "#NAME?",
        (4, 4): "#N/A",
    }
    found = [e for r in records(FILES / "formulas.xls") for e in r.errors]
    assert [(e.line, e.column) for e in found if e.code == "formula_error"] == [
        (2, "Status"),
        (3, "Do not email"),
        (4, "Status"),
    ]


def test_formulas_that_were_never_computed_are_errors():
    assert errors(FILES / "uncomputed.xls") == [
        (2, "Status", UNCOMPUTED),
        (3, "Status", UNCOMPUTED),
    ]


def test_one_formula_with_a_value_shows_that_all_were_computed():
    data = bytearray((FILES / "uncomputed.xls").read_bytes())
    record = re.search(rb"\x06\x00..\x01\x00\x03\x00", data, re.DOTALL)
    data[record.end() + 2 : record.end() + 10] = struct.pack("<d", 7.0)
    Path("list.xls").write_bytes(data)
    assert recover(Path("list.xls"), "List", "list.xls", ["List"]).texts == {}


def test_a_plain_number_for_a_day_counts_from_1904_where_the_workbook_does():
    data = (FILES / "formulas.xls").read_bytes()
    mark = struct.pack("<HH", DATE_1904, 2)
    assert data.count(mark + b"\0\0") == 1
    Path("list.xls").write_bytes(data.replace(mark + b"\0\0", mark + b"\1\0"))
    days = [r.values.get("interview_date") for r in records("list.xls")]
    assert days[3:] == ["2030-11-04", "2030-11-05"]


@pytest.mark.parametrize("size", [100, 600, 3_000])
def test_a_file_that_is_cut_off_is_an_error(size):
    Path("list.xls").write_bytes((FILES / "formulas.xls").read_bytes()[:size])
    with pytest.raises(Exception, match=r"list\.xls"):
        records("list.xls")


def test_a_chain_that_goes_round_in_circles_ends():
    with (FILES / "formulas.xls").open("rb") as file:
        book = CompoundFile(file)
    book.next = tuple(0 for _ in book.next)
    assert len(book._chain(0)) == len(book.next) * book.size
