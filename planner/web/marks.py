"""Where the words that findings are about stand in a text."""

from __future__ import annotations

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
