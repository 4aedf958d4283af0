"""`import`: the applicant's list comes in, or every bad cell of it is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner.cli import show
from planner.cli.app import App, emit, json_option, progress, say
from planner.cli.words import specialty_named
from planner.errors import ConfigError, ExitCode
from planner.rules.visible import printable
from planner.sheets import fields
from planner.sheets.columns import IGNORED, NUMBERS, Column, wishes
from planner.sheets.header import MANY, Header
from planner.sheets.listing import Listing, read_listing
from planner.sheets.parsers.cells import rewritten, shielded
from planner.sheets.parsers.dates import season_of
from planner.sheets.reader import open_table
from planner.sheets.records import Issue
from planner.steps.load import bring_in
from planner.steps.report import Choices, Report, shown

if TYPE_CHECKING:
    from planner.store.sqlite import sqlite3

SHOWN = 5  # examples of one kind of issue
UNNAMED = frozenset({fields.REJECTED, fields.STATUS_TOO})  # no --map can name these
MOST_CHANGES = 12


def _print_columns(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    """Print what an import knows, and end."""
    if not wanted or ctx.resilient_parsing:
        return
    known = [(f.name, f.shape, ", ".join(f.also) or "-") for f in fields.FIELDS]
    special = [(", ".join(s.gives), s.shape, ", ".join(s.headers)) for s in fields.SPECIAL]
    for rows in (known, special):
        for name, shape, headers in rows:
            click.echo(f"{name}  ({shape})")
            click.echo(show.wrapped(f"also: {headers}", indent="    ", hanging="    "))
        click.echo()
    text = (
        "Headers match without regard to case, spacing and punctuation."
        ' Anything else: --map "Their Header=field". What nothing matches is kept as an extra.'
    )
    click.echo(show.wrapped(text))
    ctx.exit()


@click.command(
    "import",
    epilog='Example: planner import list.xlsx --specialty IM --map "Where=city" --dry-run',
)
@click.argument("file", nargs=-1, required=True)
@click.option("--specialty", help="The specialty of rows that give none.")
@click.option("--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="Name a column.")
@click.option("--ignore", multiple=True, metavar="COLUMN", help="Leave a column out.")
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook; else the first list in it.")
@click.option("--dry-run", is_flag=True, help="Report the same, write nothing.")
@click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop", show_default=True)
@click.option("--rejects", type=click.Path(dir_okay=False), help="Bad rows go here, to mend.")
@click.option("--clear-empty", is_flag=True, help="Let empty cells wipe values.")
@click.option("--force", is_flag=True, help="Let the file change what you set by hand.")
@click.option(
    "--columns",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_columns,
    help="List the columns that are known, and end.",
)
@json_option
@click.pass_obj
def import_command(
    app: App,
    file: tuple[str, ...],
    specialty: str | None,
    mapping: tuple[str, ...],
    ignore: tuple[str, ...],
    sheet: str | None,
    dry_run: bool,
    on_error: str,
    rejects: str | None,
    clear_empty: bool,
    force: bool,
    as_json: bool,
) -> ExitCode:
    """Bring program lists into the database: CSV, TSV, XLSX, ODS; - is standard input.

    Rows meet known programs by NRMP code, ACGME ID, or specialty, name and city.  With a
    bad row nothing is written, unless --on-error skip.
    """
    default = specialty_named(app, specialty)
    wanted = wishes({**dict(map(_mapped, mapping)), **dict.fromkeys(ignore, IGNORED)})
    season = season_of(app.situation())
    listings = [
        read_listing(
            open_table(name, sheet=sheet),
            specialties=app.settings.specialties,
            specialty=default,
            wanted=wanted,
            season=season,
        )
        for name in file
    ]
    choices = Choices(
        skip_errors=on_error == "skip", clear_empty=clear_empty, force=force, dry_run=dry_run
    )

    def keep(report: Report) -> None:
        if rejects and report.rejects:
            _write_rejects(Path(rejects), listings, report)

    with progress("Reading") as step:
        report = bring_in(
            app.store,
            listings,
            choices,
            void=lambda db: _void(app, db),
            keep=keep,
            progress=step,
        )
    if as_json:
        emit(_document(report))
    else:
        again = _options(specialty, mapping, ignore)
        say(_text(report, listings, again=again, rejects=rejects, dry_run=dry_run))
    return ExitCode.FAILED if report.errors else ExitCode.OK


def _void(app: App, db: sqlite3.Connection) -> list[int]:
    """Take back the approvals whose facts the import changed."""
    from planner.steps.voiding import void_moved

    return void_moved(db, app.situation(), account=app.account, command="import")


def _mapped(word: str) -> tuple[str, str]:
    header, equals, name = word.rpartition("=")
    known = [*fields.BY_NAME, *(s.name for s in fields.SPECIAL if s.name not in UNNAMED)]
    if not equals or name.strip() not in known:
        raise ConfigError(
            f'--map "{word}" is no COLUMN=FIELD with a known field.',
            hint=f"Fields: {', '.join(known)}.",
            code="unknown_field",
        )
    return header, name.strip()


def _options(specialty: str | None, mapping: Sequence[str], ignore: Sequence[str]) -> list[str]:
    """What the mended rows need to be imported with, as it was given now."""
    given = ["--specialty", specialty] if specialty else []
    given += [word for pair in mapping for word in ("--map", pair)]
    return given + [word for column in ignore for word in ("--ignore", column)]


def _document(report: Report) -> dict[str, Any]:
    counts = ("written", "read", "new", "changed", "unchanged", "merged", "rejected")
    return {
        **{name: getattr(report, name) for name in counts},
        "changes": [
            {
                "program": change.program,
                "field": change.field,
                "old": shown(change.field, change.old),
                "new": shown(change.field, change.new),
            }
            for change in report.changes
        ],
        "errors": [issue._asdict() for issue in report.errors],
        "warnings": [issue._asdict() for issue in report.warnings],
        "notes": report.notes,
        "voided": report.voided,
    }


def _text(
    report: Report,
    listings: Sequence[Listing],
    *,
    again: Sequence[str],
    rejects: str | None,
    dry_run: bool,
) -> str:
    several = len(listings) > 1
    parts = [_understood(listing) for listing in listings]
    parts += [show.wrapped(note, hanging="  ") for note in report.notes]
    parts.append(
        f"{show.plural(report.read, 'row')} read: {report.new} new, {report.changed} changed,"
        f" {report.unchanged} unchanged,\n{report.merged} merged into others,"
        f" {report.rejected} rejected"
    )
    if report.changes:
        parts.append("Changed:\n" + _changes(report))
    if report.errors:
        parts.append(show.coloured("error", "Errors:") + "\n" + _grouped(report.errors, several))
    if report.warnings:
        parts.append(
            show.coloured("warning", "Warnings:") + "\n" + _grouped(report.warnings, several)
        )
    if report.voided:
        parts.append(voided_text(report.voided))
    names = {listing.name for listing in listings}
    parts.append(_next(report, names, again=again, rejects=rejects, dry_run=dry_run))
    return "\n\n".join(parts)


def voided_text(numbers: Iterable[int]) -> str:
    """The letters that lost their approval."""
    listed = ", ".join(f"letter {number}" for number in numbers)
    return show.wrapped(f"Approvals void, because their facts changed: {listed}", hanging="  ")


def _understood(listing: Listing) -> str:
    """How a file was read, and what each column was taken for."""
    lines = [
        show.wrapped(
            f"{listing.name}: {listing.understood}; header in line {listing.header.line}",
            hanging="  ",
        )
    ]
    plain = [c for c in listing.columns if c.target == c.header and c.target in fields.BY_NAME]
    others = [c for c in listing.columns if c.header and c not in plain]
    if plain:
        lines.append(f"  {show.plural(len(plain), 'column')} by the name of the field")
    widest = min(30, max((len(c.header) for c in others), default=0))
    for column in others:
        taken = _taken(column)
        lines.append(f"  {show.clipped(column.header, 30).ljust(widest)}  {taken}")
    return "\n".join(lines)


def _taken(column: Column) -> str:
    """What becomes of a column."""
    if column.target is None:
        return "(kept as an extra)"
    if column.target in {IGNORED, NUMBERS}:
        return "(left out)"
    return ", ".join(fields.gives(column.target))


def _changes(report: Report) -> str:
    lines = [
        f"{c.program}: {c.field} {shown(c.field, c.old)} -> {shown(c.field, c.new)}"
        for c in report.changes[:MOST_CHANGES]
    ]
    more = len(report.changes) - len(lines)
    rest = f"\n  ... and {more} more (all of them: --json)" if more else ""
    return show.bullets(show.clipped(line, 300) for line in lines) + rest


def _grouped(issues: Iterable[Issue], several: bool) -> str:
    """Issues by kind, with examples, and the file where there are several."""
    issues = list(issues)
    lines = []
    for code, number in Counter(issue.code for issue in issues).most_common():
        same = [issue for issue in issues if issue.code == code]
        lines.append(f"  {code} ({number}):")
        for issue in same[:SHOWN]:
            place = f"{issue.file}, line {issue.line}" if several else f"line {issue.line}"
            column = f", {show.clipped(issue.column, 40)}" if issue.column else ""
            value = f": {show.clipped(issue.value, 40)!r}" if issue.value else ""
            text = f"{place}{column}{value}: {issue.message}"
            lines.append(show.wrapped(_unbroken(text), indent="    ", hanging="      "))
        if number > SHOWN:
            rest = ", ".join(str(issue.line) for issue in same[SHOWN : SHOWN + 20])
            more = " ..." if number > SHOWN + 20 else ""
            lines.append(show.wrapped(f"and lines {rest}{more}", indent="    ", hanging="      "))
    return "\n".join(lines)


def _unbroken(text: str) -> str:
    """Text in which an option that is to be copied stays on its line."""
    return re.sub(r'--(?:map|ignore) "[^"]*"', lambda option: option[0].replace(" ", "\xa0"), text)


def _next(
    report: Report,
    names: Collection[str],
    *,
    again: Sequence[str],
    rejects: str | None,
    dry_run: bool,
) -> str:
    """What to type next; `names` are those of the lists, which no rejects may replace."""
    import shlex

    kept = "bad.csv" if "bad.csv" not in names else "rejects.csv"
    if dry_run:
        return "Dry run: nothing was written."
    if not report.written:
        if rejects:
            return f"Nothing was written.  The bad rows are in {printable(rejects)}, with what is wrong."
        mend = "Nothing was written.\n  -> Mend these cells and import again"
        if report.rejected == report.read:
            return f"{mend}."
        take = f"planner import ... --on-error skip --rejects {kept}"
        return f"{mend}, or take the good rows now:\n     {take}"
    if report.rejects and rejects:
        command = shlex.join(["planner", "import", rejects, *again])
        return f"The bad rows are in {printable(rejects)}: mend them there, then\n  -> {command}"
    if report.rejects:
        return f"The bad rows are kept nowhere: import again with --rejects {kept} to get them."
    if report.voided:
        return "Next: planner draft, then read and approve them anew"
    return "Next: planner plan"


def _write_rejects(path: Path, listings: Sequence[Listing], report: Report) -> None:
    """The bad rows with their own columns, and what is wrong with each.

    Raises ConfigError where `path` is the list itself or cannot be written.
    """
    import csv

    for listing in listings:
        if path.exists() and Path(listing.name).exists() and path.samefile(listing.name):
            raise ConfigError(
                f"--rejects {path} is the list itself; it was not touched.",
                hint="Name another file.",
                code="exists",
            )
    names: dict[str, str] = {}  # the header of each target, the same in all files
    rows = [_cells(record.header, record.cells, names) for record in report.rejects]
    headers = dict.fromkeys(header for row in rows for header in row)
    try:
        # With a mark in front, without which Excel takes UTF-8 for something else.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*map(shielded, headers), fields.REJECTED])
            for record, row in zip(report.rejects, rows, strict=True):
                why = "; ".join(f"{e.column}: {e.message}".lstrip(": ") for e in record.errors)
                writer.writerow([*(row.get(header, "") for header in headers), shielded(why)])
    except OSError as error:
        raise ConfigError(
            f"Cannot write {path}: {error.strerror}.", hint="Name another file for --rejects."
        ) from error


def _cells(header: Header, texts: Sequence[str], names: dict[str, str]) -> Mapping[str, str]:
    """A row by header, as it stood; cells without a header go by their place."""
    row = {}
    for column in header.columns:
        text = texts[column.place] if column.place < len(texts) else ""
        if column.target == fields.REJECTED or not (column.header or text.strip()):
            continue
        name = column.header or f"column {column.place + 1}"
        if column.target and column.target not in MANY:
            name = names.setdefault(column.target, name)
        row[name] = rewritten(text)
    for place in range(len(header.columns), len(texts)):
        if texts[place].strip():
            row[f"column {place + 1}"] = rewritten(texts[place])
    return row
