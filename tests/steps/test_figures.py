"""The figures of a campaign: stages and losses add up, whatever the states of the letters."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.facts import ContactPolicy, Occasion, OccasionKind, Phase, Status
from planner.rules.planning import make_plan
from planner.rules.states import LetterState
from planner.steps.figures import funnel, weeks
from tests.builders import a_kept_letter, a_program, a_situation

RESULT = Occasion(OccasionKind.RESULT, 2027, 1)
STATUSES = st.sampled_from(list(Status))
POLICIES = st.sampled_from(list(ContactPolicy))
STATES = st.sampled_from([None, *LetterState])


@given(st.lists(st.tuples(STATUSES, POLICIES, STATES), max_size=12))
def test_each_stage_and_what_was_lost_before_it_add_up(rows):
    programs = [
        a_program(n, program=f"Elm {n}", status=status, contact_policy=policy)
        for n, (status, policy, _) in enumerate(rows, 1)
    ]
    letters = [
        a_kept_letter(
            id=n, program_id=n, program=f"Elm {n}", state=state, occasion=RESULT, to=(), cc=()
        )
        for n, (_, _, state) in enumerate(rows, 1)
        if state is not None
    ]
    plan = make_plan(a_situation(), programs, [letter.fact() for letter in letters])
    stages = funnel(plan, letters)
    assert stages[0].number == len(rows)
    for before, after in itertools.pairwise(stages):
        assert before.number == after.number + sum(loss.number for loss in after.lost)
    assert stages[-1].number == sum(letter.state is LetterState.SENT for letter in letters)


def sent_on(*days):
    return [a_kept_letter(sent_at=datetime(*day, 12, tzinfo=UTC)) for day in days]


def test_weeks_without_a_letter_are_there_too():
    found = weeks(sent_on((2026, 10, 19), (2026, 10, 25), (2026, 11, 2)))
    assert [(week.monday.isoformat(), week.sent) for week in found] == [
        ("2026-10-19", 2),
        ("2026-10-26", 0),
        ("2026-11-02", 1),
    ]
    assert weeks([a_kept_letter(sent_at=None)]) == ()


def figures_of(desk):
    from planner.steps.figures import figures
    from planner.wiring import Workspace

    ws = Workspace()
    return figures(ws, ws.settings.pace)


def test_the_line_of_the_season_goes_from_september_to_the_end_of_march(desk):
    desk.a_list(1)
    found = figures_of(desk)
    assert [found.months[0].first, found.months[-1].end] == [date(2026, 9, 1), date(2027, 4, 1)]
    assert (found.place(date(2026, 7, 1)), found.place(date(2027, 6, 1))) == (0, 1)
    places = [found.place(date(2026, 9, 1) + timedelta(days=n)) for n in range(213)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("finished", "until"), [("", date(2027, 2, 1)), ("2027-01-15", date(2027, 1, 15))]
)
def test_the_end_of_your_interviews_turns_late_into_pre_rank(desk, finished, until):
    more = f"[cycle]\ninterviews_finished_on = {finished}" if finished else ""
    desk.configure(more=more)
    desk.a_list(1)
    (line,) = figures_of(desk).lines
    late = next(s for s in line.stretches if s.phase is Phase.LATE)
    assert late.end.date() == until
    ends = [s.end for s in line.stretches]
    assert [s.first for s in line.stretches][1:] == ends[:-1]


def test_a_day_that_closes_at_its_end_is_called_by_that_day(desk):
    desk.a_list(1, Specialty="Urology")
    found = {d.name: d.at.date() for d in figures_of(desk).deadlines}
    assert found["lists_final"] == date(2027, 1, 8)
    assert found["results_from"] == date(2027, 2, 1)


def test_specialties_with_dates_of_their_own_have_a_line_of_their_own(desk):
    row = {"Status": "interviewed"}
    names = [("Elm", "IM"), ("Ash", "IM"), ("Oak", "EM")]
    desk.good("import", desk.sheet(*({**row, "Program": p, "Specialty": s} for p, s in names)))
    found = figures_of(desk)
    assert [line.only for line in found.lines] == [(), ("Emergency Medicine",)]
    told = [(d.name, d.only) for d in found.deadlines if d.of]
    assert ("applications_open", ("Emergency Medicine",)) in told
    assert [name for name, _ in told].count("lists_final") == 1


@pytest.mark.parametrize("specialties", [["IM", "EM", "EM"], ["EM", "IM", "IM"]])
def test_the_dates_of_the_match_come_first_whichever_specialty_has_more_programs(desk, specialties):
    rows = [
        {"Program": f"Elm {n}", "Specialty": name, "Status": "interviewed"}
        for n, name in enumerate(specialties)
    ]
    desk.good("import", desk.sheet(*rows))
    found = figures_of(desk)
    assert [line.only for line in found.lines] == [(), ("Emergency Medicine",)]


def test_a_list_of_one_specialty_names_it_only_where_its_dates_are_not_those_of_the_match(desk):
    desk.a_list(1, Specialty="EM")
    only = {d.name: d.only for d in figures_of(desk).deadlines if d.of}
    assert only["applications_open"] == ("Emergency Medicine",)
    assert only["lists_final"] == only["results_from"] == ()
