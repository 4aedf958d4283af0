"""What an account has sent, and when it must rest: the pace is counted from these rows."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from planner.store.engine import Transaction
from planner.store.schema import attempts, pauses

log = logging.getLogger(__name__)


class Pause(NamedTuple):
    """An account that must rest: until when, what the server said, how often in a row."""

    until: datetime
    why: str
    strikes: int


def count(tx: Transaction, account: str, at: datetime, number: int | None = None) -> None:
    """Count one delivery against the pace of an account; without a number, a copy to oneself."""
    tx.execute(sa.insert(attempts).values(letter_id=number, account=account, at=at))


def uncount(tx: Transaction, number: int) -> None:
    """Take the last attempt of a letter back: its body was not taken, so nothing was spent."""
    last = sa.select(sa.func.max(attempts.c.id)).where(attempts.c.letter_id == number)
    tx.execute(sa.delete(attempts).where(attempts.c.id == last.scalar_subquery()))


def list_departures(tx: Transaction, account: str, since: datetime, most: int) -> list[datetime]:
    """The last deliveries of an account since a moment, at most so many, oldest first."""
    query = (
        sa.select(attempts.c.at)
        .where(attempts.c.account == account, attempts.c.at > since)
        .order_by(attempts.c.at.desc())
        .limit(most)
    )
    return list(tx.scalars(query))[::-1]


def find_pause(tx: Transaction, account: str) -> Pause | None:
    """The last pause of an account since a letter was accepted, even if it is over."""
    query = sa.select(pauses.c.until, pauses.c.why, pauses.c.strikes)
    row = tx.execute(query.where(pauses.c.account == account)).first()
    return Pause(*row) if row else None


def pause(tx: Transaction, account: str, found: Pause) -> None:
    """Let an account rest."""
    until = found.until.astimezone().isoformat(" ", "seconds")
    log.debug("%s rests until %s, strike %d", account, until, found.strikes)
    tx.execute(sa.delete(pauses).where(pauses.c.account == account))
    tx.execute(sa.insert(pauses).values(account=account, **found._asdict()))


def resume(tx: Transaction, account: str) -> None:
    """The server takes letters again."""
    if tx.execute(sa.delete(pauses).where(pauses.c.account == account)).rowcount:
        log.debug("the rest of %s is over", account)
