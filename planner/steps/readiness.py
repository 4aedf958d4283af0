"""Before anything leaves: recover, take back approvals whose facts changed, look at the gates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from planner.rules.states import DUE, GONE, LetterState
from planner.steps.departures import Departure, Gated, SendOptions
from planner.steps.draft import book_for, raise_if_mass, void_changed
from planner.steps.gatekeeper import Gatekeeper
from planner.steps.review import letters_with
from planner.store import outbox, programs
from planner.store.database import Store
from planner.store.engine import Transaction, driver
from planner.store.letters import Letter
from planner.store.queue import hold

# No version of the database: what is seen here is looked at again before the first claim.
BEFORE = -1


@dataclass(frozen=True, slots=True)
class Readiness:
    """Letters that are due, with what stands against each; and what else one should hear of."""

    due: list[Gated]
    noted: list[Departure]


def prepare(
    store: Store,
    keeper: Gatekeeper,
    options: SendOptions,
    *,
    now: datetime,
    rehearsal: bool = False,
) -> Readiness:
    """Recover, void, and look at the gates of every letter that is due.

    A rehearsal writes nothing of that down.  The sender's lock must be held.  Raises
    PersonNeededError for a mass mailing that was not allowed, UnknownNameError for a number
    that is no letter.
    """
    with store.rehearsing() if rehearsal else store.writing() as tx:
        wanted = None if options.ids is None else letters_with(tx, options.ids)
        recovered = [x.id for x in outbox.release_expired(tx, at=now, alone=True)]
        keeper.renew(tx, now, BEFORE)
        voided = void_changed(
            tx, book_for(tx, keeper.situation, keeper.account), at=now, command="send"
        )
        due = _in_order(x for x in outbox.find(tx, ids=options.ids, states=DUE) if x.due(now))
        if not options.allow_mass:
            _refuse_mass(tx, keeper, due)
        found = [Gated(x, keeper.closed(driver(tx), x, outbox.wire(tx, x.id))) for x in due]
        for gated in found:
            if (gated.letter.held_because or "") != gated.closed:
                hold(driver(tx), gated.letter.id, gated.closed)
        noted = _noted(tx, now, recovered, voided, wanted, options)
    return Readiness(_limited(found, options.limit), noted)


def _in_order(letters: Iterable[Letter]) -> list[Letter]:
    """By number, that is in plan order; what made the account back off goes last.

    Else one recipient whose server asks everybody to come back later (greylisting) would
    stop each run before its other letters.
    """

    def made_it_back_off(letter: Letter) -> bool:
        return letter.state is LetterState.APPROVED and letter.next_attempt_at is not None

    return sorted(letters, key=lambda letter: (made_it_back_off(letter), letter.id))


def _refuse_mass(tx: Transaction, keeper: Gatekeeper, due: Sequence[Letter]) -> None:
    gone = outbox.find(tx, states=GONE)
    occasion = keeper.situation.occasion
    written_to = {x.program_id for x in (*gone, *due) if x.occasion == occasion}
    raise_if_mass(keeper.situation, programs.every(tx), written_to)


def _limited(found: list[Gated], limit: int | None) -> list[Gated]:
    """At most so many letters as the run may send; what is held does not count."""
    if limit is None:
        return found
    going = [g for g in found if not g.closed][:limit]
    return [g for g in found if g.closed or g in going]


def _noted(
    tx: Transaction,
    now: datetime,
    recovered: Sequence[int],
    voided: Sequence[int],
    wanted: Sequence[Letter] | None,
    options: SendOptions,
) -> list[Departure]:
    """What a person should hear of besides the letters that are due."""
    noted: dict[int, Departure] = {}
    for letter in outbox.find(tx, ids=options.ids):
        if letter.id in recovered and letter.state is LetterState.UNKNOWN:
            noted[letter.id] = Departure(letter, letter.state, reply="the sender was killed")
        elif letter.id in voided:
            reason = letter.held_because or "its facts changed"
            noted[letter.id] = Departure(letter, letter.state, reason=reason)
        elif letter.state is LetterState.DEFERRED and not letter.due(now):
            noted[letter.id] = Departure(letter, letter.state, reply=letter.last_reply or "")
        elif wanted is not None and letter.state not in DUE:
            noted[letter.id] = Departure(letter, letter.state, reason=f"it is {letter.state}")
    return list(noted.values())
