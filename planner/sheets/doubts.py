"""Unknown columns and notes that seem to say something that matters.

An unknown column may hold the reason not to write to a program: that it rejected the
applicant, or wants no email.  So may the notes, above all if no column gives the status.
Such a column is never ignored silently.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from planner.rules.facts import Status
from planner.rules.objections import noted
from planner.sheets import fields, kinds
from planner.sheets.columns import BY_WISH, Column
from planner.sheets.headings import target_of, words_of
from planner.sheets.parsers import cells
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.dates import ANYWHERE as DATE
from planner.sheets.parsers.dates import is_told
from planner.sheets.parsers.status import read_status

# Words for a program that is out of play, or wants no email, whatever the column is called.
OUT_OF_PLAY = re.compile(
    r"reject|declin|withdr|rescind|turned (?:me )?down|\b(?:did|have|has|do)(?:n['’]?t| not)(?: yet)? appl(?:y|ied)\b"
    r"|\bnot (?:yet )?appl(?:y|ied)\b"
    r"|\babsagen?\b|\babgesagt\b|\babgelehnt\b|\bablehnung\b|zur(?:ü|ue|u)ckgezogen|rechaz|\bdenegad[oa]\b"
    r"|\bretirad[oa]\b|\brefus(?:é|ée|és|ado|ada)?\b|\brejet[ée]|\bd[ée]sist|\brecusad[oa]|\brejeitad[oa]",
    re.IGNORECASE,
)
NO_MAIL = re.compile(
    r"\b(?=[dnk])(?:"  # which is looked for first, because many notes are read
    r"(?<!they )(?<!we )(?:do not|don['’]?t|never) (?:contact|(?:e-?)?mail|call|write|reach out|message|text|ping)\b"
    r"|no (?:contact|(?:e[- ]?)?mails?|calls?)\b(?: please)?(?!,? (?:address|listed|found|given|yet|info))"
    r"|DNC\b|do not disturb\b"
    r"|nicht (?:an)?(?:kontaktieren|mailen|schreiben|rufen)\b|keine? (?:e-?)?mails?\b"
    r"|no (?:contactar|escribir|enviar)\b|ne pas (?:contacter|[ée]crire)\b"
    r"|n[ãa]o (?:conta(?:c)?tar|escrever|enviar)\b)",
    re.IGNORECASE,
)
# A header that asks whether the applicant has told them, or written to them.
TOLD = re.compile(
    r"\b(?:told|(?:e ?)?mailed|notified|informed|messaged|contacted|reached out|letter sent|wrote|intimated|apprised)\b"
    r"|\b(?:step ?2|ck|scores?|results?|updates?|loi|news|1[89]\d|2\d\d) (?:\w+ )?(?:sent|shared|done|conveyed|communicated|given)\b"
    r"|\b(?:gemeldet|mitgeteilt|informiert|benachrichtigt|gemailt|avisad[oa]s?|informad[oa]s?|notificad[oa]s?)\b"
    r"|\b(?:angeschrieben|kontaktiert|bescheid|conta(?:c)?tad[oa]s?|contacte[es]?|informe[es]?|avise[es]?)\b"
    r"|\b(?:correo|courriel|e ?mail|mail|carta|lettre|brief) (?:\w+ )?(?:geschickt|gesendet|enviad[oa]|envoye|am)\b"
    r"|^(?:first|last|latest|most recent|recent|1st|2nd|second) (?:contact|e ?mail|message|outreach)$"
    r"|\b(?:pinged|communicated|outreach|dmd|called|phoned|texted|spoke|follow(?:ed)? up|contact made)\b"
    r"|\b(?:pd|apd|they|program|dr \w+) knows?\b|\bknows? (?:about )?(?:my|the) (?:score|step ?2|ck|result)"
    r"|^(?:date )?sent(?: on| date)?$|^(?:phone )?calls?(?: made| date)?$|^written(?: to)?(?: them)?$"
    r"|\b(?:mail|msg|message|letter|email|intent|interest|note) (?:\d )?sent\b|\bsent (?:\w+ )?(?:e ?mail|msg|message|letter)\b"
    r"|^(?:update )?e ?mails? (?:\d|date|update)$|^update e ?mails?$|^updated$"
    r"|\b(?:score|scores|step ?2|ck|result) (?:\w+ )?(?:reported|released|uploaded|submitted)\b"
    r"|\b(?:reported|uploaded|submitted) (?:\w+ )?(?:score|scores|step ?2|ck)\b"
    r"|\b(?:sent|shared) (?:\w+ ){0,2}(?:step ?2|ck|scores?|updates?|loi|news|1[89]\d|2\d\d)\b"
)
# A header under which a day may be that of a letter, though other words may be anything.
MAY_BE_TOLD = re.compile(
    r"(?:(?:last|first|latest|my|score|step ?2|ck|post iv|post interview|interest|intent|thalamus|eras) )*"
    r"(?:touch(?:point|ed)?|lois?|letters?(?: of (?:intent|interest|continued interest))?|updates?|intent"
    r"|interest|e ?mails?|messages?|1[89]\d|2\d\d)(?: (?:\d|date|on|log|to pd|to them))*"
)
# A header that asks what they want after the interview; "none" below it may mean none then.
AFTER = re.compile(
    r"\b(?:post|after) (?:the )?(?:interview|iv) (?:communications?|contact|correspondence|updates?|policy|e ?mails? (?:policy|ok|allowed))\b"
)
# Words in headers of questions whose answer says nothing about the status.
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
# "DO" is a degree, but not in "Do not rank".
_NO_DEGREE = re.compile(r"\bdo (?=not|nt|they|i|we|you|these)")


def _is_about(topics: Collection[str], words: str) -> bool:
    """Whether a header is about one of these topics.

    >>> _is_about({"do"}, "do friendly"), _is_about({"do"}, "do not rank")
    (True, False)
    """
    return not set(topics).isdisjoint(_NO_DEGREE.sub("", words).split())


# Whether a program takes part in these is not a status.
_TAKES_PART = frozenset(
    str.split("eras nrmp sfmatch participates participating participation accepts")
)
LONGEST_WORD = 60  # characters: longer text is neither a status nor a mark
FITTING = 0.9  # of the cells, to be called a status beside another one
MOST_NOTES = 2_000  # notes to read for a status; nobody has more


@dataclass(slots=True)
class Doubt:
    """What the cells of one unknown column look like.

    `beyond`: some cells are a status other than applied, which every program has anyway.
    `alone`: no column gives the status, so the notes may hold it.  `line` and `example` are
    the first cell that may be a status; `grave` is one that may stop a letter.
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
    may_be_told: bool = False
    wishes: bool = False
    of_stage: bool = False

    def __post_init__(self) -> None:
        """Check whether the header itself speaks of a rejection, or of a wish for no email."""
        words = words_of(self.column.header)
        self.asks = not self.is_notes and any(p.search(words) for p in self.alarm)
        harmless = _is_about(_HARMLESS, words)
        of_theirs = self.is_notes or harmless
        self.told = not of_theirs and bool(TOLD.search(words))
        self.of_stage = _status(self.column.header) is not None
        self.wishes = not self.is_notes and bool(AFTER.search(words))
        self.may_be_told = not of_theirs and bool(MAY_BE_TOLD.fullmatch(words))

    def look(self, line: int, text: str) -> None:
        """Count one cell."""
        self.filled += 1
        if not self.grave and self.alarms(text):
            self.grave, self.grave_line = text, line
        if len(text) > LONGEST_WORD or self.is_notes:
            return
        self.weigh(line, text)

    def weigh(self, line: int, text: str) -> None:
        """Count what a cell says about the status."""
        status = _status(text)
        is_mark = kinds.is_mark(text) or (
            self.of_stage and (cells.is_yes(text) or cells.is_no(text))
        )
        self.marks += is_mark
        self.statuses += status is not None
        beyond = status not in {None, Status.APPLIED}
        if (is_mark or beyond) and (not self.line or (beyond and not self.beyond)):
            self.line, self.example = line, text
        self.beyond = self.beyond or beyond

    def alarms(self, text: str) -> bool:
        """Whether a cell speaks of a rejection, or is filled below a header that does."""
        if any(pattern.search(text) for pattern in self.alarm):
            return True
        if self.wishes:
            return True
        if cells.is_no(text) or cells.is_missing(text):
            return False
        if self.may_be_told and len(text) <= LONGEST_WORD and _is_told(text):
            self.told = True
        return self.asks or self.told

    @property
    def is_notes(self) -> bool:
        """Whether it is a column of notes, most of which say nothing about the status."""
        return self.column.target in fields.NOTES

    @property
    def _is_out(self) -> bool:
        """Whether the cell that matters speaks of a rejection, or of a wish for no email."""
        return any(pattern.search(self.grave) for pattern in self.alarm)

    @property
    def _is_harmless(self) -> bool:
        harmless = _HARMLESS if self.beyond else _HARMLESS | _TAKES_PART
        return _is_about(harmless, words_of(self.column.header))

    @property
    def _speaks(self) -> bool:
        """Whether most cells are status words, or marks that may be one."""
        if self.is_notes:
            return self.beyond and 2 * self.statuses > self.notes
        most = 2 * (self.statuses + self.marks) > self.filled
        return most and bool(self.beyond or self.marks) and not self._is_harmless

    @property
    def found(self) -> tuple[int, str, str] | None:
        """(line, cell, what is wrong) of a column that may matter; None if it does not."""
        if self.grave:
            one = "one" if self.is_notes else "it"
            text = f"{one} may say that a program is out of play, or wants no email"
            if self.told and not self._is_out:
                text = "it may say that you have told a program already"
            return self.grave_line, self.grave, text
        if not self._speaks:
            return None
        if self.is_notes:
            return self.line, self.example, "most are status words, and no column gives the status"
        if self.beyond:
            return self.line, self.example, "it holds status words"
        return self.line, self.example, "it holds check marks, and may be a status"

    @property
    def is_of_marks(self) -> bool:
        """Whether it is asked about only because most of its cells are check marks."""
        return not self.grave and not self.is_notes and not self.beyond

    @property
    def target(self) -> str:
        """The field that the column might be, judging by its cells."""
        if self.wishes:
            return "contact_policy"
        if self.told and not self._is_out:
            return "told_on"
        least = 0.5 if self.alone else FITTING  # beside a status, it may well be notes
        if self.is_notes or (self.beyond and self.statuses >= least * self.filled):
            return "status"
        is_stage = self.asks or self.of_stage
        if 2 * self.marks < self.filled or not is_stage:
            return "notes"  # what a yes means there, only a person can say
        return Status.REJECTED.value


