"""Addresses that are only in the link behind a cell."""

from pathlib import Path

import pytest

from tests.sheets.books import ods, records, xlsx

LINK = "mailto:alee@elm.example?subject=Step%202"
FILES = Path(__file__).parent / "files"
HEADER = ("Program", "Specialty")


def with_link(name, header, text):
    """A list whose one row has a link behind its last cell."""
    rows = (*HEADER, header), ("Elm", "IM", text)
    if name.endswith("xlsx"):
        xlsx(*rows, links=[("C2", LINK)], name=name)
    else:
        cell = (
            '<table:table-cell office:value-type="string"><text:p>'
            f'<text:a xlink:href="{LINK}">{text}</text:a></text:p></table:table-cell>'
        )
        ods(rows[0], (*rows[1][:2], cell), name=name)


@pytest.mark.parametrize("name", ["list.xlsx", "list.ods"])
@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("PD Email", "director_email"),
        ("PC Email", "coordinator_email"),
        ("Email", "coordinator_email"),
    ],
)
@pytest.mark.parametrize("text", ["Email Dr. Lee", "click here", "see website"])
def test_an_address_is_read_from_the_link_behind_a_cell(name, header, field, text):
    with_link(name, header, text)
    (found,) = records(name)
    assert not found.errors
    assert found.values[field] == "alee@elm.example"
    assert [(w.code, w.column, w.value) for w in found.warnings] == [
        ("address_in_link", header, text)
    ]


def test_what_is_written_wins_over_the_link_behind_it():
    with_link("list.xlsx", "PD Email", "pd@oak.example")
    (found,) = records()
    assert found.values["director_email"] == "pd@oak.example"
    assert not found.warnings


@pytest.mark.parametrize(
    ("header", "field", "address"),
    [
        ("PD", "director_last_name", "director_email"),
        ("PD Last Name", "director_last_name", "director_email"),
        ("Coordinator", "coordinator_name", "coordinator_email"),
    ],
)
def test_an_address_behind_a_name_is_taken_where_no_column_has_it(header, field, address):
    with_link("list.xlsx", header, "Ana Muñoz-Lee")
    (found,) = records()
    assert found.values[field].endswith("Muñoz-Lee")
    assert found.values[address] == "alee@elm.example"
    assert "address_in_name" in {w.code for w in found.warnings}


def test_a_link_behind_another_cell_changes_nothing():
    with_link("list.xlsx", "Notes", "nice people")
    (found,) = records()
    assert found.values["notes"] == "nice people"
    xlsx((*HEADER, "PD Email"), ("Elm", "IM", "our site"), links=[("C2", "https://elm.example")])
    assert [e.code for e in records()[0].errors] == ["bad_email"]


def test_an_address_in_a_formula_of_a_link_is_read():
    cell = f'|t="str"><f>HYPERLINK("{LINK}","Email Dr. Lee")</f><v>Email Dr. Lee</v>'
    xlsx((*HEADER, "PD Email"), ("Elm", "IM", cell))
    assert records()[0].values["director_email"] == "alee@elm.example"


def test_a_link_stands_behind_each_cell_of_its_range():
    rows = (("Elm", "IM", "Email"), ("Oak", "IM", "Email"), ("Ash", "IM", "ash@ash.example"))
    xlsx((*HEADER, "Email"), *rows, links=[("C2:C3", LINK)])
    found = [record.values["coordinator_email"] for record in records()]
    assert found == ["alee@elm.example", "alee@elm.example", "ash@ash.example"]


def test_a_list_that_does_not_begin_at_the_left_has_its_links_where_they_stand():
    xlsx(("", *HEADER, "Email"), ("", "Elm", "IM", "Email"), links=[("D2", LINK)])
    assert records()[0].values["coordinator_email"] == "alee@elm.example"


def test_the_binary_workbook_has_its_links():
    found = records(FILES / "formulas.xlsb")
    assert found[3].values["director_email"] == "alee@fir.example"
