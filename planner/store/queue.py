"""What the loop of sending asks of the database, a few rows at a time, over the driver.

Every look-up here uses an index, so its cost is the same with a hundred letters and with
a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from planner.rules.recipients import fold_address
from planner.rules.states import GONE, LetterState
from planner.store import letters
from planner.store.letters import Letter
from planner.store.moves import MoveRefusedError, moment, move, stored
from planner.store.sqlite import sqlite3
from planner.store.writer import Page

Columns = dict[str, Any]

# The columns of a letter that was never tried.
AS_BEFORE: Columns = {"date_header": None, "first_attempt_at": None}


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


@dataclass(frozen=True, slots=True)
class Pause:
    """An account that must rest: until when, what the server said, how often in a row."""

    until: datetime
    why: str
    strikes: int


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


def recover(db: sqlite3.Connection, *, at: datetime, alone: bool) -> list[Letter]:
    """Recover what a dead sender left: claimed goes back, committing becomes unknown.

    `alone` says that no other sender lives (the lock is held), so no lease is waited for.
    Returns the letters as they were.
    """
    query = "SELECT id FROM letters WHERE state IN ('claimed', 'committing')"
    if not alone:
        query += f" AND lease_until < '{stored(at)}'"
    found = letters.find(db, ids=[number for (number,) in db.execute(query)])
    for letter in found:
        marked = letter.state is LetterState.COMMITTING
        _release(db, letter, marked, at=at, command="recovery", who="the sender ended")
    return found


def let_go(
    db: sqlite3.Connection, owner: str, marked: Collection[int], *, at: datetime
) -> list[int]:
    """Let go of all that a sender holds; `marked` are those whose dot may have been sent."""
    query = "SELECT id FROM letters WHERE state IN ('claimed', 'committing') AND owner = ?"
    held = letters.find(db, ids=[number for (number,) in db.execute(query, (owner,))])
    for letter in held:
        _release(db, letter, letter.id in marked, at=at, command="send", who="the run broke off")
    return [letter.id for letter in held]


def _release(
    db: sqlite3.Connection, letter: Letter, marked: bool, *, at: datetime, command: str, who: str
) -> None:
    """Back to approved, or unknown after the mark.

    A first attempt that came to nothing fixes no Date, and no clock of giving up.
    """
    if marked:
        back, why = LetterState.UNKNOWN, f"{who} while the server was answering"
    else:
        back, why = LetterState.APPROVED, f"{who} before anything irrevocable"
    first = not marked and _claims(db, letter) == 1
    columns: Columns = {"owner": None, "lease_until": None, **(AS_BEFORE if first else {})}
    letters.move(db, letter, back, at=at, command=command, why=why, **columns)


def _claims(db: sqlite3.Connection, letter: Letter) -> int:
    """How often a letter was claimed since it was approved."""
    query = "SELECT count(*) FROM events WHERE letter_id = ? AND to_state = 'claimed' AND at >= ?"
    (number,) = db.execute(query, (letter.id, stored(letter.approved_at))).fetchone()
    return int(number)


_GONE = ", ".join(f"'{state.value}'" for state in sorted(GONE))
_TAKEN = (
    "SELECT programs.program FROM letters JOIN programs ON programs.id = program_id"  # noqa: S608
    " WHERE applicant_id = (SELECT applicant_id FROM letters WHERE id = ?)"
    " AND season = ? AND attempt = ? AND occasion = ? AND to_key = ?"
    f" AND letters.state IN ({_GONE}) AND letters.id <> ?"
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
    count(page.db, account, at, letter.id)
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


def count(db: sqlite3.Connection, account: str, at: datetime, number: int | None = None) -> None:
    """Count one delivery against the pace of an account; without a number, a copy to oneself."""
    db.execute(
        "INSERT INTO attempts (letter_id, account, at) VALUES (?, ?, ?)",
        (number, account, stored(at)),
    )


def uncount(db: sqlite3.Connection, account: str, at: datetime, number: int) -> None:
    """Take an attempt back that never came as far as a letter: nothing was spent."""
    db.execute(
        "DELETE FROM attempts WHERE account = ? AND at = ? AND letter_id = ?",
        (account, stored(at), number),
    )


def departures(db: sqlite3.Connection, account: str, since: datetime, most: int) -> list[datetime]:
    """The last deliveries of an account since a moment, at most so many, oldest first."""
    rows = db.execute(
        "SELECT at FROM attempts WHERE account = ? AND at > ? ORDER BY at DESC LIMIT ?",
        (account, stored(since), most),
    )
    return [at for (text,) in reversed(rows.fetchall()) if (at := moment(text))]


def paused(db: sqlite3.Connection, account: str) -> Pause | None:
    """The last pause of an account since a letter was accepted, even if it is over."""
    row = db.execute(
        "SELECT until, why, strikes FROM pauses WHERE account = ?", (account,)
    ).fetchone()
    until = moment(row[0]) if row else None
    return Pause(until, row[1], row[2]) if until else None


def pause(db: sqlite3.Connection, account: str, found: Pause) -> None:
    """Let an account rest."""
    db.execute(
        "INSERT OR REPLACE INTO pauses (account, until, why, strikes) VALUES (?, ?, ?, ?)",
        (account, stored(found.until), found.why, found.strikes),
    )


def resume(db: sqlite3.Connection, account: str) -> None:
    """The server takes letters again."""
    db.execute("DELETE FROM pauses WHERE account = ?", (account,))
