"""A text that was rewritten, with a way back to the original."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple


class _Edit(NamedTuple):
    """One replacement: from where to where in the new text, and in the old one."""

    new: int
    new_end: int
    old: int
    old_end: int


class Flowed:
    """A text that is rewritten in steps; each step keeps its way back.

    `spelling.as_read` makes one: of "I will rank\\nyou" the text is "I will rank you", and
    `written(7, 15)` is the place of "rank\\nyou".
    """

    def __init__(self, original: str) -> None:
        """Begin with the original."""
        self.original = original
        self.text = original
        self._steps: list[list[_Edit]] = []
        self._disguises: list[tuple[int, int]] = []

    @cached_property
    def low(self) -> str:
        """The text in small letters, at the same length."""
        return in_small(self.text)

    @cached_property
    def disguised(self) -> tuple[tuple[int, int], ...]:
        """Where in the original a word was spelled so that a search would miss it."""
        return tuple(sorted(set(self._disguises)))

    def written(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of a place in `text`."""
        for edits in reversed(self._steps):
            start, end = _back(edits, start), _back(edits, end, end=True)
        return start, end

    def at(self, offset: int) -> int:
        """The place in `text` of an offset of the original."""
        for edits in self._steps:
            offset = _forth(edits, offset)
        return offset

    def rewrite(
        self,
        pattern: re.Pattern[str],
        spell: Callable[[re.Match[str]], str],
        *,
        disguise: bool = False,
    ) -> None:
        """Replace what `pattern` matches; a `disguise` is remembered as that."""
        edits: list[_Edit] = []
        parts, last, length = [], 0, 0
        for match in pattern.finditer(self.text):
            put = spell(match)
            if put == match[0]:
                continue
            start, end = match.span()
            if disguise:
                self._disguises.append(self.written(start, end))
            parts += [self.text[last:start], put]
            at = length + start - last
            length, last = at + len(put), end
            edits.append(_Edit(at, length, start, end))
        if edits:
            self.text = "".join([*parts, self.text[last:]])
            self._steps.append(edits)

    def note_disguise(self, start: int, end: int) -> None:
        """Remember a disguised word of the original."""
        self._disguises.append((start, end))


def _back(edits: list[_Edit], offset: int, *, end: bool = False) -> int:
    """An offset before a step; inside a replacement its start, or its end."""
    index = bisect_right(edits, offset - end, key=lambda edit: edit.new) - 1
    if index < 0:
        return offset
    edit = edits[index]
    if offset < edit.new_end or (end and offset <= edit.new_end):
        return edit.old_end if end else edit.old
    return offset - edit.new_end + edit.old_end


def _forth(edits: list[_Edit], offset: int) -> int:
    """An offset behind a step; inside a replacement its start."""
    index = bisect_right(edits, offset, key=lambda edit: edit.old) - 1
    if index < 0:
        return offset
    edit = edits[index]
    return edit.new if offset < edit.old_end else offset - edit.old_end + edit.new_end


def in_small(text: str) -> str:
    """A text in small letters, at the same length: some letters would become two."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower()[:1] for c in text)
