"""Letters in the database: each move is one guarded UPDATE with its event, or an error.

The allowed moves are the table in `rules/states.py`.  An event says which letter went
from which state to which, when, by which command, and why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from planner.errors import PersonNeededError
from planner.rules.facts import LetterKind, Occasion, OccasionKind
from planner.rules.planning import LetterFact
from planner.rules.recipients import fold_address
from planner.rules.states import GONE, LetterState, may_move
from planner.store.engine import Transaction
from planner.store.schema import applicants, attempts, events, letters, programs


class MoveRefusedError(PersonNeededError):
    """A letter was not where it was expected, or the table forbids the move."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is stored, without its wire bytes."""

    id: int
    program_id: int
    program: str
    acgme_id: str
    occasion: Occasion
    letter: LetterKind
    picked: LetterKind
    rule: str
    state: LetterState
    subject: str
    body: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    facts: Mapping[str, str]
    chosen: bool
    edited: bool
    stale: bool
    undecided: bool
    findings: Sequence[Mapping[str, str]]
    overrides: Mapping[str, str]
    content_digest: str
    shown_digest: str | None
    digest: str | None
    message_id: str | None
    in_reply_to: str | None
    account: str | None
    approved_at: datetime | None
    date_header: str | None
    token: int
    attempts: int
    first_attempt_at: datetime | None
    next_attempt_at: datetime | None
    sent_at: datetime | None
    last_reply: str | None
    held_because: str | None

    def fact(self) -> LetterFact:
        """What a plan needs to know of it."""
        return LetterFact(
            id=self.id,
            program_id=self.program_id,
            program=self.program,
            occasion=self.occasion,
            kind=self.letter,
            state=self.state,
            to=self.to,
            cc=self.cc,
            subject=self.subject,
            message_id=self.message_id or "",
        )


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


_COLUMNS = (
    *(c for c in letters.c if c.name not in {"wire", "to_key", "owner", "lease_until"}),
    programs.c.program.label("program_name"),
    programs.c.acgme_id.label("program_acgme_id"),
)
_JOINED = letters.join(programs, letters.c.program_id == programs.c.id)
_PLAIN = {f.name for f in fields(Letter)} & {c.name for c in letters.c}


def find(
    tx: Transaction,
    *,
    ids: Collection[int] | None = None,
    states: Collection[LetterState] | None = None,
    program_ids: Collection[int] | None = None,
) -> list[Letter]:
    """Letters in the order of their numbers; each filter narrows."""
    query = sa.select(*_COLUMNS).select_from(_JOINED).order_by(letters.c.id)
    if ids is not None:
        query = query.where(letters.c.id.in_(ids))
    if states is not None:
        query = query.where(letters.c.state.in_([s.value for s in states]))
    if program_ids is not None:
        query = query.where(letters.c.program_id.in_(program_ids))
    return [_letter(row) for row in tx.execute(query)]


def facts(tx: Transaction) -> list[LetterFact]:
    """All letters, as far as a plan needs to know them."""
    return [letter.fact() for letter in find(tx)]


def program_ids(tx: Transaction, states: Collection[LetterState]) -> list[int]:
    """The programs that have a letter in one of these states."""
    query = sa.select(letters.c.program_id).where(letters.c.state.in_([s.value for s in states]))
    return list(tx.execute(query.distinct()).scalars())


def wire(tx: Transaction, letter_id: int) -> bytes:
    """The frozen bytes of a letter.  Raises MoveRefusedError for one that has none."""
    found = tx.execute(sa.select(letters.c.wire).where(letters.c.id == letter_id)).scalar()
    if found is None:
        raise MoveRefusedError(f"Letter {letter_id} is not frozen.", hint="Approve it first.")
    return bytes(found)


def counts(tx: Transaction) -> dict[LetterState, int]:
    """How many letters are in each state; states without any are left out."""
    query = sa.select(letters.c.state, sa.func.count()).group_by(letters.c.state)
    found = {LetterState(state): number for state, number in tx.execute(query)}
    return {state: found[state] for state in LetterState if state in found}


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
    _record(tx, number, None, LetterState.DRAFT, at=at, command=command, why="rendered")
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
    """Move a letter, if it is still as we saw it.

    Raises MoveRefusedError where the table forbids the move, or the row changed since.
    """
    if not may_move(letter.state, to):
        raise MoveRefusedError(
            f"Letter {letter.id} ({letter.program}) is {letter.state}; it cannot become {to}.",
            hint=f"planner outbox show {letter.id} tells its story.",
            code="wrong_state",
        )
    guarded = (
        (letters.c.id == letter.id)
        & (letters.c.state == letter.state.value)
        & (letters.c.token == letter.token)
    )
    done = tx.execute(sa.update(letters).where(guarded).values(state=to.value, **values))
    if done.rowcount != 1:
        raise MoveRefusedError(
            f"Letter {letter.id} ({letter.program}) changed meanwhile; nothing was done to it.",
            hint="Run the same command again.",
            code="changed_meanwhile",
        )
    _record(tx, letter.id, letter.state, to, at=at, command=command, why=why)


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


