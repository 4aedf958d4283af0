"""Finds invisible characters in texts, and makes them visible.

Names, files and replies come from strangers.  A control character in them can rewrite a
terminal, a direction mark can reverse a name, and a zero-width mark can hide a word from a
search.  Everything that is shown goes through `printable` or `visible`; a letter with such a
character is not approved.

Some of these characters belong to honest text, and stay: a joiner in a Persian or Indic name
or in an emoji, and a variation selector after the sign that it varies.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

ZWNJ, ZWJ = "\u200c", "\u200d"

# Ranges of invisible characters: controls except tab and line feed, format and direction
# marks, joiners, fillers, variation selectors, tags, surrogates, private use, noncharacters.
_RANGES = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 15))
)
SUSPECT = re.compile(f"[{_RANGES}]")
# Those that change nothing that a reader sees, or only its direction: format marks, joiners,
# fillers, selectors, tags, but not controls and the like.
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e01ef]"
)
OVERRIDES = "\u202d\u202e"  # they make a text look reversed

# Scripts with joiners (Unicode 15, section 23.2), by first and last character.
_JOINING = tuple(
    (chr(first), chr(last))
    for first, last in (
        (0x0600, 0x06FF),  # Arabic and Persian
        (0x0700, 0x07FF),  # Syriac, Arabic, N'Ko
        (0x0840, 0x0DFF),  # Mandaic, Arabic, and the scripts of India and Sri Lanka
        (0x0F00, 0x109F),  # Tibetan, Myanmar
        (0x1780, 0x18AF),  # Khmer, Mongolian
        (0x1A20, 0x1AAF),  # Tai Tham
        (0x1B00, 0x1BFF),  # Balinese, Sundanese, Batak
        (0xA840, 0xABFF),  # Phags-pa, Javanese, Myanmar, Meetei
        (0xFB50, 0xFDCF),  # Arabic, presentation forms
        (0x10A00, 0x11FFF),  # Kharoshthi, Brahmi, Chakma and their like
        (0x1E900, 0x1E95F),  # Adlam
    )
)
_HAN = (("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
_NAMES = {
    "\x00": "NULL",
    "\x07": "BELL",
    "\x08": "BACKSPACE",
    "\t": "TAB",
    "\n": "LINE FEED",
    "\x0b": "LINE TABULATION",
    "\x0c": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
    "\x9b": "CONTROL SEQUENCE INTRODUCER",
}


def printable(text: str) -> str:
    """Put a stranger's text on one line, so that it cannot look like a line of our output.

    >>> printable("Elm\\x1b[2J\\n-> rm")
    'Elm\\\\x1b[2J -> rm'
    """
    return visible(text.replace("\n", " ").replace("\t", "\\t"))


def visible(text: str) -> str:
    """Escape invisible characters in a text; tabs and line feeds stay.

    >>> visible("moc.live@\\u202edp")
    'moc.live@\\\\u202edp'
    """
    return SUSPECT.sub(lambda m: m[0] if _belongs(text, m.start()) else _escaped(m[0]), text)


def hidden(text: str) -> Iterator[tuple[int, str]]:
    """Yield (place, character) of invisible characters.

    >>> list(hidden("soft\\xadhyphen"))
    [(4, '\\xad')]
    """
    for match in SUSPECT.finditer(text):
        if not _belongs(text, match.start()):
            yield match.start(), match[0]


def without_unseen(text: str, keep: str = "") -> str:
    """Remove invisible marks from a text, unless they belong to honest text.

    >>> without_unseen("Re\xadjected\u200b"), without_unseen("\u2764\ufe0f") == "\u2764\ufe0f"
    ('Rejected', True)
    """
    if text.isascii():
        return text
    return _UNSEEN.sub(lambda m: m[0] if m[0] in keep or _belongs(text, m.start()) else "", text)


def named(character: str) -> str:
    """Name a character that cannot be shown.

    >>> named("\\u202e")
    'U+202E RIGHT-TO-LEFT OVERRIDE'
    """
    name = _NAMES.get(character) or unicodedata.name(character, "a character without a name")
    return f"U+{ord(character):04X} {name}"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _belongs(text: str, at: int) -> bool:
    """Whether an invisible character belongs to honest text in its place."""
    character, before, behind = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if not before:
        return False
    if character in (ZWNJ, ZWJ):
        joins = _within(before, _JOINING) and unicodedata.category(before)[0] in "LM"
        return joins or (character == ZWJ and _pictures(text, at) and _is_picture(behind))
    if "\ufe0e" <= character <= "\ufe0f":
        return _is_picture(before) or (before in "#*0123456789" and behind == "\u20e3")
    if "\ufe00" <= character <= "\ufe0d" or "\U000e0100" <= character <= "\U000e01ef":
        return _within(before, _HAN)
    if "\u180b" <= character <= "\u180f":
        return "\u1820" <= before <= "\u18aa"
    return False


def _within(character: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    return any(first <= character <= last for first, last in ranges)


def _is_picture(character: str) -> bool:
    """Whether a character may be an emoji: a symbol, or a non-ASCII mark such as \u203c."""
    return character > "\x7f" and unicodedata.category(character) in ("So", "Sm", "Po", "Pd")


def _pictures(text: str, at: int) -> bool:
    """Whether a picture is before `at`, perhaps followed by its skin tone or selector."""
    before = text[at - 1]
    if before == "\ufe0f" or "\U0001f3fb" <= before <= "\U0001f3ff":
        return at > 1 and _is_picture(text[at - 2])
    return _is_picture(before)
