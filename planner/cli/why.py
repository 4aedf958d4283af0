"""`why`: everything about one program's decision, and what would change it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, say, what_if
from planner.cli.documents import decision_document
from planner.cli.hints import advice_on
from planner.cli.pager import paged
from planner.errors import ExitCode
from planner.rules.facts import Phase, Verdict
from planner.rules.tracks import position
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.rules.reasons import TraceRow
    from planner.rules.what_if import Turn
    from planner.steps.plan import Story


@click.command("why", epilog='Example: planner why "Mercy General" --date 2027-01-15')
@click.argument("program")
@what_if
@json_option
@click.pass_obj
@paged
def why_command(
    ws: Workspace, program: str, day: date | None, phase: Phase | None, as_json: bool
) -> ExitCode:
    """Explain one program's decision in full, and what would change it."""
    story = steps.plan.explain(ws, program, day=day, phase=phase)
    if as_json:
        emit(_story_document(story))
        return ExitCode.OK
    say(story_text(story))
    return ExitCode.OK


def _story_document(story: Story) -> dict[str, Any]:
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
                "when": row.when,
                "text": row.text,
            }
            for row in story.trace
        ],
        "would_change": [
            {
                "change": t.change,
                "decision": t.verdict,
                "rule": t.rule,
                "held_by": list(t.held_by),
            }
            for t in story.would_change
        ],
    }


def _row_text(row: TraceRow) -> str:
    mark = "=>" if row.decides else ("+ " if row.holds else "  ")
    text = f"{row.number:>2} {row.when} -> {row.verdict} ({row.rule})"
    return show.wrapped(text, indent=f"  {mark} ", hanging="        ")


def _turn_text(turn: Turn, known: Collection[str]) -> str:
    """What a change would lead to; what would hold its letter is said if it is not `known`."""
    text = f"{turn.change} -> {turn.verdict} ({turn.rule})"
    if not turn.held_by:
        return text
    new = [note for note in turn.held_by if note not in known]
    return f"{text}, but held until you decide" + (f": {'; '.join(new)}" if new else "")


def story_text(story: Story) -> str:
    """Everything about one decision, for the terminal."""
    d = story.decision
    p = d.program
    codes = ", ".join(filter(None, (position(p), p.acgme_id, p.nrmp_code, p.city, p.state)))
    answer = f"{d.verdict} by rule {d.rule}" + (f", letter {d.letter}" if d.letter else "")
    parts = [show.wrapped(f"#{p.id} {p.program} ({codes})"), show.colored(d.verdict, answer)]
    if d.to:
        parts.append(f"To {', '.join(d.to)}" + (f"; Cc {', '.join(d.cc)}" if d.cc else ""))
    parts += [
        "",
        "Why:",
        show.bullets([*d.reasons, *advice_on(d.case)]),
    ]
    if d.expected_reaction:
        parts.append(f"  - Expected reaction: {d.expected_reaction}.")
    if d.held_by:
        title = "Held until you decide:"
        if d.verdict is not Verdict.EMAIL:
            title = "No letter is due, and one would be held until you decide:"
        parts += ["", title, show.bullets(d.held_by)]
    parts += ["", "The table, down to the row that decides (=>), for this phase:"]
    for row in story.trace:
        if row.in_phase:
            parts.append(_row_text(row))
        if row.decides:
            break
    turns = [_turn_text(t, d.held_by) for t in story.would_change]
    parts += ["", "What would change it:", show.bullets(turns or ["Nothing close by."])]
    return "\n".join(parts)
