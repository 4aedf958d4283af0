"""`programs`: the applicant's list is looked at, changed, and taken out again."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner import steps
from planner.cli import show
from planner.cli.app import answers_json, asks_json, emit, json_option, say, say_kept, word_option
from planner.cli.documents import path_text
from planner.cli.keys import ask_yes
from planner.cli.pager import paged
from planner.cli.words import specialty_named
from planner.errors import ExitCode, PersonNeededError
from planner.rules.facts import Program, Status, Verdict
from planner.rules.objections import unheeded_of
from planner.rules.tracks import position
from planner.rules.visible import printable
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.merging import Joined


@click.group(
    "programs",
    invoke_without_command=True,
    epilog='Example: planner programs set "Mercy" reason="their clinic"',
)
@click.pass_context
def programs_command(ctx: click.Context) -> ExitCode | None:
    """Look at programs and change them; without a command: list them."""
    return None if ctx.invoked_subcommand else ctx.invoke(list_command)


SORTS = ("id", "program", "specialty", "city", "state", "status", "interview_date", "told_on")


@programs_command.command(
    "list", epilog="Example: planner programs list --decision email --sort interview_date"
)
@word_option("--status", words=Status, text="Only programs with this status")
@click.option("--specialty", help="Only this specialty.")
@word_option("--decision", words=Verdict, text="Only programs for which today's plan says this")
@click.option("--sort", type=click.Choice(SORTS), metavar="FIELD", help=f"By {', '.join(SORTS)}.")
@json_option
@click.pass_obj
@paged
def list_command(
    ws: Workspace,
    status: str | None,
    specialty: str | None,
    decision: str | None,
    sort: str | None,
    as_json: bool,
) -> ExitCode:
    """List the programs in the database."""
    wanted = specialty_named(ws, specialty)
    ids = None
    if decision is not None:
        decided = steps.plan.plan(ws).decisions
        ids = {d.program.id for d in decided if d.verdict == decision}
    everything = steps.programs.list_programs(ws)
    found = steps.programs.choose(
        everything, status=status, specialty=wanted, ids=ids, sort=sort or "id"
    )
    if as_json:
        emit({"programs": [_program_document(p) for p in found]})
    elif found:
        held = {p.id for p in found if unheeded_of(p)}
        rows = [
            (p.id, p.status, position(p), show.marked(name, held=p.id in held))
            for p, name in _names_apart(found)
        ]
        say(show.table(rows, ("ID", "STATUS", "SPECIALTY", "PROGRAM")))
        if held:
            say(show.wrapped(show.unbroken(show.HELD_MEANS), hanging="  "))
    else:
        say(_none_of(everything))
    return ExitCode.OK


def _names_apart(found: Sequence[Program]) -> Iterator[tuple[Program, str]]:
    """Each name, with a code where another line of the list would look just the same."""
    lines = Counter((p.program, position(p)) for p in found)
    for p in found:
        code = p.nrmp_code or p.acgme_id
        alike = lines[p.program, position(p)] > 1 and code
        yield p, f"{code} {p.program}" if alike else p.program


def _none_of(everything: Sequence[Program]) -> str:
    if not everything:
        return "No programs.\n  -> planner import FILE brings in your list."
    count = show.plural(len(everything), "program")
    return f"None of your {count} matches.\n  -> planner programs list shows all."


@programs_command.command("export", epilog="Example: planner programs export programs.xlsx")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--force", is_flag=True, help="Replace a file that planner did not write.")
@answers_json
@click.pass_obj
def export_command(ws: Workspace, file: str, force: bool) -> ExitCode:
    """Write all programs to a CSV or XLSX file; - is standard output.

    An import reads all of it back, except the day on which a letter was sent.  Text that a
    spreadsheet would take for a formula gets an apostrophe in front.
    """
    from planner.sheets.fields import SENT_ON
    from planner.sheets.writer import Beside, rows_of, write_programs

    everything = steps.programs.list_programs(ws)
    if file == "-" and asks_json():
        raise click.UsageError("Standard output is taken by --json; name a file.")
    sent = Beside(SENT_ON, steps.outbox.list_days_sent(ws))
    if file == "-":
        rows = rows_of(everything, sent)
        if sys.stdout.isatty():  # to be looked at; in a pipe each character counts
            rows = [list(map(printable, row)) for row in rows]
        csv.writer(sys.stdout, lineterminator="\n").writerows(rows)
        return ExitCode.OK
    kept = write_programs(Path(file), everything, beside=sent, force=force)
    text = f"{show.plural(len(everything), 'program')} written to {printable(file)}."
    say(show.wrapped(text, hanging="  "))
    say_kept(kept)
    if asks_json():
        emit({"file": file, "programs": len(everything), "kept": path_text(kept)})
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
@paged
def show_command(ws: Workspace, program: str, as_json: bool) -> ExitCode:
    """Show every field of one program."""
    document = _program_document(steps.programs.find(ws, program))
    if as_json:
        emit(document)
        return ExitCode.OK
    extra = document.pop("extra")
    rows = [
        (name, steps.importing.format_value(name, value))
        for name, value in {**document, **extra}.items()
    ]
    say(show.table(rows, ("FIELD", "VALUE")))
    return ExitCode.OK


@programs_command.command(
    "set", epilog='Example: planner programs set "Mercy" status=interviewed reason="their clinic"'
)
@click.argument("program")
@click.argument("assignment", nargs=-1, required=True, metavar="FIELD=VALUE...")
@answers_json
@click.pass_obj
def set_command(ws: Workspace, program: str, assignment: tuple[str, ...]) -> ExitCode:
    """Set fields of one program by hand.

    From then on, no file changes them, unless you add --force to import.
    """
    found, values, remarks, voided, under_way = steps.programs.set_by_hand(ws, program, assignment)
    for name, value in values.items():
        line = f"#{found.id} {found.program}: {name} = {steps.importing.format_value(name, value)}"
        say(show.wrapped(line, hanging="  "))
        if name in IN_LETTERS:
            _say_in_letter(ws, found.id, name, str(value))
    for remark in remarks:
        say(show.wrapped(f"Note: {remark}", hanging="  "))
    if voided:
        say(show.voided(voided))
    if under_way:
        say(show.under_way(under_way))
    if asks_json():
        emit(
            {
                "id": found.id,
                "program": found.program,
                "set": {
                    name: steps.importing.format_value(name, value)
                    for name, value in values.items()
                },
                "notes": list(remarks),
                "voided": list(voided),
                "under_way": [one.letter.id for one in under_way],
            }
        )
    return ExitCode.OK


# Fields whose words letters take over.
IN_LETTERS = ("reason", "connection", "impression")


def _say_in_letter(ws: Workspace, number: int, field: str, text: str) -> None:
    """Show the sentence that the words stand in; without words, the one with the gap."""
    said = steps.reasons.put_in_letter(ws, f"#{number}", text, field=field)
    sentence = said.sentence or "not used; it does not fit into a sentence"
    say(show.wrapped(f"In the letter: {printable(sentence)}", indent="  ", hanging="    "))
    if said.doubt:
        say(show.wrapped(f"That may not fit: {said.doubt}.", indent="  ", hanging="    "))


@programs_command.command("merge", epilog="Example: planner programs merge 6 8")
@click.argument("program")
@click.argument("twin")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before merging.")
@json_option
@click.pass_obj
def merge_command(ws: Workspace, program: str, twin: str, yes: bool, as_json: bool) -> ExitCode:
    """Merge two programs that are the same; the first one stays.

    It keeps its number, its name and its values, and takes from TWIN what it lacks.  A letter
    that left for either one counts for it, and a file that names either one finds it.
    """
    if not yes and not as_json and sys.stdin.isatty():
        _ask_before_merging(*steps.merging.find_two(ws, program, twin))
    joined = steps.merging.merge(ws, program, twin)
    stays, goes = joined.program, joined.goes
    if as_json:
        emit({"id": stays.id, "merged": goes.id, **_joined_document(joined)})
        return ExitCode.OK
    say(show.wrapped(f"#{goes.id} {goes.program} is now part of #{stays.id} {stays.program}."))
    for name, (old, new) in joined.taken.items():
        say(
            show.wrapped(
                f"  {name}: {steps.importing.format_value(name, old)} -> {steps.importing.format_value(name, new)}",
                hanging="    ",
            )
        )
    if joined.moved:
        say(f"  {_letters(joined.moved)}: left for #{goes.id}, counts for #{stays.id}")
    _say_letters(joined)
    if joined.voided:
        say(show.voided(joined.voided))
    if joined.under_way:
        say(show.under_way(joined.under_way))
    return ExitCode.OK


def _ask_before_merging(stays: Program, goes: Program) -> None:
    """Name both: a wrong number is easily typed.  Raises PersonNeededError."""
    question = (
        f"#{goes.id} {printable(goes.program)} becomes part of #{stays.id}"
        f" {printable(stays.program)}. This cannot be undone. Merge them?"
    )
    if not ask_yes(show.wrapped(question)):
        raise PersonNeededError("You said no: nothing was changed.", code="not_confirmed")


@programs_command.command("remove", epilog="Example: planner programs remove 8")
@click.argument("program")
@click.option("--undo", is_flag=True, help="Bring back a program that you took off the list.")
@json_option
@click.pass_obj
def remove_command(ws: Workspace, program: str, undo: bool, as_json: bool) -> ExitCode:
    """Take a program off your list.

    It no longer gets letters, and a file that still names it does not bring it
    back (import --force does).  Letters that have left still count.
    """
    if undo:
        return _bring_back(ws, program, as_json=as_json)
    removed = steps.merging.remove(ws, program)
    found = removed.program
    if as_json:
        emit({"id": found.id, **_joined_document(removed)})
        return ExitCode.OK
    say(show.wrapped(f"#{found.id} {found.program} has been taken off your list."))
    _say_letters(removed)
    say(f"  -> planner programs remove {found.id} --undo brings it back")
    return ExitCode.OK


def _bring_back(ws: Workspace, program: str, *, as_json: bool) -> ExitCode:
    found = steps.merging.bring_back(ws, program)
    if as_json:
        emit({"id": found.id, "undone": True})
    else:
        say(show.wrapped(f"#{found.id} {found.program} is back on your list."))
    return ExitCode.OK


def _joined_document(joined: Joined) -> dict[str, Any]:
    names = ("moved", "withdrawn", "kept", "voided")
    return {
        "taken": {
            name: steps.importing.format_value(name, new) for name, (_, new) in joined.taken.items()
        },
        **{name: getattr(joined, name) for name in names},
        "under_way": [one.letter.id for one in joined.under_way],
    }


def _say_letters(joined: Joined) -> None:
    if joined.withdrawn:
        say(f"  {_letters(joined.withdrawn)}: withdrawn; it will not be sent")
    if joined.kept:
        say(f"  {_letters(joined.kept)}: kept as it is; sent letters still count")


def _letters(numbers: list[int]) -> str:
    word = "letter" if len(numbers) == 1 else "letters"
    return f"{word} {show.ranges(numbers)}"
