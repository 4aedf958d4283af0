"""Phrases that a letter may not hold, as data: phrases.toml, read once, compiled when needed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from planner.rules.clues import clues_of

_PIECE = re.compile(r"\{([a-z_]+)\}")
_LETTERS = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class Way:
    """One pattern of a phrase, and texts of which one stands in all that it matches."""

    source: str
    clues: frozenset[str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern; most letters never need most of them."""
        return re.compile(self.source)

    def spans(self, text: str, present: Collection[str]) -> Iterator[tuple[int, int]]:
        """Where it is in a text that holds the clues `present`."""
        if not self.clues or not self.clues.isdisjoint(present):
            yield from (match.span() for match in self.pattern.finditer(text))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One kind of saying something, in several ways.

    `own`: sought in the applicant's own words only, each of them from its start (^) to its
    end ($).  `as_written`: capitals count; else the patterns are in small letters.
    """

    code: str
    ways: tuple[Way, ...]
    own: bool
    as_written: bool
    hits: tuple[str, ...]
    near: tuple[str, ...]


@lru_cache(maxsize=1)
def all_phrases() -> tuple[Phrase, ...]:
    """Every phrase of the file, in its order."""
    raw = _raw()
    return tuple(_phrase(table, raw["pieces"]) for table in raw["phrase"])


@lru_cache(maxsize=1)
def _raw() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))


def _phrase(table: Mapping[str, Any], pieces: Mapping[str, str]) -> Phrase:
    bare = table.get("bare", False)
    return Phrase(
        code=table["code"],
        ways=tuple(_way(find, pieces, bare=bare) for find in table["find"]),
        own=table.get("own", False),
        as_written=table.get("as_written", False),
        hits=tuple(table["hits"]),
        near=tuple(table["near"]),
    )


def _way(find: str, pieces: Mapping[str, str], *, bare: bool) -> Way:
    while _PIECE.search(find):  # a piece may be made of others
        find = _PIECE.sub(lambda match: f"(?:{pieces[match[1]]})", find)
    return Way(find if bare else rf"(?<!\w)(?:{find})(?!\w)", clues_of(find))


@lru_cache(maxsize=1)
def _by_code() -> Mapping[str, Sequence[Phrase]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in all_phrases():
        found.setdefault(phrase.code, []).append(phrase)
    return found


def phrases(code: str) -> Sequence[Phrase]:
    """The phrases of a code."""
    return _by_code()[code]


@lru_cache(maxsize=1)
def words_sought() -> frozenset[str]:
    """The words of all patterns: what somebody may want to spell so that it is not found."""
    raw = _raw()
    patterns = [*raw["pieces"].values(), *(f for table in raw["phrase"] for f in table["find"])]
    return frozenset(word for pattern in patterns for word in _LETTERS.findall(pattern))


@lru_cache(maxsize=2)
def _all_clues(*, own: bool) -> tuple[str, ...]:
    ways = (way for phrase in all_phrases() if phrase.own is own for way in phrase.ways)
    return tuple({clue for way in ways for clue in way.clues})


def clues_in(low: str, *, own: bool = False) -> frozenset[str]:
    """The clues that a text in small letters holds, of the phrases for `own` words or any."""
    return frozenset(clue for clue in _all_clues(own=own) if clue in low)
