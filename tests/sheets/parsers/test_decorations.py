"""What people put around the names in a list, and what is left of a name without it."""

import pytest

from planner.rules.objections import unheeded_of
from planner.sheets.parsers.cells import Noted, plain_program_names, program_name
from planner.sheets.parsers.decorations import crossed, undecorated
from tests.builders import a_program
from tests.sheets.reading import records

NAME = "Saint-Élan Hospital (Elm)"
SILENT = [
    *("• {}", "•{}", "- {}", "* {}", "– {}", "· {}", "▪ {}", "● {}", "○ {}", "‣ {}", "> {}"),
    *(
        "1. {}",
        "12) {}",
        "#3 {}",
        "#3. {}",
        "{},",
        "{} -",
        "{}:",
        "{};",
        "**{}**",
        "_{}_",
        "| {} |",
    ),
    *("[{}](https://elm.example/a?b=c)", "{} (https://elm.example/x)", "→ {}", "{} *", "{} †"),
]
PICTURES = [
    *(
        "⭐ {}",
        "{} ⭐⭐",
        "🟢 {}",
        "{} (🏠)",
        "☐ {}",
        "✅ {}",
        "❤️ {}",
        "{} 👨🏽\u200d⚕️",
        "{}™",
    ),
    *("• ⭐ {}", "🏥{}", "{} [🔥🔥]", "🔴 {}"),
]
CROSSED = [
    "❌ {}",
    "{} ❌",
    "✖️ {}",
    "🚫{}",
    "{} 💀",
    "• ⛔ {}",
    "👎🏽 {}",
    "~~{}~~",
    "- ~~{}~~",
    "{} (❌)",
]
PLAIN = [
    *(NAME, "12 Oaks Hospital", "St. Mary's", "A.B. Center", "Elm Inc.", "Elm (North)", "Élan"),
    *(
        "Elm",
        "Elm Health+",
        "Elm Hospital",
        "Elm & Oak",
        "Elm - Oak",
        "Elm/Oak",
        "1.5 Mile",
    ),
    *("李", "Elm!", '"Elm" Hospital', "3M", "Elm #2", "Elm II", "50/50 Clinic", "7 Hills-North"),
]


@pytest.mark.parametrize("around", [*SILENT, *PICTURES, *CROSSED])
def test_what_stands_around_a_name_comes_off(around):
    text = around.format(NAME)
    assert undecorated(text) == NAME
    assert not plain_program_names(["Oak", text])


@pytest.mark.parametrize("name", PLAIN)
def test_a_name_with_nothing_around_it_is_left_as_it_is(name):
    assert (undecorated(name), program_name(name), crossed(name)) == (name, name, "")
    assert plain_program_names([name])


@pytest.mark.parametrize("text", ["⭐", "• ", "- - -", "12.", "#3", "❌", "(🏠)", "~~~~"])
def test_a_cell_without_a_name_is_left_as_it_is(text):
    assert undecorated(text) == text


@pytest.mark.parametrize("around", SILENT)
def test_of_bullets_and_numbers_nothing_is_said(around):
    assert program_name(around.format(NAME)) == NAME


@pytest.mark.parametrize("around", PICTURES)
def test_of_a_picture_it_is_said_that_it_may_mean_something(around):
    found = program_name(around.format(NAME))
    assert isinstance(found, Noted)
    assert (found.value, found.code) == (NAME, "decorated")


@pytest.mark.parametrize("field", ["Program", "Hospital"])
@pytest.mark.parametrize("around", CROSSED)
def test_a_cross_beside_the_name_holds_the_letter(around, field):
    (row,) = records(f'{field},Specialty,City\n"{around.format(NAME)}",IM,Dayton\n')
    assert row.values[{"Program": "program", "Hospital": "institution"}[field]] == NAME
    assert [(w.column, w.code) for w in row.warnings] == [(field, "note_contradicts")]
    (said,) = unheeded_of(a_program(extra=row.extra))
    assert said.contradicts == "status is applied"


def test_a_cross_beside_the_name_of_a_rejected_program_says_nothing_new():
    (row,) = records("Program,Specialty,City,Status\n❌ Elm,IM,Dayton,Rejected\n")
    assert (row.values["program"], row.warnings) == ("Elm", ())


def test_a_decorated_name_is_the_same_program():
    plain, other = records("Program,Specialty,City\nElm Hospital,IM,Troy\n• Elm Hospital,IM,Troy\n")
    assert plain.name_key == other.name_key
