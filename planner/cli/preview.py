"""`preview`: letters as they would leave, as text, as bytes, and as one page to read."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, letter_numbers, say
from planner.cli.documents import letter_document
from planner.cli.hints import hint_of
from planner.cli.pager import paged
from planner.errors import ConfigError, ExitCode
from planner.files import write_private
from planner.rules.facts import LetterKind
from planner.rules.letters import Letter
from planner.rules.visible import printable, visible
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.preview import Message, Sample


@click.command("preview", epilog="Example: planner preview --format html --open")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "raw", "eml", "html"]),
    default="text",
    show_default=True,
    help="text: to read; raw: the bytes that are sent; eml: for a mail program; html: one page.",
)
@click.option("-o", "--output", type=click.Path(file_okay=False), help="Write files here.")
@click.option("--open", "opened", is_flag=True, help="Open the page in your browser.")
@click.option(
    "--matrix",
    is_flag=True,
    help="Every letter in each wording and situation, for programs of yours.",
)
@json_option
@click.pass_obj
@paged
def preview_command(
    ws: Workspace,
    ids: tuple[str, ...],
    form: str,
    output: str | None,
    opened: bool,
    matrix: bool,
    as_json: bool,
) -> ExitCode:
    """Show letters as they would be sent; without ID, all drafts and approved ones.

    You can approve a letter once its full text was shown by its number (planner preview 3).
    """
    if matrix:
        return _matrix(ws, as_json=as_json)
    numbers = letter_numbers(ids) if ids else None
    code = ExitCode.OK
    if output is not None or opened or not as_json:
        known = steps.preview.known_numbers(ws, numbers) if numbers else None
        code = _printed(ws, known or numbers, form, output, opened=opened)
        if known is not None and known != numbers:  # what there is was shown; this says the rest
            steps.preview.list_waiting(ws, numbers)
    if as_json:
        letters = steps.preview.list_waiting(ws, numbers)
        emit({"letters": [{**letter_document(x), "body": x.body} for x in letters]})
    return code


def _printed(
    ws: Workspace, numbers: Sequence[int] | None, form: str, output: str | None, *, opened: bool
) -> ExitCode:
    """Show letters to a person, or write them to files."""
    if form == "html" or opened:
        return _html(ws, numbers, output, opened=opened)
    letters = steps.preview.list_waiting(ws, numbers)
    if not letters:
        say("No drafts and no approved letters.\n  -> planner draft writes them.")
    if form != "text":
        return _bytes(steps.preview.build_messages(ws, numbers), form, output)
    if output is not None:
        _write(Path(output), "txt", [(x, visible(x.body).encode()) for x in letters])
    else:
        _show(ws, letters, by_number=numbers is not None)
    return ExitCode.OK


def _show(ws: Workspace, letters: Sequence[Letter], *, by_number: bool) -> None:
    """Print letters; those that were asked for by their numbers count as read from then on."""
    noted = steps.preview.list_notes(ws, letters)
    for letter in letters:
        say(_letter_text(ws, letter, noted.get(letter.program_id, "")))
    if by_number:
        sys.stdout.flush()  # what could not be written was not shown
        steps.review.note_shown(ws, letters)


def _letter_text(ws: Workspace, letter: Letter, noted: str) -> str:
    applicant = ws.settings.applicant
    tail = f" [{letter.letter}] {letter.state} "
    title = show.clipped(f"--- letter {letter.id}, {letter.program}", show.width() - len(tail) - 2)
    title += tail
    flags = [letter.held_because] if letter.held_because else []
    text = show.letter_text(
        letter.subject,
        f"{applicant.name} <{letter.sender}>",
        show.joined(letter.to),
        show.joined(letter.cc),
        letter.body,
    )
    findings = show.findings(letter)
    notes = [show.wrapped(f"Note: {flag}", hanging="  ") for flag in flags]
    notes += [show.own_notes(noted)] if noted else []
    head = title.ljust(show.width() - 1, "-")
    return "\n".join(filter(None, [head, text, "", findings, *notes])) + "\n"


def _bytes(wires: Sequence[Message], suffix: str, output: str | None) -> ExitCode:
    """Write messages as they follow DATA; one that cannot be made hides none of the others."""
    made = [(message.letter, message.wire) for message in wires if not message.refusal]
    if output is not None:
        _write(Path(output), suffix, made)
    else:
        for _, wire in made:
            sys.stdout.buffer.write(wire)
        sys.stdout.flush()
    for letter, _, refusal in wires:
        if refusal:
            click.echo(f"Letter {letter.id} cannot be sent as it is: {refusal.message}", err=True)
            click.echo(f"  -> {hint_of(refusal)}", err=True)
    return ExitCode.OK if len(made) == len(wires) else ExitCode.FAILED


def _write(folder: Path, suffix: str, files: Sequence[tuple[Letter, bytes]]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for letter, data in files:
            write_private(folder / f"letter-{letter.id:04d}.{suffix}", data)
    except OSError as error:
        raise ConfigError(
            f"Cannot write to {folder}: {error.strerror}.", hint="Name another folder with -o."
        ) from error
    text = f"{show.plural(len(files), 'file')} in {printable(str(folder))}"
    say(show.wrapped(text, hanging="  "))


def _html(
    ws: Workspace, numbers: Sequence[int] | None, output: str | None, *, opened: bool
) -> ExitCode:
    """Write the page with all letters, and open it where that is wanted."""
    from planner.cli.page import Shown, page

    if output is None and not opened:
        raise click.UsageError("Say where the page goes: -o DIR, or --open to look at it.")
    applicant = ws.settings.applicant
    shown = [
        Shown(letter, f"{applicant.name} <{letter.sender}>", reasons, note)
        for letter, reasons, note in steps.preview.add_reasons(ws, numbers)
    ]
    folder = Path(output) if output else Path(tempfile.mkdtemp(prefix="planner-letters-"))
    path = folder / "index.html"
    title = f"{show.plural(len(shown), 'letter')} of {applicant.name}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_private(path, page(shown, title).encode())
    except OSError as error:
        raise ConfigError(
            f"Cannot write to {folder}: {error.strerror}.", hint="Name another folder with -o."
        ) from error
    say(show.wrapped(f"{title}: {printable(str(path))}", hanging="  "))
    if opened and click.launch(str(path)) != 0:
        say("  -> Your browser did not open; open that file in it.")
    return ExitCode.OK


def _matrix(ws: Workspace, *, as_json: bool) -> ExitCode:
    """Show each letter with each set of facts that any of the programs gives it."""
    found = steps.preview.make_samples(ws)
    if as_json:
        emit({"samples": [_sample_document(sample) for sample in found]})
        return ExitCode.OK
    for sample in found:
        voice = f" {sample.voice}" if sample.voice else ""
        title = f"--- {sample.kind}{voice}, {sample.branch}: {sample.program} "
        say(f"{show.clipped(title, show.width() - 2)} ".ljust(show.width() - 1, "-"))
        say(f"{show.subject_and_body(sample.subject, sample.body)}\n")
    missing = [kind for kind in LetterKind if kind not in {sample.kind for sample in found}]
    if missing:
        say(show.wrapped(f"No program of yours can get: {', '.join(missing)}.", hanging="  "))
    return ExitCode.OK


def _sample_document(sample: Sample) -> dict[str, str]:
    return {**sample._asdict(), "kind": sample.kind.value}
