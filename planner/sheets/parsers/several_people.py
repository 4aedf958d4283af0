"""Separates the people that one cell may name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.rules.names import NO_NAMES, PARTICLES, fold_name, is_name
from planner.sheets.parsers.name_words import bare

APART = re.compile(
    r"\s+(?:/|&|and|(?<! von )und(?! zu )|\+|\||or|·|•)\s+|\s*[;/|\n]\s*|\s*&\s*(?=[A-Z])",
    re.IGNORECASE,
)
BRACKET = re.compile(r"\(([^()]*)\)|\[([^\][]*)\]|\(([^()]*)$")
# Words that say that the person has left or may have left, or is not the director.
GONE = re.compile(
    r"\b(?:left|leaving|leaves|retired|retiring|resigned|former|formerly|previous(?:ly)?|ex"
    r"|departed|departing|stepped down|stepping down|no longer|replaced|vacant|vacated|until"
    r"|deceased|search|apd|associate|assistant|outgoing|incoming|on leave|sabbatical)\b",
    re.IGNORECASE,
)


def kept_bracket(match: re.Match[str]) -> str:
    """Turn a bracket that matters into a mark: \\x01PD, \\x01GONE or \\x01REMARK; else into ""."""
    inside = next(filter(None, match.groups()), "")
    if re.fullmatch(r"\s*(?:pd|program director|director)\s*", inside, re.IGNORECASE):
        return "\x01PD"
    if GONE.search(inside):
        return "\x01REMARK" if _names_another(inside) else "\x01GONE"
    return "\x01REMARK" if len(inside.split()) > 1 or fold_name(inside) in NO_NAMES else ""


# Who somebody else is, in brackets behind the director: "(APD: Rita Sims)".
_ANOTHER = re.compile(
    r"\s*(?:apds?|(?:associate|assistant) (?:pds?|(?:program )?directors?))\b(?P<apart>\s*[:=–—-])?\s*(?P<who>.+)",
    re.IGNORECASE,
)


def _names_another(inside: str) -> bool:
    """Whether a bracket names a person of its own with what that person is."""
    found = _ANOTHER.fullmatch(inside)
    if found is None or GONE.search(found["who"]):
        return False
    words = bare(found["who"].replace(",", " ").split())
    named = all(is_name(word) and not word.islower() for word in words)
    return named and len(words) > (0 if found["apart"] else 1)


def by_commas(text: str) -> list[str]:
    """Split people at commas: "Lee, Ana, MD" is one, "Ana Lee, MD, Bo Berg" are two."""
    pieces = [piece.strip() for piece in text.split(",")]
    held: list[list[str]] = []
    for piece in filter(None, pieces):
        if held and not begins_person(piece, held[-1]):
            held[-1].append(piece)
        else:
            held.append([piece])
    return [", ".join(group) for group in held]


_DOCTOR = frozenset({"dr", "drs", "prof"})


def begins_person(piece: str, before: Sequence[str]) -> bool:
    """Whether a piece after a comma is another person, and not a degree or a first name."""
    words = bare(piece.split())
    if not words:
        return False
    titled = before[0].split()[0].strip(".").casefold() in _DOCTOR and len(words) > 1
    if (titled or "\x01" in before[0]) and all(
        is_name(word) and not word.islower() for word in words
    ):
        return True  # "Dr Nguyen, Carla Simms": no whole name is a first name
    if piece.split()[0].strip(".").casefold() in _DOCTOR:
        return True
    first = bare(before[0].split())
    behind = [word for part in before[1:] for word in bare(part.split())]
    if len(words) >= 2 and len(first) >= 2 and first[0].casefold() not in PARTICLES:
        return True
    # A second name after "Lee, Ana" or "Ana Lee, MD" belongs to somebody else.
    return len(words) >= 2 and bool(behind)


def names_someone(text: str) -> bool:
    """Whether any word of a text can be a name."""
    return any(is_name(word) for word in bare(text.replace(",", " ").split()))
