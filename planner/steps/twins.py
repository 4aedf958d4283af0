"""New programs that are probably known ones under another name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planner.rules.facts import Program
from planner.rules.identity import Kin

MOST = 20_000  # programs that are compared; more are not one person's list


class Twin(NamedTuple):
    """A new program, the known one that it resembles, and what they share."""

    known: Program
    fresh: Program
    shared: str


def find_twins(everything: Sequence[Program], *, known_until: int) -> Iterator[Twin]:
    """The twins among programs, by the number of the new one; `everything` is in that order.

    Programs up to `known_until` were there before; a new one may be the twin of another.
    """
    by_id = {program.id: program for program in everything}
    kin = Kin()
    for program in everything:
        if program.id > known_until:
            for number, shared in kin.of(program)[:1]:
                yield Twin(by_id[number], program, shared)
        kin.add(program)
