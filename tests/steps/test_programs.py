"""Values set by hand are read as a list's cells are, and stay until they are set again."""

import pytest

from planner.errors import PlannerError
from planner.rules.facts import Status, Step2Policy
from planner.steps import programs


def set_one(ws, *assignments):
    return programs.set_by_hand(ws, "#1", list(assignments))


@pytest.mark.parametrize(
    ("assignment", "name", "value"),
    [
        ("status=Interviewed", "status", Status.INTERVIEWED),
        ("step2_policy=required to rank", "step2_policy", Step2Policy.REQUIRED_TO_RANK),
        ("director_last_name=van der Meer-Ångström", "director_last_name", "van der Meer-Ångström"),
        ("director_email=PD@Elm.Example", "director_email", "PD@elm.example"),
        ("notes=", "notes", ""),
    ],
)
def test_a_value_is_read_as_a_cell_would_be(ws, assignment, name, value):
    set_one(ws, assignment)
    assert getattr(programs.find(ws, "#1"), name) == value


@pytest.mark.parametrize(
    "assignment", ["status=Rejekted", "director_email=nobody", "color=red", "status"]
)
def test_what_is_not_understood_changes_nothing(ws, assignment):
    before = programs.find(ws, "#1")
    with pytest.raises(PlannerError):
        set_one(ws, "notes=seen", assignment)
    assert programs.find(ws, "#1") == before


def test_several_values_come_together(ws):
    changed = set_one(ws, "city=Łódź", "state=OH")
    assert set(changed.values) == {"city", "state"}
    assert programs.find(ws, "#1").city == "Łódź"


def test_a_list_can_be_narrowed_and_sorted(ws):
    set_one(ws, "status=rejected")
    everything = programs.list_programs(ws)
    assert [p.id for p in programs.choose(everything, status="rejected")] == [1]
    assert [p.id for p in programs.choose(everything, ids={3, 2})] == [2, 3]
