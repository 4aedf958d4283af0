"""The subject or the body of a letter as it is read, and what is found in it."""

from __future__ import annotations

from typing import NamedTuple

from planner.rules.lint.names import Squeezed
from planner.rules.lint.spelling import as_read
from planner.rules.wording import flow


class Hit(NamedTuple):
    """The offending words and where they stand."""

    text: str
    place: str


class Span(NamedTuple):
    """A piece of a part, by its flowed text."""

    start: int
    end: int


class Part:
    """The subject or the body, as it is read."""

    def __init__(self, place: str, text: str) -> None:
        self.place = place
        self.flowed = as_read(text)
        self.text = self.flowed.text
        self.low = self.flowed.low
        self.squeezed = Squeezed(self.text)

    def hit(self, start: int, end: int) -> Hit:
        """A hit at a place of the flowed text, with the words as they were written."""
        return self.hit_as_written(*self.flowed.written(start, end))

    def hit_as_written(self, start: int, end: int) -> Hit:
        """A hit at a place of the original."""
        original = self.flowed.original
        line = original.count("\n", 0, start) + 1
        place = f"body, line {line}" if self.place == "body" else self.place
        return Hit(flow(original[start:end]), place)
