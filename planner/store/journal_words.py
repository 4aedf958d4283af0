"""What lines of a journal say: the last word on each message, and what it makes of the letter.

A word is read with suspicion: a line of another shape than any that was ever written is
damage, and no word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from planner.rules.states import GONE, LetterState
from planner.store import journal
from planner.store.send_queue import RECORDED

Columns = dict[str, Any]

# What the journal's last word on a letter makes of it; other words mean that it did not
# leave and may be tried again, as the copy has it.
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

    `record` is the whole letter, `about` only its program and applicant; either may be
    empty if lines are damaged.
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
        """What it makes of the letter; None: nothing."""
        return MEANING.get(self.state)

    def places(self) -> list[tuple[object, ...]]:
        """What can have one letter of an occasion only: its program, and its address."""
        letter, program = self.record.get("letters"), self.record.get("programs")
        if not letter or not program:
            return [(self.message,)]
        about = (letter["season"], letter["attempt"], letter["occasion"])
        keys = ("nrmp_code", "acgme_id", "name_key", "state")
        codes = (program.get(name, "") for name in keys)
        return [(*about, *codes), (*about, letter["to_key"])]


def parse_word(line: journal.Line) -> Word | None:
    """What a line says; None for one of another shape than any that was ever written."""
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
        f"{word.message}{word.why}".encode()  # half a pair of surrogates is damage, too
        set(word.places())
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return word


def _tables(found: Any) -> Mapping[str, Columns]:
    """The columns of a record by table, where it has what `RECORDED` lists."""
    if not found:
        return {}
    tables: dict[str, Columns] = {}
    for table, columns in found.items():
        tables[table] = {name: columns[name] for name in RECORDED[table]}
    return tables


def last_of_each(words: Sequence[Word]) -> list[Word]:
    """Of several letters to one program or address the last that left, or may have.

    The database lets no second one go before the first was said not to have arrived.
    """
    later: set[tuple[object, ...]] = set()
    found = []
    for word in reversed(words):
        if later.isdisjoint(word.places()):
            found.append(word)
        if word.meaning in GONE:
            later.update(word.places())
    return found[::-1]
