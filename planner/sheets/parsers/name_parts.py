"""Splits one name into its first and last part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from planner.rules.names import (
    INSIDE,
    NAMES_TOO,
    NO_NAMES,
    PARTICLES,
    fold_name,
    is_name_word,
    is_placeholder,
)
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.name_ways import in_two_ways
from planner.sheets.parsers.name_words import in_mixed_case, is_shouted


class Person(NamedTuple):
    """What a cell says about a person; without a last name, it names nobody.

    `whole` has all parts of the name, including middle names; `notes` are remarks (code,
    text); `address` is an email address beside the name; `remark`: the cell says more than a
    name, and is worth keeping.
    """

    first: str = ""
    last: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    address: str = ""
    remark: bool = False
    whole: str = ""


def no_name(word: str = "") -> BadCellError:
    """Return the error for a cell that holds no name; `word` is what no name has."""
    found = f'; "{word}" is not part of one' if word else ""
    return BadCellError(
        "bad_name", f"expected the name of a person: letters, spaces, hyphens, apostrophes{found}"
    )


def named(pieces: Sequence[list[str]], *, remark: bool, last_alone: bool) -> Person:
    """Make a person from the words before and after the first comma.

    `last_alone`: a name of two words may be a last name with its particle.  Raises
    BadCellError if the words are not a name.
    """
    pieces = _without_placeholders(pieces)
    words = [word for piece in pieces for word in piece]
    if not words or any(fold_name(word) in NO_NAMES for word in words):
        return Person(remark=True)
    if strange := next((word for word in words if not is_name_word(word)), ""):
        raise no_name(strange)
    _refuse_unknown_degree(words)
    pieces, notes = in_mixed_case(pieces)
    first, last, odd = _parted(pieces, last_alone)
    if odd:
        notes = (*notes, ("surname_first", f"taken as {last}, followed by the initial"))
    elif len(pieces) == 1 and (guess := in_two_ways(pieces[0], titled=last_alone)) is not None:
        first, last, why = guess
        message = f'{why}; the letter will say "Dear Dr. {last}"'
        notes = (*notes, ("ambiguous_name", message)) if why else notes
    if is_placeholder(last):
        message = f'"{last}" may mean that the name is missing; no letter greets by it'
        notes = (*notes, ("ambiguous_name", message))
    if len(last.strip(".")) == 1 and last.isascii() and last not in _OF_ONE_LETTER:
        raise BadCellError("bad_name", f"expected the whole last name; {last} is an initial")
    if _INITIALS.fullmatch(last):
        return Person(remark=True)
    whole = " ".join(word for piece in reversed(pieces) for word in piece)
    return Person(first, last, notes, remark=remark, whole=whole)


def _without_placeholders(pieces: Sequence[list[str]]) -> list[list[str]]:
    """Leave out words for a missing name, unless they can be one: "Nan Lee", but "nan Lee" is Lee.

    Returns nothing if there is no other word, or if the last name is missing.
    """
    words = [word for piece in pieces for word in piece]
    unknown = [word for word in words if is_placeholder(word)]
    if len(unknown) == len(words) or not all(fold_name(word) in NAMES_TOO for word in unknown):
        return []
    last = pieces[0][-1] if pieces[0] else ""
    missing = [word for word in unknown if not word.istitle() and not "".join(words).isupper()]
    if last in missing or (last in unknown and not last.istitle()):
        return []
    return [kept for piece in pieces if (kept := [w for w in piece if w not in missing])]


def _refuse_unknown_degree(words: Sequence[str]) -> None:
    """Raise BadCellError if capitals after a name may be a degree or the last name."""
    *before, last = words
    in_capitals = any(map(is_shouted, before)) or all(map(str.isupper, before))
    unknown = (
        is_shouted(last)
        if len(before) > 1
        else len(last) == 2 and last.isalpha() and last.isupper()
    )
    if before and unknown and not in_capitals:
        raise BadCellError("bad_name", f"expected a name; is {last} a name or a degree?")


_INITIALS = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?")
_OF_ONE_LETTER = frozenset("OEU")
# Capitalized words that are hardly ever a first name.
_LAST_NAMES_BEGIN = frozenset(str.split("St. St Saint De Del Della Dos Du El Von Mac San Santa"))


def _parted(pieces: Sequence[list[str]], last_alone: bool) -> tuple[str, str, bool]:
    """Return (first, last, whether it is a last name followed by an initial)."""
    if len(pieces) > 1:
        return " ".join(pieces[1]), " ".join(pieces[0]), False
    (words,) = pieces
    if len(words) == 1 or words[0] in PARTICLES or words[0] in _LAST_NAMES_BEGIN:
        return "", " ".join(words), False
    if last_alone and words[0].casefold() in PARTICLES:
        return "", " ".join(words), False
    if len(words) > 1 and _ends_small(words[0]):
        return "", " ".join(words), False
    if len(words) == 2:
        first, last = words
        if len(last.strip(".")) == 1 and len(first.strip(".")) > 1:
            return "", first, True
        return first, last, False
    return (*_split(words), False)


def _split(words: Sequence[str]) -> tuple[str, str]:
    """Split three or more words into first and last; particles go with the last name."""
    if at := _inside(words):
        return words[0], " ".join(words[at:])
    from nameparser import HumanName

    name = HumanName(" ".join(words))
    first, last = str(name.first), str(name.last)
    return (first, last) if last else ("", first or " ".join(words))


# What stands before a small word inside a last name, as in "Mac an Bhaird".
_BEFORE_SMALL = PARTICLES | INSIDE | {"Mac", "Nic", "Mc", "Ní", "Ó"}


_OPENS = INSIDE | {"Uí", "Ui", "Mhic", "Nic"}
_SMALL_BEHIND = PARTICLES | {"St", "St.", "Saint", "De", "Del", "Von"}


def _ends_small(word: str) -> bool:
    """Whether a word has two parts, the second small, as in "O'Brien-van der Berg"."""
    return "-" in word and word.rpartition("-")[2] in _SMALL_BEHIND


def _inside(words: Sequence[str]) -> int:
    """Return where a last name begins that has a small word inside; 0 for any other."""
    behind_first = range(1, len(words) - 1)
    at = next((n for n in behind_first if words[n] in _OPENS or _ends_small(words[n])), 0)
    while at > 1 and words[at] in _BEFORE_SMALL and words[at - 1] in _BEFORE_SMALL:
        at -= 1
    return at
