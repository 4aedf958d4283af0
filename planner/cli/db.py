"""`db`: the invariants of the database, and the journal's word after a restored copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, say
from planner.cli.hints.checks import BLOCKS, INVARIANTS
from planner.errors import ExitCode
from planner.rules.states import LetterState
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.reconcile import Reconciled, Taken

MOST = 5  # violations of one kind that are told


@click.group("db", epilog="Example: planner db check")
def db_command() -> None:
    """Look after the database."""


@db_command.command("check", epilog="Example: planner db check --json")
@json_option
@click.pass_obj
def check_command(ws: Workspace, as_json: bool) -> ExitCode:
    """Check that what is stored agrees with itself.

    Counts add up, digests match, events explain every state, and the journal knows no more.
    """
    found = list(steps.audit.audit_all(ws))
    if as_json:
        emit({"checks": [{"name": f.name, "ok": f.ok, "wrong": list(f.wrong)} for f in found]})
    for finding in found:
        word = show.colored("ok", "ok    ") if finding.ok else show.colored("failed", "FAILED")
        say(
            show.wrapped(f"{word} {finding.name}: {finding.text}", hanging="       "),
            as_json=as_json,
        )
        if finding.ok:
            continue
        say(show.bullets(finding.wrong[:MOST], indent="       "), as_json=as_json)
        if len(finding.wrong) > MOST:
            say(f"       - and {len(finding.wrong) - MOST} more", as_json=as_json)
        say(show.wrapped(f"-> {INVARIANTS[finding.name]}", indent="       "), as_json=as_json)
    return ExitCode.OK if all(f.ok for f in found) else ExitCode.FAILED


@db_command.command("reconcile", epilog="Example: planner db reconcile")
@json_option
@click.pass_obj
def reconcile_command(ws: Workspace, as_json: bool) -> ExitCode:
    """Take the journal's word for what was sent.

    For a database that was put back from a copy. The journal lies beside it (its name ends
    with .sent) and knows each letter that left or may have left. Nothing is sent, and nothing that was sent is forgotten.
    """
    done = steps.reconcile.reconcile(ws)
    if as_json:
        emit(_document(done))
    for taken in done.letters:
        say(show.wrapped(_told(taken), hanging="  "), as_json=as_json)
    say(_summary(done), as_json=as_json)
    if any(t.state is LetterState.UNKNOWN for t in done.letters):
        say(f"  -> {BLOCKS['unknown']}", as_json=as_json)
    return ExitCode.PERSON_NEEDED if done.needs_person else ExitCode.OK


def _document(done: Reconciled) -> dict[str, Any]:
    changed = [
        {"id": t.id, "program": t.program, "before": t.before, "state": t.state}
        for t in done.letters
    ]
    return {"lines": done.lines, "damaged": done.damaged, "letters": changed}


def _summary(done: Reconciled) -> str:
    """How much was taken over, and how much could not be read."""
    text = "The database has everything that its journal has."
    if done.lines or done.letters:
        lines, letters = show.plural(done.lines, "line"), show.plural(len(done.letters), "letter")
        text = f"{lines} of the journal taken over; {letters} changed."
    if not done.damaged:
        return text
    return f"{text}\n{show.plural(done.damaged, 'line')} of the journal could not be read."


def _told(taken: Taken) -> str:
    """One letter that the journal spoke of."""
    if taken.id is not None:
        before = taken.before or "not there"
        return f"letter {taken.id}, {taken.program}: {before} -> {taken.state}"
    if taken.program:
        return (
            f"{taken.program}: a letter was {taken.state}, but the journal is damaged at"
            " that entry; the program counts as told."
        )
    return f"A letter was {taken.state}, but the journal is damaged where it says to whom."
