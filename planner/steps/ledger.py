"""Which row of an import gave which field of which program, flat in memory.

A million programs are a million small things to remember; in arrays they take 32 bytes
each, as objects ten times that.
"""

from __future__ import annotations

from array import array

BITS = 62  # of a mask; names beyond them share the last one
REMEMBERED = 10_000  # sets of names whose mask is kept at hand
FILE_SHIFT = 40  # a place is a line, and above these bits the number of its file


class Ledger:
    """Rows as a linked list for each program: its place, the fields it gave, the one before.

    A place is (number of the file, line).
    """

    def __init__(self) -> None:
        self._newest = array("q")  # by program id: its newest row here, from 1; 0 for none
        self._places = array("q", [0])
        self._masks = array("q", [0])
        self._before = array("q", [0])
        self._bits: dict[str, int] = {}
        self._seen: dict[tuple[str, ...], int] = {}

    def note(self, program: int, names: tuple[str, ...], file: int, line: int) -> None:
        """Remember that a row gave these fields of a program."""
        newest = self._newest
        if program >= len(newest):
            newest.frombytes(bytes(newest.itemsize * (program + 1 - len(newest))))
        self._places.append(file << FILE_SHIFT | line)
        self._masks.append(self._mask(names))
        self._before.append(newest[program])
        newest[program] = len(self._places) - 1

    def knows(self, program: int) -> bool:
        """Whether any row spoke of the program."""
        return program < len(self._newest) and self._newest[program] > 0

    def first_place(self, program: int) -> tuple[int, int]:
        """The first row that spoke of the program."""
        at = self._newest[program]
        while self._before[at]:
            at = self._before[at]
        return self._place(at)

    def place(self, program: int, name: str) -> tuple[int, int] | None:
        """The row that gave a field first; None where none has."""
        bit, found = self._bit(name), None
        at = self._newest[program]
        while at:
            if self._masks[at] & bit:
                found = self._place(at)
            at = self._before[at]
        return found

    def given(self, program: int) -> int:
        """A mask of the fields that rows gave of a program; `has` reads it."""
        mask, at = 0, self._newest[program] if self.knows(program) else 0
        while at:
            mask |= self._masks[at]
            at = self._before[at]
        return mask

    def has(self, mask: int, name: str) -> bool:
        """Whether a field is in a mask."""
        return bool(mask & self._bit(name))

    def _place(self, at: int) -> tuple[int, int]:
        place = self._places[at]
        return place >> FILE_SHIFT, place & ((1 << FILE_SHIFT) - 1)

    def _bit(self, name: str) -> int:
        bit = self._bits.get(name)
        if bit is None:
            bit = self._bits[name] = 1 << min(len(self._bits), BITS - 1)
        return bit

    def _mask(self, names: tuple[str, ...]) -> int:
        mask = self._seen.get(names)
        if mask is None:
            mask = 0
            for name in names:
                mask |= self._bit(name)
            if len(self._seen) < REMEMBERED:
                self._seen[names] = mask
        return mask
