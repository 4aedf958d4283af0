"""Long output on a terminal, a screen at a time, in the pager that the user has for all programs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, cast

import click

from planner.cli import show

F = TypeVar("F", bound=Callable[..., Any])
_PAGE: ContextVar[list[str] | None] = ContextVar("page", default=None)
_UNPAGED: ContextVar[bool] = ContextVar("unpaged", default=False)


@contextmanager
def unpaged() -> Iterator[None]:
    """Within it no text waits in a pager: a story is told, and what comes next belongs to it."""
    token = _UNPAGED.set(True)
    try:
        yield
    finally:
        _UNPAGED.reset(token)


def collect(text: str) -> bool:
    """Keep a text for the pager, if what is said now goes there."""
    if (page := _PAGE.get()) is None:
        return False
    page.append(f"{text}\n")
    return True


def paged(command: F) -> F:
    """Let the user read what a command says from its beginning, if it does not fit the screen."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        if _UNPAGED.get() or not show.is_screen(sys.stdout):
            return command(*args, **options)
        page: list[str] = []
        token = _PAGE.set(page)
        try:
            return command(*args, **options)
        finally:
            _PAGE.reset(token)
            _show("".join(page))

    return cast(F, run)


def _show(text: str) -> None:
    if text.count("\n") < shutil.get_terminal_size().lines:
        click.echo(text, nl=False, color=show.color())
        return
    os.environ.setdefault("LESS", "FRX")  # as git has it: colors, and no other screen
    click.echo_via_pager(text, color=show.color() is not False)
