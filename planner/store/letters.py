"""The letters table: find, add, render again and update letters, and thaw frozen ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from planner.errors import UnknownNameError
from planner.rules.letter_shapes import MENDED, SHOWN
from planner.rules.letters import Draft, Event, Letter, ListedLetter
from planner.rules.planning import LetterFact
from planner.rules.recipients import fold_address
from planner.rules.states import LetterState
from planner.store import retired, transitions
from planner.store.engine import Transaction
from planner.store.letter_rows import read_letters, read_listed
from planner.store.schema import applicants, events, letters
from planner.store.transitions import MoveRefusedError

# Of another type where somebody wrote it with another program.
AS_STORED_WIRE = sa.type_coerce(letters.c.wire, sa.types.NullType())


def get_applicant_id(tx: Transaction, aamc_id: str, email: str) -> int:
    """Return the id of the applicant's row, which is created on first use.

    If the AAMC ID was corrected, the email address still finds the row, so that fixing a
    typo does not allow second letters.
    """
    for column, value in ((applicants.c.aamc_id, aamc_id), (applicants.c.email, email)):
        found = tx.scalar(sa.select(applicants.c.id).where(column == value))
        if found is not None:
            return int(found)
    made = tx.execute(sa.insert(applicants).values(aamc_id=aamc_id, email=email))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def list_letters(
    tx: Transaction,
    *,
    ids: Collection[int] | None = None,
    states: Collection[LetterState] | None = None,
) -> list[Letter]:
    """List the letters that pass both filters, in the order of their numbers."""
    return read_letters(tx, ids, states)


def list_letter_facts(tx: Transaction) -> list[LetterFact]:
    """List what a plan needs to know of every letter."""
    return [letter.fact() for letter in list_letters(tx)]


def get_letters(tx: Transaction, ids: Collection[int]) -> list[Letter]:
    """Return the letters with these numbers.  Raises UnknownNameError if one does not exist."""
    found = list_letters(tx, ids=ids)
    refuse_missing(ids, found)
    return found


def list_for_overview(tx: Transaction, ids: Collection[int] | None = None) -> list[ListedLetter]:
    """List what an overview shows of the letters with these numbers, or of all.

    Raises UnknownNameError for a number that is not a letter.
    """
    found = read_listed(tx, ids)
    refuse_missing(ids or (), found)
    return found


def refuse_missing(ids: Iterable[int], found: Iterable[Letter | ListedLetter]) -> None:
    """Raise UnknownNameError if a number is not among the letters found."""
    if missing := sorted(set(ids) - {letter.id for letter in found}):
        raise UnknownNameError(
            f"There {'are no letters' if len(missing) > 1 else 'is no letter'}"
            f" {', '.join(map(str, missing[:5]))}"
            + (f" and {len(missing) - 5} more." if len(missing) > 5 else "."),
            code="unknown_letter",
        )


def list_events(tx: Transaction, letter_id: int) -> list[Event]:
    """List what happened to a letter, oldest first."""
    query = sa.select(
        events.c.at, events.c.from_state, events.c.to_state, events.c.command, events.c.why
    ).where(events.c.letter_id == letter_id)
    return [Event(*row) for row in tx.execute(query.order_by(events.c.id))]


def read_frozen(tx: Transaction, number: int) -> bytes:
    """Return the frozen bytes of a letter.  Raises MoveRefusedError if it is not frozen."""
    found = tx.scalar(sa.select(AS_STORED_WIRE).where(letters.c.id == number))
    if not isinstance(found, bytes):
        raise MoveRefusedError(f"Letter {number} is not frozen.", hint="Approve it first.")
    return found


def add_draft(tx: Transaction, applicant: int, draft: Draft, *, at: datetime, command: str) -> int:
    """Insert a draft and its first event; returns the letter's number."""
    made = tx.execute(
        sa.insert(letters).values(
            applicant_id=applicant,
            program_id=draft.program_id,
            occasion=draft.occasion.kind,
            season=draft.occasion.season,
            attempt=draft.occasion.attempt,
            **_rendered(draft),
        )
    )
    number = int(made.inserted_primary_key[0])  # type: ignore[index]
    transitions.record(tx, number, None, LetterState.DRAFT, at=at, command=command, why="rendered")
    return number


