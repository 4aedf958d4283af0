"""`assess`, `plan` and `why`: what the rule book says; they write nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from planner.cli import show
from planner.cli.app import App, emit, json_option, say, what_if
from planner.cli.hints import advice_on
from planner.errors import ExitCode
from planner.rules.facts import Verdict
from planner.rules.planning import Decision, Plan
from planner.steps import plan as steps
from planner.steps.plan import Assessed

HEADINGS = {
    Verdict.EMAIL: "Write to",
    Verdict.UPDATE_ONLY: "Keep the application service current, write nothing",
    Verdict.EXCLUDED: "Leave out",
}


@click.command("assess", epilog='Example: planner assess IM "General Surgery"')
@click.argument("specialty", nargs=-1)
@json_option
@click.pass_obj
def assess_command(app: App, specialty: tuple[str, ...], as_json: bool) -> ExitCode:
    """Say what your score is worth, with the row that decided and the numbers.

    Without SPECIALTY: every specialty on your list, or all of them while it is empty.
    """
    found = steps.assessments(app.store, app.situation(), specialty)
    if as_json:
        emit({"assessments": [_assessment_document(a) for a in found]})
        return ExitCode.OK
    if app.settings.applicant.step2.pending:
        say("The score is pending (no step2_ck.score in the config); the bars are:\n")
        rows = [(a.specialty.name, a.specialty.tier, a.bar) for a in found]
        say(show.table(rows, ("SPECIALTY", "TIER", "BAR")))
        return ExitCode.OK
    for assessed in found:
        say(_assessment_text(assessed))
    return ExitCode.OK


def _assessment_document(a: Assessed) -> dict[str, Any]:
    known = a.assessment
    return {
        "specialty": a.specialty.name,
        "tier": a.specialty.tier,
        "bar": a.bar,
        "category": known.category if known else None,
        "value": known.value if known else None,
        "row": known.row if known else None,
        "scenarios": list(a.scenarios),
        "helps": known.helps if known else False,
        "reasons": list(known.reasons) if known else ["The score is pending."],
    }


def _assessment_text(a: Assessed) -> str:
    known = a.assessment
    if known is None:
        return f"{a.specialty.name}: pending"
    helps = "a letter may help" if known.helps else "a letter does not help by itself"
    title = f"{a.specialty.name}: {known.category} ({known.value} of 5), {helps}"
    scenarios = [f"Scenarios: {', '.join(a.scenarios)}."] if a.scenarios else []
    return f"{title}\n{show.bullets([*known.reasons, *scenarios])}\n"


@click.command("plan", epilog="Example: planner plan --date 2026-12-15")
@what_if
@json_option
@click.pass_obj
def plan_command(app: App, day: date | None, phase: str | None, as_json: bool) -> ExitCode:
    """Say whom to write to today, whom not, and why.  Writes nothing."""
    made = steps.plan(app.store, app.situation(day=day, phase=phase))
    if as_json:
        emit(plan_document(made))
        return ExitCode.OK
    say(_plan_text(made))
    return ExitCode.OK


def plan_document(plan: Plan) -> dict[str, Any]:
    """The JSON document of a plan."""
    return {
        "date": plan.date.isoformat(),
        "season": plan.season,
        "programs": [decision_document(d) for d in plan.decisions],
        "totals": {verdict.value: len(plan.of(verdict)) for verdict in Verdict},
        "warnings": [*plan.warnings, *_advice(plan)],
    }


def _advice(plan: Plan) -> list[str]:
    return [advice for decision in plan.decisions for advice in advice_on(decision.case)]


def decision_document(d: Decision) -> dict[str, Any]:
    """The JSON object of one decision."""
    return {
        "id": d.program.id,
        "program": d.program.program,
        "acgme_id": d.program.acgme_id,
        "specialty": d.program.specialty,
        "phase": d.phase,
        "category": d.category,
        "decision": d.verdict,
        "rule": d.rule,
        "letter": d.letter,
        "to": list(d.to),
        "cc": list(d.cc),
        "reasons": [*d.reasons, *advice_on(d.case)],
        "expected_reaction": d.expected_reaction,
    }


def _plan_text(plan: Plan) -> str:
    if not plan.decisions:
        return "No programs yet.\n  -> planner import FILE brings in your list."
    parts = [
        f"Plan for {plan.date} (season {plan.season}), {show.plural(len(plan.decisions), 'program')}"
    ]
    parts += [show.wrapped(f"Note: {w}", hanging="  ") for w in plan.warnings]
    parts += [show.wrapped(f"-> {a}", indent="  ", hanging="     ") for a in _advice(plan)]
    for verdict in Verdict:
        parts.append(_group(verdict, plan.of(verdict)))
    orphans = [d for d in plan.decisions if d.rule == "no_address"]
    if orphans:
        names = ", ".join(d.program.program for d in orphans)
        parts.append(show.wrapped(f"Worth finding an address: {names}", hanging="  "))
    parts.append("planner why PROGRAM tells the whole story of one; planner draft writes.")
    return "\n\n".join(parts)


def _group(verdict: Verdict, decisions: tuple[Decision, ...]) -> str:
    lines = [show.coloured(verdict, f"{HEADINGS[verdict]}: {len(decisions)}")]
    if verdict is Verdict.EMAIL:
        lines += [_letter_lines(d) for d in decisions]
    else:
        lines += _lines_by_reason(decisions)
    return "\n".join(lines)


def _letter_lines(d: Decision) -> str:
    title = f"  #{d.program.id} {d.program.program} ({d.program.specialty}) [{d.letter}]"
    return "\n".join(
        [
            show.clipped_keeping_indent(title, show.width()),
            show.wrapped(f"{d.rule}: {d.reasons[0]}", indent="      "),
            show.wrapped(f"reaction: {d.expected_reaction}", indent="      "),
        ]
    )


def _lines_by_reason(decisions: tuple[Decision, ...]) -> list[str]:
    """Programs with the very same reason stand together, so that the reason is said once."""
    together: dict[tuple[str, str], list[Decision]] = {}
    for d in decisions:
        together.setdefault((d.rule, d.reasons[0]), []).append(d)
    lines = []
    for (rule, reason), same in together.items():
        lines.append(show.wrapped(f"{rule}: {reason}", indent="  ", hanging="    "))
        names = "; ".join(f"#{d.program.id} {d.program.program}" for d in same)
        lines.append(show.wrapped(names, indent="      "))
    return lines


@click.command("why", epilog='Example: planner why "Mercy General" --date 2027-01-15')
@click.argument("program")
@what_if
@json_option
@click.pass_obj
def why_command(
    app: App, program: str, day: date | None, phase: str | None, as_json: bool
) -> ExitCode:
    """Tell everything about one program's decision, and what would change it.

    PROGRAM is an ACGME ID, an NRMP code, a row number, or a part of the name.
    """
    story = steps.why(app.store, app.situation(day=day, phase=phase), program)
    if as_json:
        emit(_story_document(story))
        return ExitCode.OK
    say(story_text(story))
    return ExitCode.OK


def _story_document(story: steps.Story) -> dict[str, Any]:
    return {
        **decision_document(story.decision),
        "trace": [
            {
                "number": row.number,
                "rule": row.rule,
                "in_phase": row.in_phase,
                "holds": row.holds,
                "decides": row.decides,
                "decision": row.verdict,
                "text": row.text,
            }
            for row in story.trace
        ],
        "would_change": [
            {"change": t.change, "decision": t.verdict, "rule": t.rule} for t in story.would_change
        ],
    }


def story_text(story: steps.Story) -> str:
    """Everything about one decision, for the terminal."""
    d = story.decision
    p = d.program
    codes = ", ".join(filter(None, (p.specialty, p.acgme_id, p.nrmp_code, p.city, p.state)))
    answer = f"{d.verdict} by rule {d.rule}" + (f", letter {d.letter}" if d.letter else "")
    parts = [show.wrapped(f"#{p.id} {p.program} ({codes})"), show.coloured(d.verdict, answer)]
    if d.to:
        parts.append(f"To {', '.join(d.to)}" + (f"; Cc {', '.join(d.cc)}" if d.cc else ""))
    parts += [
        "",
        "Why:",
        show.bullets([*d.reasons, *advice_on(d.case)]),
        f"  - Expected reaction: {d.expected_reaction}.",
    ]
    parts += ["", "The table, as far as its rows apply in this phase:"]
    for row in story.trace:
        if row.in_phase:
            mark = "=>" if row.decides else ("+ " if row.holds else "  ")
            parts.append(f"  {mark} {row.number:>2} {row.rule:<22} {row.verdict}")
        if row.decides:
            break
    turns = [f"{t.change} -> {t.verdict} ({t.rule})" for t in story.would_change]
    parts += ["", "What would change it:", show.bullets(turns or ["Nothing that is near."])]
    return "\n".join(parts)
