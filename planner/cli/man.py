"""The manual page, made from the help of every command, so that it never says anything else."""

from __future__ import annotations

from collections.abc import Iterator

import click

from planner import __version__


def manual(root: click.Context) -> str:
    """Everything as one page in the language of man."""
    lines = [
        f'.TH PLANNER 1 "" "planner {__version__}" "User Commands"',
        ".SH NAME",
        f"planner \\- {_plain(root.command.get_short_help_str(200))}",
        ".SH SYNOPSIS",
        ".B planner",
        "[OPTIONS] COMMAND [ARGS]...",
        *_section("OVERVIEW", root),
    ]
    for context in _leaves(root):
        lines += _section(context.command_path.upper(), context)
    return "\n".join(lines) + "\n"


def _section(title: str, context: click.Context) -> list[str]:
    """The help of a command, line by line as it is on a terminal."""
    return [f'.SH "{title}"', ".nf", *map(_plain, context.get_help().splitlines()), ".fi"]


def _leaves(context: click.Context) -> Iterator[click.Context]:
    """Each command that does something, in the order of the help."""
    command = context.command
    if not isinstance(command, click.Group):
        yield context
        return
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        if below is not None:
            yield from _leaves(below.context_class(below, info_name=name, parent=context))


def _plain(line: str) -> str:
    """A line in which man finds no commands of its own."""
    escaped = line.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
