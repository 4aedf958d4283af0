"""What the shell offers for a word: programs, letters, fields and their values, specialties.

Pressing TAB changes nothing: without a config or a database there is nothing to offer, and
whatever goes wrong is silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from planner.rules import facts
from planner.rules.states import LetterState

if TYPE_CHECKING:
    from planner.wiring import Workspace

Items = list[CompletionItem]
Completer = Callable[[click.Context, str], Iterator[CompletionItem]]

# The letters that a command can do something to; others take any.
FITTING: Mapping[str, frozenset[LetterState]] = {
    "approve": frozenset({LetterState.DRAFT}),
    "review": frozenset({LetterState.DRAFT}),
    "leave-out": frozenset({LetterState.DRAFT}),
    "edit": frozenset({LetterState.DRAFT, LetterState.APPROVED}),
    "unapprove": frozenset({LetterState.APPROVED}),
    "send": frozenset({LetterState.APPROVED, LetterState.DEFERRED}),
    "hand": frozenset({LetterState.APPROVED}),
    "cancel": frozenset({LetterState.APPROVED, LetterState.DEFERRED, LetterState.REFUSED}),
    "retry": frozenset({LetterState.DEFERRED}),
    "resolve": frozenset({LetterState.UNKNOWN, LetterState.EXPORTED, LetterState.SENT}),
}
VALUES: Mapping[str, type[StrEnum]] = {
    "status": facts.Status,
    "step2_policy": facts.Step2Policy,
    "signal": facts.Signal,
    "contact_policy": facts.ContactPolicy,
    "application_service": facts.Service,
}


def attach(command: click.Command) -> None:
    """Give the parameters of a command, and of those below it, what they offer."""
    for param in command.params:
        if (found := BY_NAME.get(param.name or "")) is not None:
            offer = partial(_offered, found)
            param.shell_complete = offer  # type: ignore[method-assign]
    if isinstance(command, click.Group):
        for below in command.commands.values():
            attach(below)


def _offered(completer: Completer, ctx: click.Context, incomplete: str) -> Items:
    try:
        return list(completer(ctx, incomplete))
    except Exception:  # noqa: BLE001 - a shell shows what is printed in the middle of a line
        return []


def _workspace(ctx: click.Context) -> Workspace | None:
    """The workspace of what has been typed so far, if its database is there already."""
    from planner.wiring import Workspace

    ws = ctx.obj or Workspace(ctx.find_root().params.get("config"))
    file = ws.settings.database_url.removeprefix("sqlite:///")
    is_server = file == ws.settings.database_url
    return ws if is_server or (ws.settings.folder / file).exists() else None


def _programs(ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    """Names, as far as they tell programs apart; else numbers."""
    from planner import steps

    if (ws := _workspace(ctx)) is None:
        return
    everything = steps.programs.list_programs(ws)
    names = [program.program for program in everything]
    for program in everything:
        if names.count(program.program) == 1 and _begins(program.program, incomplete):
            yield CompletionItem(program.program, help=program.specialty)
        elif str(program.id).startswith(incomplete) and (
            incomplete or names.count(program.program) > 1
        ):
            yield CompletionItem(str(program.id), help=f"{program.program}, {program.specialty}")


def _letters(ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    """Numbers of letters, each after what stands before the last comma or dash."""
    from planner import steps

    if (ws := _workspace(ctx)) is None:
        return
    typed = incomplete.rstrip("0123456789")
    states = FITTING.get(ctx.info_name or "")
    for letter in steps.outbox.list_letters(ws, sorted(states) if states else None).letters:
        if str(letter.id).startswith(incomplete.removeprefix(typed)):
            yield CompletionItem(f"{typed}{letter.id}", help=f"{letter.program} ({letter.state})")


def _assignments(_ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    from planner.sheets.fields import FIELDS

    name, equals, value = incomplete.partition("=")
    if not equals:
        for field in FIELDS:
            if field.name.startswith(name):
                yield CompletionItem(f"{field.name}=", help=field.shape)
        return
    for word in VALUES.get(name, ()):
        if word.startswith(value):
            yield CompletionItem(f"{name}={word}")


def _columns(_ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    """The fields after COLUMN=."""
    from planner.sheets.fields import NAMEABLE

    column, equals, field = incomplete.partition("=")
    for name in NAMEABLE if equals else ():
        if name.startswith(field):
            yield CompletionItem(f"{column}={name}")


def _specialties(ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    from planner.wiring import Workspace

    ws = ctx.obj or Workspace(ctx.find_root().params.get("config"))
    for specialty in ws.settings.specialties.all:
        if _begins(specialty.name, incomplete):
            yield CompletionItem(specialty.name)


def _files(_ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    yield CompletionItem(incomplete, type="file")


def _folders(_ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    yield CompletionItem(incomplete, type="dir")


def _commands(_ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    from planner.cli import COMMANDS

    for name, text in COMMANDS.items():
        if name.startswith(incomplete):
            yield CompletionItem(name, help=text)


def _begins(name: str, incomplete: str) -> bool:
    return name.casefold().startswith(incomplete.casefold())


# By the name that a command gives its parameter.
BY_NAME: Mapping[str, Completer] = {
    "program": _programs,
    "twin": _programs,
    "only": _programs,
    "ids": _letters,
    "assignment": _assignments,
    "mapping": _columns,
    "specialty": _specialties,
    "file": _files,
    "failed": _files,
    "config": _files,
    "eml": _folders,
    "command": _commands,
}
