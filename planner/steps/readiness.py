"""Before anything leaves: recover, take back approvals whose facts changed, look at the gates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from planner.rules.facts import Program
from planner.rules.letters import Letter
from planner.rules.situation import Situation
from planner.rules.states import DUE, GONE, LetterState
from planner.steps.departures import Departure, Gated, SendOptions
from planner.steps.factbook import FactBook
from planner.steps.gatekeeper import Gatekeeper
from planner.steps.mass import raise_if_mass
from planner.steps.voiding import void_changed
from planner.store import programs
from planner.store.engine import Transaction
from planner.store.journal import data_version
from planner.store.letters import list_letters, refuse_missing
from planner.store.queue import hold, present
from planner.store.recovery import recover


class Readiness(NamedTuple):
    """Letters that are due, with what stands against each; and what else one should hear of.

    `given_back` are numbers of letters that a sender held when it was ended.
    """

    due: list[Gated]
    noted: list[Departure]
    given_back: list[int]


def prepare(tx: Transaction, keeper: Gatekeeper, options: SendOptions, now: datetime) -> Readiness:
    """Recover, void, and look at the gates of every letter that is due.

    Within a transaction of the sender's own connection, with its lock held, so that the
    plan behind the gates can be used as long as nobody else writes.  Raises
    PersonNeededError for a mass mailing that was not allowed, UnknownNameError for a number
    that is no letter.
    """
    left = recover(tx, at=now, alone=True)
    recovered = {letter.id for letter in left}
    given_back = [letter.id for letter in left if letter.state is LetterState.CLAIMED]
    everything, everyone = list_letters(tx), programs.every(tx)
    known = [letter.fact() for letter in everything]
    book = FactBook(keeper.situation_at(now), everyone, known, keeper.account)
    if voided := set(void_changed(tx, book, everything, at=now, command="send")):
        everything = list_letters(tx)
        known = [letter.fact() for letter in everything]
    letters = _wanted(everything, options.ids)
    outlook = keeper.renew(everyone, known, now, data_version(tx))
    due = _in_order(x for x in letters if x.state in DUE and x.due(now))
    if not options.allow_mass:
        _refuse_mass(outlook.situation, everyone, everything, due)
    found = [Gated(x, keeper.closed(x, present(tx, x.id))) for x in due]
    for gated in found:
        if (gated.letter.held_because or "") != gated.closed:
            hold(tx, gated.letter.id, gated.closed)
    noted = [
        departure
        for letter in letters
        if (departure := _noted(letter, now, recovered, voided, asked=options.ids is not None))
    ]
    return Readiness(_limited(found, options.limit), noted, given_back)


def _wanted(letters: Sequence[Letter], ids: Collection[int] | None) -> Sequence[Letter]:
    if ids is None:
        return letters
    found = [letter for letter in letters if letter.id in set(ids)]
    refuse_missing(ids, found)
    return found


def _in_order(letters: Iterable[Letter]) -> list[Letter]:
    """By number, that is in plan order; what made the account back off goes last.

    Else one recipient whose server asks everybody to come back later (greylisting) would
    stop each run before its other letters.
    """

    def made_it_back_off(letter: Letter) -> bool:
        return letter.state is LetterState.APPROVED and letter.next_attempt_at is not None

    return sorted(letters, key=lambda letter: (made_it_back_off(letter), letter.id))


def _refuse_mass(
    situation: Situation,
    everyone: Sequence[Program],
    everything: Iterable[Letter],
    due: Iterable[Letter],
) -> None:
    gone = (letter for letter in everything if letter.state in GONE)
    occasion = situation.occasion
    written_to = {x.program_id for x in (*gone, *due) if x.occasion == occasion}
    raise_if_mass(situation, everyone, written_to)


def _limited(found: list[Gated], limit: int | None) -> list[Gated]:
    """At most so many letters as the run may send; what is held does not count."""
    if limit is None:
        return found
    going = [g for g in found if not g.closed][:limit]
    return [g for g in found if g.closed or g in going]


def _noted(
    letter: Letter,
    now: datetime,
    recovered: Collection[int],
    voided: Collection[int],
    *,
    asked: bool,
) -> Departure | None:
    """What a person should hear of a letter that is not due; `asked`: it was named."""
    if letter.id in recovered and letter.state is LetterState.UNKNOWN:
        return Departure(letter, letter.state, reply="the sender was killed")
    if letter.id in voided:
        reason = letter.held_because or "its facts changed"
        return Departure(letter, letter.state, reason=reason)
    if letter.state is LetterState.DEFERRED and not letter.due(now):
        reply, due = letter.last_reply or "", letter.next_attempt_at
        return Departure(letter, letter.state, reply=reply, next_attempt_at=due)
    if asked and letter.state not in DUE:
        return Departure(letter, letter.state, reason=f"it is {letter.state}")
    return None
