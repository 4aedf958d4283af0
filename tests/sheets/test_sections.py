"""Titles that name a specialty or a status, and which rows each applies to."""

import pytest

from planner.sheets.sections import Sections
from tests.sheets.reading import ALL, listing, records

HEADER = "Program,City,PD,PD Email\n"


def rows(*titles):
    """A list without a column for the specialty: a title, or two programs where a comma is."""
    lines = [
        line
        for t in titles
        for line in ([f"{n} {t},Ana Peña,a@x.example" for n in (1, 2)] if "," in t else [f"{t},,,"])
    ]
    return HEADER + "\n".join(lines) + "\n"


def said(*titles):
    """(specialty, status) of each program."""
    found = records(rows(*titles))
    return [(r.values.get("specialty"), r.values.get("status")) for r in found][::2]


IM, FM = "Internal Medicine", "Family Medicine"


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("IM – NORTHEAST", [IM]),
        ("IM – MIDWEST (home!)", [IM]),
        ("FM (backup)", [FM]),
        ("FAMILY MEDICINE", [FM]),
        ("Internal Medicine programs", [IM]),
        ("Backup: Fam Med", [FM]),
        ("--- Psychiatry ---", ["Psychiatry"]),
        ("Tier 1 – EM", ["Emergency Medicine"]),
        ("PM&R (12)", ["Physical Medicine and Rehabilitation"]),
        ("IM/Psych", ["Internal Medicine/Psychiatry"]),
        ("IM & FM", [IM, FM]),
        ("IM/FM backup", [IM, FM]),
        ("IM + FM 2027. Red = rejected", [IM, FM]),
        ("IM 2027. Red = rejected", [IM]),
        ("West Coast", []),
        ("Vesper Family Medicine Residency", []),
        ("Willow Bend FM", []),
    ],
)
def test_a_title_names_its_specialty_beside_what_parts_a_list(title, names):
    assert [s.name for s in Sections(ALL).named(title)] == names


def test_rows_take_the_specialty_of_the_title_above_them():
    found = said(
        "IM – NORTHEAST", "Élm,Troy", "IM – MIDWEST", "Oak,Ames", "FM (backup)", "Fir,Rome"
    )
    assert [specialty for specialty, _ in found] == [IM, IM, FM]


def test_a_specialty_holds_across_titles_that_name_none():
    found = said("IM", "West Coast", "Elm,Troy", "Rejected", "Oak,Ames", "East", "Fir,Rome")
    assert found == [(IM, None), (IM, "rejected"), (IM, None)]


def test_a_title_of_two_specialties_says_none():
    assert said("IM", "Elm,Troy", "IM & FM", "Oak,Ames")[1] == (None, None)


def test_a_status_holds_for_the_specialties_below_it():
    found = said("REJECTED", "IM", "Elm,Troy", "FM", "Oak,Ames", "Waitlisted", "Fir,Rome")
    assert found == [(IM, "rejected"), (FM, "rejected"), (None, "waitlisted")]


def test_a_status_within_a_specialty_ends_with_it():
    found = said("IM", "Rejected", "Elm,Troy", "FM", "Oak,Ames")
    assert found == [(IM, "rejected"), (FM, None)]


def test_a_region_below_a_status_does_not_end_it_and_one_behind_its_rows_does():
    found = said("REJECTED", "West", "Elm,Troy", "East", "Oak,Ames")
    assert found == [(None, "rejected"), (None, "rejected")]
    assert said("REJECTED", "Elm,Troy", "East", "Oak,Ames")[1] == (None, None)


def test_each_title_that_says_something_is_told():
    found = listing(rows("IM – WEST", "Elm,Troy", "Rejected", "Oak,Ames", "Texas", "Fir,Rome"))
    list(found.records)
    told = [(i.line, i.message.partition(", unless")[0][-17:]) for i in found.remarks]
    assert told[1:] == [(2, "Internal Medicine"), (5, "count as rejected")]


