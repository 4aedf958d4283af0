"""Guesses which old encoding a text file has if it is not Unicode.

In each of them one byte is one letter, and nothing in the file says which encoding it is.  So
each is tried, and the best one puts accented letters where letters belong: "MuÃ±oz", "Mu–oz"
and "JosŽ" are wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

# If several fit equally well, the first one wins.
TRIED = {
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp1250": "Windows-1250",
}
MOST = 5_000  # non-ASCII words to look at
# The letters of the languages that an encoding was made for.
_WESTERN = frozenset("áéíóúñüöäåøæçèêëïîôâàûùìòãõðþßýÁÉÍÓÚÑÜÖÄÅØÆÇÈÊËÏÎÔÂÀÛÙÌÒÃÕÐÞÝ")
_EASTERN = frozenset("ąćęłńóśźżčďěňřšťůžáéíýúőűöüăîâșțĄĆĘŁŃÓŚŹŻČĎĚŇŘŠŤŮŽÁÉÍÝÚŐŰÖÜĂÎÂ")
_AT_HOME = {"cp1252": _WESTERN, "mac_roman": _WESTERN, "cp1250": _EASTERN}
# Marks before a word, after one, and on either side; an apostrophe may be inside one, too.
_BEFORE, _BEHIND, _BESIDE = "‘“«¿¡€£", "’”»™®©°²³", "–—…•· \u00a0½¼¾’"
_MARKS = frozenset(_BEFORE + _BEHIND + _BESIDE)
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")


class _Fit(NamedTuple):
    """How well an encoding fits: how many words are odd, and how many are surely right."""

    odd: int
    good: int


def likeliest(data: Iterable[bytes]) -> str:
    """Return the encoding that fits the pieces of a file best.

    >>> likeliest(["Muñoz, José".encode("mac_roman")]), likeliest(["Muñoz".encode("cp1252")])
    ('mac_roman', 'cp1252')
    """
    words: dict[bytes, None] = {}
    for piece in data:
        words.update(dict.fromkeys(_WORD.findall(piece)))
        if len(words) > MOST:
            break
    fits = {name: _fit(words, name) for name in TRIED}
    return min(fits, key=lambda name: (fits[name].odd, -fits[name].good))


def _fit(words: Iterable[bytes], encoding: str) -> _Fit:
    odd = good = 0
    home = _AT_HOME[encoding] | _MARKS
    for word in words:
        try:
            text = word.decode(encoding)
        except UnicodeDecodeError:
            odd += 1
            continue
        is_odd = _is_odd(text)
        odd += is_odd
        good += not is_odd and all(c.isascii() or c in home for c in text)
    return _Fit(odd, good)


def _is_odd(word: str) -> bool:
    """Whether a word has marks inside it, or accented capitals after small letters.

    >>> _is_odd("Muñoz"), _is_odd("O’Brien"), _is_odd("Mu–oz"), _is_odd("MŸller"), _is_odd("IÑIGO")
    (False, False, True, True, False)
    """
    inside = word.lstrip(_BEFORE + _BESIDE).rstrip(_BEHIND + _BESIDE).replace("’", "")
    if not all(letter.isalpha() for letter in inside):
        return True
    capitals = [letter for letter in inside[1:] if letter.isupper() and not letter.isascii()]
    return bool(capitals) and not inside.isupper()
