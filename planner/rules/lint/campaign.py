"""Everything around one letter: the names, people, cities and reasons of the whole list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from planner.rules.facts import Program
from planner.rules.identity import Kin
from planner.rules.lint.names import Form, forms, key_of, spelled
from planner.rules.lint.words import words
from planner.rules.recipients import Refusals, refusals
from planner.rules.specialties import Specialties, fold


class Person(NamedTuple):
    """A director, as letters are searched for them."""

    first: str
    last: str
    key: str
    whole: str


class Told(NamedTuple):
    """A letter that told a program a score before: its number, what it said, and when it left."""

    letter: int
    score: str
    on: date | None


@dataclass(frozen=True)
class Campaign:
    """All programs of the list, and what other letters said to them.

    `first_choices` are the programs whose letters call them that; `told` are the scores that
    a program was told on a former occasion, by the program's number.
    """

    programs: Sequence[Program]
    specialties: Specialties
    first_choices: frozenset[int] = frozenset()
    told: Mapping[int, Told] = field(default_factory=dict)

    @cached_property
    def names(self) -> Mapping[str, Sequence[Form]]:
        """Programs and institutions: the shortest form that stands in all others, to all forms."""
        found: dict[str, dict[str, Form]] = {}
        # Whole names first, so that "Elm Hospital" is whole even where a longer one has it, too.
        written = {name for p in self.programs for name in (p.program, p.institution) if name}
        for name in sorted(written, key=lambda name: (len(name), name)):
            if self.specialties.named(name) is None and (said := forms(name, self.cities)):
                known = found.setdefault(min((form.key for form in said), key=len), {})
                for form in said:
                    known.setdefault(form.key, form)
        return {
            key: sorted(said.values(), key=lambda form: -len(form.key))
            for key, said in found.items()
        }

    @cached_property
    def by_id(self) -> Mapping[int, Program]:
        """The programs by their numbers."""
        return {program.id: program for program in self.programs}

    @cached_property
    def kin(self) -> Kin:
        """The programs by what twins share."""
        return Kin(self.programs)

    @cached_property
    def refusals(self) -> Refusals:
        """The programs that want no letter, by where it would go."""
        return refusals(self.programs)

    @cached_property
    def directors(self) -> Sequence[Person]:
        """The directors of all programs."""
        found = {
            (spelled(p.director_first_name), spelled(p.director_last_name)) for p in self.programs
        }
        return [
            Person(first, last, key_of(last), key_of(first + last))
            for first, last in sorted(found)
            if last
        ]

    @cached_property
    def cities(self) -> frozenset[str]:
        """The cities of all programs, as they are sought."""
        return frozenset(key_of(spelled(p.city)) for p in self.programs if len(p.city) >= 4)

    @cached_property
    def _rare(self) -> Mapping[str, Sequence[Form]]:
        """Long words of names, with the names of several words that hold them."""
        found: dict[str, list[Form]] = {}
        for said in self.names.values():
            for form in said:
                for word in form.words if not form.alone else ():
                    if len(word) > 5 and word not in words("common") and word not in self.cities:
                        found.setdefault(word, []).append(form)
        return found

    def nearly(self, word: str) -> str:
        """The long word of a name that `word` is one slip away from; empty for none."""
        if word in self._rare:
            return ""
        near = process.extractOne(
            word, self._rare.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=1
        )
        return near[0] if near else ""

    def names_with(self, word: str) -> Sequence[Form]:
        """The names of several words that hold a long word."""
        return self._rare[word]

    @cached_property
    def reasons(self) -> Mapping[str, Sequence[Program]]:
        """The programs that share a reason, by its folded words."""
        found: dict[str, list[Program]] = {}
        for program in self.programs:
            if folded := fold_reason(program.reason):
                found.setdefault(folded, []).append(program)
        return found


def fold_reason(reason: str) -> str:
    """A reason without case and punctuation, in any script."""
    return fold(reason) or re.sub(r"[\W_]+", "", reason.casefold())
