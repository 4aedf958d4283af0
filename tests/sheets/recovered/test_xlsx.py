"""XLSX: cells that calamine returns as empty are found, whatever the name of the part."""

import pytest

from planner.errors import PlannerError
from planner.sheets.parsers.cells import UNCOMPUTED
from tests.sheets.books import HEADER, errors, records, xlsx

PARTS = [
    ("worksheets/sheet1.xml", None),
    ("worksheets/Sheet1.xml", None),
    ("worksheets/data.xml", None),
    ("worksheets/wks1.xml", "/xl/worksheets/wks1.xml"),
    ("sheets/Bewerbungen-2027.xml", None),
    ("worksheets/sheet1.xml", "worksheets/SHEET1.xml"),
]


@pytest.mark.parametrize(("part", "target"), PARTS)
def test_an_error_is_found_in_a_part_of_any_name(part, target):
    xlsx(
        HEADER,
        ("Elm", "IM", "Dayton", '|t="e"><f>1/0</f><v>#DIV/0!</v>'),
        ("Oak", "IM", "Troy", "|><f>D2</f>"),
        part=part,
        target=target,
    )
    assert errors() == [(2, "Status", "#DIV/0!"), (3, "Status", UNCOMPUTED)]


@pytest.mark.parametrize(
    "cell",
    [
        "|><f>D9</f>",
        "|><f>D9</f><v/>",
        "|><f>D9</f><v></v>",
        '|><f t="shared" si="0"/>',
        '|><f t="shared" si="0"/><v></v>',
        '|t="str"><f>D9</f>',
    ],
)
@pytest.mark.parametrize("column", ["Status", "Do not email"])
def test_a_formula_without_a_value_is_an_error(cell, column):
    xlsx(("Program", "Specialty", "City", column), ("Elm", "IM", "Dayton", cell))
    assert errors() == [(2, column, UNCOMPUTED)]


def test_a_zero_is_no_value_where_the_workbook_was_never_computed():
    rows = HEADER[:3] + ("Do not email",), ("Elm", "IM", "Dayton", "|><f>D9</f><v>0</v>")
    xlsx(*rows, book='<calcPr fullCalcOnLoad="1"/>')
    assert errors() == [(2, "Do not email", UNCOMPUTED)]
    xlsx(*rows)
    assert records()[0].values["contact_policy"] == "open"


@pytest.mark.parametrize("column", ["Status", "Do not email", "Rejected", "Told on", "ROL Locked"])
def test_what_a_formula_did_not_find_is_no_blank_where_it_decides_on_a_letter(column):
    rows = ("Program", "Specialty", "City", column), ("Elm", "IM", "#N/A", "#N/A")
    xlsx(*rows)
    assert errors() == [(2, column, "#N/A")]
    xlsx(rows[0], ("Elm", "IM", "#N/A", '|t="e"><v>#N/A</v>'))
    assert errors() == [(2, column, "#N/A")]


def test_rows_of_nothing_but_formulas_are_not_lost():
    empty = "|><f>Other!A1</f>"
    xlsx(HEADER, ("Elm", "IM", "Dayton", "Invited"), (empty, empty, empty, empty))
    assert [(line, column) for line, column, _ in errors()] == [(3, name) for name in HEADER]


def test_a_column_of_nothing_but_formulas_is_not_lost():
    xlsx(("", *HEADER), ("|><f>A1</f>", "Elm", "IM", "Dayton", "Rejected"))
    (found,) = records()
    assert found.values["status"] == "rejected"
    assert [e.value for e in found.errors] == [UNCOMPUTED]


@pytest.mark.long
def test_an_error_far_down_in_a_long_sheet_is_found():
    rows = [(f"Elm {n}", "IM", "Dayton " + "valley " * 20, "Invited") for n in range(12_000)]
    rows[11_000] = ("Elm", "IM", "Troy", '|t="e"><v>#REF!</v>')
    xlsx(HEADER, *rows)
    assert errors() == [(11_002, "Status", "#REF!")]


@pytest.mark.parametrize(
    ("shown", "seen"),
    [("#ERROR!", "#ERROR!"), ("#SPILL!", "#SPILL!"), ("#WERT!", "#WERT!"), ("Rejected", "#ERROR!")],
)
def test_an_error_that_its_reader_does_not_know_is_one_all_the_same(shown, seen):
    cell = f'|s="0" t="e"><f>IMPORTRANGE("a","b")</f><v>{shown}</v>'
    xlsx(HEADER, ("Elm", "IM", "Dayton", cell), ("Oak", "IM", "Troy", "Invited"))
    assert errors() == [(2, "Status", seen)]
    assert records()[1].values["status"] == "invited"


def test_a_value_that_was_computed_counts():
    xlsx(
        HEADER,
        ("Elm", "IM", '|t="str"><f>A9</f><v></v>', '|t="str"><f>A9</f><v>Rejected</v>'),
        book='<calcPr fullCalcOnLoad="1"/>',
    )
    (found,) = records()
    assert not found.errors
    assert found.values["status"] == "rejected"


@pytest.mark.parametrize("flag", ["1", "true"])
def test_a_plain_number_for_a_day_counts_from_1904_where_the_workbook_does(flag):
    rows = (*HEADER, "IV Date"), ("Elm", "IM", "Dayton", "interviewed", "|><v>44867</v>")
    xlsx(*rows, book=f'<workbookPr date1904="{flag}"/>')
    assert records()[0].values["interview_date"] == "2026-11-03"
    xlsx(*rows, book='<workbookPr date1904="0"/>')
    assert records()[0].values["interview_date"] == "2022-11-02"


def test_a_sheet_that_cannot_be_looked_at_is_refused():
    xlsx(HEADER, ("Elm", "IM", "Dayton", "Rejected"), target="worksheets/sheet9.xml")
    with pytest.raises(PlannerError) as caught:
        records()
    assert "XLSX" in caught.value.hint
