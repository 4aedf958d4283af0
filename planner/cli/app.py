"""What every command shares: the settings, the store and the clock, each made when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planner.cli.documents import json_text
from planner.cli.show import seen
from planner.rules.visible import printable

if TYPE_CHECKING:
    from planner.config import Settings
    from planner.letters import Templates
    from planner.rules.facts import Phase
    from planner.rules.situation import Situation
    from planner.store.database import Store

F = TypeVar("F", bound=Callable[..., Any])


class App:
    """The running command's surroundings."""

    def __init__(self, *, config: str | None, verbose: bool = False) -> None:
        self.config = config
        self.verbose = verbose

    @cached_property
    def settings(self) -> Settings:
        """The checked config.  Raises ConfigError."""
        from planner.config import find_config, load_settings

        return load_settings(find_config(self.config))

    @cached_property
    def store(self) -> Store:
        """The opened database."""
        from planner import wiring

        return wiring.open_database(self.settings)

    @cached_property
    def templates(self) -> Templates:
        """The letters."""
        from planner import wiring

        return wiring.templates(self.settings)

    @contextmanager
    def run_log(self) -> Iterator[None]:
        """Keep a private log of what a run does, beside the database."""
        from planner import wiring
        from planner.logs import run_log

        with run_log(wiring.logged_beside(self.settings, self.store)) as kept:
            try:
                yield
            finally:
                if kept.problem:
                    text = (
                        f"The log of this run, {kept.path}, could not be written: {kept.problem}."
                    )
                    say(text, as_json=True)

    @property
    def account(self) -> str:
        """What approvals and the pace are bound to."""
        return self.settings.account.key

    def now(self) -> datetime:
        """The real clock."""
        from planner import wiring

        return wiring.now()

    def situation(self, *, day: date | None = None, phase: str | None = None) -> Situation:
        """What plans are made from: now, or noon of `day` and in `phase` for what-if."""
        from planner import wiring
        from planner.rules.calendar import noon
        from planner.rules.facts import Phase

        at = noon(day) if day else self.now()
        return wiring.situation(self.settings, at, phase=_phase(phase, Phase))


def _phase(word: str | None, words: type[Phase]) -> Phase | None:
    return None if word is None else words(word)


def emit(document: object) -> None:
    """Print the one JSON document of a command."""
    click.echo(json_text(document))


def say_kept(path: Path | None) -> None:
    """Where the former contents of a file are that was replaced, if there were any."""
    if path is not None:
        say(f"What was in it is kept in {printable(str(path))}.")


def say(text: str = "", *, as_json: bool = False) -> None:
    """Print for a person: on stdout, or on stderr where stdout belongs to JSON.

    Whatever is hidden in the text is escaped, so that nothing else need be asked whether
    a name in it came from a stranger.
    """
    click.echo(seen(text), err=as_json)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


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
            self.fail(f"{value!r} is no date; write it as 2026-10-20.", param, ctx)
        if not YEARS[0] <= found.year <= YEARS[1]:
            self.fail(f"{value!r} is not in the years {YEARS[0]} to {YEARS[1]}.", param, ctx)
        return found


def what_if(command: F) -> F:
    """The two what-if options."""
    command = click.option("--date", "day", type=Day(), help="Ask as of noon of this date.")(
        command
    )
    phases = click.Choice(["preseason", "early", "late", "pre_rank", "closed"])
    return click.option("--phase", type=phases, help="Ask as if it were this phase.")(command)


def word_option(
    *names: str, words: Iterable[str], text: str, key: str | None = None
) -> Callable[[F], F]:
    """An option that takes one of many words: they stand in its help, not in its usage."""
    listed = [str(word) for word in words]
    return click.option(
        *names,
        *([key] if key else []),
        type=click.Choice(listed),
        metavar="WORD",
        help=f"{text}: {', '.join(listed)}.",
    )


def letter_numbers(words: Iterable[str]) -> list[int]:
    """The numbers of IDs such as "3" or "3,7-12", in order, each once.

    Raises click.BadParameter for anything else.
    """
    found: list[int] = []
    for part in ",".join(words).replace(" ", "").split(","):
        first, dash, last = part.removeprefix("#").partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise click.BadParameter(f"{part!r} is no letter number; write 3 or 3,7-12.")
        start, end = int(first), int(last or first)
        if end < start or end - start > 100_000 or end > 2**62:
            raise click.BadParameter(f"{part!r} is no range of letter numbers.")
        found.extend(range(start, end + 1))
    return list(dict.fromkeys(found))


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
        if sys.stderr.isatty() and time.monotonic() - began > 1:
            shown = True
            full = round(min(1, max(0, part)) * BAR)
            bar = f"{label} [{'#' * full}{'.' * (BAR - full)}] {part:4.0%} {printable(where)[-36:]}"
            click.echo(f"\r{bar:<79}", err=True, nl=False)

    yield step
    if shown:
        click.echo(err=True)
