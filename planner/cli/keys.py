"""Single keys on a terminal, and long texts a screen at a time."""

from __future__ import annotations

import os
import sys

import click

from planner import system
from planner.cli import show
from planner.cli.app import asks_json, say


def ask_key(question: str) -> str:
    """One key under a question; what was typed before it was asked does not count.

    Raises EOFError and KeyboardInterrupt as the terminal sends them.
    """
    click.echo(f"{question} ", nl=False, err=asks_json())
    sys.stdout.flush()
    system.forget_typed_ahead()
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
