"""What a person's word did to each letter, told in lines; gives the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.cli import show
from planner.cli.app import say
from planner.cli.hints import hint_of
from planner.errors import ExitCode, worst

if TYPE_CHECKING:
    from planner.steps.actions import ActionResult

MANY = 5  # more letters than this that went well share a line


def report(results: Sequence[ActionResult], word: str) -> ExitCode:
    """Tell what became of each letter; `word` is what those are that it was done to."""
    plain = [result.letter.id for result in results if result.done and not result.reason]
    if len(plain) > MANY:
        say(f"letters {show.ranges(plain)}: {word}")
    for result in results:
        if len(plain) <= MANY or result.letter.id not in plain:
            tell(result, word)
    return worst(result.exit_code for result in results)


def tell(result: ActionResult, word: str) -> None:
    """One letter: done, perhaps with what will hold it back, or refused with the way out."""
    said = word if result.done else f"{result.reason.rstrip('.,')}."
    say(show.wrapped(f"letter {result.letter.id}, {result.letter.program}: {said}", hanging="  "))
    if not result.done:
        say(show.wrapped(f"-> {hint_of(result)}", indent="  ", hanging="     "))
    elif result.reason:
        say(show.wrapped(f"held back for now: {result.reason}", indent="  "))
