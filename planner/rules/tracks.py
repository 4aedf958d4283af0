"""The track of a position, from its specialty's name or its NRMP code, and its words in letters.

A preliminary year is not the residency of the same name: in a future dermatologist's letter,
"my internal medicine application" would be a mistake.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from planner.rules.facts import Program, Specialty, Track

# The letter in an NRMP code, "1999140P0".  M is a primary-care position; F, R and S are not the
# first year of a residency, and letters have no special name for them.
OF_NRMP = {
    "C": Track.CATEGORICAL,
    "M": Track.CATEGORICAL,
    "P": Track.PRELIMINARY,
    "A": Track.ADVANCED,
}
LETTER_AT = 7
_WORDS = {
    Track.PRELIMINARY: r"pre-?lim(?:inary|s)?",
    Track.ADVANCED: r"advanced|adv",
    Track.JOINT: r"joint",
    Track.CATEGORICAL: r"categorical|cat|primary(?: care)?",
}
_TRACK = re.compile(
    "|".join(rf"(?P<{track.name}>\b(?:{words})\b)" for track, words in _WORDS.items()),
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"\b(?:pgy|year)[ -]?[12]?\b|\b(?:track|position|only|(?:non-?|un)?designated)\b",
    re.IGNORECASE,
)
_EDGES = " -–—/,;:()[]."


class Named(NamedTuple):
    """The name of a specialty without its track, and the track."""

    rest: str
    track: Track | None


def parted(text: str) -> Named:
    """Split a specialty's name from the track beside it.

    >>> parted("Internal Medicine (Preliminary)"), parted("Prelim IM").rest
    (Named(rest='Internal Medicine', track=<Track.PRELIMINARY: 'preliminary'>), 'IM')
    >>> parted("Dermatology PGY-2")
    Named(rest='Dermatology', track=None)
    """
    found = _TRACK.search(text)
    if found is None:
        return Named(_YEAR.sub("", text).strip(_EDGES), None)
    rest = f"{text[: found.start()].rstrip(_EDGES)} {text[found.end() :].lstrip(_EDGES)}"
    return Named(_YEAR.sub("", rest).strip(_EDGES), Track[str(found.lastgroup)])


def of_code(nrmp_code: str) -> Track | None:
    """Return the track in an NRMP code; None if it has none of the known ones.

    >>> of_code("1999140P0")
    <Track.PRELIMINARY: 'preliminary'>
    """
    return OF_NRMP.get(nrmp_code[LETTER_AT : LETTER_AT + 1])


def track_of(program: Program) -> Track | None:
    """Return the track of a program, from its list or else its NRMP code."""
    return program.track or of_code(program.nrmp_code)


@lru_cache(maxsize=256)
def named_for(specialty: Specialty, track: Track | None) -> Specialty:
    """Return a specialty with its name in letters about a position of this track."""
    if track is not Track.PRELIMINARY:
        return specialty
    name = specialty.preliminary_name or f"preliminary {specialty.letter_name}"
    return replace(specialty, letter_name=name)


def apart(specialty: str, track: str | None) -> str:
    """Return a specialty for the name key of a program; other tracks are other programs.

    >>> apart("Internal Medicine", "preliminary"), apart("Internal Medicine", None)
    ('Internal Medicine preliminary', 'Internal Medicine')
    """
    return specialty if track in (None, "", Track.CATEGORICAL) else f"{specialty} {track}"


def called(program: Program) -> str:
    """Name a program with its number and position, to tell it from others of the same name."""
    return f"#{program.id} {program.program} ({position(program)})"


def position(program: Program) -> str:
    """Return the specialty, with the track unless it is categorical or unknown."""
    track = track_of(program)
    plain = track in (None, Track.CATEGORICAL)
    return program.specialty if plain else f"{program.specialty}, {track}"
