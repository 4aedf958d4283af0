"""`completion`: a script that lets a shell complete commands, options, programs and letters.

click has the scripts; the one for bash is ours, because bash takes `status=inv` for three
words, and click's breaks a name with spaces.
"""

from __future__ import annotations

import os

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    get_completion_class,
    split_arg_string,
)

from planner.cli.app import answers_json, asks_json, emit
from planner.errors import ExitCode

VARIABLE = "_PLANNER_COMPLETE"
END = "\x01"  # what nobody types
SHELLS = ("bash", "zsh", "fish", "powershell")
# Readline quotes what it takes for a file name, so a name with spaces stays one word.
BASH = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                [[ $COMP_WORDBREAKS == *=* && $value == *=?* ]] && value=${value#*=}
                [[ $value == *= ]] && compopt -o nospace
                [[ $value == *" "* ]] && compopt -o filenames
                COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_WORDS="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s step2-planner
"""


class Bash(BashComplete):
    """Completion for bash, which is given the line as it was typed."""

    source_template = BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The whole words, and the one that is being typed: an open quote is a part of it."""
        *args, last = split_arg_string(os.environ["COMP_WORDS"] + END)
        return args[1:], last.removesuffix(END)

    def format_completion(self, item: CompletionItem[str]) -> str:
        """One line."""
        return f"{item.type},{item.value}"


def answer(root: click.Command, instruction: str) -> int:
    """Do what a shell asks for: print the script, or what fits what was typed."""
    shell, _, wanted = instruction.partition("_")
    kind = Bash if shell == "bash" else get_completion_class(shell)
    if kind is None:
        return ExitCode.USAGE
    asked = kind(root, {}, "planner", VARIABLE)
    text = asked.source() if wanted == "source" else asked.complete()
    click.echo(text.encode())
    return ExitCode.OK


@click.command("completion", epilog="Example: planner completion bash >> ~/.bashrc")
@click.argument("shell", type=click.Choice(SHELLS))
@answers_json
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> ExitCode:
    """Print a script that lets your shell complete what you type.

    \b
    Where to put it:
      bash        >> ~/.bashrc
      zsh         > ~/.zfunc/_planner, if ~/.zfunc is in your $fpath
      fish        > ~/.config/fish/completions/planner.fish
      powershell  >> $PROFILE

    Then open a new terminal, and press TAB after planner, a part of a program's name, or
    the beginning of status=.
    """
    kind = Bash if shell == "bash" else get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"The installed click does not know {shell}.")
    script = kind(ctx.find_root().command, {}, "planner", VARIABLE).source()
    if asks_json():
        emit({"shell": shell, "script": script})
    else:
        click.echo(script)
    return ExitCode.OK
