"""The rules as tables to read, made from the data that decides.

Nothing is written twice: each row is a row of the table that decides, and each number is the
one that is compared.  What the user's config changed is marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import time, timedelta
from typing import Any, NamedTuple

from planner.rules import choice, mass_mailing, planning, reactions, score
from planner.rules.calendar import (
    CLOSING_KEYS,
    DEFAULT_SEASON,
    KEYS,
    PEAK_FROM,
    SHIPPED,
    USEFULNESS,
    MatchCalendar,
    build,
)
from planner.rules.case import FEW_SIGNALS, PREDICATES
from planner.rules.facts import (
    AfterInterview,
    Category,
    Match,
    Service,
    Specialty,
    Thresholds,
    Tier,
)
from planner.rules.gates import GATES
from planner.rules.lint import TABLE as CHECKS
from planner.rules.lint.cross import SIMILAR_FROM
from planner.rules.specialties import Specialties, shipped
from planner.rules.targeting import TABLE as ROWS
from planner.rules.wording import SERVICE_NAMES


class Basis(NamedTuple):
    """What the tables are made from: the user's numbers, or the built-in ones."""

    thresholds: Thresholds
    specialties: Specialties
    calendars: Mapping[Match, MatchCalendar]
    season: int


class Table(NamedTuple):
    """One table: its title, its columns, and rows of plain values."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def _table(title: str, columns: str, rows: Iterable[Iterable[Any]]) -> Table:
    return Table(title, tuple(columns.split(", ")), tuple(tuple(row) for row in rows))


def _marked(text: object, value: object, default: object) -> str:
    """Return a text, marked if its number is the user's own."""
    return str(text) if value == default else f"{text} (yours; default {default})"


def _bars(basis: Basis) -> Table:
    numbers, plain = basis.thresholds, Thresholds()
    rows = [
        (
            tier,
            (bar := numbers.bar(tier)),
            bar - numbers.weak_step1_below_bar,
            bar - numbers.usual_floor_below_bar,
            _marked(f"rules.bar_{tier}", bar, plain.bar(tier)),
        )
        for tier in Tier
    ]
    title = "Bar T, weak-Step-1 line W, floor of the usual range U, by tier"
    return _table(title, "tier, T, W, U, key", rows)


