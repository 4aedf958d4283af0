"""`login`: the SMTP secret goes into the system keyring."""

from __future__ import annotations

import sys

import click

from planner.cli.app import say
from planner.errors import ConfigError, ExitCode
from planner.wiring import Workspace


@click.command("login", epilog="Example: planner login")
@click.pass_obj
def login_command(ws: Workspace) -> ExitCode:
    """Put the SMTP password (or token) into the system keyring."""
    from planner import credentials

    if not sys.stdin.isatty():
        raise ConfigError(
            "planner login asks for the secret on a terminal.",
            hint=f"In scripts use smtp.password_command or ${credentials.SECRET_VARIABLE}.",
        )
    credentials.refuse_without_keyring()
    who = f"{ws.settings.account.username} at {ws.settings.account.host}"
    credentials.store_secret(ws.settings, click.prompt(f"Password of {who}", hide_input=True))
    say(f"Stored for {who}.\n  -> planner doctor tries it")
    return ExitCode.OK
