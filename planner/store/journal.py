"""The journal next to the database (`<database>.sent`): what may have left, whatever happens.

Append-only: one JSON line for each mark before a final dot, with the whole letter, and one
for each outcome.  Every line has a number, and the database keeps the number of the last one
that it wrote, in the transaction that the line tells of.  A journal that ends with a higher
number was written by a later state of the database: a copy was put back, or a synced folder
dragged an old file in.  Only who holds the sender's lock appends.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Self

import sqlalchemy as sa

from planner import files
from planner.errors import PersonNeededError, StorageError
from planner.rules.states import DUE
from planner.store.engine import Transaction
from planner.store.schema import journal as table
from planner.store.schema import letters

Line = Mapping[str, Any]
# More than the longest line by far; the tail of a journal is looked for in so many bytes.
TAIL = 256 * 1024


class JournalAheadError(PersonNeededError):
    """The journal knows of more than the database does; `what` says of what."""

    def __init__(self, database: Path, what: str) -> None:
        super().__init__(
            f"The database {database} is older than its journal: {journal_of(database).name}"
            f" {what}. Was a copy put back? Until both agree nothing is written, so that no"
            " letter is sent twice.",
            code="journal_ahead",
        )


def journal_of(database: Path) -> Path:
    """The journal of a database file."""
    real = database.resolve()  # two names of one file have one journal
    return real.with_name(f"{real.name}.sent")


def last_number(journal: Path) -> int:
    """The number of the last whole line; 0 without any."""
    with _opened(journal) as file:
        end, tail = file.seek(0, os.SEEK_END), TAIL
        while True:
            file.seek(max(0, end - tail))
            lines = (_parsed(line) for line in reversed(file.read().split(b"\n")))
            if found := next((line for line in lines if line is not None), None):
                return int(found["n"])
            if tail >= end:
                return 0
            tail *= 16  # a line is longer than that


@contextlib.contextmanager
def _opened(journal: Path) -> Iterator[BinaryIO]:
    """The journal to read, empty if there is none.  Raises StorageError."""
    try:
        file: BinaryIO = journal.open("rb")
    except FileNotFoundError:
        file = io.BytesIO()
    except OSError as error:
        raise unusable(journal, error, "read") from error
    with file:
        yield file


def unusable(journal: Path, error: OSError, what: str) -> StorageError:
    """The journal cannot be read or written, in words."""
    return StorageError(
        f"The journal next to the database, {journal}, cannot be {what}: {error.strerror}.",
        hint="Free some space or fix the file's rights, then run the same command again.",
        code="disk",
    )


def read(journal: Path) -> Iterator[Line | None]:
    """Every line, in order; None for one that is torn or damaged."""
    with _opened(journal) as file:
        for line in file:
            if line.strip():
                yield _parsed(line)


def in_text(line: Line) -> str:
    """A line as it is written, without its number."""
    return json.dumps(line)


def in_utc(at: datetime) -> str:
    """A moment as the journal has it.

    >>> in_utc(datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    '2026-11-03 09:30:00.000000'
    """
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def moment(text: str) -> datetime:
    """A moment of the journal, with its zone.  Raises ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def numbered(line: str, number: int) -> str:
    """The same line with its number in front."""
    return f'{{"n": {number}, {line[1:]}'


def _parsed(line: bytes) -> Line | None:
    try:
        found = json.loads(line)
        return found if isinstance(found["n"], int) else None
    except (ValueError, TypeError, KeyError):
        return None


def known(tx: Transaction) -> int:
    """The number of the last line that this database knows of."""
    return tx.scalar(sa.select(table.c.line).where(table.c.id == 1)) or 0


def set_known(tx: Transaction, number: int) -> None:
    """Say that the database knows of everything up to this line."""
    tx.execute(sa.update(table).values(line=number))


def count_up(tx: Transaction) -> None:
    """Count one more writing transaction; the row is also the lock that lets in one at a time.

    A PostgreSQL database has no journal beside it, and this row is free for that.
    """
    tx.execute(sa.update(table).values(line=table.c.line + 1))


def data_version(tx: Transaction) -> int:
    """A number that changes when another connection has written to the database."""
    if tx.dialect.name == "sqlite":
        return int(tx.exec_driver_sql("PRAGMA data_version").scalar_one())
    return known(tx)


def refuse_behind(tx: Transaction, database: Path | None) -> None:
    """Raise JournalAheadError if the journal knows of more than the database."""
    if database is None:
        return
    ahead = last_number(journal_of(database)) - known(tx)
    if ahead > 0:
        what = f"has {ahead} more lines on letters that left or may have left"
        raise JournalAheadError(database, what)


def gone(journal: Path) -> set[str]:
    """The Message-IDs of letters that were sent, or handed to the user."""
    found: set[str] = set()
    with _opened(journal) as file:
        for line in file:
            # Most lines are long and tell of a mark; only the others are read.
            if any(word in line for word in GONE_WORDS) and (read := _parsed(line)):
                found.add(str(read.get("message_id")))
    return found


GONE_WORDS = (b'"state": "sent"', b'"state": "exported"')


def refuse_contradicted(tx: Transaction, database: Path | None) -> None:
    """Raise JournalAheadError if a letter that waits is one that has left.

    The numbers may agree all the same, where only a part of the database was put back.
    """
    if database is None:
        return
    query = sa.select(letters.c.id, letters.c.message_id)
    waiting = tx.execute(query.where(letters.c.state.in_(sorted(DUE)))).all()
    left = gone(journal_of(database)) if waiting else set()
    if found := [number for number, message in waiting if message in left]:
        numbers = ", ".join(map(str, found[:5])) + (" ..." if len(found) > 5 else "")
        raise JournalAheadError(database, f"says that letter {numbers} has left already")


class Journal:
    """The journal, opened for appending."""

    def __init__(self, database: Path) -> None:
        self._path = journal_of(database)
        self._handle = -1
        # Lines that could not be written yet; they go first the next time.
        self._pending: list[bytes] = []

    def __enter__(self) -> Self:
        """Open or create it, for its owner only.  Raises StorageError."""
        try:
            self._handle = files.open_private(self._path, os.O_RDWR | os.O_APPEND)
            files.sync_folder(self._path.parent)  # the name itself survives a power cut
        except OSError as error:
            raise unusable(self._path, error, "written") from error
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def append(self, lines: Sequence[str]) -> None:
        """Write lines, as `in_text` makes them, and wait until they are on the disk.

        Raises StorageError; then they go with the next ones, and the file ends as before.
        """
        self._pending += [line.encode() for line in lines]
        if not self._pending:
            return
        size = os.fstat(self._handle).st_size
        data = b"\n" * self._is_torn(size) + b"".join(line + b"\n" for line in self._pending)
        try:
            files.write_all(self._handle, data)
            files.sync(self._handle)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, size)
            raise unusable(self._path, error, "written") from error
        self._pending.clear()

    def _is_torn(self, size: int) -> bool:
        """Whether a crash left half a line at the end."""
        if not size:
            return False
        os.lseek(
            self._handle, size - 1, os.SEEK_SET
        )  # what is written goes to the end all the same
        return os.read(self._handle, 1) != b"\n"
