"""Programs out of the list: taken out, or joined with another.

Their rows stay, with every letter that left for them, so that they are found by their keys
when a file names them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from planner.store.engine import Transaction
from planner.store.schema import letters, programs, retired
from planner.store.transitions import MoveRefusedError

# A WHERE condition: the program is in the list.
LISTED = programs.c.id.not_in(sa.select(retired.c.program_id))


def list_retired(tx: Transaction) -> Mapping[int, int | None]:
    """Return the programs that are out, each with the one that it was joined with, or None."""
    query = sa.select(retired.c.program_id, retired.c.into_id)
    return {program: into for program, into in tx.execute(query)}


def find_survivor(out: Mapping[int, int | None], program: int) -> int:
    """Follow joins from a program to the one that stands for it now, perhaps itself."""
    while (into := out.get(program)) is not None:
        program = into
    return program


def get_survivor(tx: Transaction, program: int) -> int:
    """`find_survivor`, with the retired programs of the database."""
    return find_survivor(list_retired(tx), program)


def retire(tx: Transaction, program: int, *, at: datetime, into: int | None = None) -> None:
    """Take a program out of the list, or join it `into` another."""
    tx.execute(sa.insert(retired).values(program_id=program, into_id=into, at=at))


def refuse_retired(tx: Transaction, program: int, letter: int) -> None:
    """Raise MoveRefusedError if the letter's program is out of the list: it gets no drafts."""
    query = sa.select(retired.c.into_id).where(retired.c.program_id == program)
    row = tx.execute(query).first()
    if row is None:
        return
    (into,) = row
    what = "was taken off your list" if into is None else f"was merged with #{into}"
    raise MoveRefusedError(
        f"Letter {letter} is for program #{program}, which {what}; it cannot be a draft again.",
        code="retired_program",
        program=program,
        letter=letter,
        into=into,
    )


def reassign(tx: Transaction, letter: int, program: int) -> None:
    """Move a letter to another program."""
    values = {"program_id": program, "token": letters.c.token + 1}
    tx.execute(sa.update(letters).where(letters.c.id == letter).values(values))


def swap(tx: Transaction, one: int, other: int) -> None:
    """Swap the programs of two letters of one occasion."""
    program_of = {
        number: tx.execute(
            sa.select(letters.c.program_id).where(letters.c.id == number)
        ).scalar_one()
        for number in (one, other)
    }
    # A program has only one letter of an occasion, so one of the two moves aside meanwhile.
    aside = sa.update(letters).where(letters.c.id == one).values(season=-letters.c.season)
    tx.execute(aside)
    reassign(tx, other, program_of[one])
    reassign(tx, one, program_of[other])
    tx.execute(aside)


def bring_back(tx: Transaction, program: int) -> None:
    """Put a program that was taken out back into the list."""
    tx.execute(
        sa.delete(retired).where(retired.c.program_id == program, retired.c.into_id.is_(None))
    )
