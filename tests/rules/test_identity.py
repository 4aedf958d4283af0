"""Which programs are the same, and which probably are."""

import pytest

from planner.rules.facts import Track
from planner.rules.identity import Kin, differ, name_key, resemblance, traits_of
from planner.rules.places import letters_of
from tests.builders import a_program


def key(name, city="Akron"):
    return name_key("Internal Medicine", name, city)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Mary's Hospital", "Saint Marys Hospital"),
        ("St. Mary's Hospital", "St. Mary's Hospital Program"),
        ("Ft. Worth General", "Fort Worth General Residency Program"),
        ("Mt. Sinai", "Mount Sinai (Residency Program)"),
        ("Elm & Oak Health", "Elm and Oak Health Residency"),
        ("ELM VALLEY", "Elm  Valley Training Program"),
        ("Clínica São João", "Clinica Sao Joao Program"),
    ],
)
def test_one_program_in_two_spellings_has_one_key(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Elm Hospital", "Elm Health"),
        ("Program of Hope", "Hope"),
        ("Stanton", "Santon"),
        ("Residency Program", "Program"),
        ("Northwest", "North West Program of Elm"),
    ],
)
def test_other_names_have_other_keys(one, other):
    assert key(one) != key(other)


def test_cities_are_spelled_in_two_ways_too():
    assert key("Elm", "St. Louis") == key("Elm", "Saint Louis")
    assert key("Elm", "Ft Worth") == key("Elm", "Fort Worth")
    assert key("Elm", "Akron") != key("Elm", "")


def test_a_name_of_another_script_is_its_own_key_and_no_name_is_none():
    assert key("病院") != key("医院")
    assert key("") == ""


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        ("OH", "Ohio", False),
        ("d.c.", "District of Columbia", False),
        ("MO", "MA", True),
        ("MO", "", False),
        ("", "", False),
        ("Bavaria", "bavaria", False),
        ("Tex.", "TX", False),
        ("N. Carolina", "S. Carolina", True),
        ("Ont.", "Quebec", True),
        ("Texass", "TX", False),
        ("Bavaria", "Hesse", False),
        ("北", "南", False),
    ],
)
def test_two_states_that_are_known_are_two_programs(one, other, two):
    assert differ(one, other) is two


def test_states_are_known_by_their_letters_and_their_names():
    assert letters_of("North  Carolina") == "NC"
    assert letters_of("OOS") == ""


TRADITIONAL = {
    "AL": "Ala.", "AZ": "Ariz.", "AR": "Ark.", "CA": "Calif.", "CO": "Colo.", "CT": "Conn.",
    "DE": "Del.", "FL": "Fla.", "GA": "Ga.", "IL": "Ill.", "IN": "Ind.", "KS": "Kan.",
    "KY": "Ky.", "LA": "La.", "MD": "Md.", "MA": "Mass.", "MI": "Mich.", "MN": "Minn.",
    "MS": "Miss.", "MO": "Mo.", "MT": "Mont.", "NE": "Neb.", "NV": "Nev.", "NH": "N.H.",
    "NJ": "N.J.", "NM": "N.M.", "NY": "N.Y.", "NC": "N.C.", "ND": "N.D.", "OK": "Okla.",
    "OR": "Ore.", "PA": "Pa.", "RI": "R.I.", "SC": "S.C.", "SD": "S.D.", "TN": "Tenn.",
    "TX": "Tex.", "VT": "Vt.", "VA": "Va.", "WA": "Wash.", "WV": "W.Va.", "WI": "Wis.",
    "WY": "Wyo.", "AB": "Alta.", "BC": "B.C.", "MB": "Man.", "NS": "N.S.", "ON": "Ont.",
    "QC": "Que.", "SK": "Sask.", "NL": "Nfld.", "PE": "P.E.I.",
}  # fmt: skip


@pytest.mark.parametrize(("letters", "short"), TRADITIONAL.items())
def test_the_traditional_abbreviations_are_states(letters, short):
    for spelling in (short, short.upper(), short.replace(".", ""), short.replace(".", ". ")):
        assert letters_of(spelling) == letters


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("N. Carolina", "NC"),
        ("So. Dakota", "SD"),
        ("W Virginia", "WV"),
        ("West Va.", "WV"),
        ("N. Mex.", "NM"),
        ("Washington DC", "DC"),
        ("Wash., D.C.", "DC"),
        ("Washington State", "WA"),
        ("Commonwealth of Massachusetts", "MA"),
        ("Texas, USA", "TX"),
        ("TX 75001-1234", "TX"),
        ("OH - Ohio", "OH"),
        ("Penn. (PA)", "PA"),
        ("Québec, Canada", "QC"),
    ],
)
def test_states_are_read_as_people_write_them(text, letters):
    assert letters_of(text) == letters


