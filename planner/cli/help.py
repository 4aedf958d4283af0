"""`help`: the help of a command, or all of it as a page for man."""

from __future__ import annotations

import click

from planner.cli.app import answers_json, asks_json, emit
from planner.errors import ExitCode


@click.command("help", epilog="Example: planner help programs set")
@click.argument("command", nargs=-1)
@click.option("--man", is_flag=True, help="Print everything as a manual page, for man -l.")
@answers_json
@click.pass_context
def help_command(ctx: click.Context, command: tuple[str, ...], man: bool) -> ExitCode:
    """Show the help of a command; without one, what there is.

    For man itself: planner help --man > ~/.local/share/man/man1/planner.1
    """
    if man:
        from planner.cli.man import manual

        text = manual(ctx.find_root())
    else:
        text = _found(ctx.find_root(), command).get_help()
    if asks_json():
        emit({"help": text})
    else:
        click.echo(text)
    return ExitCode.OK


def _found(ctx: click.Context, words: tuple[str, ...]) -> click.Context:
    """The context of a command.  Raises click.UsageError for one that is not there."""
    for word in words:
        here = ctx.command
        found = here.get_command(ctx, word) if isinstance(here, click.Group) else None
        if found is None:
            from planner.rules.near import did_you_mean, nearest

            known = here.list_commands(ctx) if isinstance(here, click.Group) else []
            meant = did_you_mean(nearest(word, known, most=2))
            raise click.UsageError(f"No such command '{word}'.{meant}", ctx)
        ctx = found.context_class(found, info_name=word, parent=ctx)
    return ctx
