"""The outbox as drafting and review know it: letters added, rendered anew, told of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from planner.rules.planning import LetterFact
from planner.rules.recipients import fold_address
from planner.rules.states import LetterState
from planner.store import letters, moves
from planner.store.engine import Transaction, driver
from planner.store.letters import Draft, Letter
from planner.store.schema import applicants, events
from planner.store.schema import letters as table


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a letter."""

    at: datetime
    from_state: str | None
    to_state: str
    command: str
    why: str


def applicant_id(tx: Transaction, aamc_id: str, email: str) -> int:
    """The row of the applicant, made on first use.

    A mended AAMC ID is found again by the mail address, so that a typo does not
    open the door to second letters.
    """
    for column, value in ((applicants.c.aamc_id, aamc_id), (applicants.c.email, email)):
        found = tx.execute(sa.select(applicants.c.id).where(column == value)).scalar()
        if found is not None:
            return int(found)
    made = tx.execute(sa.insert(applicants).values(aamc_id=aamc_id, email=email))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def find(
    tx: Transaction,
    *,
    ids: Collection[int] | None = None,
    states: Collection[LetterState] | None = None,
) -> list[Letter]:
    """Letters in the order of their numbers; each filter narrows."""
    return letters.find(driver(tx), ids=ids, states=states)


def facts(tx: Transaction) -> list[LetterFact]:
    """All letters, as far as a plan needs to know them."""
    return [letter.fact() for letter in find(tx)]


def history(tx: Transaction, letter_id: int) -> list[Event]:
    """What happened to a letter, oldest first."""
    query = sa.select(events).where(events.c.letter_id == letter_id).order_by(events.c.id)
    return [
        Event(row.at, row.from_state, row.to_state, row.command, row.why)
        for row in tx.execute(query)
    ]


def add(tx: Transaction, applicant: int, draft: Draft, *, at: datetime, command: str) -> int:
    """Insert a draft and its first event; returns the letter's number."""
    made = tx.execute(
        sa.insert(table).values(
            applicant_id=applicant,
            program_id=draft.program_id,
            occasion=draft.occasion.kind.value,
            season=draft.occasion.season,
            attempt=draft.occasion.attempt,
            **_rendered(draft),
        )
    )
    number = int(made.inserted_primary_key[0])  # type: ignore[index]
    moves.record(
        driver(tx), number, None, LetterState.DRAFT, at=at, command=command, why="rendered"
    )
    return number


def rerender(tx: Transaction, letter: Letter, draft: Draft, *, at: datetime, why: str) -> None:
    """Replace the text of a draft; what was shown before counts no longer."""
    values = {**_rendered(draft), "edited": False, "stale": False, "undecided": False}
    values |= {"held_because": None, "overrides": []}
    letters.move(driver(tx), letter, LetterState.DRAFT, at=at, command="draft", why=why, **values)


def _rendered(draft: Draft) -> dict[str, Any]:
    return {
        "letter": draft.letter.value,
        "picked": draft.picked.value,
        "rule": draft.rule,
        "subject": draft.subject,
        "body": draft.body,
        "sender": draft.sender,
        "to_addresses": list(draft.to),
        "cc_addresses": list(draft.cc),
        "to_key": fold_address(draft.to[0]),
        "facts": dict(draft.facts),
        "content_digest": draft.content_digest,
        "findings": list(draft.findings),
        "in_reply_to": draft.in_reply_to,
    }


def mark(tx: Transaction, letter_id: int, **values: Any) -> None:
    """Set columns that are no move: what was shown, flags, findings, why it is held."""
    tx.execute(sa.update(table).where(table.c.id == letter_id).values(**values))
