"""What an import would lead to: the first letters of today's plan, before anything is stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from planner.rules.facts import LetterKind, Program, Verdict
from planner.rules.planning import Decision, make_plan
from planner.rules.recipients import recipients
from planner.rules.situation import Situation
from planner.steps.letter_facts import LetterFacts
from planner.store import programs
from planner.store.engine import Transaction
from planner.store.letters import list_letters

FIRST = 3


class Prospect(NamedTuple):
    """How a program would be written to; `letter` is None if it would get none.

    `place` is the program's name in letters, `reason` is what decided, and `held_by` are the
    notes that speak against the letter.
    """

    program: Program
    place: str
    salutation: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    verdict: Verdict
    rule: str
    letter: LetterKind | None
    reason: str
    held_by: tuple[str, ...] = ()


class Forecast(NamedTuple):
    """The first programs of an import, and how many of all of its programs get a letter."""

    prospects: tuple[Prospect, ...]
    letters: int
    programs: int


def forecast_letters(
    tx: Transaction, situation: Situation, account: str, *, among: Collection[int]
) -> Forecast:
    """Find the first programs among these ids that would get a letter today.

    If none would, it returns the first ones of the plan, with the reason.  Raises ConfigError
    if a match has no calendar.
    """
    everything = programs.list_programs(tx)
    letters = [letter.fact() for letter in list_letters(tx)]
    book = LetterFacts(situation, everything, letters, account)
    plan = make_plan(situation, everything, letters)
    decisions = [d for d in plan.decisions if d.program.id in among]
    chosen = [d for d in decisions if d.verdict is Verdict.EMAIL]
    first = tuple(islice(_prospects(chosen or decisions, book), FIRST))
    return Forecast(first, len(chosen), len(decisions))


def _prospects(decisions: Collection[Decision], book: LetterFacts) -> Iterator[Prospect]:
    for decision in decisions:
        facts = book.facts(decision.case)
        to, cc = decision.to, decision.cc
        if decision.verdict is not Verdict.EMAIL:
            to, cc = recipients(decision.program, book.situation.address)
        yield Prospect(
            decision.program,
            facts["place"],
            facts["salutation"],
            to,
            cc,
            decision.verdict,
            decision.rule,
            decision.letter,
            decision.reasons[0],
            decision.held_by,
        )
