"""`doctor`: is everything as it should be?"""

from __future__ import annotations

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, say
from planner.cli.hints import hint_of
from planner.errors import ExitCode, worst
from planner.wiring import Workspace, greet


@click.command("doctor", epilog="Example: planner doctor --offline")
@click.option("--offline", is_flag=True, help="Do not connect to the mail server.")
@json_option
@click.pass_obj
def doctor_command(ws: Workspace, offline: bool, as_json: bool) -> ExitCode:
    """Check config, database, letters, transcript dates, mail server.  Sends nothing."""
    from planner.cli.hints.smtp import hint_for

    settings, check = ws.settings, steps.doctor.Check
    greeting = None if offline else (lambda: greet(settings, hint_for))
    found = steps.doctor.examine(
        ws, account=settings.account, pace=settings.pace, greeting=greeting
    )
    checks = [check("config", ok=True, text=str(settings.path)), *found]
    if offline:
        text = "not asked, nor the password looked up (--offline)"
        checks.append(check(steps.doctor.MAIL_SERVER, ok=True, text=text))
    if as_json:
        told = [{"name": c.name, "ok": c.ok, "text": c.text, "hint": hint_of(c)} for c in checks]
        emit({"checks": told})
    for one in checks:
        word = show.colored("ok", "ok    ") if one.ok else show.colored("failed", "FAILED")
        say(f"{word} {one.name}", as_json=as_json)
        say(show.wrapped(one.text, indent="         "), as_json=as_json)
        if hint := hint_of(one):
            say(show.wrapped(f"-> {hint}", indent="       "), as_json=as_json)
    return worst(one.exit_code for one in checks)
