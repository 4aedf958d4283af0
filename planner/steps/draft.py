"""Drafting: one letter for each `email` decision that has none, and order among the others.

The flow, told once: the plan of today is compared with the letters that exist.
Letters whose used facts changed lose their approval; drafts whose decision is no
longer `email` are marked undecided; unedited drafts are rendered again when anything
they show has changed; hand-edited ones are never overwritten, only marked stale; and
what has no letter gets one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial

from planner.rules.facts import Service, Verdict
from planner.rules.letters import Draft, Letter
from planner.rules.planning import Decision
from planner.rules.states import DUE, GONE, REOPENABLE, LetterState
from planner.rules.wording import changed_facts
from planner.steps.approvals import void_changed, why_void
from planner.steps.compose import OTHER_OCCASION, Composer
from planner.steps.letter_facts import describe_changes
from planner.steps.mass import raise_if_mass
from planner.steps.plan import find_program
from planner.steps.workspace import Workspace
from planner.store.engine import Transaction
from planner.store.letters import (
    add_draft,
    get_applicant_id,
    list_letters,
    replace_draft,
    update_letter,
)

Progress = Callable[[float, str], None]  # the part that is done, 0 to 1, and where we are


@dataclass(slots=True)
class DraftReport:
    """What drafting did, in numbers of letters; `letters` are the drafts of this occasion.

    `unwanted` are the drafts, of any occasion, that are undecided; `resend` are the services
    through which the new score has yet to be re-sent.
    """

    new: list[int] = field(default_factory=list)
    rerendered: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    undecided: list[int] = field(default_factory=list)
    voided: list[int] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    unwanted: list[Letter] = field(default_factory=list)
    others: int = 0
    resend: Sequence[Service] = ()


def draft(
    ws: Workspace,
    names: Sequence[str] | None = None,
    *,
    allow_mass: bool = False,
    progress: Progress | None = None,
) -> DraftReport:
    """Bring the drafts up to date; `names` narrows to these programs.

    Raises UnknownNameError for a name that fits no program, or several, PersonNeededError
    for a mass mailing that was not allowed, ConfigError for a template that cannot be used;
    then nothing was written.
    """
    with ws.store.begin() as tx:
        composer = ws.composer(tx)
        situation = composer.situation
        only = None if names is None else {find_program(composer.programs, x).id for x in names}
        plan = composer.plan
        everyone = plan.decisions
        decisions = [d for d in everyone if only is None or d.program.id in only]
        if not allow_mass:
            refuse_mass_mailing(composer, everyone, {d.program.id for d in decisions})
        report = DraftReport(resend=plan.resend)
        waiting = list_letters(tx, states=DUE)
        find_void = partial(why_void, composer)
        report.voided = void_changed(tx, situation, waiting, find_void, command="draft")
        applicant = situation.applicant
        number = get_applicant_id(tx, applicant.aamc_id, applicant.email)
        letters = list_letters(tx)
        existing = {x.program_id: x for x in letters if x.occasion == situation.occasion}
        former = (x for x in letters if x.occasion != situation.occasion)
        for letter in former:
            if letter.state is LetterState.DRAFT and (only is None or letter.program_id in only):
                _mark_undecided(tx, letter, OTHER_OCCASION, report)
        for count, decision in enumerate(decisions, 1):
            if (found := existing.get(decision.program.id)) is not None:
                _revise(tx, composer, decision, found, report)
            elif decision.verdict is Verdict.EMAIL:
                fresh = composer.draft(decision)
                made = add_draft(tx, number, fresh, at=situation.now, command="draft")
                report.new.append(made)
            if progress is not None:
                progress(count / len(decisions), f"{count} of {len(decisions)}")
        report.others = sum(x.state is not LetterState.DRAFT for x in existing.values())
        drafts = list_letters(tx, states=[LetterState.DRAFT])
        report.letters = [
            x
            for x in drafts
            if x.occasion == situation.occasion and (only is None or x.program_id in only)
        ]
        report.unwanted = [x for x in drafts if x.id in {*report.undecided}]
    return report


def _revise(
    tx: Transaction,
    composer: Composer,
    decision: Decision,
    letter: Letter,
    report: DraftReport,
) -> None:
    """Bring one draft in line with today's decision."""
    if letter.state is not LetterState.DRAFT:
        return
    if decision.verdict is not Verdict.EMAIL:
        # What was found when it was wanted is no news any more: a twin may be merged by now.
        update_letter(tx, letter.id, findings=list(composer.findings_for(letter, decision)))
        _mark_undecided(tx, letter, decision.reasons[0], report)
        return
    fresh = composer.draft_again(letter, decision) if letter.chosen else composer.draft(decision)
    if letter.edited:
        _revise_edited(tx, composer, decision, letter, fresh, report)
        return
    if fresh.content_digest == letter.content_digest and not letter.undecided:
        same = dict(fresh.facts) == dict(letter.facts)
        update_letter(tx, letter.id, findings=list(fresh.findings), rule=fresh.rule)
        if not same:
            update_letter(tx, letter.id, facts=dict(fresh.facts))
        report.unchanged.append(letter.id)
        return
    changes = changed_facts(letter.facts, fresh.facts)
    why = describe_changes(changes) or "the template, the letter or its recipients changed"
    replace_draft(tx, letter, fresh, at=composer.situation.now, why=why)
    report.rerendered.append(letter.id)


def _mark_undecided(tx: Transaction, letter: Letter, why: str, report: DraftReport) -> None:
    update_letter(tx, letter.id, undecided=True, held_because=why)
    report.undecided.append(letter.id)


def _revise_edited(
    tx: Transaction,
    composer: Composer,
    decision: Decision,
    letter: Letter,
    fresh: Draft,
    report: DraftReport,
) -> None:
    """Keep a hand-edited text; mark it stale if its facts have changed."""
    changes = changed_facts(letter.facts, fresh.facts)
    findings = composer.findings_for(letter, decision)
    if not changes:
        update_letter(
            tx, letter.id, findings=findings, undecided=False, stale=False, held_because=None
        )
        report.unchanged.append(letter.id)
        return
    update_letter(
        tx,
        letter.id,
        findings=findings,
        stale=True,
        undecided=False,
        held_because=f"facts changed after your edit: {describe_changes(changes)}",
    )
    report.stale.append(letter.id)


def refuse_mass_mailing(
    composer: Composer, everyone: Sequence[Decision], asked: Collection[int]
) -> None:
    """Raise PersonNeededError if the letters are too many for the list.

    Those that have gone, those that are drafted or wait, and those that would be drafted for
    the programs with the ids `asked`; none that was left out, withdrawn or refused.
    """
    occasion = composer.situation.occasion
    states = {x.program_id: x.state for x in composer.letters if x.occasion == occasion}
    gone = {number for number, state in states.items() if state in GONE}
    planned = {
        d.program.id
        for d in everyone
        if d.verdict is Verdict.EMAIL
        and (d.program.id in asked or d.program.id in states)
        and states.get(d.program.id) not in REOPENABLE
    }
    raise_if_mass(composer.situation, composer.programs, gone | planned)
