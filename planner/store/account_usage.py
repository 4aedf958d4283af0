"""What an account has sent, and when it must pause; the pace is counted from these rows."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from planner.rules.retries import Step, rests_until
from planner.rules.states import LetterState
from planner.store.engine import Transaction
from planner.store.schema import attempts, events, letters, pauses

log = logging.getLogger(__name__)


class Pause(NamedTuple):
    """An account must not send: until when, what the server said, how many pauses in a row."""

    until: datetime
    why: str
    strikes: int


def count(tx: Transaction, account: str, at: datetime, number: int | None = None) -> None:
    """Count one delivery against an account's pace; a test copy has no letter `number`."""
    tx.execute(sa.insert(attempts).values(letter_id=number, account=account, at=at))


def count_as_now(tx: Transaction, account: str, now: datetime) -> bool:
    """Count deliveries after `now` as now: the clock was wrong, and the pace need not wait.

    Returns whether there were any.
    """
    later = (attempts.c.account == account, attempts.c.at > now)
    return tx.execute(sa.update(attempts).where(*later).values(at=now)).rowcount > 0


def uncount(tx: Transaction, number: int) -> None:
    """Delete a letter's last attempt: the server did not accept it, so it does not count."""
    last = sa.select(sa.func.max(attempts.c.id)).where(attempts.c.letter_id == number)
    tx.execute(sa.delete(attempts).where(attempts.c.id == last.scalar_subquery()))


_DEPARTURES = (
    sa.select(attempts.c.at)
    .where(attempts.c.account == sa.bindparam("account"), attempts.c.at > sa.bindparam("since"))
    .order_by(attempts.c.at.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)


def list_departures(tx: Transaction, account: str, since: datetime, most: int) -> list[datetime]:
    """List when an account last delivered after `since`: at most `most` times, oldest first."""
    given = {"account": account, "since": since, "most": most}
    return list(tx.scalars(_DEPARTURES, given))[::-1]


_PAUSE = sa.select(pauses.c.until, pauses.c.why, pauses.c.strikes).where(
    pauses.c.account == sa.bindparam("account")
)


def find_pause(tx: Transaction, account: str) -> Pause | None:
    """Find the last pause since the account's last accepted letter, even if it is over."""
    row = tx.execute(_PAUSE, {"account": account}).first()
    return Pause(*row) if row else None


def find_rest(tx: Transaction, account: str, now: datetime) -> Pause | None:
    """Find the pause of an account that is still on; none that a wrong clock has put ahead."""
    found = find_pause(tx, account)
    return found if found and is_on(tx, account, found, now) else None


def is_on(tx: Transaction, account: str, found: Pause, now: datetime) -> bool:
    """Whether a pause of an account is not over, nor one that a wrong clock has put ahead."""
    return rests_until(found.until, now, _began(tx, account, found.why))


def _began(tx: Transaction, account: str, why: str) -> datetime | None:
    """When the letter got the answer that made an account pause, as far as events tell."""
    answered = (
        letters.c.account == account,
        events.c.to_state == LetterState.APPROVED,
        events.c.why.in_([f"{step}: {why}" for step in Step]),
    )
    query = sa.select(events.c.at).join_from(events, letters).where(*answered)
    return tx.scalar(query.order_by(events.c.id.desc()).limit(1))


def pause(tx: Transaction, account: str, found: Pause) -> None:
    """Store a pause of an account in place of the one before."""
    until = found.until.astimezone().isoformat(" ", "seconds")
    log.debug("%s rests until %s, strike %d", account, until, found.strikes)
    tx.execute(sa.delete(pauses).where(pauses.c.account == account))
    tx.execute(sa.insert(pauses).values(account=account, **found._asdict()))


def resume(tx: Transaction, account: str) -> None:
    """End the pause of an account: its server accepts letters again."""
    if tx.execute(sa.delete(pauses).where(pauses.c.account == account)).rowcount:
        log.debug("the rest of %s is over", account)
