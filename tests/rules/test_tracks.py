"""The track of a position: where it comes from, and what a letter calls it."""

import pytest

from planner.rules.facts import Track
from planner.rules.identity import key_of
from planner.rules.specialties import shipped
from planner.rules.tracks import named_for, track_of
from tests.builders import a_case, a_program

ALL = shipped()


@pytest.mark.parametrize(
    ("fields", "track"),
    [
        ({"nrmp_code": "1999140P0"}, "preliminary"),
        ({"nrmp_code": "1999140C0"}, "categorical"),
        ({"nrmp_code": "1999140M1"}, "categorical"),
        ({"nrmp_code": "1999040A0"}, "advanced"),
        ({"nrmp_code": "1999040R0"}, None),
        ({"nrmp_code": "1999140C0", "track": Track.PRELIMINARY}, "preliminary"),
        ({}, None),
    ],
)
def test_the_list_says_the_track_and_else_the_letter_of_the_nrmp_code(fields, track):
    assert track_of(a_program(**fields)) == track


@pytest.mark.parametrize(
    ("specialty", "track", "called"),
    [
        ("IM", Track.PRELIMINARY, "preliminary medicine"),
        ("General Surgery", Track.PRELIMINARY, "preliminary surgery"),
        ("Pediatrics", Track.PRELIMINARY, "preliminary pediatrics"),
        ("Anesthesiology", Track.ADVANCED, "anesthesiology"),
        ("IM", Track.CATEGORICAL, "internal medicine"),
        ("TY", None, "transitional year"),
    ],
)
def test_a_preliminary_position_is_called_one_and_no_other_is(specialty, track, called):
    assert named_for(ALL.named(specialty), track).letter_name == called


def test_a_case_speaks_of_the_position_and_is_judged_as_the_specialty():
    prelim = a_case(a_program(nrmp_code="1999140P0"))
    assert prelim.specialty.letter_name == "preliminary medicine"
    assert prelim.assessment == a_case().assessment


def test_the_preliminary_year_of_a_hospital_is_another_program_than_its_residency():
    keys = {key_of(a_program(program="Elm", track=track)) for track in (None, *Track)}
    assert len(keys) == 4
    assert key_of(a_program(program="Elm")) == key_of(
        a_program(program="Elm", track=Track.CATEGORICAL)
    )
