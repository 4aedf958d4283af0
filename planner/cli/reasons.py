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
from planner.cli.keys import own_line
from planner.errors import ExitCode, PlannerError
from planner.rules.visible import printable
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.reasons import Wanting


@click.command("reasons", epilog="Example: planner reasons")
@json_option
@click.pass_obj
def reasons_command(ws: Workspace, as_json: bool) -> ExitCode:
    """Write a reason for each letter that has none, or whose reason does not fit.

    On a terminal it shows the sentence with its gap, then the finished one, and keeps nothing
    until you say yes. Reasons from your list are shown once, for you to confirm. Enter skips, q
    quits.
    """
    found = steps.reasons.list_wanting(ws)
    listed = steps.reasons.list_unconfirmed(ws)
    if as_json:
        unread = [{"id": x.id, "program": x.program, "sentence": x.sentence} for x in listed]
        emit({"programs": [_document(item) for item in found], "from_list": unread})
        return ExitCode.OK
    if not sys.stdin.isatty():
        return _tell(found, listed)
    if not found and not listed:
        say("Every strong letter has its own reason.")
        return ExitCode.OK
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - arrow keys move in the line
    kept = _ask(ws, [*listed, *found])
    say(f"{show.plural(kept, 'reason')} kept.")
    if kept:
        say("  -> planner draft puts them into the letters")
    return ExitCode.OK


def _tell(found: list[Wanting], listed: list[Wanting]) -> ExitCode:
    """What is wanting, for a reader without a terminal."""
    for item in found:
        say(_title(item))
        say(_in_letter(item.sentence))
    if not found:
        say("Every strong letter has its own reason.")
    for item in listed:
        say(show.wrapped(f"#{item.id} {printable(item.program)}, from your list:", hanging="  "))
        say(_in_letter(item.sentence))
    if found:
        say('\n  -> planner programs set PROGRAM reason="the one thing about them"')
    return ExitCode.OK


def _in_letter(sentence: str) -> str:
    """A sentence of the letter, under the line that it belongs to."""
    return show.wrapped(f"In the letter: {printable(sentence)}", indent="  ", hanging="    ")


def _document(item: Wanting) -> dict[str, object]:
    finding = item.finding or {}
    return {
        "id": item.id,
        "program": item.program,
        "reason": item.reason,
        "code": finding["code"],
        "finding": _finding(finding),
        "sentence": item.sentence,
    }


def _finding(finding: Mapping[str, str]) -> str:
    return f"{finding['code']}: {finding['text']}. {fix_of(finding)}"


def _title(item: Wanting) -> str:
    about = _finding(item.finding) if item.finding else "this is from your list."
    return show.wrapped(f"#{item.id} {printable(item.program)}: {about}", hanging="  ")


def _ask(ws: Workspace, found: list[Wanting]) -> int:
    """Ask for each reason until the last, or until the user stops; returns how many came."""
    kept = 0
    say("One thing about each program that you could not say about any other.")
    say("Enter skips, q quits; each reason you say yes to is kept right away.")
    for number, item in enumerate(found, 1):
        say(f"\n{number} of {len(found)}")
        say(_title(item))
        say(_in_letter(item.sentence))
        try:
            if item.finding is None and _agrees():
                kept += _keep(ws, item, item.reason)
                continue
            text = ask_words(ws, item.id)
        except EOFError:
            return kept
        except KeyboardInterrupt:
            say(f"{show.plural(kept, 'reason')} kept.")
            raise
        if text is None:
            return kept
        if text:
            kept += _keep(ws, item, text)
    return kept


def ask_words(ws: Workspace, number: int, field: str = "reason") -> str | None:
    """Words for a program's letter, once their sentence has a yes; none to skip, None to end."""
    while True:
        with own_line():
            text = input(f"  {field}: ").strip()
        if not text or text.casefold() == "q":
            return text and None
        said = steps.reasons.put_in_letter(ws, f"#{number}", text, field=field)
        if not said.sentence:
            say("  Not used; it does not fit into a sentence.")
            continue
        say(_in_letter(said.sentence))
        if said.doubt:
            say(show.wrapped(f"That may not fit: {said.doubt}.", indent="  ", hanging="    "))
        if _agrees():
            return text


def ask_in_letter(ws: Workspace, number: int) -> str | None:
    """Show the sentence with its gap, and ask for the words that go into it."""
    gap = steps.reasons.put_in_letter(ws, f"#{number}", "")
    say(_in_letter(gap.sentence))
    say("  Enter leaves it as it is.")
    return ask_words(ws, number)


def _agrees() -> bool:
    while True:
        with own_line():
            answer = input("  Keep it? [Y/n] ").strip().casefold()
        if answer in {"", "y", "yes"}:
            return True
        if answer in {"n", "no", "q"}:  # q ends at the next question, for the words
            return False
        say("  Type y to keep it, or n to write another one.")


def _keep(ws: Workspace, item: Wanting, text: str) -> bool:
    try:
        steps.reasons.set_reason(ws, item.id, text)
    except PlannerError as error:
        say(show.wrapped(error.message, indent="  "))
        return False
    return True
