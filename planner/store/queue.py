"""What the loop of sending asks of the database, a few rows at a time, over the driver.

Every look-up here uses an index, so its cost is the same with a hundred letters and with
a hundred thousand.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from planner.rules.states import GONE, LetterState
from planner.store import usage
from planner.store.letters import Letter
from planner.store.moves import MoveRefusedError, move, stored
from planner.store.sqlite import one_by_one, sqlite3
from planner.store.writer import Page

Record = dict[str, str]


class Present(NamedTuple):
    """A letter as it stands in the database now.

    `taken_by` is the program whose letter of this occasion already went to the same To
    address, or empty.
    """

    state: LetterState
    digest: str | None
    token: int
    wire: bytes
    taken_by: str


class Claimed(NamedTuple):
    """A letter in this sender's hands, with its frozen bytes.

    `letter` is as it was before; `token`, `date` (the header) and `record` (see `record`)
    are as they are now.
    """

    letter: Letter
    wire: bytes
    at: datetime
    token: int
    date: str
    record: Record

    @property
    def first(self) -> bool:
        """Nothing was tried before, so Date and the clock of giving up are this claim's."""
        return self.letter.date_header is None

    @property
    def first_attempt_at(self) -> datetime:
        """From when on the clock of giving up runs."""
        return self.letter.first_attempt_at or self.at


_PRESENT = (
    "SELECT state, digest, token, wire, ("  # noqa: S608
    "SELECT programs.program FROM letters AS o JOIN programs ON programs.id = o.program_id"
    " WHERE o.applicant_id = l.applicant_id AND o.season = l.season AND o.attempt = l.attempt"
    " AND o.occasion = l.occasion AND o.to_key = l.to_key"
    f" AND ({one_by_one('o.state', GONE)}) AND o.id <> l.id)"
    " FROM letters AS l WHERE id = ?"
)


def present(db: sqlite3.Connection, number: int) -> Present:
    """A letter as it stands."""
    state, digest, token, wire, taken_by = db.execute(_PRESENT, (number,)).fetchone()
    return Present(LetterState(state), digest, token, bytes(wire or b""), taken_by or "")


def hold(db: sqlite3.Connection, number: int, reason: str) -> None:
    """Note why a letter may not leave; no move."""
    db.execute("UPDATE letters SET held_because = ? WHERE id = ?", (reason or None, number))


def claim(
    page: Page,
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
    """Take a due letter for this sender: a new token, a lease, and its Date, once.

    The delivery counts against the pace of the account.  Doing it twice is once, for a
    claim may be written of which the sender never heard.  Raises MoveRefusedError where the
    letter changed, or its address got another letter meanwhile.
    """
    token, written = letter.token + 1, letter.date_header or date
    try:
        move(
            page.db,
            letter.id,
            letter.state,
            LetterState.CLAIMED,
            seen=letter.token,
            at=at,
            command="send",
            name=letter.program,
            owner=owner,
            lease_until=at + lease,
            held_because=None,
            token=token,
            date_header=written,
            first_attempt_at=letter.first_attempt_at or at,
        )
    except sqlite3.IntegrityError as error:
        raise MoveRefusedError(f"once: the database refuses it ({error})") from error
    except MoveRefusedError:
        if _stands(page.db, letter.id) != (LetterState.CLAIMED, token):
            raise
        query = "SELECT date_header FROM letters WHERE id = ?"
        (written,) = page.db.execute(query, (letter.id,)).fetchone()
    else:
        usage.count(page.db, account, at, letter.id)
    return Claimed(letter, wire, at, token, written, record(page.db, letter.id))


def mark(page: Page, claimed: Claimed, *, at: datetime) -> None:
    """The mark before the final dot, with the whole letter in the journal.

    Doing it twice is once, also where the journal has its line still to come.  Raises
    MoveRefusedError where the letter is no longer ours.
    """
    letter = claimed.letter
    try:
        move(
            page.db,
            letter.id,
            LetterState.CLAIMED,
            LetterState.COMMITTING,
            seen=claimed.token,
            at=at,
            command="send",
            name=letter.program,
        )
    except MoveRefusedError:
        if _stands(page.db, letter.id) != (LetterState.COMMITTING, claimed.token):
            raise
    else:
        _note_whole(page, letter.message_id, claimed.record, LetterState.COMMITTING, at)


def _stands(db: sqlite3.Connection, number: int) -> tuple[LetterState, int]:
    query = "SELECT state, token FROM letters WHERE id = ?"
    state, token = db.execute(query, (number,)).fetchone()
    return LetterState(state), token


def hand_over(page: Page, letter: Letter, at: datetime) -> None:
    """Give an approved letter into the user's own hands; the journal remembers it whole.

    Raises MoveRefusedError where it changed meanwhile.
    """
    move(
        page.db,
        letter.id,
        letter.state,
        LetterState.EXPORTED,
        seen=letter.token,
        at=at,
        command="outbox export",
        why="handed to the user's own mail program",
        name=letter.program,
        held_because=None,
    )
    _note_whole(page, letter.message_id, record(page.db, letter.id), LetterState.EXPORTED, at)


def _note_whole(
    page: Page, message_id: str | None, whole: Record, state: LetterState, at: datetime
) -> None:
    """A line of the journal that alone is enough to know which letter it was, and to whom."""
    page.note(
        {
            "at": stored(at),
            "state": state.value,
            "message_id": message_id,
        },
        record=whole,
    )


# What the journal keeps of a letter: columns by table.
RECORDED = {
    "applicants": ("aamc_id", "email"),
    "programs": ("program", "specialty", "city", "state", "acgme_id", "nrmp_code", "name_key"),
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


def _object(table: str) -> str:
    # The frozen bytes are text, for they are 7 bits clean.
    values = {column: f"{table}.{column}" for column in RECORDED[table]}
    if "wire" in values:
        values["wire"] = f"CAST({values['wire']} AS TEXT)"
    pairs = (f"'{name}', {value}" for name, value in values.items())
    return f"json_object({', '.join(pairs)})"


_READ_RECORD = (
    f"SELECT {', '.join(map(_object, RECORDED))} FROM letters"  # noqa: S608
    " JOIN programs ON programs.id = program_id"
    " JOIN applicants ON applicants.id = applicant_id WHERE letters.id = ?"
)


def record(db: sqlite3.Connection, number: int) -> Record:
    """All that is needed to know, from the journal alone, which letter to whom it was.

    Columns of `letters`, `programs` and `applicants`, by table, each a JSON object that
    SQLite has written.
    """
    row = db.execute(_READ_RECORD, (number,)).fetchone()
    return dict(zip(RECORDED, row, strict=True))


def settle(
    page: Page, claimed: Claimed, to: LetterState, /, *, at: datetime, why: str, **values: Any
) -> bool:
    """Let go of a claimed letter: its new state, and the columns that go with it.

    Of a letter that was marked the journal gets a line, too.  Doing it twice is once, and
    the second time gives False.  Raises MoveRefusedError where it is no longer ours.
    """
    letter, db = claimed.letter, page.db
    state, token = _stands(db, letter.id)
    if (state, token) == (to, claimed.token):
        return False
    move(
        db,
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
        note_outcome(page, letter, to, claimed.record, at=at, why=why)
    return True


def note_outcome(
    page: Page, letter: Letter, to: LetterState, whole: Record, *, at: datetime, why: str
) -> None:
    """A line of the journal that says what became of a letter that it knows."""
    line = {"at": stored(at), "state": to.value, "message_id": letter.message_id, "why": why}
    page.note(line, about={table: whole[table] for table in ("applicants", "programs")})
