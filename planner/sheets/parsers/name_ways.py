"""Names with two readings: two surnames, the family name first, a first name like a particle.

The likelier reading is taken, and the user is shown what the letter will say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.rules.names import PARTICLES
from planner.rules.specialties import fold
from planner.sheets.parsers.given_names import is_given

_SURNAMES = frozenset(
    str.split(
        "garcia cruz flores torres rivera reyes morales ortiz ramos silva castro vega rojas medina"
        " mendoza aguilar vargas guerrero delgado soto pena ruiz leon molina herrera santos luna"
        " rios romero moreno navarro salazar campos cortes fuentes cabrera acosta figueroa mejia"
        " contreras guzman avila lara espinoza espinosa santiago rosario colon maldonado padilla"
        " serrano calderon pacheco salinas valencia rosales duran miranda peralta cordero"
        " quintero arroyo bautista cardenas ochoa pineda trujillo zamora barrios penaloza"
    )
)
_ENDS = ("ez", "oza", "uiz")
# Vietnamese family names, which come first in Vietnamese.
_FAMILY = frozenset(
    str.split(
        "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly truong dinh lam"
    )
)
_MIDDLE = frozenset({"thi", "van"})
# Korean family names, which come first before a given name such as "Min-jun".
_KOREAN = frozenset(
    str.split(
        "kim lee park choi jung jeong kang cho jo yoon jang lim han oh seo shin kwon hwang ahn song"
        " hong yoo ryu moon bae baek noh nam shim"
    )
)
_KOREAN_GIVEN = re.compile(r"[A-Z][a-z]+-[a-z]+")
# Given names that are spelled like a particle.
_GIVEN = frozenset({"Mac", "Al", "Ben", "Van"})
# Particles that may begin a last name, in a whole name of two words.
_OF_A_LAST_NAME = frozenset(
    str.split("Mac Van Da La Las Los Ter Ten Den Dello Dalla Degli Das Vom Zur")
)
# Particles that begin a last name more often than they are a given name.
_SELDOM_GIVEN = frozenset(str.split("Von Del Della Dos Du El De San Santa Vande Vanden Vander"))


def in_two_ways(words: Sequence[str], *, titled: bool) -> tuple[str, str, str] | None:
    """Return (first, last, why) for a name that has two readings; None for any other.

    The reason is empty where no doubt is left.

    >>> in_two_ways(["Oscar", "Peñaloza", "Ruíz"], titled=False)[:2]
    ('Oscar', 'Peñaloza Ruíz')
    >>> in_two_ways(["Nguyễn", "Thị", "Minh", "Khai"], titled=False)[:2]
    ('Thị Minh Khai', 'Nguyễn')
    """
    if len(words) < 2:
        return None
    if _is_family_first(words):
        return " ".join(words[1:]), words[0], "the family name comes first"
    first, *others = words
    if len(others) == 1 and first == "Mac" and others[0].startswith(("Mc", "Mac")):
        return first, others[0], ""
    italian = first == "Di" and words[-1].endswith(("a", "e", "i", "o"))
    if len(others) == 1 and (first in (_GIVEN if titled else _OF_A_LAST_NAME) or italian):
        return first, others[0], f"{first} taken as a first name"
    if len(others) == 1 and not titled and first in _SELDOM_GIVEN:
        return "", " ".join(words), f"{first} taken as a part of the last name"
    if len(words) == 3 and words[1] == "y" and not is_given(first):
        return "", " ".join(words), "two surnames"
    return _two_surnames(words) or _before_a_particle(words)


def _before_a_particle(words: Sequence[str]) -> tuple[str, str, str] | None:
    """Split at a Spanish particle that two given names, or one and a surname, stand before."""
    at = next((n for n in range(3, len(words) - 1) if words[n] in {"de", "del"}), None)
    if at is None or not PARTICLES.isdisjoint(words[:at]):
        return None
    before, last = words[at - 1], " ".join(words[at:])
    return words[0], last, f"{before} may belong to it"


def _two_surnames(words: Sequence[str]) -> tuple[str, str, str] | None:
    """Split one or two given names from two Spanish surnames; None for any other name."""
    at = next((n for n in range(1, len(words) - 1) if _is_surname(words[n])), None)
    if at is None:
        return None
    behind = [word for word in words[at + 1 :] if word not in PARTICLES]
    if len(behind) != 1 or not (_is_surname(behind[0]) or len(words) - at > 2):
        return None
    return " ".join(words[:at]), " ".join(words[at:]), "two surnames"


def _is_surname(word: str) -> bool:
    folded = fold(word)
    return folded in _SURNAMES or (len(folded) > 4 and folded.endswith(_ENDS))


def _is_family_first(words: Sequence[str]) -> bool:
    """Whether a Vietnamese family name comes first, and not last as in American lists."""
    first, second, last = (_plain(word) for word in (words[0], words[1], words[-1]))
    if len(words) == 2 and first in _KOREAN and _KOREAN_GIVEN.fullmatch(words[1]):
        return True
    if first not in _FAMILY or last in _FAMILY:
        return False
    written = any(letter in words[0] for letter in "ễầạỳõặùỗồôươê")
    return written or (len(words) > 2 and second in _MIDDLE)


def _plain(word: str) -> str:
    return fold(word.replace("đ", "d").replace("Đ", "D"))
