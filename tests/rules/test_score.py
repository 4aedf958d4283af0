"""The score table: worked examples, every row, and what always holds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.facts import AtSubmission, Category, Scenario, Thresholds, Tier
from planner.rules.score import TABLE, assess, contradictions, numbers_for
from planner.rules.specialties import shipped
from tests.builders import an_applicant

IM = "Internal Medicine"


def judged(s1, s2, specialty=IM, **given_facts):
    applicant = an_applicant(s1=s1, s2=s2, **given_facts)
    return assess(applicant, shipped().named(specialty), Thresholds())


@pytest.mark.parametrize(
    ("s1", "s2", "specialty", "category"),
    [
        (228, 248, IM, "strong_asset"),
        (240, 245, IM, "mild_asset"),
        (250, 252, IM, "neutral"),
        (245, 224, IM, "major_liability"),
        (232, 262, IM, "strong_asset"),
        (250, 230, IM, "major_liability"),
        (220, 250, IM, "strong_asset"),
        ("pass", 250, "Dermatology", "strong_asset"),
        ("pass", 244, "Anesthesiology", "neutral"),
    ],
)
def test_worked_examples_hold(s1, s2, specialty, category):
    assert judged(s1, s2, specialty).category == category


@pytest.mark.parametrize(
    ("row", "s1", "s2", "facts"),
    [
        (1, "pass", 217, {}),
        (2, "pass", 240, {"step1": {"failed_attempts": 1}}),
        (3, "fail", 225, {}),
        (4, "pass", 224, {"step2": {"failed_attempts": 1}}),
        (5, 250, 230, {}),
        (5, "pass", 214, {"step2": {"test_date": date(2024, 1, 5)}}),
        (6, 250, 240, {}),
        (6, "pass", 224, {}),
        (7, 229, 240, {}),
        (8, 220, 235, {}),
        (9, 229, 239, {}),
        (10, 230, 245, {}),
        (11, 236, 241, {}),
        (12, 238, 242, {}),
        (13, "not_taken", 240, {}),
        (14, "pass", 240, {"application": {"otherwise_strong": True}}),
        (15, "pass", 239, {}),
    ],
)
def test_each_row_decides_where_it_is_the_first_that_holds(row, s1, s2, facts):
    assert judged(s1, s2, **facts).row == row


@pytest.mark.parametrize(
    ("day", "standard"),
    [
        (date(2010, 1, 1), 209),
        (date(2014, 7, 1), 209),
        (date(2022, 6, 30), 209),
        (date(2022, 7, 1), 214),
        (date(2025, 6, 30), 214),
        (date(2025, 7, 1), 218),
        (None, 218),
    ],
)
def test_the_passing_standard_goes_by_the_test_date(day, standard):
    assert Thresholds().passing_score(day) == standard


def test_without_a_test_date_the_release_counts_and_is_said():
    dates = {"test_date": None, "released_on": date(2024, 1, 1)}
    found = judged("pass", 215, step2=dates)
    assert found.row != 1
    assert "that of the release" in found.reasons[-1]
    assert "that of today" in judged("pass", 240, step2={**dates, "released_on": None}).reasons[-1]


def test_a_borderline_application_makes_a_mild_asset_at_the_bar_strong():
    found = judged(240, 245, application={"borderline": True})
    assert (found.category, found.row, found.value) == (Category.STRONG_ASSET, 11, 5)
    assert Scenario.BORDERLINE in found.scenarios


def test_a_borderline_application_changes_nothing_below_the_bar():
    found = judged(220, 236, application={"borderline": True})
    assert (found.category, found.row) == (Category.MILD_ASSET, 8)


def test_what_was_reported_is_no_news_unless_an_attempt_had_failed():
    reported = {"at_submission": AtSubmission.REPORTED}
    known = judged(228, 248, step2=reported)
    assert not known.new_information
    assert not known.helps
    assert judged(228, 248, step2={**reported, "failed_attempts": 1}).new_information


def test_clearly_helps_takes_strength_or_a_weakness_overcome():
    assert judged(228, 248).clearly_helps
    assert judged(220, 236).clearly_helps, "weak Step 1, improved"
    assert judged("fail", 226).clearly_helps, "passed after a failure"
    assert not judged(240, 245).clearly_helps, "a mild asset by itself"


def test_a_pending_score_cannot_be_judged():
    with pytest.raises(ValueError, match="pending"):
        judged(228, None)


def test_contradictory_facts_are_sentences_and_not_errors():
    opened = date(2026, 9, 23)
    late_report = {"at_submission": AtSubmission.REPORTED}
    assert "after applications opened" in contradictions(an_applicant(step2=late_report), opened)[0]
    assert (
        "not_taken" in contradictions(an_applicant(s1="not_taken", step1={"failed_attempts": 1}))[0]
    )
    early = {"test_date": date(2026, 10, 5)}
    assert "before the test date" in contradictions(an_applicant(step2=early))[0]
    assert "counts as pending" in contradictions(an_applicant(s2=None))[0]
    assert contradictions(an_applicant(), opened) == []


steps = st.one_of(st.integers(180, 300), st.sampled_from(["pass", "fail", "not_taken"]))


@given(
    s1=steps,
    s2=st.integers(1, 300),
    failed1=st.integers(0, 2),
    failed2=st.integers(0, 2),
    strong=st.booleans(),
    tier=st.sampled_from(list(Tier)),
)
def test_every_score_meets_a_row_and_the_first_that_holds_decides(
    s1, s2, failed1, failed2, strong, tier
):
    specialty = next(s for s in shipped().all if s.tier is tier)
    applicant = an_applicant(
        s1=s1,
        s2=s2,
        step1={"failed_attempts": failed1},
        step2={"failed_attempts": failed2},
        application={"otherwise_strong": strong},
    )
    found = assess(applicant, specialty, Thresholds())
    holding = [r for r in TABLE if r.holds(numbers_for(applicant, specialty, Thresholds()))]
    assert holding[0].number == found.row
    assert found.category == holding[0].category
    assert found.helps == (found.new_information and found.asset)
    assert not found.clearly_helps or found.helps


@given(s1=steps, s2=st.integers(219, 299))
def test_a_higher_score_is_never_worth_less_without_a_failure_between(s1, s2):
    assert judged(s1, s2 + 1).value >= judged(s1, s2).value
