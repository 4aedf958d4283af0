"""Finds what would change a decision, by trying the nearest changes of facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from planner.rules.calendar import PhaseOn, opening, phase_on, shown
from planner.rules.case import FEW_SIGNALS, OUT_OF_PLAY, Case
from planner.rules.facts import (
    AddressChoice,
    AtSubmission,
    ContactPolicy,
    Signal,
    Status,
    Step2Policy,
    Verdict,
)
from planner.rules.last_looks import Taken
from planner.rules.planning import Decision, decide
from planner.rules.recipients import fold_address, recipients
from planner.rules.score import assess

MOST = 8  # more suggestions than this do not help
ADDRESS = "director@program.example"


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of facts, the decision that it would lead to, and what would hold its letter."""

    change: str
    verdict: Verdict
    rule: str
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variation:
    """A change to try: its description, and a function that applies it to a case."""

    change: str
    apply: Callable[[Case], Case]


def would_change(decision: Decision, *, choice: AddressChoice, taken: Taken) -> tuple[Turn, ...]:
    """Return the changes of single facts that would change the decision.

    If there is no letter, only changes that would bring one; or pairs of changes, if no
    single change would.
    """
    singles = list(_variations(decision.case, choice, taken))
    turns = list(_turned(decision, ([v] for v in singles), choice, taken))
    if decision.verdict is not Verdict.EMAIL:
        letters = [t for t in turns if t.verdict is Verdict.EMAIL]
        if not letters:
            pairs = _turned(decision, combinations(singles, 2), choice, taken)
            letters = [t for t in pairs if t.verdict is Verdict.EMAIL]
        turns = letters or turns
    return tuple(turns[:MOST])


def _turned(
    decision: Decision,
    groups: Iterable[Iterable[Variation]],
    choice: AddressChoice,
    taken: Taken,
) -> Iterator[Turn]:
    for group in groups:
        case, words = decision.case, []
        for variation in group:
            case = variation.apply(case)
            words.append(variation.change)
        other = decide(case, choice=choice, taken=taken)
        if other.verdict is not decision.verdict:
            held_by = other.held_by if other.verdict is Verdict.EMAIL else ()
            yield Turn(" and ".join(words), other.verdict, other.rule, held_by)


def _program(change: str, **values: Any) -> Variation:
    return Variation(change, lambda c: c._replace(program=replace(c.program, **values)))


def _application(change: str, **values: Any) -> Variation:
    def apply(case: Case) -> Case:
        applicant = case.applicant
        changed = replace(applicant, application=replace(applicant.application, **values))
        return _reassessed(case._replace(applicant=changed))

    return Variation(change, apply)


def _step2(change: str, **values: Any) -> Variation:
    def apply(case: Case) -> Case:
        applicant = case.applicant
        changed = replace(applicant, step2=replace(applicant.step2, **values))
        return _reassessed(case._replace(applicant=changed))

    return Variation(change, apply)


def _reassessed(case: Case) -> Case:
    if case.applicant.step2.pending:
        return case._replace(assessment=None)
    return case._replace(assessment=assess(case.applicant, case.specialty, case.thresholds))


def _variations(case: Case, choice: AddressChoice, taken: Taken) -> Iterator[Variation]:
    yield from _standing_changes(case)
    yield from _policy_changes(case)
    yield from _interest_changes(case, choice, taken)
    yield from _applicant_changes(case)
    yield from _score_changes(case)
    yield from _date_changes(case)


def _standing_changes(case: Case) -> Iterator[Variation]:
    program = case.program
    if program.status in OUT_OF_PLAY:
        yield _program("status = applied", status=Status.APPLIED)
    if not case.interviewed:
        yield _program(
            "an interview that has taken place (status = interviewed)",
            status=Status.INTERVIEWED,
            interview_date=case.today - timedelta(days=1),
        )
    if not case.on_hold:
        yield _program("status = on_hold", status=Status.ON_HOLD)
    if case.invited:
        yield _program(
            "no interview ahead (status = applied, no date)",
            status=Status.APPLIED,
            interview_date=None,
        )
    if program.rank_list_locked:
        yield _program("rank_list_locked = no", rank_list_locked=False)
    if case.told:
        yield _program("told_on = (empty)", told_on=None)


