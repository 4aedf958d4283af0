"""What the sending loop asks of the database, a few rows at a time.

Every lookup here uses an index, so it costs the same with a hundred letters as with a
hundred thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from planner.rules.letters import Letter
from planner.rules.states import GONE, LetterState
from planner.store import account_usage
from planner.store.commits import UnitOfWork
from planner.store.engine import Transaction, server_time
from planner.store.journal import in_utc
from planner.store.letters import update_letter
from planner.store.schema import applicants, events, letters, programs
from planner.store.transitions import MoveRefusedError, move

LetterRecord = Mapping[str, Mapping[str, Any]]

# Of all letters that share these columns, only one may leave.
ONCE = ("applicant_id", "season", "attempt", "occasion", "to_key")


def _has_gone(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether a letter has left or may have, in the exact words of `uq_letters_address_once`.

    SQLite uses a partial index only if a query repeats its condition literally; with
    parameters or an IN list, it would read every letter.
    """
    return sa.or_(*(table.c.state == sa.literal_column(f"'{state}'") for state in sorted(GONE)))


class CurrentLetter(NamedTuple):
    """A letter as it is in the database now.

    `taken_by` is the program whose letter of this occasion already went to the same To
    address, or "".  `claimed_at` are the moments of its claims, if an earlier one fixed a Date.
    `history` is the state that its last event says, or "" without an event; `is_someones`:
    the row of its applicant is there.
    """

    state: LetterState
    digest: str | None
    token: int
    wire: bytes
    taken_by: str
    owner: str | None = None
    to_key: str = ""
    claimed_at: Sequence[datetime] = ()
    history: str = ""
    is_someones: bool = True


class Claimed(NamedTuple):
    """A letter that this sender holds, with its frozen bytes.

    `letter` is from before the claim; `token`, `date` (the header) and `record` (see
    `read_record`) are from after it.
    """

    letter: Letter
    wire: bytes
    at: datetime
    token: int
    date: str
    record: LetterRecord

    @property
    def first(self) -> bool:
        """Whether this is the first attempt, which sets the Date and when we give up."""
        return self.letter.date_header is None

    @property
    def first_attempt_at(self) -> datetime:
        """When the first attempt began; the time after which we give up counts from it."""
        return self.letter.first_attempt_at or self.at


