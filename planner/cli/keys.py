"""Single keys on a terminal, and long texts a screen at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from planner import system
from planner.cli import show
from planner.cli.app import asks_json, say


@contextmanager
def own_line(*, err: bool = False) -> Iterator[None]:
    """End the line of a question that Ctrl-C or the end of input leaves without an answer."""
    try:
        yield
    except (click.Abort, EOFError, KeyboardInterrupt):
        click.echo(err=err)
        raise


def ask_yes(question: str, *, err: bool = False) -> bool:
    """A yes or no; Enter is a no.  Raises click.Abort as the terminal sends it."""
    with own_line(err=err):
        return click.confirm(question, err=err)


def ask_text(question: str) -> str:
    """A line of text; Enter gives none.  Raises click.Abort as the terminal sends it."""
    with own_line():
        return str(click.prompt(question, default="", show_default=False))


def ask_key(question: str) -> str:
    """One key under a question; what was typed before it was asked does not count.

    Raises EOFError and KeyboardInterrupt as the terminal sends them.
    """
    click.echo(f"{question} ", nl=False, err=asks_json())
    sys.stdout.flush()
    system.forget_typed_ahead()
    with own_line(err=asks_json()):
        key = click.getchar()
    shown = key if key.isprintable() else ""
    click.echo(shown, err=asks_json())
    return key.casefold() if len(key) == 1 else ""


def show_in_screens(text: str) -> bool:
    """Print a text a screen at a time, its head before its end; False if q ends it."""
    try:
        rows = os.get_terminal_size(sys.stdout.fileno()).lines - 2
    except OSError:
        rows = 0
    lines = text.splitlines()
    while rows > 4 and len(lines) > rows:
        say("\n".join(lines[:rows]))
        lines = lines[rows:]
        if ask_key(f"-- {show.plural(len(lines), 'more line')}: any key, or q --") == "q":
            return False
    say("\n".join(lines))
    return True
