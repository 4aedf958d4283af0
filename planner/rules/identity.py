"""Which programs are the same: name keys, and programs that resemble each other.

Codes tell programs apart; without codes, specialty, name and city do, and so do two different
states.  The same program may be written in two ways that have different keys: such a twin is
reported as probable, and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from planner.rules.facts import Program
from planner.rules.places import letters_of
from planner.rules.specialties import fold
from planner.rules.tracks import apart, track_of

_LETTERS_ONLY = {code: None for code in range(128) if not chr(code).isalnum()}
_LINES_OF_LETTERS = {code: None for code in _LETTERS_ONLY if code != ord("\n")}
# "Elm Hospital (Residency) Program" is Elm Hospital.
_TAIL = re.compile(
    r"(?<=\S)[ ,(-]+(?:(?:residency |training |residency training )?program(?:me)?|residency)\)?[ ]*$",
    re.MULTILINE,
)
_SHORT = {"saint": "st", "fort": "ft", "mount": "mt"}


def _spelled(text: str) -> str:
    """Put text into lowercase and one spelling, line by line.

    >>> _spelled("Saint Mary's Hospital Program")
    "st mary's hospital"
    """
    text = text.lower().replace("&", "and")
    if "program" in text or "residency" in text:
        text = _TAIL.sub("", text)
    for word, short in _SHORT.items():
        if word in text:
            text = re.sub(rf"\b{word}\b", short, text)
    return text


def name_keys(programs: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return the name key of each program, from its (specialty, name, city), all folded.

    A name without Latin letters or digits is kept as it is; without a name, the key is "".
    """
    parts = list(programs)
    # Names are all different, so they are folded together; specialties and cities repeat.
    names = "\n".join(name for _, name, _ in parts)
    if names.isascii() and names.count("\n") == len(parts) - 1:
        folded = _spelled(names).translate(_LINES_OF_LETTERS).split("\n")
    else:
        folded = [fold(_spelled(name)) for _, name, _ in parts]
    return [
        f"{_repeated(specialty)}|{key or name.strip().casefold()}|{_repeated(city)}" if name else ""
        for (specialty, name, city), key in zip(parts, folded, strict=True)
    ]


def name_key(specialty: str, name: str, city: str) -> str:
    """Return the name key of one program.

    >>> name_key("Internal Medicine", "St. Mary's Hospital Program", "Ft. Worth")
    'internalmedicine|stmaryshospital|ftworth'
    """
    return name_keys([(specialty, name, city)])[0]


def key_of(program: Program) -> str:
    """The name key of a program; its preliminary year of the same name has another."""
    return name_key(apart(program.specialty, program.track), program.program, program.city)


@lru_cache(maxsize=4096)
def _repeated(part: str) -> str:
    return fold(_spelled(part)) or part.strip().casefold()


def differ(state: str, other: str) -> bool:
    """Whether two states are known and different: OH is Ohio, and Texass may be TX.

    >>> differ("OH", "Ohio"), differ("MO", "MA"), differ("MO", ""), differ("TX", "Texass")
    (False, True, False, False)
    """
    mine, theirs = letters_of(state), letters_of(other)
    return bool(mine and theirs) and mine != theirs


class Traits(NamedTuple):
    """What programs are compared by."""

    specialty: str
    program: str
    city: str
    state: str
    director_first_name: str
    director_last_name: str
    director_email: str
    acgme_id: str
    nrmp_code: str


def traits_of(program: Program) -> Traits:
    """Return the traits of a program; if its name is only a specialty, use its institution.

    The specialty is that of its track: a categorical and a preliminary one are no twins.
    """
    traits = Traits(*(getattr(program, name) for name in Traits._fields))
    traits = traits._replace(specialty=apart(program.specialty, track_of(program)))
    named = _words(program.program) - _COMMON - _TRACKS - _words(program.specialty)
    return (
        traits if named or not program.institution else traits._replace(program=program.institution)
    )


# Words in many names, which distinguish nothing.
_COMMON = frozenset(
    str.split(
        "hospital hospitals medical center centre health healthcare system clinic clinics"
        " foundation university univ college school of the at in and for medicine program"
        " residency regional inc network department dept med ctr hosp campus"
    )
)
# Words that distinguish the tracks of one program.
_TRACKS = frozenset(
    str.split(
        "track pathway categorical preliminary prelim primary rural research advanced urban"
        " transitional global physician scientist"
    )
)
NEAR = 88  # percent


