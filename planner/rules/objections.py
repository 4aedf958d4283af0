"""What free text says against a letter: they said no, want no email, or know already.

People write notes for themselves, and no rule decides by them.  But nobody should send a
letter despite their own note "rejected 11/18" or "emailed the PD": such words are found here,
and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from planner.rules.clues import clues_of
from planner.rules.facts import ContactPolicy, Program, Status
from planner.rules.objection_words import (
    CLAUSES,
    DAY_ALONE,
    TAKEN_BACK,
    THOUGHT,
    WAYS,
    WHOLE,
    Against,
)
from planner.rules.objection_words_abroad import (
    IN_FRENCH,
    IN_GERMAN,
    IN_PORTUGUESE,
    IN_SPANISH,
)
from planner.rules.telling import CLUES, tells

# Ends the name of an extra that keeps the text of a row or column which an import left out.
LEFT_OUT = " (left out)"
# Ends the name of an extra that keeps the comment on a cell.
COMMENT = " (comment)"
LONGEST_WORDS = 80  # characters of a text that are quoted
LONGEST_WORD = 30  # characters of a note that may be one word, perhaps with its day
LONGEST_TEXT = 5_000  # characters that are read: longer text is not a note


class Objection(NamedTuple):
    """One kind of objection against a letter, and the words in the text that express it."""

    kind: Against
    words: str


class _Way(NamedTuple):
    """One pattern of an objection; TOLD in English has none, but a function, `tells`."""

    kind: Against
    source: str = ""


@lru_cache(maxsize=1)  # most commands need none of it
def _ways() -> Mapping[str, Sequence[_Way]]:
    """Return the ways by clues, one of which is in everything that a way matches."""
    found: dict[str, list[_Way]] = {clue: [_Way(Against.TOLD)] for clue in CLUES}
    for kind, source in all_ways():
        for clue in clues_of(source):
            found.setdefault(clue, []).append(_Way(kind, source))
    return found


def all_ways() -> Iterator[tuple[Against, str]]:
    """Yield every pattern with its kind, in all languages."""
    for table in (WAYS, IN_GERMAN, IN_SPANISH, IN_FRENCH, IN_PORTUGUESE):
        for kind, sources in table.items():
            for source in sources:
                yield kind, source


_TAKEN_BACK = re.compile(TAKEN_BACK)
THOUGHTS = re.compile(CLAUSES)  # what separates two thoughts


@lru_cache(maxsize=20_000)
def objections(text: str) -> tuple[Objection, ...]:
    """Return what a text says against a letter, each kind once, in the words of the text.

    >>> [str(found.kind) for found in objections("Withdrew 11/10 - told the PD my score on 11/2")]
    ['out of play', 'told already']
    >>> objections("The PD told me that they never rejected anyone like me")
    ()
    """
    low = text[:LONGEST_TEXT].lower().replace("'", "").replace("’", "")
    words = " ".join(low.split())
    ways = {way for clue, some in _ways().items() if clue in words for way in some}
    if not ways:
        return ()
    found: dict[Against, Objection] = {}
    for part in THOUGHTS.split(low):
        thought = " ".join(part.split()).rstrip(" :-")
        for way in ways if thought else ():
            if way.kind not in found and _says(thought, way):
                found[way.kind] = Objection(way.kind, _quoted(text, thought))
    return tuple(found[kind] for kind in Against if kind in found)


@cache  # as many as there are ways
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


def _says(thought: str, way: _Way) -> bool:
    """Whether a thought speaks against a letter in this way."""
    if not way.source:
        return tells(thought)
    found = _compiled(way.source).finditer(thought)
    if way.kind is Against.NO_MAIL:
        return any(found)
    return any(not _TAKEN_BACK.search(thought, 0, match.start()) for match in found)


def _quoted(text: str, thought: str) -> str:
    """Return the unchanged text if it is short; else the thought, cut to length."""
    words = " ".join(text.split())
    words = words if len(words) <= LONGEST_WORDS else thought
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


class Facts(NamedTuple):
    """The fields of a program that notes may contradict."""

    status: Status | str = Status.APPLIED
    policy: ContactPolicy | str = ContactPolicy.OPEN
    told: bool = False
    director: str = ""
    locked: bool = False
    interview: str = ""
    address: str = ""

    def against(self, kind: Against, words: str = "") -> str:
        """Say what an objection of this kind contradicts; "" if the fields agree with it."""
        if self.status in _OUT or self.policy in _NO_MAIL:
            return ""
        match kind:
            case Against.NO_MAIL:
                not_after = self.policy == ContactPolicy.NOT_AFTER_INTERVIEW
                heeded = not_after and _OF_INTERVIEWS.search(words.lower())
                return "" if heeded else f"contact_policy is {self.policy}"
            case Against.TOLD:
                return "" if self.told else "told_on is empty"
            case Against.LOCKED:
                return "" if self.locked else "rank_list_locked is no"
            case Against.LEFT_OUT:
                return "the row or column that says so was left out"
            case Against.NOT_SEEN:
                return f"interview_date is {self.interview}" if self.interview else ""
            case Against.NOT_YET:
                return "a letter would not wait; take it out of the note once the day has come"
            case Against.UNREACHABLE:
                return f"the letter would go to {self.address}" if self.address else ""
            case Against.LEFT:
                return f"the director is {self.director}" if self.director else ""
            case _:
                return f"status is {self.status}"


class Said(NamedTuple):
    """An objection, the field or column that it is in, and what it contradicts."""

    where: str
    kind: Against
    words: str
    contradicts: str

    def __str__(self) -> str:
        return f'{self.where}: "{self.words}", but {self.contradicts}'


_OF_INTERVIEWS = re.compile(r"interview|\bivs?\b")
_NO_MAIL = frozenset({ContactPolicy.NONE, ContactPolicy.CHANNEL})
_OUT = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.NOT_APPLIED})
REMARKS = ("notes", "reason", "connection")


def unheeded(texts: Mapping[str, str], facts: Facts) -> list[Said]:
    """Return the objections in texts, by field or column, that a program's fields contradict."""
    return [
        Said(where, found.kind, found.words, contradicted)
        for where, text in texts.items()
        for found in _objections_at(where, text)
        if (contradicted := facts.against(found.kind, found.words))
    ]


