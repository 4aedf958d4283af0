"""The command line: a group that loads each command only when it is asked for."""

from __future__ import annotations

import contextlib
import contextvars
import errno
import gc
import importlib
import os
import re
import signal
import sys
from typing import TYPE_CHECKING, Any, cast

import click

from planner import __version__, system
from planner.cli.group import Context, adapted
from planner.errors import ExitCode, PlannerError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Each command has a module of its own, which is called after it; in the order of their use.
COMMANDS = {
    "init": "Write a config file to fill in.",
    "demo": "See the whole story on made-up data.",
    "tour": "Look around in your browser (needs the web extra).",
    "import": "Bring a program list into the database.",
    "programs": "Show your programs, or change them.",
    "assess": "Say what your score is worth, by specialty.",
    "plan": "Say whom to write to today, and why.",
    "why": "Explain one program's decision in full.",
    "rules": "Show the rules that decide, and your own numbers.",
    "reasons": "Write what draws you to each program.",
    "draft": "Write a letter to each program worth one.",
    "preview": "Show letters as they would be sent.",
    "review": "Read the drafts one by one, and decide.",
    "approve": "Approve letters that you have read.",
    "unapprove": "Take approvals back.",
    "leave-out": "Leave drafts out, so they are not sent.",
    "edit": "Change a letter, or choose another one.",
    "cancel": "Withdraw approved or refused letters.",
    "send": "Send approved letters, each only once.",
    "hand": "Send letters yourself, in your own mail program.",
    "outbox": "See the letters and what happened to them.",
    "db": "Check the database, or fix it after a restore.",
    "status": "Show where things stand and what to do next.",
    "dates": "Show what is coming up, or add it to your calendar.",
    "report": "Draw the campaign: cycle, score, letters.",
    "doctor": "Check config, database, letters, mail server.",
    "login": "Store your mail password in the system keyring.",
    "logout": "Remove your mail password from the keyring.",
    "help": "Show the help of a command.",
    "completion": "Set up TAB completion in your shell.",
}
# How the list is divided in the help; what is in none of them comes last.
SECTIONS = {
    "Get started": ("init", "demo", "tour", "login", "logout", "doctor"),
    "Your list": ("import", "programs"),
    "Decide": ("assess", "plan", "why", "rules", "reasons"),
    "Letters": (
        "draft",
        "preview",
        "review",
        "approve",
        "unapprove",
        "leave-out",
        "edit",
        "cancel",
    ),
    "Send": ("send", "hand", "outbox"),
    "Keep track": ("status", "dates", "report", "db"),
}
OTHERS = "Help"
EXAMPLE = "Example: "  # how the last part of a command's help begins


MODULES = {"import": "import_list"}  # no module can be called as a word of the language


# What people look for and cannot have.
_GONE = (
    " A letter that has been sent cannot be recalled; planner cancel withdraws one that has not."
)
ANSWERS = {"unsend": _GONE, "recall": _GONE, "undo": _GONE}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is used."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which one needs them."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the module of a command."""
        if name not in COMMANDS:
            return None
        word = name.replace("-", "_")
        module = importlib.import_module(f"planner.cli.{MODULES.get(word, word)}")
        command = getattr(module, f"{word}_command")
        if not isinstance(command, click.Command):
            return None
        if os.environ.get("_PLANNER_COMPLETE"):
            from planner.cli.completers import attach

            attach(command)
        return adapted(command)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands without importing any, and the options."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=text)
            for name, text in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name what was meant, where no command is called so; click knows of none beforehand."""
        if (name := args[0]) not in COMMANDS and not name.startswith("-"):
            from planner.rules.near import did_you_mean, nearest

            meant = did_you_mean(nearest(name, COMMANDS, most=2))
            ctx.fail(f"No such command '{name}'.{ANSWERS.get(name, meant)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        widest = max(map(len, COMMANDS))
        placed = {name for names in SECTIONS.values() for name in names}
        last = {OTHERS: tuple(name for name in COMMANDS if name not in placed)}
        for title, names in {**SECTIONS, **last}.items():
            rows = [(name.ljust(widest), COMMANDS[name]) for name in names if name in COMMANDS]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="Start with: planner demo, or planner init.",
)
@click.option(
    "--config",
    metavar="PATH",
    help="The config file; otherwise $PLANNER_CONFIG, ./config.toml, or your config folder.",
)
@click.option(
    "-v", "--verbose", is_flag=True, help="Report progress on stderr; show a bug's traceback."
)
@click.version_option(__version__, "-V", "--version", prog_name="planner")
@click.pass_context
def cli(ctx: click.Context, config: str | None, verbose: bool) -> None:
    """Decide whom to tell about a Step 2 CK score, and send each letter once."""
    from planner.wiring import Workspace

    if verbose:
        from planner.logs import on_stderr

        ctx.with_resource(on_stderr())
    ctx.obj = ctx.obj or Workspace(config)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; every failure becomes a sentence, a hint and an exit code."""
    # Modules and rows are made and stay; looking for cycles among them takes 3 % of a start.
    gc.set_threshold(20_000, 50, 50)
    system.use_utf8()
    # To be told to end is as good as Ctrl-C: exit 130, with nothing left half done.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if asked := os.environ.get("_PLANNER_COMPLETE"):
        from planner.cli.completion import answer

        sys.exit(answer(cli, asked))
    given = sys.argv[1:] if arguments is None else arguments
    code = int(run(given))
    gc.freeze()  # nor need Python look through them again at the end
    sys.exit(code)


def invoke(arguments: list[str], ws: object = None) -> int:
    """Run a command and return its exit code; failures are exceptions."""
    with cli.make_context("planner", list(arguments), obj=ws) as ctx:
        code = cli.invoke(ctx)
    return code if isinstance(code, int) else ExitCode.OK


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code; every failure is told."""
    as_json = "--json" in arguments
    try:
        code = contextvars.copy_context().run(invoke, arguments)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _failed("Interrupted.", "", "interrupted", ExitCode.INTERRUPTED, as_json=as_json)
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message(), err=as_json)  # help, in our own words alone
        return ExitCode.USAGE
    except click.ClickException as error:
        hint = _help_hint(error, arguments)
        return _failed(error.format_message(), hint, "usage", ExitCode.USAGE, as_json=as_json)
    except PlannerError as error:
        from planner.cli.hints import hint_of

        hint = hint_of(error)
        return _failed(error.message, hint, error.code, error.exit_code, as_json=as_json)
    except OSError as error:
        return _output_lost(error, arguments, as_json=as_json)
    except Exception as error:
        if {"-v", "--verbose"} & {*arguments}:
            raise
        return _bug(error, as_json=as_json)
    return code


