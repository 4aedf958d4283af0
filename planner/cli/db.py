"""`db`: the invariants of the database, and the journal's word after a restored copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, say
from planner.cli.hints.checks import INVARIANTS
from planner.errors import ExitCode
from planner.rules.visible import printable
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.reconcile import Reconciled, Taken

MOST = 5  # violations of one kind that are told


@click.group("db", epilog="Example: planner db check")
def db_command() -> None:
    """Check the database, or repair it."""


@db_command.command("check", epilog="Example: planner db check --json")
@json_option
@click.pass_obj
def check_command(ws: Workspace, as_json: bool) -> ExitCode:
    """Check that the stored data is consistent.

    Counts add up, digests match, the history explains every state, and nothing that the journal
    recorded is missing.
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

    For a database that was restored from a copy. The journal next to it (its name ends with
    .sent) and a witness in your state folder record each letter that left or may have left.
    Nothing is sent, nothing that was sent is forgotten, and approved letters must be read and
    approved again.
    """
    done = steps.reconcile.reconcile(ws)
    if as_json:
        changed = [
            {"id": t.id, "program": t.program, "before": t.before, "state": t.state}
            for t in done.letters
        ]
        emit(
            {
                "lines": done.lines,
                "damaged": done.damaged,
                "letters": changed,
                "voided": list(done.voided),
                "unlearned": list(done.unlearned),
                "unknown": list(done.unknown),
                "unwitnessed": done.unwitnessed,
                "foreign": list(done.foreign),
            }
        )
    for taken in done.letters:
        say(show.wrapped(_told(taken), hanging="  "), as_json=as_json)
    _say_the_rest(done, as_json=as_json)
    return ExitCode.PERSON_NEEDED if done.needs_person else ExitCode.OK


def _say_the_rest(done: Reconciled, *, as_json: bool) -> None:
    """What was taken over, which approvals that voids, and what could not be found out."""
    if done.renewed or done.letters:
        lines, count = show.plural(done.lines, "line"), show.plural(len(done.letters), "letter")
        taken = f"{lines} taken from the journal; " if done.renewed or done.lines else ""
        say(f"{taken}{count} changed.", as_json=as_json)
    elif not (done.voided or done.unlearned or done.unwitnessed):
        say("The database, its journal and its witness agree.", as_json=as_json)
    if done.kept:
        text = f"The journal was rewritten; the old one is {printable(done.kept.name)}."
        say(show.wrapped(text), as_json=as_json)
    if done.voided:
        numbers = show.ranges(done.voided)
        text = f"No longer approved, because you may have taken the approval back since: {numbers}."
        say(show.wrapped(text), as_json=as_json)
        say("  -> Read and approve them again: planner review", as_json=as_json)
    if done.unknown:
        text = f"These may or may not have been delivered: {show.ranges(done.unknown)}."
        say(show.wrapped(text), as_json=as_json)
        hint = "planner outbox resolve ID --delivered (or --not-delivered)"
        say(f"  -> {hint}", as_json=as_json)
    _say_what_is_lost(done, as_json=as_json)


def _say_what_is_lost(done: Reconciled, *, as_json: bool) -> None:
    """Letters that left, or may have, whose recipient could not be found out."""
    if done.damaged:
        lines = show.plural(done.damaged, "line")
        text = (
            f"{lines} of the journal are missing or damaged; each was about a letter that left"
            " or may have left."
        )
        say(show.wrapped(text), as_json=as_json)
    if done.unlearned:
        count = show.plural(len(done.unlearned), "letter")
        text = f"{count} left or may have left, but nobody knows to whom:"
        say(show.wrapped(text), as_json=as_json)
        say(show.bullets(done.unlearned[:MOST]), as_json=as_json)
    if done.foreign:
        count = show.plural(len(done.foreign), "letter")
        text = f"The journal that was here is another database's. From that one, {count} left or may have left, to:"
        say(show.wrapped(text), as_json=as_json)
        say(show.bullets(done.foreign[:MOST]), as_json=as_json)
        if len(done.foreign) > MOST:
            say(f"- and {len(done.foreign) - MOST} more", as_json=as_json)
    if done.unwitnessed:
        text = (
            "No witness on this computer can say whether letters have left since this copy was"
            " made, here or on another computer."
        )
        say(show.wrapped(text), as_json=as_json)
    if done.damaged or done.unlearned or done.unwitnessed or done.foreign:
        text = (
            "-> Look in your Sent folder before you approve anything, and record what you find"
            " there: planner outbox record PROGRAM --on DATE"
        )
        say(show.wrapped(text, indent="  "), as_json=as_json)


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
