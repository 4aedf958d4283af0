"""Invisible marks are removed from every cell, except those that belong to honest text."""

import pytest

from planner.rules.visible import named
from tests.sheets.reading import listing, records

MARKS = "\xad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2069\ufeff\u3164"
TURNED = "\u202d\u202e"

CELLS = {
    "Program": ("Université-Hospital", "program", "Université-Hospital"),
    "Hospital": ("Sacré-Coeur", "institution", "Sacré-Coeur"),
    "City": ("Dayton", "city", "Dayton"),
    "State": ("Ohio", "state", "OH"),
    "PD": ("Ana Muñoz", "director_last_name", "Muñoz"),
    "PD First Name": ("Ana", "director_first_name", "Ana"),
    "PD Last Name": ("Muñoz", "director_last_name", "Muñoz"),
    "Coordinator": ("Cat Dee", "coordinator_name", "Cat Dee"),
    "PD Email": ("pd@elm.example", "director_email", "pd@elm.example"),
    "PC Email": ("pc@elm.example", "coordinator_email", "pc@elm.example"),
    "ACGME ID": ("1400521057", "acgme_id", "1400521057"),
    "NRMP Code": ("1601140C0", "nrmp_code", "1601140C0"),
    "Status": ("Rejected", "status", "rejected"),
    "Interview Status": ("Rejected", "status", "rejected"),
    "Rejected": ("yes", "status", "rejected"),
    "IV Date": ("11/3/2026", "interview_date", "2026-11-03"),
    "Step 2 Policy": ("required to rank", "step2_policy", "required_to_rank"),
    "Signal": ("gold", "signal", "gold"),
    "Favorite": ("yes", "top_choice", 1),
    "Do not email": ("yes", "contact_policy", "none"),
    "Told on": ("11/3/2026", "told_on", "2026-11-03"),
    "Why": ("the ferry clinic", "reason", "the ferry clinic"),
    "Notes": ("call in May", "notes", "call in May"),
    "Other": ("a nice place", "Other", "a nice place"),
}


def with_mark(text, mark):
    """A text with a mark at its ends and in its middle."""
    at = len(text) // 2
    return f"{mark}{text[:at]}{mark}{text[at:]}{mark}"


@pytest.mark.parametrize("mark", MARKS, ids=map(named, MARKS))
def test_a_mark_comes_off_in_every_column(mark):
    for header, (cell, field, value) in CELLS.items():
        row = {"Program": "Elm", "Specialty": "IM", header: with_mark(cell, mark)}
        (found,) = records(f"{','.join(row)}\n{','.join(row.values())}\n")
        assert not found.errors, header
        assert (found.values | found.extra)[field] == value, header


@pytest.mark.parametrize("mark", MARKS + TURNED, ids=map(named, MARKS + TURNED))
def test_a_mark_comes_off_a_header(mark):
    text = f"{with_mark('Program', mark)},{with_mark('Interview Status', mark)},Specialty\n"
    found = listing(text + "Elm,Rejected,IM\n")
    assert [column.target for column in found.columns] == ["program", "status", "specialty"]


@pytest.mark.parametrize("mark", TURNED, ids=map(named, TURNED))
def test_what_turns_a_text_around_comes_off_texts_and_spoils_an_address(mark):
    row = f"Elm{mark} Hospital,IM,An{mark}a Lee,p{mark}d@elm.example,the{mark} clinic"
    (found,) = records(f"Program,Specialty,PD,PD Email,Why\n{row}\n")
    assert [(e.column, e.code) for e in found.errors] == [("PD Email", "bad_email")]
    assert found.values["program"] == "Elm Hospital"
    assert found.values["director_last_name"] == "Lee"
    assert found.values["reason"] == "the clinic"


def test_a_mark_hides_no_word_that_bars_a_letter():
    text = "Program,Specialty,Notes\nElm,IM,please do n\u200bot con\u00adtact them\n"
    found = listing(text)
    assert not [w for r in found.records for w in r.errors]
    assert [issue.code for issue in found.doubts] == ["unknown_column_matters"]


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e",
        "a heart \u2764\ufe0f",
        "\U0001f469\u200d\u2695\ufe0f Dr.",
        "1\ufe0f\u20e3",
    ],
)
def test_marks_that_belong_to_a_text_stay(text):
    (found,) = records(f"Program,Specialty,Why\nElm,IM,{text}\n")
    assert found.values["reason"] == text
