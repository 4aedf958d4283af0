"""`logout`: the SMTP secret is taken out of the system keyring."""

from __future__ import annotations

import click

from planner.cli import show
from planner.cli.app import answers_json, asks_json, emit, say
from planner.errors import ExitCode
from planner.wiring import Workspace


@click.command("logout", epilog="Example: planner logout")
@answers_json
@click.pass_obj
def logout_command(ws: Workspace) -> ExitCode:
    """Take the SMTP password out of the system keyring."""
    from planner import credentials

    credentials.store_secret(ws.settings, None)
    text = f"Nothing is stored for {ws.settings.account.key} now."
    say(show.wrapped(text, hanging="  "))
    if asks_json():
        emit({"account": ws.settings.account.key, "stored": False})
    return ExitCode.OK
