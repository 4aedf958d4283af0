"""`login`: the SMTP secret goes into the system keyring."""

from __future__ import annotations

import sys

import click

from planner.cli import show
from planner.cli.app import answers_json, asks_json, emit, say
from planner.errors import ConfigError, ExitCode
from planner.wiring import Workspace


@click.command("login", epilog="Example: planner login")
@answers_json
@click.pass_obj
def login_command(ws: Workspace) -> ExitCode:
    """Put the SMTP password (or token) into the system keyring."""
    from planner import credentials

    if not sys.stdin.isatty():
        raise ConfigError(
            "planner login asks for the secret on a terminal.",
            hint=f"In scripts use smtp.password_command or ${credentials.SECRET_VARIABLE}.",
        )
    credentials.refuse_without_keyring(ws.settings)
    who = f"{ws.settings.account.username} at {ws.settings.account.host}"
    credentials.store_secret(
        ws.settings, click.prompt(f"Password of {who}", hide_input=True, err=asks_json())
    )
    say(show.wrapped(f"Stored for {who}.", hanging="  ") + "\n  -> planner doctor tries it")
    if asks_json():
        emit({"account": ws.settings.account.key, "stored": True})
    return ExitCode.OK
