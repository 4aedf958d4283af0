"""Titles that speak for the rows below them: a status, a specialty, or neither.

A title ends the previous one of its kind, with everything below that.  A title of another
kind directly below a title, with no program between, is a part of it.  A specialty lasts until
another title names one, because titles in between ("West Coast") only divide its list.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from planner.rules.facts import Specialty, Status, Track
from planner.rules.objections import noted
from planner.rules.specialties import Specialties
from planner.rules.tracks import parted
from planner.sheets.legends import explains_a_look
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.decorations import CROSSES
from planner.sheets.parsers.status import OUT, read_status

# Words that may go with a specialty in a title.
_AROUND = re.compile(
    r"\b(?:my|the|all|other|more|list|programs?|residenc(?:y|ies)|applications?|applied|backups?"
    r"|back[ -]up|reach(?:es)?|target|safet(?:y|ies)|dream|likely|maybe|tier \w+|categorical|prelim"
    r"|advanced|home|away|signals?|north|south|east|west|(?:north|south|mid)[ -]?(?:east|west)"
    r"|mid[ -]?atlantic|new england|central|coast|pacific|mountain|region)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"[–—:|(),;]|\s-+\s|\.\s")
_AND = re.compile(r"[–—:|(),;/&+]|\s-+\s|\.\s|\band\b", re.IGNORECASE)

STATUS, SPECIALTY, OTHER = "status", "specialty", "other"


class Section(NamedTuple):
    """What the titles above a row say about it; `line` and `title` are those of the last one.

    `against`: what a title says against letters, without being a status.
    """

    line: int
    title: str
    status: Status | None = None
    specialty: Specialty | None = None
    track: Track | None = None
    against: str = ""


class Sections:
    """The titles of one file, read row by row; `found` are those that say something of some row."""

    def __init__(self, specialties: Specialties) -> None:
        self.specialties = specialties
        self.current: Section | None = None
        self.found: list[Section] = []
        self._open: list[tuple[str, Section]] = []  # open titles by kind, outermost first
        self._bare = False  # whether the last title has no row below it yet

    def begin(self, line: int, title: str) -> None:
        """Apply a title to the rows below."""
        named = self.named(title)
        specialty = named[0] if len(named) == 1 else None
        track = parted(bare_title(title)).track if specialty else None
        status = None if explains_a_look(title) else status_of(title)
        against = "" if status or explains_a_look(title) else _against(title)
        own = Section(line, title, status, specialty, track, against)
        kind = STATUS if own.status or against else SPECIALTY if named else OTHER
        self._close(kind)
        self._open.append((kind, own))
        self._bare = True
        status = next((s.status for _, s in reversed(self._open) if s.status), None)
        within = next((s for k, s in reversed(self._open) if k == SPECIALTY or s.specialty), None)
        self.current = own._replace(
            status=status,
            specialty=within.specialty if within else None,
            track=within.track if within else None,
            against=next((s.against for _, s in reversed(self._open) if s.against), ""),
        )

    def named(self, title: str) -> list[Specialty]:
        """Return the specialties that a title names, alone or with words that divide a list.

        "FM (backup)" names one; "Vesper Family Medicine" is a program without other cells.
        """
        for parts in ([title], _BESIDE.split(title), _AND.split(title)):
            bare = (bare_title(_AROUND.sub(" ", part)) for part in parts)
            found = [s for part in bare if part and (s := self.specialties.meant(part))]
            if found:
                return list(dict.fromkeys(found))
        return []

    def _close(self, kind: str) -> None:
        """End the titles that a new one of this kind ends."""
        kinds = [k for k, _ in self._open]
        if kind in kinds:
            del self._open[kinds.index(kind) :]
        elif not self._bare and kind != STATUS:
            self._open = [(k, s) for k, s in self._open if k == SPECIALTY]

    def row(self) -> None:
        """Note a row that is a program, to which the open titles apply."""
        if self._bare:
            telling = (s for _, s in self._open if s.status or s.specialty or s.against)
            self.found += [own for own in telling if own not in self.found]
        self._bare = False


def bare_title(title: str) -> str:
    """Remove the count and the word "programs" from a title.

    >>> bare_title("Rejected (12):"), bare_title("Internal Medicine programs")
    ('Rejected', 'Internal Medicine')
    """
    bare = re.sub(r"[(\[]?\b\d+\b[)\]]?|\bprograms?\b|[:=–-]+\s*$", " ", title, flags=re.IGNORECASE)
    return " ".join(bare.split()).strip(" :-–()")


# Titles for what is over, without a word that a cell would have for it.
_OVER = re.compile(
    r"(?:no longer in play|out of play|not in play|dead(?: list| programs?)?|out|gone|graveyard|nope|trash"
    r"|closed|off the list|off my list|done with|never|no)",
    re.IGNORECASE,
)


def _against(title: str) -> str:
    """Return what a title says against letters to the programs below it, or ""."""
    bare = bare_title(title)
    if noted(bare):
        return title
    if not any(map(str.isalnum, title)) and (
        cross := next(filter(CROSSES.__contains__, title), "")
    ):
        return f"{cross} (rejected or withdrawn?)"
    return f"{title} (rejected or withdrawn?)" if _OVER.fullmatch(bare) else ""


def is_against(title: str) -> bool:
    """Whether a title speaks against letters to the programs below it.

    >>> is_against("Do not email!"), is_against("Dead list"), is_against("West Coast")
    (True, True, False)
    """
    return bool(_against(title))


def is_out(title: str) -> bool:
    """Whether the title of a whole list says that all of it is out of play: "My rejected programs"."""
    words = re.sub(r"\b(?:my|the|all|list|tracker)\b", " ", bare_title(title), flags=re.IGNORECASE)
    try:
        said = read_status(" ".join(words.split()))
    except BadCellError:
        return False
    return said.exact and said.status in OUT


def status_of(title: str) -> Status | None:
    """Return the status that a title is, or None if it is something else."""
    try:
        return read_status(bare_title(title)).status
    except BadCellError:
        return None
