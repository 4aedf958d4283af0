"""`import`: the applicant's list comes in, or every bad cell of it is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, progress, say
from planner.cli.hints.imports import note_text, told
from planner.cli.import_columns import print_known
from planner.cli.import_preview import outlook_document
from planner.cli.import_report import Typed, report_text
from planner.cli.words import specialty_named
from planner.errors import ConfigError, ExitCode
from planner.sheets import fields
from planner.sheets.columns import IGNORED, YOU
from planner.sheets.listing import Listing
from planner.sheets.records import Issue
from planner.sheets.rejects import name_in_rejects
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.importing.report import Report


@click.command(
    "import",
    epilog='Example: planner import list.xlsx --specialty IM --map "Where=city" --try',
)
@click.argument("file", nargs=-1)
@click.option("--specialty", help="The specialty for rows that name none.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Say what a column is; --columns lists the fields, such as location.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="COLUMN",
    help="Leave a column out. A remark in it against a letter still holds the letter.",
)
@click.option(
    "--forget-map",
    is_flag=True,
    help="Forget what --map, --ignore and --specialty said in earlier imports.",
)
@click.option(
    "--sheet", metavar="NAME", help="The sheet of a workbook; otherwise the first list in it."
)
@click.option(
    "--try",
    "-n",
    "--dry-run",
    "dry_run",
    is_flag=True,
    help="Write nothing; show how the first three programs would be written to.",
)
@click.option(
    "--on-error",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="If a row is bad: write nothing, or leave out that row.",
)
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False),
    help="Write bad rows to this file, for you to fix.",
)
@click.option(
    "--without-colors",
    is_flag=True,
    help="Go on even if a legend explains colors that the file does not have.",
)
@click.option("--clear-empty", is_flag=True, help="Let empty cells erase values.")
@click.option("--force", is_flag=True, help="Let the file change what you set by hand.")
@click.option(
    "--columns",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_known,
    help="List the fields for --map with the headers that planner knows, and exit.",
)
@click.option(
    "--all", "whole", is_flag=True, help="Show every cell, and warnings that you have already seen."
)
@json_option
@click.pass_obj
def import_command(
    ws: Workspace,
    file: tuple[str, ...],
    specialty: str | None,
    mapping: tuple[str, ...],
    ignore: tuple[str, ...],
    forget_map: bool,
    sheet: str | None,
    dry_run: bool,
    on_error: str,
    rejects: str | None,
    without_colors: bool,
    clear_empty: bool,
    force: bool,
    whole: bool,
    as_json: bool,
) -> ExitCode:
    """Bring program lists into the database: CSV, TSV, XLSX, ODS; - is standard input.

    A row updates a program that you already have if its NRMP code, its ACGME ID, or its
    specialty, name and city match.  If any row is bad, nothing is written, unless you add
    --on-error skip.  --map and --ignore are remembered for later imports, --specialty for files
    of the same name.
    """
    if not file:
        return _forget(ws, forget_map, as_json=as_json)
    default = specialty_named(ws, specialty)
    said = {**dict(map(_mapped, mapping)), **dict.fromkeys(ignore, IGNORED)}
    listings, said_now = steps.importing.read_lists(
        ws,
        file,
        sheet=sheet,
        specialty=default,
        said=said,
        configured=ws.settings.columns,
        forget=forget_map,
        without_colors=without_colors,
    )
    choices = steps.importing.Choices(
        skip_errors=on_error == "skip",
        clear_empty=clear_empty,
        force=force,
        dry_run=dry_run,
        columns=said_now,
        forget_columns=forget_map,
    )
    with progress("Reading") as step:
        kept = Path(rejects) if rejects else None
        report = steps.importing.import_lists(ws, listings, choices, rejects=kept, progress=step)
    if as_json:
        emit(_document(report))
    else:
        options = {"--specialty": specialty, "--map": mapping, "--ignore": ignore}
        of_rejects = {}
        if report.rejects and rejects:
            mine = _as_in_rejects(said, listings, report)
            more = steps.importing.find_read_otherwise(
                ws, rejects, report, listings, said=mine, configured=ws.settings.columns
            )
            of_rejects = {**mine, **more}
        of_files = {
            "--sheet": sheet,
            "--without-colors": without_colors,
            "--clear-empty": clear_empty,
            "--force": force,
        }
        skipping = ["--on-error", "skip"] if choices.skip_errors else []
        before = next((x.specialty.name for x in listings if x.as_before and x.specialty), None)
        typed = Typed(
            file,
            everywhere=_as_typed(options),
            here=_as_typed({**of_files, "--forget-map": forget_map}),
            skipping=skipping,
            rejects=rejects,
            dry_run=dry_run,
            for_rejects=_as_typed({"--specialty": specialty or before, **_as_options(of_rejects)}),
        )
        say(report_text(report, listings, typed, whole=whole))
    return ExitCode.FAILED if report.errors else ExitCode.OK


def _forget(ws: Workspace, forget_map: bool, *, as_json: bool) -> ExitCode:
    """Forget remembered columns without an import.  Raises UsageError if it was not asked for."""
    if not forget_map:
        raise click.UsageError("Missing argument 'FILE...'.")
    said = steps.importing.forget_columns(ws)
    if as_json:
        emit({"forgotten": dict(said.columns), "specialties": dict(said.specialties)})
        return ExitCode.OK
    texts = [
        f"Forgot what you said about {show.plural(len(uses), what)}: "
        + ", ".join(f"{name} ({target})" for name, target in uses.items())
        for uses, what in ((said.columns, "column"), (said.specialties, "file"))
        if uses
    ]
    say("\n".join(map(show.wrapped, texts)) or "Nothing was remembered about any column.")
    return ExitCode.OK


def _as_typed(options: Mapping[str, str | bool | Sequence[str] | None]) -> list[str]:
    """Options as they were given, to repeat the same import."""
    words: list[str] = []
    for name, given in options.items():
        if given is True:
            words.append(name)
        elif given:
            values = [given] if isinstance(given, str) else given
            words += [word for value in values for word in (name, value)]
    return words


def _as_in_rejects(
    said: Mapping[str, str], listings: Sequence[Listing], report: Report
) -> Mapping[str, str]:
    """What the user said of columns, by the names that they have in the file of rejects."""
    files = {record.file for record in report.rejects}
    columns = [c for x in listings if x.name in files for c in x.columns if c.how == YOU]
    return {
        name_in_rejects(column, report.headers): said[name]
        for name in said
        for column in columns
        if fields.gives(str(column.target)) == fields.gives(said[name]) and column.is_called(name)
    }


def _as_options(said: Mapping[str, str]) -> dict[str, list[str]]:
    """What is said of columns, as options."""
    return {
        "--map": [f"{name}={target}" for name, target in said.items() if target != IGNORED],
        "--ignore": [name for name, target in said.items() if target == IGNORED],
    }


def _mapped(word: str) -> tuple[str, str]:
    header, equals, name = word.rpartition("=")
    if not equals or name.strip() not in fields.NAMEABLE:
        raise ConfigError(
            f'--map "{word}" is not COLUMN=FIELD with a known field.',
            hint=f"Fields: {', '.join(fields.NAMEABLE)}. planner import --columns tells more.",
            code="unknown_field",
        )
    return header, name.strip()


def _issue_document(issue: Issue) -> dict[str, Any]:
    document = told(issue)._asdict()
    del document["facts"]
    return document


def _document(report: Report) -> dict[str, Any]:
    counts = ("written", "read", "new", "changed", "unchanged", "merged", "rejected")
    return {
        **{name: getattr(report, name) for name in counts},
        "changes": [
            {
                "program": change.program,
                "field": change.field,
                "old": steps.importing.format_value(change.field, change.old),
                "new": steps.importing.format_value(change.field, change.new),
            }
            for change in report.changes
        ],
        "errors": [_issue_document(issue) for issue in report.errors],
        "warnings": [
            {**_issue_document(issue), "seen": seen}
            for seen, issues in ((False, report.warnings), (True, report.seen))
            for issue in issues
        ],
        "absent": [program._asdict() for program in report.absent],
        "notes": [note_text(note) for note in report.notes],
        "voided": report.voided,
        "under_way": [one.letter.id for one in report.under_way],
        "preview": outlook_document(report.outlook),
    }
