"""What the loop of sending asks of the database, a few rows at a time, over the driver.

Every look-up here uses an index, so its cost is the same with a hundred letters and with
a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from planner.rules.recipients import fold_address
from planner.rules.states import GONE, LetterState
from planner.store import usage
from planner.store.letters import Letter
from planner.store.moves import MoveRefusedError, move, stored
from planner.store.sqlite import one_by_one, sqlite3
from planner.store.writer import Page

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Present:
    """A letter as it stands in the database now."""

    state: LetterState
    digest: str | None
    token: int
    wire: bytes


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter in this sender's hands, with its frozen bytes.

    `first`: nothing was tried before, so Date and the clock of giving up are this claim's.
    """

    letter: Letter
    wire: bytes
    at: datetime
    first: bool


def version(db: sqlite3.Connection) -> int:
    """A number that changes when anybody else has written to the database."""
    found: int = db.execute("PRAGMA data_version").fetchone()[0]
    return found


def present(db: sqlite3.Connection, number: int) -> Present:
    """A letter as it stands."""
    row = db.execute(
        "SELECT state, digest, token, wire FROM letters WHERE id = ?", (number,)
    ).fetchone()
    return Present(LetterState(row[0]), row[1], row[2], bytes(row[3] or b""))


def hold(db: sqlite3.Connection, number: int, reason: str) -> None:
    """Note why a letter may not leave; no move."""
    db.execute("UPDATE letters SET held_because = ? WHERE id = ?", (reason or None, number))


_TAKEN = (
    "SELECT programs.program FROM letters JOIN programs ON programs.id = program_id"  # noqa: S608
    " WHERE applicant_id = (SELECT applicant_id FROM letters WHERE id = ?)"
    " AND season = ? AND attempt = ? AND occasion = ? AND to_key = ?"
    f" AND ({one_by_one('letters.state', GONE)}) AND letters.id <> ?"
)


def address_is_taken(db: sqlite3.Connection, letter: Letter) -> str:
    """The program whose letter of this occasion already went to the same To address, or ''."""
    about = letter.occasion
    row = db.execute(
        _TAKEN,
        (
            letter.id,
            about.season,
            about.attempt,
            about.kind.value,
            fold_address(letter.to[0]),
            letter.id,
        ),
    ).fetchone()
    return str(row[0]) if row else ""


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

    The delivery counts against the pace of the account.  Raises MoveRefusedError where the
    letter changed, or its address got another letter meanwhile.
    """
    mine = replace(
        letter,
        state=LetterState.CLAIMED,
        token=letter.token + 1,
        date_header=letter.date_header or date,
        first_attempt_at=letter.first_attempt_at or at,
    )
    try:
        move(
            page.db,
            letter.id,
            letter.state,
            mine.state,
            seen=letter.token,
            at=at,
            command="send",
            name=letter.program,
            owner=owner,
            lease_until=at + lease,
            held_because=None,
            token=mine.token,
            date_header=mine.date_header,
            first_attempt_at=mine.first_attempt_at,
        )
    except sqlite3.IntegrityError as error:
        raise MoveRefusedError(f"once: the database refuses it ({error})") from error
    usage.count(page.db, account, at, letter.id)
    return Claimed(mine, wire, at, first=letter.date_header is None)


def mark(page: Page, claimed: Claimed, *, at: datetime) -> None:
    """The mark before the final dot, with the whole letter in the journal.

    Raises MoveRefusedError where the letter is no longer ours.
    """
    letter = claimed.letter
    move(
        page.db,
        letter.id,
        LetterState.CLAIMED,
        LetterState.COMMITTING,
        seen=letter.token,
        at=at,
        command="send",
        name=letter.program,
    )
    _note_whole(page, letter, LetterState.COMMITTING, at)


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
    _note_whole(page, letter, LetterState.EXPORTED, at)


def _note_whole(page: Page, letter: Letter, state: LetterState, at: datetime) -> None:
    """A line of the journal that alone is enough to know which letter it was, and to whom."""
    page.note(
        {
            "at": stored(at),
            "state": state.value,
            "message_id": letter.message_id,
            "record": record(page.db, letter.id),
        }
    )


# What the journal keeps of a letter: columns by table.
RECORDED = {
    "applicants": ("aamc_id", "email"),
    "programs": ("program", "specialty", "city", "acgme_id", "nrmp_code", "name_key"),
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


def record(
    db: sqlite3.Connection, number: int, *, tables: Sequence[str] = tuple(RECORDED)
) -> dict[str, Any]:
    """All that is needed to know, from the journal alone, which letter to whom it was.

    Its parts are columns of `letters`, `programs` and `applicants`, by table; the frozen
    bytes are text, for they are 7 bits clean.
    """
    named = [(table, column) for table in tables for column in RECORDED[table]]
    row = db.execute(_read_record(tuple(tables)), (number,)).fetchone()
    found: dict[str, Any] = {table: {} for table in tables}
    for (table, column), value in zip(named, row, strict=True):
        found[table][column] = value
    if "letters" in found:
        found["letters"]["wire"] = bytes(found["letters"]["wire"]).decode("ascii")
    return found


@cache
def _read_record(tables: tuple[str, ...]) -> str:
    columns = ", ".join(f"{table}.{column}" for table in tables for column in RECORDED[table])
    return (
        f"SELECT {columns} FROM letters JOIN programs ON programs.id = program_id"  # noqa: S608
        " JOIN applicants ON applicants.id = applicant_id WHERE letters.id = ?"
    )


def settle(
    page: Page, claimed: Claimed, to: LetterState, /, *, at: datetime, why: str, **values: Any
) -> None:
    """Let go of a claimed letter: its new state, and the columns that go with it.

    Of a letter that was marked the journal gets a line, too.  Doing it twice is once.
    Raises MoveRefusedError where it is no longer ours.
    """
    letter, db = claimed.letter, page.db
    state, token = db.execute(
        "SELECT state, token FROM letters WHERE id = ?", (letter.id,)
    ).fetchone()
    if (state, token) == (to, letter.token):
        return
    move(
        db,
        letter.id,
        LetterState(state),
        to,
        seen=letter.token,
        at=at,
        command="send",
        why=why,
        name=letter.program,
        owner=None,
        lease_until=None,
        **values,
    )
    if state == LetterState.COMMITTING:
        page.note(
            {
                "at": stored(at),
                "state": to.value,
                "message_id": letter.message_id,
                "why": why,
                "about": record(db, letter.id, tables=("applicants", "programs")),
            }
        )
