"""What the checks look at: a letter with its program, and everything around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from planner.rules.facts import LetterKind, Program
from planner.rules.specialties import Specialties
from planner.rules.targeting import Case


@dataclass(frozen=True, slots=True)
class Hit:
    """The offending words and where they stand."""

    text: str
    place: str


@dataclass(frozen=True)
class Page:
    """One letter as its reader will see it."""

    kind: LetterKind
    subject: str
    body: str
    to: tuple[str, ...]
    case: Case

    @property
    def program(self) -> Program:
        """The program that the letter goes to."""
        return self.case.program

    @cached_property
    def above_closing(self) -> str:
        """The body up to the closing ("Sincerely" and the like)."""
        found = re.search(
            r"^(sincerely|best regards|kind regards|regards|respectfully|with thanks|best)\b.{0,20}$",
            self.body,
            re.IGNORECASE | re.MULTILINE,
        )
        return self.body[: found.start()] if found else self.body

    @cached_property
    def message(self) -> str:
        """The paragraphs between salutation and closing."""
        _, _, rest = self.above_closing.partition("\n")
        return rest if self.above_closing.startswith("Dear") else self.above_closing

    def hits(self, pattern: re.Pattern[str]) -> Iterator[Hit]:
        """Every match in subject and body."""
        for match in pattern.finditer(self.subject):
            yield Hit(match[0], "subject")
        yield from self.body_hits(pattern)

    def body_hits(self, pattern: re.Pattern[str], text: str | None = None) -> Iterator[Hit]:
        """Every match in the body, or in `text`, which must begin as the body does."""
        for match in pattern.finditer(self.body if text is None else text):
            yield Hit(match[0], self.place(match.start()))

    def place(self, offset: int) -> str:
        """Where an offset of the body is, as a person counts."""
        return f"body, line {self.body.count(chr(10), 0, offset) + 1}"


@dataclass(frozen=True)
class Campaign:
    """All programs of the list, and the letters that call one a first choice."""

    programs: Sequence[Program]
    specialties: Specialties
    first_choices: frozenset[int] = frozenset()


@lru_cache(maxsize=10_000)
def whole_words(text: str) -> re.Pattern[str]:
    """A pattern for `text` as whole words, whatever the case and the spaces between."""
    inner = r"\s+".join(re.escape(word) for word in text.split())
    return re.compile(rf"(?<!\w){inner}(?!\w)", re.IGNORECASE)


def masked(text: str, *parts: str) -> str:
    """`text` with every occurrence of the parts blanked out, at the same length."""
    for part in sorted(filter(None, parts), key=len, reverse=True):
        text = whole_words(part).sub(lambda m: "\x00" * len(m[0]), text)
    return text
