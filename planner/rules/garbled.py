"""Text that was UTF-8 and was read as an old encoding: told by its shape, and put right.

"Muñoz" has become "MuÃ±oz" by way of Windows-1252, "Mu√±oz" by way of Mac Roman.  One letter
has become two or three, which hardly ever stand beside each other in honest text; they are
the same bytes as the letter, so that nothing has to be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

ENCODINGS = ("mac_roman", "cp1252", "cp1250")
TIMES = 3  # a text may have gone through several programs
# The letters whose bytes may stand as others: European ones, marks of print, pictures.
_MEANT = re.compile(
    "[\u0080-\u017f\u01a0\u01a1\u01af\u01b0\u0218-\u021b\u1e00-\u1eff"
    "\u2010-\u2bff\ufb00-\ufb06\ufe0f\ufeff\ufffd\U0001f000-\U0001faff]"
)
_FIRST = ((range(0xC2, 0xC7), 1), ((0xC8,), 1), ((0xE1, 0xE2, 0xEF), 2), ((0xF0,), 3))
_BEHIND = range(0x80, 0xC0)
# Marks that honest text may have behind a capital, at the end of a word: "CAFÉ’S", "HALLÅ…"
_MARKS = frozenset("‘’“”…–—•")
_WITHIN = re.compile(r"[^\W\d_]\?[^\W\d_]")
_CONTROL = re.compile("[\x80-\x9f]")
LOST = "\ufffd"  # stands where a program could not read a letter


def _letters(encoding: str) -> dict[str, int]:
    """The byte that each letter beyond ASCII is in an encoding.

    A byte that is not a letter there stands for itself, and in Windows-1252 each may, as not
    all programs know its marks.
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
    """The letters that stand for a byte each, and the sequences in which they stand for one."""

    def __init__(self, name: str) -> None:
        self.bytes = _letters(name)
        self.twice = name == "cp1252"  # its controls may be half of a letter garbled twice
        behind = self.one_of(_BEHIND)
        self.pattern = re.compile(
            "|".join(f"{self.one_of(first)}{behind}{{{count}}}" for first, count in _FIRST)
        )

    def one_of(self, wanted: Collection[int]) -> str:
        """A class of the letters that stand for some bytes."""
        letters = (letter for letter, byte in self.bytes.items() if byte in wanted)
        return f"[{''.join(map(re.escape, letters))}]"

    def repaired(self, text: str) -> str:
        """The text with what stands for one letter as that letter."""
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
    """Whether a mark just closes a word with a capital, or capitals stand among capitals."""
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
# Two letters that may be the first of such a sequence, found quickly.
_FIRSTS = tuple(byte for first, _ in _FIRST for byte in first)
_HINT = re.compile("|".join(e.one_of(_FIRSTS) + e.one_of(_BEHIND) for e in _ALL))


def ungarbled(text: str) -> str:
    """A text with its letters put right; the same text where none is garbled.

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
    """Words with letters that are garbled or lost, and where they stand.

    >>> list(garbled_words("Dear Dr. MuÃ±oz,"))
    [(9, 'MuÃ±oz,')]
    """
    if text.isascii() or not (LOST in text or _HINT.search(text)):
        return
    for word in re.finditer(r"\S+", text):
        if LOST in word[0] or ungarbled(word[0]) != word[0]:
            yield word.start(), word[0]


def is_damaged(name: str) -> bool:
    """Whether letters of a name were lost: a mark stands for them, or a ? within a word.

    >>> is_damaged("Mu?oz"), is_damaged("Mu\\ufffdoz"), is_damaged("Elm Hospital?")
    (True, True, False)
    """
    return LOST in name or bool(_WITHIN.search(name))
