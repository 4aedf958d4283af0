"""Approved letters are exported as .eml files, which the user's own mail program opens and sends.

For people whose school lets no program send mail for them.  The gates are those of sending,
the move is committed and in the journal before a file appears, and what became of a letter
is for the user to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.errors import PlannerError
from planner.files import make_folder, write_private
from planner.rules.letters import Letter
from planner.rules.states import LetterState
from planner.steps.actions import ActionResult, wrong_state
from planner.steps.sending.due import Due, fetch_due
from planner.steps.sending.run import SendRun
from planner.store import send_queue
from planner.store.commits import UnitOfWork
from planner.store.letters import get_letters, read_frozen

# Mail programs that know this header open the file as a draft that can be sent.
UNSENT = b"X-Unsent: 1\r\n"


def export_letters(run: SendRun, folder: Path) -> list[ActionResult]:
    """Write the letters of `run.options.ids` to `folder`, one .eml each.

    The sender's lock must be held.  One that was exported before is written again.
    Raises UnknownNameError for a number that is not a letter, PlannerError if a file or
    the database cannot be written.
    """
    with run.store.commits() as commits:
        due = commits.run_blocking(lambda unit: fetch_due(unit.tx, run))
        commits.run_blocking(lambda unit: _move(unit, run, due), marks=True)
    with run.store.read() as tx:
        asked = get_letters(tx, run.options.ids or ())
    done = [letter for letter in asked if letter.state is LetterState.EXPORTED]
    if done:
        _write(run, done, folder)
    results = {d.letter.id: _refused(d.letter, d.closed) for d in due.letters}
    results |= {result.letter.id: _refused(result.letter, result.reason) for result in due.noted}
    results |= {letter.id: ActionResult(letter, done=True) for letter in done}
    return [results[letter.id] for letter in asked]


def _move(unit: UnitOfWork, run: SendRun, due: Due) -> None:
    for letter in due.going:
        if letter.state is LetterState.APPROVED:
            send_queue.export(unit, letter, run.clock())


def _refused(letter: Letter, reason: str) -> ActionResult:
    if letter.state is LetterState.DEFERRED:
        reason = "the server has deferred it; the next run of sending tries it again"
        return ActionResult(letter, False, reason, "deferred", {"letter": letter.id})
    if letter.state is LetterState.APPROVED:
        return ActionResult(letter, False, reason, "wrong_state", {"letter": letter.id})
    return wrong_state(letter, reason)


def _write(run: SendRun, letters: Sequence[Letter], folder: Path) -> None:
    with run.store.read() as tx:
        files = [(letter.id, UNSENT + read_frozen(tx, letter.id)) for letter in letters]
    try:
        make_folder(folder)
        for number, data in files:
            write_private(folder / f"letter-{number:04d}.eml", data)
    except OSError as error:
        raise PlannerError(
            f"Cannot write to {folder}: {error.strerror}.",
            code="unwritable",
            numbers=[number for number, _ in files],
        ) from error
