"""The witness outside the folder: how far a database has come, whatever is put back.

A database and its journal lie in one folder, and a folder is what people restore and what a
synced drive drags back.  So a small file in the user's state folder, one for each database,
says how far that database has come: the generation of its last writing transaction, the last
line of its journal, and the Message-IDs of the letters that left.  It is only ever added to.

A line is written behind each commit and not waited for: a power cut may lose the last ones,
and then the witness knows less than the database, which is not a contradiction.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from planner import files

# Bytes after which the lines are put together into one.
LONG = 64 * 1024


@dataclass(frozen=True, slots=True)
class Testimony:
    """What a witness says: the generation, the journal's last line, and which letters left.

    `damaged` is how many lines of the witness cannot be read.
    """

    generation: int = 0
    line: int = 0
    left: frozenset[str] = frozenset()
    damaged: int = 0

    def __or__(self, other: Testimony) -> Testimony:
        return Testimony(
            max(self.generation, other.generation),
            max(self.line, other.line),
            self.left | other.left,
            self.damaged + other.damaged,
        )


def witness_of(uid: str) -> Path:
    """The witness of the database with this id."""
    return Path(platformdirs.user_state_dir("planner", appauthor=False)) / f"{uid}.witness"


def hear(witness: Path) -> Testimony | None:
    """What a witness says; None if there is none.

    A last line without its end was being written when the power went, and is not missed.
    """
    try:
        text = witness.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        return Testimony(damaged=1)
    *lines, _torn = text.split(b"\n")
    said = Testimony()
    for line in lines:
        said |= _parsed(line)
    return said


def _parsed(line: bytes) -> Testimony:
    try:
        found: Any = json.loads(line)
        generation, number, left = found["generation"], found["line"], found["left"]
        whole = isinstance(generation, int) and isinstance(number, int)
        if whole and isinstance(left, list) and all(isinstance(x, str) for x in left):
            return Testimony(generation, number, frozenset(left))
    except (ValueError, TypeError, KeyError):
        pass
    return Testimony(damaged=1)


def _in_text(said: Testimony) -> bytes:
    line = {"generation": said.generation, "line": said.line, "left": sorted(said.left)}
    return json.dumps(line).encode() + b"\n"


class Witness:
    """The witness of one database, to be told of each commit.

    That it cannot be written stops nothing: what happened has happened, and the next time
    the database is ahead of its witness, which is not a contradiction.
    """

    def __init__(self, uid: str) -> None:
        self.path = witness_of(uid)

    def note(self, generation: int, line: int, left: Collection[str] = ()) -> None:
        """Say how far the database has come, and which letters left with this step."""
        with contextlib.suppress(OSError):
            files.make_folder(self.path.parent)
            handle = files.open_private(self.path, os.O_RDWR | os.O_APPEND)
            try:
                files.write_all(handle, _in_text(Testimony(generation, line, frozenset(left))))
                long = os.fstat(handle).st_size > LONG
            finally:
                os.close(handle)
            if long and (said := hear(self.path)) and not said.damaged:
                files.write_private(self.path, _in_text(said))

    def replace(self, said: Testimony) -> None:
        """Begin again from what is known now.  Raises OSError."""
        files.make_folder(self.path.parent)
        files.write_private(self.path, _in_text(said))
