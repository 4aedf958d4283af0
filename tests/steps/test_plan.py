"""A plan writes nothing, and a program is found by what people call it."""

from datetime import date

import pytest

from planner.errors import UnknownNameError
from planner.rules.facts import Phase, Verdict
from planner.steps import plan
from tests.builders import a_program

ELM = a_program(
    7,
    program="Hôpital Saint-Élan Family Medicine",
    institution="Centre Médical de Montréal-Nord",
    acgme_id="1403521234",
    nrmp_code="1601140C0",
)
OTHER = a_program(8, program="Saint Elana Internal Medicine", acgme_id="1403521235")


@pytest.mark.parametrize(
    "name",
    ["7", "#7", "1403521234", "140-35-21234", "1601140c0", "hopital saint-elan", "montreal-nord"],
)
def test_a_program_is_found_by_number_code_or_part_of_its_names(name):
    assert plan.find_program([ELM, OTHER], name) is ELM


@pytest.mark.parametrize(
    ("name", "code"), [("Saint", "ambiguous_program"), ("Nowhere", "unknown_program")]
)
def test_what_fits_none_or_several_is_refused(name, code):
    with pytest.raises(UnknownNameError) as refused:
        plan.find_program([ELM, OTHER], name)
    assert refused.value.code == code


def test_a_name_that_is_nearly_right_is_answered_with_a_guess():
    with pytest.raises(UnknownNameError, match="Did you mean #8 Saint Elana"):
        plan.find_program([ELM, OTHER], "Saint Ellana Internal Medecine")


def test_a_plan_decides_every_program_and_changes_none(ws):
    made = plan.plan(ws)
    assert [d.program.id for d in made.of(Verdict.EMAIL)] == [1, 2, 3]
    assert plan.plan(ws) == made


def test_a_what_if_asks_for_another_day_or_phase(ws):
    assert plan.plan(ws, day=date(2027, 1, 20)).date == date(2027, 1, 20)
    story = plan.explain(ws, "#1", phase=Phase.CLOSED)
    assert story.decision.verdict is Verdict.UPDATE_ONLY


def test_the_story_of_a_program_ends_with_the_row_that_decides(ws):
    story = plan.explain(ws, "#2")
    deciding = [row for row in story.trace if row.decides]
    assert [row.rule for row in deciding] == [story.decision.underlying]


def test_specialties_are_assessed_by_name_or_those_of_the_list(ws):
    assert [a.specialty.name for a in plan.assess_specialties(ws)] == ["Internal Medicine"]
    (asked,) = plan.assess_specialties(ws, ["peds"])
    assert asked.specialty.name == "Pediatrics"
