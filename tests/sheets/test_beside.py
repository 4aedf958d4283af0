"""A legend or a tally to the right of a list, and real columns in the same place."""

import pytest

from tests.sheets.reading import listing, records

ROWS = ["Elm,Dayton,applied", "Ångström Clinic,Troy,invited", "Oak,Ames,waitlisted"] * 4


def with_block(*block, header="Program,City,Status"):
    """A list with a block behind an empty column; the first cell of it stands in the header."""
    lines = [header, *(f"{n} {row}" for n, row in enumerate(ROWS))]
    return "\n".join(
        f"{line},,{block[n] if n < len(block) else ','}" for n, line in enumerate(lines)
    )


LEGEND = ("Legend,", "green,interview", "yellow,maybe", "red,dead - rejected or withdrew")


@pytest.mark.parametrize(
    "block",
    [
        LEGEND,
        ("Color key:,", *LEGEND[1:]),
        (",", "Legend,", *LEGEND[1:]),
        (",", "green = interview,", "light red: rejected,"),
        ("Stats,Count", "Applied,40", "Rejected,12"),
        (",", "Applied,40", "Rejected,12", "Response rate,31 %"),
        ("To do:,", "write to Oak,", "do not contact Elm before 12/1,"),
    ],
)
def test_a_block_that_says_what_it_is_is_left_out_and_said_once(block):
    found = listing(with_block(*block), specialty=None)
    assert all(record.extra == {} for record in found.records)
    assert len(list(found.records)) == len(ROWS)
    (said,) = (w for w in found.warnings if w.code == "beside_the_list")
    assert said.message.startswith("columns E-F, after an empty column: a legend or a tally")
    assert {doubt.code for doubt in found.doubts} <= {"colors_missing"}


@pytest.mark.parametrize(
    "block",
    [
        (",", ",", "rejected me,", "rejected me,"),
        ("Rejected,", "x,", ",", "x,"),
        ("Key,Rejected", "a,x", "b,x"),
        ("My remarks,", "do not contact,"),
        ("Legend,", *(f"{n}," for n in range(12))),
    ],
)
def test_what_may_be_a_column_of_the_list_is_one(block):
    found = listing(with_block(*block), specialty=None)
    assert any(r.extra or r.values.get("status") == "rejected" for r in found.records)
    assert "beside_the_list" not in {w.code for w in found.warnings}


def test_a_legend_beside_a_header_of_two_rows_is_no_part_of_it():
    text = "Program,Director,,Status,,Legend,\n,Name,Email,,,,interview\n" + "".join(
        f"Elm {n},Ana Peña,ana{n}@elm.example,applied,,,\n" for n in range(9)
    )
    found = listing(text.replace(",,,\n", ",,,maybe\n", 1), specialty=None)
    assert [c.header for c in found.columns[:4]] == [
        *("Program", "Director Name", "Director Email", "Status")
    ]
    assert {r.values["director_last_name"] for r in found.records} == {"Peña"}
    assert all(r.extra == {} for r in found.records)


def test_who_names_a_column_of_the_block_gets_it():
    (*_, last) = records(with_block(*LEGEND, *[",a"] * 9), mapping={"column 6": "notes"})
    assert last.values["notes"] == "a"


def test_a_row_of_the_block_below_the_list_is_no_row_of_the_list():
    text = with_block("Legend,").rstrip() + "\n,,,,green,interview\nWEST COAST,,,,red,dead\n"
    found = listing(text, specialty=None)
    assert len(list(found.records)) == len(ROWS)
    (passed,) = found.remarks
    assert '1 row is not a program and was skipped: line 15 "WEST COAST"' in passed.message
