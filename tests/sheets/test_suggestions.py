"""Suggestions of a field for an unknown header, only if following one loses no row."""

import pytest

from planner.sheets.suggestions import suggestion_for
from tests.sheets.reading import ALL, listing, records


@pytest.mark.parametrize(
    ("header", "texts", "field"),
    [
        ("Apllied", ["✓", "✓"], "applied"),
        ("Intervew Date", ["10/20"], "interview_date"),
        ("Intervew Date", ["TRUE"], None),
        ("Statuss", ["Waitlisted", "Rejected"], "status"),
        ("Statuss", ["7", "8"], None),
        ("Housing", ["near"], None),
        ("Emaled", ["10/3", "no"], "told_on"),
        ("Emaled", ["FALSE", "FALSE", "TRUE"], None),
        ("Locaton", ["Dayton, OH"], "location"),
        ("Locaton", ["far", "near"], None),
        ("PD Emial", ["ada@elm.example", "see website"], None),
        ("Contct", ["TRUE"], None),
    ],
)
def test_a_field_is_suggested_only_where_the_cells_fit_it(header, texts, field):
    assert suggestion_for(header, texts) == field


@pytest.mark.parametrize(
    ("header", "texts", "suggested"),
    [
        ("Specialy", ["IM", "Emergency Medicine"], True),
        ("Specialy", ["IM", "wizardry"], False),
        ("Emaled", ["10/3", "10/5/2026", "no"], True),
        ("Emaled", ["TRUE", "FALSE", "FALSE"], False),
        ("Intervew Date", ["10/20/2026", "11/3", "Nov 5"], True),
        ("Sgnal", ["gold", "3", "no"], True),
        ("Sgnal", ["strong", "weak", "none"], False),
        ("Step 2 Polcy", ["required to rank", "requested", "n/a"], True),
        ("Top Choce", ["yes", "no", ""], True),
        ("Directr Email", ["ada@elm.example", "bo@oak.example", "cy@ash.example"], True),
    ],
)
def test_who_follows_a_suggestion_loses_no_row(header, texts, suggested):
    rows = [f"Elm {n},{text}" for n, text in enumerate(texts)]
    text = "\n".join([f"Program,{header}", *rows])
    found = listing(text, specialty=ALL.named("IM")).suggestions
    assert bool(found) is suggested
    mapping = dict.fromkeys([header], found[1]) if found else {}
    followed = records(text, specialty=ALL.named("IM"), mapping=mapping)
    assert [record.errors for record in followed] == [()] * len(texts)


def suggested(text):
    found = listing(text)
    return {found.columns[place].header: target for place, target in found.suggestions.items()}


def test_cells_that_fit_a_field_beyond_doubt_are_offered_for_it_in_any_language():
    rows = (
        'Saint-Élan,Neurology,"Rochester, MN",05.11.2026\n'
        'Bródy,Internal Medicine (prelim),"Utica, NY",\n'
    )
    found = suggested(f"Program,Gebiet,Gegend,Wann Interview\n{rows}")
    assert found == {
        "Gebiet": "specialty",
        "Gegend": "location",
        "Wann Interview": "interview_date",
    }
    required = suggested('Program,Step 2 nötig?\nElm,\nOak,"yes, required to rank"\n')
    assert required == {"Step 2 nötig?": "step2_policy"}


def test_cells_that_make_no_sense_are_not_offered():
    assert suggested("Program,Ort\nElm,#REF!\nOak,Mu\ufffdoz\n") == {}


def test_a_column_of_which_some_cells_fit_is_not_offered():
    assert suggested('Program,Fach,Ort\nElm,Neurology,"Utica, NY"\nOak,ask,somewhere\n') == {}


def test_a_cell_that_names_another_specialty_than_all_rows_get_is_remarked_on():
    text = "Program,Gebiet\nElm,Neurology\nOak,Internal Medicine (prelim)\nAsh,\n"
    neurology = ALL.named("Neurology")
    said = [
        [w.message for w in r.warnings if w.code == "other_specialty"]
        for r in records(text, specialty=neurology)
    ]
    assert said == [[], ["says Internal Medicine, and the row counts as Neurology"], []]


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Person: PD", ["Ana Núñez", "Bo Lee-Berg, MD"], "director"),
        ("PD here", ["Ana Núñez", "Dr. Bo Berg"], "director"),
        ("Dir. of program", ["Ana Núñez", "Bo Berg"], None),
        ("PD vibes", ["nice", "cool"], None),
        ("PD since", ["2019", "2021"], None),
        ("Their own PC", ["Cat Dee", "Di Eaton"], "coordinator_name"),
        ("What I love", ["the street van", "a clinic for refugees"], "reason"),
        ("Why I like them", ["the street van", "a clinic for refugees"], "reason"),
        ("What draws me", ["the street van", "a clinic for refugees"], "reason"),
        ("Why not", ["too far", "no visa"], None),
        ("Why rejected", ["score", "visa"], None),
        ("Do I like it?", ["yes", "no"], None),
        ("Why (1-10)", ["7", "8"], None),
    ],
)
def test_a_header_with_a_word_of_a_field_offers_it_where_the_cells_fit(header, cells, field):
    rows = "".join(f'Elm {n},"{cell}"\n' for n, cell in enumerate(cells))
    assert suggested(f'Program,"{header}"\n{rows}').get(header) == field


@pytest.mark.parametrize("header", ["Gespräch wann", "Mi entrevista"])
def test_a_day_of_an_interview_abroad_is_offered(header):
    assert suggested(f"Program,{header}\nElm,3.11.2026\n") == {header: "interview_date"}


def test_a_column_of_specialties_in_short_is_asked_about_as_that_alone():
    found = listing("Program,Branch\nElm,Int Med\nOak,Int Med\nAsh,IM (Prelim)\n")
    assert found.suggestions == {1: "specialty"}
    list(found.records)
    assert [x for x in found.doubts if x.code == "unknown_column_matters"] == []
