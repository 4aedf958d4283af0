"""Repairs text that was UTF-8 but was read in an old encoding.

"Muñoz" became "MuÃ±oz" when read as Windows-1252, and "Mu√±oz" when read as Mac Roman.  One
letter became two or three, which are hardly ever adjacent in honest text.  They have the same
bytes as the letter, so nothing has to be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

ENCODINGS = ("mac_roman", "cp1252", "cp1250")
TIMES = 3  # a text may have gone through several programs
# The letters that may have been garbled: European letters, typographic marks, emojis.
_MEANT = re.compile(
    "[\u0080-\u017f\u01a0\u01a1\u01af\u01b0\u0218-\u021b\u1e00-\u1eff"
    "\u2010-\u2bff\ufb00-\ufb06\ufe0f\ufeff\ufffd\U0001f000-\U0001faff]"
)
_FIRST = ((range(0xC2, 0xC7), 1), ((0xC8,), 1), ((0xE1, 0xE2, 0xEF), 2), ((0xF0,), 3))
_BEHIND = range(0x80, 0xC0)
# Marks that honest text may have after a capital, at the end of a word: "CAFÉ’S", "HALLÅ…"
_MARKS = frozenset("‘’“”…–—•")
# A ? between letters, or before a small one: the capital of a name was lost.
_WITHIN = re.compile(r"[^\W\d_]\?[^\W\d_]|(?<![^\W_])\?(?=[^\W\d_A-ZÀ-ÖØ-Þ])[^\W\d_]{2}")
_CONTROL = re.compile("[\x80-\x9f]")
LOST = "\ufffd"  # what programs put for a letter that they could not read


def _letters(encoding: str) -> dict[str, int]:
    """Return the byte of each non-ASCII letter in an encoding.

    A byte without a letter stands for itself; in Windows-1252, those below 0xA0 also may,
    because not all programs know their letters.
    """
    found = {}
    for byte in range(0x80, 0x100):
        letter = bytes((byte,)).decode(encoding, "ignore")
        if letter:
            found[letter] = byte
        if not letter or (encoding == "cp1252" and byte < 0xA0):
            found[chr(byte)] = byte
    return found


class _Encoding:
    """One encoding: its letters by byte, and a pattern of their sequences that are UTF-8."""

    def __init__(self, name: str) -> None:
        self.bytes = _letters(name)
        self.twice = name == "cp1252"  # a control may be half of a letter that is garbled twice
        behind = self.one_of(_BEHIND)
        self.pattern = re.compile(
            "|".join(f"{self.one_of(first)}{behind}{{{count}}}" for first, count in _FIRST)
        )

    def one_of(self, wanted: Collection[int]) -> str:
        """Return a character class of the letters for these bytes."""
        letters = (letter for letter, byte in self.bytes.items() if byte in wanted)
        return f"[{''.join(map(re.escape, letters))}]"

    def repaired(self, text: str) -> str:
        """Replace each sequence by the letter that it was."""
        return self.pattern.sub(self._meant, text)

    def _meant(self, match: re.Match[str]) -> str:
        found = match[0]
        try:
            meant = bytes(self.bytes[letter] for letter in found).decode()
        except UnicodeDecodeError:
            return found
        is_text = _MEANT.fullmatch(meant) and (self.twice or not _CONTROL.match(meant))
        return meant if is_text and not _is_honest(match) else found


def _is_honest(match: re.Match[str]) -> bool:
    """Whether the match is honest text: a mark after a word's last capital, or all capitals."""
    text, at, end = match.string, match.start(), match.end()
    before, behind = text[at - 1 : at], text[end : end + 2]
    first, last = match[0][0], match[0][-1]
    if len(match[0]) > 2 or not first.isalpha():
        return False
    if last.isupper():
        return before.isupper() or (not before.isalpha() and behind[:1].isupper())
    if last not in _MARKS or before.islower():
        return False
    return not behind[:1].isalpha() or (behind[0] in "sS" and not behind[1:].isalpha())


_ALL = tuple(map(_Encoding, ENCODINGS))
# Two letters that may begin such a sequence; quick to search for.
_FIRSTS = tuple(byte for first, _ in _FIRST for byte in first)
_HINT = re.compile("|".join(e.one_of(_FIRSTS) + e.one_of(_BEHIND) for e in _ALL))


def ungarbled(text: str) -> str:
    """Repair the letters of a text; returns the same text if none is garbled.

    >>> ungarbled("JosÃ© MuÃ±oz"), ungarbled("Mu√±oz"), ungarbled("O’Brien, São João")
    ('José Muñoz', 'Muñoz', 'O’Brien, São João')
    """
    found = text
    for _ in range(TIMES):
        if found.isascii() or not _HINT.search(found):
            break
        found = next((new for e in _ALL if (new := e.repaired(found)) != found), found)
    return text if _CONTROL.search(found) and not _CONTROL.search(text) else found


def garbled_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield (place, word) of words with garbled or lost letters.

    >>> list(garbled_words("Dear Dr. MuÃ±oz,"))
    [(9, 'MuÃ±oz,')]
    """
    if text.isascii() or not (LOST in text or _HINT.search(text)):
        return
    for word in re.finditer(r"\S+", text):
        if LOST in word[0] or ungarbled(word[0]) != word[0]:
            yield word.start(), word[0]


def is_damaged(name: str) -> bool:
    """Whether letters of a name were lost, and are now a mark or a ? in a word.

    >>> is_damaged("Mu?oz"), is_damaged("Mu\\ufffdoz"), is_damaged("?ukasz"), is_damaged("Elm?")
    (True, True, True, False)
    """
    return LOST in name or bool(_WITHIN.search(name))
