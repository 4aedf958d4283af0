"""`init`: a config file to fill in."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from planner import files, system
from planner.cli import show
from planner.cli.app import answers_json, asks_json, emit, say
from planner.errors import ConfigError, ExitCode, PlannerError
from planner.resources import resource
from planner.rules.visible import printable

FILE_NAME = "config.toml"

# (section's key, question, pattern of a good answer, what is expected)
QUESTIONS = (
    ("name", "Your name, as you sign", r"[^\"\\]+", "a name"),
    ("aamc_id", "Your AAMC ID", r"\d{8}", "8 digits"),
    ("email", "The mail address that letters come from", r"[^@\s\"\\]+@[^@\s\"\\]+", "an address"),
)


@click.command("init", epilog="Example: planner init ~/residency")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@answers_json
def init_command(folder: str) -> ExitCode:
    """Write a commented config.toml; never overwrites one."""
    path = Path(folder) / FILE_NAME
    if path.exists():
        raise ConfigError(
            f"{path} already exists; it was not touched.",
            hint="Edit it, or name another folder: planner init DIR",
            code="exists",
        )
    text = resource("config.example.toml").read_text("utf-8")
    if sys.stdin.isatty() and not asks_json():
        text = _asked(text)
    _write(path, text)
    where = (
        ""
        if path.parent.resolve() == Path.cwd()
        else f" --config {system.quoted(printable(str(path)))}"
    )
    say(f"Wrote {printable(str(path))} (only you can read it).")
    hint = f"-> Fill it in, then: planner{where} import YOUR-LIST.csv"
    say(show.wrapped(hint, indent="  ", hanging="     "))
    if asks_json():
        emit({"config": str(path)})
    return ExitCode.OK


def _asked(text: str) -> str:
    """The text with answers in place of the examples; an empty answer keeps an example."""
    for key, question, pattern, expected in QUESTIONS:
        while answer := click.prompt(question, default="", show_default=False).strip():
            if re.fullmatch(pattern, answer):
                line = re.compile(rf'^{key} = "[^"]*"', re.MULTILINE)
                text = line.sub(f'{key} = "{answer}"', text, count=1)
                break
            click.echo(f"Expected {expected}; Enter leaves it for later.")
    return text


def _write(path: Path, text: str) -> None:
    try:
        files.make_folder(path.parent)
        files.create_private(path, text.encode())
    except OSError as error:
        raise PlannerError(
            f"Cannot write {path}: {error.strerror}.",
            hint="Name a folder that you may write to: planner init DIR",
            code="read_only",
        ) from error
