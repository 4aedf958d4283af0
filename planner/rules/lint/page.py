"""One letter as its reader will see it, and whose words and names are in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import Indel

from planner.rules.case import Case
from planner.rules.facts import LetterKind, Program
from planner.rules.lint.flowed import in_small
from planner.rules.lint.names import Squeezed, forms, key_of, spelled
from planner.rules.lint.part import Hit, Part, Span
from planner.rules.lint.phrases import clues_in, phrases
from planner.rules.lint.spelling import as_read
from planner.rules.wording import flow

_CLOSING = re.compile(
    r"(?:(?:yours|warm|warmest|kind|kindest|best|many|with|in|very|sincere|deep) )*"
    r"(?:sincerely|regards|respectfully|thanks|thank you|best|wishes|yours|warmly|gratefully"
    r"|gratitude|appreciation|cordially|cheers|faithfully|truly)(?: yours)? ?,?",
    re.IGNORECASE,
)
_GREETING = re.compile(r"(?:dear|hello|hi|good (?:morning|afternoon|day)|to whom)\b", re.IGNORECASE)
# What may stand below the name: "P.S. ...", or a line that is a sentence.
_POSTSCRIPT = re.compile(r"\W{0,3}(?:(?:p\.? ?){1,3}s\b|postscript|n\.? ?b\b)", re.IGNORECASE)
# Bounded at both ends: a line of 20,000 letters or words is looked through in no time, too.
_SENTENCE = re.compile(r"(?<![A-Za-z'-])[A-Za-z'-]+(?:,? [\w'%-]+){4,40}[.!?]")
_WORD = re.compile(r"\S+")
# How a reason begins that its letter begins for it.
_LEAD = re.compile(r"\A(?:[-*•–] *)?(?:because of|because|due to|since|of) ", re.IGNORECASE)
# Whom a name of our own means, in a text where it is blanked out.
_OURS, _PERSON, _CITY = "\x01", "\x02", "\x03"
TITLE_BEFORE = re.compile(
    r"(?:\b(?:Drs?|Doctors?|Prof|Professors?|Mr|Mrs|Ms|Mx|Director|Chair(?:man|woman)?|PD)\b\.?)"
    r"(?: [\w.'-]+){0,3} $",
    re.IGNORECASE,
)


# Text longer than this is not a letter; nothing after it is looked at.
MOST_READ = 20_000


class Written(NamedTuple):
    """What the templates would write today: an edited letter is held against it."""

    subject: str
    body: str


class _Reading(NamedTuple):
    """A text that phrases are sought in, and where in its part it begins."""

    part: Part
    at: int
    text: str
    low: str


class _Sought(NamedTuple):
    """Texts that phrases are sought in, with the clues that they hold."""

    readings: Sequence[_Reading]
    clues: frozenset[str]


@dataclass(frozen=True)
class Page:
    """One letter as its reader will see it; `written` is given where a person edited it."""

    kind: LetterKind
    subject: str
    body: str
    to: tuple[str, ...]
    case: Case
    cc: tuple[str, ...] = ()
    written: Written | None = None

    @property
    def program(self) -> Program:
        """The program that the letter goes to."""
        return self.case.program

    @cached_property
    def head(self) -> Part:
        """The subject."""
        return Part("subject", self.subject[:MOST_READ])

    @cached_property
    def text(self) -> Part:
        """The body, as far as it is read."""
        return Part("body", self.body[:MOST_READ])

    @property
    def parts(self) -> tuple[Part, Part]:
        """Subject and body."""
        return self.head, self.text

    @cached_property
    def _lines(self) -> Sequence[tuple[int, str]]:
        """The lines of the body without needless blanks, each with where it begins."""
        found, at = [], 0
        for line in self.text.flowed.original.splitlines(keepends=True):
            found.append((at, flow(line)))
            at += len(line)
        return found

    @cached_property
    def _greeting(self) -> tuple[int, str]:
        """Where the first line ends and what it is, if it greets somebody."""
        at, line = next(((at, line) for at, line in self._lines if line), (0, ""))
        after = self.text.flowed.original.find("\n", at)
        return (after, line) if after >= 0 and _GREETING.match(spelled(line)) else (0, "")

    @property
    def greeting(self) -> str:
        """The first line, where it greets somebody; else nothing."""
        return self._greeting[1]

    @cached_property
    def _closing(self) -> int:
        """Where the closing ("Sincerely" and the like) begins: the last such line."""
        found = [at for at, line in self._lines if len(line) < 60 and _CLOSING.fullmatch(line)]
        return found[-1] if found else len(self.text.flowed.original)

    @property
    def message(self) -> str:
        """The paragraphs between salutation and closing."""
        return self.text.flowed.original[self._greeting[0] : self._closing]

    @property
    def message_span(self) -> Span:
        """The same in the flowed body."""
        at = self.text.flowed.at
        return Span(at(self._greeting[0]), at(self._closing))

    @cached_property
    def postscript(self) -> Span:
        """What is said below the closing, in the flowed body; a signature says nothing."""
        end = len(self.text.text)
        for at, line in self._lines:
            if at > self._closing and (_POSTSCRIPT.match(line) or _SENTENCE.search(line)):
                return Span(self.text.flowed.at(at), end)
        return Span(end, end)

    @cached_property
    def own_words(self) -> Sequence[tuple[Part, Span]]:
        """What the applicant wrote: cells of the list, postscript, whatever was edited."""
        said = self.program.reason, self.program.connection, self.program.impression
        found = [*self.cells(*said), self.postscript]
        return [
            *((self.text, span) for span in found if span.start < span.end),
            *self._edited(),
        ]

    def _edited(self) -> Iterator[tuple[Part, Span]]:
        """What an edit added, but for salutation and signature, and for a word or two."""
        if self.written is None:
            return
        first, last = self.message_span
        for part, template in zip(self.parts, self.written, strict=True):
            for start, end in _added(as_read(template).text, part.text):
                span = Span(start, end)
                if part is self.text:
                    span = Span(max(start, first), min(end, last))
                if part.text[slice(*span)].count(" ") > 1:
                    yield part, span

    def cells(self, *texts: str) -> Iterator[Span]:
        """Where the body says what a cell of the sheet or a key of the config says."""
        for text in texts:
            words = _LEAD.sub("", spelled(text)).rstrip(" .!?;,")
            at = self.text.low.find(words.lower()) if words else -1
            if at >= 0:
                yield Span(at, at + len(words))

    def is_own(self, part: Part, start: int, end: int) -> bool:
        """Whether a place lies in the applicant's own words."""
        return any(p is part and a <= start and end <= b for p, (a, b) in self.own_words)

    @cached_property
    def own_names(self) -> Squeezed:
        """Names that belong into this letter, to look for others inside them."""
        program = self.program
        names = (
            program.program,
            program.institution,
            program.city,
            program.state,
            self.case.applicant.name,
            self.case.specialty.letter_name,
            program.coordinator_name,
        )
        return Squeezed("\n".join(map(spelled, names)))

    def is_ours(self, key: str) -> bool:
        """Whether a name is one of ours, or a part of it."""
        return any(self.own_names.spans(key))

    @cached_property
    def _masked(self) -> dict[Part, str]:
        """Subject and body with our own names blanked out, each by the mark that stands for it."""
        found = {}
        for part in self.parts:
            letters = list(part.text)
            for start, end, mark in self._names_in(part):
                letters[start:end] = mark * (end - start)
            found[part] = "".join(letters)
        return found

    def _names_in(self, part: Part) -> Iterator[tuple[int, int, str]]:
        program, applicant = self.program, self.case.applicant
        city = key_of(spelled(program.city))
        for name in (program.program, program.institution):
            for form in forms(name, frozenset({city})):
                yield from _marked(part, form.key, _OURS, alone=form.alone)
        for text in (applicant.name, applicant.phone, program.coordinator_name):
            yield from _marked(part, key_of(spelled(text)), _PERSON)
        yield from _marked(part, city, _CITY, alone=True)
        last = key_of(spelled(program.director_last_name))
        first = spelled(program.director_first_name).split()
        for start, end, mark in _marked(part, last, _PERSON):
            if title := TITLE_BEFORE.search(part.text, max(0, start - 40), start):
                ours = title[0].split()[1:] in ([], first)  # not "Drs. Young and Long"
                yield title.start() if ours else start, end, mark

    def names_us(self, part: Part, start: int, end: int) -> bool:
        """Whether a place lies wholly inside a name of our own."""
        return not self._masked[part][start:end].strip(_OURS + _PERSON + _CITY)

    @cached_property
    def _whole(self) -> _Sought:
        """Subject and body with own names blanked out."""
        masked = self._masked.items()
        readings = [_Reading(part, 0, text, in_small(text)) for part, text in masked]
        return _Sought(readings, clues_in(_together(readings)))

    @cached_property
    def _own(self) -> _Sought:
        """The applicant's own words in the same way."""
        whole = {reading.part: reading for reading in self._whole.readings}
        readings = [
            _Reading(part, start, whole[part].text[start:end], whole[part].low[start:end])
            for part, (start, end) in self.own_words
        ]
        return _Sought(readings, clues_in(_together(readings), own=True))

    def hits(self, code: str) -> Iterator[Hit]:
        """Every phrase of a code in subject and body; what overlaps is one hit."""
        found: dict[Part, list[tuple[int, int]]] = {}
        for phrase in phrases(code):
            readings, clues = self._own if phrase.own else self._whole
            for part, at, text, low in readings:
                for way in phrase.ways:
                    for start, end in way.spans(text if phrase.as_written else low, clues):
                        found.setdefault(part, []).append((start + at, end + at))
        for part, spans in found.items():
            yield from (part.hit(start, end) for start, end in _joined(sorted(spans)))

    def foreign(self, pattern: re.Pattern[str]) -> Iterator[tuple[Part, int, int]]:
        """Matches in subject and body that do not lie wholly inside a name of our own."""
        for part in self.parts:
            for match in pattern.finditer(part.text):
                if not self.names_us(part, *match.span()):
                    yield part, *match.span()


def _together(readings: Sequence[_Reading]) -> str:
    return "\n".join(reading.low for reading in readings)


def _marked(
    part: Part, key: str, mark: str, *, alone: bool = False
) -> Iterator[tuple[int, int, str]]:
    """Where a name stands; one word that is `alone` may be ordinary, so it needs its capital."""
    for start, end in part.squeezed.spans(key):
        if not alone or part.text[start].isupper():
            yield start, end, mark


def _joined(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    first, last = spans[0]
    for start, end in spans[1:]:
        if start >= last:
            yield first, last
            first = start
        last = max(last, end)
    yield first, last


def _added(template: str, text: str) -> Iterator[Span]:
    """What a text says that its template does not, word by word; two words between join two pieces."""
    old = _WORD.findall(template)
    new = list(_WORD.finditer(text))
    last = None
    for step in Indel.opcodes(old, [word[0] for word in new]):
        if step.tag != "insert":
            continue
        first = step.dest_start
        if last is not None and first - last[1] <= 2:
            first = last[0]
        elif last is not None:
            yield Span(new[last[0]].start(), new[last[1] - 1].end())
        last = (first, step.dest_end)
    if last is not None:
        yield Span(new[last[0]].start(), new[last[1] - 1].end())
