"""The plan: every program with its decision, in the order in which letters would go.

The flow: a `Situation` (applicant, calendars, thresholds, moment) and the programs become
cases; the decision table decides each case; and each `email` passes three last looks (contact
policy, address, same address).  They are in plan order, because the first program gets a
shared address.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import takewhile
from typing import NamedTuple

from planner.errors import UnknownNameError
from planner.rules.case import Case
from planner.rules.choice import letter_for
from planner.rules.facts import (
    AddressChoice,
    Category,
    LetterKind,
    Occasion,
    OccasionKind,
    Phase,
    Program,
    Service,
    Status,
    Verdict,
)
from planner.rules.holds import holds
from planner.rules.last_looks import LAST_LOOKS, Taken
from planner.rules.mass_mailing import MassMailing, count_mass
from planner.rules.plan_warnings import warnings
from planner.rules.reactions import expected_reaction
from planner.rules.reasons import reasons
from planner.rules.recipients import addresses, fold_address, recipients
from planner.rules.resending import unsent_services
from planner.rules.situation import Backdrops, Situation, case_for
from planner.rules.states import DELIVERED, FROZEN, GONE, WITHDRAWN, LetterState
from planner.rules.targeting import Rule, deciding_rule
from planner.rules.tracks import called


class LetterFact(NamedTuple):
    """What a plan needs to know about an existing letter."""

    id: int
    program_id: int
    program: str
    occasion: Occasion
    kind: LetterKind
    state: LetterState
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str = ""
    message_id: str = ""
    sent_on: date | None = None


class Decision(NamedTuple):
    """The decision about one program.

    `rule` is the name of what decided; `hit` is the row of the table; `turned` says why a
    last look decided otherwise, or is ""; `letter` is the kind to write if `verdict` is email.
    """

    program: Program
    case: Case
    verdict: Verdict
    rule: str
    hit: Rule
    turned: str = ""
    letter: LetterKind | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Everything that applied, in sentences; what decided comes first."""
        found = reasons(self.case, self.hit)
        return (self.turned, *found) if self.turned else tuple(found)

    @property
    def held_by(self) -> tuple[str, ...]:
        """What speaks against a letter, and a person must settle before one leaves.

        It counts whether or not there is to be a letter now: a later plan may want one.
        """
        return holds(self.case)

    @property
    def expected_reaction(self) -> str:
        """How such a reader usually reacts to the letter; "" without a letter."""
        return expected_reaction(self.case) if self.verdict is Verdict.EMAIL else ""

    @property
    def underlying(self) -> str:
        """The rule of the table, even if a last look decided otherwise."""
        return self.hit.id

    @property
    def phase(self) -> Phase:
        """The phase that the decision was made in."""
        return self.case.phase

    @property
    def category(self) -> Category | None:
        """The score category; None while the score is pending."""
        return self.case.assessment.category if self.case.assessment else None


class Decisions(dict[int, Decision]):
    """Decisions by program id."""

    def __missing__(self, program: int) -> Decision:
        """Raise UnknownNameError; a letter may belong to a program that is out of the list."""
        raise UnknownNameError(
            f"Program #{program} is not in your list: you took it off, or merged it with another.",
            code="retired_program",
            program=program,
        )


class Plan(NamedTuple):
    """All decisions in plan order, and warnings for the user.

    `mass` counts the letters of the plan and those that have left; `resend` are the services
    through which the new score must still be re-sent.
    """

    date: date
    season: int
    decisions: tuple[Decision, ...]
    warnings: tuple[str, ...] = ()
    mass: MassMailing = MassMailing(0, 0, 0)
    resend: tuple[Service, ...] = ()

    def of(self, verdict: Verdict) -> tuple[Decision, ...]:
        """Return the decisions with this verdict, in plan order."""
        return tuple(d for d in self.decisions if d.verdict is verdict)

    def by_program(self) -> Decisions:
        """Return the decisions by program id; raises UnknownNameError if one is not listed."""
        return Decisions((d.program.id, d) for d in self.decisions)


def decide(
    case: Case, *, choice: AddressChoice, taken: Taken, copied: Iterable[str] = ()
) -> Decision:
    """Decide about one program: by the table, then by three last looks at any `email`."""
    hit = deciding_rule(case)
    decided = partial(
        Decision,
        program=case.program,
        case=case,
        hit=hit,
    )
    if hit.verdict is not Verdict.EMAIL:
        return decided(verdict=hit.verdict, rule=hit.id)
    to, cc = recipients(reachable(case), choice, copied)
    for look in LAST_LOOKS:
        if why := look.why(case, hit, to, taken):
            return decided(verdict=look.verdict, rule=look.rule, turned=why)
    return decided(verdict=hit.verdict, rule=hit.id, letter=letter_for(case, hit.id), to=to, cc=cc)


def reachable(case: Case) -> Program:
    """The program with the addresses that may be written to now."""
    return replace(case.program, director_email="") if case.coordinator_only else case.program


# The order of letters.  If several programs share an address, the first of them gets it.
PLAN_ORDER: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("those that ask", lambda c: c.asks),
    ("interviewed", lambda c: c.interviewed),
    ("on hold", lambda c: c.on_hold),
    ("favorites", lambda c: c.top),
    ("connection", lambda c: c.connected),
    ("the rest", lambda _: True),
)


