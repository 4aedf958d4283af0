"""`status`, `doctor`, `login`, `logout`: is everything as it should be?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from planner import wiring
from planner.cli import show
from planner.cli.app import App, emit, json_option, say
from planner.cli.hints.checks import BLOCKS
from planner.errors import ConfigError, ExitCode, worst

if TYPE_CHECKING:
    from planner.steps.status import Status


@click.command("status", epilog="Example: planner status --json")
@json_option
@click.pass_obj
def status_command(app: App, as_json: bool) -> ExitCode:
    """Count programs and letters, say what blocks, and what to type next."""
    from planner.steps import status as steps

    settings = app.settings
    found = steps.status(app.store, app.situation(), account=app.account, pace=settings.pace)
    if as_json:
        emit(_document(found))
    else:
        say(_text(found))
    return ExitCode.OK


def _document(found: Status) -> dict[str, Any]:
    return {
        "programs": found.programs,
        "letters": dict(found.letters),
        "blocked_by": [
            {"code": b.code, "text": b.text, "command": BLOCKS[b.code]} for b in found.blocked_by
        ],
        "allowance": {"per_day": found.per_day, "used": found.used, "left": found.left},
    }


def _text(found: Status) -> str:
    total = sum(found.letters.values())
    parts = [f"{show.plural(found.programs, 'program')}, {show.plural(total, 'letter')}"]
    parts += [f"  {show.coloured(s, s.ljust(10))} {n:>5}" for s, n in found.letters.items()]
    left = "no daily cap" if found.left is None else f"{found.left} of {found.per_day} left"
    parts.append(f"Allowance of the last 24 h: {found.used} used, {left}")
    for block in found.blocked_by:
        parts.append(show.wrapped(block.text, hanging="  "))
        parts.append(f"  -> {BLOCKS[block.code]}")
    return "\n".join(parts)


@click.command("doctor", epilog="Example: planner doctor --offline")
@click.option("--offline", is_flag=True, help="Do not connect to the mail server.")
@json_option
@click.pass_obj
def doctor_command(app: App, offline: bool, as_json: bool) -> ExitCode:
    """Check config, database, letters, transcript dates, mail server.  Sends nothing."""
    from planner.cli.hints import hint_of
    from planner.cli.hints.smtp import hint_for
    from planner.steps import checkup

    settings = app.settings
    checks = [
        checkup.Check("config", ok=True, text=str(settings.path)),
        *checkup.run(
            app.situation(),
            store=lambda: app.store,
            templates=lambda: app.templates,
            account=settings.account,
            pace=settings.pace,
            greeting=None if offline else (lambda: wiring.greet(settings, hint_for)),
        ),
    ]
    if offline:
        text = "not asked, nor the password looked up (--offline)"
        checks.append(checkup.Check(checkup.MAIL_SERVER, ok=True, text=text))
    if as_json:
        found = [{"name": c.name, "ok": c.ok, "text": c.text, "hint": hint_of(c)} for c in checks]
        emit({"checks": found})
    for check in checks:
        word = show.coloured("ok", "ok    ") if check.ok else show.coloured("failed", "FAILED")
        say(f"{word} {check.name}", as_json=as_json)
        say(show.wrapped(check.text, indent="         "), as_json=as_json)
        if hint := hint_of(check):
            say(show.wrapped(f"-> {hint}", indent="       "), as_json=as_json)
    return worst(check.exit_code for check in checks)


@click.command("login", epilog="Example: planner login")
@click.pass_obj
def login_command(app: App) -> ExitCode:
    """Put the SMTP password (or token) into the system keyring."""
    from planner import credentials

    if not sys.stdin.isatty():
        raise ConfigError(
            "planner login asks for the secret on a terminal.",
            hint=f"In scripts use smtp.password_command or ${credentials.SECRET_VARIABLE}.",
        )
    credentials.refuse_without_keyring()
    who = f"{app.settings.account.username} at {app.settings.account.host}"
    credentials.store_secret(app.settings, click.prompt(f"Password of {who}", hide_input=True))
    say(f"Stored for {who}.\n  -> planner doctor tries it")
    return ExitCode.OK


@click.command("logout", epilog="Example: planner logout")
@click.pass_obj
def logout_command(app: App) -> ExitCode:
    """Take the SMTP password out of the system keyring."""
    from planner import credentials

    credentials.store_secret(app.settings, None)
    say(f"Nothing is stored for {app.settings.account.key} any more.")
    return ExitCode.OK
