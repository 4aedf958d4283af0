"""Rows that are struck through, or have the color of rejected rows, are asked about."""

from collections import Counter

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from tests.sheets.books import ods as ods_book
from tests.sheets.books import records

HEADER = ("Program", "City", "PD", "Status")
RED, GREEN = "FFFF9999", "FF99FF99"


def sheet(*rows, struck=(), fills=None, name="list.xlsx", header=HEADER):
    """Rows of texts; `struck` cells by their names, `fills` by row."""
    book = Workbook()
    page = book.active
    for row in (header, *rows):
        page.append(row)
    for ref in struck:
        page[ref].font = Font(strike=True)
    for number, color in (fills or {}).items():
        for cell in page[number]:
            cell.fill = PatternFill("solid", fgColor=color)
    book.save(name)


def said():
    return [
        (w.line, w.column, w.value)
        for record in records()
        for w in record.warnings
        if w.code == "note_contradicts"
    ]


ROWS = [
    ("Saint-Élan Hospital", "Cañon City", "Ana Núñez", "applied"),
    ("Oak Ridge", "Ada", "Bo Berg", None),
    ("Ash Grove", "Rye", "Cy Cole", "rejected 10/20"),
    ("Fir Hill", "Troy", "Di Dole", "Interviewed"),
    ("Pine", "Lima", "Ed East", "withdrew"),
]


@pytest.mark.parametrize(
    ("struck", "where"),
    [
        (["A2", "B2", "C2", "D2"], (2, "Program")),
        (["A3"], (3, "Program")),
        (["D2"], (2, "Status")),
        (["C5"], (5, "PD")),
    ],
)
def test_what_is_struck_through_is_asked_about(struck, where):
    sheet(*ROWS, struck=struck)
    assert said() == [(*where, "struck through")]


def test_a_rejected_row_may_be_struck_through():
    sheet(*ROWS, struck=["A4", "D4", "A6", "A1"])
    assert said() == []


def test_what_is_struck_beside_a_remark_keeps_both():
    sheet(("Elm", "Troy", "Ana Lee", "Interviewed 11/5, lovely"), struck=["D2"])
    ((_, _, value),) = said()
    assert value == "Interviewed 11/5, lovely (struck through)"


def test_a_row_without_a_status_that_is_filled_as_the_rejected_are_is_asked_about():
    sheet(*ROWS, fills={3: RED, 4: RED, 6: RED, 5: GREEN})
    assert said() == [(3, "Status", "filled as the rejected or withdrawn rows are")]


@pytest.mark.parametrize(
    "fills",
    [
        {3: GREEN, 4: RED, 6: RED, 5: GREEN},
        {3: RED, 4: RED, 5: RED},
        {2: RED, 3: RED},
        {3: "FFFFFFFF", 4: "FFFFFFFF"},
        {4: RED, 6: RED},
    ],
)
def test_a_fill_that_other_rows_have_too_says_nothing(fills):
    sheet(*ROWS, fills=fills)
    assert said() == []


def test_the_letter_is_held_by_what_is_kept():
    sheet(*ROWS, struck=["A2"], fills={3: RED, 4: RED})
    kept = {r.values["program"]: r.extra for r in records()}
    assert kept["Saint-Élan Hospital"] == {"Program (as written)": "struck through"}
    assert kept["Oak Ridge"] == {"Status (as written)": "filled as the rejected rows are"}


def test_a_list_that_begins_in_another_column_is_read_by_the_same_places():
    book = Workbook()
    page = book.active
    for number, row in enumerate((HEADER, *ROWS), 3):
        for at, text in enumerate(row, 3):
            page.cell(number, at, text)
    page["C4"].font = Font(strike=True)
    book.save("list.xlsx")
    assert said() == [(4, "Program", "struck through")]


def test_a_long_sheet_is_read_without_its_looks():
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(HEADER)
    for number in range(16_000):
        page.append((f"Hospital {number} of the long valley {'x' * 150}", "Ada", "", "applied"))
    book.save("list.xlsx")
    assert Counter(len(record.warnings) for record in records()) == {0: 16_000}


STYLES = (
    '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">'
    '<style:style style:name="s1" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="r1" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#FF9999"/></style:style>'
    "</office:automatic-styles>"
)


def test_the_same_is_seen_in_an_ods():
    def styled(text, style):
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="string">'
            f"<text:p>{text}</text:p></table:table-cell>"
        )

    ods_book(
        HEADER,
        (styled("Elm", "s1"), "Troy", "Ana Lee", "applied"),
        (styled("Oak", "r1"), "Ada", "Bo Berg", ""),
        (styled("Ash", "r1"), "Rye", "Cy Cole", "Rejected"),
        before=STYLES,
    )
    found = [
        (r.line, w.value) for r in records("list.ods") for w in r.warnings
        if w.code == "note_contradicts"
    ]  # fmt: skip
    assert found == [(2, "struck through"), (3, "filled as the rejected rows are")]
