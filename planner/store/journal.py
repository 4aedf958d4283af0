"""The journal next to the database (`<database>.sent`): what may have left, whatever happens.

It is append-only: one JSON line for each mark before a final dot, with the whole letter, and
one for each outcome.  It begins with the id of its database.  Every line has a number and a
link, a hash of the line and the link before it.  The database stores both for the last line,
in the transaction that the line describes, and `lineage.py` compares them.  Only the holder
of the sender's lock appends.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2s
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self

from planner import files, system
from planner.errors import StorageError
from planner.rules.states import DELIVERED

Line = Mapping[str, Any]
# Bytes to search for the last line of a journal; by far more than a usual line has.
TAIL = 256 * 1024
LARGEST = 2**53  # numbers of lines; a larger one is damage


def open_journal(database: Path) -> Path:
    """Return the path of the journal of a database file."""
    real = database.resolve()  # two names of one file have one journal
    return real.with_name(f"{real.name}.sent")


class Tail(NamedTuple):
    """How a journal begins and ends: whose it is, and its last line's number and link.

    `uid` is empty for an early journal, which did not name its database; `start` is the
    number of the line before its first.
    """

    uid: str = ""
    number: int = 0
    link: str = ""
    start: int = 0


def read_tail(journal: Path) -> Tail:
    """Read how a journal begins and ends.  Raises StorageError if it cannot be read."""
    with _opened(journal) as file:
        head = _parsed(file.readline()) or {}
        uid = str(head.get("uid", ""))
        start = head["n"] if uid else 0
        end, tail = file.seek(0, os.SEEK_END), TAIL
        while True:
            file.seek(max(0, end - tail))
            lines = (_parsed(line) for line in reversed(file.read().split(b"\n")))
            if found := next((line for line in lines if line is not None), None):
                return Tail(uid, found["n"], str(found.get("link", "")), start)
            if tail >= end:
                return Tail(uid, start=start)
            tail *= 16  # the last line is longer than that


def chained(link: str, lines: Iterable[str]) -> str:
    """Return the link of the last of `lines`, which follow a line with this link.

    Each link is a hash of the line and the link before it, so a line that is removed,
    changed or inserted contradicts every later one.
    """
    for line in lines:
        link = blake2s(f"{link}{line}".encode(), digest_size=8).hexdigest()
    return link


@contextlib.contextmanager
def _opened(journal: Path) -> Iterator[BinaryIO]:
    """Open the journal for reading, as an empty one if there is none.  Raises StorageError."""
    try:
        file: BinaryIO = journal.open("rb")
    except FileNotFoundError:
        file = io.BytesIO()
    except OSError as error:
        raise unusable(journal, error, "read") from error
    with file:
        yield file


def unusable(journal: Path, error: OSError, what: str) -> StorageError:
    """Say that the journal cannot be `what`: "read" or "written"."""
    return StorageError(
        f"The journal next to the database, {journal}, cannot be {what}: {error.strerror}.",
        hint="Free some space or fix the file's permissions, then run the same command again.",
        code="disk",
    )


def read(journal: Path) -> Iterator[Line | None]:
    """Yield every line in order; None for a torn or damaged one."""
    with _opened(journal) as file:
        for line in file:
            if line.strip():
                yield _parsed(line)


def in_text(line: Line) -> str:
    """Return a line as text, without its number and link."""
    return json.dumps(line)


def in_utc(at: datetime) -> str:
    """Format a moment for the journal.

    >>> in_utc(datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    '2026-11-03 09:30:00.000000'
    """
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def moment(text: str) -> datetime:
    """Parse a moment of the journal, as an aware one in UTC.  Raises ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def linked(line: str, number: int, link: str) -> str:
    """Put the number and the link in front of a line made by `in_text`."""
    return f'{{"n": {number}, "link": "{link}", {line[1:]}'


_FRONT = re.compile(r'\{"n": \d+, "link": "\w*", ')


def unlinked(line: str) -> str:
    """Remove what `linked` put in front of a line; returns "" for a line without it."""
    front = _FRONT.match(line)
    return "{" + line[front.end() :] if front else ""


def read_checked(journal: Path) -> Iterator[tuple[Line | None, bool]]:
    """Yield every line as `read` does, and whether it follows from the line before.

    Lines without a link come from early journals, and stand before all others.
    """
    before, number = "", None
    with _opened(journal) as file:
        for raw in file:
            if not raw.strip():
                continue
            line = _parsed(raw)
            if line is None or "uid" in line:
                number = line["n"] if line else number
                yield line, True
                continue
            text = unlinked(raw.decode("utf-8", "replace").rstrip("\n"))
            link = str(line.get("link", ""))
            follows = number is None or line["n"] == number + 1
            right = link == chained(before, [text]) if text else not before
            yield line, follows and right
            before, number = link, line["n"]


def _parsed(line: bytes) -> Line | None:
    try:
        found = json.loads(line)
        return found if isinstance(found["n"], int) and 0 <= found["n"] < LARGEST else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


class Reading(NamedTuple):
    """What a whole journal says: the Message-IDs of letters that left, and where it breaks.

    `broken` is the number of the first line that does not follow from the one before, or 0;
    `spoken` has the Message-ID of each line.
    """

    gone: set[str]
    broken: int
    spoken: Mapping[int, str]


def look_through(journal: Path) -> Reading:
    """Read which letters were sent or exported, and whether a line is missing."""
    gone, broken, spoken = set(), 0, {}
    for line, follows in read_checked(journal):
        if line is None:
            continue
        if str(line.get("state")) in DELIVERED:
            gone.add(str(line.get("message_id")))
        if not follows:
            broken = broken or line["n"]
        if "uid" not in line:
            spoken[line["n"]] = str(line.get("message_id"))
    return Reading(gone, broken, spoken)


class Journal:
    """The journal, open for appending; `unwritten` lines failed and go with the next ones."""

    def __init__(self, database: Path, uid: str) -> None:
        self._path, self._uid = open_journal(database), uid
        self._handle = -1
        self.unwritten: list[str] = []

    def __enter__(self) -> Self:
        """Open or create it, for its owner only.  Raises StorageError."""
        try:
            self._handle = files.open_private(self._path, os.O_RDWR | os.O_APPEND)
            try:
                self._begin()
            except OSError:
                os.close(self._handle)
                raise
        except OSError as error:
            raise unusable(self._path, error, "written") from error
        return self

    def _begin(self) -> None:
        """Write the head of a new journal, and make sure that it survives a power cut."""
        if os.fstat(self._handle).st_size == 0:
            try:
                files.write_all(self._handle, head(self._uid, 0).encode() + b"\n")
                system.sync(self._handle)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._handle, 0)
                raise
        system.sync_folder(self._path.parent)  # so that its name survives a power cut

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def append(self, lines: Sequence[str]) -> None:
        """Write lines made by `linked`, and wait until they are on the disk.

        Raises StorageError if they cannot be written; then they go with the next ones, and
        the file ends as it did before.
        """
        self.unwritten += lines
        if not self.unwritten:
            return
        size = os.fstat(self._handle).st_size
        torn = files.is_torn(self._handle)
        data = "".join(f"{line}\n" for line in self.unwritten).encode()
        try:
            files.write_all(self._handle, b"\n" * torn + data)
            system.sync(self._handle)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, size)
            raise unusable(self._path, error, "written") from error
        self.unwritten.clear()


def head(uid: str, number: int) -> str:
    """Return a journal's first line: its database, and the number of the line before its own."""
    return json.dumps({"n": number, "uid": uid})
