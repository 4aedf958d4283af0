"""Removes what people put around a name in a list: bullets, numbers, pictures, links."""

from __future__ import annotations

import re
import unicodedata

# Marks that cross a name out, or say no beside it.
CROSSES = "❌✖✗✘❎🚫⛔💀☠👎🙅🛑"
_STROKES = re.compile("[\u0335-\u0338]")  # through the letter before each
_STRUCK = re.compile(r"\W*~~[^~]+~~\W*")
_LINK = re.compile(r"\W{0,3}\[([^\]]+)\]\(\S+\)|(.*\S)\s*\(https?://[^\s()]*\)")
_NUMBER = re.compile(r"(?:\d{1,3}(?:\ufe0f?\u20e3|[.)](?=\s))|#\d{1,3}[.):]?(?=\s))")
_AT_ENDS = frozenset("•‣·*_~|†‡§…-")
_FIRST, _LAST = _AT_ENDS | {">"}, _AT_ENDS | {",", ";", ":"}
_OF_PICTURES = frozenset({"So", "Sm", "Sk", "Cn"})
_JOINERS = frozenset("\ufe0f\u200d")
_ALONE = re.compile(r"\s*[(\[]([^()\[\]\w]+)[)\]]")
# How a text begins, ends or goes on that may have something around its name.
MAY_HAVE = re.compile(
    r"^(?:[^\w'\"“‘(¿¡&]|_|\d{1,3}(?:[.)]\s|\ufe0f|\u20e3))|(?:[^\w.)'\"”’!?+\]]|_)$"
    r"|\]\(|://|~~|[(\[]\W+[)\]]",
    re.MULTILINE,
)


def undecorated(text: str) -> str:
    """Return a name without what is around it; the whole text if nothing else is left.

    >>> undecorated("• ⭐ Elm Hospital"), undecorated("1. Elm (North)"), undecorated("---")
    ('Elm Hospital', 'Elm (North)', '---')
    """
    left = _STROKES.sub("", text).strip()
    if link := _LINK.fullmatch(left):
        left = link[1] or link[2]
    before = None
    while left != before:
        before, left = left, _peeled(left)
    return left if re.search(r"[^\W\d_]", left) else text


def _peeled(text: str) -> str:
    text = _ALONE.sub(lambda m: "" if _is_picture_only(m[1]) else m[0], text).strip()
    if number := _NUMBER.match(text):
        return text[number.end() :].strip()
    if text and _is_around(text[0], _FIRST):
        return text[1:].strip()
    return text[:-1].strip() if text and _is_around(text[-1], _LAST) else text


def _is_around(mark: str, marks: frozenset[str]) -> bool:
    return mark in marks or _is_picture(mark) or (not mark.isascii() and _is_dash(mark))


def _is_dash(mark: str) -> bool:
    return unicodedata.category(mark) == "Pd"


def _is_picture(mark: str) -> bool:
    pictured = not mark.isascii() and unicodedata.category(mark) in _OF_PICTURES
    return pictured or mark in _JOINERS


def _is_picture_only(text: str) -> bool:
    return any(map(_is_picture, text)) and all(_is_picture(c) or c.isspace() for c in text)


def pictures(text: str) -> str:
    """Return the pictures around a name that may mean something; "" for none.

    >>> pictures("• ⭐ Elm Hospital 🏠"), pictures("• Elm Hospital")
    ('⭐🏠', '')
    """
    bare = undecorated(text)
    around = text.replace(bare, " ", 1) if bare != text else ""
    found = "".join(c for c in around if _is_picture(c) and unicodedata.category(c) != "Sm")
    return found.strip("".join((*_JOINERS, *_BULLETS)))


_BULLETS = "▪▫■□●○◉◆◇►▶▸▹➤➢"


def crossed(text: str) -> str:
    """Return the mark that crosses a name out, or says no beside it; "" for none.

    >>> crossed("❌ Elm Hospital"), crossed("~~Elm Hospital~~"), crossed("⭐ Elm Hospital")
    ('❌', '~~', '')
    """
    if _STRUCK.fullmatch(text) or _STROKES.search(text):
        return "~~"
    return next((c for c in pictures(text) if c in CROSSES), "")
