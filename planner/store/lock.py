"""One sender at a time for a SQLite file: an advisory lock that dies with its process."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.errors import PlannerError, TryLaterError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no flock
    fcntl = None  # type: ignore[assignment]


@contextmanager
def sender_lock(database: Path) -> Iterator[None]:
    """Hold the lock beside `database` (`<database>.lock`), or say who does.

    Raises TryLaterError while another process holds it, PlannerError where the system
    has no flock (it is there on Linux and macOS) or the folder cannot be written.
    """
    if fcntl is None:  # pragma: no cover - Windows has no flock
        raise PlannerError(
            "Sending needs flock, which this system does not have.",
            hint="Run planner on Linux or macOS.",
        )
    real = database.resolve()  # two names of one file have one lock
    path = real.with_name(real.name + ".lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise PlannerError(
            f"Cannot write the lock file {path}: {error.strerror}.",
            hint="The database's folder must be writable.",
            code="read_only",
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = _holder(handle)
            raise TryLaterError(
                f"Another planner is at work on this database (process {who or 'unknown'}).",
                hint="Wait until it has finished, then run the same command again.",
                code="locked",
            ) from None
        mine = f"{os.getpid()}\n".encode()
        with contextlib.suppress(OSError):  # a full disk: the lock holds without a name, too
            os.pwrite(handle, mine, 0)
            os.ftruncate(handle, len(mine))
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    """The number of the process that holds the lock; who has just taken it writes it next."""
    for _ in range(20):
        if who := os.pread(handle, 100, 0).decode("ascii", "replace").strip():
            return who
        time.sleep(0.01)
    return ""
