"""`edit`: a letter is changed by hand, or another one is chosen."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from planner import steps
from planner.cli import show
from planner.cli.app import answers_json, asks_json, emit, letter_numbers, say, word_option
from planner.cli.documents import letter_document
from planner.cli.editor import KEEPS, edited
from planner.cli.keys import ask_yes
from planner.errors import ConfigError, ExitCode
from planner.rules.choice import WHEN
from planner.rules.facts import LetterKind
from planner.rules.letters import Letter
from planner.wiring import Workspace

EPILOG = "\b\nLetters:\n" + "\n".join(f"  {kind:<15}  {when}" for kind, when in WHEN.items())


@click.command("edit", epilog=f"Example: planner edit 3 --letter improvement\n\n{EPILOG}")
@click.argument("word", metavar="ID")
@word_option(
    "--letter",
    key="kind",
    words=LetterKind,
    text="Write this letter instead, and discard the old text",
)
@click.option("--subject", help="The new subject.")
@click.option(
    "--body-file", type=click.Path(allow_dash=True), help="The new body, from a file or -."
)
@answers_json
@click.pass_obj
def edit_command(
    ws: Workspace, word: str, kind: str | None, subject: str | None, body_file: str | None
) -> ExitCode:
    """Change a letter by hand, or choose another letter for it.

    An approved letter becomes a draft again; what you edit is never overwritten.  Without
    options it opens in your editor.
    """
    asked = kind is None and subject is None and body_file is None
    if asked and not sys.stdin.isatty():
        text = "Without a terminal, say what to change: --letter, --subject or --body-file."
        raise click.UsageError(text)
    numbers = letter_numbers([word])
    if len(numbers) != 1:
        raise click.BadParameter("one letter at a time.")
    if asked:
        return _in_editor(ws, numbers[0])
    body = None if body_file is None else _read(body_file)
    chosen = LetterKind(kind) if kind else None
    return _tell(steps.edit.edit(ws, numbers[0], subject=subject, body=body, kind=chosen))


def _in_editor(ws: Workspace, number: int) -> ExitCode:
    opened = steps.edit.open_to_edit(ws, number)
    with edited(opened) as text:
        if not text.changed and not (opened.stale and _keeps_text(opened)):
            say("Nothing was changed.")
            return _answer(opened)
        letter = steps.edit.edit(ws, number, subject=text.subject, body=text.body, opened=opened)
    return _tell(letter)


def _keeps_text(letter: Letter) -> bool:
    """Whether the user stands by a text under which facts have moved."""
    say(show.wrapped(f"Note: {letter.held_because}", hanging="  "))
    return ask_yes(KEEPS)


def _tell(letter: Letter) -> ExitCode:
    line = f"letter {letter.id}, {letter.program}: edited ({letter.letter}), a draft to read again"
    say(show.wrapped(line, hanging="  "))
    if letter.findings:
        say(show.findings(letter))
    return _answer(letter)


def _answer(letter: Letter) -> ExitCode:
    if asks_json():
        emit({"letters": [letter_document(letter)]})
    return ExitCode.OK


def _read(name: str) -> str:
    try:
        if name == "-":
            return sys.stdin.read()
        return Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"Cannot read {name}: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}.",
            hint="Name a text file with --body-file.",
        ) from error