def plan_rank(case: Case) -> int:
    """Return the rank of a program in the order of letters; lower goes first."""
    return next(rank for rank, (_, holds) in enumerate(PLAN_ORDER) if holds(case))


def plan_key(case: Case) -> tuple[int, str, int]:
    """Return the sort key of the plan order: rank, then name, then id."""
    return plan_rank(case), case.program.program.casefold(), case.program.id


def ordered_cases(
    situation: Situation, programs: Sequence[Program], letters: Iterable[LetterFact] = ()
) -> list[Case]:
    """Return one case for each program, in plan order."""
    known = tuple(letters)
    list_size = sum(p.status is not Status.NOT_APPLIED for p in programs)
    present = situation.occasion
    own = {f.program_id: f for f in known if f.occasion == present}
    kept = promised_by(known, present)
    backdrops = Backdrops(situation)
    cases = (
        case_for(
            backdrops,
            program,
            list_size=list_size,
            own_letter=mine.state if (mine := own.get(program.id)) else None,
            sent_on=mine.sent_on if mine else None,
            promised=program.id in kept,
        )
        for program in programs
    )
    return sorted(cases, key=plan_key)


def promised_by(letters: Iterable[LetterFact], occasion: Occasion) -> dict[int, LetterFact]:
    """Return the delivered `score_pending` letters of the same season and attempt, by program."""
    if occasion.kind is OccasionKind.PENDING:
        return {}
    before = replace(occasion, kind=OccasionKind.PENDING)
    return {
        f.program_id: f
        for f in letters
        if f.occasion == before and f.state in DELIVERED and f.kind is LetterKind.SCORE_PENDING
    }


def make_plan(
    situation: Situation, programs: Sequence[Program], letters: Iterable[LetterFact] = ()
) -> Plan:
    """Decide about every program, in plan order.

    `letters` are the existing ones; to judge a letter that is about to leave, omit its own
    row.  A letter that was left out or cancelled does not block its address for others; a
    refused one does.  Nobody is copied on two letters, frozen ones included.  Raises
    ConfigError if a match has no calendar.
    """
    known = tuple(letters)
    present = [f for f in known if f.occasion == situation.occasion]
    taken, copied = _addresses_gone(present)
    withdrawn = {f.program_id for f in present if f.state in WITHDRAWN}
    decisions = []
    frozen = {fold_address(a): f.program_id for f in present if f.state in FROZEN for a in f.cc}
    for case in ordered_cases(situation, programs, known):
        mine = (fold_address(address) for address in addresses(case.program))
        elsewhere = {
            a for a in mine if a in copied or frozen.get(a, case.program.id) != case.program.id
        }
        decision = decide(case, choice=situation.address, taken=taken, copied=elsewhere)
        decisions.append(decision)
        if decision.verdict is Verdict.EMAIL and case.program.id not in withdrawn:
            taken[fold_address(decision.to[0])] = called(case.program)
            copied.update(map(fold_address, (*decision.to, *decision.cc)))
    return Plan(
        date=situation.today,
        season=situation.season,
        decisions=tuple(decisions),
        warnings=tuple(warnings(situation, [d.case for d in decisions])),
        mass=_mass(situation, decisions, [f for f in present if f.state in GONE], withdrawn),
        resend=unsent_services(situation, [d.case for d in decisions]),
    )


def _mass(
    situation: Situation,
    decisions: Sequence[Decision],
    gone: Iterable[LetterFact],
    withdrawn: Collection[int],
) -> MassMailing:
    """What the letters that are gone and those of the plan come to."""
    planned = {d.program.id for d in decisions if d.verdict is Verdict.EMAIL}
    letters = (planned - set(withdrawn)) | {f.program_id for f in gone}
    return count_mass([d.case for d in decisions], letters, situation.thresholds.mass_limit)


def taken_before(plan: Plan, program_id: int, letters: Iterable[LetterFact]) -> dict[str, str]:
    """Return the To addresses that earlier programs had when this program was decided."""
    decision = plan.by_program()[program_id]
    occasion = decision.case.applicant.occasion(plan.season)
    present = [f for f in letters if f.occasion == occasion]
    taken, _ = _addresses_gone(f for f in present if f.program_id != program_id)
    withdrawn = {f.program_id for f in present if f.state in WITHDRAWN}
    for decision in takewhile(lambda d: d.program.id != program_id, plan.decisions):
        if decision.verdict is Verdict.EMAIL and decision.program.id not in withdrawn:
            taken[fold_address(decision.to[0])] = called(decision.program)
    return taken


def _addresses_gone(present: Iterable[LetterFact]) -> tuple[dict[str, str], set[str]]:
    """Return the addresses that letters of this occasion went to: (To, To and Cc)."""
    gone = [f for f in present if f.state in GONE]
    taken = {fold_address(x): f"#{f.program_id} {f.program}" for f in gone for x in f.to}
    return taken, {fold_address(a) for f in gone for a in (*f.to, *f.cc)}
