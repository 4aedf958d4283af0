"""What a person's word did to each letter, told in lines; gives the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from planner.cli import show
from planner.cli.app import asks_json, emit, say
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
    if asks_json():
        emit({"letters": [result_document(result) for result in results]})
    return worst(result.exit_code for result in results)


def result_document(result: ActionResult) -> dict[str, Any]:
    """The JSON object of what became of one letter; `reason` may be what holds it back."""
    return {
        "id": result.letter.id,
        "program": result.letter.program,
        "acgme_id": result.letter.acgme_id,
        "done": result.done,
        "code": result.code,
        "reason": result.reason,
        "hint": "" if result.done else hint_of(result),
    }


def tell(result: ActionResult, word: str) -> None:
    """One letter: done, perhaps with what will hold it back, or refused with the way out."""
    said = word if result.done else f"{result.reason.rstrip('.,')}."
    say(show.wrapped(f"letter {result.letter.id}, {result.letter.program}: {said}", hanging="  "))
    if not result.done:
        say(show.wrapped(f"-> {hint_of(result)}", indent="  ", hanging="     "))
    elif result.reason:
        say(show.wrapped(f"held back for now: {result.reason}", indent="  "))