@pytest.mark.parametrize("title", ["IM – WEST", "FM"])
def test_a_column_of_specialties_wins_over_a_title(title):
    text = f"Program,Specialty,City,PD\n{title},,,\nElm,Psychiatry,Troy,Ana Lee\n"
    (found,) = records(text)
    assert found.values["specialty"] == "Psychiatry"


@pytest.mark.parametrize(
    ("name", "specialty", "is_said"),
    [
        ("Vesper Family Medicine Residency", "IM", True),
        ("Willow Bend FM", "IM", True),
        ("Willow Bend FM", "FM", False),
        ("Willow Bend Fm", "IM", False),
        ("Elm Internal Medicine-Pediatrics", "IM", False),
        ("Åland Emergency Hospital", "IM", False),
        ("University of Medicine and Surgery", "Psychiatry", False),
    ],
)
def test_a_name_that_says_another_specialty_is_asked_about(name, specialty, is_said):
    (found,) = records(f"Program,Specialty\n{name},{specialty}\n")
    assert [w.code for w in found.warnings] == ["name_says"] * is_said


@pytest.mark.parametrize("between", ["", "\n"])
def test_a_title_right_above_the_header_holds_for_the_rows_below_it(between):
    text = (
        f"My list 2027\nINTERNAL MEDICINE (2)\n{between}Program,City,State,PD\n"
        "Elm,Troy,NY,Ana Lee\nOak,Ames,IA,Bo Ng\nPsych (backup),,,\nAsh,York,PA,Cy Ode\n"
    )
    found = [r.values["specialty"] for r in records(text)]
    assert found == ["Internal Medicine", "Internal Medicine", "Psychiatry"]


def test_a_title_above_the_header_that_names_two_holds_for_none():
    (found,) = records("IM and Psychiatry\nProgram,City\nElm,Troy\n")
    assert "specialty" not in found.values


def test_a_title_gives_the_track_that_it_names():
    text = "Prelim surgery - 2\nProgram,City,PD,Specialty\nElm,Troy,Ana Lee,\nOak,Ames,Bo Ng,IM\n"
    elm, oak = records(text)
    assert (elm.values["specialty"], elm.values["track"]) == ("Surgery-General", "preliminary")
    assert (oak.values["specialty"], oak.values.get("track")) == ("Internal Medicine", None)


def test_a_title_that_only_says_what_all_rows_count_as_is_not_told():
    text = "My psych list (copied)\n\nProgram,City\nElm,Troy\nOak,Ada\n"
    found = listing(text, specialty=ALL.named("Psychiatry"))
    list(found.records)
    assert [issue for issue in found.remarks if issue.code == "section"] == []


@pytest.mark.parametrize(
    "title",
    ["Do not email", "DNC", "Told already", "Emailed", "Dead list", "No longer in play"]
    + ["They don't want mail", "Nicht kontaktieren", "🚫", "❌❌❌", "Never"],
)
def test_a_title_that_speaks_against_letters_holds_those_to_the_rows_below_it(title):
    listed = listing(rows(title, ",", "Still waiting", ","))
    first, _, third, _ = listed.records
    assert "note_contradicts" in [w.code for w in first.warnings]
    assert "note_contradicts" not in [w.code for w in third.warnings]
    told = [i.message for i in listed.remarks if i.code == "section"]
    assert "not to be written to" in told[0]


@pytest.mark.parametrize(
    "title", ["My rejected programs", "REJECTIONS", "Absagen", "Withdrawn list"]
)
def test_a_title_above_the_header_that_says_no_holds_for_all(title):
    (found,) = records(f"{title}\nProgram,City,PD\nElm,Troy,Ana Lee\n")
    assert found.values["status"] in {"rejected", "withdrawn"}


@pytest.mark.parametrize("title", ["Interview tracker", "Applied / rejected / invited", "My list"])
def test_a_title_above_the_header_that_says_more_or_less_holds_for_none(title):
    (found,) = records(f"{title}\nProgram,City,PD\nElm,Troy,Ana Lee\n")
    assert "status" not in found.values
