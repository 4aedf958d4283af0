"""What a clock that was wrong has written is put right once the clock is right.

Events are numbered in the order in which they happened, whatever the clock said: an attempt
that is noted as earlier than what came before it, or as later than now, was noted by a clock
that was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from planner.rules.letters import Letter
from planner.rules.retries import is_doubtful, was_wrong
from planner.rules.states import DUE, LetterState
from planner.store.engine import Transaction
from planner.store.recovery import AS_BEFORE
from planner.store.schema import events
from planner.store.schema import letters as table

Story = tuple[int, LetterState, datetime]  # the letter, the state that it came to, when


def begin_again(tx: Transaction, letters: Iterable[Letter], now: datetime) -> bool:
    """Let first attempts count as made now that are noted at a moment which cannot be.

    One that no server has read to its end is none, so that the Date is written again, too.
    Returns whether there were any.
    """
    doubtful = {
        letter.id: letter.first_attempt_at
        for letter in letters
        if letter.state in DUE
        and letter.first_attempt_at is not None
        and is_doubtful(letter.first_attempt_at, now)
    }
    found = _corrections(_list_events(tx), doubtful, now) if doubtful else {}
    for number, columns in found.items():
        waits = (table.c.id == number, table.c.state.in_(sorted(DUE)))
        tx.execute(sa.update(table).where(*waits).values(**columns))
    return bool(found)


def _list_events(tx: Transaction) -> Iterable[Story]:
    query = sa.select(events.c.letter_id, events.c.to_state, events.c.at)
    return (tuple(row) for row in tx.execute(query.order_by(events.c.id)))


def _corrections(
    story: Iterable[Story], doubtful: Mapping[int, datetime], now: datetime
) -> dict[int, dict[str, Any]]:
    """The columns to set for each letter whose first attempt was noted by a wrong clock."""
    latest: datetime | None = None  # of what had happened by then
    before: dict[int, datetime | None] = {}
    read = set[int]()
    for number, state, at in story:
        if state is LetterState.CLAIMED and at == doubtful.get(number):
            before[number] = latest
        if state is LetterState.COMMITTING and number in before:
            read.add(number)
        if at <= now and (latest is None or at > latest):
            latest = at
    return {
        number: {"first_attempt_at": now} if number in read else AS_BEFORE
        for number, first in doubtful.items()
        if was_wrong(first, before.get(number), now)
    }