def _current() -> sa.Select[Any]:
    letter, other = letters.alias(), letters.alias()
    taken_by = (
        sa.select(programs.c.program)
        .join_from(other, programs)
        .where(
            *(letter.c[name] == other.c[name] for name in ONCE),
            _has_gone(other),
            other.c.id != letter.c.id,
        )
        .scalar_subquery()
    )
    last = (
        sa.select(sa.type_coerce(events.c.to_state, sa.Text))
        .where(events.c.letter_id == letter.c.id)
        .order_by(events.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.select(
        letter.c.state,
        letter.c.digest,
        letter.c.token,
        sa.type_coerce(letter.c.wire, sa.types.NullType()),  # perhaps not bytes any more
        taken_by,
        letter.c.owner,
        letter.c.to_key,
        letter.c.date_header,
        last,
        sa.exists().where(applicants.c.id == letter.c.applicant_id),
    ).where(letter.c.id == sa.bindparam("number"))


_READ_CURRENT = _current()


def fetch_current(tx: Transaction, number: int) -> CurrentLetter:
    """Read a letter as it is now."""
    row = tx.execute(_READ_CURRENT, {"number": number}).one()
    state, digest, token, wire, taken, owner, to_key, date, last, someones = row
    wire = wire if isinstance(wire, bytes) else b""
    claimed_at = () if date is None else list_claims(tx, number)
    more = owner, to_key, claimed_at, last or "", bool(someones)
    return CurrentLetter(state, digest, token, wire, taken or "", *more)


_READ_CLAIMS = sa.select(events.c.at).where(
    events.c.letter_id == sa.bindparam("number"), events.c.to_state == LetterState.CLAIMED
)


def list_claims(tx: Transaction, number: int) -> Sequence[datetime]:
    """Return the moments at which a letter was claimed; its Date is one of them."""
    return tuple(tx.scalars(_READ_CLAIMS, {"number": number}))


def hold(tx: Transaction, number: int, reason: str) -> None:
    """Note why a letter may not leave; its state stays."""
    update_letter(tx, number, held_because=reason or None)


def claim(
    unit: UnitOfWork,
    letter: Letter,
    wire: bytes,
    /,
    *,
    owner: str,
    account: str,
    at: datetime,
    lease: timedelta,
    date: str,
) -> Claimed:
    """Claim a due letter for this sender: a new token, a lease, and its Date if it has none.

    The delivery counts against the account's pace.  Claiming again is harmless, because a
    claim may be committed without the sender learning of it.  Raises MoveRefusedError if the
    letter changed, or its address got another letter meanwhile.
    """
    token, written = letter.token + 1, letter.date_header or date
    if not is_free(unit.tx, letter.id):
        raise MoveRefusedError(f"Letter {letter.id} is being taken by another sender.")
    try:
        move(
            unit.tx,
            letter.id,
            letter.state,
            LetterState.CLAIMED,
            seen=letter.token,
            at=at,
            command="send",
            name=letter.program,
            owner=owner,
            lease_until=server_time(unit.tx, at) + lease,
            held_because=None,
            token=token,
            date_header=written,
            first_attempt_at=letter.first_attempt_at or at,
        )
    except sa.exc.IntegrityError as error:
        raise MoveRefusedError(f"once: the database refuses it ({error.orig})") from error
    except MoveRefusedError:
        now = fetch_current(unit.tx, letter.id)
        if (now.state, now.token, now.owner) != (LetterState.CLAIMED, token, owner):
            raise
        query = sa.select(letters.c.date_header).where(letters.c.id == letter.id)
        written = unit.tx.execute(query).scalar_one()
    else:
        account_usage.count(unit.tx, account, at, letter.id)
    return Claimed(letter, wire, at, token, written, read_record(unit.tx, letter.id))


_LOCK = (
    sa.select(letters.c.id)
    .where(letters.c.id == sa.bindparam("number"))
    .with_for_update(skip_locked=True)
)


def is_free(tx: Transaction, number: int) -> bool:
    """Whether no other sender is claiming the letter right now; locks it if so.

    Senders that share a server skip a letter that another one has locked, and do not wait.
    SQLite has only one writer, and no such lock: there, every letter is free.
    """
    if tx.dialect.name == "sqlite":
        return True
    return tx.scalar(_LOCK, {"number": number}) is not None


def mark(unit: UnitOfWork, claimed: Claimed, *, at: datetime) -> None:
    """Set the mark before the final dot, with the whole letter in the journal.

    Marking again is harmless, even if the journal's line is not written yet.  Raises
    MoveRefusedError if the letter is no longer ours.
    """
    letter = claimed.letter
    try:
        move(
            unit.tx,
            letter.id,
            LetterState.CLAIMED,
            LetterState.COMMITTING,
            seen=claimed.token,
            at=at,
            command="send",
            name=letter.program,
        )
    except MoveRefusedError:
        if _stands(unit.tx, letter.id) != (LetterState.COMMITTING, claimed.token):
            raise
    else:
        _note_whole(unit, letter.message_id, claimed.record, LetterState.COMMITTING, at)


_READ_STATE = sa.select(letters.c.state, letters.c.token).where(
    letters.c.id == sa.bindparam("number")
)


def _stands(tx: Transaction, number: int) -> tuple[LetterState, int]:
    state, token = tx.execute(_READ_STATE, {"number": number}).one()
    return state, token


def export(unit: UnitOfWork, letter: Letter, at: datetime, *, command: str) -> None:
    """Record that the user sends an approved letter; the journal keeps all of it.

    Raises MoveRefusedError if the letter changed meanwhile.
    """
    move(
        unit.tx,
        letter.id,
        letter.state,
        LetterState.EXPORTED,
        seen=letter.token,
        at=at,
        command=command,
        why="handed to your own mail program",
        name=letter.program,
        held_because=None,
    )
    _note_whole(unit, letter.message_id, read_record(unit.tx, letter.id), LetterState.EXPORTED, at)


def _note_whole(
    unit: UnitOfWork, message_id: str | None, whole: LetterRecord, state: LetterState, at: datetime
) -> None:
    """Add a journal line that identifies the letter and its recipient without the database."""
    line = {"at": in_utc(at), "state": state.value, "message_id": message_id, "record": whole}
    unit.note(line)


# The columns that the journal keeps of a letter, by table.
RECORDED = {
    "applicants": ("aamc_id", "email"),
    "programs": (
        *("program", "specialty", "track", "city", "state"),
        *("acgme_id", "nrmp_code", "name_key"),
    ),
    "letters": (
        "season",
        "attempt",
        "occasion",
        "letter",
        "picked",
        "rule",
        "subject",
        "body",
        "sender",
        "to_addresses",
        "cc_addresses",
        "to_key",
        "content_digest",
        "in_reply_to",
        "account",
        "digest",
        "wire",
        "message_id",
        "date_header",
        "approved_at",
    ),
}


_READ_RECORD = (
    sa.select(
        *(
            table.c[column].label(f"{table.name}.{column}")
            for table in (applicants, programs, letters)
            for column in RECORDED[table.name]
        )
    )
    .join_from(letters, programs)
    .join_from(letters, applicants)
    .where(letters.c.id == sa.bindparam("number"))
)


def read_record(tx: Transaction, number: int) -> LetterRecord:
    """Read what identifies a letter and its recipient without the database.

    Returns the columns in `RECORDED`, by table, as values that JSON can hold.
    """
    row = iter(tx.execute(_READ_RECORD, {"number": number}).one())
    return {
        table: {column: _as_json(next(row)) for column in columns}
        for table, columns in RECORDED.items()
    }


def last_line(tx: Transaction, letter: Letter) -> Mapping[str, Any]:
    """Return a letter's line in a rewritten journal: what became of it, and all of it."""
    query = sa.select(events.c.at, events.c.why).where(events.c.letter_id == letter.id)
    at, why = tx.execute(query.order_by(events.c.id.desc()).limit(1)).one()
    return {
        "at": in_utc(at),
        "state": letter.state.value,
        "message_id": letter.message_id,
        "why": why,
        "record": read_record(tx, letter.id),
    }


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return in_utc(value)
    # The frozen bytes are pure ASCII.
    return value.decode("ascii", "backslashreplace") if isinstance(value, bytes) else value


def record_outcome(
    unit: UnitOfWork, claimed: Claimed, to: LetterState, /, *, at: datetime, why: str, **values: Any
) -> bool:
    """Let go of a claimed letter, with its new state and the columns that go with it.

    For a marked letter, the journal gets a line, too.  Returns False if the outcome was
    recorded before.  Raises MoveRefusedError if the letter is no longer ours.
    """
    letter, tx = claimed.letter, unit.tx
    state, token = _stands(tx, letter.id)
    if (state, token) == (to, claimed.token):
        return False
    move(
        tx,
        letter.id,
        state,
        to,
        seen=claimed.token,
        at=at,
        command="send",
        why=why,
        name=letter.program,
        owner=None,
        lease_until=None,
        **values,
    )
    if state is LetterState.COMMITTING:
        note_outcome(unit, letter, to, claimed.record, at=at, why=why)
    return True


def release(
    unit: UnitOfWork, claimed: Claimed, /, *, at: datetime, why: str, held_because: str = ""
) -> None:
    """Give back a letter that no server has received to its end; it counts as no attempt.

    Doing it again is harmless.  Raises MoveRefusedError if the letter is no longer ours.
    """
    before = dict.fromkeys(("date_header", "first_attempt_at")) if claimed.first else {}
    if record_outcome(unit, claimed, LetterState.APPROVED, at=at, why=why, **before):
        account_usage.uncount(unit.tx, claimed.letter.id)
        hold(unit.tx, claimed.letter.id, held_because)


def note_outcome(
    unit: UnitOfWork,
    letter: Letter,
    to: LetterState,
    whole: LetterRecord,
    *,
    at: datetime,
    why: str,
) -> None:
    """Add a journal line that says what became of a letter whose record it has."""
    about = {table: whole[table] for table in ("applicants", "programs")}
    unit.note(
        {
            "at": in_utc(at),
            "state": to.value,
            "message_id": letter.message_id,
            "why": why,
            "about": about,
        }
    )
