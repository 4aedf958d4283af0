"""`report`: the campaign as a picture, on a page and with bars in the terminal."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, say
from planner.cli.hints.checks import BLOCKS
from planner.cli.pager import paged
from planner.errors import ConfigError, ExitCode
from planner.files import write_private
from planner.rules.visible import printable
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.figures import Figures


@click.command("report", epilog="Example: planner report -o campaign.html --open")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write the page here.")
@click.option("--open", "opened", is_flag=True, help="Open the page in your browser.")
@json_option
@click.pass_obj
@paged
def report_command(ws: Workspace, output: str | None, opened: bool, as_json: bool) -> ExitCode:
    """Draw the campaign: the cycle, your score, who got a letter, and what became of it.

    Prints it with bars; -o or --open draw it on one page that needs no network.
    """
    found = steps.figures.figures(ws, ws.settings.pace)
    if as_json:
        emit(_document(found))
    if output is not None or opened:
        _write(found, output, opened=opened, quietly=as_json)
    elif not as_json:
        from planner.cli.report_text import report_text

        say(report_text(found))
    return ExitCode.OK


def _write(found: Figures, output: str | None, *, opened: bool, quietly: bool) -> None:
    """Write the page, and open it where that is wanted."""
    from planner.cli.report_page import report_page

    folder = "" if output else tempfile.mkdtemp(prefix="planner-report-")
    path = Path(output or folder, "" if output else "report.html")
    try:
        write_private(path, report_page(found).encode())
    except OSError as error:
        raise ConfigError(
            f"Cannot write {path}: {error.strerror}.",
            hint="Name another file: planner report -o FILE.html",
        ) from error
    say(show.wrapped(f"The report is {printable(str(path))}", hanging="  "), as_json=quietly)
    if opened and click.launch(str(path)) != 0:
        say("  -> Your browser did not open; open that file in it.", as_json=quietly)


def _document(found: Figures) -> dict[str, Any]:
    """The JSON document of a report; the counts of the funnel add up from stage to stage."""
    return {
        "date": found.situation.today.isoformat(),
        "season": found.situation.season,
        # The dates of the match itself come first, so they are set last.
        "phases": {line.calendar.match: line.phase for line in reversed(found.lines)},
        "deadlines": [
            {"name": d.name, "match": d.of, "at": d.at.isoformat()} for d in found.deadlines
        ],
        "funnel": [
            {
                "stage": s.name,
                "count": s.number,
                "lost": {loss.code: loss.number for loss in s.lost},
            }
            for s in found.stages
        ],
        "weeks": [{"monday": week.monday.isoformat(), "sent": week.sent} for week in found.weeks],
        "answers": dict(found.answers),
        "blocked_by": [
            {"code": b.code, "text": b.text, "command": BLOCKS[b.code]} for b in found.attention
        ],
        "warnings": list(found.warnings),
    }
