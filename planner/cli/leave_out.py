"""`leave-out`: a no to drafts, and the way back."""

from __future__ import annotations

import click

from planner import steps
from planner.cli.app import answers_json, letter_numbers, several_letters
from planner.cli.outcomes import report
from planner.errors import ExitCode
from planner.wiring import Workspace


@click.command("leave-out", epilog="Example: planner leave-out 5")
@several_letters
@click.option("--undo", is_flag=True, help="Bring back letters that were left out.")
@answers_json
@click.pass_obj
def leave_out_command(ws: Workspace, ids: tuple[str, ...], undo: bool) -> ExitCode:
    """Say no to drafts: they stay in the outbox and are not sent."""
    numbers = letter_numbers(ids)
    if undo:
        return report(steps.actions.reopen(ws, numbers), "a draft again")
    return report(steps.actions.leave_out(ws, numbers), "left out")
