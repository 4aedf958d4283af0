"""Names, and where a text says them: of programs, institutions, people and cities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from planner.rules.lint.spelling import as_read
from planner.rules.lint.words import words
from planner.rules.specialties import shipped

_TOKEN = re.compile(r"[^\W_]+")
_FIRST_PART = re.compile(r"\s*(?:[(/|;]|,\s| [-–—] ).*", re.DOTALL)
_BROKEN = re.compile(r"[^\W_]{4,}[.!?]\s|\n|[^\w\s'.,&/()-]|\W{4,}")
# Behind these a name is that of a landscape or its people: "the Blue Ridge mountains".
_LANDSCAPE = re.compile(
    r"[,]? (?:mountains?|region|regions|plains?|river|valley|lakes?|basin|coast|coastline|states?"
    r"|parkway|reservations?|tribes?|tribal|nations?|country|counties|county|area|desert|skies|sky"
    r"|watershed|peninsula|foothills)\b"
)
# Before or behind a single word, these say that a place to work is meant: "at Rush", "Rush's".
_WORK_BEFORE = re.compile(
    r"\b(?:at|from|to|of|with|join|joining|attend|choose|choosing|love|like|prefer|than|by)\s$",
    re.IGNORECASE,
)
_WORK_BEHIND = re.compile(
    r"(?:'s)? (?:residents?|residency|program|graduates|alumni|faculty|team|family|community"
    r"|hospital|clinic|interns?|university|health|medical|is|has|would|can)\b|'s\b"
)


class Squeezed:
    """A text without blanks and marks: "O'Malley-Stein", "OMalley Stein" are one name here."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words = [m.span() for m in _TOKEN.finditer(text)]
        self.letters = key_of(text)

    @cached_property
    def _ends(self) -> list[int]:
        """Behind which letter each word ends, counted without what lies between."""
        return list(accumulate(end - start for start, end in self._words))

    @cached_property
    def _starts(self) -> dict[int, int]:
        """The letters that begin a word, by their number, with the word's."""
        return {
            end - (b - a): n
            for n, (end, (a, b)) in enumerate(zip(self._ends, self._words, strict=True))
        }

    @cached_property
    def _last(self) -> dict[int, int]:
        return {end: n for n, end in enumerate(self._ends)}

    def spans(self, key: str) -> Iterator[tuple[int, int]]:
        """Where a name stands, in whole words of one sentence."""
        at = self.letters.find(key) if key else -1
        while at >= 0:
            first, last = self._starts.get(at), self._last.get(at + len(key))
            if first is not None and last is not None:
                start, end = self._words[first][0], self._words[last][1]
                if not _BROKEN.search(self.text, start, end):
                    yield start, end
            at = self.letters.find(key, at + 1)


def key_of(text: str) -> str:
    """A text's letters and digits alone, small: what names are sought by."""
    return "".join(_TOKEN.findall(text)).lower()


@lru_cache(maxsize=10_000)
def spelled(name: str) -> str:
    """A name as letters are searched for it."""
    return " ".join(as_read(name).text.split())


class Form(NamedTuple):
    """One way of saying a name; `derived` from a longer one."""

    key: str
    words: tuple[str, ...]
    derived: bool

    @property
    def alone(self) -> bool:
        """A single word, which may be an ordinary one."""
        return len(self.words) == 1


@lru_cache(maxsize=10_000)
def forms(name: str, cities: frozenset[str]) -> tuple[Form, ...]:
    """A name, and what people call it, longest first.

    "The Henry Ford Hospital / Internal Medicine" is "Henry Ford Hospital" and "Henry Ford", too;
    of "Boston Medical Center" nothing may be left out, for Boston is a place (as the keys of
    `cities` are).
    """
    whole = spelled(name)
    found: dict[str, Form] = {}
    for text in (whole, _FIRST_PART.sub("", whole)):
        left = text.split()
        while left[:1] and left[0].lower() == "the":
            del left[0]
        while left:
            said, derived = " ".join(left), len(found) > 0
            key = key_of(said)
            if distinctive(said) and not (derived and (key in words("places") or key in cities)):
                found.setdefault(key, Form(key, tuple(_TOKEN.findall(said.lower())), derived))
            last = left[-1].lower()
            if not (set(_TOKEN.findall(last)) <= _tail() or (last == "county" and len(left) > 2)):
                break
            del left[-1]
    return tuple(found.values())


@lru_cache(maxsize=1)
def _tail() -> frozenset[str]:
    """The words that a name may lack at its end: the common ones, and those of specialties."""
    named = {word for s in shipped().all for word in _TOKEN.findall(s.name.lower())}
    return (words("common") - words("kept")) | named


def is_meant(form: Form, text: str, start: int, end: int) -> bool:
    """Whether the words of a name mean it here: "Rush" does, "rush" and "Blue Ridge mountains" do not."""
    written = text[start:end]
    if _LANDSCAPE.match(text, end):
        return False
    if not form.alone:
        return written[0].isupper() or not written.islower() or not form.derived
    if not written[0].isupper():
        return False
    near = _WORK_BEFORE.search(text[max(0, start - 12) : start])
    return not form.derived or bool(near or _WORK_BEHIND.match(text, end))


def distinctive(name: str) -> bool:
    """Whether a name points at one place: something is left beyond the common words."""
    left = "".join(word for word in _TOKEN.findall(name) if word.lower() not in words("common"))
    # "UF Health" is a place; "VA Hospital" may be any.
    return len(left) >= 4 or (len(left) >= 2 and left.isupper() and left not in {"VA", "US"})
