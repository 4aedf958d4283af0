"""Which database this is, how far it has come, and whether its journal and witness agree.

Every writing transaction raises the generation.  A database restored from an old copy has a
lower generation than its witness outside the folder, and fewer lines than the journal beside
it.  It must not send, because it does not know what was sent, withdrawn or changed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from planner.errors import PersonNeededError, StorageError
from planner.rules.states import DUE
from planner.store import journal
from planner.store.engine import WRITING, Transaction
from planner.store.schema import UNREADABLE, letters
from planner.store.schema import lineage as table
from planner.store.witness import Testimony, hear


class OlderCopyError(PersonNeededError):
    """The database, its journal and its witness do not agree; `what` says in which way."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            f"{what} Was {name}, or a part of its folder, restored from a copy? Until the"
            " database, its journal and its witness agree, nothing is written or sent, so that no"
            " letter leaves twice.",
            code="older_copy",
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a database has come, as it says itself.

    `line` and `link` are the number and the hash of its journal's last line; `pending` are
    the lines of the last transaction that wrote any.
    """

    uid: str
    generation: int
    line: int
    link: str
    pending: tuple[str, ...]


def is_writing(tx: Transaction) -> bool:
    """Whether a transaction was begun to write."""
    return bool(tx.get_execution_options().get(WRITING, False))


_READ = sa.select(table.c.uid, table.c.generation, table.c.line, table.c.link, table.c.pending)
_READ_ALONE = _READ.with_for_update()  # SQLite has only one writer anyway


def read_standing(tx: Transaction, *, alone: bool = False) -> Standing:
    """Read how far the database has come; `alone` locks the row against other writers."""
    query = _READ_ALONE if alone else _READ
    try:
        uid, generation, line, link, pending = tx.execute(query).one()
        return Standing(str(uid), int(generation), int(line), str(link), tuple(pending))
    except UNREADABLE as error:
        raise StorageError(
            "The database does not tell which one it is: its table lineage is damaged.",
            hint="Restore a copy of the database; the journal fills in what it lacks.",
            code="damaged_database",
        ) from error


_ADVANCE = sa.update(table).values(
    generation=table.c.generation + 1, commands=table.c.commands + sa.bindparam("more")
)
_GENERATION = sa.select(table.c.generation)


def advance(tx: Transaction, *, command: bool = False) -> int:
    """Raise the generation; the row is also the lock that admits one writer at a time.

    `command`: this is not a sender's transaction.  Returns the new generation.
    """
    tx.execute(_ADVANCE, {"more": int(command)})
    return int(tx.execute(_GENERATION).scalar_one())


def rename(tx: Transaction, uid: str) -> None:
    """Give the database this id."""
    tx.execute(sa.update(table).values(uid=uid))


def catch_up(tx: Transaction, generation: int) -> None:
    """Raise the generation past one that another copy of the database has had."""
    later = table.c.generation <= generation
    tx.execute(sa.update(table).where(later).values(generation=generation + 1))


def write_line(tx: Transaction, line: int, link: str, pending: Sequence[str]) -> None:
    """Store how the journal will end once the pending lines are in it."""
    tx.execute(sa.update(table).values(line=line, link=link, pending=list(pending)))


def data_version(tx: Transaction) -> int:
    """Return a number that changes when somebody else writes to the database.

    PostgreSQL has none, so there it is the number of writing commands, without sender steps.
    The row stays locked, so that no command can write before this transaction ends.
    """
    if tx.dialect.name == "sqlite":
        return int(tx.exec_driver_sql("PRAGMA data_version").scalar_one())
    return int(tx.execute(sa.select(table.c.commands).with_for_update()).scalar_one())


def compare(standing: Standing, said: Testimony | None, tail: journal.Tail | None) -> str:
    """Return a sentence that says why not to write, or "" if all three agree.

    `said` is what the witness says, or None without a witness; `tail` is how the journal
    begins and ends, or None for a database on a server, which has no journal.
    """
    if said is None:
        # A database that was just created by a command that was killed has sent nothing yet.
        made_now = standing.generation == standing.line == 0 and not (tail and tail.number)
        return "" if made_now else "This computer has no witness of this database."
    if said.damaged:
        return "The witness of this database cannot be read."
    if said.generation > standing.generation:
        more = said.generation - standing.generation
        return f"This database is older than before: {more} transactions are missing."
    if said.line > standing.line:
        more = said.line - standing.line
        return f"This database is older than before: {more} lines of its journal are missing."
    return "" if tail is None else _compare_journal(standing, tail)


def _compare_journal(standing: Standing, tail: journal.Tail) -> str:
    if tail.uid not in ("", standing.uid):
        return "The journal beside this database belongs to another database."
    if tail.number > standing.line:
        more = tail.number - standing.line
        return f"The journal has {more} more lines about letters that left or may have left."
    lost = standing.line - tail.number
    rest = missing(tail, standing)
    whole = journal.chained(tail.link, map(journal.unlinked, rest)) == standing.link
    if len(rest) < lost or not whole:
        return "The journal beside this database is older, or belongs to another database."
    return ""


def missing(tail: journal.Tail, standing: Standing) -> Sequence[str]:
    """Return the pending lines that the journal lacks because of a crash."""
    return standing.pending[max(0, len(standing.pending) - (standing.line - tail.number)) :]


def look(uid: str, path: Path | None) -> tuple[Testimony | None, journal.Tail | None]:
    """Return what the witness says, and how the journal ends.  Raises StorageError."""
    return hear(uid), None if path is None else journal.read_tail(journal.open_journal(path))


def refuse_older(tx: Transaction, name: str, path: Path | None) -> Standing:
    """Raise OlderCopyError if the database, its journal and its witness do not agree.

    Nobody else may write to the journal meanwhile.
    """
    # Read the database last: if another writer goes on, it then knows more than the witness.
    said, tail = look(read_standing(tx).uid, path)
    standing = read_standing(tx)
    if what := compare(standing, said, tail):
        raise OlderCopyError(name, what)
    return standing


def is_forked(said: Testimony | None, reading: journal.Reading) -> bool:
    """Whether a line of the journal is about another letter than its witness heard.

    Then both went on from the same copy, such as on two computers.
    """
    heard = said.spoken if said else {}
    return any(
        messages and number in reading.spoken and reading.spoken[number] not in messages
        for number, messages in heard.items()
    )


def refuse_contradicted(tx: Transaction, name: str, path: Path | None) -> None:
    """Raise OlderCopyError if a waiting letter has already left, or the journal has gaps.

    This reads the whole journal.
    """
    standing = read_standing(tx)
    said = hear(standing.uid)
    left = set(said.left) if said else set()
    if path is not None:
        found = journal.look_through(journal.open_journal(path))
        if found.broken:
            what = f"The journal beside this database is damaged before its line {found.broken}."
            raise OlderCopyError(name, what)
        if is_forked(said, found):
            what = "Letters left from another copy of this database, which this one does not know."
            raise OlderCopyError(name, what)
        left |= found.gone
    query = sa.select(letters.c.id, letters.c.message_id).where(letters.c.state.in_(sorted(DUE)))
    for number, message in tx.execute(query.order_by(letters.c.id)):
        if message in left:
            raise OlderCopyError(
                name, f"Letter {number} is waiting to be sent, but has already left."
            )
