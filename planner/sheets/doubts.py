"""Columns that nothing matched, and notes, and what they seem to say all the same.

An unknown column may hold what stands between a program and a letter: that it rejected the
applicant, or wants no mail.  So may the notes, above all where no column gives the status.
Such a column is not passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.rules.facts import Status
from planner.sheets import fields, kinds
from planner.sheets.columns import BY_WISH, Column
from planner.sheets.headings import words_of
from planner.sheets.parsers import cells
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.status import read_status

# A program that is out of play, or wants no mail, whatever the column is called.
OUT_OF_PLAY = re.compile(
    r"reject|declin|withdr|rescind|turned (?:me )?down|\b(?:did|have|has|do)(?:n['’]?t| not)(?: yet)? appl(?:y|ied)\b"
    r"|\bnot (?:yet )?appl(?:y|ied)\b",
    re.IGNORECASE,
)
NO_MAIL = re.compile(
    r"(?<!they )(?<!we )\b(?:do not|don['’]?t|never) (?:contact|e-?mail|call|write|reach out|message)\b"
    r"|\bno (?:contact|e-?mails?|calls?)\b(?: please)?(?!,? (?:address|listed|found|given|yet|info))"
    r"|\bDNC\b",
    re.IGNORECASE,
)
# A header that asks whether the applicant has told them, or written to them.
TOLD = re.compile(
    r"\b(?:told|e ?mailed|notified|informed|messaged|contacted|reached out|letter sent|wrote)\b"
    r"|\b(?:step ?2|ck|scores?|updates?|loi|news|1[89]\d|2\d\d) (?:\w+ )?(?:sent|shared|done)\b"
    r"|\b(?:sent|shared) (?:\w+ ){0,2}(?:step ?2|ck|scores?|updates?|loi|news|1[89]\d|2\d\d)\b"
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
# Whether a program takes part in these is not a status of ours.
_TAKES_PART = frozenset(
    str.split("eras nrmp sfmatch participates participating participation accepts")
)
LONGEST_WORD = 60  # characters: longer text is neither a status nor a mark
MOST_NOTES = 2_000  # notes that are read for a status: nobody keeps more of it there


@dataclass(slots=True)
class Doubt:
    """What the cells of one unknown column looked like, and where.

    `beyond`: a status other than applied, which a program has anyway, is among them.  `alone`:
    no column gives the status, so that notes may be where it is kept.
    """

    column: Column
    alarm: Sequence[re.Pattern[str]]
    alone: bool = False
    filled: int = 0
    notes: int = 0
    marks: int = 0
    statuses: int = 0
    beyond: bool = False
    line: int = 0
    example: str = ""
    grave_line: int = 0
    grave: str = ""
    asks: bool = False
    told: bool = False

    def __post_init__(self) -> None:
        """See whether the header itself speaks of a rejection, or of a wish for no mail."""
        words = words_of(self.column.header)
        self.asks = not self.is_notes and any(p.search(words) for p in self.alarm)
        harmless = not _HARMLESS.isdisjoint(words.split())
        self.told = not self.is_notes and not harmless and bool(TOLD.search(words))

    def look(self, line: int, text: str) -> None:
        """Count one cell."""
        self.filled += 1
        if not self.grave and self._alarms(text):
            self.grave, self.grave_line = text, line
        if len(text) > LONGEST_WORD or self.is_notes:
            return
        self.weigh(line, text)

    def weigh(self, line: int, text: str) -> None:
        """Count what a cell says of the status."""
        status = _status(text)
        self.marks += (is_mark := kinds.is_mark(text))
        self.statuses += status is not None
        beyond = status not in {None, Status.APPLIED}
        if (is_mark or beyond) and (not self.line or (beyond and not self.beyond)):
            self.line, self.example = line, text
        self.beyond = self.beyond or beyond

    def _alarms(self, text: str) -> bool:
        """Whether a cell speaks of a rejection, or fills a column whose header does."""
        if any(pattern.search(text) for pattern in self.alarm):
            return True
        denied = cells.is_no(text) or cells.is_missing(text)
        return (self.asks or self.told) and not denied

    @property
    def is_notes(self) -> bool:
        """Whether it is a column of notes, where most of what stands is only that."""
        return self.column.target == "notes"

    @property
    def _is_out(self) -> bool:
        """Whether the cell that matters speaks of a rejection, or of a wish for no mail."""
        return any(pattern.search(self.grave) for pattern in self.alarm)

    @property
    def _is_harmless(self) -> bool:
        harmless = _HARMLESS if self.beyond else _HARMLESS | _TAKES_PART
        return not harmless.isdisjoint(words_of(self.column.header).split())

    @property
    def _speaks(self) -> bool:
        """Whether most cells are words of a status, or marks that may be one."""
        if self.is_notes:
            return self.beyond and 2 * self.statuses > self.notes
        most = 2 * (self.statuses + self.marks) > self.filled
        return most and bool(self.beyond or self.marks) and not self._is_harmless

    @property
    def found(self) -> tuple[int, str, str] | None:
        """(line, cell, what is wrong) of a column that may matter; None for any other."""
        if self.grave:
            one = "one" if self.is_notes else "it"
            text = f"{one} may say that a program is out of play, or wants no mail"
            if self.told and not self._is_out:
                text = "it may say that you have told a program already"
            return self.grave_line, self.grave, text
        if not self._speaks:
            return None
        if self.is_notes:
            return self.line, self.example, "most are words of a status, which no column gives"
        if self.beyond:
            return self.line, self.example, "it holds words of a status"
        return self.line, self.example, "it holds check marks, and may be a status"

    @property
    def target(self) -> str:
        """What the column might be, as far as its cells fit."""
        if self.told and not self._is_out:
            return "told_on"
        if self.is_notes or (self.beyond and 2 * self.statuses >= self.filled):
            return "status"
        return "rejected" if 2 * self.marks >= self.filled else "notes"


def _status(text: str) -> Status | None:
    try:
        return read_status(text).status
    except BadCellError:
        return None


# Columns of which one says that a program is out of play, so that notes need not.
_SAY_OUT = frozenset({"status", fields.STATUS_TOO, Status.REJECTED, Status.WITHDRAWN})
_SAY_STATUS = _SAY_OUT | frozenset(Status)


class Doubts:
    """The unknown columns of one file, and its notes, as its rows go by."""

    def __init__(self, columns: Sequence[Column]) -> None:
        targets = {column.target for column in columns}
        of_notes = [] if "contact_policy" in targets else [NO_MAIL]
        of_notes += [] if targets & _SAY_OUT else [OUT_OF_PLAY]
        alone = not targets & _SAY_STATUS
        self._by_place = {
            column.place: Doubt(
                column, (NO_MAIL, OUT_OF_PLAY) if column.target is None else of_notes, alone
            )
            for column in columns
            if (column.target is None and not column.is_remark)
            or (column.target == "notes" and column.how not in BY_WISH)
        }

    def alarm(self, column: Column) -> Sequence[re.Pattern[str]]:
        """What may not be passed over in the cells of a column of notes."""
        doubt = self._by_place.get(column.place)
        return doubt.alarm if doubt is not None and doubt.is_notes else ()

    def skim(self, column: Column, lines: Sequence[int], texts: Sequence[str]) -> None:
        """Weigh notes, where no column gives the status and so they may."""
        doubt = self._by_place.get(column.place)
        if doubt is None or not (doubt.is_notes and doubt.alone):
            return
        for line, text in zip(lines, map(str.strip, texts), strict=True):
            if text and doubt.notes < MOST_NOTES:
                doubt.notes += 1
                if len(text) <= LONGEST_WORD:
                    doubt.weigh(line, text)

    def look(self, column: Column, line: int, text: str) -> None:
        """Count one cell of an unknown column."""
        self._by_place[column.place].look(line, text)

    @property
    def asked(self) -> frozenset[str]:
        """The unknown columns of which a cell stops the import, by name."""
        doubts = self._by_place.values()
        return frozenset(d.column.name for d in doubts if d.grave and not d.is_notes)

    def __iter__(self) -> Iterator[Doubt]:
        """The columns, from left to right."""
        return iter(self._by_place.values())
