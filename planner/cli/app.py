"""What commands share: how they print, and the options and words that several of them take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planner.cli.documents import json_text
from planner.cli.pager import collect
from planner.cli.show import color, is_screen, seen, wrapped
from planner.rules.visible import printable

if TYPE_CHECKING:
    from planner.rules.facts import Phase
    from planner.wiring import Workspace

F = TypeVar("F", bound=Callable[..., Any])


@contextmanager
def run_log(ws: Workspace) -> Iterator[None]:
    """Keep a private log of what a run does, next to the database."""
    from planner import logs

    with logs.run_log(ws.logged_beside) as kept:
        try:
            yield
        finally:
            if kept.problem:
                text = f"The log of this run, {kept.path}, could not be written: {kept.problem}."
                say(text, as_json=True)


SCHEMA = 1  # of the JSON documents; docs/json.md says what may change under a number
_TAKEN: ContextVar[bool] = ContextVar("taken", default=False)
_ASKED = "planner.asks_json"  # of a command's context; the demo types others within its own


def emit(document: Mapping[str, object]) -> None:
    """Print the one JSON document of a command."""
    click.echo(json_text({"schema": SCHEMA, **document}))


def is_taken() -> bool:
    """Whether standard output belongs to the document of the command that was typed."""
    return _TAKEN.get()


def asks_json() -> bool:
    """Whether this command was asked for a JSON document; what is said goes to stderr then."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_ASKED))


def say_kept(path: Path | None) -> None:
    """Where the former contents of a file are that was replaced, if there were any."""
    if path is not None:
        text = f"What was in it is kept in {printable(str(path))}."
        say(wrapped(text, hanging="  "))


def say(text: str = "", *, as_json: bool = False) -> None:
    """Print for a person: on stdout, or on stderr where stdout belongs to JSON.

    Whatever is hidden in the text is escaped, so that nothing else need be asked whether
    a name in it came from a stranger.
    """
    to_stderr = as_json or is_taken()
    if to_stderr or not collect(seen(text)):
        click.echo(seen(text), err=to_stderr, color=color())


def _ask_json(ctx: click.Context, _param: click.Parameter, value: bool) -> bool:
    if value:
        ctx.meta[_ASKED] = True
        _TAKEN.set(True)  # until `planner.cli.run` ends
    return value


_json = partial(click.option, "--json", is_flag=True, callback=_ask_json)
json_option = _json("as_json", help="Print one JSON document.")
# For what says the same for people, on stderr then, and asks `asks_json` at its end.
answers_json = _json(expose_value=False, help="Print one JSON document.")


YEARS = (2000, 2100)


class Day(click.ParamType[date]):
    """A date on the command line."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Parse YYYY-MM-DD."""
        if isinstance(value, date):
            return value
        try:
            found = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-10-20.", param, ctx)
        if not YEARS[0] <= found.year <= YEARS[1]:
            self.fail(f"{value!r} is not in the years {YEARS[0]} to {YEARS[1]}.", param, ctx)
        return found


def what_if(command: F) -> F:
    """The two what-if options."""
    command = click.option(
        "--date", "day", type=Day(), help="Answer as if it were noon on this date."
    )(command)
    return click.option(
        "--phase",
        type=click.Choice(["preseason", "early", "late", "pre_rank", "closed"]),
        callback=_phase,
        help="Answer as if this were the current phase.",
    )(command)


def _phase(ctx: click.Context, param: click.Parameter, word: str | None) -> Phase | None:
    from planner.rules.facts import Phase

    return Phase(word) if word else None


def word_option(
    *names: str, words: Iterable[str], text: str, key: str | None = None, multiple: bool = False
) -> Callable[[F], F]:
    """An option that takes one of many words: they stand in its help, not in its usage."""
    listed = [str(word) for word in words]
    return click.option(
        *names,
        *([key] if key else []),
        type=click.Choice(listed),
        metavar="WORD",
        multiple=multiple,
        help=f"{text}: {', '.join(listed)}.",
    )


def letter_numbers(words: Iterable[str]) -> list[int]:
    """The numbers of IDs such as "3" or "3,7-12", in order, each once.

    Raises click.BadParameter for anything else.
    """
    found: list[int] = []
    for part in re.sub(r"\s*([,-])\s*", r"\1", ",".join(words)).split(","):
        first, dash, last = part.strip().removeprefix("#").partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise click.BadParameter(
                f"{part!r} is not the number of a letter, such as 3 or 3,7-12; planner outbox"
                " list shows the numbers."
            )
        start, end = int(first), int(last or first)
        if end < start or end - start > 100_000 or end > 2**62:
            raise click.BadParameter(f"{part!r} is not a range of letter numbers.")
        found.extend(range(start, end + 1))
    return list(dict.fromkeys(found))


several_letters = click.argument("ids", nargs=-1, required=True, metavar="ID...")

BAR = 24  # characters


@contextmanager
def progress(label: str) -> Iterator[Callable[[float, str], None]]:
    """A progress bar on a terminal, once the work takes over a second.

    Yields a function that takes the part that is done, 0 to 1, and a word on where we are.
    """
    import sys
    import time

    began, shown = time.monotonic(), False

    def step(part: float, where: str) -> None:
        nonlocal shown
        if is_screen(sys.stderr) and time.monotonic() - began > 1:
            shown = True
            full = round(min(1, max(0, part)) * BAR)
            bar = f"{label} [{'#' * full}{'.' * (BAR - full)}] {part:4.0%} {printable(where)[-36:]}"
            click.echo(f"\r{bar:<79}", err=True, nl=False)

    yield step
    if shown:
        click.echo(err=True)
