"""Approved letters go into the user's own hands: as .eml files, or as links to a mail program.

For people whose school lets no program send mail for them.  The gates are those of sending,
the move is committed and in the journal before a file or a link appears, and what became of
a letter is for the user to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from planner.errors import PlannerError
from planner.files import make_folder, write_private
from planner.mail.note import note_of
from planner.mail.wire import wire_digest
from planner.rules.compose_links import Note
from planner.rules.letters import Letter
from planner.rules.states import LetterState
from planner.steps.actions import ActionResult, wrong_state
from planner.steps.sending.due import Due, fetch_due
from planner.steps.sending.run import SendRun
from planner.store import send_queue
from planner.store.commits import UnitOfWork
from planner.store.database import Store
from planner.store.engine import Transaction
from planner.store.letters import get_letters, read_frozen

# Mail programs that know this header open the file as a draft that can be sent.
UNSENT = b"X-Unsent: 1\r\n"


class Handed(NamedTuple):
    """What became of one letter; `again`: it was handed over before, and nobody said what then."""

    result: ActionResult
    again: bool = False


def hand_over(run: SendRun, *, command: str) -> list[Handed]:
    """Move the letters of `run.options.ids` that may leave; nothing is written or shown yet.

    The sender's lock must be held.  Raises UnknownNameError for a number that is not a
    letter, PlannerError if the database or its journal cannot be written.
    """
    with run.store.commits() as commits:
        due = commits.run_blocking(lambda unit: fetch_due(unit.tx, run))
        commits.run_blocking(lambda unit: _move(unit, run, due, command), marks=True)
    with run.store.read() as tx:
        asked = get_letters(tx, run.options.ids or ())
    handed = {d.letter.id: Handed(_refused(d.letter, d.closed)) for d in due.letters}
    handed |= {
        result.letter.id: Handed(_refused(result.letter, result.reason)) for result in due.noted
    }
    fresh = {d.letter.id for d in due.letters}
    handed |= {
        letter.id: Handed(ActionResult(letter, done=True), again=letter.id not in fresh)
        for letter in asked
        if letter.state is LetterState.EXPORTED
    }
    return [handed[letter.id] for letter in asked]


def export_letters(run: SendRun, folder: Path) -> list[ActionResult]:
    """Hand letters over as files, one .eml each; one that was exported before is written again.

    As `hand_over`; also raises PlannerError if a file cannot be written.
    """
    results = [handed.result for handed in hand_over(run, command="outbox export")]
    if done := [result.letter for result in results if result.done]:
        write_files(run.store, done, folder)
    return results


def read_note(store: Store, letter: Letter) -> Note:
    """What to type for a letter that was handed over: the approved bytes, read back.

    Raises PlannerError for bytes that are not those that were approved.
    """
    with store.read() as tx:
        return note_of(_approved(tx, letter))


def write_files(store: Store, letters: Sequence[Letter], folder: Path) -> list[Path]:
    """Write letters that were handed over to a folder, one .eml each.

    Raises PlannerError if one cannot be written.
    """
    with store.read() as tx:
        files = {
            folder / f"letter-{letter.id:04d}.eml": UNSENT + _approved(tx, letter)
            for letter in letters
        }
    try:
        make_folder(folder)
        for path, data in files.items():
            write_private(path, data)
    except OSError as error:
        raise PlannerError(
            f"Cannot write to {folder}: {error.strerror}.",
            code="unwritable",
            numbers=[letter.id for letter in letters],
        ) from error
    return list(files)


def _approved(tx: Transaction, letter: Letter) -> bytes:
    wire = read_frozen(tx, letter.id)
    if wire_digest(letter.sender, (*letter.to, *letter.cc), wire) != letter.digest:
        raise PlannerError(
            f"Letter {letter.id} ({letter.program}): its bytes are not those that were approved.",
            code="invariant",
        )
    return wire


def _move(unit: UnitOfWork, run: SendRun, due: Due, command: str) -> None:
    for letter in due.going:
        if letter.state is LetterState.APPROVED:
            send_queue.export(unit, letter, run.clock(), command=command)


def _refused(letter: Letter, reason: str) -> ActionResult:
    if letter.state is LetterState.DEFERRED:
        reason = "the server has deferred it; the next run of sending tries it again"
        return ActionResult(letter, False, reason, "deferred", {"letter": letter.id})
    if letter.state is LetterState.APPROVED:
        return ActionResult(letter, False, reason, "wrong_state", {"letter": letter.id})
    return wrong_state(letter, reason)
