"""Merged cells count for each of their rows."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from planner.rules.specialties import shipped
from planner.sheets.listing import read_listing
from planner.sheets.merged import Span, filled_down
from planner.sheets.reader import open_table

ROWS = [
    ["Institution", "City", "Program", "Specialty"],
    ["Elm Health", "Dayton", "FM", "Family Medicine"],
    [None, None, "IM", "Internal Medicine"],
    [None, None, "EM", "EM"],
    ["Oak Health", "Troy", "Oak", "IM"],
]
ODS = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def institutions(name):
    found = read_listing(open_table(name), specialties=shipped()).records
    return [(r.values.get("institution"), r.values.get("city")) for r in found]


@pytest.mark.parametrize("first", [(1, 1), (4, 3)])
def test_cells_merged_downwards_in_a_workbook(first):
    book = Workbook()
    sheet = book.active
    top, left = first
    for row, values in enumerate(ROWS, top):
        for column, value in enumerate(values, left):
            sheet.cell(row, column, value)
    for column in (left, left + 1):
        sheet.merge_cells(
            start_row=top + 1, end_row=top + 3, start_column=column, end_column=column
        )
    book.save("list.xlsx")
    assert institutions("list.xlsx") == [("Elm Health", "Dayton")] * 3 + [("Oak Health", "Troy")]


def test_cells_merged_downwards_in_an_opendocument_sheet():
    def cell(text, spanned=1):
        if text is None:
            return "<table:covered-table-cell/>"
        return (
            f'<table:table-cell table:number-rows-spanned="{spanned}" office:value-type="string">'
            f"<text:p>{text}</text:p></table:table-cell>"
        )

    rows = []
    for number, values in enumerate(ROWS):
        made = [cell(v, 3 if number == 1 and place < 2 else 1) for place, v in enumerate(values)]
        rows.append(f"<table:table-row>{''.join(made)}</table:table-row>")
    rows.insert(
        1, '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {NAMES}><office:body><office:spreadsheet>'
        f'<table:table table:name="Notes"><table:table-row>{cell("x", 9)}</table:table-row>'
        f'</table:table><table:table table:name="List">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile("list.ods", "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    assert Path("list.ods").exists()
    assert institutions("list.ods") == [("Elm Health", "Dayton")] * 3 + [("Oak Health", "Troy")]


@given(
    st.lists(st.lists(st.sampled_from(["", "a", "b"]), min_size=3, max_size=3), max_size=6),
    st.lists(st.builds(Span, st.integers(0, 5), st.integers(-1, 3), st.integers(0, 7)), max_size=4),
)
def test_only_empty_cells_below_are_filled(rows, spans):
    filled = list(filled_down([list(row) for row in rows], spans))
    assert len(filled) == len(rows)
    for row, seen in zip(rows, filled, strict=True):
        assert all(new == old or old == "" for old, new in zip(row, seen, strict=True))


def test_a_merged_formula_without_a_value_is_an_error_of_each_of_its_rows():
    book = Workbook()
    sheet = book.active
    sheet.append(["Program", "Specialty", "Status"])
    for row in (["Elm", "IM", "=A9"], ["Oak", "IM"], ["Ash", "IM"], ["Fir", "IM", "Invited"]):
        sheet.append(row)
    sheet.merge_cells("C2:C4")
    book.save("list.xlsx")
    found = list(read_listing(open_table("list.xlsx"), specialties=shipped()).records)
    assert [[e.code for e in record.errors] for record in found] == [["formula_error"]] * 3 + [[]]
