"""`status`: what is there, what blocks, and what to type next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, say
from planner.cli.dates import date_line, dates_document
from planner.cli.hints.checks import BLOCKS
from planner.cli.pager import paged
from planner.errors import ExitCode
from planner.wiring import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.rules.season_dates import SeasonDate
    from planner.steps.status import Block, Status


@click.command("status", epilog="Example: planner status --json")
@json_option
@click.pass_obj
@paged
def status_command(ws: Workspace, as_json: bool) -> ExitCode:
    """Count programs and letters, say what blocks, and what to type next."""
    account, pace = ws.settings.account, ws.settings.pace
    found = steps.status.status(ws, pace)
    ahead = steps.dates.list_next(ws, account, pace)
    if as_json:
        emit({**_document(found), "next_dates": [dates_document(entry) for entry in ahead]})
    else:
        say("\n".join([_text(found), *_ahead(ahead)]))
    return ExitCode.OK


def _ahead(dates: Sequence[SeasonDate]) -> list[str]:
    return ["Next dates (planner dates lists all):", *map(date_line, dates)] if dates else []


def _document(found: Status) -> dict[str, Any]:
    return {
        "programs": found.programs,
        "letters": dict(found.letters),
        "given_back": list(found.given_back),
        "blocked_by": [
            {"code": b.code, "text": b.text, "command": _command(b)} for b in found.blocked_by
        ],
        "allowance": {"per_day": found.per_day, "used": found.used, "left": found.left},
    }


def _command(block: Block) -> str:
    """What to type about a block, with its letters where it names them."""
    command = BLOCKS[block.code]
    return command.replace(" ID", f" {show.ranges(block.letters)}") if block.letters else command


def _text(found: Status) -> str:
    total = sum(found.letters.values())
    parts = [f"{show.plural(found.programs, 'program')}, {show.plural(total, 'letter')}"]
    parts += [f"  {show.colored(s, s.ljust(10))} {n:>5}" for s, n in found.letters.items()]
    left = "no daily cap" if found.left is None else f"{found.left} of {found.per_day} left"
    for_copies = show.plural(found.copies, "test copy", "test copies")
    used = f"{found.used} used" + (f" ({for_copies} to yourself)" if found.copies else "")
    parts.append(f"Allowance for the last 24 hours: {used}, {left}")
    if found.given_back:
        word = "letter" if len(found.given_back) == 1 else "letters"
        numbers = f"{word} {show.ranges(found.given_back)}"
        text = f"A sender was stopped before anything was sent: {numbers} approved again."
        parts.append(show.wrapped(text))
    for block in found.blocked_by:
        parts.append(show.wrapped(block.text, hanging="  "))
        parts.append(f"  -> {_command(block)}")
    return "\n".join(parts)
