"""What a score is worth for a specialty: the category, and the row that decided.

`s1` and `s2` are Step 1 and Step 2 CK scores, `d = s2 - s1`; `T` is the bar of the
tier, `W` the weak-Step-1 line, `U` the floor of the usual range, all in points.
The first row that holds wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from planner.rules.facts import (
    Applicant,
    AtSubmission,
    Category,
    Scenario,
    Specialty,
    Thresholds,
    Tier,
)

VALUE = {
    Category.STRONG_ASSET: 5,
    Category.MILD_ASSET: 3,
    Category.NEUTRAL: 2,
    Category.MILD_LIABILITY: 1,
    Category.MAJOR_LIABILITY: 0,
}
NOT_NEW = "Not new: the application already had this score (step2_ck.at_submission is reported)."
PLAUSIBLE = (180, 290)
PLAUSIBLE_STEP1 = (140, 290)  # its passing score was lower for years
ASSETS = frozenset({Category.STRONG_ASSET, Category.MILD_ASSET})
LIABILITIES = frozenset({Category.MILD_LIABILITY, Category.MAJOR_LIABILITY})


class Numbers(NamedTuple):
    """The values that the rows look at."""

    s1: int | None
    s2: int
    bar: int
    weak: int
    floor: int
    passing: int
    failed_before: bool
    otherwise_strong: bool
    t: Thresholds

    def rises(self, points: int) -> bool:
        """Step 1 has a number, and Step 2 CK is at least `points` above it."""
        return self.s1 is not None and self.s2 - self.s1 >= points

    def drops(self, points: int) -> bool:
        """Step 1 has a number, and Step 2 CK is at least `points` below it."""
        return self.s1 is not None and self.s2 - self.s1 <= -points

    @property
    def numeric(self) -> bool:
        """Whether Step 1 has a number."""
        return self.s1 is not None

    @property
    def weak_step1(self) -> bool:
        """Whether Step 1 has a number, below the weak line."""
        return self.s1 is not None and self.s1 < self.weak

    @property
    def at_bar(self) -> bool:
        """Whether Step 2 CK reaches the bar."""
        return self.s2 >= self.bar


class Row(NamedTuple):
    """One row of the score table; `formula` is filled in with the thresholds `t`."""

    number: int
    category: Category
    condition: str
    formula: str
    holds: Callable[[Numbers], bool]


_C = Category
TABLE: tuple[Row, ...] = (
    Row(
        1,
        _C.MAJOR_LIABILITY,
        "below the passing standard",
        "s2 below the passing standard of its test date",
        lambda n: n.s2 < n.passing,
    ),
    Row(
        2,
        _C.STRONG_ASSET,
        "failed before, at the bar",
        "failed before, s2 >= T",
        lambda n: n.failed_before and n.at_bar,
    ),
    Row(
        3,
        _C.MILD_ASSET,
        "failed before, within the usual range",
        "failed before, s2 >= U",
        lambda n: n.failed_before and n.s2 >= n.floor,
    ),
    Row(
        4,
        _C.MILD_LIABILITY,
        "failed before, below the usual range",
        "failed before",
        lambda n: n.failed_before,
    ),
    Row(
        5,
        _C.MAJOR_LIABILITY,
        "far below Step 1 or far below the usual range",
        "d <= -{t.major_drop}, or s2 < U - {t.far_below_floor}",
        lambda n: n.drops(n.t.major_drop) or n.s2 < n.floor - n.t.far_below_floor,
    ),
    Row(
        6,
        _C.MILD_LIABILITY,
        "below Step 1 or below the usual range",
        "d <= -{t.drop}, or s2 < U",
        lambda n: n.drops(n.t.drop) or n.s2 < n.floor,
    ),
    Row(
        7,
        _C.STRONG_ASSET,
        "weak Step 1, now at the bar",
        "s1 < W, s2 >= T",
        lambda n: n.weak_step1 and n.at_bar,
    ),
    Row(
        8,
        _C.MILD_ASSET,
        "weak Step 1, clearly improved",
        "s1 < W, d >= {t.gain}",
        lambda n: n.weak_step1 and n.rises(n.t.gain),
    ),
    Row(
        9,
        _C.NEUTRAL,
        "weak Step 1, no clear improvement",
        "s1 < W",
        lambda n: n.weak_step1,
    ),
    Row(
        10,
        _C.STRONG_ASSET,
        "clearly above Step 1 and at the bar",
        "d >= {t.gain}, s2 >= T",
        lambda n: n.rises(n.t.gain) and n.at_bar,
    ),
    Row(
        11,
        _C.MILD_ASSET,
        "somewhat above Step 1 and at the bar",
        "d >= {t.same}, s2 >= T",
        lambda n: n.rises(n.t.same) and n.at_bar,
    ),
    Row(
        12,
        _C.NEUTRAL,
        "confirms Step 1",
        "s1 is a number",
        lambda n: n.numeric,
    ),
    Row(
        13,
        _C.STRONG_ASSET,
        "first number, at the bar, application not otherwise strong",
        "s1 is not a number, s2 >= T, application not otherwise_strong",
        lambda n: n.at_bar and not n.otherwise_strong,
    ),
    Row(
        14,
        _C.MILD_ASSET,
        "first number, at the bar",
        "s1 is not a number, s2 >= T",
        lambda n: n.at_bar,
    ),
    Row(
        15,
        _C.NEUTRAL,
        "first number, within the usual range",
        "otherwise",
        lambda _: True,
    ),
)

# When each circumstance holds, as `_scenarios` and the case have it.
SCENARIOS: Mapping[Scenario, str] = {
    Scenario.WEAK_STEP1_IMPROVED: "rows 7 and 8",
    Scenario.PASSED_AFTER_FAILURE: "rows 2 and 3",
    Scenario.NOW_AVAILABLE: "the application said planned or not_reported",
    Scenario.ASKED_BY_PROGRAM: "a program's step2_policy is requested or required_to_rank",
    Scenario.BORDERLINE: "a mild asset that counts as strong: borderline, s2 >= T",
}
# What the decision table means by its words on a score.
MEANINGS: Mapping[str, str] = {
    "new information": "now_available, or Step 2 CK was failed before",
    "helps": "new information, and an asset",
    "clearly helps": (
        "new information, and a strong asset, weak_step1_improved, or an asset after a failure"
    ),
    "liability": "mild_liability or major_liability",
    "failed before": "a failed attempt at Step 1 or Step 2 CK before this result",
}


class Assessment(NamedTuple):
    """The worth of the recorded score for one specialty."""

    specialty: Specialty
    bar: int
    category: Category
    row: int
    scenarios: frozenset[Scenario]
    new_information: bool
    reasons: tuple[str, ...]

    @property
    def value(self) -> int:
        """The worth as a number for display, 0 to 5."""
        return VALUE[self.category]

    @property
    def asset(self) -> bool:
        """Whether the score speaks for the applicant."""
        return self.category in ASSETS

    @property
    def liability(self) -> bool:
        """Whether the score speaks against the applicant."""
        return self.category in LIABILITIES

    @property
    def failing(self) -> bool:
        """Whether the score is below the passing standard."""
        return self.row == 1

    @property
    def helps(self) -> bool:
        """New information, and an asset."""
        return self.new_information and self.asset

    @property
    def clearly_helps(self) -> bool:
        """New information that is strong, or shows a weakness overcome."""
        overcome = Scenario.WEAK_STEP1_IMPROVED in self.scenarios or (
            Scenario.PASSED_AFTER_FAILURE in self.scenarios and self.asset
        )
        return self.new_information and (self.category is Category.STRONG_ASSET or overcome)


def numbers_for(applicant: Applicant, specialty: Specialty, thresholds: Thresholds) -> Numbers:
    """Collect what the table looks at.  Raises ValueError while the score is pending."""
    if applicant.step2.score is None:
        raise ValueError("the Step 2 CK score is pending")
    bar = thresholds.bar(specialty.tier)
    return Numbers(
        s1=applicant.step1.score,
        s2=applicant.step2.score,
        bar=bar,
        weak=bar - thresholds.weak_step1_below_bar,
        floor=bar - thresholds.usual_floor_below_bar,
        passing=thresholds.passing_score(applicant.step2.test_date or applicant.step2.released_on),
        failed_before=applicant.failed_before,
        otherwise_strong=applicant.application.otherwise_strong,
        t=thresholds,
    )


def assess(applicant: Applicant, specialty: Specialty, thresholds: Thresholds) -> Assessment:
    """Judge the recorded score for `specialty`.

    Raises ValueError while the score is pending: there is nothing to judge.
    """
    n = numbers_for(applicant, specialty, thresholds)
    row = next(row for row in TABLE if row.holds(n))
    upgraded = row.category is Category.MILD_ASSET and applicant.application.borderline and n.at_bar
    category = Category.STRONG_ASSET if upgraded else row.category
    scenarios = _scenarios(applicant, row, upgraded=upgraded)
    new = Scenario.NOW_AVAILABLE in scenarios or applicant.step2.failed_attempts > 0
    return Assessment(
        specialty=specialty,
        bar=n.bar,
        category=category,
        row=row.number,
        scenarios=scenarios,
        new_information=new,
        reasons=tuple(_reasons(applicant, specialty, n, row, upgraded=upgraded, new=new)),
    )


def _scenarios(applicant: Applicant, row: Row, *, upgraded: bool) -> frozenset[Scenario]:
    held = {
        Scenario.WEAK_STEP1_IMPROVED: row.number in {7, 8},
        Scenario.PASSED_AFTER_FAILURE: row.number in {2, 3},
        Scenario.NOW_AVAILABLE: applicant.step2.at_submission is not AtSubmission.REPORTED,
        Scenario.BORDERLINE: upgraded,
    }
    return frozenset(scenario for scenario, holds in held.items() if holds)


def _reasons(
    applicant: Applicant,
    specialty: Specialty,
    n: Numbers,
    row: Row,
    *,
    upgraded: bool,
    new: bool,
) -> list[str]:
    step1 = str(n.s1) if n.s1 is not None else str(applicant.step1.result)
    change = f" ({n.s2 - n.s1:+d})" if n.s1 is not None else ""
    lines = f"bar {n.bar}, weak Step 1 below {n.weak}, usual range from {n.floor}"
    found = [
        f"Step 1 {step1}, Step 2 CK {n.s2}{change}; {specialty.name} is {specialty.tier}: {lines}.",
        bar_source(specialty.tier, n.t),
        f"Row {row.number} of the score table: {row.condition} -> {row.category}.",
    ]
    if row.number == 1:
        found.append(f"The passing standard for that test is {n.passing}.")
    if applicant.failed_before:
        step1_failures = max(applicant.step1.failed_attempts, int(applicant.step1.failed))
        found.append(
            f"Failed attempts before: Step 1 {step1_failures},"
            f" Step 2 CK {applicant.step2.failed_attempts}."
        )
    if upgraded:
        found.append("The application is borderline, so the mild asset counts as strong.")
    said = applicant.step2.at_submission
    if not new:
        found.append(NOT_NEW)
    elif said is AtSubmission.REPORTED:
        found.append("New information: an earlier attempt at Step 2 CK was failed.")
    else:
        found.append(f"New information: the application said {said} for Step 2 CK.")
    if applicant.step2.test_date is None:
        when = "the release" if applicant.step2.released_on else "today"
        found.append(f"No test date is given; the passing standard is that of {when}.")
    return found


def bar_source(tier: Tier, thresholds: Thresholds) -> str:
    """Whose number the bar of a tier is, and which key changes it."""
    key, bar, default = f"bar_{tier.value}", thresholds.bar(tier), Thresholds().bar(tier)
    if bar == default:
        return f"The bar of {bar} is the guide's default; rules.{key} changes it."
    return f"The bar of {bar} is yours (rules.{key}); the guide's default is {default}."


def score_doubt(key: str, score: object) -> str:
    """Ask about a score of `key` that nearly nobody has; "" for any other, and for a word."""
    low, high = PLAUSIBLE_STEP1 if key == "step1.result" else PLAUSIBLE
    exam = "Step 1" if key == "step1.result" else "Step 2 CK"
    if not isinstance(score, int) or low <= score <= high:
        return ""
    return (
        f"nearly all results are from {low} to {high}. Is it a {exam} score, and typed correctly?"
    )


def release_doubt(released: date | None, today: date) -> str:
    """Say that a score cannot be known before the day on which it is released; "" if it is out."""
    if released is None or released <= today:
        return ""
    return f"step2_ck.released_on is {released}, which is in the future"


def contradictions(applicant: Applicant, applications_open: date | None = None) -> list[str]:
    """Facts that cannot all be true, each as a sentence; they warn and never refuse."""
    step2, found = applicant.step2, []
    if applicant.step1.result == "not_taken" and applicant.step1.failed_attempts > 0:
        found.append(
            f"step1.result is not_taken, but step1.failed_attempts is"
            f" {applicant.step1.failed_attempts}."
        )
    if (
        step2.at_submission is AtSubmission.REPORTED
        and step2.failed_attempts == 0
        and step2.released_on is not None
        and applications_open is not None
        and step2.released_on > applications_open
    ):
        found.append(
            f"step2_ck.at_submission is reported, but the score was released on"
            f" {step2.released_on}, after applications opened on {applications_open}."
        )
    if step2.pending and step2.released_on is not None:
        found.append(
            f"step2_ck.released_on is {step2.released_on}, but there is no step2_ck.score;"
            " the score counts as pending."
        )
    for key, score in (("step1.result", applicant.step1.result), ("step2_ck.score", step2.score)):
        if doubt := score_doubt(key, score):
            found.append(f"{key} is {score}; {doubt}")
    if step2.test_date and step2.released_on and step2.released_on < step2.test_date:
        found.append(
            f"step2_ck.released_on {step2.released_on} is before the test date {step2.test_date}."
        )
    return found
