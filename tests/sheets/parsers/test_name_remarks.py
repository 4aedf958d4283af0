"""Remarks that stand in the names of programs."""

import pytest

from planner.sheets.parsers.cells import Noted
from planner.sheets.parsers.name_remarks import plain_program_names, program_name
from tests.sheets.reading import records

HEAD = "Program,Specialty,City,PD Email\n"


def only(name):
    (found,) = records(f'{HEAD}"{name}",IM,Troy,a@elm.example\n')
    assert not found.errors
    return found


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Élm Hospital (rejected)", "rejected"),
        ("Élm Hospital (Rejected 11/3)", "rejected"),
        ("Élm Hospital [withdrew]", "withdrawn"),
        ("Élm Hospital - declined them", "withdrawn"),
        ("Élm Hospital – rej.", "rejected"),
        ("Élm Hospital → waitlist", "waitlisted"),
        ("Rejected: Élm Hospital", "rejected"),
        ("(waitlisted) Élm Hospital", "waitlisted"),
        ("REJECTED Élm Hospital", "rejected"),
        ("WD - Élm Hospital", "withdrawn"),
        ("Élm Hospital (Absage)", "rejected"),
        ("Élm Hospital (interviewed 11/3)", "interviewed"),
    ],
)
def test_a_status_in_a_name_is_that_of_the_program(name, status):
    found = only(name)
    assert (found.values["program"], found.values["status"]) == ("Élm Hospital", status)
    assert "status_read" in [w.code for w in found.warnings]


@pytest.mark.parametrize("name", ["Szpital w Łodzi — 総合病院", "Decline Valley Hospital - Main"])
def test_words_of_a_name_before_a_dash_are_no_status(name):
    found = only(name)
    assert found.values["program"] == name
    assert "status" not in found.values


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Élm Hospital (dnc)", "Élm Hospital"),
        ("Élm Hospital (do not email)", "Élm Hospital"),
        ("Élm Hospital - told 11/3", "Élm Hospital"),
        ("Élm Hospital (emailed PD 11/3)", "Élm Hospital"),
        ("Élm Hospital (R)", "Élm Hospital (R)"),
        ("Élm Hospital (W)", "Élm Hospital (W)"),
        ("Élm Hospital - R", "Élm Hospital - R"),
    ],
)
def test_what_a_name_says_against_a_letter_holds_it(name, bare):
    found = only(name)
    assert found.values["program"] == bare
    codes = [w.code for w in found.warnings]
    assert {"beside_name", "note_contradicts"} <= {*codes}


@pytest.mark.parametrize(
    "name",
    ["Elm (North)", "St. Mary's (II)", "Trauma Center (IV)", "Elm - Oak Campus", "Elm (Main)"]
    + [
        "Wayne: Elm",
        "University Hospitals - Western Reserve",
        "Elm (Int Med)",
        "Elm - Primary Care",
    ]
    + ["Kaiser Permanente (Oakland)", "Mercy / St. Vincent", "Elm (Program)", "Hold Memorial"]
    + ["Elm (formerly Oak)", "Elm (Prelim)", "Elm (Applied Health)", "Elm (AMC)"],
)
def test_other_parts_of_a_name_belong_to_it(name):
    assert program_name(name) == name
    assert only(name).values.get("status") is None
    assert plain_program_names([name])


def test_a_name_that_is_struck_letter_by_letter_is_crossed_out():
    struck = "".join(letter + "\u0336" for letter in "Elm")
    found = program_name(struck)
    assert isinstance(found, Noted)
    assert (found.value, found.code) == ("Elm", "crossed_out")
