"""ODS: errors, formulas without a value, and breaks between words."""

import pytest

from planner.sheets.parsers.cells import UNCOMPUTED
from tests.sheets.books import HEADER, errors, ods, records

ERROR = "<text:p>#DIV/0!</text:p></table:table-cell>"
ROW = ("Elm", "IM", "Dayton")


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        # As LibreOffice and Gnumeric write errors.
        (
            (
                '<table:table-cell table:formula="of:=1/0" office:value-type="string"'
                f' office:string-value="" calcext:value-type="error">{ERROR}'
            ),
            "#DIV/0!",
        ),
        (
            (
                '<table:table-cell table:formula="of:=1/0" office:value-type="float"'
                ' office:value="0" calcext:value-type="error"><text:p>Err:502</text:p>'
                "</table:table-cell>"
            ),
            "Err:502",
        ),
        (
            (
                '<table:table-cell table:formula="of:=1/0" office:value-type="string"'
                f' office:string-value="#DIV/0!">{ERROR}'
            ),
            "#DIV/0!",
        ),
        (
            (
                '<table:table-cell table:formula="of:=NA()" office:value-type="string"'
                ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
            ),
            "#N/A",
        ),
        ('<table:table-cell table:formula="of:=D9"/>', UNCOMPUTED),
        ('<table:table-cell table:formula="of:=D9" office:value-type="string"/>', UNCOMPUTED),
        ('<table:table-cell table:formula="of:=D9" office:value-type="float"/>', UNCOMPUTED),
    ],
)
@pytest.mark.parametrize("column", ["Status", "Do not email"])
def test_a_formula_that_gives_no_value_is_an_error_of_its_row(cell, seen, column):
    ods((*HEADER[:3], column), ("Oak", "IM", "Troy", ""), (*ROW, cell))
    assert [e for e in errors("list.ods") if e[0] == 3] == [(3, column, seen)]


def test_a_value_that_was_computed_counts():
    cell = (
        '<table:table-cell table:formula="of:=D9" office:value-type="string"'
        ' office:string-value="Rejected"><text:p>Rejected</text:p></table:table-cell>'
    )
    ods(HEADER, (*ROW, cell))
    assert records("list.ods")[0].values["status"] == "rejected"


def test_a_formula_whose_value_is_empty_text_is_empty():
    cell = (
        '<table:table-cell table:formula="of:=D9" office:value-type="string"'
        ' office:string-value=""/>'
    )
    ods(HEADER, (*ROW, cell))
    (found,) = records("list.ods")
    assert not found.errors
    assert "status" not in found.values


def test_errors_of_cells_and_rows_that_are_written_once_stand_in_each_of_them():
    cell = (
        '<table:table-cell table:number-columns-repeated="2" table:formula="of:=1/0"'
        f' calcext:value-type="error" office:value-type="string">{ERROR}'
    )
    ods(HEADER, (*ROW[:2], cell), (*ROW, "Invited"))
    assert errors("list.ods") == [(2, "City", "#DIV/0!"), (2, "Status", "#DIV/0!")]


@pytest.mark.parametrize("mark", ["tab", "line-break"])
def test_a_break_stands_between_words(mark):
    city = f"Winston<text:{mark}/>Salem <text:span>Forsyth<text:{mark}/>County</text:span>"
    ods((*HEADER[:3], "Notes"), ("Elm", "IM", city, "plain"))
    assert records("list.ods")[0].values["city"] == "Winston Salem Forsyth County"


def test_a_comment_beside_a_break_is_no_part_of_the_cell():
    cell = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>call'
        "<text:line-break/>them</text:p></office:annotation>"
        '<text:p>the ferry<text:line-break/>clinic<text:s text:c="2"/>&amp; more</text:p>'
        "<text:p>and the dam</text:p></table:table-cell>"
    )
    ods((*HEADER[:3], "Why"), (*ROW, cell))
    reason = records("list.ods")[0].values["reason"]
    assert reason == "the ferry\nclinic  & more\nand the dam"


def test_line_breaks_between_the_elements_do_not_matter():
    ods(HEADER, (*ROW, "Invited"), between="\n   ")
    assert records("list.ods")[0].values["status"] == "invited"


def test_a_plain_number_for_a_day_counts_from_1904_where_the_sheet_does():
    day = (
        '<table:table-cell office:value-type="float" office:value="44867"><text:p>44867</text:p>'
        "</table:table-cell>"
    )
    before = (
        "<table:calculation-settings>"
        '<table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    ods((*HEADER[:3], "IV Date"), (*ROW, day), before=before)
    assert records("list.ods")[0].values["interview_date"] == "2026-11-03"
