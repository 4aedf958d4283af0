"""`plan`: whom to write to today, whom to leave out, and why; it writes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, say, what_if
from planner.cli.documents import decision_document
from planner.cli.hints import advice_on
from planner.cli.hints.plans import mass_advice, step_zero
from planner.cli.pager import paged
from planner.errors import ExitCode
from planner.rules.facts import Phase, Verdict
from planner.rules.planning import Decision, Plan
from planner.rules.reactions import TEMPERED
from planner.rules.states import WITHDRAWN
from planner.rules.tracks import called
from planner.wiring import Workspace

HEADINGS = {
    Verdict.EMAIL: "Write to",
    Verdict.UPDATE_ONLY: "No letter, but keep your application current",
    Verdict.EXCLUDED: "Leave out",
}


@click.command("plan", epilog="Example: planner plan --date 2026-12-15")
@what_if
@json_option
@click.pass_obj
@paged
def plan_command(ws: Workspace, day: date | None, phase: Phase | None, as_json: bool) -> ExitCode:
    """Say whom to write to today, whom to leave out, and why.  Writes nothing."""
    made = steps.plan.plan(ws, day=day, phase=phase)
    if as_json:
        emit(_document(made))
        return ExitCode.OK
    say(_plan_text(made))
    return ExitCode.OK


def _document(plan: Plan) -> dict[str, Any]:
    """The JSON document of a plan."""
    return {
        "date": plan.date.isoformat(),
        "season": plan.season,
        "programs": [decision_document(d) for d in plan.decisions],
        "totals": {verdict.value: len(plan.of(verdict)) for verdict in Verdict},
        "warnings": [*plan.warnings, *mass_advice(plan), *_advice(plan)],
        "step_zero": step_zero(plan.resend),
    }


def _advice(plan: Plan) -> list[str]:
    return advice_on(*(decision.case for decision in plan.decisions))


def _plan_text(plan: Plan) -> str:
    if not plan.decisions:
        return "No programs yet.\n  -> planner import FILE brings in your list."
    parts = [
        f"Plan for {plan.date} (season {plan.season}), {show.plural(len(plan.decisions), 'program')}"
    ]
    parts += show.first_step(plan.resend)
    parts += [show.wrapped(f"Note: {w}", hanging="  ") for w in plan.warnings]
    parts += [show.wrapped(text, hanging="  ") for text in mass_advice(plan)]
    parts += [show.wrapped(f"-> {a}", indent="  ", hanging="     ") for a in _advice(plan)]
    for verdict in Verdict:
        parts.append(_group(verdict, plan.of(verdict)))
    if any(d.held_by for d in plan.decisions if d.verdict is not Verdict.EMAIL):
        parts.append(show.wrapped(show.unbroken(show.HELD_MEANS), hanging="  "))
    orphans = [d for d in plan.decisions if d.rule == "no_address"]
    if orphans:
        names = ", ".join(d.program.program for d in orphans)
        parts.append(show.wrapped(f"Worth finding an address: {names}", hanging="  "))
    parts.append("planner why PROGRAM explains one in full; planner draft writes the letters.")
    return "\n\n".join(parts)


def _group(verdict: Verdict, decisions: tuple[Decision, ...]) -> str:
    lines = [show.colored(verdict, f"{HEADINGS[verdict]}: {len(decisions)}")]
    if verdict is Verdict.EMAIL:
        lines += [_letter_lines(d) for d in decisions]
        lines += [show.wrapped(TEMPERED, indent="  ")] if decisions else []
    else:
        lines += _lines_by_reason(decisions)
    return "\n".join(lines)


def _letter_lines(d: Decision) -> str:
    title = f"{called(d.program)} [{d.letter}]"
    notes = [f"{d.rule}: {d.reasons[0]}", f"reaction: {d.expected_reaction}"]
    if (state := d.case.own_letter) in WITHDRAWN:
        notes.append(f"You took its letter out ({state}): planner leave-out --undo brings it back.")
    notes += [f"held until you decide: {note}" for note in d.held_by]
    head = show.wrapped(title, indent="  ", hanging="      ")
    return "\n".join([head, *(show.wrapped(note, indent="      ") for note in notes)])


def _lines_by_reason(decisions: tuple[Decision, ...]) -> list[str]:
    """Group programs with exactly the same reason, so that the reason is shown once."""
    together: dict[tuple[str, str], list[Decision]] = {}
    for d in decisions:
        together.setdefault((d.rule, d.reasons[0]), []).append(d)
    lines = []
    for (rule, reason), same in together.items():
        lines.append(show.wrapped(f"{rule}: {reason}", indent="  ", hanging="    "))
        names = "; ".join(
            f"#{d.program.id} {show.marked(d.program.program, held=bool(d.held_by))}" for d in same
        )
        lines.append(show.wrapped(names, indent="      "))
    return lines