def replace_draft(tx: Transaction, letter: Letter, draft: Draft, *, at: datetime, why: str) -> None:
    """Replace the text of a draft, and forget its edits, flags and overrides."""
    values = {**_rendered(draft), "edited": False, "stale": False, "undecided": False}
    values |= {"held_because": None, "overrides": []}
    move_letter(tx, letter, LetterState.DRAFT, at=at, command="draft", why=why, **values)


def _rendered(draft: Draft) -> dict[str, Any]:
    return {
        "letter": draft.letter,
        "picked": draft.picked,
        "rule": draft.rule,
        "subject": draft.subject,
        "body": draft.body,
        "sender": draft.sender,
        "to_addresses": draft.to,
        "cc_addresses": draft.cc,
        "to_key": fold_address(draft.to[0]),
        "facts": dict(draft.facts),
        "content_digest": draft.content_digest,
        "findings": list(draft.findings),
        "in_reply_to": draft.in_reply_to,
    }


_UPDATE = sa.update(letters).where(letters.c.id == sa.bindparam("number"))


def update_letter(tx: Transaction, letter_id: int, **values: Any) -> None:
    """Set columns without changing the state: what was shown, flags, findings, why it is held."""
    tx.execute(_UPDATE, {"number": letter_id, **values})


def move_letter(
    tx: Transaction,
    letter: Letter,
    to: LetterState,
    /,
    *,
    at: datetime,
    command: str,
    why: str = "",
    **values: Any,
) -> None:
    """Move a letter to another state, if it is still as `letter` has it; see `transitions.move`."""
    transitions.move(
        tx,
        letter.id,
        letter.state,
        to,
        seen=letter.token,
        at=at,
        command=command,
        why=why,
        name=letter.program,
        **values,
    )


THAWED: dict[str, Any] = {
    "digest": None,
    "wire": None,
    "message_id": None,
    "account": None,
    "approved_at": None,
    "date_header": None,
    "owner": None,
    "lease_until": None,
    "next_attempt_at": None,
    "first_attempt_at": None,
    "held_because": None,
    "overrides": [],
}


def thaw(
    tx: Transaction,
    letter: Letter,
    /,
    *,
    at: datetime,
    command: str,
    why: str,
    **values: Any,
) -> None:
    """Turn a letter back into a draft, and delete its frozen bytes and its approval.

    Raises MoveRefusedError if its program is out of the list.
    """
    retired.refuse_retired(tx, letter.program_id, letter.id)
    values = {**THAWED, "to_key": fold_address(letter.to[0]), **_mended(letter), **values}
    move_letter(tx, letter, LetterState.DRAFT, at=at, command=command, why=why, **values)
    tx.execute(_ADOPT, {"number": letter.id})


# Gives a letter whose applicant's row is not there to the applicant who is.
_ADOPT = (
    sa.update(letters)
    .where(letters.c.id == sa.bindparam("number"))
    .where(letters.c.applicant_id.not_in(sa.select(applicants.c.id)))
    .values(applicant_id=sa.select(sa.func.max(applicants.c.id)).scalar_subquery())
)


def _mended(letter: Letter) -> dict[str, Any]:
    """Return columns for what is damaged in a letter, so that it can be written again."""
    columns = {name: MENDED[name] for name in letter.damage if name in MENDED}
    if SHOWN & columns.keys():
        columns |= {"content_digest": ""}  # so that drafting renders it again
        if letter.edited:  # which drafting would not touch
            columns |= {"stale": True, "held_because": "what your edit rests on was damaged"}
    for name, column in (("to", "to_addresses"), ("cc", "cc_addresses")):
        if name in columns:
            columns[column] = columns.pop(name)
    return columns
