"""Which of the old encodings a text file has that is not Unicode.

One byte means one letter in each of them, and nothing in the file says which it is.  So each
is tried, and the one counts in which letters with accents stand where letters stand: in
"MuÃ±oz", "Mu–oz" and "JosŽ" they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

# The first one wins where several read equally well.
TRIED = {
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp1250": "Windows-1250",
}
MOST = 5_000  # words beyond ASCII that are looked at
# Letters that the languages have for which an encoding was made.
_WESTERN = frozenset("áéíóúñüöäåøæçèêëïîôâàûùìòãõðþßýÁÉÍÓÚÑÜÖÄÅØÆÇÈÊËÏÎÔÂÀÛÙÌÒÃÕÐÞÝ")
_EASTERN = frozenset("ąćęłńóśźżčďěňřšťůžáéíýúőűöüăîâșțĄĆĘŁŃÓŚŹŻČĎĚŇŘŠŤŮŽÁÉÍÝÚŐŰÖÜĂÎÂ")
_AT_HOME = {"cp1252": _WESTERN, "mac_roman": _WESTERN, "cp1250": _EASTERN}
# Marks before a word, behind one, and on either side; an apostrophe stands within one, too.
_BEFORE, _BEHIND, _BESIDE = "‘“«¿¡€£", "’”»™®©°²³", "–—…•· \u00a0½¼¾’"
_MARKS = frozenset(_BEFORE + _BEHIND + _BESIDE)
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")


class _Fit(NamedTuple):
    """How well the words of a file read: how many do not, and how many surely do."""

    odd: int
    good: int


def likeliest(data: Iterable[bytes]) -> str:
    """The encoding in which pieces of a file read best.

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
    """Whether marks, or capitals among small letters, stand within a word.

    >>> _is_odd("Muñoz"), _is_odd("O’Brien"), _is_odd("Mu–oz"), _is_odd("MŸller"), _is_odd("IÑIGO")
    (False, False, True, True, False)
    """
    inside = word.lstrip(_BEFORE + _BESIDE).rstrip(_BEHIND + _BESIDE).replace("’", "")
    if not all(letter.isalpha() for letter in inside):
        return True
    capitals = [letter for letter in inside[1:] if letter.isupper() and not letter.isascii()]
    return bool(capitals) and not inside.isupper()
