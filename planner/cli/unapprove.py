"""`unapprove`: approvals are taken back."""

from __future__ import annotations

import click

from planner import steps
from planner.cli.app import answers_json, letter_numbers, several_letters
from planner.cli.outcomes import report
from planner.errors import ExitCode
from planner.wiring import Workspace


@click.command("unapprove", epilog="Example: planner unapprove 3,7-12")
@several_letters
@answers_json
@click.pass_obj
def unapprove_command(ws: Workspace, ids: tuple[str, ...]) -> ExitCode:
    """Take approvals back: the letters are drafts again."""
    return report(steps.actions.unapprove(ws, letter_numbers(ids)), "a draft again")
