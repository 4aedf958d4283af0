"""Quotation marks: correct ones pass, and for stray ones the error names the line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.sheets.text import Dialect, dialect_of, rows_within
from tests.sheets.reading import records, refused

HEADER = "Program,Specialty,PD Email,Why\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # An opening mark without its end, up to the next stray one.
        (
            'Elm,IM,pd@elm.example,"the clinic\nOak,IM,pd@oak.example,x\nAsh,IM,,the farm"\nFir,IM\n',
            2,
        ),
        ('Elm,IM,pd@elm.example,"the clinic\nOak,IM,pd@oak.example,bed 5"\n', 2),
        ('Elm,IM,pd@elm.example,x\nOak,IM,pd@oak.example,"the dam\nAsh,IM,pd@ash.example,y"\n', 3),
        # An inch mark, and a cell that begins with a mark of its own.
        ('Elm,IM,pd@elm.example,"the clinic\nOak,IM,pd@oak.example,12" tall\n', 2),
        ('Elm,IM,pd@elm.example,"the clinic\nOak,IM,pd@oak.example,"your dam"\n', 2),
        # Never closed.
        ('Elm,IM,pd@elm.example,x\nOak,IM,pd@oak.example,"the dam\nAsh,IM,pd@ash.example,y\n', 3),
        # Text behind the closing mark, on one line.
        ('Elm,IM,pd@elm.example,x\n"Oak" Hospital,IM,pd@oak.example,y\n', 3),
        ('Elm,IM,pd@elm.example,"the "old" dam"\n', 2),
        # Rows that are a cell each.
        ('Elm,IM,pd@elm.example,x\n"Oak,IM,pd@oak.example,the dam"\n', 3),
        ('Elm,IM,pd@elm.example,x\nOak,"IM,pd@oak.example",the dam\n', 3),
        # Rows without an address.
        ('"Elm,IM,,x\nOak,IM,,y"\n', 2),
        # The mark opens behind a cell with line breaks of its own.
        ('"Elm\nHospital",IM,pd@elm.example,"x\nOak,IM,pd@oak.example,y"\n', 3),
    ],
)
def test_a_mark_that_swallows_rows_is_an_error_that_names_the_line_where_it_opens(text, line):
    error = refused(HEADER + text)
    assert error.code == "bad_table"
    assert f"list.csv, line {line}: " in error.message


@pytest.mark.parametrize(("separator", "other"), [("\t", "Troy"), (";", "Troy"), ("|", "Troy")])
def test_other_separators_are_looked_at_too(separator, other):
    rows = [["Program", "City", "Why"], ["Elm 2", other, '"unfinished'], ["Oak 3", other, 'x"']]
    error = refused("\n".join(separator.join(row) for row in rows), specialty=None)
    assert "line 2: " in error.message


def test_names_alone_are_looked_at_too():
    text = 'Program,City,PD\n"Elm 1,Dayton,Ana Lee\nElm 2,Troy,Bo Berg\n"Elm 3",Akron,Cy Cole\n'
    assert "line 2: " in refused(text).message


@pytest.mark.parametrize(
    "rows", ['"Elm Valley,the ferry\nOak Hill",the dam\n', 'Elm,"the ferry\nOak,the dam"\n']
)
def test_a_swallowed_row_of_two_cells_is_seen(rows):
    error = refused(f"Program,Why\n{rows}Fir,snow\nAsh,a lake\n")
    assert error.code == "bad_table"
    assert "line 2: " in error.message


def test_a_swallowed_row_that_ends_early_is_seen_by_what_it_repeats():
    header = "Program,Specialty,City,PD,Status,Why\n"
    error = refused(f'{header}Elm,IM,Troy,Ana Lee,invited,"the dam\nOak,IM,Dayton"\n')
    assert error.code == "bad_table"


@pytest.mark.parametrize(
    "cell", ["Elm Valley\nHospital", "Elm Valley, Dayton\nWest", "Elm, Inc.\nOak, Troy"]
)
def test_a_name_on_two_lines_in_a_list_of_two_columns_is_a_name(cell):
    (record,) = records(f'Program,Why\n"{cell}",the dam\n')
    assert record.values["program"] == cell.replace("\n", " ")


@pytest.mark.parametrize(
    "cell",
    [
        "one\ntwo",
        "call on Monday,\nthen write, ask, and wait",
        "pros: clinic, lake, people\ncons: far, cold, small",
        "Dr. Lee, the PD, said hi\r\nwrite in January",
        '12" tall, 5" wide',
        "- kind\n- near\n- good food, cheap",
        "they wrote from ann@elm.example\nand were kind",
        "",
    ],
)
def test_ordinary_line_breaks_and_marks_in_notes_pass(cell):
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["Program", "Specialty", "Notes", "PD Email"])
    writer.writerow(["Elm", "IM", cell, "pd@elm.example"])
    writer.writerow(["Oak", "IM", "x", "pd@oak.example"])
    found = records(buffer.getvalue())
    assert [r.values["program"] for r in found] == ["Elm", "Oak"]
    assert found[0].values.get("notes", "") == cell.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "row",
    [
        'Elm,"Dayton, OH"',
        '"Elm, Ohio"',
        'Elm,"Dayton, OH",',
        'Elm 12" Hospital,x',
        'Elm "the" Hosp',
    ],
)
def test_a_row_that_ends_early_passes(row):
    assert len(records(f"Program,Location,Status\n{row}\nOak,,applied\n")) == 2


def test_marks_escaped_by_a_backslash_are_understood():
    found = records('Program,Specialty\n"Elm \\"The Valley\\" Hospital",IM\n"Oak",IM\n')
    assert found[0].values["program"] == 'Elm "The Valley" Hospital'


def test_a_space_before_a_quoted_cell_is_understood():
    found = records(
        'Program, City, PD\n"Elm 1", "Dayton, Ohio", "Ana Lee"\n"Elm 2", "Troy", "Bo Berg"\n'
    )
    assert found[0].values["program"] == "Elm 1"
    assert found[0].values["director_last_name"] == "Lee"
    assert not found[0].errors


def test_a_space_before_some_of_the_quoted_cells_is_understood():
    found = records('Program,City,PD\n"Elm 1", "Winston-Salem","Ana Lee"\n"Elm 2", "Troy","Bo"\n')
    assert [r.values["city"] for r in found] == ["Winston-Salem", "Troy"]


def test_a_space_behind_a_quoted_cell_is_understood():
    found = records('Program,City\n"Elm 1" ,"Troy"\n"Elm 2","Akron" \n')
    assert [r.values["city"] for r in found] == ["Troy", "Akron"]


@pytest.mark.parametrize("end", ["\n\x1a", "\n\x0c\n", "\x1a"])
def test_a_mark_of_old_programs_at_the_end_is_passed_over(end):
    assert [r.values["program"] for r in records(f"Program,City\nElm,Troy{end}")] == ["Elm"]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00,;\t"), max_size=12)


@given(st.lists(CELLS, min_size=3, max_size=3), st.sampled_from([",", "\t", ";"]))
def test_cells_with_any_marks_and_line_breaks_come_back_and_are_no_rows(row, separator):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerow(row)
    text = io.StringIO(buffer.getvalue(), newline="")
    assert next(csv.reader(text, delimiter=separator, strict=True)) == row
    assert not any(rows_within(cell, Dialect(separator, 3)) for cell in row)


def test_the_width_is_that_of_most_lines():
    assert dialect_of("a,b,c\n1,2,3\nx\n") == Dialect(",", 3)
    assert dialect_of("Name\nElm\n").width == 1
