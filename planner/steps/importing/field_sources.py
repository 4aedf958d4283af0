"""Remembers which row of an import gave which field of which program, in flat arrays.

In arrays, each row takes 32 bytes; as an object, it would take ten times that.  A row that
gives no new field of its program is not kept, so a lookup is as quick for a program with ten
thousand rows as for one with a single row.
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterator

FILE_SHIFT = 40  # a place has a line in its lower bits, and above them the number of its file


class FieldSources:
    """A linked list of rows for each program: place, fields given, previous row.

    A place is (number of the file, line).  Each row has the set of all fields that it and the
    rows before it gave; there are few different sets, so each is stored once, as a mask.
    """

    def __init__(self) -> None:
        self._newest = array("q")  # by program id: its newest row here, from 1; 0 for none
        self._places = array("q", [0])
        self._sets = array("l", [0])
        self._before = array("q", [0])
        self._masks: list[int] = [0]
        self._numbers: dict[int, int] = {0: 0}  # by mask: its index in `_masks`
        self._named: dict[tuple[str, ...], int] = {}  # by names: their mask
        self._bits: dict[str, int] = {}

    def note(self, program: int, names: tuple[str, ...], file: int, line: int) -> None:
        """Remember that a row gave these fields of a program."""
        newest = self._newest
        if program >= len(newest):
            newest.frombytes(bytes(newest.itemsize * (program + 1 - len(newest))))
        mask = self._named.get(names)
        if mask is None:
            mask = self._named[names] = self._mask(names)
        before = newest[program]
        given = self._masks[self._sets[before]]
        if before and not mask & ~given and self._places[before] >> FILE_SHIFT == file:
            return
        self._places.append(file << FILE_SHIFT | line)
        self._sets.append(self._number(mask | given))
        self._before.append(before)
        newest[program] = len(self._places) - 1

    def knows(self, program: int) -> bool:
        """Whether any row was about the program."""
        return program < len(self._newest) and self._newest[program] > 0

    def programs(self, files: Container[int] | None = None) -> Iterator[int]:
        """Yield the ids of programs that have rows, in these files or in any."""
        places, before = self._places, self._before
        for program, at in enumerate(self._newest):
            while at and files is not None and places[at] >> FILE_SHIFT not in files:
                at = before[at]
            if at:
                yield program

    def first_place(self, program: int) -> tuple[int, int]:
        """Return the place of the first row about the program."""
        return [self._place(at) for at in self._rows(program)][-1]

    def files(self, program: int) -> set[int]:
        """Return the numbers of the files that have rows about the program."""
        return {self._place(at)[0] for at in self._rows(program)}

    def place(self, program: int, name: str) -> tuple[int, int] | None:
        """Return the place of the first row that gave a field; None if no row did."""
        gave = [at for at in self._rows(program) if self.has(self._masks[self._sets[at]], name)]
        return self._place(gave[-1]) if gave else None

    def given(self, program: int) -> int:
        """Return a mask of the fields that rows gave for a program, to be read by `has`."""
        return self._masks[self._sets[self._newest[program]]] if self.knows(program) else 0

    def has(self, mask: int, name: str) -> bool:
        """Whether a field is in a mask."""
        return bool(mask & self._bits.get(name, 0))

    def _rows(self, program: int) -> Iterator[int]:
        """Yield the rows that gave something new for a program, newest first."""
        at = self._newest[program] if self.knows(program) else 0
        while at:
            yield at
            at = self._before[at]

    def _place(self, at: int) -> tuple[int, int]:
        place = self._places[at]
        return place >> FILE_SHIFT, place & ((1 << FILE_SHIFT) - 1)

    def _mask(self, names: tuple[str, ...]) -> int:
        """Make the mask of a new set of names."""
        mask = 0
        for name in names:
            mask |= self._bits.setdefault(name, 1 << len(self._bits))
        return mask

    def _number(self, mask: int) -> int:
        """Return the index of a mask in `_masks`, adding it if it is new."""
        number = self._numbers.get(mask)
        if number is None:
            number = self._numbers[mask] = len(self._masks)
            self._masks.append(mask)
        return number
