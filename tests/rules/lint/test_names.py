"""Names: what people call a hospital, and where a text says it."""

import pytest

from planner.rules.lint.names import Squeezed, distinctive, forms, is_meant, key_of

CITIES = frozenset({"denver"})


def called(name):
    return {form.key for form in forms(name, CITIES)}


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("Henry Elm Hospital", {"henryelmhospital", "henryelm"}),
        ("Maple Clinic Foundation", {"mapleclinicfoundation", "mapleclinic", "maple"}),
        ("The Oak Ridge Medical Center", {"oakridgemedicalcenter", "oakridgemedical", "oakridge"}),
        ("Oak Hill / Internal Medicine", {"oakhillinternalmedicine", "oakhillinternal", "oakhill"}),
        ("University of Maple Pediatrics", {"universityofmaplepediatrics", "universityofmaple"}),
        ("Ash County Hospital", set()),
        ("Ash Creek County Hospital", {"ashcreekcountyhospital", "ashcreekcounty", "ashcreek"}),
        ("Denver Health", {"denverhealth"}),
        ("Boston Medical Center", {"bostonmedicalcenter", "bostonmedical"}),
        ("Medical Center", set()),
        ("VA Hospital", set()),
        ("UF Health", {"ufhealth", "uf"}),
        ("", set()),
    ],
)
def test_a_name_may_end_early(name, calls):
    assert called(name) == calls


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        ("We love O'Malley-Stein.", "omalleystein", ["O'Malley-Stein"]),
        ("OMalley Stein, O Malley-Stein", "omalleystein", ["OMalley Stein", "O Malley-Stein"]),
        ("St. Brendan's", "stbrendans", ["St. Brendan's"]),
        ("I like Mercy. Hospital staff", "mercyhospital", []),
        ("Mercy\nHospital", "mercyhospital", []),
        ("gracefully", "grace", []),
        ("grace and Grace", "grace", ["grace", "Grace"]),
        ("anything", "", []),
    ],
)
def test_a_name_is_found_whatever_stands_between_its_letters(text, key, found):
    assert [text[a:b] for a, b in Squeezed(text).spans(key)] == found


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("at Rush", "Rush Medical Center", True),
        ("no rush", "Rush Medical Center", False),
        ("in a Rush", "Rush Medical Center", False),
        ("Rush residents", "Rush Medical Center", True),
        ("Rush's ward", "Rush Medical Center", True),
        ("Rush is fine", "Rush", True),
        ("to rush", "Rush", False),
        ("the Blue Ridge mountains", "Blue Ridge Health", False),
        ("the Blue Ridge team", "Blue Ridge Health", True),
        ("a blue ridge", "Blue Ridge Health", False),
        ("the blue ridge health", "Blue Ridge Health", True),
    ],
)
def test_an_ordinary_word_needs_its_capital_and_what_is_around_it(text, name, meant):
    found = [
        is_meant(form, text, start, end)
        for form in forms(name, CITIES)
        for start, end in Squeezed(text).spans(form.key)
    ]
    assert any(found) is meant


def test_a_key_is_letters_and_digits():
    assert key_of("St. John's, #2") == "stjohns2"
    assert distinctive("Elm Ridge")
    assert not distinctive("The University Hospital")
