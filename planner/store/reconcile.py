"""After a restored copy: the journal's word on what was sent, or may have been, is taken.

The database is older than its journal.  What the journal tells after the last line that
the database knows is put into it: a letter that was sent is `sent`, one that was marked
and never answered `unknown`, one that was refused for good `refused`.  A letter, a program
or an applicant that the copy does not have is made from the journal's record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from planner.rules.states import DELIVERED, DUE, LetterState
from planner.store import journal, moves
from planner.store.sqlite import sqlite3

Columns = dict[str, Any]

# What the journal's last word on a letter makes of it; other words mean that it did not
# leave and may be tried again, as the copy has it.
MEANING = {
    LetterState.COMMITTING.value: LetterState.UNKNOWN,
    LetterState.UNKNOWN.value: LetterState.UNKNOWN,
    LetterState.SENT.value: LetterState.SENT,
    LetterState.EXPORTED.value: LetterState.EXPORTED,
    LetterState.REFUSED.value: LetterState.REFUSED,
}
COMMAND = "db reconcile"


@dataclass(slots=True)
class Word:
    """The journal's last word on one message: its line, its state, and the whole letter."""

    line: int
    at: str
    state: str
    why: str
    record: Mapping[str, Columns] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter whose state was taken from the journal."""

    id: int
    program: str
    before: str | None
    state: LetterState


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the journal's word has changed; `damaged` lines could not be read."""

    lines: int
    damaged: int
    letters: tuple[Taken, ...]


def reconcile(db: sqlite3.Connection, database: Path, at: datetime) -> Reconciled:
    """Take the journal's word, within a transaction of the caller's."""
    known, last = journal.known(db), journal.last_number(journal.journal_of(database))
    words, damaged = _words(journal.read(journal.journal_of(database)))
    fresh = [word for word in words if word.line > known or _contradicted(db, word)]
    taken = [found for word in fresh if (found := _take(db, word, at))]
    journal.set_known(db, max(known, last))
    return Reconciled(max(0, last - known), damaged, tuple(taken))


def _words(lines: Iterable[journal.Line | None]) -> tuple[list[Word], int]:
    """The last word on each message, in order, and how many lines could not be read."""
    words: dict[str, Word] = {}
    damaged = 0
    for line in lines:
        if line is None:
            damaged += 1
            continue
        message = str(line["message_id"])
        record = line.get("record") or (words[message].record if message in words else {})
        words[message] = Word(line["n"], line["at"], line["state"], line.get("why", ""), record)
    return sorted(words.values(), key=lambda word: word.line), damaged


def _contradicted(db: sqlite3.Connection, word: Word) -> bool:
    """Whether this very message waits to be sent, although it has left."""
    if MEANING.get(word.state) not in DELIVERED or not word.record:
        return False
    message = word.record["letters"]["message_id"]
    row = db.execute("SELECT state FROM letters WHERE message_id = ?", (message,)).fetchone()
    return row is not None and row[0] in DUE


def _take(db: sqlite3.Connection, word: Word, at: datetime) -> Taken | None:
    to = MEANING.get(word.state)
    if to is None or not word.record:
        return None
    columns, named = dict(word.record["letters"]), word.record["programs"]
    row = _letter(db, word.record)
    if row is not None:
        number, state, token, message = row
        if not _tells_more(LetterState(state), to, same=message == columns["message_id"]):
            return None
    else:
        number, state, token = None, None, 0
    columns |= {
        "state": to.value,
        "wire": columns["wire"].encode("ascii"),
        "token": token + 1,
        "sent_at": word.at if to is LetterState.SENT else None,
        "last_reply": word.why or None,
        "owner": None,
        "lease_until": None,
    }
    if number is None:
        columns |= {
            "applicant_id": _applicant(db, word.record["applicants"]),
            "program_id": _program(db, named) or _add(db, "programs", named),
            "facts": "{}",
        }
        number = _add(db, "letters", columns)
    else:
        assigned = ", ".join(f"{name} = ?" for name in columns)
        db.execute(f"UPDATE letters SET {assigned} WHERE id = ?", (*columns.values(), number))  # noqa: S608
    old = None if state is None else LetterState(state)
    why = f"line {word.line} of the journal says: {word.state}"
    moves.record(db, number, old, to, at=at, command=COMMAND, why=why)
    return Taken(number, str(named["program"]), state, to)


def _tells_more(state: LetterState, to: LetterState, *, same: bool) -> bool:
    """Whether the journal knows more of a letter than its row in the copy does.

    `same`: the row has the very message that the journal speaks of.
    """
    if to is LetterState.REFUSED:
        return same and state in {*DUE, LetterState.CLAIMED, LetterState.COMMITTING}
    return state not in {LetterState.SENT, to}


def _letter(
    db: sqlite3.Connection, record: Mapping[str, Columns]
) -> tuple[int, str, int, str | None] | None:
    """(id, state, token, Message-ID) of the row that a record speaks of.

    That is the very message, else the letter of the same applicant, program and occasion,
    which was not approved yet when the copy was made, or was approved anew.
    """
    about = record["letters"]
    read = "SELECT id, state, token, message_id FROM letters"
    by_message = db.execute(f"{read} WHERE message_id = ?", (about["message_id"],)).fetchone()
    if by_message is not None:
        return by_message  # type: ignore[no-any-return]
    program = _program(db, record["programs"])
    if program is None:
        return None
    return db.execute(  # type: ignore[no-any-return]
        f"{read} WHERE applicant_id = ? AND program_id = ? AND season = ? AND attempt = ?"
        " AND occasion = ?",
        (
            _applicant(db, record["applicants"]),
            program,
            about["season"],
            about["attempt"],
            about["occasion"],
        ),
    ).fetchone()


def _applicant(db: sqlite3.Connection, who: Columns) -> int:
    """The applicant's row, made where the copy has none."""
    for column in ("aamc_id", "email"):
        query = f"SELECT id FROM applicants WHERE {column} = ?"  # noqa: S608
        if found := db.execute(query, (who[column],)).fetchone():
            return int(found[0])
    return _add(db, "applicants", who)


def _program(db: sqlite3.Connection, named: Columns) -> int | None:
    """The program's row, by its strongest key that the copy knows."""
    keys = (("nrmp_code", "acgme_id"), ("nrmp_code",), ("acgme_id",), ("name_key",))
    for columns in keys:
        values = [named[column] for column in columns]
        where = " AND ".join(f"{column} = ?" for column in columns)
        found = db.execute(f"SELECT id FROM programs WHERE {where}", values).fetchall()  # noqa: S608
        if all(values) and len(found) == 1:
            return int(found[0][0])
    return None


def _add(db: sqlite3.Connection, table: str, columns: Columns) -> int:
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    done = db.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", [*columns.values()])  # noqa: S608
    return int(done.lastrowid or 0)
