"""The page on scores: bars, rows, words, numbers, and what specialties have of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields

from planner.rules import score
from planner.rules.book.table import Basis, Table, marked, table
from planner.rules.facts import (
    AfterInterview,
    Category,
    Match,
    Service,
    Specialty,
    Thresholds,
    Tier,
)
from planner.rules.specialties import shipped
from planner.rules.wording import SERVICE_NAMES


def _bars(basis: Basis) -> Table:
    numbers, plain = basis.thresholds, Thresholds()
    rows = [
        (
            tier,
            (bar := numbers.bar(tier)),
            bar - numbers.weak_step1_below_bar,
            bar - numbers.usual_floor_below_bar,
            marked(f"rules.bar_{tier}", bar, plain.bar(tier)),
        )
        for tier in Tier
    ]
    title = "Bar T, weak-Step-1 line W, floor of the usual range U, by tier"
    return table(title, "tier, T, W, U, key", rows)


# What distinguishes some specialties from most.
OWN: tuple[Callable[[Specialty], str], ...] = (
    lambda s: (
        ""
        if s.application_service is Service.ERAS
        else SERVICE_NAMES[s.application_service] or "its own service"
    ),
    lambda s: "" if s.match is Match.NRMP else f"match {s.match}",
    lambda s: f"{s.signals} signals of one kind" if s.signals else "",
    lambda s: f"opens {s.opens}" if s.opens else "",
    lambda s: f"late from {s.late_from}" if s.late_from else "",
    lambda s: (
        ""
        if s.after_interview is AfterInterview.OPEN
        else f"after an interview: {s.after_interview}"
    ),
    lambda s: "" if s == shipped().named(s.name) else "yours",
)


def _own(everyone: Iterable[Specialty]) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for specialty in everyone:
        for what in filter(None, (say(specialty) for say in OWN)):
            found.setdefault(what, []).append(specialty.name)
    return [(what, ", ".join(names)) for what, names in sorted(found.items())]


def _numbers(basis: Basis) -> Table:
    def plain(value: object) -> object:
        if not isinstance(value, tuple):
            return value
        return ", ".join(f"{standard.score} from {standard.from_date}" for standard in value)

    rows = []
    for field in fields(Thresholds):
        value, default = getattr(basis.thresholds, field.name), getattr(Thresholds(), field.name)
        rows.append((f"rules.{field.name}", marked(plain(value), plain(value), plain(default))))
    return table("Numbers of [rules]", "key, value", rows)


def score_page(basis: Basis) -> list[Table]:
    """Return everything that a score is judged by."""
    thresholds, everyone = basis.thresholds, basis.specialties.all
    rows = (
        (row.number, row.category, f"{row.formula.format(t=thresholds)}: {row.condition}")
        for row in score.TABLE
    )
    return [
        _bars(basis),
        table(
            "The score: the first row that applies (s1 Step 1, s2 Step 2 CK, d = s2 - s1)",
            "row, category, condition",
            rows,
        ),
        table(
            "What a category is worth", "category, value", ((c, score.VALUE[c]) for c in Category)
        ),
        table("Scenarios", "scenario, when", score.SCENARIOS.items()),
        table("Words", "word, meaning", score.MEANINGS.items()),
        _numbers(basis),
        table("Specialties", "code, tier, specialty", ((s.code, s.tier, s.name) for s in everyone)),
        table("What is different about some specialties", "what, specialties", _own(everyone)),
    ]
