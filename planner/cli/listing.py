"""`import` and `programs`: the applicant's list comes in, is looked at and changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from planner.cli import show
from planner.cli.app import App, emit, json_option, say, word_option
from planner.errors import ConfigError, ExitCode
from planner.rules.facts import Program, Specialty, Status
from planner.sheets.fields import BY_NAME
from planner.sheets.reader import open_table
from planner.sheets.records import Issue, Listing, read_listing
from planner.steps import load as loading
from planner.steps import programs as steps
from planner.steps.draft import book_for, void_changed
from planner.steps.load import Report
from planner.steps.plan import named
from planner.store import programs

SHOWN = 5  # examples of one kind of issue


@click.command(
    "import",
    epilog='Example: planner import list.csv --specialty IM --map "Where=city" --dry-run',
)
@click.argument("file", nargs=-1, required=True)
@click.option("--specialty", help="The specialty of rows that give none.")
@click.option("--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="Name a column.")
@click.option("--dry-run", is_flag=True, help="Report the same, write nothing.")
@click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop", show_default=True)
@click.option("--rejects", type=click.Path(dir_okay=False), help="Bad rows go here, to mend.")
@click.option("--clear-empty", is_flag=True, help="Let empty cells wipe values.")
@click.option("--force", is_flag=True, help="Let the file change what you set by hand.")
@json_option
@click.pass_obj
def import_command(
    app: App,
    file: tuple[str, ...],
    specialty: str | None,
    mapping: tuple[str, ...],
    dry_run: bool,
    on_error: str,
    rejects: str | None,
    clear_empty: bool,
    force: bool,
    as_json: bool,
) -> ExitCode:
    """Bring program lists (CSV, TSV; - is standard input) into the database.

    Rows meet known programs by NRMP code, ACGME ID, or specialty, name and city.  With a
    bad row nothing is written, unless --on-error skip.
    """
    listings = _listings(app, file, specialty, mapping)
    situation = app.situation()
    voided: list[int] = []
    with app.store.writing() as tx:
        report = loading.load(
            tx,
            listings,
            skip_errors=on_error == "skip",
            clear_empty=clear_empty,
            force=force,
            dry_run=dry_run,
        )
        if report.written:
            book = book_for(tx, situation, app.account)
            voided = void_changed(tx, book, at=situation.now, command="import")
        if rejects and report.rejects:
            # Before the commit: if the bad rows cannot be kept, nothing is written.
            _write_rejects(Path(rejects), listings, report)
    if as_json:
        emit({**_document(report), "voided": voided})
    else:
        say(_report_text(report, listings, voided, rejects=rejects, dry_run=dry_run))
    return ExitCode.FAILED if report.errors else ExitCode.OK


def _listings(
    app: App, files: Sequence[str], specialty: str | None, mapping: Sequence[str]
) -> list[Listing]:
    known = app.settings.specialties
    default = _specialty(app, specialty)
    chosen = dict(_mapped(word) for word in mapping)
    return [
        read_listing(open_table(file), specialties=known, specialty=default, mapping=chosen)
        for file in files
    ]


def _specialty(app: App, name: str | None) -> Specialty | None:
    if name is None:
        return None
    found = app.settings.specialties.named(name)
    if found is None:
        raise ConfigError(
            f'--specialty: "{name}" is not known.',
            hint="Use a name such as Internal Medicine, an alias such as IM, or a code: 140.",
            code="unknown_specialty",
        )
    return found


def _mapped(word: str) -> tuple[str, str]:
    header, equals, name = word.rpartition("=")
    if not equals or name.strip() not in BY_NAME:
        raise ConfigError(
            f'--map "{word}" is no COLUMN=FIELD with a known field.',
            hint=f"Fields: {', '.join(BY_NAME)}.",
            code="unknown_field",
        )
    return header, name.strip()


def _document(report: Report) -> dict[str, Any]:
    counts = ("written", "read", "new", "changed", "unchanged", "merged", "rejected")
    return {
        **{name: getattr(report, name) for name in counts},
        "changes": [
            {"program": c.program, "field": c.field, "old": _cell(c.old), "new": _cell(c.new)}
            for c in report.changes
        ],
        "errors": [asdict(issue) for issue in report.errors],
        "warnings": [asdict(issue) for issue in report.warnings],
    }


def _report_text(
    report: Report,
    listings: Sequence[Listing],
    voided: Sequence[int],
    *,
    rejects: str | None,
    dry_run: bool,
) -> str:
    parts = [_columns_text(listing) for listing in listings]
    parts.append(
        f"{show.plural(report.read, 'row')} read: {report.new} new, {report.changed} changed,"
        f" {report.unchanged} unchanged,\n{report.merged} merged into others,"
        f" {report.rejected} rejected"
    )
    if report.changes:
        lines = [f"{c.program}: {c.field} {_cell(c.old)} -> {_cell(c.new)}" for c in report.changes]
        parts.append("Changed:\n" + _some(lines))
    if report.errors:
        parts.append(show.coloured("error", "Errors:") + "\n" + _grouped(report.errors))
    if report.warnings:
        parts.append(show.coloured("warning", "Warnings:") + "\n" + _grouped(report.warnings))
    if voided:
        parts.append(f"Approvals void, because their facts changed: {_numbers(voided)}")
    parts.append(_next(report, rejects=rejects, dry_run=dry_run))
    return "\n\n".join(parts)


def _columns_text(listing: Listing) -> str:
    known = [f"{c.header} -> {c.target.partition(':')[0]}" for c in listing.columns if c.target]
    return show.wrapped(f"{listing.name}: {'; '.join(known)}", hanging="  ")


def _grouped(issues: Iterable[Issue]) -> str:
    """Issues by kind, with examples; all of them are in --json."""
    issues = list(issues)
    lines = []
    for code, number in Counter(issue.code for issue in issues).most_common():
        same = [issue for issue in issues if issue.code == code]
        lines.append(f"  {code} ({number}):")
        for issue in same[:SHOWN]:
            column = f", {issue.column}" if issue.column else ""
            value = f": {show.clipped(issue.value, 40)!r}" if issue.value else ""
            where = f"line {issue.line}{column}{value}"
            lines.append(show.wrapped(f"{where}: {issue.message}", indent="    ", hanging="      "))
        if number > SHOWN:
            rest = ", ".join(str(issue.line) for issue in same[SHOWN : SHOWN + 20])
            more = " ..." if number > SHOWN + 20 else ""
            lines.append(show.wrapped(f"and lines {rest}{more}", indent="    ", hanging="      "))
    return "\n".join(lines)


def _some(lines: Sequence[str], most: int = 12) -> str:
    shown = show.bullets(lines[:most])
    return shown + (f"\n  ... and {len(lines) - most} more" if len(lines) > most else "")


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in (None, "") else "(empty)"


def _numbers(found: Iterable[int]) -> str:
    return ", ".join(f"letter {number}" for number in found)


def _next(report: Report, *, rejects: str | None, dry_run: bool) -> str:
    if dry_run:
        return "Dry run: nothing was written."
    if not report.written:
        return (
            "Nothing was written.\n  -> Mend these cells and import again, or take the good rows"
            " now:\n     planner import ... --on-error skip --rejects bad.csv"
        )
    if report.rejects and rejects:
        return f"The bad rows are in {rejects}: mend them there, then planner import {rejects}"
    if report.rejects:
        return "The bad rows are kept nowhere: import again with --rejects bad.csv to get them."
    return "Next: planner plan"


def _files(listings: Sequence[Listing]) -> list[str]:
    return [listing.name for listing in listings if Path(listing.name).exists()]


def _write_rejects(path: Path, listings: Sequence[Listing], report: Report) -> None:
    """The bad rows with their own columns and what is wrong with each."""
    import csv

    headers = list(dict.fromkeys(c.header for x in listings for c in x.columns if c.header))
    by_name = {listing.name: listing for listing in listings}
    if any(name != "-" and path.exists() and path.samefile(name) for name in _files(listings)):
        raise ConfigError(
            f"--rejects {path} is the list itself; it was not touched.",
            hint="Name another file.",
            code="exists",
        )
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*headers, "error"])
            writer.writeheader()
            for record in report.rejects:
                columns = by_name[record.file].columns
                cells = {
                    c.header: record.raw[c.index]
                    for c in columns
                    if c.header and c.index < len(record.raw)
                }
                why = "; ".join(f"{e.column}: {e.message}" for e in record.errors)
                writer.writerow({**cells, "error": why})
    except OSError as error:
        raise ConfigError(
            f"Cannot write {path}: {error.strerror}.", hint="Name another file for --rejects."
        ) from error


@click.group(
    "programs",
    invoke_without_command=True,
    epilog='Example: planner programs set "Mercy" reason="their clinic"',
)
@click.pass_context
def programs_command(ctx: click.Context) -> ExitCode | None:
    """Look at programs and change them; without a command: list them."""
    return None if ctx.invoked_subcommand else ctx.invoke(list_command)


@programs_command.command("list", epilog="Example: planner programs list --status interviewed")
@word_option("--status", words=Status, text="Only programs with this status")
@click.option("--specialty", help="Only this specialty.")
@json_option
@click.pass_obj
def list_command(app: App, status: str | None, specialty: str | None, as_json: bool) -> ExitCode:
    """List the programs in the database."""
    wanted = _specialty(app, specialty)
    with app.store.reading() as tx:
        found = [
            p
            for p in programs.every(tx)
            if (status is None or p.status == status)
            and (wanted is None or p.specialty == wanted.name)
        ]
    if as_json:
        emit({"programs": [_program_document(p) for p in found]})
    elif found:
        rows = [(p.id, p.status, p.specialty, p.program) for p in found]
        say(show.table(rows, ("ID", "STATUS", "SPECIALTY", "PROGRAM")))
    else:
        say("No programs.\n  -> planner import FILE brings in your list.")
    return ExitCode.OK


def _program_document(program: Program) -> dict[str, Any]:
    values = asdict(program)
    values["extra"] = dict(program.extra)
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


@programs_command.command("show", epilog="Example: planner programs show 1400521057")
@click.argument("program")
@json_option
@click.pass_obj
def show_command(app: App, program: str, as_json: bool) -> ExitCode:
    """Show every field of one program."""
    with app.store.reading() as tx:
        found = named(programs.every(tx), program)
    document = _program_document(found)
    if as_json:
        emit(document)
        return ExitCode.OK
    extra = document.pop("extra")
    rows = [(name, _cell(value)) for name, value in {**document, **extra}.items()]
    say(show.table(rows, ("FIELD", "VALUE")))
    return ExitCode.OK


@programs_command.command(
    "set", epilog='Example: planner programs set "Mercy" status=interviewed reason="their clinic"'
)
@click.argument("program")
@click.argument("assignment", nargs=-1, required=True, metavar="FIELD=VALUE...")
@click.pass_obj
def set_command(app: App, program: str, assignment: tuple[str, ...]) -> ExitCode:
    """Set fields of one program by hand.

    From then on they win over any file (import --force takes the file's).
    """
    values, remarks = steps.parsed(assignment, app.settings.specialties)
    with app.store.writing() as tx:
        found = named(programs.every(tx), program)
        voided = steps.set_fields(tx, app.situation(), found, values, account=app.account)
    for name, value in values.items():
        line = f"#{found.id} {found.program}: {name} = {_cell(value)}"
        say(show.wrapped(line, hanging="  "))
    for remark in remarks:
        say(show.wrapped(f"Note: {remark}", hanging="  "))
    if voided:
        say(f"Approvals void, because their facts changed: {_numbers(voided)}")
    return ExitCode.OK
