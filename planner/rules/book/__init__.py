"""The rules as tables to read, made from the data that decides.

Nothing is written twice: each row is a row of the table that decides, and each number is the
one that is compared.  What the user's config changed is marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from planner.rules import choice, mass_mailing, planning, reactions, score
from planner.rules.book.phases_page import PHASES, phases_page
from planner.rules.book.score_page import score_page
from planner.rules.book.table import Basis, Table, table
from planner.rules.calendar import PEAK_FROM, USEFULNESS
from planner.rules.case import FEW_SIGNALS, PREDICATES
from planner.rules.gates import GATES
from planner.rules.last_looks import LAST_LOOKS
from planner.rules.lint import TABLE as CHECKS
from planner.rules.lint.cross import SIMILAR_FROM
from planner.rules.targeting import TABLE as ROWS


def _decisions(basis: Basis) -> list[Table]:
    numbers = basis.thresholds
    rows = ((row.number, row.id, _phase_words(row.phases), row.verdict, row.when) for row in ROWS)
    looks = ((x.rule, x.verdict, x.when) for x in LAST_LOOKS)
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
        table(
            "Decisions: the first row that applies in a phase",
            "row, rule, phases, decision, condition",
            rows,
        ),
        table("Words", "word, meaning", PREDICATES),
        table("Last checks before the plan wants a letter", "rule, decision, condition", looks),
        table(
            "Order of letters, by name within each",
            "place, programs",
            ((place, name) for place, (name, _) in enumerate(planning.PLAN_ORDER, 1)),
        ),
        table("Limits", "limit, number", limits),
        table(
            "What a letter usually does: the first that applies",
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
        table("Letters: the first that fits", "letter, when", choice.WHEN.items()),
        table("What each says", "letter, says", choice.SAYS.items()),
        table("When a letter cannot be chosen", "letter, reason", claims),
        table(
            "Gates that every letter passes before it is sent",
            "gate, passes if",
            ((g, when) for g, when, _ in GATES),
        ),
    ]


def _lint(basis: Basis) -> list[Table]:
    limits = (
        ("too_long", f"over {basis.thresholds.max_words} words (rules.max_words)"),
        ("subject_long", "over 78 characters"),
        ("similar_reason", f"{SIMILAR_FROM} % alike or more"),
        ("off_peak", f"a month of usefulness under {PEAK_FROM}"),
        ("step1.result", _asked_about(score.PLAUSIBLE_STEP1)),
        ("step2_ck.score", _asked_about(score.PLAUSIBLE)),
    )
    rows = ((row.code, row.severity, "yes" if row.overridable else "") for row in CHECKS)
    return [
        table("Checks of each letter", "finding, severity, may stand", rows),
        table("Their numbers", "finding, when", limits),
    ]


def _asked_about(scores: tuple[int, int]) -> str:
    return f"asked about outside {scores[0]} to {scores[1]}"


MONTHS = "January February March April May June July August September October November December"


def _months(_: Basis) -> list[Table]:
    rows = (
        (name, USEFULNESS.get(number, 0), "peak" if USEFULNESS.get(number, 0) >= PEAK_FROM else "")
        for number, name in enumerate(MONTHS.split(), 1)
    )
    return [table("Usefulness of a letter by month, 0 to 100", "month, usefulness, mark", rows)]


TOPICS: Mapping[str, Callable[[Basis], list[Table]]] = {
    "score": score_page,
    "phases": phases_page,
    "decisions": _decisions,
    "letters": _letters,
    "lint": _lint,
    "months": _months,
}
