"""Programs out of the list: taken out, or joined with another.

Their rows stay, with every letter that left for them, and they are found by their keys when
a file names them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from planner.store.moves import MoveRefusedError, stored
from planner.store.sqlite import sqlite3

# For a WHERE: whether a program is in the list.
LISTED = "id NOT IN (SELECT program_id FROM retired)"


def all_of(db: sqlite3.Connection) -> Mapping[int, int | None]:
    """The programs that are out, each with the one that it was joined with."""
    return dict(db.execute("SELECT program_id, into_id FROM retired"))


def end_of(out: Mapping[int, int | None], program: int) -> int:
    """The program that one became, however often it was joined; itself where it was not."""
    while (into := out.get(program)) is not None:
        program = into
    return program


def survivor(db: sqlite3.Connection, program: int) -> int:
    """`end_of` for all that are out."""
    return end_of(all_of(db), program)


def retire(db: sqlite3.Connection, program: int, *, at: datetime, into: int | None = None) -> None:
    """Take a program out, for good or into another."""
    db.execute(
        "INSERT INTO retired (program_id, into_id, at) VALUES (?, ?, ?)",
        (program, into, stored(at)),
    )


def refuse_retired(db: sqlite3.Connection, program: int, letter: int) -> None:
    """Raise MoveRefusedError for a letter to a program that is out: no draft is made for it."""
    row = db.execute("SELECT into_id FROM retired WHERE program_id = ?", (program,)).fetchone()
    if row is None:
        return
    (into,) = row
    way = f"planner programs remove {program} --undo" if into is None else f"planner plan: #{into}"
    what = "was taken out of your list" if into is None else f"was joined with #{into}"
    raise MoveRefusedError(
        f"Letter {letter} is to program #{program}, which {what}; it cannot be a draft again.",
        hint=f"{way} goes on from there.",
        code="retired_program",
    )


def reassign(db: sqlite3.Connection, letter: int, program: int) -> None:
    """Let a letter count for another program."""
    db.execute(
        "UPDATE letters SET program_id = ?, token = token + 1 WHERE id = ?", (program, letter)
    )


def swap(db: sqlite3.Connection, one: int, other: int) -> None:
    """Let two letters of one occasion change their programs."""
    (mine,), (theirs,) = (
        db.execute("SELECT program_id FROM letters WHERE id = ?", (number,)).fetchone()
        for number in (one, other)
    )
    # A program has one letter of an occasion: one of the two steps aside meanwhile.
    db.execute("UPDATE letters SET season = -season WHERE id = ?", (one,))
    reassign(db, other, mine)
    reassign(db, one, theirs)
    db.execute("UPDATE letters SET season = -season WHERE id = ?", (one,))


def bring_back(db: sqlite3.Connection, program: int) -> None:
    """Put a program back that was taken out."""
    db.execute("DELETE FROM retired WHERE program_id = ? AND into_id IS NULL", (program,))
