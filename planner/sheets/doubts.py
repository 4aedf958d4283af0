"""Columns that nothing matched, and what they seem to say all the same.

An unknown column may hold what stands between a program and a letter: that it rejected the
applicant, or wants no mail.  Such a column is not passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner.rules.facts import Status
from planner.sheets import kinds
from planner.sheets.columns import Column
from planner.sheets.headings import words_of
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.status import read_status

# A program that is out of play, or wants no mail, whatever the column is called.
OUT_OF_PLAY = re.compile(r"reject|declin|withdr", re.IGNORECASE)
NO_MAIL = re.compile(
    r"(?<!they )(?<!we )\b(?:do not|don['’]?t|never) (?:contact|e-?mail|call|write|reach out|message)\b"
    r"|\bno (?:contact|e-?mails?|calls?)\b(?: please)?(?!,? (?:address|listed|found|given|yet|info))"
    r"|\bDNC\b",
    re.IGNORECASE,
)
# Questions that a tick answers without saying anything of the status.
_HARMLESS = frozenset(
    str.split(
        "visa visas j1 h1b h1 img imgs fmg do comlex couples couple research usce elective"
        " electives lor lors letters recommendation ps statement photo mspe thank thanks ty hotel"
        " travel flight virtual housing parking salary moonlighting fellowship fellowships union"
        " nightfloat float vacation childcare pets benefits gym food meals dinner tour website"
        " social accredited academic university community county va tracks track curriculum"
        " schedule clinic icu spouse kids weather airport beach friends family supplemental essay"
        " secondary yog gap attempts cutoff filter friendly reviews reddit spreadsheet"
    )
)
LONGEST_WORD = 60  # characters: what is longer is no status and no mark


@dataclass(slots=True)
class Doubt:
    """What the cells of one unknown column looked like, and where.

    `beyond`: a status other than applied, which a program has anyway, is among them.
    """

    column: Column
    filled: int = 0
    marks: int = 0
    statuses: int = 0
    beyond: bool = False
    line: int = 0
    example: str = ""
    grave_line: int = 0
    grave: str = ""

    def look(self, line: int, text: str) -> None:
        """Count one cell."""
        self.filled += 1
        if not self.grave and (OUT_OF_PLAY.search(text) or NO_MAIL.search(text)):
            self.grave, self.grave_line = text, line
        if len(text) > LONGEST_WORD:
            return
        status = _status(text)
        self.marks += (is_mark := kinds.is_mark(text))
        self.statuses += status is not None
        beyond = status not in {None, Status.APPLIED}
        if (is_mark or beyond) and (not self.line or (beyond and not self.beyond)):
            self.line, self.example = line, text
        self.beyond = self.beyond or beyond

    @property
    def _is_harmless(self) -> bool:
        return not _HARMLESS.isdisjoint(words_of(self.column.header).split())

    @property
    def _speaks(self) -> bool:
        """Whether most cells are words of a status, or marks that may be one."""
        most = 2 * (self.statuses + self.marks) > self.filled
        return most and bool(self.beyond or self.marks) and not self._is_harmless

    @property
    def found(self) -> tuple[int, str, str] | None:
        """(line, cell, what is wrong) of a column that may matter; None for any other."""
        if self.grave:
            text = "may say that a program is out of play, or wants no mail"
            return self.grave_line, self.grave, text
        if not self._speaks:
            return None
        if self.beyond:
            return self.line, self.example, "holds words of a status"
        return self.line, self.example, "holds check marks, and may be a status"

    @property
    def target(self) -> str:
        """What the column might be, as far as its cells fit."""
        if self.beyond and 2 * self.statuses >= self.filled:
            return "status"
        return "rejected" if 2 * self.marks >= self.filled else "notes"


def _status(text: str) -> Status | None:
    try:
        return read_status(text).status
    except BadCellError:
        return None


class Doubts:
    """The unknown columns of one file, as its rows go by."""

    def __init__(self, columns: Iterator[Column]) -> None:
        self._by_place = {column.place: Doubt(column) for column in columns}

    def look(self, column: Column, line: int, text: str) -> None:
        """Count one cell of an unknown column."""
        self._by_place[column.place].look(line, text)

    def __iter__(self) -> Iterator[Doubt]:
        """The columns, from left to right."""
        return iter(self._by_place.values())
