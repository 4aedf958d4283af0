"""Phases: every boundary of every match, and what shifts them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.calendar import (
    EASTERN,
    MatchCalendar,
    build,
    closing,
    next_change,
    noon,
    opening,
    phase_on,
    shown,
    usefulness,
)
from planner.rules.facts import Match, Phase, Service, Status
from planner.rules.planning import make_plan
from tests.builders import a_pending_applicant, a_program, a_situation, an_applicant

NRMP, SAU, SF = (build(match, 2027) for match in (Match.NRMP, Match.SAU, Match.SFMATCH))


@pytest.mark.parametrize(
    ("calendar", "day", "phase"),
    [
        (NRMP, date(2026, 9, 22), "preseason"),
        (NRMP, date(2026, 9, 23), "early"),
        (NRMP, date(2026, 11, 30), "early"),
        (NRMP, date(2026, 12, 1), "late"),
        (NRMP, date(2027, 1, 31), "late"),
        (NRMP, date(2027, 2, 1), "pre_rank"),
        (NRMP, date(2027, 3, 3), "pre_rank"),
        (NRMP, date(2027, 3, 4), "closed"),
        (SAU, date(2026, 10, 31), "early"),
        (SAU, date(2026, 11, 1), "late"),
        (SAU, date(2026, 12, 1), "pre_rank"),
        (SAU, date(2027, 1, 8), "pre_rank"),
        (SAU, date(2027, 1, 9), "closed"),
        (SF, date(2026, 8, 31), "preseason"),
        (SF, date(2026, 9, 1), "early"),
        (SF, date(2027, 1, 5), "closed"),
    ],
)
def test_a_phase_begins_on_its_day_and_a_bare_closing_date_lasts_to_its_end(calendar, day, phase):
    assert phase_on(calendar, noon(day)).phase == phase


def test_lists_are_final_at_nine_in_the_evening():
    last = datetime(2027, 3, 3, 20, 59, tzinfo=EASTERN)
    assert phase_on(NRMP, last).phase is Phase.PRE_RANK
    assert phase_on(NRMP, last + timedelta(minutes=1)).phase is Phase.CLOSED
    assert NRMP.last_list_day == date(2027, 3, 3)
    assert SAU.last_list_day == date(2027, 1, 8)


def test_finished_interviews_turn_late_into_pre_rank_and_nothing_else():
    done = date(2027, 1, 10)
    before = phase_on(NRMP, noon(date(2027, 1, 9)), interviews_finished_on=done)
    after = phase_on(NRMP, noon(done), interviews_finished_on=done)
    assert (before.phase, after.phase) == (Phase.LATE, Phase.PRE_RANK)
    assert "your interviews ended" in after.reason
    early = phase_on(NRMP, noon(date(2026, 10, 1)), interviews_finished_on=date(2026, 9, 30))
    assert early.phase is Phase.EARLY


def test_results_week_runs_from_its_first_to_its_last_moment():
    assert not NRMP.in_results_week(datetime(2027, 3, 15, 9, 59, tzinfo=EASTERN))
    assert NRMP.in_results_week(datetime(2027, 3, 15, 10, 0, tzinfo=EASTERN))
    assert not NRMP.in_results_week(datetime(2027, 3, 19, 12, 0, tzinfo=EASTERN))
    assert SAU.in_results_week(noon(date(2027, 2, 1)))
    assert not SAU.in_results_week(noon(date(2027, 2, 2)))


def test_closed_says_why():
    assert "final since 2027-03-03" in phase_on(NRMP, noon(date(2027, 3, 5))).reason
    assert "results week" in phase_on(NRMP, noon(date(2027, 3, 16))).reason
    assert "last result" in phase_on(NRMP, noon(date(2027, 6, 1))).reason
    assert NRMP.is_over(noon(date(2027, 6, 1)))


def test_from_november_the_early_reason_speaks_of_the_timing_table():
    assert "November 1" in phase_on(NRMP, noon(date(2026, 11, 1))).reason
    assert "November 1" not in phase_on(NRMP, noon(date(2026, 10, 31))).reason


def test_shipped_dates_are_unconfirmed_until_every_one_is_given():
    moved = build(Match.NRMP, 2027, {"late_from": date(2026, 11, 1)})
    assert moved.source == "unconfirmed"
    assert phase_on(moved, noon(date(2026, 11, 1))).phase is Phase.LATE
    fields = [n for n in MatchCalendar._fields if n not in {"match", "season", "source"}]
    whole = build(Match.NRMP, 2028, {name: getattr(NRMP, name) for name in fields})
    assert (whole.source, whole.season) == ("your config", 2028)


def test_a_season_that_is_not_shipped_needs_every_date():
    with pytest.raises(ValueError, match="missing: applications_open, late_from"):
        build(Match.NRMP, 2028)


def test_dates_out_of_order_are_refused():
    with pytest.raises(ValueError, match="pre_rank_from is before late_from"):
        build(Match.NRMP, 2027, {"late_from": date(2027, 2, 5)})


def test_moments_are_eastern():
    assert opening(datetime(2026, 12, 1, 6)) == datetime(2026, 12, 1, 6, tzinfo=EASTERN)
    assert closing(date(2027, 1, 4)) == opening(date(2027, 1, 5))
    assert shown(opening(date(2026, 12, 1))) == "2026-12-01"
    assert shown(NRMP.lists_final) == "2027-03-03 21:00 Eastern"
    utc = noon(date(2026, 12, 1)).astimezone(opening(date(2026, 1, 1)).tzinfo)
    assert closing(utc).hour == 12


def test_usefulness_goes_by_the_month():
    months = {month: usefulness(date(2026, month, 1)) for month in range(1, 13)}
    assert months == {9: 80, 10: 100, 11: 70, 12: 60, 1: 40, 2: 30} | dict.fromkeys(range(3, 9), 0)


@given(st.datetimes(datetime(2026, 7, 1), datetime(2027, 7, 1)), st.sampled_from([NRMP, SAU, SF]))
def test_time_never_goes_back_a_phase(moment, calendar):
    order = list(Phase)
    now = moment.replace(tzinfo=EASTERN)
    later = phase_on(calendar, now + timedelta(hours=7)).phase
    assert order.index(later) >= order.index(phase_on(calendar, now).phase)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ((2026, 10, 20, 12, 0), (2026, 10, 21, 0, 0)),
        ((2026, 10, 20, 0, 0), (2026, 10, 21, 0, 0)),
        ((2026, 10, 20, 23, 59), (2026, 10, 21, 0, 0)),
        ((2027, 3, 3, 12, 0), (2027, 3, 3, 21, 0)),
        ((2027, 3, 3, 21, 0), (2027, 3, 4, 0, 0)),
        ((2027, 3, 15, 9, 0), (2027, 3, 15, 10, 0)),
        ((2027, 3, 19, 11, 59), (2027, 3, 19, 12, 0)),
        ((2027, 12, 31, 12, 0), (2028, 1, 1, 0, 0)),
    ],
)
def test_a_decision_may_change_at_midnight_or_at_a_date_before_it(now, then):
    now, then = datetime(*now, tzinfo=EASTERN), datetime(*then, tzinfo=EASTERN)
    assert next_change([NRMP, SAU, SF], now) == then
    assert next_change([NRMP, SAU, SF], now.astimezone(UTC)) == then


def test_without_a_calendar_only_midnight_counts():
    assert next_change([], noon(date(2027, 3, 3))) == datetime(2027, 3, 4, tzinfo=EASTERN)
    saturday = datetime(2026, 10, 31, 12, 0, tzinfo=EASTERN)
    for day in range(3):  # over the night on which the clocks go back
        saturday = next_change([], saturday)
        assert saturday == datetime(2026, 11, 1 + day, tzinfo=EASTERN)


# Dates on which decisions turn, and the days around them.
TURNING = [date(2026, 9, 1), date(2026, 9, 23), date(2026, 10, 6), date(2026, 11, 1)]
TURNING += [date(2026, 12, 1), date(2027, 1, 4), date(2027, 1, 13), date(2027, 2, 1)]
TURNING += [date(2027, 2, 10), date(2027, 3, 3), date(2027, 3, 14), date(2027, 3, 15)]
TURNING += [date(2027, 3, 19)]
PROGRAMS = [
    a_program(1, status=Status.INTERVIEWED, interview_date=date(2026, 10, 6)),
    a_program(2, status=Status.INVITED, interview_date=date(2027, 2, 10)),
    a_program(3, status=Status.WAITLISTED, top_choice=True),
    a_program(4, specialty="Urology", status=Status.INTERVIEWED, told_on=date(2026, 11, 1)),
    a_program(5, specialty="Ophthalmology", application_service=Service.SFMATCH),
]


def plan_at(moment, applicant, finished):
    situation = a_situation(applicant=applicant, now=moment, interviews_finished_on=finished)
    plan = make_plan(situation, PROGRAMS)
    return [(d.program.id, d.verdict, d.rule, d.letter, d.to, d.reasons) for d in plan.decisions]


@given(
    day=st.sampled_from(TURNING),
    minutes=st.integers(-1440, 2880),
    part=st.integers(0, 99),
    pending=st.booleans(),
    finished=st.sampled_from([None, date(2027, 1, 13)]),
)
def test_a_plan_is_the_same_at_every_moment_before_the_next_change(
    day, minutes, part, pending, finished
):
    applicant = a_pending_applicant() if pending else an_applicant()
    now = noon(day).astimezone(UTC) + timedelta(minutes=minutes)
    until = next_change([NRMP, SAU, SF], now).astimezone(UTC)
    assert now < until <= now + timedelta(hours=25)
    before = plan_at(now, applicant, finished)
    assert plan_at(now + (until - now) * part / 100, applicant, finished) == before
    assert plan_at(until - timedelta(microseconds=1), applicant, finished) == before


@pytest.mark.parametrize(
    ("opens", "late_from", "expected"),
    [
        (None, None, (date(2026, 9, 23), date(2026, 12, 1))),
        (date(2026, 9, 30), None, (date(2026, 9, 30), date(2026, 12, 1))),
        (None, date(2026, 10, 24), (date(2026, 9, 23), date(2026, 10, 24))),
        # Of another season, or after what follows: no date goes out of order.
        (date(2025, 9, 30), date(2027, 10, 24), (date(2026, 9, 23), date(2026, 12, 1))),
        (None, date(2027, 2, 20), (date(2026, 9, 23), date(2027, 2, 1))),
        (date(2026, 12, 10), None, (date(2026, 12, 10), date(2026, 12, 10))),
    ],
)
def test_a_specialtys_own_dates_replace_those_of_its_match(opens, late_from, expected):
    found = NRMP.with_dates(opens, late_from)
    assert (found.applications_open.date(), found.late_from.date()) == expected
    assert found.applications_open <= found.late_from <= found.pre_rank_from
