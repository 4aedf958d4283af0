"""`reasons`: the applicant's own words, one program after another."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, say
from planner.cli.hints.findings import fix_of
from planner.errors import ExitCode, PlannerError
from planner.rules.visible import printable
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.reasons import Wanting


@click.command("reasons", epilog="Example: planner reasons")
@json_option
@click.pass_obj
def reasons_command(ws: Workspace, as_json: bool) -> ExitCode:
    """Write the reason of each strong letter that has none, or one that fits anybody.

    On a terminal it asks for one after the other: Enter skips, q ends, what you have
    written is kept at once.
    """
    found = steps.reasons.list_wanting(ws)
    if as_json:
        emit({"programs": [_document(item) for item in found]})
        return ExitCode.OK
    if not found:
        say("Every strong letter has a reason of its own.")
        return ExitCode.OK
    if not sys.stdin.isatty():
        for item in found:
            say(_title(item))
        say('\n  -> planner programs set PROGRAM reason="the one thing about them"')
        return ExitCode.OK
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - arrow keys move in the line
    kept = _ask(ws, found)
    say(f"{show.plural(kept, 'reason')} kept.")
    if kept:
        say("  -> planner draft puts them into the letters")
    return ExitCode.OK


def _document(item: Wanting) -> dict[str, object]:
    return {
        "id": item.id,
        "program": item.program,
        "reason": item.reason,
        "code": item.finding["code"],
        "finding": _finding(item.finding),
    }


def _finding(finding: Mapping[str, str]) -> str:
    return f"{finding['code']}: {finding['text']}. {fix_of(finding)}"


def _title(item: Wanting) -> str:
    text = f"#{item.id} {printable(item.program)}: {_finding(item.finding)}"
    return show.wrapped(text, hanging="  ")


def _ask(ws: Workspace, found: list[Wanting]) -> int:
    """Ask for each reason until the last, or until the user stops; returns how many came."""
    kept = 0
    say("One thing about each program that you could not say about any other.")
    say("Enter skips, q ends; what you have written is kept at once.\n")
    for number, item in enumerate(found, 1):
        say(f"{number} of {len(found)}")
        say(_title(item))
        if item.reason:
            say(show.wrapped(f"Now: {printable(item.reason)}", indent="  ", hanging="  "))
        try:
            text = input("  reason: ").strip()
        except EOFError:
            say()
            return kept
        except KeyboardInterrupt:
            say(f"\n{show.plural(kept, 'reason')} kept.")
            raise
        if text.casefold() == "q":
            return kept
        if text and _keep(ws, item, text):
            kept += 1
    return kept


def _keep(ws: Workspace, item: Wanting, text: str) -> bool:
    try:
        steps.reasons.set_reason(ws, item.id, text)
    except PlannerError as error:
        say(show.wrapped(error.message, indent="  "))
        return False
    return True
