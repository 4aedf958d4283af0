"""Letters of cells that were lost, or read in a wrong encoding, on their way into the list."""

import pytest

from tests.sheets.reading import listing, records

MUNOZ = ["MuÃ±oz", "Mu√±oz", "MuÃƒÂ±oz", "MuĂ±oz"]


@pytest.mark.parametrize("garbled", MUNOZ)
def test_a_garbled_name_of_a_person_is_put_right_and_said(garbled):
    (found,) = records(f"Program,Specialty,PD,Coordinator\nElm,IM,José {garbled},{garbled} Ng\n")
    assert found.values["director_last_name"] == "Muñoz"
    assert found.values["director_first_name"] == "José"
    assert found.values["coordinator_name"] == "Muñoz Ng"
    warnings = {w.column: w for w in found.warnings if w.code == "garbled"}
    assert set(warnings) == {"PD", "Coordinator"}
    assert warnings["PD"].value == f"José {garbled}"
    assert 'taken as "José Muñoz"' in warnings["PD"].message


@pytest.mark.parametrize(
    "field", ["program", "institution", "city", "director_first_name", "reason", "notes", "Other"]
)
def test_every_text_is_put_right(field):
    plain = "Elm" if field == "program" else "Oak"
    header = f"specialty,{field}" if field == "program" else f"program,specialty,{field}"
    row = "IM" if field == "program" else "Elm,IM"
    (found,) = records(f"{header}\n{row},{plain} RenÃ©e\n")
    assert (found.values | found.extra)[field].endswith("Renée")
    assert [w.code for w in found.warnings if w.code == "garbled"] == ["garbled"]


def test_honest_accents_are_said_nothing_of():
    text = "Program,Specialty,PD,Why\nHôpital Sacré-Cœur,IM,Zoë Muñoz,“CAFÉ’S” … – São João\n"
    (found,) = records(text)
    assert not found.warnings
    assert found.values["reason"] == "“CAFÉ’S” … – São João"


@pytest.mark.parametrize("name", ["Mu\ufffdoz", "Mu?oz", "Muï¿½oz"])
@pytest.mark.parametrize("column", ["PD", "PD Last Name", "Program", "Hospital", "City"])
def test_a_name_that_lost_a_letter_is_an_error(name, column):
    header = "Specialty,Program" if column == "Program" else f"Program,Specialty,{column}"
    row = f"IM,{name} Memorial" if column == "Program" else f"Elm,IM,{name}"
    (found,) = records(f"{header}\n{row}\n")
    assert [e.column for e in found.errors] == [column]
    assert {e.code for e in found.errors} <= {"lost_letter", "bad_name"}


def test_a_question_about_a_program_is_no_lost_letter():
    (found,) = records("Program,Specialty,City\nElm Hospital (prelim?),IM,Dayton?\n")
    assert not found.errors


def test_a_garbled_status_is_read():
    (found,) = records("Program,Specialty,Status\nElm,IM,Rejected â€“ 10/20\n")
    assert found.values["status"] == "rejected"


def test_a_header_behind_a_garbled_mark_is_known():
    found = listing("ï»¿Program,Specialty\nElm,IM\n")
    assert found.columns[0].target == "program"
