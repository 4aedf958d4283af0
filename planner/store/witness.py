"""The witness outside the folder: how far a database has come, whatever copy is restored.

A database and its journal are in one folder, and people restore whole folders, and synced
drives roll them back.  So a small file in the user's state folder, one for each database,
says how far that database has come: the generation of its last writing transaction, the last
line of its journal, and the Message-IDs of the letters that left, or may have.  It is only
appended to.

A line is written after each commit without waiting for the disk.  A power cut may lose the
last ones; then the witness knows less than the database, which is no contradiction.  Each line
has a hash of itself and the id of the database, so that neither a damaged line nor the
witness of another database is believed.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2s
from pathlib import Path
from typing import Any

import platformdirs

from planner import files
from planner.errors import StorageError

# Size in bytes from which on the lines are merged into one.
LONG = 64 * 1024
LARGEST = 2**53  # numbers of transactions and lines; a larger one is damage


@dataclass(frozen=True, slots=True)
class Testimony:
    """What a witness says: the generation, the journal's last line, and which letters left.

    `damaged` is how many of its lines cannot be read; `database` is the path of the database
    when the witness was made.  `marked` are the letters whose final dot may have been sent,
    without an answer; `settled`, of one line alone, those that were certainly not delivered.
    `spoken` are the letters of single journal lines, by their numbers.
    """

    generation: int = 0
    line: int = 0
    left: frozenset[str] = frozenset()
    damaged: int = 0
    database: str = ""
    marked: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    spoken: Mapping[int, frozenset[str]] = field(default_factory=dict)


def _folder() -> Path:
    return Path(platformdirs.user_state_dir("planner", appauthor=False))


def open_witness(uid: str) -> Path:
    """Return the path of the witness of the database with this id."""
    return _folder() / f"{uid}.witness"


def hear(uid: str) -> Testimony | None:
    """Read what the witness of a database says; None if there is no witness."""
    try:
        text = open_witness(uid).read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        return Testimony(damaged=1)
    *whole, torn = text.split(b"\n")
    found = [_parsed(uid, line) for line in whole]
    # A line without its end was being written when the power failed, and may be dropped.
    said = [x for x in (*found, _parsed(uid, torn)) if x is not None]
    return Testimony(
        max((x.generation for x in said), default=0),
        max((x.line for x in said), default=0),
        frozenset().union(*(x.left for x in said)),
        found.count(None) + (not said),
        next((x.database for x in said if x.database), ""),
        _still_marked(said),
        spoken={x.line: x.left | x.marked | x.settled for x in said if not x.database},
    )


def _still_marked(said: Iterable[Testimony]) -> frozenset[str]:
    """The letters of which the last word is a mark."""
    marked: frozenset[str] = frozenset()
    for x in said:
        marked = (marked - x.left - x.settled) | x.marked
    return marked


def find(database: Path) -> str:
    """Find the id of a database that was at this path before, if letters left from it or may have.

    Each mark before a final dot has a line in the journal.  Returns "" if no witness knows one.
    """
    for path in sorted(_folder().glob("*.witness")):
        said = hear(path.stem)
        if said and (said.left or said.line) and said.database == str(database.resolve()):
            return path.stem
    return ""


def _parsed(uid: str, line: bytes) -> Testimony | None:
    total, _, text = line.partition(b" ")
    if total.decode("ascii", "replace") != _total(uid, text):
        return None
    try:
        found: Any = json.loads(text)
        generation, number = found["generation"], found["line"]
        left, database = frozenset(map(str, found["left"])), str(found.get("database", ""))
        marked, settled = (frozenset(map(str, found.get(x, ()))) for x in ("marked", "settled"))
        if 0 <= int(generation) < LARGEST and 0 <= int(number) < LARGEST:
            return Testimony(generation, number, left, 0, database, marked, settled)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    return None


def _total(uid: str, text: bytes) -> str:
    return blake2s(uid.encode() + text, digest_size=8).hexdigest()


def _in_text(uid: str, said: Testimony) -> bytes:
    line: dict[str, Any] = {"generation": said.generation, "line": said.line}
    line["left"] = sorted(said.left)
    line |= {name: sorted(ids) for name in ("marked", "settled") if (ids := getattr(said, name))}
    if said.database:
        line["database"] = said.database
    text = json.dumps(line).encode()
    return f"{_total(uid, text)} ".encode() + text + b"\n"


class Witness:
    """The witness of one database, which is told of each commit."""

    def __init__(self, uid: str) -> None:
        self.uid, self.path = uid, open_witness(uid)

    def note(self, said: Testimony) -> None:
        """Add how far the database has come, and which letters left with this commit.

        An error is ignored, because the commit has happened; the database is then ahead of
        its witness, which is no contradiction.
        """
        with contextlib.suppress(OSError), self._opened() as handle:
            before = self._mended(handle)
            files.write_all(handle, before + _in_text(self.uid, said))

    def replace(self, said: Testimony) -> None:
        """Start over from what is known now.  Raises StorageError if it cannot be written."""
        with self._in_words():
            files.make_folder(self.path.parent)
            files.write_private(self.path, _in_text(self.uid, said))

    def prepare(self) -> None:
        """Check that it can be written, and merge its lines if there are many.

        Only for the holder of the sender's lock.  Raises StorageError if it cannot be written.
        """
        with self._in_words(), self._opened() as handle:
            if os.fstat(handle).st_size > LONG and (said := hear(self.uid)) and not said.damaged:
                files.write_private(self.path, _in_text(self.uid, said))

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        """Lock and open the file.  A missing one is not created, so that it is noticed."""
        while True:
            handle = files.open_again(self.path)
            try:
                with files.locked(handle):
                    # It may have been replaced while we waited.
                    if os.path.samestat(os.fstat(handle), self.path.stat()):
                        yield handle
                        return
            finally:
                os.close(handle)

    def _mended(self, handle: int) -> bytes:
        """Remove what a power cut left of a line; returns the bytes to write first."""
        if not files.is_torn(handle):
            return b""
        whole, _, torn = self.path.read_bytes().rpartition(b"\n")
        if _parsed(self.uid, torn):
            return b"\n"
        os.ftruncate(handle, len(whole) + bool(whole))
        return b""

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(
                f"The witness of this database, {self.path}, cannot be written:"
                f" {error.strerror}. It distinguishes the database from an older copy of itself,"
                " so nothing is sent without it.",
                hint="Free some space, fix the permissions of that folder, or name another one"
                " in XDG_STATE_HOME; then run the same command again.",
                code="disk",
            ) from error
