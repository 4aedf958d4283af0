"""Specialties as data: the shipped table, other names, overrides."""

import pytest

from planner.rules.specialties import fold, shipped

ALL = shipped()


def test_every_specialty_has_a_code_of_its_own():
    codes = [s.code for s in ALL.all]
    assert len(set(codes)) == len(codes) == 49
    assert all(len(code) == 3 and code.isdigit() for code in codes)


@pytest.mark.parametrize(
    ("tier", "names"),
    [
        (
            "competitive",
            "Derm; Ortho; ENT; Plastic Surgery; Neurosurgery; Ophtho; Urology; Thoracic; Vascular; IR",
        ),
        (
            "moderate",
            "EM; Anesthesiology; DR; General Surgery; Rad Onc; EM/IM; Peds/EM; EM/FM; EM/Anes",
        ),
        ("standard", "IM; OB/GYN; Peds; Psych; PM&R; Med-Peds; TY; Neurology"),
    ],
)
def test_tiers_are_those_of_the_guide(tier, names):
    found = {name: ALL.named(name).tier for name in names.split("; ")}
    assert found == dict.fromkeys(found, tier)
    if tier != "standard":
        assert sum(s.tier == tier for s in ALL.all) == len(found)


def test_services_and_matches_are_the_right_ones():
    by_service = {}
    for s in ALL.all:
        by_service.setdefault(s.application_service.value, set()).add(s.code)
    assert by_service["residencycas"] == {"220", "110", "705", "725", "795", "796"}
    assert by_service["sfmatch"] == {"240"}
    assert by_service["other"] == {"362"}
    assert {s.code: s.match for s in ALL.all if s.match != "nrmp"} == {
        "240": "sfmatch",
        "480": "sau",
    }


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("IM", "Internal Medicine"),
        ("em", "Emergency Medicine"),
        ("OB/GYN", "Obstetrics and Gynecology"),
        ("ob-gyn", "Obstetrics and Gynecology"),
        ("PM & R", "Physical Medicine and Rehabilitation"),
        ("Orthopedic", "Orthopaedic Surgery"),
        ("Gen Surg", "Surgery-General"),
        ("med-peds", "Internal Medicine/Pediatrics"),
        ("140", "Internal Medicine"),
        (" internal  medicine ", "Internal Medicine"),
    ],
)
def test_a_specialty_is_found_by_any_of_its_names(said, name):
    assert ALL.named(said).name == name


def test_what_is_no_specialty_is_none():
    assert ALL.named("Wizardry") is None
    assert ALL.with_code("001") is None


def test_no_alias_means_two_specialties():
    seen = {}
    for s in ALL.all:
        for name in (s.name, *s.aliases):
            assert seen.setdefault(fold(name), s.name) == s.name


def test_the_config_overrides_any_field_and_adds_specialties():
    tables = {
        "internal-medicine": {"tier": "moderate"},
        "Sleep Medicine": {"match": "sau", "aliases": ["SM"]},
    }
    found = ALL.overridden(tables)
    assert found.named("Internal Medicine").tier == "moderate"
    assert found.named("SM").match == "sau"
    assert len(found.names()) == len(ALL.names()) + 1


def test_how_many_signals_there_are_is_data_that_the_config_overrides():
    few = {"Emergency Medicine": 5, "Family Medicine": 5, "Pediatrics": 5, "Radiation Oncology": 4}
    assert {name: ALL.named(name).signals for name in few} == few
    assert ALL.named("Dermatology").signals == 0
    assert ALL.overridden({"Psychiatry": {"signals": 10}}).named("Psychiatry").signals == 10


def test_a_tier_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="golden"):
        ALL.overridden({"Internal Medicine": {"tier": "golden"}})


@pytest.mark.parametrize("alias", ["IM", "Medicine-Preliminary", "140"])
def test_a_name_that_is_only_an_alias_is_no_key_for_it_would_rename_the_whole_specialty(alias):
    with pytest.raises(ValueError, match="another name for Internal Medicine"):
        ALL.overridden({alias: {"letter_name": "preliminary medicine"}})


@pytest.mark.parametrize(
    ("text", "name", "track"),
    [
        ("Prelim Medicine", "Internal Medicine", "preliminary"),
        ("Prelim IM", "Internal Medicine", "preliminary"),
        ("IM Prelim", "Internal Medicine", "preliminary"),
        ("Internal Medicine (Preliminary)", "Internal Medicine", "preliminary"),
        ("Preliminary Medicine Year", "Internal Medicine", "preliminary"),
        ("Med-Prelim", "Internal Medicine", "preliminary"),
        ("Prelim Surgery", "Surgery-General", "preliminary"),
        ("Surgery-Preliminary", "Surgery-General", "preliminary"),
        ("General Surgery Prelim (non-designated)", "Surgery-General", "preliminary"),
        ("Categorical IM", "Internal Medicine", "categorical"),
        ("Internal Medicine-Categorical", "Internal Medicine", "categorical"),
        ("Neurology (Categorical)", "Neurology", "categorical"),
        ("Primary Care IM", "Internal Medicine", "categorical"),
        ("Anesthesiology (Advanced)", "Anesthesiology", "advanced"),
        ("Radiology-Diagnostic/Advanced", "Radiology-Diagnostic", "advanced"),
        ("Dermatology PGY-2", "Dermatology", None),
        ("Transitional Year (TY)", "Transitional Year", None),
        ("Public Health and General Preventive Medicine", "Preventive Medicine", None),
        ("Medical Genetics and Genomics", "Medical Genetics and Genomics", None),
        ("Internal Medicine/Pediatrics", "Internal Medicine/Pediatrics", None),
    ],
)
def test_a_track_beside_a_specialty_is_understood_in_its_usual_spellings(text, name, track):
    found, said = ALL.position(text)
    assert (found.name, said) == (name, track)


@pytest.mark.parametrize("specialty", ALL.all, ids=lambda s: s.name)
def test_no_name_or_alias_loses_its_specialty_to_a_word_that_looks_like_a_track(specialty):
    for name in (specialty.name, *specialty.aliases):
        assert ALL.position(name)[0] == specialty


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Categorical IM", "Internal Medicine"),
        ("IM (Categorical)", "Internal Medicine"),
        ("Family Med", "Family Medicine"),
        ("Emergency Med", "Emergency Medicine"),
        ("Gen. Surg.", "Surgery-General"),
        ("Pediatrics Residency", "Pediatrics"),
    ],
)
def test_a_name_that_is_cut_short_is_meant_by_it(text, name):
    assert ALL.meant(text).name == name


def test_another_track_is_not_left_out_of_a_name():
    assert ALL.meant("Surgery something else") is None
    assert ALL.meant("") is None
