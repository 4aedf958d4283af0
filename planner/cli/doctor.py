"""`doctor`: is everything as it should be?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner import steps, system
from planner.cli import show
from planner.cli.app import emit, json_option, say
from planner.cli.hints import hint_of
from planner.errors import ExitCode, worst
from planner.wiring import Workspace, greet

if TYPE_CHECKING:
    from planner.steps.doctor import Check


@click.command("doctor", epilog="Example: planner doctor --offline")
@click.option("--offline", is_flag=True, help="Do not connect to the mail server.")
@json_option
@click.pass_obj
def doctor_command(ws: Workspace, offline: bool, as_json: bool) -> ExitCode:
    """Check config, database, letters, transcript dates, mail server.  Sends nothing."""
    from planner.cli.hints.smtp import hint_for

    settings = ws.settings
    greeting = None if offline else (lambda: greet(settings, hint_for))
    found = steps.doctor.examine(
        ws, account=settings.account, pace=settings.pace, greeting=greeting
    )
    checks = [_config(settings.path), *found]
    if offline:
        text = "not contacted, and the password was not looked up (--offline)"
        checks.append(_fine(steps.doctor.MAIL_SERVER, text))
    if as_json:
        told = [{"name": c.name, "ok": c.ok, "text": c.text, "hint": hint_of(c)} for c in checks]
        emit({"checks": told})
    for check in checks:
        say(_text(check), as_json=as_json)
    return worst(check.exit_code for check in checks)


def _config(path: Path) -> Check:
    """The config in use; it holds no secret, but scores and an AAMC ID."""
    if system.is_private(path):
        return _fine("config", str(path))
    text = f"{path}; other users of this computer can read it"
    return steps.doctor.Check(
        "config", ok=True, text=text, hint="Make it private: chmod 600 on it."
    )


def _fine(name: str, text: str) -> Check:
    return steps.doctor.Check(name, ok=True, text=text)


def _text(check: Check) -> str:
    """One check: its name with what was found, and what to do if it is not fine."""
    word = show.colored("ok", "ok    ") if check.ok else show.colored("failed", "FAILED")
    text = show.from_home(check.text)
    lines = [f"{word} {check.name}", show.wrapped(text, indent="         ")]
    if hint := hint_of(check):
        said = f"-> {show.from_home(hint)}"
        lines.append(show.wrapped(said, indent="       ", hanging="          "))
    return "\n".join(lines)
