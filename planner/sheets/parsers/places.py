"""Parses cities and states in cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.rules.near import did_you_mean, nearest
from planner.rules.places import NAMES, letters_of
from planner.sheets.parsers.cells import Noted, clean_line, clean_name, plain_names

_BEHIND = re.compile(
    r"[\s,]+(?:[0-9]{5}(?:-[0-9]{4})?|U\.?S\.?A?\.?|United States(?: of America)?|Canada)$",
    re.IGNORECASE,
)
# "Dayton (OH)", "Dayton/OH", "Dayton - OH"; a hyphen inside a name has no space beside it.
_JOINED = re.compile(r"^([^,/()]+?)\s*(?:\(|/|\s[-–—|]\s)\s*([A-Za-z. ]{2,})\)?$")
# States with a city of the same name.
_BOTH = frozenset({"NY"})
_CITIES_TOO = ("new york", "washington")
_STATE_FIRST = re.compile(r"[A-Z]{2}")


def state(text: str) -> str | Noted:
    """Parse a state into its letters; an unknown one stays as it is, with a remark.

    >>> state("Ohio"), state("D.C."), state("Tex."), state("Bavaria").value
    ('OH', 'DC', 'TX', 'Bavaria')
    """
    if found := letters_of(text):
        return found
    hint = did_you_mean(nearest(text, NAMES.values()))
    remark = (
        f"not a known state or province, so it does not tell programs apart; kept as it is.{hint}"
    )
    return Noted(clean_line(text), "unknown_state", remark)


def plain_states(texts: Sequence[str]) -> bool:
    """Whether `state` would return all of these texts unchanged."""
    return _LETTERS.issuperset(texts)


_LETTERS = frozenset({"", *NAMES})


def plain_cities(texts: Sequence[str]) -> bool:
    """Whether all of these texts are cities without a comma, which may come before a state."""
    return plain_names(texts) and not any("," in text for text in texts)


def city(text: str) -> str | Noted:
    """Parse a city; a state after a comma is dropped, with a remark.

    >>> city("Dayton, OH").value
    'Dayton'
    """
    found = place(text) if "," in text else None
    if found is None:
        return clean_name(text)
    return Noted(found[0], "city_with_state", f"the state, {found[1]}, has its own field")


def place(text: str) -> tuple[str, str] | None:
    """Split a place into city and state; None if it is not a place.

    The name of a state before its own letters does not count as a city.

    >>> place("Ann Arbor, MI 48109"), place("Dayton OH"), place("Ohio, OH")
    (('Ann Arbor', 'MI'), ('Dayton', 'OH'), ('', 'OH'))
    >>> place("Winston-Salem (NC)"), place("Dayton/OH"), place("Lima - Ohio")
    (('Winston-Salem', 'NC'), ('Dayton', 'OH'), ('Lima', 'OH'))
    >>> place("Dayton, Ohio, OH")
    ('Dayton', 'OH')
    >>> place("OOS"), place("West Virginia"), place("OH - Dayton"), place("Ohio")
    (None, ('', 'WV'), ('Dayton', 'OH'), ('', 'OH'))
    """
    whole = _JOINED.sub(r"\1, \2", clean_line(text))
    while (bare := _BEHIND.sub("", whole)) != whole:
        whole = bare
    may_be_a_city = whole.casefold().startswith(_CITIES_TOO) or "," in whole or len(whole) < 4
    if not may_be_a_city and (alone := letters_of(whole)):
        return "", alone
    city, comma, behind = whole.rpartition(",")
    if _STATE_FIRST.fullmatch(city.strip()) and letters_of(city) and not letters_of(behind):
        return behind.strip(), letters_of(city)
    if not comma:
        city, behind = _without_comma(whole)
    found, city = letters_of(behind), city.strip(" ,")
    if not found or not city:
        return None
    town, _, named = city.rpartition(",")
    if town and letters_of(named) == found:
        city = town.strip(" ,")  # "Dayton, Ohio, OH"
    return ("" if letters_of(city) == found and found not in _BOTH else city), found


def _without_comma(text: str) -> tuple[str, str]:
    """Split a place without a comma: the state is in capitals, or a whole name."""
    words = text.split()
    for count in (3, 2, 1):
        city, behind = " ".join(words[:-count]), " ".join(words[-count:])
        is_letters = len(behind) == 2 and behind.isupper()
        is_name = len(behind) > 3 and behind[0].isupper()
        if city and (is_letters or is_name) and letters_of(behind):
            return city, behind
    return "", text
