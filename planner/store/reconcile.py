"""After a restored copy: the journal's word on what was sent, or may have been, is taken.

The database is older than its journal.  What the journal tells after the last line that
the database knows is put into it: a letter that was sent is `sent`, one that was marked
and never answered `unknown`, one that was refused for good `refused`.  A letter, a program
or an applicant that the copy does not have is made from the journal's record; where the
record is damaged, the program counts as told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from planner.rules.identity import differ, name_key
from planner.rules.states import DELIVERED, DUE, GONE, LetterState
from planner.store import account_usage, journal, retired, transitions
from planner.store.engine import Transaction
from planner.store.letters import update_letter
from planner.store.schema import Texts, UtcTime, applicants, letters, programs

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
    """The journal's last word on one message: its line, its state, and whose letter it was.

    `record` is the whole letter, `about` only its program and applicant; either may be
    empty if lines are damaged.
    """

    message: str
    line: int
    at: str
    state: str
    why: str
    record: Mapping[str, Columns] = field(default_factory=dict)
    about: Mapping[str, Columns] = field(default_factory=dict)

    @property
    def meaning(self) -> LetterState | None:
        """What it makes of the letter; None: nothing."""
        return MEANING.get(self.state)

    def places(self) -> list[tuple[object, ...]]:
        """What can have one letter of an occasion only: its program, and its address."""
        letter, program = self.record.get("letters"), self.record.get("programs")
        if not letter or not program:
            return [(self.message,)]
        about = (letter["season"], letter["attempt"], letter["occasion"])
        keys = ("nrmp_code", "acgme_id", "name_key", "state")
        codes = (program.get(name, "") for name in keys)
        return [(*about, *codes), (*about, letter["to_key"])]


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter whose state was taken from the journal.

    Without a number (None) nothing of the letter could be read, and its program counts as
    told; `program` is empty if not even that is known.
    """

    id: int | None
    program: str
    before: str | None
    state: LetterState


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the journal's word has changed; `damaged` lines could not be read."""

    lines: int
    damaged: int
    letters: tuple[Taken, ...]

    @property
    def needs_person(self) -> bool:
        """Whether it is unknown what happened to a letter, or whom it went to."""
        return any(t.state is LetterState.UNKNOWN or t.id is None for t in self.letters)


def reconcile(tx: Transaction, database: Path, at: datetime) -> Reconciled:
    """Take the journal's word, within a transaction of the caller's."""
    known, last = journal.known(tx), journal.last_number(journal.journal_of(database))
    words, damaged = _words(journal.read(journal.journal_of(database)))
    fresh = [word for word in words if word.line > known or _contradicted(tx, word)]
    taken = [found for word in _last_of_each(fresh) if (found := _take(tx, word, at))]
    journal.set_known(tx, max(known, last))
    return Reconciled(max(0, last - known), damaged, tuple(taken))


def _words(lines: Iterable[journal.Line | None]) -> tuple[list[Word], int]:
    """The last word on each message, in order, and how many lines could not be read."""
    words: dict[str, Word] = {}
    damaged = 0
    for line in lines:
        if line is None or not {"message_id", "at", "state"} <= line.keys():
            damaged += 1
            continue
        word = Word(
            str(line["message_id"]),
            line["n"],
            line["at"],
            line["state"],
            line.get("why", ""),
            line.get("record") or {},
            line.get("about") or {},
        )
        if (before := words.get(word.message)) and not word.record:
            word.record = before.record
        words[word.message] = word
    return sorted(words.values(), key=lambda word: word.line), damaged


def _contradicted(tx: Transaction, word: Word) -> bool:
    """Whether this very message waits to be sent, although it has left."""
    if word.meaning not in DELIVERED:
        return False
    query = sa.select(letters.c.state).where(letters.c.message_id == word.message)
    return tx.scalar(query) in DUE


def _last_of_each(words: Sequence[Word]) -> list[Word]:
    """Of several letters to one program or address the last that left, or may have.

    The database lets no second one go before the first was said not to have arrived.
    """
    later: set[tuple[object, ...]] = set()
    found = []
    for word in reversed(words):
        if later.isdisjoint(word.places()):
            found.append(word)
        if word.meaning in GONE:
            later.update(word.places())
    return found[::-1]


def _take(tx: Transaction, word: Word, at: datetime) -> Taken | None:
    to = word.meaning
    if to is None:
        return None
    row = _letter(tx, word)
    if row is None and not word.record:
        return _take_for_told(tx, word, to)
    number, state, token, message = row or (None, None, 0, None)
    if state and not _tells_more(state, to, same=message == word.message):
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
    """The frozen letter, as far as the journal has it."""
    return {
        column: _typed(letters.c[column], value)
        for column, value in word.record.get("letters", {}).items()
    }


def _typed(column: sa.Column[Any], value: Any) -> Any:
    """A value of the journal as its column takes it."""
    match column.type:
        case sa.LargeBinary():
            return value.encode("ascii")
        case UtcTime():
            return value and journal.moment(value)
        case Texts() if isinstance(value, str):  # as journals had it once: JSON within JSON
            return json.loads(value)
        case _:
            return value


def _take_for_told(tx: Transaction, word: Word, to: LetterState) -> Taken | None:
    """The letter itself cannot be read: its program was told, so nothing more leaves for it."""
    if to not in GONE:
        return None
    named = word.about.get("programs", {})
    program = _program(tx, named) if named else None
    if program is not None:
        told_on = sa.func.coalesce(programs.c.told_on, date.fromisoformat(word.at[:10]))
        tx.execute(sa.update(programs).where(programs.c.id == program).values(told_on=told_on))
    return Taken(None, str(named.get("program", "")), None, to)


def _tells_more(state: LetterState, to: LetterState, *, same: bool) -> bool:
    """Whether the journal knows more of a letter than its row in the copy does.

    `same`: the row has the very message that the journal speaks of.
    """
    if to is LetterState.REFUSED:
        return same and state in {*DUE, LetterState.CLAIMED, LetterState.COMMITTING}
    return state not in {LetterState.SENT, to}


Row = Sequence[Any]  # id, state, token, Message-ID


def _letter(tx: Transaction, word: Word) -> Row | None:
    """The row that the journal speaks of.

    That is the very message, else the letter of the same applicant, program and occasion,
    which was not approved yet when the copy was made, or was approved again.
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
    """The applicant's row, made where the copy has none."""
    for column in ("aamc_id", "email"):
        query = sa.select(applicants.c.id).where(applicants.c[column] == who[column])
        if (found := tx.scalar(query)) is not None:
            return int(found)
    return _add(tx, applicants, who)


def _program(tx: Transaction, named: Columns) -> int | None:
    """The program's row, by its strongest key that the copy knows; of joined ones the one that stays.

    Two different NRMP codes are two programs, whatever else they share, and so are two names
    in different states.
    """
    key = name_key(named["specialty"], named["program"], named["city"])
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
            return retired.survivor(tx, found[0].id)
    return None


def _add(tx: Transaction, table: sa.Table, columns: Columns) -> int:
    made = tx.execute(sa.insert(table).values(**columns))
    return int(made.inserted_primary_key[0])  # type: ignore[index]
