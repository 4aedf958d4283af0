"""Specialties as data: the built-in table, overrides, and a lookup by any of their names."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from planner.rules import tracks
from planner.rules.facts import AfterInterview, Match, Service, Specialty, Tier, Track
from planner.rules.near import did_you_mean, nearest

# Words of specialties that people shorten, and words to ignore.
_SHORT = {
    "med": "medicine",
    "surg": "surgery",
    "fam": "family",
    "emerg": "emergency",
    "int": "internal",
    "gen": "general",
    "peds": "pediatrics",
    "psych": "psychiatry",
    "gyn": "gynecology",
    "rehab": "rehabilitation",
    **dict.fromkeys(("residency", "program", "programs"), ""),
}
_BESIDE = re.compile(r"(\S[^()]*?)\s*\(([^()]+)\)")
_LETTERS_ONLY = {code: None for code in range(128) if not chr(code).isalnum()}


def fold(text: str) -> str:
    """Reduce a name to its letters and digits, so that spelling variants become equal.

    "OB/GYN", "Ob-Gyn" and "ob gyn" become "obgyn"; "&" counts as "and".
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold().encode("ascii", "ignore").decode()
    return text.lower().replace("&", "and").translate(_LETTERS_ONLY)


def specialty_from(raw: Mapping[str, Any], *, base: Specialty | None = None) -> Specialty:
    """Build a specialty from a table of plain values over `base`.

    Raises ValueError if a tier, service or match does not exist.
    """
    start = base or Specialty(name=str(raw["name"]), letter_name=str(raw["name"]).lower())
    return replace(
        start,
        letter_name=raw.get("letter_name", start.letter_name),
        code=raw.get("code", start.code),
        tier=Tier(raw.get("tier", start.tier)),
        application_service=Service(raw.get("application_service", start.application_service)),
        match=Match(raw.get("match", start.match)),
        signals=int(raw.get("signals", start.signals)),
        after_interview=AfterInterview(raw.get("after_interview", start.after_interview)),
        opens=raw.get("opens", start.opens),
        late_from=raw.get("late_from", start.late_from),
        preliminary_name=raw.get("preliminary_name", start.preliminary_name),
        aliases=(*start.aliases, *raw.get("aliases", ())),
    )


@dataclass(frozen=True, eq=False)  # by identity: names are remembered by it, over and over
class Specialties:
    """All known specialties, in the order of the data file."""

    all: tuple[Specialty, ...]

    def __post_init__(self) -> None:
        """Index names and codes once; an official name beats another's alias."""
        by_name = {fold(a): s for s in reversed(self.all) for a in s.aliases}
        by_name.update({fold(s.name): s for s in self.all})
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_by_code", {s.code: s for s in self.all if s.code})

    def named(self, text: str) -> Specialty | None:
        """Find a specialty by official name, alias or 3-digit code."""
        index: dict[str, Specialty] = self.__dict__["_by_name"]
        return index.get(fold(text)) or self.with_code(text.strip())

    def guess(self, text: str) -> str:
        """Ask whether a known specialty was meant by a name that is none; "" without a guess.

        >>> shipped().guess("EMM"), shipped().guess("Dermatolgy"), shipped().guess("Beekeeping")
        (' Did you mean Emergency Medicine?', ' Did you mean Dermatology?', '')
        """
        index: dict[str, Specialty] = self.__dict__["_by_name"]
        # A combined specialty is meant only by a name that is combined, too.
        alike = (name for name, known in index.items() if ("/" in known.name) == ("/" in text))
        return did_you_mean(index[name].name for name in nearest(fold(text), alike))

    def meant(self, text: str) -> Specialty | None:
        """Find a specialty by a name that may be shortened, or have a track beside it.

        >>> shipped().meant("IM - Categorical").name, shipped().meant("Emergency Med").name
        ('Internal Medicine', 'Emergency Medicine')
        """
        return self.position(text)[0]

    def position(self, text: str) -> tuple[Specialty | None, Track | None]:
        """Return the specialty that is meant, and the track in its name.

        >>> shipped().position("Medicine-Preliminary")[1].value
        'preliminary'
        """
        rest, track = tracks.parted(text)
        first, second = (rest, text) if track else (text, rest)
        return self._cut_short(first) or self._cut_short(second), track

    def _cut_short(self, text: str) -> Specialty | None:
        """Find a specialty by its name, by shortened words, or by a name with its short form."""
        found = self.named(text) if text else None
        if found is None:
            words = (_SHORT.get(word, word) for word in re.split(r"[\W_]+", text.casefold()))
            found = self.named(" ".join(words))
        if found is None and (both := _BESIDE.fullmatch(text)):  # "Transitional Year (TY)"
            one, other = self.named(both[1]), self.named(both[2])
            found = one if one == other else None
        return found

    def with_code(self, code: str) -> Specialty | None:
        """Find a specialty by its 3-digit ACGME code."""
        index: dict[str, Specialty] = self.__dict__["_by_code"]
        return index.get(code)

    def names(self) -> list[str]:
        """Return the official names, in order."""
        return [s.name for s in self.all]

    def overridden(self, tables: Mapping[str, Mapping[str, Any]]) -> Specialties:
        """Apply `[specialty."Name"]` tables; an unknown name adds a specialty.

        Raises ValueError as `specialty_from` does, and for a name that is only another's alias.
        """
        known = {s.name: s for s in self.all}
        for name, table in tables.items():
            base = self.named(name)
            if base is not None and fold(base.name) != fold(name):
                raise ValueError(
                    f"is another name for {base.name}, and would change all of it; write"
                    f' [specialty."{base.name}"], or a new name with its own aliases'
                )
            fresh = specialty_from({**table, "name": name}, base=base)
            known[fresh.name] = fresh
        return Specialties(tuple(known.values()))


@lru_cache(maxsize=1)
def shipped() -> Specialties:
    """Return the table that comes with the program (specialties.toml)."""
    text = Path(__file__).with_name("specialties.toml").read_text("utf-8")
    return Specialties(tuple(_rows(tomllib.loads(text)["specialty"])))


def _rows(tables: Iterable[Mapping[str, Any]]) -> Iterable[Specialty]:
    return (specialty_from(table) for table in tables)
