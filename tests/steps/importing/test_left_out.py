"""A left-out row may be the one that said no: its letter waits for a person."""

from pathlib import Path

import pytest

from planner.rules.objections import unheeded_of
from planner.steps import importing, programs
from planner.steps.importing.report import Choices
from planner.wiring import Workspace

HEADER = "Program,Specialty,City,Director,PD Email,Status,Told on,Contact,Rejected\n"
NAME = "Łódź-Smith Memorial Hospital"
FIRST = f"{NAME},IM,Elmira,Ada Ortíz,pd@elm.example,interviewed,,,\n"
# Rows that speak of the program again, each with an error, and what each says against a letter.
AGAINST = {
    "two rows contradict": f"{NAME},IM,Elmira,Ada Ortíz,pd@elm.example,rejected,,,\n",
    "another cell is bad": f"{NAME},IM,Elmira,Ada Ortíz,not an address,rejected,,,\n",
    "the status is not read": f"{NAME},IM,Elmira,Ada Ortíz,pd@elm.example,Rejekted,,,\n",
    "told already": f"{NAME},IM,Elmira,Ada Ortíz,not an address,,2026-10-02,,\n",
    "wants no mail": f"{NAME},IM,Elmira,Ada Ortíz,not an address,,,do not contact,\n",
    "a box of its own": f"{NAME},IM,Elmira,Ada Ortíz,not an address,,,,x\n",
}
HARMLESS = f"{NAME},IM,Elmira,Ada Ortíz,not an address,interviewed,,,\n"


@pytest.fixture
def ws(desk):
    return Workspace("config.toml")


def take(ws, text, *, header=HEADER):
    Path("list.csv").write_text(header + text, "utf-8")
    lists = importing.read_lists(
        ws, ["list.csv"], said={"Contact": "contact_policy"}, configured={}
    )
    return importing.import_lists(ws, lists.listings, Choices(skip_errors=True))


def against(ws):
    (program,) = programs.list_programs(ws)
    return [str(said) for said in unheeded_of(program)]


@pytest.mark.parametrize("row", AGAINST.values(), ids=AGAINST)
@pytest.mark.parametrize("order", ["after", "before", "a week later"])
def test_what_a_row_that_was_left_out_says_against_a_letter_holds_it(ws, row, order):
    if order == "a week later":
        take(ws, FIRST)
        report = take(ws, row)
    else:
        report = take(ws, FIRST + row if order == "after" else row + FIRST)
    if programs.list_programs(ws)[0].status != "rejected":  # where the row that says so counts
        assert [note.code for note in report.notes] == ["left_out"]
        assert "left out" in " ".join(against(ws))


def test_a_row_that_says_nothing_against_a_letter_holds_nothing(ws):
    report = take(ws, FIRST + HARMLESS)
    assert (report.rejected, report.notes, against(ws)) == (1, [], [])


def test_the_corrected_row_takes_its_words_back(ws):
    take(ws, FIRST + AGAINST["the status is not read"])
    take(ws, FIRST.replace("interviewed", "invited"))
    assert against(ws) == []


def test_a_person_who_says_that_it_is_over_is_not_asked_again(ws):
    take(ws, FIRST + AGAINST["another cell is bad"])
    programs.set_by_hand(ws, "#1", ["status=rejected"])
    assert against(ws) == []
