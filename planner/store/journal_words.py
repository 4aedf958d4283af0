"""What the lines of a journal say about each message, and what state they put its letter in.

Lines are read with suspicion: one in a shape that was never written is damaged, and ignored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from planner.rules.states import GONE, LetterState
from planner.store import journal
from planner.store.send_queue import RECORDED

Columns = dict[str, Any]

# The state that the journal's last word gives a letter.  Any other word means that it did
# not leave and may be tried again; then it stays as the restored copy has it.
MEANING = {
    LetterState.COMMITTING.value: LetterState.UNKNOWN,
    LetterState.UNKNOWN.value: LetterState.UNKNOWN,
    LetterState.SENT.value: LetterState.SENT,
    LetterState.EXPORTED.value: LetterState.EXPORTED,
    LetterState.REFUSED.value: LetterState.REFUSED,
}


@dataclass(slots=True)
class Word:
    """The journal's last word on one message: its line, its state, and whose letter it was.

    `record` is the whole letter, `about` only its program and applicant; either is empty if
    its line is damaged.
    """

    message: str
    line: int
    at: str
    state: str
    why: str
    record: Mapping[str, Columns] = field(default_factory=dict)
    about: Mapping[str, Columns] = field(default_factory=dict)

    @property
    def meaning(self) -> LetterState | None:
        """The state that the letter gets from this word; None if it changes nothing."""
        return MEANING.get(self.state)

    def places(self) -> list[tuple[object, ...]]:
        """The keys that only one letter of an occasion may have: its program, its address."""
        letter, program = self.record.get("letters"), self.record.get("programs")
        if not letter or not program:
            return [(self.message,)]
        about = (letter["season"], letter["attempt"], letter["occasion"])
        keys = ("nrmp_code", "acgme_id", "name_key", "state")
        codes = (program.get(name, "") for name in keys)
        return [(*about, *codes), (*about, letter["to_key"])]


def parse_word(line: journal.Line) -> Word | None:
    """Parse a line; None for one in a shape that was never written."""
    try:
        word = Word(
            str(line["message_id"]),
            line["n"],
            str(line["at"]),
            str(line["state"]),
            str(line.get("why", "")),
            _tables(line.get("record")),
            _tables(line.get("about")),
        )
        journal.moment(word.at)
        f"{word.message}{word.why}".encode()  # a lone surrogate is damage, too
        set(word.places())
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return word


def _tables(found: Any) -> Mapping[str, Columns]:
    """The columns of a record, by table.  Raises KeyError if one of `RECORDED` is missing."""
    if not found:
        return {}
    tables: dict[str, Columns] = {}
    for table, columns in found.items():
        tables[table] = {name: columns[name] for name in RECORDED[table]}
    return tables


def last_of_each(words: Sequence[Word]) -> list[Word]:
    """For each program and address, keep the last letter that left or may have left.

    A second one could leave only after the user said that the first had not arrived.
    """
    later: set[tuple[object, ...]] = set()
    found = []
    for word in reversed(words):
        if later.isdisjoint(word.places()):
            found.append(word)
        if word.meaning in GONE:
            later.update(word.places())
    return found[::-1]
