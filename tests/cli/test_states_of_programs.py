"""States in any spelling: a program that said no has no twin that is written to."""

import pytest

HEADER = "Program,Specialty,City,State,PD,PD Email,Status,Why"


def brought(desk, *rows, code=0):
    (desk.folder / "list.csv").write_text("\n".join((HEADER, *rows)) + "\n")
    done = desk.type("import", "list.csv", "--json")
    assert done.code == code, done.err
    return done.json


@pytest.mark.parametrize(
    ("one", "other"), [("Tex.", "TX"), ("N. Mex.", "New Mexico"), ("Ont.", "ON"), ("Texass", "TX")]
)
def test_one_program_in_two_spellings_of_its_state_is_one(desk, one, other):
    rows = [
        f"Santa-Élena Hospital,IM,Cañon City,{state},Ann Ash,ash@elena.example,{status},"
        for state, status in ((one, "WL"), (other, "Rejected"))
    ]
    errors = brought(desk, *rows, code=1)["errors"]
    assert [(e["line"], e["code"]) for e in errors] == [(3, "conflict")]


def test_a_state_that_nothing_knows_is_said_with_the_likely_one(desk):
    found = brought(desk, "Elm,IM,Bton,Texass,Ann Ash,ash@elm.example,WL,")
    (warning,) = [w for w in found["warnings"] if w["code"] == "unknown_state"]
    assert (warning["line"], warning["value"]) == (2, "Texass")
    assert "Did you mean Texas?" in warning["message"]
    assert desk.good("programs", "list", "--json").json["programs"][0]["state"] == "Texass"


def test_a_letter_to_where_a_twin_said_no_is_held_even_where_no_key_joins_them(desk):
    brought(
        desk,
        "Alpha Hospital,IM,Aton,OH,Ann Ash,ash@alpha.example,WL,your night clinic",
        "Omega Hospital,IM,Bton,MI,Bo Berg,Ash@alpha.example,Rejected,",
    )
    desk.good("draft")
    (finding,) = [f for f in desk.letters()[0]["findings"] if f["code"] == "address_refused"]
    assert "also the address of #2 Omega Hospital (rejected)" in finding["text"]
    assert desk.type("approve", "1", "--unseen").code == 3


def test_a_twin_that_says_no_takes_back_an_approval(desk):
    alpha = "Alpha Hospital,IM,Aton,OH,Ann Ash,ash@alpha.example,WL,your night clinic"
    omega = "Omega Hospital,IM,Bton,MI,Bo Berg,ash@alpha.example,{0},"
    brought(desk, alpha, omega.format("invited"))
    desk.good("draft")
    desk.good("approve", "1", "--unseen")
    assert brought(desk, alpha, omega.format("rejected"))["voided"] == [1]
