"""Finds the specialties that a text names: a title, or the name of a program or a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from planner.rules.facts import Specialty
from planner.rules.specialties import Specialties, fold

# Names of specialties that are also common in names of hospitals, schools and people.
_COMMON = frozenset(
    str.split(
        "medicine surgery emergency vascular thoracic transitional radiology pediatric pediatrics"
        " orthopedic orthopaedic orthopedics orthopaedics pathology path anes"
    )
)
# These count only in capitals; other names of up to three letters never count.
_SHORT = frozenset(str.split("im fm em ty obgyn ent pmandr pmr ohns nsgy onmm apandcp"))
_GAP = re.compile(r"[\s,;:()\[\]|!?.–—_]+")
# `fold` for a whole ASCII text in small letters, whose words stay apart.
_FOLDED: dict[int, str | None] = {code: None for code in range(33, 127) if not chr(code).isalnum()}
_FOLDED |= {ord(mark): " " for mark in ",;:()[]|!?._/+-"} | {ord("&"): "and"}
_PARTED = re.compile(r"[/+-]")
SPREAD = 2  # words that a name may gain if its parts are apart: "Med / Peds"


class Mentions:
    """Finds specialties in texts."""

    def __init__(self, specialties: Specialties) -> None:
        self._by_name: dict[str, Specialty] = {}
        # The most words of any name, by its first word.
        self._longest: dict[str, int] = {}
        # How each name begins: a name as one word, or its first two words.
        self._whole: set[str] = set()
        self._begun: set[tuple[str, str]] = set()
        for name in (name for s in specialties.all for name in (s.name, *s.aliases)):
            bare, words = fold(name), _GAP.split(name)
            found = specialties.named(name)
            if found is not None and bare not in _COMMON and (len(bare) > 3 or bare in _SHORT):
                self._by_name[bare] = found
                self._whole.add(bare)
                self._begun.update(list(pairwise(_words(name)))[:1])
                for first in {fold(words[0]), fold(_PARTED.split(words[0])[0])}:
                    self._longest[first] = max(self._longest.get(first, 0), len(words) + SPREAD)

    def of(self, text: str) -> tuple[Specialty, ...]:
        """Return each specialty that a text names, in order; a longer name wins over its parts.

        >>> from planner.rules.specialties import shipped
        >>> found = Mentions(shipped())
        >>> [s.name for s in found.of("FM (backup), then Internal Medicine/Psychiatry")]
        ['Family Medicine', 'Internal Medicine/Psychiatry']
        >>> found.of("Emergency Hospital, Dr. Im")
        ()
        """
        if text.isascii() and not self._may_name(text):
            return ()  # most texts name none
        return tuple(dict.fromkeys(self._named([word for word in _GAP.split(text) if word])))

    def _may_name(self, text: str) -> bool:
        """Whether an ASCII text has the beginning of a name: quicker than to seek the name."""
        words = _words(text)
        return not (self._whole.isdisjoint(words) and self._begun.isdisjoint(pairwise(words)))

    def _named(self, words: list[str]) -> Iterator[Specialty]:
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + self._most_from(words[at])), at, -1):
                text = " ".join(words[at:end])
                found = self._by_name.get(fold(text))
                if found is not None and (text.isupper() or fold(text) not in _SHORT):
                    yield found
                    at = end
                    break
            else:
                if not words[at].isalnum():  # most are, and have no parts
                    parts = [part for part in _PARTED.split(words[at]) if part]
                    if len(parts) > 1:
                        yield from self._named(parts)
                at += 1

    def _most_from(self, word: str) -> int:
        """Return the most words of any name that begins with a word; 0 if none does."""
        return self._longest.get(fold(word), 0)


def _words(text: str) -> list[str]:
    """Return the words of a text, each as `fold` makes it."""
    return text.lower().translate(_FOLDED).split()


def akin(one: Specialty, other: Specialty) -> bool:
    """Whether two specialties are equal or share a part, as pediatrics and medicine-pediatrics."""
    return not _parts(one).isdisjoint(_parts(other))


def _parts(specialty: Specialty) -> frozenset[str]:
    return frozenset(map(fold, re.split(r"[/()-]", specialty.name)))