# What distinguishes some specialties from most.
OWN: tuple[Callable[[Specialty], str], ...] = (
    lambda s: (
        ""
        if s.application_service is Service.ERAS
        else SERVICE_NAMES[s.application_service] or "a service of its own"
    ),
    lambda s: "" if s.match is Match.NRMP else f"{s.match} match",
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
        rows.append((f"rules.{field.name}", _marked(plain(value), plain(value), plain(default))))
    return _table("Numbers of [rules]", "key, value", rows)


def _score(basis: Basis) -> list[Table]:
    thresholds, everyone = basis.thresholds, basis.specialties.all
    rows = (
        (row.number, row.category, f"{row.formula.format(t=thresholds)}: {row.condition}")
        for row in score.TABLE
    )
    return [
        _bars(basis),
        _table(
            "The score: the first row that holds (s1 Step 1, s2 Step 2 CK, d = s2 - s1)",
            "row, category, condition",
            rows,
        ),
        _table(
            "What a category is worth", "category, value", ((c, score.VALUE[c]) for c in Category)
        ),
        _table("Scenarios", "scenario, when", score.SCENARIOS.items()),
        _table("Words", "word, meaning", score.MEANINGS.items()),
        _numbers(basis),
        _table(
            "Specialties", "code, tier, specialty", ((s.code, s.tier, s.name) for s in everyone)
        ),
        _table("What some of them have of their own", "what, specialties", _own(everyone)),
    ]


PHASES = (
    ("preseason", "until applications_open"),
    ("early", "until late_from"),
    ("late", "until pre_rank_from, or cycle.interviews_finished_on"),
    ("pre_rank", "until lists_final"),
    ("closed", "from then on; nothing leaves from results_from to results_until"),
)


IN_ORDER = sorted(KEYS, key=list(SHIPPED[DEFAULT_SEASON, Match.NRMP]).index)


def _moment(key: str, calendar: MatchCalendar) -> str:
    """Write a moment as in the config: a closing date there includes that day."""
    at = getattr(calendar, key)
    if at.time() != time.min:
        return f"{at:%Y-%m-%d %H:%M}"
    return str(at.date() - timedelta(days=key in CLOSING_KEYS))


def _dated(key: str, calendar: MatchCalendar) -> str:
    """Write a moment of a match, marked if it is the user's own."""
    text, season = _moment(key, calendar), (calendar.season, calendar.match)
    known = season in SHIPPED and _moment(key, build(calendar.match, calendar.season)) == text
    return text if known else f"{text} (yours)"


def _phases(basis: Basis) -> list[Table]:
    calendars = basis.calendars
    rows = [(key, *(_dated(key, calendars[match]) for match in calendars)) for key in IN_ORDER]
    sources = ("source", *(calendar.source for calendar in calendars.values()))
    shipped_seasons = sorted({season for season, _ in SHIPPED})
    listed = ", ".join(map(str, shipped_seasons))
    return [
        _table("Phases of a match", "phase, lasts", PHASES),
        _table(
            f"Dates of season {basis.season}, US Eastern (built in: {listed})",
            ", ".join(("key", *calendars)),
            [*rows, sources],
        ),
    ]


def _decisions(basis: Basis) -> list[Table]:
    numbers = basis.thresholds
    rows = ((row.number, row.id, _phase_words(row.phases), row.verdict, row.when) for row in ROWS)
    looks = ((x.rule, x.verdict, x.when) for x in planning.LAST_LOOKS)
    limits = (
        ("a short list", f"at most {numbers.small_list} programs (rules.small_list)"),
        ("few signals of one kind", f"at most {FEW_SIGNALS}"),
        (
            mass_mailing.NAME,
            (
                f"more than {numbers.mass_limit} letters that nobody asked for (rules.mass_limit),"
                " to over half of the programs in play"
            ),
        ),
    )
    return [
        _table(
            "Decisions: the first row that holds in a phase",
            "row, rule, phases, decision, condition",
            rows,
        ),
        _table("Words", "word, meaning", PREDICATES),
        _table("Last looks over each letter", "rule, decision, condition", looks),
        _table(
            "Order of letters, by name within each",
            "place, programs",
            ((place, name) for place, (name, _) in enumerate(planning.PLAN_ORDER, 1)),
        ),
        _table("Limits", "limit, number", limits),
        _table(
            "What a letter usually does: the first that holds",
            "when, reaction",
            ((when, reaction) for when, _, reaction in reactions.REACTIONS),
        ),
    ]


def _phase_words(phases: Iterable[str]) -> str:
    """Write phases in their order, in short."""
    order = [phase for phase, _ in PHASES]
    found = sorted(phases, key=order.index)
    if found == order:
        return "any"
    return "active" if found == order[1:4] else ", ".join(found)


def _letters(_: Basis) -> list[Table]:
    claims = ((kind, why) for kind, _, why in choice.CLAIMS)
    return [
        _table("Letters: the first that fits", "letter, when", choice.WHEN.items()),
        _table("What each says", "letter, says", choice.SAYS.items()),
        _table("A letter cannot be chosen where", "letter, reason", claims),
        _table(
            "Gates before anything leaves", "gate, holds if", ((g, when) for g, when, _ in GATES)
        ),
    ]


def _lint(basis: Basis) -> list[Table]:
    limits = (
        ("too_long", f"over {basis.thresholds.max_words} words (rules.max_words)"),
        ("subject_long", "over 78 characters"),
        ("similar_reason", f"{SIMILAR_FROM} % alike or more"),
        ("off_peak", f"a month of usefulness under {PEAK_FROM}"),
        ("step2_ck.score", f"asked about outside {score.PLAUSIBLE[0]} to {score.PLAUSIBLE[1]}"),
    )
    rows = ((row.code, row.severity, "yes" if row.overridable else "") for row in CHECKS)
    return [
        _table("Checks of each letter", "finding, severity, may stand", rows),
        _table("Their numbers", "finding, when", limits),
    ]


MONTHS = "January February March April May June July August September October November December"


def _months(_: Basis) -> list[Table]:
    rows = (
        (name, USEFULNESS.get(number, 0), "peak" if USEFULNESS.get(number, 0) >= PEAK_FROM else "")
        for number, name in enumerate(MONTHS.split(), 1)
    )
    return [_table("Usefulness of a letter by month, 0 to 100", "month, usefulness, mark", rows)]


TOPICS: Mapping[str, Callable[[Basis], list[Table]]] = {
    "score": _score,
    "phases": _phases,
    "decisions": _decisions,
    "letters": _letters,
    "lint": _lint,
    "months": _months,
}
