"""Handing approved letters to the user's own mail program, as files.

For people whose school lets no program send mail for them.  The gates are those of sending,
the move is committed and in the journal before a file appears, and what became of a letter
is for the user to say (`outbox resolve`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from planner.errors import PlannerError
from planner.files import make_folder, write_private
from planner.rules.letters import Letter
from planner.rules.states import LetterState
from planner.steps.postman import Postman
from planner.steps.verb import Verb, way_out
from planner.store import queue
from planner.store.letters import get_letters, read_frozen
from planner.store.writer import Page

# Mail programs that know this header open the file as a draft that can be sent.
UNSENT = b"X-Unsent: 1\r\n"
DEFERRED = (
    "the server has deferred it; planner send tries it again",
    "To send it yourself: planner unapprove {0}, then read and approve it anew",
)


def hand_over(postman: Postman, folder: Path) -> list[Verb]:
    """Write the letters of `postman.options.ids` to `folder`, one .eml each.

    The sender's lock must be held.  One that was handed over before is written again.
    Raises UnknownNameError for a number that is no letter, PlannerError where a file or
    the database cannot be written.
    """
    with postman.store.writer() as writer:
        gated = writer.do(lambda page: postman.make_ready(page.tx))
        going = [g.letter for g in gated if not g.closed and g.letter.state is LetterState.APPROVED]
        writer.do(partial(_move, letters=going, at=postman.clock()), marks=True)
    with postman.store.read() as tx:
        asked = get_letters(tx, postman.options.ids or ())
    done = [letter for letter in asked if letter.state is LetterState.EXPORTED]
    if done:
        _write(postman, done, folder)
    verbs = {g.letter.id: _refused(g.letter, g.closed) for g in gated}
    verbs |= {d.letter.id: _refused(d.letter, d.reason) for d in postman.noted}
    verbs |= {letter.id: Verb(letter, done=True) for letter in done}
    return [verbs[letter.id] for letter in asked]


def _move(page: Page, letters: Sequence[Letter], at: datetime) -> None:
    for letter in letters:
        queue.hand_over(page, letter, at)


def _refused(letter: Letter, reason: str) -> Verb:
    if letter.state is LetterState.DEFERRED:
        reason, hint = DEFERRED[0], DEFERRED[1].format(letter.id)
    elif letter.state is LetterState.APPROVED:
        hint = f"planner outbox show {letter.id} tells its story."
    else:
        hint = way_out(letter.state, letter.id, letter.last_reply)
    return Verb(letter, done=False, reason=reason, hint=hint)


def _write(postman: Postman, letters: Sequence[Letter], folder: Path) -> None:
    with postman.store.read() as tx:
        files = [(letter.id, UNSENT + read_frozen(tx, letter.id)) for letter in letters]
    try:
        make_folder(folder)
        for number, data in files:
            write_private(folder / f"letter-{number:04d}.eml", data)
    except OSError as error:
        numbers = ",".join(str(number) for number, _ in files)
        raise PlannerError(
            f"Cannot write to {folder}: {error.strerror}.",
            hint=f"planner outbox export {numbers} --eml ANOTHER-FOLDER writes them again.",
            code="unwritable",
        ) from error