def _objections_at(where: str, text: str) -> Sequence[Objection]:
    """Return the objections in a text; the text of a left-out row always is one."""
    if where.endswith(LEFT_OUT):
        return (Objection(Against.LEFT_OUT, _quoted(text, text)),)
    return noted(text) if where == "notes" or where.endswith(COMMENT) else objections(text)


_DAY_ALONE = re.compile(DAY_ALONE, re.IGNORECASE)
_BARE = re.compile(r"^\W+|\W+$")  # what is around the only word of a note


@lru_cache(maxsize=20_000)
def noted(text: str) -> tuple[Objection, ...]:
    """What a note says against a letter; the whole of it may be one word, as "R" or "wd".

    >>> [str(found.kind) for found in noted("W/D.")], noted("r/o MI")
    (['out of play'], ())
    >>> [str(found.kind) for found in noted("Nope. (10/19)")]
    ['out of play']
    """
    found: dict[Against, Objection] = {}
    for line in text[:LONGEST_TEXT].splitlines():  # each may be the note of another column
        if whole := _word(line, (WHOLE, THOUGHT)):
            found.setdefault(whole, Objection(whole, line.strip()))
    if found and "\n" not in text.strip():
        return tuple(found.values())
    for said in objections(text):
        found.setdefault(said.kind, said)
    for part in THOUGHTS.split(text[:LONGEST_TEXT]):
        if kind := _word(part, (THOUGHT,)):
            found.setdefault(kind, Objection(kind, _quoted(text, " ".join(part.split()))))
    return tuple(found[kind] for kind in Against if kind in found)


def _word(text: str, tables: Sequence[Mapping[Against, str]]) -> Against | None:
    """Return what a text says that is one word, perhaps with its day; None for any other."""
    if len(text) > LONGEST_WORD:
        return None
    word = (
        _BARE.sub("", _DAY_ALONE.sub("", text, count=1)).lower().replace("'", "").replace("’", "")
    )
    ways = (way for table in tables for way in table.items())
    return next((kind for kind, said in ways if _compiled(said).fullmatch(word)), None)


def unheeded_of(program: Program) -> list[Said]:
    """Return what the notes and extras of a program say against a letter to it."""
    texts = {name: getattr(program, name) for name in REMARKS} | dict(program.extra)
    director = program.director_last_name or program.director_email
    told = program.told_on is not None
    facts = Facts(
        program.status,
        program.contact_policy,
        told,
        director,
        locked=program.rank_list_locked,
        interview=str(program.interview_date or ""),
        address=program.director_email or program.coordinator_email,
    )
    return unheeded(texts, facts)
