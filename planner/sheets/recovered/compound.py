"""Reads streams of a compound file (MS-CFB), the container of an XLS workbook."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

END = 0xFFFFFFFA  # this and larger sector numbers end a chain
ENTRY = 128  # bytes of a directory entry
IN_HEADER = 109  # sector numbers of the table that are in the header


class CompoundFile:
    """A compound file: chains of sectors, which a table of next sectors links."""

    def __init__(self, file: IO[bytes]) -> None:
        self.data = file.read()
        shift, small = struct.unpack_from("<HH", self.data, 30)
        self.size, self.small = 1 << shift, 1 << small
        directory, _, cutoff, first_small = struct.unpack_from("<IIII", self.data, 48)
        self.cutoff = cutoff
        self.next = self._table()
        self.entries = self._chain(directory)
        root_start, root_size = struct.unpack_from("<II", self.entries, 116)
        self.ministream = self._chain(root_start)[:root_size]
        self.next_small = _numbers(self._chain(first_small)) if first_small < END else ()

    def stream(self, *names: str) -> bytes:
        """Return the first stream with one of these names.  Raises LookupError without one."""
        for name in names:
            for at in range(0, len(self.entries) - ENTRY + 1, ENTRY):
                length = struct.unpack_from("<H", self.entries, at + 64)[0]
                called = self.entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
                if called.casefold() == name.casefold():
                    return self._content(*struct.unpack_from("<II", self.entries, at + 116))
        raise LookupError("it has no sheets")

    def _content(self, start: int, size: int) -> bytes:
        if size >= self.cutoff:
            return self._chain(start)[:size]
        small = self.small
        pieces = (
            self.ministream[n * small : (n + 1) * small] for n in _walk(self.next_small, start)
        )
        return b"".join(pieces)[:size]

    def _sector(self, number: int) -> bytes:
        return self.data[(number + 1) * self.size : (number + 2) * self.size]

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _walk(self.next, start)))

    def _table(self) -> tuple[int, ...]:
        """Read the table of next sectors; its own sectors are listed in and after the header."""
        listed = list(struct.unpack_from(f"<{IN_HEADER}I", self.data, 76))
        more, count = struct.unpack_from("<II", self.data, 68)
        for _ in range(min(count, len(self.data) // self.size)):
            if more >= END:
                break
            *numbers, more = _numbers(self._sector(more))
            listed += numbers
        return _numbers(b"".join(self._sector(number) for number in listed if number < END))


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _walk(following: tuple[int, ...], start: int) -> Iterator[int]:
    """Yield the sectors of a chain; a circular one ends, too."""
    for _ in range(len(following)):
        if start >= len(following):
            return
        yield start
        start = following[start]
