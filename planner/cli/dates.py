"""`dates`: what comes when in this season, on the screen or for a calendar program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner import steps, system
from planner.cli import show
from planner.cli.app import emit, json_option, say
from planner.cli.pager import paged
from planner.errors import ExitCode
from planner.rules.calendar import shown
from planner.rules.visible import printable
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.rules.season_dates import SeasonDate


@click.command("dates", epilog="Example: planner dates --ics season.ics")
@click.option("--ics", "file", metavar="FILE", help="Write the dates to a calendar file (.ics).")
@json_option
@click.pass_obj
@paged
def dates_command(ws: Workspace, file: str | None, as_json: bool) -> ExitCode:
    """Show what is coming up: phases, final lists, your score, drafts to read.

    The calendar file has the whole season. After a change, write it again and import it into your
    calendar again: your entries are updated, not duplicated.
    """
    account, pace = ws.settings.account, ws.settings.pace
    if file is not None:
        found = steps.dates.list_dates(ws, account, pace)
        steps.dates.write_calendar(ws, Path(file), found)
    else:
        found = steps.dates.list_ahead(ws, account, pace)
    if as_json:
        emit({"dates": [dates_document(entry) for entry in found]})
    else:
        ahead = sum(entry.is_ahead(ws.now()) for entry in found)
        say(_written(file, len(found), ahead) if file else _text(found))
    return ExitCode.OK


def dates_document(found: SeasonDate) -> dict[str, Any]:
    """The JSON object of one date."""
    return {
        "key": found.key,
        "start": found.start.isoformat(),
        "end": None if found.end is None else found.end.isoformat(),
        "whole_day": found.is_whole_day,
        "title": found.title,
        "text": found.text,
    }


def date_line(found: SeasonDate) -> str:
    """One date on a line: when, and what."""
    return show.wrapped(f"{shown(found.start):<26}{found.title}", hanging=" " * 26)


def _written(file: str, count: int, ahead: int) -> str:
    said = f"{show.plural(count, 'date')} written to {printable(file)}: the whole season"
    command = f"planner dates --ics {system.quoted(printable(file))}".replace(" ", "\xa0")
    hint = f"Open it in your calendar program. After a change, run {command} and open it again."
    return "\n".join(
        [show.wrapped(f"{said}, {ahead} of them still to come.", hanging="  "), show.hint(hint)]
    )


def _text(found: Sequence[SeasonDate]) -> str:
    if not found:
        return "No more dates this season."
    lines = [date_line(entry) for entry in found]
    if any(entry.text.startswith("Unconfirmed") for entry in found):
        text = "Dates of a match are inferred from earlier years; set them under [cycle.*]."
        lines += ["", show.wrapped(f"Note: {text}", hanging="  ")]
    return "\n".join([*lines, "", "planner dates --ics FILE adds them to your calendar."])
