"""What a person can do to letters, one move each, and what it did: done, or refused with a code."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from planner.errors import ExitCode, PersonNeededError
from planner.rules.letters import Letter
from planner.rules.states import DUE, REOPENABLE, UNDER_WAY, LetterState, in_words, sources
from planner.steps.recovering import recover_dead
from planner.steps.workspace import Workspace
from planner.store.engine import Transaction
from planner.store.letters import get_letters, list_letters, move_letter, thaw

Act = Callable[[Transaction, Letter, datetime], None]


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What became of one letter: done, or refused with the reason, a code and its facts.

    An approval that is done may have a reason, too: what will hold the letter back.
    """

    letter: Letter
    done: bool
    reason: str = ""
    code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    hint: str = ""  # advice that names no command

    @property
    def exit_code(self) -> ExitCode:
        """0 if done; a person is needed otherwise."""
        return ExitCode.OK if self.done else ExitCode.PERSON_NEEDED


class ChangedMeanwhileError(PersonNeededError):
    """A letter changed since the user saw it."""


class Opened(Protocol):
    """A letter in the form in which the user sees it."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def content_digest(self) -> str:
        """What its text and envelope were."""

    @property
    def state(self) -> LetterState:
        """The state that it was in."""


def refuse_changed(letter: Letter, opened: Opened) -> None:
    """Raise ChangedMeanwhileError if a letter changed since the user saw it."""
    if (letter.content_digest, letter.state) != (opened.content_digest, opened.state):
        raise ChangedMeanwhileError(
            f"Letter {letter.id} ({letter.program}) was changed in the meantime, by another command.",
            code="changed_meanwhile",
            letter=letter.id,
        )


def wrong_state(letter: Letter, reason: str) -> ActionResult:
    """Return a refusal for a letter whose state does not allow the action."""
    return ActionResult(
        letter,
        False,
        reason,
        "wrong_state",
        {"letter": letter.id, "state": letter.state, "said": letter.last_reply},
    )


def apply_to_each(
    ws: Workspace,
    ids: Sequence[int],
    states: Collection[LetterState],
    act: Act,
    word: str,
    *,
    opened: Opened | None = None,
) -> list[ActionResult]:
    """Act on those letters that are in one of the states; `word` is what they are then.

    `opened` is one of them as the user has it before them.  Raises UnknownNameError for a
    number that is not a letter, PersonNeededError if it is not that any more.
    """
    recover_dead(ws)
    results, at = [], ws.now()
    with ws.store.begin() as tx:
        for letter in get_letters(tx, ids):
            if opened is not None and opened.id == letter.id:
                refuse_changed(letter, opened)
            if letter.state in states:
                act(tx, letter, at)
                results.append(ActionResult(letter, done=True))
            elif letter.state in UNDER_WAY:
                results.append(wrong_state(letter, f"it is being sent; it cannot be {word} now"))
            else:
                results.append(
                    wrong_state(letter, f"it is {in_words(letter.state)}; it cannot be {word}")
                )
    return results


# Only a person knows what happened to these.
UNSETTLED = frozenset({LetterState.UNKNOWN, LetterState.EXPORTED})


def unapprove(ws: Workspace, ids: Sequence[int]) -> list[ActionResult]:
    """Take approvals back: the letters are drafts again."""
    back = _thaw("unapprove", "you took the approval back")
    return apply_to_each(ws, ids, DUE, back, "unapproved")


def leave_out(
    ws: Workspace, ids: Sequence[int], *, opened: Opened | None = None
) -> list[ActionResult]:
    """Leave drafts out: they are kept but not sent.

    `opened` is one of them as the user has it before them.
    """
    to = LetterState.LEFT_OUT
    out = _move(to, command="leave-out", why="you left it out")
    return apply_to_each(ws, ids, sources(to), out, "left out", opened=opened)


def cancel(ws: Workspace, ids: Sequence[int]) -> list[ActionResult]:
    """Withdraw letters that were approved, deferred or refused."""
    to = LetterState.CANCELLED
    out = _move(to, command="cancel", why="you cancelled it")
    return apply_to_each(ws, ids, sources(to), out, "cancelled")


def reopen(ws: Workspace, ids: Sequence[int]) -> list[ActionResult]:
    """Turn letters that were left out, cancelled or refused back into drafts."""
    again = _thaw("review", "you took it up again")
    return apply_to_each(ws, ids, REOPENABLE, again, "taken up again")


def take_back(ws: Workspace, opened: Opened) -> ActionResult:
    """Turn the approved or left-out letter that the user sees back into a draft."""
    back = _thaw("review", "you took it back")
    return apply_to_each(ws, [opened.id], DUE | REOPENABLE, back, "taken back", opened=opened)[0]


def retry(ws: Workspace, ids: Sequence[int]) -> list[ActionResult]:
    """Let deferred letters be due at once."""
    to, why = LetterState.DEFERRED, "you asked to try it now"
    due = _move(to, command="outbox retry", why=why, next_attempt_at=ws.now())
    return apply_to_each(ws, ids, {to}, due, "retried")


def mark_delivered(ws: Workspace, ids: Sequence[int]) -> list[ActionResult]:
    """The letters have arrived: they count as sent."""
    to, why = LetterState.SENT, "delivered, as you said"
    sent = _move(to, command="outbox resolve", why=why, sent_at=ws.now())
    return apply_to_each(ws, ids, UNSETTLED, sent, "resolved")


def mark_not_delivered(ws: Workspace, ids: Sequence[int]) -> list[ActionResult]:
    """Mark letters as not arrived: they become drafts, to be read and approved again."""
    again = _thaw("outbox resolve", "not delivered, as you said")
    return apply_to_each(ws, ids, UNSETTLED, again, "resolved")


def mark_bounced(ws: Workspace, ids: Sequence[int]) -> list[ActionResult]:
    """Mark letters as bounced: they count as refused, even if the server accepted them."""
    to, why = LetterState.REFUSED, "it came back, as you said"
    refused = _move(to, command="outbox resolve", why=why, last_reply="bounced")
    return apply_to_each(ws, ids, UNSETTLED | {LetterState.SENT}, refused, "resolved")


def sent_among(ws: Workspace, ids: Sequence[int]) -> list[Letter]:
    """Return the letters that the server accepted; only a person can say that one bounced."""
    with ws.store.read() as tx:
        return list_letters(tx, ids=ids, states=[LetterState.SENT])


def _move(to: LetterState, **values: Any) -> Act:
    return lambda tx, letter, at: move_letter(tx, letter, to, at=at, **values)


def _thaw(command: str, why: str) -> Act:
    return lambda tx, letter, at: thaw(tx, letter, at=at, command=command, why=why)
