"""A person's word on letters, one move each: not this one, due now, delivered, come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from planner.rules.states import AGAIN, DUE, LetterState, sources
from planner.steps.verb import Act, Verb, each
from planner.store.engine import Transaction
from planner.store.letters import move_letter, thaw

# Nobody but a person knows what became of these.
OPEN = frozenset({LetterState.UNKNOWN, LetterState.EXPORTED})


def unapprove(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """Take approvals back: the letters are drafts again."""
    back = partial(thaw, at=at, command="unapprove", why="unapproved by the user")
    return each(tx, ids, DUE, back, "unapproved")


def leave_out(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """Say no to drafts: they stay, and are not sent."""
    to = LetterState.LEFT_OUT
    out = _move(to, at=at, command="leave-out", why="left out by the user")
    return each(tx, ids, sources(to), out, "left out")


def cancel(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """Withdraw letters that were approved, deferred or refused."""
    to = LetterState.CANCELLED
    out = _move(to, at=at, command="cancel", why="cancelled by the user")
    return each(tx, ids, sources(to), out, "cancelled")


def reopen(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """Make drafts again of letters that were left out, cancelled or refused."""
    again = partial(thaw, at=at, command="review", why="taken up again by the user")
    return each(tx, ids, AGAIN, again, "taken up again")


def retry(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """Let deferred letters be due at once."""
    to, why = LetterState.DEFERRED, "due now, by the user"
    due = _move(to, at=at, command="outbox retry", why=why, next_attempt_at=at)
    return each(tx, ids, {to}, due, "retried")


def delivered(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """The letters have arrived: they count as sent."""
    to, why = LetterState.SENT, "delivered, says the user"
    sent = _move(to, at=at, command="outbox resolve", why=why, sent_at=at)
    return each(tx, ids, OPEN, sent, "resolved")


def not_delivered(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """The letters have not arrived: they are drafts again, to be read and approved anew."""
    again = partial(thaw, at=at, command="outbox resolve", why="not delivered, says the user")
    return each(tx, ids, OPEN, again, "resolved")


def bounced(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """The letters came back: they count as refused, even where the server had taken them."""
    to, why = LetterState.REFUSED, "it came back, says the user"
    refused = _move(to, at=at, command="outbox resolve", why=why, last_reply="bounced")
    return each(tx, ids, OPEN | {LetterState.SENT}, refused, "resolved")


def _move(to: LetterState, **values: Any) -> Act:
    return lambda tx, letter: move_letter(tx, letter, to, **values)
