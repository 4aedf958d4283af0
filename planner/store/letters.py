"""Letters: read as values, moved, thawed; over the driver alone, so that this starts at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from planner.errors import UnknownNameError
from planner.rules.facts import LetterKind, Occasion, OccasionKind
from planner.rules.planning import LetterFact
from planner.rules.states import DUE, LetterState
from planner.store import moves, retired
from planner.store.moves import MoveRefusedError, moment
from planner.store.sqlite import sqlite3, word_of


class Letter(NamedTuple):
    """A letter as it is stored, without its wire bytes."""

    id: int
    program_id: int
    program: str
    acgme_id: str
    letter: LetterKind
    picked: LetterKind
    rule: str
    state: LetterState
    subject: str
    body: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    facts: Mapping[str, str]
    chosen: bool
    edited: bool
    stale: bool
    undecided: bool
    findings: Sequence[Mapping[str, str]]
    overrides: Sequence[Mapping[str, str]]
    content_digest: str
    shown_digest: str | None
    digest: str | None
    message_id: str | None
    in_reply_to: str | None
    account: str | None
    approved_at: datetime | None
    date_header: str | None
    token: int
    attempts: int
    first_attempt_at: datetime | None
    next_attempt_at: datetime | None
    sent_at: datetime | None
    last_reply: str | None
    held_because: str | None
    occasion: Occasion

    def fact(self) -> LetterFact:
        """What a plan needs to know of it."""
        return LetterFact(
            id=self.id,
            program_id=self.program_id,
            program=self.program,
            occasion=self.occasion,
            kind=self.letter,
            state=self.state,
            to=self.to,
            cc=self.cc,
            subject=self.subject,
            message_id=self.message_id or "",
        )

    @property
    def waits(self) -> bool:
        """Whether it has not left yet, and still may."""
        return self.state in DUE or self.state is LetterState.DRAFT

    def due(self, now: datetime) -> bool:
        """Whether nothing but a gate stands against trying it now, where its state allows it."""
        return self.next_attempt_at is None or self.next_attempt_at <= now


class Draft(NamedTuple):
    """A letter that is rendered anew: everything that rendering decides."""

    program_id: int
    occasion: Occasion
    letter: LetterKind
    picked: LetterKind
    rule: str
    subject: str
    body: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    facts: Mapping[str, str]
    content_digest: str
    findings: Sequence[Mapping[str, str]]
    in_reply_to: str | None


# Columns that are not fields of the same name, and where the fields come from.
_ELSEWHERE = {
    "program": "programs.program",
    "acgme_id": "programs.acgme_id",
    "to": "to_addresses",
    "cc": "cc_addresses",
}
_OCCASION = ("letters.occasion", "letters.season", "letters.attempt")
_FIELDS = tuple(name for name in Letter._fields if name != "occasion")
_READ = ", ".join(
    (*(_ELSEWHERE.get(name, f"letters.{name}") for name in _FIELDS), *_OCCASION),
)
_NOTHING: dict[str, Any] = {"[]": (), "{}": {}}


def _parsed(text: str) -> Any:
    """Stored JSON; most letters have no finding and no override."""
    return json.loads(text) if text not in _NOTHING else _NOTHING[text]


def _overrides(text: str) -> Sequence[Mapping[str, str]]:
    """The findings that may stand; of before, when a code stood for all of them, nothing."""
    found = _parsed(text)
    return found if isinstance(found, list) else ()


# How a stored value becomes a field's; what is not listed stays as it is.
_GIVEN_BACK: dict[str, Any] = {
    **dict.fromkeys(("letter", "picked"), word_of(LetterKind)),
    "state": word_of(LetterState),
    **dict.fromkeys(("to", "cc"), lambda text: tuple(_parsed(text))),
    **dict.fromkeys(("facts", "findings"), _parsed),
    "overrides": _overrides,
    **dict.fromkeys(("chosen", "edited", "stale", "undecided"), bool),
    **dict.fromkeys(("approved_at", "first_attempt_at", "next_attempt_at", "sent_at"), moment),
}
_CONVERSIONS = tuple(
    (i, _GIVEN_BACK[name]) for i, name in enumerate(_FIELDS) if name in _GIVEN_BACK
)


def find(
    db: sqlite3.Connection,
    *,
    ids: Collection[int] | None = None,
    states: Collection[LetterState] | None = None,
) -> list[Letter]:
    """Letters in the order of their numbers; each filter narrows."""
    query = f"SELECT {_READ} FROM letters JOIN programs ON programs.id = letters.program_id"  # noqa: S608 - names of columns
    narrowed: list[str] = []
    values: list[str] = []
    if ids is not None:
        narrowed.append("letters.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(ids)))
    if states is not None:
        narrowed.append("letters.state IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(states)))
    where = f" WHERE {' AND '.join(narrowed)}" if narrowed else ""
    return [_letter(row) for row in db.execute(f"{query}{where} ORDER BY letters.id", values)]


def _letter(row: Sequence[Any]) -> Letter:
    values = list(row)
    kind, season, attempt = values[-3:]
    for place, give_back in _CONVERSIONS:
        values[place] = give_back(values[place])
    values[-3:] = [_occasion(kind, season, attempt)]
    return Letter(*values)


@cache  # a database has a handful
def _occasion(kind: str, season: int, attempt: int) -> Occasion:
    return Occasion(OccasionKind(kind), season, attempt)


def numbered(db: sqlite3.Connection, ids: Collection[int]) -> list[Letter]:
    """The letters with these numbers.  Raises UnknownNameError for one that is not there."""
    found = find(db, ids=ids)
    refuse_missing(ids, found)
    return found


def refuse_missing(ids: Iterable[int], found: Iterable[Letter]) -> None:
    """Raise UnknownNameError for a number that none of the letters has."""
    if missing := sorted(set(ids) - {letter.id for letter in found}):
        raise UnknownNameError(
            f"There {'are no letters' if len(missing) > 1 else 'is no letter'}"
            f" {', '.join(map(str, missing[:5]))}"
            + (f" and {len(missing) - 5} more." if len(missing) > 5 else "."),
            hint="planner outbox list shows the letters with their numbers.",
            code="unknown_letter",
        )


def frozen(db: sqlite3.Connection, number: int) -> bytes:
    """The frozen bytes of a letter.  Raises MoveRefusedError for one that has none."""
    (found,) = db.execute("SELECT wire FROM letters WHERE id = ?", (number,)).fetchone()
    if found is None:
        raise MoveRefusedError(f"Letter {number} is not frozen.", hint="Approve it first.")
    return bytes(found)


def move(
    db: sqlite3.Connection,
    letter: Letter,
    to: LetterState,
    /,
    *,
    at: datetime,
    command: str,
    why: str = "",
    **values: Any,
) -> None:
    """Move a letter, if it is still as we saw it; `values` are columns.  See `moves.move`."""
    moves.move(
        db,
        letter.id,
        letter.state,
        to,
        seen=letter.token,
        at=at,
        command=command,
        why=why,
        name=letter.program,
        **values,
    )


THAWED: dict[str, Any] = {
    "digest": None,
    "wire": None,
    "message_id": None,
    "account": None,
    "approved_at": None,
    "date_header": None,
    "owner": None,
    "lease_until": None,
    "next_attempt_at": None,
    "first_attempt_at": None,
    "held_because": None,
    "overrides": [],
}


def thaw(
    db: sqlite3.Connection,
    letter: Letter,
    /,
    *,
    at: datetime,
    command: str,
    why: str,
    **values: Any,
) -> None:
    """Take a letter back to `draft`: its frozen bytes and its approval are gone.

    Raises MoveRefusedError for a letter to a program that is out of the list.
    """
    retired.refuse_retired(db, letter.program_id, letter.id)
    move(db, letter, LetterState.DRAFT, at=at, command=command, why=why, **{**THAWED, **values})


def findings_of(found: Iterable[Mapping[str, str]], severity: str) -> list[Mapping[str, str]]:
    """The findings of one severity."""
    return [finding for finding in found if finding["severity"] == severity]
