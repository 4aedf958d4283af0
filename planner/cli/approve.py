"""`approve`: letters that were read are frozen as the bytes that will leave."""

from __future__ import annotations

from collections.abc import Sequence

import click

from planner import steps
from planner.cli import show
from planner.cli.app import answers_json, letter_numbers, say
from planner.cli.hints.findings import fix_of
from planner.cli.outcomes import report
from planner.errors import ExitCode, PersonNeededError
from planner.rules.letters import Letter, findings_of
from planner.wiring import Workspace


@click.command("approve", epilog='Example: planner approve 4 --override 2 --because "their twin"')
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all-shown", is_flag=True, help="Every draft whose current text was shown.")
@click.option("--unseen", is_flag=True, help="Approve without having shown the text.")
@click.option(
    "--override",
    multiple=True,
    metavar="N",
    help="Let error N of the letter stand (its number in preview, or its code) ...",
)
@click.option("--because", multiple=True, help="... for this reason, which is kept.")
@answers_json
@click.pass_obj
def approve_command(
    ws: Workspace,
    ids: tuple[str, ...],
    all_shown: bool,
    unseen: bool,
    override: tuple[str, ...],
    because: tuple[str, ...],
) -> ExitCode:
    """Approve letters whose full text you have read: from then on they are frozen.

    A letter whose current text was never shown (planner preview ID) is refused.  Errors are
    overridden one at a time, in one letter at a time, each with its own --because.
    """
    why = [text.strip() for text in because]
    if len(override) != len(why) or not all(why):
        raise click.UsageError('Each --override N needs its own --because "TEXT".')
    if bool(ids) == all_shown:
        raise click.UsageError("Name the letters by number, or add --all-shown.")
    numbers = letter_numbers(ids) if ids else None
    overrides = [*map(steps.overrides.Override, override, why)]
    results = steps.review.approve(ws, numbers, unseen=unseen, overrides=overrides)
    if not results:
        raise PersonNeededError(
            "No draft has been shown as it is now.",
            hint="Read them first: planner preview ID",
            code="nothing_shown",
        )
    code = report(results, "approved")
    _warn([result.letter for result in results if result.done])
    return code


def _warn(approved: Sequence[Letter]) -> None:
    """What was found in letters and did not stand in the way."""
    found: dict[tuple[str, str], list[int]] = {}
    for letter in approved:
        for finding in findings_of(letter.findings, "warning"):
            found.setdefault((finding["code"], fix_of(finding)), []).append(letter.id)
    for (code, fix), numbers in found.items():
        text = f"warning {code} in {show.ranges([*{*numbers}])}: {fix}"
        say(show.wrapped(text, indent="  ! ", hanging="    "))
