"""Gives the reasons of a decision in sentences, and traces the table for a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from planner.rules.case import Case
from planner.rules.facts import Step2Policy, Verdict
from planner.rules.score import NOT_NEW
from planner.rules.targeting import ACTIVE, TABLE, Rule, deciding_rule

_NUMBER = {rule.id: rule.number for rule in TABLE}


class TraceRow(NamedTuple):
    """One row of the decision table, evaluated for a case."""

    number: int
    rule: str
    in_phase: bool
    holds: bool
    decides: bool
    verdict: Verdict
    when: str
    text: str


def trace(case: Case) -> tuple[TraceRow, ...]:
    """Return every row of the table, with whether it applied and which one decided.

    A row without a condition applies if none before it does.
    """
    hit = deciding_rule(case)
    rows = [(r, r.holds(case) and (r.condition is not None or r is hit)) for r in TABLE]
    return tuple(
        TraceRow(
            number=rule.number,
            rule=rule.id,
            in_phase=case.phase in rule.phases,
            holds=holds,
            decides=rule is hit,
            verdict=rule.verdict,
            when=rule.when,
            text=rule.why(case) if holds else "",
        )
        for rule, holds in rows
    )


def _last_row(case: Case) -> int:
    """Return the number of the last row that is meant for a case like this one."""
    if case.phase not in ACTIVE:
        return _NUMBER["closed"]
    if case.pending:
        return _NUMBER["pending_wait"]
    return _NUMBER["liability_silent"] if case.liability else TABLE[-1].number


def reasons(case: Case, hit: Rule) -> list[str]:
    """Return every sentence that applied: the deciding one, those for it, those against it.

    Rows without a condition always apply; they are reasons only if they decide.
    """
    last, writes = _last_row(case), hit.verdict is Verdict.EMAIL
    others = [
        rule
        for rule in TABLE
        if rule is not hit
        and rule.condition is not None
        and rule.number <= last
        and rule.holds(case)
    ]
    same = [r.why(case) for r in others if (r.verdict is Verdict.EMAIL) == writes]
    against = [r.why(case) for r in others if (r.verdict is Verdict.EMAIL) != writes]
    word = "Despite" if writes else "In favor of a letter"
    found = [
        hit.why(case),
        *(f"Also: {text}" for text in dict.fromkeys(same)),
        *(f"{word}: {text}" for text in dict.fromkeys(against)),
    ]
    locked = case.phase is not case.phase_on.phase
    found.append("Phase closed: their rank list is certified." if locked else case.phase_on.reason)
    found.extend(say(case) for holds, say in NOTES if holds(case))
    said = case.assessment.reasons if case.assessment is not None else ()
    return [*found, *(text for text in said if hit.id != "nothing_new" or text != NOT_NEW)]


# What the user should know about a case, whatever the decision.
NOTES: tuple[tuple[Callable[[Case], bool], Callable[[Case], str]], ...] = (
    (
        lambda c: c.misdated,
        lambda c: (
            f"Warning: marked as interviewed, but the date {c.program.interview_date} is"
            " still to come; counted as invited."
        ),
    ),
    (
        lambda c: c.presumed_interviewed,
        lambda c: (
            f"Warning: status is {c.program.status}, but the interview date"
            f" {c.program.interview_date} has passed; counted as interviewed."
        ),
    ),
    (
        lambda c: c.coordinator_only,
        lambda c: (
            f"{c.specialty.name} allows no contact between applicants and faculty after the"
            " interview: only the coordinator is written to, never the director."
        ),
    ),
    (
        lambda c: c.had_it_that_day and not c.pending,
        lambda c: (
            f"The new score went out on {c.applicant.transcript[c.service]}, before the interview"
            f" on {c.program.interview_date}: they may already have had it that day."
        ),
    ),
    (
        lambda c: c.program.step2_policy is Step2Policy.UNKNOWN,
        lambda _: "Step 2 policy is unknown: look at their website and emails.",
    ),
    (
        # No list of words knows all that people write, so a person should see it.
        lambda c: bool(c.program.notes.strip()),
        lambda c: f"Your notes: {' '.join(c.program.notes.split())}",
    ),
)