def _output_lost(error: OSError, arguments: list[str], *, as_json: bool) -> int:
    """Our output has nowhere to go: the reader or the terminal left, or its disk is full."""
    if system.is_broken_pipe(error):
        _silence(sys.stdout)
        return ExitCode.OK
    if gone := [stream for stream in (sys.stdout, sys.stderr) if _has_hung_up(stream)]:
        for stream in gone:
            _silence(stream)
        return ExitCode.INTERRUPTED
    if error.errno == errno.ENOSPC:
        _silence(sys.stdout)
        click.echo("planner: The output could not be written: the disk is full.", err=True)
        return ExitCode.FAILED
    if {"-v", "--verbose"} & {*arguments}:
        raise error
    return _bug(error, as_json=as_json)


def _has_hung_up(stream: Any) -> bool:
    """Whether a stream leads to a terminal that was closed."""
    try:
        os.tcgetpgrp(stream.fileno())
    except OSError as error:
        return error.errno == errno.EIO
    except AttributeError:  # Windows
        return False
    return False


def _silence(stream: Any) -> None:
    """Let what is still buffered go nowhere, so that the interpreter ends quietly."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _help_hint(error: click.ClickException, arguments: list[str]) -> str:
    """How the command is typed: its example, and where its help is."""
    if context := getattr(error, "ctx", None):
        quotes = _quotes(context.command) if error.message.startswith(TOO_MANY) else ""
        return f"{quotes}{context.command_path} --help shows how.{_example(context.command)}"
    # click does not say where, if an option lacks its value.
    path, here = ["planner"], cast(click.Command | None, cli)
    for word in arguments:
        if not isinstance(here, click.Group):
            break
        if (here := here.get_command(click.Context(here), word)) is None:
            break
        path.append(word)
    return f"{' '.join(path)} --help shows how.{_example(here)}"


TOO_MANY = "Got unexpected extra argument"  # as click says it


def _quotes(command: click.Command) -> str:
    """What to do about a name that the shell took for several words; "" without a name."""
    if any(param.name == "program" for param in command.params):
        return 'Put a name of several words in quotes: "Mercy General". '
    return ""


def _example(command: click.Command | None) -> str:
    """The example in the help of a command; "" where there is none."""
    said = (command and command.epilog or "").partition("\n")[0]
    return f" For example: {said.removeprefix(EXAMPLE)}" if said.startswith(EXAMPLE) else ""


def _failed(message: str, hint: str, code: str, exit_code: ExitCode, *, as_json: bool) -> ExitCode:
    from planner.cli.app import emit, say
    from planner.cli.show import wrapped

    if as_json:
        emit({"error": {"code": code, "message": message, "hint": hint}})
    # No line of a message may pass for a hint, whatever a file in it is called.
    for line in re.sub(r"\n(?=\s*->)", " ", f"planner: {message}").split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        text = wrapped(line.strip(), indent=indent, hanging=f"{indent}  ")
        say(text, as_json=True)
    if hint:
        say(wrapped(f"-> {hint}", indent="  ", hanging="     "), as_json=True)
    return exit_code


def _bug(error: Exception, *, as_json: bool) -> ExitCode:
    """Apologise, and keep the traceback in a file."""
    import tempfile
    import traceback
    from pathlib import Path

    handle, name = tempfile.mkstemp(prefix="planner-", suffix=".log")
    with open(handle, "w", encoding="utf-8") as log:  # noqa: PTH123 - a descriptor, not a path
        log.write(f"planner {__version__}\n")
        log.writelines(traceback.format_exception(error))
    return _failed(
        f"Sorry, this is a bug in planner ({type(error).__name__}).",
        f"What happened is in {Path(name)}; please report it.",
        "bug",
        ExitCode.FAILED,
        as_json=as_json,
    )
