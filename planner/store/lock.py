"""One sender at a time for a SQLite file: an advisory lock that dies with its process."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner import files, system
from planner.errors import PlannerError, TryLaterError


@contextmanager
def sender_lock(database: Path) -> Iterator[None]:
    """Hold the lock beside `database` (`<database>.lock`), or say who does.

    Raises TryLaterError while another process holds it, PlannerError if the folder cannot
    be written, its file system has no locks, or the database is one file with several names.
    """
    real = database.resolve()  # a link and what it leads to have one lock
    _refuse_names(real)
    path = real.with_name(real.name + ".lock")
    try:
        handle = files.open_private(path)
    except OSError as error:
        raise PlannerError(
            f"Cannot write the lock file {path}: {error.strerror}.",
            hint="The database's folder must be writable.",
            code="read_only",
        ) from error
    try:
        _take(handle, path)
        mine = f"{os.getpid()}\n".encode()
        with contextlib.suppress(OSError):  # a full disk: the lock holds without a name, too
            os.lseek(handle, 0, os.SEEK_SET)
            files.write_all(handle, mine)
            os.ftruncate(handle, len(mine))
        try:
            yield
        finally:
            system.unlock(handle)
    finally:
        os.close(handle)


def _refuse_names(database: Path) -> None:
    """Raise PlannerError for a hard link: each name would have a lock and a journal of its own."""
    names = database.stat().st_nlink if database.exists() else 1
    if names > 1:
        raise PlannerError(
            f"The database {database} is one file with {names} names (hard links). Each name has"
            " a lock and a journal of its own, so two planners could send from it at once.",
            hint="Remove the other names, or put a copy of the file in its own place.",
            code="hard_link",
        )


def _take(handle: int, path: Path) -> None:
    """Lock the file.  Raises TryLaterError if another process has."""
    try:
        system.lock(handle)
    except BlockingIOError:
        raise TryLaterError(
            "Another planner is at work on this database"
            f" (process {_holder(handle) or 'unknown'}).",
            hint="Wait until it has finished, then run the same command again.",
            code="locked",
        ) from None
    except OSError as error:
        raise PlannerError(
            f"The file {path} cannot be locked: {error.strerror}. Without a lock two planners"
            " could send at once.",
            hint="Move the database to a local disk; see database.url.",
            code="no_lock",
        ) from error


def _holder(handle: int) -> str:
    """The number of the process that holds the lock; who has just taken it writes it next."""
    for _ in range(20):
        if who := system.read_at(handle, 100, 0).decode("ascii", "replace").strip():
            return who
        time.sleep(0.01)
    return ""