@pytest.mark.parametrize(
    "text", ["NY/NJ", "NY, NJ", "Texass", "IS", "North", "Mary", "OH (MI)", "?"]
)
def test_what_is_not_one_state_is_none(text):
    assert letters_of(text) == ""


PINE = {
    "specialty": "Emergency Medicine",
    "program": "Pine Hill",
    "city": "Utica",
    "state": "NY",
    "director_last_name": "Pi",
    "director_email": "pine@pine.example",
}


@pytest.mark.parametrize(
    ("changes", "shared"),
    [
        ({"program": "St. Pine Medical Center", "director_email": ""}, "city, director"),
        ({"program": "Mohawk Health", "director_email": "x@x.example"}, "city, director"),
        ({"program": "Pine Hill Hospital", "director_last_name": ""}, "city, director"),
        ({"program": "Pine Hill Hospital", "director_last_name": "", "director_email": ""}, "city"),
        ({"program": "Pine Hills", "director_last_name": "Rho", "director_email": ""}, "city"),
        ({"program": "Pine Hill Health", "city": "Rome"}, "director"),
        ({"program": "Pine Hill Health", "city": ""}, "director"),
        ({"city": "", "director_last_name": "", "director_email": ""}, "name"),
        ({"track": Track.CATEGORICAL}, "city, director"),
        # Two programs.
        ({"track": Track.PRELIMINARY}, ""),
        ({"nrmp_code": "1999140P0"}, ""),
        ({"track": Track.ADVANCED}, ""),
        ({"specialty": "Internal Medicine"}, ""),
        ({"program": "Elm Valley", "director_last_name": "", "director_email": ""}, ""),
        ({"program": "Pine Hill Health", "director_last_name": "Rho", "director_email": ""}, ""),
        ({"program": "Elm Valley", "city": "Rome"}, ""),
        ({"state": "OH"}, ""),
        ({"program": "Pine Hill 2"}, ""),
        ({"program": "Pine Hill (Rural)"}, ""),
        ({"director_last_name": "Rho", "director_email": "", "city": "Rome"}, ""),
    ],
)
def test_a_probable_twin_shares_a_city_or_a_director_and_nearly_the_name(changes, shared):
    pine, other = a_program(1, **PINE), a_program(2, **{**PINE, **changes})
    assert resemblance(traits_of(pine), traits_of(other)) == shared
    assert resemblance(traits_of(other), traits_of(pine)) == shared


@pytest.mark.parametrize("code", ["acgme_id", "nrmp_code"])
def test_two_codes_are_two_programs(code):
    pine, other = a_program(1, **PINE, **{code: "1"}), a_program(2, **PINE, **{code: "2"})
    assert resemblance(traits_of(pine), traits_of(other)) == ""


def test_first_names_tell_directors_apart():
    elm = a_program(1, program="Elm", director_first_name="Ada", director_email="")
    firsts = (("Ada", "director"), ("A.", "director"), ("Bo", ""), ("Adelheid", ""))
    for first, shared in firsts:
        other = a_program(2, program="Elm Health", director_first_name=first, director_email="")
        assert resemblance(traits_of(elm), traits_of(other)) == shared


def test_an_institution_names_a_program_that_is_called_by_its_specialty():
    one = a_program(1, program="Internal Medicine", institution="Elm Health", city="Troy")
    assert traits_of(one).program == "Elm Health"
    assert traits_of(a_program(2, program="Internal Medicine")).program == "Internal Medicine"


def test_kin_are_found_the_likeliest_first_and_none_in_a_crowd():
    pine = a_program(1, **PINE)
    near = a_program(2, **{**PINE, "program": "Pine Hill Health", "city": "Rome"})
    same = a_program(3, **{**PINE, "program": "Mohawk"})
    assert Kin([pine, near, same]).of(pine) == [(3, "city, director"), (2, "director")]
    crowd = [a_program(n, **{**PINE, "program": f"Elm {n}"}) for n in range(10, 120)]
    assert Kin([pine, *crowd]).of(pine) == []


def test_two_tracks_of_one_program_with_one_address_are_no_kin():
    pine = a_program(1, **PINE, track=Track.CATEGORICAL)
    year = a_program(2, **PINE, track=Track.PRELIMINARY)
    assert Kin([pine, year]).of(pine) == Kin([pine, year]).of(year) == []
