"""Makes today's plan and explains one program's decision; writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from planner.errors import UnknownNameError
from planner.rules.case import ASKING
from planner.rules.facts import Phase, Program, Scenario, Specialty
from planner.rules.planning import Decision, Plan, make_plan, taken_before
from planner.rules.reasons import TraceRow, trace
from planner.rules.score import Assessment, assess
from planner.rules.situation import Situation
from planner.rules.specialties import fold
from planner.rules.what_if import Turn, would_change
from planner.sheets.parsers.codes import clean_code
from planner.steps.workspace import Workspace
from planner.store import programs
from planner.store.letters import list_letter_facts


@dataclass(frozen=True, slots=True)
class Story:
    """Everything about one decision: the trace, and what would change it."""

    decision: Decision
    trace: tuple[TraceRow, ...]
    would_change: tuple[Turn, ...]


def plan(ws: Workspace, *, day: date | None = None, phase: Phase | None = None) -> Plan:
    """Decide every program as of now, or of noon of `day` and in `phase`."""
    situation = ws.situation(day=day, phase=phase)
    with ws.store.read() as tx:
        return make_plan(situation, programs.list_programs(tx), list_letter_facts(tx))


def explain(
    ws: Workspace, name: str, *, day: date | None = None, phase: Phase | None = None
) -> Story:
    """Explain one program's decision: the trace, and what would change it.

    Raises UnknownNameError for a name that fits no program, or several.
    """
    situation = ws.situation(day=day, phase=phase)
    with ws.store.read() as tx:
        everything, letters = programs.list_programs(tx), list_letter_facts(tx)
    chosen = find_program(everything, name)
    made = make_plan(situation, everything, letters)
    decision = made.by_program()[chosen.id]
    taken = taken_before(made, chosen.id, letters)
    return Story(
        decision=decision,
        trace=trace(decision.case),
        would_change=would_change(decision, choice=situation.address, taken=taken),
    )


# As hints and help have it; typed as it stands, it would fit any "... Residency Program".
PLACEHOLDER = "PROGRAM"


def find_program(everything: Sequence[Program], name: str, *, among: str = "") -> Program:
    """The program that PROGRAM means: an ACGME ID, an NRMP code, a row id, part of a name.

    `among` says which programs these are, where they are not the list.  Raises
    UnknownNameError for none, or several.
    """
    text, key = name.strip(), clean_code(name)
    if text == PLACEHOLDER:
        raise UnknownNameError(
            f"{PLACEHOLDER} stands for a program: its number, its ACGME ID or a part of its name.",
            code="unknown_program",
        )
    exact = [p for p in everything if key and key in (p.acgme_id, p.nrmp_code)]
    exact = exact or [p for p in everything if text.removeprefix("#") == str(p.id)]
    exact = exact or [p for p in everything if p.program.casefold() == text.casefold()]
    found = exact or [p for p in everything if fold(text) and fold(text) in _names(p)]
    if len(found) == 1:
        return found[0]
    if not found:
        which = f"No program {among}" if among else "No program"
        raise UnknownNameError(
            f'{which} fits "{name}".{_meant(everything, name)}',
            code="unknown_program",
        )
    listed = "; ".join(f"#{p.id} {p.program}, {p.specialty}" for p in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    raise UnknownNameError(
        f'"{name}" fits {len(found)} programs: {listed}{more}.',
        hint="Use the number, an ACGME ID or an NRMP code.",
        code="ambiguous_program",
    )


def _meant(everything: Sequence[Program], name: str) -> str:
    """The program that was probably meant, by its number; empty without a guess."""
    from rapidfuzz import fuzz, process

    names = {p.id: fold(p.program) for p in everything}
    near = process.extractOne(fold(name), names, scorer=fuzz.WRatio, score_cutoff=NEAR)
    if near is None:
        return ""
    found = next(p for p in everything if p.id == near[2])
    return f" Did you mean #{found.id} {found.program}?"


NEAR = 75  # percent


def _names(program: Program) -> str:
    return f"{fold(program.program)} {fold(program.institution)}"


@dataclass(frozen=True, slots=True)
class Assessed:
    """The score for one specialty; `assessment` is None while the score is pending."""

    specialty: Specialty
    bar: int
    assessment: Assessment | None
    scenarios: tuple[Scenario, ...]


def assess_specialties(ws: Workspace, names: Iterable[str] = ()) -> tuple[Assessed, ...]:
    """The score for each named specialty, else for those of the programs, else for all.

    Raises UnknownNameError for a specialty that is not known.
    """
    situation = ws.situation()
    with ws.store.read() as tx:
        everything = programs.list_programs(tx)
    asking = {situation.specialty_of(p).name for p in everything if p.step2_policy in ASKING}
    wanted = [_specialty(situation, name) for name in names]
    wanted = wanted or sorted(
        {situation.specialty_of(p).name: situation.specialty_of(p) for p in everything}.values(),
        key=lambda s: s.name,
    )
    return tuple(
        _assessed(situation, specialty, asked=specialty.name in asking)
        for specialty in wanted or situation.specialties.all
    )


def _specialty(situation: Situation, name: str) -> Specialty:
    found = situation.specialties.named(name)
    if found is None:
        raise UnknownNameError(
            f'No specialty is called "{name}".{situation.specialties.guess(name)}',
            code="unknown_specialty",
        )
    return found


def _assessed(situation: Situation, specialty: Specialty, *, asked: bool) -> Assessed:
    bar = situation.thresholds.bar(specialty.tier)
    if situation.applicant.step2.pending:
        scenarios = {Scenario.ASKED_BY_PROGRAM} if asked else set()
        return Assessed(specialty, bar, None, tuple(scenarios))
    found = assess(situation.applicant, specialty, situation.thresholds)
    held = {*found.scenarios, *({Scenario.ASKED_BY_PROGRAM} if asked else ())}
    return Assessed(specialty, bar, found, tuple(s for s in Scenario if s in held))