def _policy_changes(case: Case) -> Iterator[Variation]:
    for policy in (
        Step2Policy.MENTIONED,
        Step2Policy.STRONGLY_CONSIDERED,
        Step2Policy.REQUESTED,
        Step2Policy.REQUIRED_TO_RANK,
        Step2Policy.NONE,
    ):
        if policy is not case.program.step2_policy:
            yield _program(f"step2_policy = {policy}", step2_policy=policy)
    for contact in (ContactPolicy.OPEN, ContactPolicy.IF_ASKED, ContactPolicy.NONE):
        if contact is not case.program.contact_policy:
            yield _program(f"contact_policy = {contact}", contact_policy=contact)


def _interest_changes(case: Case, choice: AddressChoice, taken: Taken) -> Iterator[Variation]:
    program = case.program
    if not program.top_choice:
        yield _program("top_choice = yes", top_choice=True)
    few = 0 < case.specialty.signals <= FEW_SIGNALS
    if not case.top and few and program.signal is Signal.NONE:
        yield _program("signal = yes", signal=Signal.YES)
    if not case.connected:
        yield _program("a connection to them", connection="a tie")
    if not program.director_email and not program.coordinator_email:
        yield _program("an address for them", director_email=ADDRESS)
    elif not taken.keys().isdisjoint(map(fold_address, recipients(program, choice)[0])):
        yield _program("their own address", director_email=ADDRESS, coordinator_email=ADDRESS)
    limit = case.thresholds.small_list
    if case.list_size > limit:
        yield Variation(
            f"a list of at most {limit} programs", lambda c: c._replace(list_size=limit)
        )


def _applicant_changes(case: Case) -> Iterator[Variation]:
    application = case.applicant.application
    if not application.drop_context:
        yield _application("a sentence in application.drop_context", drop_context="A reason.")
    if not application.failure_on_application:
        yield _application("failure_on_application = true", failure_on_application=True)
    if case.applicant.step2.at_submission is AtSubmission.REPORTED:
        yield _step2(
            "step2_ck.at_submission = not_reported", at_submission=AtSubmission.NOT_REPORTED
        )


def _score_changes(case: Case) -> Iterator[Variation]:
    """Yield the nearest score with another category in each direction, or a score if pending."""
    score = case.applicant.step2.score
    if score is None:
        bar = case.thresholds.bar(case.specialty.tier)
        yield _step2(f"a score of {bar} or more", score=bar)
        if not case.expected_in_window:
            due = max(case.calendar.pending_from.date(), case.today)
            yield _step2(f"step2_ck.expected_on = {due}", expected_on=due)
        return
    before = _reassessed(case).assessment
    for step in (1, -1):
        for other in range(score + step, 301 if step > 0 else 0, step):
            variation = _step2(f"a score of {other}", score=other)
            after = variation.apply(case).assessment
            if before and after and after.category is not before.category:
                yield variation
                break


def _date_changes(case: Case) -> Iterator[Variation]:
    """Yield the coming moments when the phase changes."""
    if case.program.rank_list_locked:
        return
    calendar, finished = case.calendar, case.interviews_finished_on
    starts = [
        calendar.applications_open,
        calendar.late_from,
        calendar.pre_rank_from,
        calendar.lists_final,
        *([opening(finished)] if finished else []),
    ]
    before = case.phase
    for start in sorted(s for s in starts if s.date() > case.today):
        then = phase_on(calendar, start, interviews_finished_on=finished)
        if then.phase is not before:
            yield _on(start, then)
        before = then.phase


def _on(start: datetime, then: PhaseOn) -> Variation:
    return Variation(
        f"waiting until {shown(start)} (phase {then.phase})",
        lambda c: c._replace(today=start.date(), phase_on=then),
    )
