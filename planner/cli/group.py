"""What all commands share beside what they do: help that can be copied, options of the whole."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

import click

# Options whose value is a name of something.
WORDS = {"specialty": "SPECIALTY", "only": "PROGRAM", "because": "REASON", "subject": "SUBJECT"}
# What a word stands for, in the help of every command that takes it.
_LETTERS = "ID is the number of a letter, or several: 3,7-12."
_PROGRAM = "PROGRAM is a number, an ACGME ID, an NRMP code, or a part of the name."
NOTES = {"ids": _LETTERS, "program": _PROGRAM, "only": _PROGRAM}
HYPHEN, SPACE = "\u2011", "\xa0"  # which stay in their line


class Help(click.HelpFormatter):
    """Help in which no option and no example is broken in two: it is there to be copied."""

    def write_text(self, text: str) -> None:
        """A paragraph; an example keeps a line of its own where it has to."""
        example, gap, rest = text.partition("\n\n")
        if example.startswith("Example: "):
            if self.current_indent + len(example) > self.width:
                example = example.replace("Example: ", "\b\nExample:\n  ")
            text = example.replace(" ", SPACE) + gap + rest
        super().write_text(text.replace("-", HYPHEN))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """A list of options or commands."""
        kept = [(first, second.replace("-", HYPHEN)) for first, second in rows]
        super().write_dl(kept, col_max, col_spacing)

    def getvalue(self) -> str:
        """All of it, with the spaces and hyphens that one types."""
        return super().getvalue().replace(HYPHEN, "-").replace(SPACE, " ")


class Context(click.Context):
    """A context that writes its help so."""

    formatter_class = Help


def adapted(command: click.Command) -> click.Command:
    """A command, and those below it, that take the options of the whole after their name, too."""
    command.context_class = Context
    for param in command.params:
        if param.metavar is None:
            param.metavar = _word_for(param)
    if not any(param.name == "config" for param in command.params):
        names = {param.name for param in command.params}
        notes = [text for name, text in NOTES.items() if name in names]
        said = inspect.cleandoc(command.help or "")
        command.help = "\n\n".join([said, *(x for x in notes if x.split()[0] + " is" not in said)])
        command.params += [
            click.Option(
                ["--config"], hidden=True, expose_value=False, callback=_use_config, metavar="PATH"
            ),
            click.Option(
                ["-v", "--verbose"],
                is_flag=True,
                hidden=True,
                expose_value=False,
                callback=_tell_more,
            ),
        ]
    if isinstance(command, click.Group):
        for below in command.commands.values():
            adapted(below)
    return command


def _word_for(param: click.Parameter) -> str | None:
    """What help calls a value, in a word that says what it is; None: as click does."""
    if isinstance(param.type, click.IntRange):
        return "N"
    if isinstance(param.type, click.Path):
        return "FILE" if param.type.file_okay else "DIR"
    return WORDS.get(param.name or "") if isinstance(param, click.Option) else None


def _use_config(ctx: click.Context, _param: click.Parameter, path: str | None) -> None:
    if path is not None:
        from planner.wiring import Workspace

        ctx.obj = Workspace(path)


def _tell_more(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from planner.logs import on_stderr

        ctx.with_resource(on_stderr())
