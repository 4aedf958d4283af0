"""Logs of `planner.*`: on stderr with --verbose, and in a private file for each `send`.

Nothing is logged as a warning: the command itself tells the user what they need to know.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from planner import files
from planner.rules.visible import printable

ROOT = logging.getLogger("planner")
KEPT = 20  # log files to keep
DATED = r"\.send-\d{4}-\d\d-\d\d-\d{6}-\d+\.log"


class _Lines(logging.Formatter):
    """One line for each record, without control characters that a terminal would obey."""

    def format(self, record: logging.LogRecord) -> str:
        before, behind = _second(int(record.created))
        where = record.name.removeprefix("planner.")
        text = record.getMessage()
        if not (text.isascii() and text.isprintable()):
            text = printable(text)
        return f"{before}.{int(record.msecs):03}{behind} {where}: {text}"


@lru_cache(maxsize=1)  # many records share a second
def _second(at: int) -> tuple[str, str]:
    """Format a second in the system's zone: "2026-10-14 09:30:00" and "-04:00"."""
    moment = datetime.fromtimestamp(at, UTC).astimezone().isoformat(" ")
    return moment[:19], moment[19:]


class RunLog(logging.FileHandler):
    """The log of one run, in a file that is created at the first record.

    If the log cannot be written, the run goes on, and `problem` says why.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True)
        self.path, self.problem = path, ""
        self.setFormatter(_Lines())

    def _open(self) -> TextIOWrapper:
        handle = files.open_private(self.path, os.O_WRONLY | os.O_APPEND)
        return os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace")

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; logging itself does not catch an error while opening the file."""
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Keep the reason; a program must not fail because of its log."""
        error = sys.exc_info()[1]
        self.problem = self.problem or getattr(error, "strerror", None) or str(error)


@contextlib.contextmanager
def run_log(database: Path) -> Iterator[RunLog]:
    """Log to a new file, `<database>.send-<date>-<time>-<process>.log`.

    Only the newest KEPT files stay.
    """
    now = datetime.now(UTC).astimezone()
    name = f"{database.name}.send-{now:%Y-%m-%d-%H%M%S}-{os.getpid()}.log"
    handler = RunLog(database.with_name(name))
    with _handling(handler):
        yield handler
    with contextlib.suppress(OSError):
        _remove_old(database)


@contextlib.contextmanager
def on_stderr() -> Iterator[None]:
    """Log to standard error, for --verbose."""
    handler = _OnStderr()
    handler.setFormatter(_Lines())
    with _handling(handler):
        yield


class _OnStderr(logging.StreamHandler[TextIO]):
    """Standard error; if nobody reads it any longer, the work continues."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Ignore the error: nobody reads standard error any longer."""


@contextlib.contextmanager
def _handling(handler: logging.Handler) -> Iterator[None]:
    """Send all records of this program to a handler while the block runs."""
    before = ROOT.level
    ROOT.addHandler(handler)
    ROOT.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        ROOT.removeHandler(handler)
        ROOT.setLevel(before)
        with contextlib.suppress(OSError):  # the disk may be full
            handler.close()


def _remove_old(database: Path) -> None:
    name = re.compile(re.escape(database.name) + DATED)
    logs = sorted(path for path in database.parent.iterdir() if name.fullmatch(path.name))
    for path in logs[:-KEPT]:
        path.unlink()
