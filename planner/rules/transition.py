"""What an outcome does to its letter: the next state, and the columns to set with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from planner.rules.letters import Letter
from planner.rules.retries import BEFORE_MAIL, Fate, Outcome, next_attempt
from planner.rules.states import LetterState

# If the provider refused us, the letter does not count, even if it was read to its end.
UNCOUNTED = frozenset({Fate.SENDER, Fate.QUOTA})
GIVEN_UP = " (given up: 72 hours, or the lists)"


class Transition(NamedTuple):
    """The state that a letter goes to, the message, and the columns to set."""

    state: LetterState
    said: str
    columns: dict[str, Any]


def is_spent(outcome: Outcome) -> bool:
    """Whether a delivery counts against the day: the server has read the letter to its end."""
    return outcome.body_was_taken and outcome.fate not in UNCOUNTED


def transition_for(
    letter: Letter,
    outcome: Outcome,
    *,
    now: datetime,
    lists_final: datetime,
    chance: float,
) -> Transition:
    """Return what happens to a letter; `letter` is from before the claim.

    `lists_final` is when its program's rank lists close; `chance` in 0..1 picks the jitter
    of the next attempt.
    """
    said = str(outcome)
    columns: dict[str, Any] = {"attempts": letter.attempts + 1, "last_reply": said}
    match outcome.fate:
        case Fate.SENT:
            return Transition(LetterState.SENT, said, {**columns, "sent_at": now})
        case Fate.REFUSED:
            return Transition(LetterState.REFUSED, said, columns)
        case Fate.UNKNOWN:
            return Transition(LetterState.UNKNOWN, said, columns)
        case Fate.DEFERRED:
            due = next_attempt(
                now,
                attempts=letter.attempts + 1,
                first_attempt_at=letter.first_attempt_at or now,
                lists_final=lists_final,
                chance=chance,
            )
            if due is not None:
                return Transition(LetterState.DEFERRED, said, {**columns, "next_attempt_at": due})
            said += GIVEN_UP
            return Transition(LetterState.REFUSED, said, {**columns, "last_reply": said})
        case (  # pragma: no branch - it is the last
            Fate.BACK_OFF | Fate.QUOTA | Fate.UNREACHABLE | Fate.LOGIN | Fate.SENDER
        ):
            columns = {"last_reply": said, **_as_before(letter, outcome, now)}
            return Transition(LetterState.APPROVED, said, columns)


def _as_before(letter: Letter, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """Return the columns of a letter that waits as before, as if there was no attempt.

    But a Date that the server has read stays.
    """
    columns = dict[str, Any]()
    first = letter.date_header is None
    if first or letter.first_attempt_at is None:
        columns["first_attempt_at"] = None
    if first and not outcome.body_was_taken:
        columns["date_header"] = None
    if outcome.step not in BEFORE_MAIL and outcome.fate is not Fate.LOGIN:
        columns["next_attempt_at"] = now  # so that it comes after the others next time
    return columns