def claim(
    tx: Transaction, letter: Letter, *, owner: str, at: datetime, lease: timedelta, date: str
) -> Letter:
    """Take a due letter for this sender: a new token, a lease, and its Date, once.

    Returns the letter as it now is.  Raises MoveRefusedError.
    """
    first = letter.first_attempt_at or at
    move(
        tx,
        letter,
        LetterState.CLAIMED,
        at=at,
        command="send",
        owner=owner,
        token=letter.token + 1,
        lease_until=at + lease,
        date_header=letter.date_header or date,
        first_attempt_at=first,
        held_because=None,
    )
    return find(tx, ids=[letter.id])[0]


def release_expired(tx: Transaction, *, at: datetime, alone: bool) -> list[Letter]:
    """Recover what a dead sender left: claimed goes back, committing becomes unknown.

    `alone` says that no other sender lives (the lock is held), so no lease is waited for.
    """
    query = sa.select(letters.c.id).where(letters.c.state.in_(["claimed", "committing"]))
    if not alone:
        query = query.where(letters.c.lease_until < at)
    found = find(tx, ids=list(tx.execute(query).scalars()))
    for letter in found:
        if letter.state is LetterState.CLAIMED:
            back, why = LetterState.APPROVED, "the sender ended before anything irrevocable"
        else:
            back, why = LetterState.UNKNOWN, "the sender ended while the server was answering"
        move(tx, letter, back, at=at, command="recovery", why=why, owner=None, lease_until=None)
    return found


def note_attempt(tx: Transaction, letter_id: int | None, account: str, at: datetime) -> None:
    """Count one delivery against the pace of an account."""
    tx.execute(sa.insert(attempts).values(letter_id=letter_id, account=account, at=at))


def forget_attempt(tx: Transaction, letter_id: int, at: datetime) -> None:
    """Take an attempt back that never came as far as a letter: nothing was spent."""
    counted = (attempts.c.letter_id == letter_id) & (attempts.c.at == at)
    tx.execute(sa.delete(attempts).where(counted))


def held(tx: Transaction, states: Collection[LetterState]) -> list[str]:
    """Why letters in these states were held back, one reason for each that was."""
    query = sa.select(letters.c.held_because).where(
        letters.c.state.in_([s.value for s in states]) & letters.c.held_because.is_not(None)
    )
    return [str(reason) for reason in tx.execute(query).scalars()]


def attempts_since(tx: Transaction, account: str, since: datetime) -> list[datetime]:
    """When deliveries of an account were tried since a moment, oldest first."""
    query = (
        sa.select(attempts.c.at)
        .where((attempts.c.account == account) & (attempts.c.at > since))
        .order_by(attempts.c.at)
    )
    return list(tx.execute(query).scalars())


def address_is_taken(tx: Transaction, letter: Letter) -> str | None:
    """The program whose letter of this occasion already went to the same To address."""
    query = (
        sa.select(programs.c.program)
        .select_from(_JOINED)
        .where(
            (letters.c.to_key == fold_address(letter.to[0]))
            & (letters.c.id != letter.id)
            & (letters.c.occasion == letter.occasion.kind.value)
            & (letters.c.season == letter.occasion.season)
            & (letters.c.attempt == letter.occasion.attempt)
            & (letters.c.state.in_([s.value for s in GONE]))
        )
    )
    return tx.execute(query).scalar()


def _record(
    tx: Transaction,
    letter_id: int,
    old: LetterState | None,
    new: LetterState,
    *,
    at: datetime,
    command: str,
    why: str,
) -> None:
    tx.execute(
        sa.insert(events).values(
            letter_id=letter_id,
            at=at,
            from_state=old.value if old else None,
            to_state=new.value,
            command=command,
            why=why,
        )
    )


def _letter(row: sa.Row[Any]) -> Letter:
    values = {name: getattr(row, name) for name in _PLAIN}
    values.update(
        program=row.program_name,
        acgme_id=row.program_acgme_id,
        occasion=Occasion(OccasionKind(row.occasion), row.season, row.attempt),
        letter=LetterKind(row.letter),
        picked=LetterKind(row.picked),
        state=LetterState(row.state),
        to=tuple(row.to_addresses),
        cc=tuple(row.cc_addresses),
    )
    return Letter(**values)


def findings_of(found: Iterable[Mapping[str, str]], severity: str) -> list[Mapping[str, str]]:
    """The findings of one severity."""
    return [finding for finding in found if finding["severity"] == severity]
