"""A sheet whose name says that all of its programs are out of play."""

import openpyxl
import pytest

from planner.sheets.listing import read_listing
from planner.sheets.reader import open_table
from tests.sheets.reading import ALL, SEASON


def statuses(sheet, header=("Program", "City", "PD")):
    book = openpyxl.Workbook()
    book.active.title = sheet
    book.active.append(header)
    book.active.append(["Elm", "Troy", "Ana Lee"])
    book.save("list.xlsx")
    found = read_listing(open_table("list.xlsx"), specialties=ALL, season=SEASON)
    return [record.values.get("status") for record in found.records]


@pytest.mark.parametrize("sheet", ["Rejected", "Withdrew", "My rejections", "Absagen"])
def test_rows_on_a_sheet_of_rejections_are_rejected(sheet):
    assert statuses(sheet) in (["rejected"], ["withdrawn"])


@pytest.mark.parametrize("sheet", ["Sheet1", "Interviews", "Applied + rejected", "IM 2027"])
def test_the_name_of_any_other_sheet_says_nothing(sheet):
    assert statuses(sheet) == [None]


def test_a_file_called_rejected_may_be_what_an_import_wrote():
    from pathlib import Path

    Path("rejected.csv").write_text("Program,City,PD\nElm,Troy,Ana Lee\n")
    found = read_listing(open_table("rejected.csv"), specialties=ALL, season=SEASON)
    assert [record.values.get("status") for record in found.records] == [None]
