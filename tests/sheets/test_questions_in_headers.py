"""Columns of check marks whose header asks something that may hold a letter back."""

import pytest

from planner.sheets.headings import target_of
from tests.sheets.reading import listing, records


def asked(header, *cells):
    rows = "".join(f"Elm {n},IM,{cell}\n" for n, cell in enumerate(cells))
    read = listing(f"Program,Specialty,{header}\n{rows}")
    list(read.records)
    return [doubt.code for doubt in read.doubts]


@pytest.mark.parametrize("header", ["Do not want", "Do they reply?", "Do I write?"])
def test_do_is_no_degree_in_a_sentence(header):
    assert asked(header, "x", "") == ["unknown_column_matters"]
    assert asked("DO friendly", "x", "") == []


@pytest.mark.parametrize("header", ["Do not rank", "Don't rank", "DNR"])
def test_whom_the_applicant_does_not_rank_gets_no_letter(header):
    (found,) = records(f"Program,Specialty,{header}\nElm,IM,x\n")
    assert found.values["status"] == "withdrawn"


@pytest.mark.parametrize("header", ["Do not disturb", "Do not contact program", "No email please"])
def test_a_yes_under_do_not_disturb_is_a_wish_for_no_email(header):
    (found,) = records(f"Program,Specialty,{header}\nElm,IM,x\n")
    assert found.values["contact_policy"] == "none"


@pytest.mark.parametrize(
    "header",
    ["Accepts updates?", "Accepts LOI", "LOI accepted?", "Updates OK", "Do they accept letters?"]
    + ["Takes letters of intent", "Updates welcome?"],
)
def test_who_takes_no_updates_gets_no_letter(header):
    one, other = records(f"Program,Specialty,{header}\nElm,IM,no\nOak,IM,yes\n")
    assert one.values["contact_policy"] == "none"
    assert other.values["contact_policy"] == "open"


def test_a_yes_under_contact_is_nobodys_name():
    assert asked("Contact?", "yes", "no") == ["unknown_column_matters"]


@pytest.mark.parametrize("header", ["No response", "No reply", "Pending", "Nothing yet"])
def test_a_no_under_no_response_does_not_mean_that_there_is_no_application(header):
    assert target_of(header) != "applied"
    assert asked(header, "no", "yes") == ["unknown_column_matters"]


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Got rejected", "rejected"),
        ("Auto-reject", "rejected"),
        ("Silent rejection", "rejected"),
        ("Status 11/24", "status"),
        ("Status as of today", "status"),
        ("Decision (as of 11/24)", "status"),
    ],
)
def test_small_words_and_days_in_a_header_change_nothing(header, target):
    assert target_of(header) == target


@pytest.mark.parametrize("cell", ["[x]", "(x)", "√", "oui", "WAHR", "sim"])
def test_a_tick_in_another_dress_is_a_tick(cell):
    (found,) = records(f"Program,Specialty,Rejected\nElm,IM,{cell}\n")
    assert found.values["status"] == "rejected"


@pytest.mark.parametrize("cell", ["[ ]", "( )", "non", "FALSCH", "não"])
def test_an_empty_box_in_another_dress_is_one(cell):
    (found,) = records(f"Program,Specialty,Rejected\nElm,IM,{cell}\n")
    assert "status" not in found.values
    assert not found.errors


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Contacté un jour", "10/12/2026"), ("Letter was sent", "10/12/2026"), ("ROL #", "3")],
)
def test_no_field_is_suggested_whose_cells_are_of_another_kind(header, cell):
    found = listing(f"Program,Specialty,{header}\nElm,IM,{cell}\n").suggestions.get(2)
    assert found not in {"role", "error", "coordinator_name"}


def test_a_yes_under_email_with_a_question_mark_is_no_address():
    assert asked("Email?", "yes", "no") == ["unknown_column_matters"]
    (found,) = records("Program,Specialty,PD Email\nElm,IM,x\n")
    assert [e.code for e in found.errors] == ["bad_email"]


@pytest.mark.parametrize("header", ["R", "W", "Rej'd", "Out", "Passed on me"])
def test_ones_and_zeros_under_a_word_of_a_status_are_ticks(header):
    (found, _) = records(f"Program,Specialty,{header}\nElm,IM,1\nOak,IM,0\n")
    assert found.values.get("status") in {"rejected", "withdrawn"} or asked(header, "1", "0") == [
        "unknown_column_matters"
    ]
