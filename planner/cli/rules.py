"""`rules`: the rule book, printed from the data that decides."""

from __future__ import annotations

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, say
from planner.cli.hints.findings import FIXES
from planner.cli.pager import paged
from planner.errors import ExitCode
from planner.rules.book import TOPICS
from planner.rules.book.table import Table
from planner.wiring import Workspace


@click.command("rules", epilog="Example: planner rules decisions")
@click.argument("topic", required=False, type=click.Choice([*TOPICS]), metavar="[TOPIC]")
@json_option
@click.pass_obj
@paged
def rules_command(ws: Workspace, topic: str | None, as_json: bool) -> ExitCode:
    """Show the rules that decide, with your own numbers marked.

    They follow the tables of an advisor's guide for residency applicants: whom a new score
    helps with, when to tell them, and in which letter. planner calls it "the guide".

    TOPIC is score, phases, decisions, letters, lint or months; without one: all of them.
    """
    book = steps.rule_book.open_book(ws, topic)
    if as_json:
        emit({"rules": {name: [_document(t) for t in tables] for name, tables in book.items()}})
        return ExitCode.OK
    for tables in book.values():
        for table in tables:
            say(_text(table) + "\n")
    say(show.wrapped(MORE))
    return ExitCode.OK


MORE = (
    'These rules follow the tables of an advisor\'s guide for residency applicants ("the guide").'
    " To change a number: [rules] in config.toml. planner why PROGRAM shows these at work."
)


def _document(table: Table) -> dict[str, object]:
    shown = _with_fixes(table)
    rows = [dict(zip(shown.columns, row, strict=True)) for row in shown.rows]
    return {"title": shown.title, "rows": rows}


def _with_fixes(table: Table) -> Table:
    """The checks of letters, with what to do about each finding."""
    if table.columns[:2] != ("finding", "severity"):
        return table
    rows = tuple((*row, FIXES.get(str(row[0]), "")) for row in table.rows)
    return table._replace(columns=(*table.columns, "what to do"), rows=rows)


def _text(table: Table) -> str:
    shown = _with_fixes(table)
    headers = [column.upper() for column in shown.columns]
    return f"{show.wrapped(table.title)}\n\n{show.unclipped(shown.rows, headers)}"
