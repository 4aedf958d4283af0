"""`cancel`: letters are withdrawn."""

from __future__ import annotations

import click

from planner import steps
from planner.cli.app import answers_json, letter_numbers, several_letters
from planner.cli.outcomes import report
from planner.errors import ExitCode
from planner.wiring import Workspace


@click.command("cancel", epilog="Example: planner cancel 8")
@several_letters
@answers_json
@click.pass_obj
def cancel_command(ws: Workspace, ids: tuple[str, ...]) -> ExitCode:
    """Withdraw letters that are approved, deferred or refused."""
    return report(steps.actions.cancel(ws, letter_numbers(ids)), "cancelled")
