"""A person's word on letters: due now, delivered, not delivered, or come back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from planner.rules.states import LetterState
from planner.steps.review import Verb, not_now
from planner.store.engine import Transaction, driver
from planner.store.letters import Letter, move, numbered, thaw

# Nobody but a person knows what became of these.
OPEN = frozenset({LetterState.UNKNOWN, LetterState.EXPORTED})
Act = Callable[[Letter], None]


def retry(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """Let deferred letters be due at once."""

    def due(letter: Letter) -> None:
        why = "due now, by the user"
        move(
            driver(tx),
            letter,
            LetterState.DEFERRED,
            at=at,
            command="outbox retry",
            why=why,
            next_attempt_at=at,
        )

    return _each(tx, ids, frozenset({LetterState.DEFERRED}), due, "retried")


def delivered(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """The letters have arrived: they count as sent."""

    def sent(letter: Letter) -> None:
        _resolve(tx, letter, LetterState.SENT, at=at, why="delivered, says the user", sent_at=at)

    return _each(tx, ids, OPEN, sent, "resolved")


def not_delivered(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """The letters have not arrived: they are drafts again, to be read and approved anew."""

    def again(letter: Letter) -> None:
        why = "not delivered, says the user"
        thaw(driver(tx), letter, at=at, command="outbox resolve", why=why)

    return _each(tx, ids, OPEN, again, "resolved")


def bounced(tx: Transaction, ids: Sequence[int], *, at: datetime) -> list[Verb]:
    """The letters came back: they count as refused, even where the server had taken them."""

    def refused(letter: Letter) -> None:
        why = "it came back, says the user"
        _resolve(tx, letter, LetterState.REFUSED, at=at, why=why, last_reply="bounced")

    return _each(tx, ids, OPEN | {LetterState.SENT}, refused, "resolved")


def _resolve(
    tx: Transaction, letter: Letter, to: LetterState, *, at: datetime, why: str, **values: object
) -> None:
    move(driver(tx), letter, to, at=at, command="outbox resolve", why=why, **values)


def _each(
    tx: Transaction, ids: Sequence[int], states: Collection[LetterState], act: Act, word: str
) -> list[Verb]:
    verbs = []
    for letter in numbered(driver(tx), ids):
        if letter.state in states:
            act(letter)
            verbs.append(Verb(letter, done=True))
        else:
            verbs.append(not_now(letter, word))
    return verbs
