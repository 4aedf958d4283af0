"""The SQLite file itself: its path, permissions and settings, and its errors in words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from planner import files
from planner.errors import BusyError, StorageError
from planner.store.durability import pragmas
from planner.store.sqlite import sqlite3

if TYPE_CHECKING:
    from planner.store.engine import Transaction


def connect(path: Path) -> sqlite3.Connection:
    """Connect with the settings that durability needs; the caller issues BEGIN.

    A read-only file keeps its journal mode.
    """
    # Even to read a WAL database, SQLite creates files beside it, unless told that nobody
    # writes; on a read-only mount nobody does.  But what a killed writer left must be read.
    left = any(path.with_name(f"{path.name}{end}").exists() for end in ("-wal", "-journal"))
    fixed = not left and not os.access(path.parent, os.W_OK)
    address = f"{path.absolute().as_uri()}?immutable=1" if fixed else path
    connection = sqlite3.connect(address, uri=fixed)
    # The driver's implicit BEGIN would come too late.
    connection.isolation_level = None
    try:
        for name, value in pragmas(sqlite3.sqlite_version_info[:3]):
            try:
                connection.execute(f"PRAGMA {name}={value}")
            except sqlite3.OperationalError:
                if name != "journal_mode":
                    raise
    except BaseException:
        connection.close()
        raise
    return connection


# PRAGMA synchronous reads back as a number.
SYNCHRONOUS = {"FULL": 2, "EXTRA": 3}


def refuse_undurable(tx: Transaction, path: Path) -> None:
    """Read the settings back.  Raises StorageError if a commit might not survive a power cut."""
    wanted = dict(pragmas(sqlite3.sqlite_version_info[:3]))
    for name in ("journal_mode", "synchronous", "fullfsync", "foreign_keys"):
        found = tx.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        right = {
            "journal_mode": wanted["journal_mode"].lower(),
            "synchronous": SYNCHRONOUS[wanted["synchronous"]],
            "fullfsync": 1,
            "foreign_keys": 1,
        }[name]
        if found != right:
            raise StorageError(
                f"The database {path} cannot be written durably: {name} is {found}, not {right}.",
                hint="Close other programs that have it open, or move it to a local disk.",
                code="not_durable",
            )


def create_private(path: Path) -> None:
    """Create an empty file, and its folder if needed, that only the owner can read."""
    try:
        files.make_folder(path.parent)
        os.close(files.open_private(path))
    except OSError as error:
        raise StorageError(
            f"Cannot create the database {path}: {error.strerror}.",
            hint="Make the folder writable, or name another place in database.url.",
            code="read_only",
        ) from error


def set_aside(path: Path, found: str) -> Path:
    """Copy the database to `<file>.from-<revision>.bak`, readable only by its owner."""
    copy = path.with_name(f"{path.name}.from-{found}.bak")
    number = 1
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.name}.from-{found}.{number}.bak")
    files.create_private(copy)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn the database's own errors into sentences that say what to do."""
    try:
        yield
    except Exception as error:
        # SQLAlchemy wraps the driver's error, which is the one that says what happened.
        cause = getattr(error, "orig", error)
        if isinstance(cause, sqlite3.OperationalError):
            raise _explained(str(cause), path) from error
        if isinstance(cause, sqlite3.DatabaseError) and _damaged(str(cause)):
            raise StorageError(
                f"{path} is not a usable SQLite database ({cause}).",
                hint="Restore it from a copy, or name another file in database.url.",
                code="damaged_database",
            ) from error
        raise


def is_busy(text: str) -> bool:
    """Whether SQLite's message says that another process holds a lock."""
    return "locked" in text or "busy" in text


def _damaged(text: str) -> bool:
    return "not a database" in text or "malformed" in text


def _explained(text: str, path: Path) -> StorageError:
    if is_busy(text):
        return BusyError(
            f"The database {path} is busy: another program is writing to it.",
            hint="Close it (a database browser, perhaps) and run the same command again.",
            code="busy",
        )
    if "readonly" in text or "unable to open" in text:
        return StorageError(
            f"The database {path} cannot be written ({text}). Nothing was changed.",
            hint="Make the file and its folder writable, or move them; see database.url.",
            code="read_only",
        )
    if "full" in text or "disk I/O" in text:
        return StorageError(
            f"The disk under {path} is full or failing ({text}). Nothing was changed.",
            hint="Free some space, then run the same command again.",
            code="disk",
        )
    return StorageError(
        f"The database {path} refused: {text}.",
        hint="Restore a copy of it (*.bak, or your own), or name another file in database.url.",
        code="database",
    )
