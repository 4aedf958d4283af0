"""Applies one word of a journal to its letter, which is created if the copy lacks it.

If the record is damaged, the program counts as told, so that nothing more leaves for it.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from planner.rules.identity import differ, name_key
from planner.rules.states import DUE, GONE, LetterState
from planner.rules.tracks import apart
from planner.store import account_usage, journal, retired, transitions
from planner.store.engine import Transaction
from planner.store.journal_words import Columns, Word
from planner.store.letters import update_letter
from planner.store.schema import Texts, UtcTime, applicants, letters, programs

COMMAND = "db reconcile"


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter whose state was taken from the journal.

    `id` is None if the letter could not be read, and its program counts as told; `program`
    is empty if not even that is known.
    """

    id: int | None
    program: str
    before: str | None
    state: LetterState


# What a statement raises for values of a type or shape that was never written.
_STRANGE = (
    sa.exc.SQLAlchemyError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
)


def take_word(tx: Transaction, word: Word, at: datetime) -> Taken | None:
    """Apply a word; if its record is unusable, its program counts as told."""
    for take in (_take, _take_for_told):
        with contextlib.suppress(*_STRANGE), tx.begin_nested():
            return take(tx, word, at)
    return Taken(None, "", None, word.meaning or LetterState.UNKNOWN)


def _take(tx: Transaction, word: Word, at: datetime) -> Taken | None:
    to = word.meaning
    if to is None:
        return None
    row = _letter(tx, word)
    if row is None and not word.record:
        return _take_for_told(tx, word, at)
    number, state, token, message = row or (None, None, 0, None)
    if state and not tells_more(state, to, same=message == word.message):
        return None
    columns = _columns(word) | {
        "state": to,
        "token": token + 1,
        "sent_at": journal.moment(word.at) if to is LetterState.SENT else None,
        "last_reply": word.why or None,
        "owner": None,
        "lease_until": None,
    }
    if number is None:
        columns |= {
            "applicant_id": _applicant(tx, word.record["applicants"]),
            "program_id": _program(tx, word.record["programs"])
            or _add(tx, programs, word.record["programs"]),
            "facts": {},
        }
        number = _add(tx, letters, columns)
    else:
        update_letter(tx, number, **columns)
    if to in GONE and (account := columns.get("account")):
        account_usage.count(tx, account, journal.moment(word.at), number)
    why = f"line {word.line} of the journal says: {word.state}"
    transitions.record(tx, number, state, to, at=at, command=COMMAND, why=why)
    query = sa.select(programs.c.program).join(letters).where(letters.c.id == number)
    return Taken(number, tx.execute(query).scalar_one(), state, to)


def _columns(word: Word) -> Columns:
    """The columns of the frozen letter that the journal has."""
    return {
        column: _typed(letters.c[column], value)
        for column, value in word.record.get("letters", {}).items()
    }


def _typed(column: sa.Column[Any], value: Any) -> Any:
    """Convert a value of the journal to the type of its column."""
    match column.type:
        case sa.LargeBinary():
            return value.encode("ascii")
        case UtcTime():
            return value and journal.moment(value)
        case Texts() if isinstance(value, str):  # early journals had JSON within JSON
            return json.loads(value)
        case _:
            return value


def _take_for_told(tx: Transaction, word: Word, _at: datetime) -> Taken | None:
    """The letter cannot be read: note that its program was told, so that nothing more leaves."""
    to = word.meaning
    if to not in GONE:
        return None
    named = word.about.get("programs") or word.record.get("programs") or {}
    program = _program(tx, named) if named else None
    if program is not None:
        told_on = sa.func.coalesce(programs.c.told_on, date.fromisoformat(word.at[:10]))
        tx.execute(sa.update(programs).where(programs.c.id == program).values(told_on=told_on))
    return Taken(None, str(named.get("program", "")), None, to)


def tells_more(state: LetterState, to: LetterState, *, same: bool) -> bool:
    """Whether the journal knows more about a letter than its row in the copy.

    `same`: the row has the same Message-ID as the journal's word.
    """
    if to is LetterState.REFUSED:
        return same and state in {*DUE, LetterState.CLAIMED, LetterState.COMMITTING}
    return state not in {LetterState.SENT, to}


Row = Sequence[Any]  # id, state, token, Message-ID


def _letter(tx: Transaction, word: Word) -> Row | None:
    """Find the row that a word is about.

    It has the same Message-ID, or else the same applicant, program and occasion: then it was
    not approved yet when the copy was made, or was approved again later.
    """
    read = sa.select(letters.c.id, letters.c.state, letters.c.token, letters.c.message_id)
    found = tx.execute(read.where(letters.c.message_id == word.message)).first()
    if found is not None or not word.record:
        return found
    program = _program(tx, word.record["programs"])
    if program is None:
        return None
    applicant = _applicant(tx, word.record["applicants"])
    about = {name: word.record["letters"][name] for name in ("season", "attempt", "occasion")}
    return tx.execute(read.filter_by(applicant_id=applicant, program_id=program, **about)).first()


def _applicant(tx: Transaction, who: Columns) -> int:
    """Return the id of the applicant's row, which is created if the copy lacks it."""
    for column in ("aamc_id", "email"):
        query = sa.select(applicants.c.id).where(applicants.c[column] == who[column])
        if (found := tx.scalar(query)) is not None:
            return int(found)
    return _add(tx, applicants, who)


def _program(tx: Transaction, named: Columns) -> int | None:
    """Find the program's row by the strongest key that the copy knows, and follow its joins.

    Two different NRMP codes are two programs, whatever else they share, and so are two equal
    names in different states.
    """
    specialty = apart(named["specialty"], named.get("track"))
    key = name_key(specialty, named["program"], named["city"])
    known = {**named, "name_key": key}
    for columns in (("nrmp_code", "acgme_id"), ("nrmp_code",), ("acgme_id",), ("name_key",)):
        values = {column: known[column] for column in columns}
        query = sa.select(programs.c.id, programs.c.state).filter_by(**values)
        if "nrmp_code" not in columns and named["nrmp_code"]:
            query = query.where(programs.c.nrmp_code == "")
        found = tx.execute(query).all()
        if columns == ("name_key",):
            found = [row for row in found if not differ(row.state, named.get("state", ""))]
        if all(values.values()) and len(found) == 1:
            return retired.get_survivor(tx, found[0].id)
    return None


def _add(tx: Transaction, table: sa.Table, columns: Columns) -> int:
    made = tx.execute(sa.insert(table).values(**columns))
    return int(made.inserted_primary_key[0])  # type: ignore[index]
