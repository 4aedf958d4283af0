"""`assess`: what the score is worth, by specialty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, say
from planner.cli.pager import paged
from planner.errors import ExitCode
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.plan import Assessed


@click.command("assess", epilog='Example: planner assess IM "General Surgery"')
@click.argument("specialty", nargs=-1)
@json_option
@click.pass_obj
@paged
def assess_command(ws: Workspace, specialty: tuple[str, ...], as_json: bool) -> ExitCode:
    """Say what your score is worth, with the row that decided and the numbers.

    Without SPECIALTY: every specialty on your list, or all of them while it is empty.
    """
    found = steps.plan.assess_specialties(ws, specialty)
    if as_json:
        emit({"assessments": [_assessment_document(a) for a in found]})
        return ExitCode.OK
    if ws.settings.applicant.step2.pending:
        say("The score is pending (no step2_ck.score in the config); the bars are:\n")
        rows = [(a.specialty.name, a.specialty.tier, a.bar) for a in found]
        say(show.table(rows, ("SPECIALTY", "TIER", "BAR")) + "\n")
    for assessed in () if ws.settings.applicant.step2.pending else found:
        say(_assessment_text(assessed))
    say(show.wrapped(BARS))
    return ExitCode.OK


BARS = (
    "The bars are the guide's, and move from cycle to cycle: set [rules] bar_competitive,"
    " bar_moderate or bar_standard in config.toml, or the tier of one specialty."
    " planner rules score shows every row and number."
)


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
