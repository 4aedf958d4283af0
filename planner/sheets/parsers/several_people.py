"""Separates the people that one cell may name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.rules.names import NO_NAMES, PARTICLES, fold_name, is_name
from planner.sheets.parsers.given_names import is_given
from planner.sheets.parsers.name_words import bare, is_of_service

APART = re.compile(
    r"\s+(?:/|&|and|(?<! von )und(?! zu )|\+|\||or|·|•)\s+|\s*[;/|\n]\s*|\s*&\s*(?=[A-Z])",
    re.IGNORECASE,
)
BRACKET = re.compile(r"\(([^()]*)\)|\[([^\][]*)\]|\(([^()]*)$")
# The end of a list of people: "Ana Lee et al.", "Ana Lee and colleagues".
AND_OTHERS = re.compile(
    r"[\s,]*(?:\bet al\b\.?|(?:&|\+|\band)\s*(?:co\b\.?|others?|colleagues|team))\s*$",
    re.IGNORECASE,
)
# What somebody is, before or behind the name, in a cell of several people.
_COORDINATOR = r"(?:pc|(?:program |residency )?coord(?:inator)?|(?:program )?manager|admin\w*)"
_DIRECTOR = r"(?:pds?|(?:program |residency )?director)"
_OTHER = r"(?:a\.?pds?|assoc\w*|assistant|asst|vice|deputy|outgoing|former|(?:dep\w*\.? )?chair\w*|chief)"
_SHORT = r"(?:interim|acting|new|current|co-?)"


_IN_BRACKETS = re.compile(rf"\s*{_COORDINATOR}\s*", re.IGNORECASE)


def _beside(role: str) -> re.Pattern[str]:
    return re.compile(
        rf"^\W*(?:{_SHORT}\W*)*{role}\b|(?:\s|,)[-–—,(]*\s*{role}[\W]*$", re.IGNORECASE
    )


_ROLES = {
    "coordinator": _beside(_COORDINATOR),
    "other": _beside(_OTHER),
    "director": _beside(_DIRECTOR),
}


def role_of(part: str) -> str:
    """Return what a person of several is, by a word beside the name; "" if there is none.

    >>> role_of("APD Bo Ng"), role_of("Interim PD: Ana Lee"), role_of("Cat Dee, PC")
    ('other', 'director', 'coordinator')
    """
    if "\x01PD" in part or "\x01PC" in part:
        return "director" if "\x01PD" in part else "coordinator"
    return next((role for role, said in _ROLES.items() if said.search(part)), "")


# Words that say that the person has left or may have left, or is not the director.
GONE = re.compile(
    r"\b(?:left|leaving|leaves|retired|retiring|resigned|former|formerly|previous(?:ly)?|ex"
    r"|departed|departing|stepped down|stepping down|no longer|replaced|vacant|vacated|until"
    r"|deceased|search|apd|associate|assistant|outgoing|incoming|on leave|sabbatical|succeeded by"
    r"|now(?! (?:the |interim |acting )?(?:pd|program director|director)\b)"
    r"|gone|quit|fired|rip|passed away|moved to|not (?:the )?(?:pd|director)|was (?:the )?(?:pd|director)"
    r"|old (?:pd|director)|out|maybe|unsure|not sure|i think|wrong|tbc|interim none"
    r"|partie?|retraite|ausgeschieden|rente|weg|se fue|jubilad[oa]|saiu|aposentad[oa])\b|\?",
    re.IGNORECASE,
)


def kept_bracket(match: re.Match[str]) -> str:
    """Turn a bracket that matters into a mark: \\x01PD, \\x01PC, \\x01GONE or \\x01REMARK; else ""."""
    inside = next(filter(None, match.groups()), "")
    if re.fullmatch(r"\s*(?:pd|program director|director)\s*", inside, re.IGNORECASE):
        return "\x01PD"
    if _IN_BRACKETS.fullmatch(inside):
        return "\x01PC"
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
    if not words or is_of_service(piece):
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
    if (
        len(words) >= 2
        and len(before) == 1
        and all(map(is_given, words))
        and not is_given(first[0])
    ):
        return False  # "Ferrer de Ávila, Ana Lucía": nobody's last name is Lucía
    if len(words) >= 2 and len(first) >= 2 and first[0].casefold() not in PARTICLES:
        return True
    # A second name after "Lee, Ana" or "Ana Lee, MD" belongs to somebody else.
    return len(words) >= 2 and bool(behind)


def names_someone(text: str) -> bool:
    """Whether any word of a text can be a name."""
    return any(is_name(word) for word in bare(text.replace(",", " ").split()))
