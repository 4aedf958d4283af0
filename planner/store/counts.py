"""Counts for `status`; each uses an index, so it stays fast with any number of letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from planner.rules.facts import Occasion, Service
from planner.rules.states import DELIVERED, LetterState
from planner.store.engine import Transaction
from planner.store.programs import describe_damage
from planner.store.retired import LISTED
from planner.store.schema import UNREADABLE, attempts
from planner.store.schema import letters as letters_table
from planner.store.schema import programs as programs_table


def count_programs(tx: Transaction) -> int:
    """Count the programs in the list."""
    query = sa.select(sa.func.count()).select_from(programs_table).where(LISTED)
    return tx.execute(query).scalar_one()


def count_letters(tx: Transaction) -> dict[LetterState, int]:
    """Count the letters in each state; states without letters are left out."""
    state = sa.type_coerce(letters_table.c.state, sa.Text)  # `audit` reports unknown words
    query = sa.select(state, sa.func.count()).group_by(state)
    found = {row[0]: row[1] for row in tx.execute(query)}
    return {state: found[state] for state in LetterState if state in found}


def count_held(tx: Transaction, states: Iterable[LetterState]) -> tuple[int, str]:
    """Count letters in these states that a gate holds back, with the reason of the first."""
    why = letters_table.c.held_because
    kept = (why.is_not(None), letters_table.c.state.in_(sorted(states)))
    number = tx.execute(sa.select(sa.func.count(why)).where(*kept)).scalar_one()
    first = tx.scalar(sa.select(why).where(*kept).order_by(letters_table.c.id).limit(1))
    return number, first or ""


def list_specialties(tx: Transaction) -> list[str]:
    """List the specialties of the programs in the list."""
    query = sa.select(programs_table.c.specialty).where(LISTED).distinct()
    found = list(tx.scalars(query))
    if not all(isinstance(name, str) for name in found):
        raise describe_damage(tx)
    return found


def list_services(
    tx: Transaction, states: Iterable[LetterState]
) -> list[tuple[Service | None, str]]:
    """List (application service or None, specialty) of programs with a letter in these states."""
    pair = (programs_table.c.application_service, programs_table.c.specialty)
    listed = sorted(states)
    found = []
    try:
        pairs = tx.execute(sa.select(*pair).distinct()).all()
    except UNREADABLE as error:
        raise describe_damage(tx) from error
    for service, specialty in pairs:
        waits = (
            sa.select(letters_table.c.id)
            .join_from(letters_table, programs_table)
            .where(pair[0].is_not_distinct_from(service), pair[1] == specialty)
            .where(letters_table.c.state.in_(listed))
            .limit(1)
        )
        if tx.scalar(waits) is not None:
            found.append((service, specialty))
    return found


def list_undecided(tx: Transaction) -> list[int]:
    """List the drafts that the plan no longer wants, as the last drafting found."""
    c = letters_table.c
    query = sa.select(c.id).where(c.state == LetterState.DRAFT, c.undecided).order_by(c.id)
    return list(tx.scalars(query))


RECENT = 1000  # letters; no list is longer, and `status` stays fast


def list_told_scores(tx: Transaction, occasion: Occasion) -> dict[str, list[int]]:
    """List the letters of an occasion that left of late, by the score that they state."""
    c = letters_table.c
    query = sa.select(c.id, c.facts).where(
        c.state.in_(sorted(DELIVERED)),
        c.occasion == occasion.kind,
        c.season == occasion.season,
        c.attempt == occasion.attempt,
    )
    found: dict[str, list[int]] = {}
    for number, facts in tx.execute(query.order_by(c.id.desc()).limit(RECENT)):
        if isinstance(facts, dict) and facts.get("score"):
            found.setdefault(str(facts["score"]), []).insert(0, number)
    return found


def count_used(tx: Transaction, account: str, since: datetime) -> int:
    """Count the deliveries of an account after `since`."""
    return _count_attempts(tx, account, since)


def count_copies(tx: Transaction, account: str, since: datetime) -> int:
    """Count those of them that were test copies."""
    return _count_attempts(tx, account, since, attempts.c.letter_id.is_(None))


def _count_attempts(
    tx: Transaction, account: str, since: datetime, *more: sa.ColumnElement[bool]
) -> int:
    query = sa.select(sa.func.count()).where(
        attempts.c.account == account, attempts.c.at > since, *more
    )
    return tx.execute(query).scalar_one()
