"""Letters in the database: added, moved, thawed, recovered; `moves` has the one UPDATE."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from planner.rules.facts import LetterKind, Occasion
from planner.rules.planning import LetterFact
from planner.rules.recipients import fold_address
from planner.rules.states import LetterState
from planner.store import moves
from planner.store.engine import Transaction, driver
from planner.store.letters import Letter
from planner.store.letters import find as found_letters
from planner.store.moves import MoveRefusedError
from planner.store.schema import applicants, events, letters


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that is rendered anew: everything that rendering decides."""

    program_id: int
    occasion: Occasion
    letter: LetterKind
    picked: LetterKind
    rule: str
    subject: str
    body: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    facts: Mapping[str, str]
    content_digest: str
    findings: Sequence[Mapping[str, str]]
    in_reply_to: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a letter."""

    at: datetime
    from_state: str | None
    to_state: str
    command: str
    why: str


def applicant_id(tx: Transaction, aamc_id: str, email: str) -> int:
    """The row of the applicant, made on first use.

    A mended AAMC ID is found again by the mail address, so that a typo does not
    open the door to second letters.
    """
    for column, value in ((applicants.c.aamc_id, aamc_id), (applicants.c.email, email)):
        found = tx.execute(sa.select(applicants.c.id).where(column == value)).scalar()
        if found is not None:
            return int(found)
    made = tx.execute(sa.insert(applicants).values(aamc_id=aamc_id, email=email))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def find(
    tx: Transaction,
    *,
    ids: Collection[int] | None = None,
    states: Collection[LetterState] | None = None,
) -> list[Letter]:
    """Letters in the order of their numbers; each filter narrows."""
    return found_letters(driver(tx), ids=ids, states=states)


def facts(tx: Transaction) -> list[LetterFact]:
    """All letters, as far as a plan needs to know them."""
    return [letter.fact() for letter in find(tx)]


def wire(tx: Transaction, letter_id: int) -> bytes:
    """The frozen bytes of a letter.  Raises MoveRefusedError for one that has none."""
    found = tx.execute(sa.select(letters.c.wire).where(letters.c.id == letter_id)).scalar()
    if found is None:
        raise MoveRefusedError(f"Letter {letter_id} is not frozen.", hint="Approve it first.")
    return bytes(found)


def history(tx: Transaction, letter_id: int) -> list[Event]:
    """What happened to a letter, oldest first."""
    query = sa.select(events).where(events.c.letter_id == letter_id).order_by(events.c.id)
    return [
        Event(row.at, row.from_state, row.to_state, row.command, row.why)
        for row in tx.execute(query)
    ]


def add(tx: Transaction, applicant: int, draft: Draft, *, at: datetime, command: str) -> int:
    """Insert a draft and its first event; returns the letter's number."""
    made = tx.execute(
        sa.insert(letters).values(
            applicant_id=applicant,
            program_id=draft.program_id,
            occasion=draft.occasion.kind.value,
            season=draft.occasion.season,
            attempt=draft.occasion.attempt,
            **_rendered(draft),
        )
    )
    number = int(made.inserted_primary_key[0])  # type: ignore[index]
    moves.record(
        driver(tx), number, None, LetterState.DRAFT, at=at, command=command, why="rendered"
    )
    return number


def rerender(tx: Transaction, letter: Letter, draft: Draft, *, at: datetime, why: str) -> None:
    """Replace the text of a draft; what was shown before counts no longer."""
    values = {**_rendered(draft), "edited": False, "stale": False, "undecided": False}
    values |= {"held_because": None, "overrides": {}}
    move(tx, letter, LetterState.DRAFT, at=at, command="draft", why=why, **values)


def _rendered(draft: Draft) -> dict[str, Any]:
    return {
        "letter": draft.letter.value,
        "picked": draft.picked.value,
        "rule": draft.rule,
        "subject": draft.subject,
        "body": draft.body,
        "sender": draft.sender,
        "to_addresses": list(draft.to),
        "cc_addresses": list(draft.cc),
        "to_key": fold_address(draft.to[0]),
        "facts": dict(draft.facts),
        "content_digest": draft.content_digest,
        "findings": list(draft.findings),
        "in_reply_to": draft.in_reply_to,
    }


def mark(tx: Transaction, letter_id: int, **values: Any) -> None:
    """Set columns that are no move: what was shown, flags, findings, why it is held."""
    tx.execute(sa.update(letters).where(letters.c.id == letter_id).values(**values))


def move(
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
    """Move a letter, if it is still as we saw it; `values` are columns.  See `moves.move`."""
    moves.move(
        driver(tx),
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
    "overrides": {},
}


def thaw(
    tx: Transaction, letter: Letter, /, *, at: datetime, command: str, why: str, **values: Any
) -> None:
    """Take a letter back to `draft`: its frozen bytes and its approval are gone."""
    move(tx, letter, LetterState.DRAFT, at=at, command=command, why=why, **{**THAWED, **values})


def release_expired(tx: Transaction, *, at: datetime, alone: bool) -> list[Letter]:
    """Recover what a dead sender left: claimed goes back, committing becomes unknown.

    `alone` says that no other sender lives (the lock is held), so no lease is waited for.
    A first attempt that came to nothing fixes no Date, and no clock of giving up.
    """
    query = sa.select(letters.c.id).where(letters.c.state.in_(["claimed", "committing"]))
    if not alone:
        query = query.where(letters.c.lease_until < at)
    found = find(tx, ids=list(tx.execute(query).scalars()))
    for letter in found:
        if letter.state is LetterState.COMMITTING:
            back, why = LetterState.UNKNOWN, "the sender ended while the server was answering"
            more: dict[str, Any] = {}
        else:
            back, why = LetterState.APPROVED, "the sender ended before anything irrevocable"
            first = _claims(tx, letter) == 1
            more = {"date_header": None, "first_attempt_at": None} if first else {}
        move(
            tx,
            letter,
            back,
            at=at,
            command="recovery",
            why=why,
            owner=None,
            lease_until=None,
            **more,
        )
    return found


def _claims(tx: Transaction, letter: Letter) -> int:
    """How often a letter was claimed since it was approved."""
    since = (events.c.letter_id == letter.id) & (events.c.at >= letter.approved_at)
    query = sa.select(sa.func.count()).where(since & (events.c.to_state == "claimed"))
    return tx.execute(query).scalar_one()
