"""Refusals that turn out not to be about their letters: found in the events, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from planner.rules.letters import Letter
from planner.rules.repeated import Earlier, alike, common_cause, domain_of
from planner.rules.retries import Fate, Outcome
from planner.rules.states import LetterState
from planner.store import account_usage
from planner.store.commits import UnitOfWork
from planner.store.engine import Transaction
from planner.store.letters import list_letters
from planner.store.schema import events, letters
from planner.store.send_queue import note_outcome, read_record
from planner.store.transitions import move

_HELD = (LetterState.CLAIMED, LetterState.COMMITTING)


def list_refused(tx: Transaction, into: LetterState, account: str | None) -> Iterator[Earlier]:
    """Yield the letters of an account that a server moved `into` a state, latest first.

    It stops at the last letter that the server accepted.
    """
    query = (
        sa.select(events.c.letter_id, events.c.to_state, events.c.why, letters.c.to_key)
        .join_from(events, letters)
        .where(
            events.c.command == "send",
            events.c.from_state.in_(_HELD),
            events.c.to_state.in_([into, LetterState.SENT]),
            letters.c.account == account,
        )
        .order_by(events.c.id.desc())
    )
    for number, state, why, to_key in tx.execute(query):
        if state is not into:
            return
        yield Earlier(number, why, domain_of(to_key))


def judge_beside_earlier(
    tx: Transaction, letter: Letter, outcome: Outcome
) -> tuple[Outcome, list[int]]:
    """Judge an outcome together with earlier ones; also returns the letters to send again.

    When two refusals have the same words, the first was already stored as its letter's own,
    because a server's answer must be on the disk before anything else happens.  The second
    shows that it was not: both letters are approved again in one transaction, so that a
    killed sender leaves one consistent story.  Earlier answers are read from the events, so
    it does not matter which run got them.
    """
    common = common_cause(outcome)
    if common is None:
        return outcome, []
    into = LetterState.REFUSED if common.fate is Fate.SENDER else LetterState.DEFERRED
    earlier = list_refused(tx, into, letter.account)
    found = alike(f"{outcome.step}: {outcome}", domain_of(letter.to[0]), earlier)
    if not found:
        return outcome, []
    return common, [x.number for x in found] if common.fate is Fate.SENDER else []


def take_back(unit: UnitOfWork, number: int, /, *, at: datetime, why: str) -> bool:
    """Approve a letter again whose refusal was not its fault; the attempt does not count.

    Returns False if the letter changed since the refusal.  If the journal has the refusal,
    it gets a new line, because its last word on a letter must be true.
    """
    (letter,) = list_letters(unit.tx, ids=[number])
    last = sa.select(events.c.from_state).where(events.c.letter_id == number)
    held = unit.tx.scalar(last.order_by(events.c.id.desc()).limit(1))
    if letter.state is not LetterState.REFUSED or held not in _HELD:
        return False
    attempts = letter.attempts - 1
    untouched = attempts == 0 and held is LetterState.CLAIMED  # nobody read its bytes
    move(
        unit.tx,
        number,
        LetterState.REFUSED,
        LetterState.APPROVED,
        seen=letter.token,
        at=at,
        command="send",
        why=why,
        name=letter.program,
        attempts=attempts,
        date_header=None if untouched else letter.date_header,
        first_attempt_at=letter.first_attempt_at if attempts else None,
        next_attempt_at=at,
    )
    if held is LetterState.COMMITTING:
        account_usage.uncount(unit.tx, number)
        note_outcome(
            unit, letter, LetterState.APPROVED, read_record(unit.tx, number), at=at, why=why
        )
    return True
