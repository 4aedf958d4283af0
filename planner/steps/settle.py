"""A person's word on letters, one move each: not this one, due now, delivered, come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.rules.letters import Letter
from planner.rules.states import AGAIN, DUE, LetterState, sources
from planner.steps.verb import Act, Verb, each
from planner.steps.workspace import Workspace
from planner.store.letters import list_letters, move_letter, thaw

# Nobody but a person knows what became of these.
OPEN = frozenset({LetterState.UNKNOWN, LetterState.EXPORTED})


def unapprove(ws: Workspace, ids: Sequence[int]) -> list[Verb]:
    """Take approvals back: the letters are drafts again."""
    back = _thaw("unapprove", "unapproved by the user")
    return each(ws, ids, DUE, back, "unapproved")


def leave_out(ws: Workspace, ids: Sequence[int], *, opened: Letter | None = None) -> list[Verb]:
    """Say no to drafts: they stay, and are not sent.

    `opened` is one of them as the user has it before them.
    """
    to = LetterState.LEFT_OUT
    out = _move(to, command="leave-out", why="left out by the user")
    return each(ws, ids, sources(to), out, "left out", opened=opened)


def cancel(ws: Workspace, ids: Sequence[int]) -> list[Verb]:
    """Withdraw letters that were approved, deferred or refused."""
    to = LetterState.CANCELLED
    out = _move(to, command="cancel", why="cancelled by the user")
    return each(ws, ids, sources(to), out, "cancelled")


def reopen(ws: Workspace, ids: Sequence[int]) -> list[Verb]:
    """Make drafts again of letters that were left out, cancelled or refused."""
    again = _thaw("review", "taken up again by the user")
    return each(ws, ids, AGAIN, again, "taken up again")


def retry(ws: Workspace, ids: Sequence[int]) -> list[Verb]:
    """Let deferred letters be due at once."""
    to, why = LetterState.DEFERRED, "due now, by the user"
    due = _move(to, command="outbox retry", why=why, next_attempt_at=ws.now())
    return each(ws, ids, {to}, due, "retried")


def delivered(ws: Workspace, ids: Sequence[int]) -> list[Verb]:
    """The letters have arrived: they count as sent."""
    to, why = LetterState.SENT, "delivered, says the user"
    sent = _move(to, command="outbox resolve", why=why, sent_at=ws.now())
    return each(ws, ids, OPEN, sent, "resolved")


def not_delivered(ws: Workspace, ids: Sequence[int]) -> list[Verb]:
    """The letters have not arrived: they are drafts again, to be read and approved again."""
    again = _thaw("outbox resolve", "not delivered, says the user")
    return each(ws, ids, OPEN, again, "resolved")


def bounced(ws: Workspace, ids: Sequence[int]) -> list[Verb]:
    """The letters came back: they count as refused, even where the server had taken them."""
    to, why = LetterState.REFUSED, "it came back, says the user"
    refused = _move(to, command="outbox resolve", why=why, last_reply="bounced")
    return each(ws, ids, OPEN | {LetterState.SENT}, refused, "resolved")


def sent_among(ws: Workspace, ids: Sequence[int]) -> list[Letter]:
    """Those that the server took; only a person can say that one came back."""
    with ws.store.read() as tx:
        return list_letters(tx, ids=ids, states=[LetterState.SENT])


def _move(to: LetterState, **values: Any) -> Act:
    return lambda tx, letter, at: move_letter(tx, letter, to, at=at, **values)


def _thaw(command: str, why: str) -> Act:
    return lambda tx, letter, at: thaw(tx, letter, at=at, command=command, why=why)