def _is_told(text: str) -> bool:
    """Whether a cell has the day of a letter: "11/3", "sent 11/3"."""
    return kinds.KINDS["dates"](text) or (DATE.search(text) is not None and is_told(text))


def _status(text: str) -> Status | None:
    try:
        return read_status(text).status
    except BadCellError:
        return None


# If there is one of these columns, a rejection need not be looked for in the notes.
_SAY_OUT = frozenset({"status", fields.STATUS_TOO, Status.REJECTED, Status.WITHDRAWN})
_SAY_STATUS = _SAY_OUT | frozenset(Status)


class Doubts:
    """The unknown columns and the notes of one file, judged row by row."""

    def __init__(self, columns: Sequence[Column]) -> None:
        targets = {column.target for column in columns}
        of_notes = [] if "contact_policy" in targets else [NO_MAIL]
        of_notes += [] if targets & _SAY_OUT else [OUT_OF_PLAY]
        alone = not targets & _SAY_STATUS
        self._left_out: dict[int, Doubt] = {}
        self._by_place = {
            column.place: Doubt(
                column, (NO_MAIL, OUT_OF_PLAY) if column.target is None else of_notes, alone
            )
            for column in columns
            if (column.target is None and not column.is_remark)
            or (column.target in fields.NOTES and column.how not in BY_WISH)
        }

    def alarm(self, column: Column) -> Sequence[re.Pattern[str]]:
        """Return the patterns that must not be ignored in a column of notes."""
        doubt = self._by_place.get(column.place)
        return doubt.alarm if doubt is not None and doubt.is_notes else ()

    def skim(self, column: Column, lines: Sequence[int], texts: Sequence[str]) -> None:
        """Look for a status in notes, if no column gives it."""
        doubt = self._by_place.get(column.place)
        if doubt is None or not (doubt.is_notes and doubt.alone):
            return
        for line, text in zip(lines, map(str.strip, texts), strict=True):
            if text and doubt.notes < MOST_NOTES:
                doubt.notes += 1
                if len(text) <= LONGEST_WORD:
                    doubt.weigh(line, text)

    def speaks(self, column: Column, text: str) -> bool:
        """Whether a cell of a column that is left out speaks against a letter."""
        watched = self._left_out.get(column.place)
        if watched is None:
            watched = self._left_out[column.place] = Doubt(column, (NO_MAIL, OUT_OF_PLAY))
        # A bare no is an answer to the header, but in notes it is their answer.
        is_answer = cells.is_no(text) and target_of(column.header) not in fields.NOTES
        return watched.alarms(text) or (not is_answer and bool(noted(text)))

    def look(self, column: Column, line: int, text: str) -> None:
        """Count one cell of an unknown column."""
        self._by_place[column.place].look(line, text)

    @property
    def asked(self) -> frozenset[str]:
        """The names of unknown columns with a cell that stops the import."""
        doubts = self._by_place.values()
        return frozenset(d.column.name for d in doubts if d.grave and not d.is_notes)

    def __iter__(self) -> Iterator[Doubt]:
        """The columns, from left to right."""
        return iter(self._by_place.values())
