"""A text as its reader sees it: breaks, look-alike letters and invisible marks folded away.

Patterns are written for such a text ("i will rank you"), and so find "I will\\nrank you" with a
break inside, "I will rаnk you" with a Cyrillic letter, "I will ran\\u200bk you", "I will r4nk
u" and "I will r a n k you", too.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from planner.rules.lint.flowed import Flowed
from planner.rules.lint.phrases import words_sought


def as_read(text: str) -> Flowed:
    """A text in one spelling."""
    flowed = Flowed(text)
    for step in (_fold_letters, _fold_blanks, _fold_spaced, _fold_split, _fold_words):
        step(flowed)
    return flowed


class _Spelling(NamedTuple):
    """The tables of spelling.toml."""

    look_alikes: Mapping[str, str]
    plain: Mapping[str, str]
    shorthand: Mapping[str, str]
    misspelled: Mapping[str, str]
    whole: tuple[str, ...]


@lru_cache(maxsize=1)
def _spelling() -> _Spelling:
    raw = tomllib.loads(Path(__file__).with_name("spelling.toml").read_text("utf-8"))
    alike = {odd: latin for latin, odds in raw["look_alikes"].items() for odd in odds}
    return _Spelling(alike, raw["plain"], raw["shorthand"], raw["misspelled"], tuple(raw["whole"]))


@lru_cache(maxsize=4096)
def plain_letter(char: str) -> str:
    """One character as it looks: "é" and the Cyrillic "е" are an e, a soft hyphen is nothing."""
    letters = _spelling()
    known = letters.plain.get(char) or letters.look_alikes.get(char) or _boxed(char)
    if known:
        return known
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category in {"Zl", "Zp"} or char == "\x85":
        return "\n"
    apart = unicodedata.normalize("NFKD", char)
    if apart[0].isascii() and apart != char:
        return "".join(c for c in apart if not unicodedata.combining(c))
    return char


def _boxed(char: str) -> str:
    """The letter in a black circle or a black box, which NFKD leaves as it is."""
    code = ord(char)
    for first in (0x1F150, 0x1F170):
        if first <= code < first + 26:
            return chr(code - first + ord("A"))
    return ""


_FOREIGN = re.compile(r"[^\x00-\x7f]")
# Each begins where a word does, or a word of 20,000 letters would be looked through from each.
# What no keyboard gives: full-width, mathematical, circled and boxed letters and digits, letters
# that are struck out or underlined, and marks without width between Latin letters.
_COSTUME = re.compile(
    r"(?<!\w)\w*[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9\U0001d400-\U0001d7ff"
    r"\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]\w*"
    r"|\w[\u0332-\u0338\u20d2-\u20dd]\w*"
    r"|(?<![A-Za-z])[A-Za-z]+[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]+[A-Za-z]+"
)
_WORD_OF_TWO_SCRIPTS = re.compile(r"(?<![^\W\d_])[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")


def _fold_letters(flowed: Flowed) -> None:
    if flowed.text.isascii():
        return
    for match in _COSTUME.finditer(flowed.text):
        flowed.note_disguise(*match.span())
    for match in _WORD_OF_TWO_SCRIPTS.finditer(flowed.text):
        if _in_disguise(match[0]):
            flowed.note_disguise(*match.span())
    flowed.rewrite(_FOREIGN, lambda match: plain_letter(match[0]))


def _in_disguise(word: str) -> bool:
    """Whether a word has look-alikes among Latin letters; "TNFα" and "β-cell" have not."""
    alike = [char in _spelling().look_alikes for char in word]
    if all(alike):
        return len(word) > 2
    if not any(map(str.isascii, word)):
        return False
    body = word.rstrip("".join(_spelling().look_alikes))
    foreign = any(not c.isascii() and c in _spelling().look_alikes for c in body)
    return foreign or (any(alike) and body[-1:].islower())


_BLANKS = re.compile(r"\s+")


def _fold_blanks(flowed: Flowed) -> None:
    """One blank for any; an empty line is a border of paragraphs, and stays a break."""

    def blank(match: re.Match[str]) -> str:
        breaks = match[0].count("\n")
        if breaks > 1:
            return "\n"
        before = match.string[max(0, match.start() - 2) : match.start()]
        # An editor breaks "number-one" behind its hyphen.
        return "" if breaks and before[-1:] == "-" and before[:1].isalpha() else " "

    flowed.rewrite(_BLANKS, blank)


_EMPHASIS = re.compile(r"(?<![\w*~])(?:\*{1,3}|~~)(?=\w)|(?<=[\w.!?])(?:\*{1,3}|~~)(?![\w*~])")
_SPACED = re.compile(
    r"(?<![^\W_])(?:[a-z]([ .*_-])[a-z](?:\1[a-z]){2,}|[A-Z] [A-Z](?: [A-Z]){2,})(?![^\W_])"
)


_DOTTED = re.compile(r"(?<![\w@/.])[A-Za-z]+([._])[A-Za-z]{2,}(?:\1[A-Za-z]+){2,}(?![\w@/])")


def _fold_spaced(flowed: Flowed) -> None:
    """Write "r a n k", "r-a-n-k" and "*rank*" as "rank", "I.will.rank.you" in words."""
    flowed.rewrite(_DOTTED, lambda match: match[0].replace(match[1], " "), disguise=True)
    flowed.rewrite(_EMPHASIS, lambda match: "")
    flowed.rewrite(_SPACED, lambda match: re.sub(r"[\W_]", "", match[0]), disguise=True)


def _fold_split(flowed: Flowed) -> None:
    """Join "out side" and "en-closed", where the whole is a word that matters here."""
    low = flowed.text.lower()
    squeezed = low.replace(" ", "").replace("-", "")
    for word, pattern in _whole().items():
        if squeezed.count(word) > low.count(word):
            flowed.rewrite(pattern, lambda match: re.sub("[ -]", "", match[0]))


@lru_cache(maxsize=1)
def _whole() -> Mapping[str, re.Pattern[str]]:
    return {
        word: re.compile(rf"(?<!\w){'(?:- |-| )?'.join(word)}(?!\w)", re.IGNORECASE)
        for word in _spelling().whole
    }


_WORD = re.compile(r"[A-Za-z0-9'@$!]+")
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_TRIPLE = re.compile(r"([a-hj-vyz])\1{2,}", re.IGNORECASE)  # but "III", "www" and "XXX"
_SHORT_WILL = re.compile(
    r"(?<![\w'])I(?=ll (?:rank|come|cancel|withdraw|drop|accept|sign|put|list|place|match|join|be"
    r"|take|give|send|call|never|definitely|pay|bring|buy)\b)|(?<![\w'])I(?=d (?:love|like|come"
    r"|rank|do|take|be|rather|give|accept|never)\b)",
    re.IGNORECASE,
)


_SHORT_NAME = re.compile(r"(?<=\b[Uu])niv\.(?= (?:of|at)\b)")
_EL_FOR_I = re.compile(
    r"(?<![\w'])l(?= (?:will|would|am|can|want|have|promise|love|beg)\b|'ll\b|'d\b|'m\b)"
)


def _fold_words(flowed: Flowed) -> None:
    """Write words as they are meant: "r4nk u", "pleeease", "garantee", "Ill rank"."""
    words = set(_WORD.findall(flowed.text))
    meant = {word: spelled for word in words if (spelled := _meant(word))}
    if meant:
        flowed.rewrite(_WORD, lambda match: meant.get(match[0], match[0]), disguise=True)
    mistyped = {word: spelled for word in words if (spelled := _mistyped(word))}
    if mistyped:
        flowed.rewrite(_WORD, lambda match: mistyped.get(match[0], match[0]))
    flowed.rewrite(_SHORT_WILL, lambda match: f"{match[0]}'")
    flowed.rewrite(_SHORT_NAME, lambda match: "niversity")
    flowed.rewrite(_EL_FOR_I, lambda match: "I", disguise=True)


def _mistyped(word: str) -> str:
    """A word with a slip, as it should be; short ones only in small letters ("IM", "im")."""
    known = _spelling().misspelled
    return known.get(word) or (known.get(word.lower(), "") if len(word) > 4 else "")


@lru_cache(maxsize=10_000)
def _meant(word: str) -> str:
    """A word that was written otherwise on purpose, as it is meant; empty for any other."""
    if word in _spelling().shorthand:
        return _spelling().shorthand[word]
    if _TRIPLE.search(word):
        return _TRIPLE.sub(r"\1", word)
    read = word.lower().translate(_LEET)
    if not read.isalpha() or read == word.lower() or read not in words_sought():
        return ""
    return read.upper() if word.isupper() else read
