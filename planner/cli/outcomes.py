"""What a person's word did to each letter, told in lines; gives the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.cli import show
from planner.cli.app import say
from planner.cli.hints import hint_of
from planner.errors import ExitCode, worst

if TYPE_CHECKING:
    from planner.steps.verb import Verb

MANY = 5  # more letters than this that went well share a line


def report(verbs: Sequence[Verb], word: str) -> ExitCode:
    """Tell what became of each letter; `word` is what those are that it was done to."""
    plain = [verb.letter.id for verb in verbs if verb.done and not verb.reason]
    if len(plain) > MANY:
        say(f"letters {show.ranges(plain)}: {word}")
    for verb in verbs:
        if len(plain) <= MANY or verb.letter.id not in plain:
            _tell(verb, word)
    return worst(verb.exit_code for verb in verbs)


def _tell(verb: Verb, word: str) -> None:
    """One letter: done, perhaps with what will hold it back, or refused with the way out."""
    said = word if verb.done else f"{verb.reason.rstrip('.,')}."
    say(show.wrapped(f"letter {verb.letter.id}, {verb.letter.program}: {said}", hanging="  "))
    if not verb.done:
        say(show.wrapped(f"-> {hint_of(verb)}", indent="  ", hanging="     "))
    elif verb.reason:
        say(show.wrapped(f"held back as long as {verb.reason}", indent="  "))
