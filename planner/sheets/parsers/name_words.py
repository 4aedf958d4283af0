"""Cleans the words of a name: no titles, degrees, roles and marks, and in mixed case."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.rules.names import (
    DEGREES,
    INSIDE,
    PARTICLES,
    ROLES,
    TITLES,
    fold_name,
    is_degree,
    is_name,
)

_GLUED = re.compile(r"^(?:dr|prof|mr|mrs|ms)\.(?=\w)", re.IGNORECASE)
_PROFESSOR = re.compile(
    r"^(?:univ|apl|ao|hon|assoc|asst|adj|clin(?:ical)?|visiting)\.?[ -]*prof(?:essor\b|\.|(?=\s))\s*",
    re.IGNORECASE,
)
# Titles in other languages, and what stands before the title of a doctor there.
_TITLES_ABROAD = re.compile(
    r"^(?:(?:frau|herrn?|sra|srta|dra|doña|mme|mlle|madame|monsieur|doutora?|doctora|docteure?|doktor"
    r"|professora|professeure?|profa|dott(?:\.?ssa)?|sig\.|sig\.?ra|priv\.?-? ?doz|privatdozent(?:in)?"
    r"|chef[aä]rzt(?:in)?|chefarzt|oberarzt|ober[aä]rztin|(?-i:OA|OÄ|Pr))(?:\.ª?|\b)\s+(?=\w))+",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[*†‡§¶#^~_`!\"“”°ªº¹²³⁰-₉,]+")


def bare(words: Sequence[str]) -> list[str]:
    """Remove marks, titles, degrees and roles from words."""
    found = [word for word in (w.strip(".,'’*†‡") for w in words) if word]
    return [
        word
        for word in found
        if not word.startswith("\x01")
        and word.casefold() not in TITLES
        and not _is_a_degree(word)
        and word.casefold() not in ROLES
    ]


# Degrees, certificates and memberships that are written in capitals, beside the usual ones.
_DEGREES_TOO = frozenset(
    str.split(
        "bmbs bmbch mbchir dabr dabs dabim dabfm dfapa msci abpp msph chse mehp mshped edm mhsc mhl"
        " mhcds mphil dhsc otd dpt lmsw licsw lmft cnm fnp pmhnp faacap fasam faasm fapm"
    )
)
_SERVICES = frozenset({"USA", "USAF", "USN", "USNR", "USMC", "USAR", "USPHS", "MC"})


def is_of_service(piece: str) -> bool:
    """Whether a piece between commas only tells a rank or a service: "Maj", "MC", "USAF".

    >>> is_of_service(" Maj"), is_of_service("MC USN (Ret)"), is_of_service("Ana")
    (True, True, False)
    """
    words = [word.strip(".()") for word in piece.split()]
    return bool(words) and all(w in {*_SERVICES, "Ret"} or w.casefold() in TITLES for w in words)


def _is_a_degree(word: str) -> bool:
    return _is_listed(word) or is_degree(word) or _is_dotted_degree(word)


def _is_listed(word: str) -> bool:
    return fold_name(word) in _DEGREES_TOO and sum(map(str.isupper, word)) > 1


def _is_dotted_degree(word: str) -> bool:
    return "." in word and fold_name(word) in DEGREES


def words_of(piece: str) -> list[str]:
    """Return the words of a name, without titles, degrees and roles at its ends."""
    spread = re.sub(r"\b([A-Z])\.\s*(?=[A-Z]\.)", r"\1.", piece)
    spread = _PROFESSOR.sub("Prof. ", _TITLES_ABROAD.sub("", spread.strip()))
    words = [_MARKS.sub("", word) for word in _GLUED.sub("", spread).split()]
    words = [re.sub(r"(?<=[^\W\d_])\d+$", "", word) for word in words]
    words = [re.sub(r"(?<=[^\W\d_]{3})\.$", "", word) for word in words]
    words = [word for word in words if word and not re.fullmatch(r"[\d.'’-]+", word)]
    if len(words) > 2 and [w.strip(".").casefold() for w in words[-2:]] in (["m", "d"], ["d", "o"]):
        words = words[:-2]
    while words and (words[0].strip(".").casefold() in TITLES or _is_role(words[0])):
        if len(words) == 1 and not _must_go(words[0]):
            break
        doctor = words[0].strip(".").casefold() in {"dr", "doctor", "prof"}
        words = words[1:]
        while doctor and len(words) > 1 and words[0].strip(".") in _OF_WHAT:
            words = words[1:]
    while words and _is_behind(words):
        words = words[:-1]
    return words


# "Dr. med. Ana Núñez", "Dr. rer. nat. Bo Berg": of what somebody is a doctor.
_OF_WHAT = frozenset(str.split("med dent rer nat phil habil hc h.c h c univ medic"))


def _must_go(word: str) -> bool:
    return not is_name(word)


def _is_role(word: str) -> bool:
    return word.strip(".:").casefold() in ROLES


def _is_behind(words: Sequence[str]) -> bool:
    """Whether the last word is not of the name, but a degree or a role after it."""
    word = words[-1]
    small = len(words) > 2 and word in {"do", "ms", "ma"}
    if _is_a_degree(word) or small:
        return len(words) > 1 or _must_go(word) or _is_listed(word)
    if len(words) > 2 and word in _SERVICES:
        return True
    return _is_role(word) or (len(words) > 1 and word in _POLITE)


# What politeness puts behind a name.
_POLITE = frozenset(str.split("sir Sir ji madam Madam maam saheb sahib garu"))


def is_shouted(word: str) -> bool:
    """Whether a word of some length is all capitals."""
    return _is_upper(word) and sum(map(str.isalpha, word)) > 2


def _is_upper(text: str) -> bool:
    """Whether a text is all capitals; ß, which has none on a keyboard, counts as one."""
    return text.replace("ß", "ẞ").isupper()


# How the capitals of a last name may begin: "McDONALD", "DeLUCA".
_PREFIX = re.compile(r"(?:Ma?c|De|Di|Du|La|Le|Van|Von|[OD]['’])(?=[A-ZÀ-ÖØ-Þ]{3})")


def _is_odd(word: str) -> bool:
    """Whether a word is written in one case, but perhaps for a prefix as in "McDONALD"."""
    prefix = _PREFIX.match(word)
    return is_shouted(word[prefix.end() :] if prefix else word) or _is_small(word)


def _is_small(word: str) -> bool:
    return word.islower() and word not in PARTICLES and len(word) > 1 and "'" not in word


def in_mixed_case(
    pieces: Sequence[list[str]],
) -> tuple[Sequence[list[str]], tuple[tuple[str, str], ...]]:
    """Put names that are all capitals or all lowercase into mixed case; also returns notes."""
    whole = " ".join(word for piece in pieces for word in piece)
    letters = [c for c in whole if c.isalpha()]
    one_case = _is_upper(whole) or whole.islower()
    small = {word for piece in pieces for word in piece[1:-1] if word in INSIDE}
    odd = {word for piece in pieces for word in piece if _is_odd(word)} - small
    odd |= {word for piece in pieces for word in _shouted_particles(piece)}
    if len(pieces) > 1 and len(pieces[0]) == 1 and pieces[0][0].isupper():
        odd |= {word for word in pieces[0] if len(word) == 2 and word.isalpha()}
    if len(letters) < 2 or not (one_case or odd) or whole in PARTICLES:
        return pieces, ()
    mixed = [
        [
            _mixed(word, inside=at > 0) if one_case or word in odd else word
            for at, word in enumerate(piece)
        ]
        for piece in pieces
    ]
    if mixed == pieces:
        return pieces, ()  # initials: "A.B.C."
    said = " ".join(word for piece in reversed(mixed) for word in piece)
    return mixed, (("one_case", f"written in one case; taken as {said}"),)


def _shouted_particles(piece: Sequence[str]) -> list[str]:
    """Return the particles in capitals before the other capitals of a name: "DE LA CRUZ"."""
    return [
        word
        for at, word in enumerate(piece[:-1])
        if word.isupper()
        and word.casefold() in PARTICLES
        and (len(word) > 1 or at > 0)
        and is_shouted(piece[-1])
    ]


def _mixed(word: str, *, inside: bool = False) -> str:
    """Put a word of a name into mixed case; `inside`: it is not the first word.

    >>> _mixed("MCDONALD"), _mixed("o'brien-smith"), _mixed("DE"), _mixed("LA", inside=True)
    ('McDonald', "O'Brien-Smith", 'de', 'la')
    >>> _mixed("MacDONALD"), _mixed("WEIß")
    ('MacDonald', 'Weiß')
    """
    if prefix := _PREFIX.match(word):
        return prefix[0] + _mixed(word[prefix.end() :])
    small = word.lower()
    if small in PARTICLES and (inside or small in {"de", "van", "von", "der", "del", "di", "da"}):
        return small
    capital = re.sub(r"(?:^|(?<=[-'’.]))[^\W\d_]", lambda m: m[0].upper(), small)
    return re.sub(r"^Mc([a-z])", lambda m: f"Mc{m[1].upper()}", capital)