def resemblance(one: Traits, other: Traits) -> str:
    """Return what two programs share if they are probably the same ("city, director"), or "".

    >>> pine = Traits("EM", "Pine Hill", "Utica", "NY", "", "Pi", "", "", "")
    >>> resemblance(pine, pine._replace(program="St. Pine Medical Center"))
    'city, director'
    """
    if one.specialty != other.specialty or _told_apart(one, other):
        return ""
    city, director = _same_city(one, other), _same_director(one, other)
    if city and director:
        return "city, director"
    close = _ratio(one, other) >= NEAR
    near = close or _within(one.program, other.program)
    if director and near:
        return "director"
    if city and (close if director is False else near):
        return "city"
    # If neither the city nor the director is known for both, only an equal name is a hint.
    return "name" if city is director is None and _folded(one) == _folded(other) else ""


def _same_city(one: Traits, other: Traits) -> bool | None:
    """Whether the cities are the same; None if one of them is not known."""
    if not one.city or not other.city:
        return None
    return _repeated(one.city) == _repeated(other.city)


def _folded(traits: Traits) -> str:
    return fold(_spelled(traits.program))


def _told_apart(one: Traits, other: Traits) -> bool:
    """Whether codes, states, or tracks or numbers in names show that they are different."""
    codes = ((one.acgme_id, other.acgme_id), (one.nrmp_code, other.nrmp_code))
    if any(mine and theirs and mine != theirs for mine, theirs in codes):
        return True
    mine, theirs = (_numbers_and_tracks(traits.program) for traits in (one, other))
    return mine != theirs or differ(one.state, other.state)


def _numbers_and_tracks(name: str) -> set[str]:
    return {word for word in _words(name) if word in _TRACKS or not word.isalpha()}


def _same_director(one: Traits, other: Traits) -> bool | None:
    """Whether the directors are the same person; None if that is not certain."""
    mine, theirs = one.director_email.casefold(), other.director_email.casefold()
    if mine and mine == theirs:
        return True
    if not one.director_last_name or not other.director_last_name:
        return None
    if fold(one.director_last_name) != fold(other.director_last_name):
        return False
    first, second = fold(one.director_first_name), fold(other.director_first_name)
    if not first or not second or first.startswith(second) or second.startswith(first):
        return True  # an initial, or a short form
    return None if first[:1] == second[:1] else False  # "Mike" and "Michael", "Bret" and "Brit"


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    spelled = re.sub(r"['.’]", "", _spelled(name))
    return frozenset(re.findall(r"[^\W_]+", spelled))


def _within(name: str, other: str) -> bool:
    """Whether all distinctive words of one name are in the other."""
    mine, theirs = (_words(text) - _COMMON for text in (name, other))
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


def _ratio(one: Traits, other: Traits) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(_folded(one), _folded(other))


# More programs of a specialty in one city, or with one director's name, are not twins.
CROWD = 100


class Kin:
    """Programs by what twins share, so that each is compared with only a few."""

    def __init__(self, programs: Iterable[Program] = ()) -> None:
        self._by_trait: dict[tuple[str, str, str], list[tuple[int, Traits]]] = {}
        for program in programs:
            self.add(program)

    def add(self, program: Program) -> None:
        """Add a program to compare with."""
        traits = traits_of(program)
        for key in _keys(traits):
            self._by_trait.setdefault(key, []).append((program.id, traits))

    def of(self, program: Program) -> list[tuple[int, str]]:
        """Return (id, shared traits) of programs that are probably this one, likeliest first."""
        traits = traits_of(program)
        found: dict[int, str] = {}
        for key in _keys(traits):
            group = self._by_trait.get(key, [])
            if len(group) <= CROWD:
                found |= {
                    number: shared
                    for number, other in group
                    if number != program.id and (shared := resemblance(traits, other))
                }
        return sorted(found.items(), key=lambda pair: (LIKELY.index(pair[1]), pair[0]))


LIKELY = ("city, director", "director", "city", "name")


def _keys(traits: Traits) -> Iterable[tuple[str, str, str]]:
    for kind, value in (
        ("city", _repeated(traits.city)),
        ("director", fold(traits.director_last_name)),
        ("email", traits.director_email.casefold()),
        ("name", _folded(traits)),
    ):
        if value:
            yield traits.specialty, kind, value
