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
from planner.sheets.parsers.given_names import is_given
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


def named(
    pieces: Sequence[list[str]], *, remark: bool, last_alone: bool, last_column: bool = False
) -> Person:
    """Make a person from the words before and after the first comma.

    `last_alone`: a name of two words may be a last name with its particle; `last_column`: the
    cell is for last names.  Raises BadCellError if the words are not a name.
    """
    pieces = _without_placeholders(pieces)
    shouts = len(pieces), sum(map(len, pieces))
    pieces, gone = _without_shouts(pieces)
    remark = remark or shouts != (len(pieces), sum(map(len, pieces)))
    words = [word for piece in pieces for word in piece]
    if gone or not words or any(fold_name(word) in NO_NAMES for word in words):
        return Person(remark=True)
    if said := next((word for word in words if word.casefold() in _STATUSES), ""):
        raise BadCellError("bad_name", f"expected the name of a person; is {said} a status?")
    if strange := next((word for word in words if not is_name_word(word)), ""):
        raise no_name(strange)
    _refuse_unknown_degree(words)
    if len(pieces) > 1 and len(pieces[0]) > 1:
        _refuse_unknown_degrees_behind(pieces[1:])
    shouted = len(pieces) == 1 and _family_is_shouted(words)
    pieces, notes = in_mixed_case(pieces)
    first, last, odd = _parted(pieces, last_alone)
    if odd:
        notes = (*notes, ("surname_first", f"taken as {last}, followed by the initial"))
    elif shouted:
        first, last = " ".join(pieces[0][1:]), pieces[0][0]
        message = f'in capitals, and first; the letter will say "Dear Dr. {last}"'
        notes = (*notes, ("ambiguous_name", message))
    elif len(pieces) > 1 and _may_be_two(pieces):
        message = f'taken as one person; the letter will say "Dear Dr. {last}"'
        notes = (*notes, ("ambiguous_name", message))
    elif len(pieces) == 1 and (guess := in_two_ways(pieces[0], titled=last_alone)) is not None:
        first, last, why = guess
        message = f'{why}; the letter will say "Dear Dr. {last}"'
        notes = (*notes, ("ambiguous_name", message)) if why else notes
    if not first and not last_column and is_given(last):
        message = f'{last} may be a first name; the letter will say "Dear Dr. {last}"'
        notes = (*notes, ("ambiguous_name", message))
    if is_placeholder(last):
        message = f'"{last}" may mean that the name is missing; no letter greets by it'
        notes = (*notes, ("ambiguous_name", message))
    if len(last.strip(".")) == 1 and last.isascii() and last not in _OF_ONE_LETTER:
        raise BadCellError("bad_name", f"expected the whole last name; {last} is an initial")
    if odd and is_given(last):
        raise BadCellError("bad_name", f"expected the whole last name; {last} is a first name")
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


# Words of a status, which get under a name if a row lacks a cell.
_STATUSES = frozenset(
    str.split(
        "rejected rejection withdrawn withdrew waitlisted waitlist interviewed interview invited"
        " invite declined applied ok okay abgelehnt"
        " abgesagt rechazado rechazada refusé recusado"
    )
)
# Remarks in capitals behind a name: that the person may have gone, and those that say little.
_GONE = frozenset(
    str.split("GONE LEFT OUT OLD RIP RET EX LEAVING LEAVE TEMP OOO OOF PTO FORMER NOT")
)
_LEFT = frozenset({"Left", "Gone", "Retired"})
_SAYS_LITTLE = frozenset(str.split("NEW TOP VIP FAV FAVE CALL ASK NICE MET"))


def _without_shouts(pieces: Sequence[list[str]]) -> tuple[list[list[str]], bool]:
    """Leave out remarks in capitals beside a name that is not; also returns whether one is grave."""
    words = [word for piece in pieces for word in piece]
    if all(map(str.isupper, words)):
        return list(pieces), False
    if len(words) > 1 and words[-1] in _LEFT or len(words) > 2 and words[0] in _LEFT:
        return list(pieces), True
    little = [[word for word in piece if word not in _SAYS_LITTLE] for piece in pieces]
    return [piece for piece in little if piece], not _GONE.isdisjoint(words)


def _family_is_shouted(words: Sequence[str]) -> bool:
    """Whether a name has its last name first, in capitals: "LEE Ana"."""
    first, *others = words
    initials = "." in first or not re.search("[AEIOUYÀ-Ý]", first)
    capitals = any(re.search(r"[A-ZÀ-Ý]{2}", word) or word.isupper() for word in others)
    return bool(others) and is_shouted(first) and not initials and not capitals


def _may_be_two(pieces: Sequence[list[str]]) -> bool:
    """Whether both parts around a comma could be whole names."""
    return min(len(pieces[0]), len(pieces[1])) > 1 and pieces[0][0].casefold() not in PARTICLES


def _refuse_unknown_degrees_behind(pieces: Sequence[list[str]]) -> None:
    """Raise BadCellError if what follows a whole name has capitals as a degree has: "MS-HPEd"."""
    for piece in pieces:
        if len(piece) == 1 and re.search(r"[A-Z]{2}", piece[0]) and not piece[0].isupper():
            raise BadCellError("bad_name", f"expected a name; is {piece[0]} a name or a degree?")


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
