"""What a person's name is made of."""

import pytest

from planner.rules.names import is_degree, is_name, is_placeholder

NAMES = ["Ng", "de la Cruz", "O'Brien-Smith", "O’Neil", "al-Sayed", "St. John", "Müller", "Dvořák"]
NAMES += [
    "李",
    "McLee",
    "deSouza",
    "Do",
    "Ma",
    "Page",
    "New",
    "Dean",
    "Long",
    "García López",
    "van't Hoff",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_names(name):
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nan",
        "website",
        "Smith1",
        "M.D.",
        "MD",
        "Dr.",
        "as of",
        "ana@elm.example",
        "(PD)",
        "Smith*",
    ]
    + [
        "Mu?oz",
        "Mu\ufffdoz",
        "MuÃ±oz",
        "{{last}}",
        "-",
        "TBD",
        "T.B.A.",
        "APD",
        "FACEP",
        "Lee, Ana",
    ],
)
def test_what_is_no_name(text):
    assert not is_name(text)


def test_a_degree_is_one_by_how_it_is_written():
    assert all(map(is_degree, ["MD", "M.D.", "Ph.D.", "PhD", "MSEd", "DO", "FACOEP", "Jr."]))
    assert not any(map(is_degree, ["Do", "Ma", "Ed", "Fong", "Long", "Faye"]))


def test_a_name_in_capitals_is_no_fellowship():
    assert not any(map(is_degree, ["FATIMA", "FRANK", "FIONA", "FACKLER", "FISHER"]))
    assert not is_degree("J.R.")
    assert all(map(is_degree, ["Jr.", "FACP", "FACOG", "FAAFP", "FRCPC", "FCCM", "FACHE"]))


def test_placeholders_are_known_in_any_dress():
    assert all(
        map(is_placeholder, ["(vacant)", "[TBD]", "N/A", "n.a.", "???", "0", "---", "Not listed"])
    )
    assert not any(map(is_placeholder, ["Lee", "Vacanti", "Nana"]))
