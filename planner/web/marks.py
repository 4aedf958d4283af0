"""What is marked in a text: the words that findings are about, and those that changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

MOST = 20  # places that are marked for one finding


class Piece(NamedTuple):
    """A part of a text; `numbers` are the findings that it is about, none for most of it."""

    text: str
    severity: str = ""
    numbers: tuple[int, ...] = ()


def pieces(text: str, findings: Sequence[Mapping[str, str]]) -> list[Piece]:
    """The text in parts, which joined are the text again.

    >>> [piece.text for piece in pieces("I beg you.", [{"text": "beg", "severity": "error"}])]
    ['I ', 'beg', ' you.']
    """
    spans = [
        (start, end, number, finding["severity"])
        for number, finding in enumerate(findings, 1)
        for start, end in _places(text, finding["text"])
    ]
    cuts = sorted({0, len(text), *(at for start, end, *_ in spans for at in (start, end))})
    return [_piece(text, start, end, spans) for start, end in pairwise(cuts)]


def _places(text: str, words: str) -> Iterable[tuple[int, int]]:
    """Where words stand, whatever breaks and blanks are between them."""
    parts = words.split()
    if not parts:
        return ()
    pattern = r"\s+".join(map(re.escape, parts))
    found = islice(re.finditer(pattern, text, re.IGNORECASE), MOST)
    return ((match.start(), match.end()) for match in found)


def _piece(text: str, start: int, end: int, spans: Sequence[tuple[int, int, int, str]]) -> Piece:
    over = [(number, severity) for a, b, number, severity in spans if a <= start and end <= b]
    severities = {severity for _, severity in over}
    severity = "error" if "error" in severities else "warning" if severities else ""
    return Piece(text[start:end], severity, tuple(number for number, _ in over))


class Line(NamedTuple):
    """A line of a difference: "went", "came" or "" for one that stayed; its words, changed or not."""

    kind: str
    parts: tuple[tuple[str, bool], ...]


ALIKE = 0.4  # lines that have less in common are two lines, and no word of them is marked


def lines_of(difference: Sequence[str]) -> list[Line]:
    """The lines of a difference, with the words that changed in lines that took others' place.

    >>> [line.parts for line in lines_of(["-I met you.", "+I saw you."])]
    [(('I ', False), ('met', True), (' you.', False)), (('I ', False), ('saw', True), (' you.', False))]
    """
    found: list[Line] = []
    went: list[str] = []
    came: list[str] = []
    for line in (*difference, " "):
        if line.startswith("-") and came or not line.startswith(("-", "+")):
            found += _paired(went, came)
            went, came = [], []
        if line.startswith("-"):
            went.append(line[1:])
        elif line.startswith("+"):
            came.append(line[1:])
        elif not line.startswith("@@"):
            found.append(Line("", ((line.removeprefix(" "), False),)))
    return found[:-1]


def _paired(went: Sequence[str], came: Sequence[str]) -> list[Line]:
    pairs = [_words(old, new) for old, new in zip(went, came, strict=False)]
    both = min(len(went), len(came))
    return [
        *(Line("went", old) for old, _ in pairs),
        *(Line("went", ((text, False),)) for text in went[both:]),
        *(Line("came", new) for _, new in pairs),
        *(Line("came", ((text, False),)) for text in came[both:]),
    ]


Parts = tuple[tuple[str, bool], ...]
LONGEST = 400  # words of a line that are compared one by one


def _words(old: str, new: str) -> tuple[Parts, Parts]:
    """Two lines in parts, each changed or not."""
    one, other = (re.findall(r"\w+|\s+|.", text) for text in (old, new))
    whole = ((old, False),), ((new, False),)
    if max(len(one), len(other)) > 2 * LONGEST:
        return whole
    match = difflib.SequenceMatcher(None, one, other, autojunk=False)
    kept = {a + n for a, _, size in match.get_matching_blocks() for n in range(size)}
    words = [n for n, text in enumerate(one) if text[0].isalnum()]
    if sum(n in kept for n in words) < ALIKE * len(words):
        return whole
    steps = match.get_opcodes()
    before = [("".join(one[a:b]), word != "equal") for word, a, b, _, _ in steps if a < b]
    after = [("".join(other[a:b]), word != "equal") for word, _, _, a, b in steps if a < b]
    return tuple(before), tuple(after)
