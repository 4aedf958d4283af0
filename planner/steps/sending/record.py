"""What a run of sending writes to the database: letters are claimed, marked, recorded, released.

Each verb of `SendRecorder` is one transaction, durable when it returns.  A transaction is
given to `Commits` as a job that changes nothing but the database, for it may be done twice;
doing it twice is once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeVar

from planner.errors import StorageError
from planner.mail.wire import date_header
from planner.rules.letters import Letter
from planner.rules.retries import LEASE, Fate, Outcome
from planner.rules.states import LetterState, in_words
from planner.rules.transition import Transition, is_spent, transition_for
from planner.steps.approvals import void
from planner.steps.sending.gate_checker import GateChecker, PlanSnapshot
from planner.steps.sending.report import LetterResult
from planner.steps.sending.run import SendRun, Wait
from planner.store import account_usage, recovery, refusals, send_queue
from planner.store.commits import Commits, UnitOfWork
from planner.store.letters import list_letters
from planner.store.send_queue import Claimed, CurrentLetter
from planner.store.transitions import MoveRefusedError

T = TypeVar("T")

# Seconds between tries to record an outcome while the database cannot be written.
RECORD_WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


class HeldBackError(Exception):
    """A letter may not leave after all, found between the claim and the dot; why is its text.

    `is_void`: its approval holds no longer.
    """

    def __init__(self, why: str, *, is_void: bool) -> None:
        super().__init__(why)
        self.is_void = is_void

    @property
    def state(self) -> LetterState:
        """Where the letter goes back to."""
        return LetterState.DRAFT if self.is_void else LetterState.APPROVED


@dataclass(slots=True)
class Delivery:
    """A claimed letter under delivery, and how it ended once that is known.

    `snapshot` is the plan that opened its gates; `marked`: its dot may have been sent;
    `beside`: how many sessions were allowed when it was begun; `goes_again`: the run tries
    it again, with fewer sessions.
    """

    claimed: Claimed
    snapshot: PlanSnapshot | None
    beside: int = 1
    marked: bool = False
    goes_again: bool = False
    outcome: Outcome | None = None

    @property
    def letter(self) -> Letter:
        """The letter as it was before it was claimed."""
        return self.claimed.letter


class Recorded(NamedTuple):
    """What was recorded of a delivery.

    `outcome` is what it was in the light of the letters before it.  `resumes_at`: when an
    account that must rest may be used again.  `taken_back` are letters that were refused
    before for what is not their fault, `again` the letter itself where it goes again.
    """

    transition: Transition
    outcome: Outcome
    resumes_at: datetime | None = None
    taken_back: Sequence[Letter] = ()
    again: Letter | None = None


class _PlanOutdated(NamedTuple):
    """The plan behind the gates is older than this version of the database."""

    version: int


Answer = Delivery | LetterResult | Wait


@dataclass(slots=True)
class SendRecorder:
    """Writes for a run; `in_hand` are the letters that it has claimed, by number."""

    run: SendRun
    commits: Commits
    in_hand: dict[int, Delivery] = field(default_factory=dict)
    unreached: int = 0  # how often in a row the server was away

    async def claim(self, letter: Letter) -> Answer:
        """Claim a letter whose gates are open; else say what keeps it back, or what to wait for."""
        job = partial(self._claim, letter=letter)
        answer: Answer = await self._with_a_plan(self.run.gates, job)
        if isinstance(answer, Delivery):
            self.run.pacer.note_departure()
            self.in_hand[letter.id] = answer
        return answer

    async def mark(self, delivery: Delivery) -> None:
        """Make the mark before the final dot, if all that the letter rests on is as it was.

        Raises HeldBackError if a gate was closed since the claim, or a fact or the config
        changed, PlannerError if the mark could not be made or the config is of no use.
        """
        renewal = await self.run.reread()
        gates = renewal.run.gates if renewal else self.run.gates
        job = partial(self._mark, delivery=delivery, gates=gates)
        if held := await self._with_a_plan(gates, job, marks=True):
            raise held
        delivery.marked = True

    async def record(self, delivery: Delivery) -> Recorded:
        """Record how a delivery ended, however long the database cannot be written; up to a minute.

        Raises StorageError in the end: the next start finds the mark.
        """
        job = partial(self._record, delivery=delivery)
        try:
            done = await self.commits.run(job)
        except StorageError as error:
            number, outcome = delivery.letter.id, delivery.outcome
            self.run.tell(f"{error.message} Trying to record letter {number}: {outcome}.")
            done = await self._insist(job)
        unreached = done.outcome.fate is Fate.UNREACHABLE
        self.unreached = self.unreached + 1 if unreached else 0
        self.in_hand.pop(delivery.letter.id, None)
        return done

    async def release(self, delivery: Delivery, held: HeldBackError) -> None:
        """Give a letter back that may not leave after all; a draft where its approval is void."""

        def job(unit: UnitOfWork) -> None:
            at, why = unit.now(self.run.clock), str(held)
            claimed = delivery.claimed
            send_queue.release(unit, claimed, at=at, why=f"held: {why}", held_because=why)
            if held.is_void:
                for letter in _list_approved(unit, [claimed.letter.id]):
                    void(unit.tx, letter, why, at=at, command="send")

        await self.commits.run(job)
        self.in_hand.pop(delivery.letter.id)

    async def release_all(self) -> Sequence[Letter]:
        """Record what is known, let go of the rest; gives the letters as they are now."""
        return await self.commits.run(self._release_all)

    async def _insist(self, job: Callable[[UnitOfWork], Recorded]) -> Recorded:
        for pause in RECORD_WAITS:
            await self.run.sleep(pause)
            with contextlib.suppress(StorageError):
                return await self.commits.run(job)
        return await self.commits.run(job)

    async def _with_a_plan(
        self,
        gates: GateChecker,
        job: Callable[[UnitOfWork], T | _PlanOutdated],
        *,
        marks: bool = False,
    ) -> T:
        """Have a job done that needs today's plan; the plan is made again where it is outdated."""
        while isinstance(answer := await self.commits.run(job, marks=marks), _PlanOutdated):
            gates.renew_from(self.run.store, self.run.clock(), answer.version)
        return answer

    def _claim(self, unit: UnitOfWork, letter: Letter) -> Answer | _PlanOutdated:
        run, now = self.run, unit.now(self.run.clock)
        if not run.gates.holds(now, version := unit.version()):
            return _PlanOutdated(version)
        if wait := run.pacer.find_wait_anew(unit.tx, now):
            return wait
        current = send_queue.fetch_current(unit.tx, letter.id)
        unheard = current.state is LetterState.CLAIMED and current.owner == run.owner
        if self._is_elsewhere(unit, letter, current, unheard=unheard):
            return LetterResult(letter, current.state, elsewhere=True)
        if not unheard and (current.state, current.digest) != (letter.state, letter.digest):
            return LetterResult(letter, current.state, reason=_changed(unit, letter, current.state))
        if not unheard and (why := run.gates.find_void(letter)):
            void(unit.tx, letter, why, at=now, command="send")
            return LetterResult(letter, LetterState.DRAFT, reason=why)
        if closed := run.gates.find_closed(letter, current):
            send_queue.hold(unit.tx, letter.id, closed)
            return LetterResult(letter, letter.state, reason=closed)
        try:
            claimed = send_queue.claim(
                unit,
                letter,
                current.wire,
                owner=run.owner,
                account=run.account,
                at=now,
                lease=LEASE,
                date=date_header(now),
            )
        except MoveRefusedError as error:
            if not run.store.has_one_sender:  # another one took it in this very moment
                return LetterResult(letter, letter.state, elsewhere=True)
            return LetterResult(letter, letter.state, reason=error.message)
        return Delivery(claimed, run.gates.snapshot)

    def _is_elsewhere(
        self, unit: UnitOfWork, letter: Letter, current: CurrentLetter, *, unheard: bool
    ) -> bool:
        """Whether another sender of the same server has taken a letter, or is about to."""
        if unheard or self.run.store.has_one_sender:
            return False
        taken = current.token > letter.token and current.digest == letter.digest
        return taken or not send_queue.is_free(unit.tx, letter.id)

    def _mark(
        self, unit: UnitOfWork, delivery: Delivery, gates: GateChecker
    ) -> HeldBackError | _PlanOutdated | None:
        """Set the mark; gives what holds the letter back if it may not be set."""
        now = unit.now(self.run.clock)
        if not gates.holds(now, version := unit.version()):
            return _PlanOutdated(version)
        if delivery.snapshot is not gates.snapshot:  # made again since the claim
            letter = delivery.letter
            if why := gates.find_void(letter):
                return HeldBackError(why, is_void=True)
            if closed := gates.find_closed(letter, send_queue.fetch_current(unit.tx, letter.id)):
                return HeldBackError(closed, is_void=False)
        send_queue.mark(unit, delivery.claimed, at=now)
        return None

    def _record(self, unit: UnitOfWork, delivery: Delivery) -> Recorded:
        """State, reply, when to try again, what was not spent, and the account's rest."""
        run, letter, now = self.run, delivery.letter, unit.now(self.run.clock)
        if delivery.outcome is None:
            raise ValueError("a delivery that has not ended")
        outcome, others = refusals.judge_beside_earlier(unit.tx, letter, delivery.outcome)
        became = transition_for(
            letter,
            outcome,
            now=now,
            lists_final=run.gates.lists_final(letter),
            chance=run.chance(),
        )
        why = f"{outcome.step}: {became.said}"
        fresh = send_queue.record_outcome(
            unit, delivery.claimed, became.state, at=now, why=why, **became.columns
        )
        if fresh:
            if not is_spent(outcome):
                account_usage.uncount(unit.tx, letter.id)
            why = f"letter {letter.id} was refused in the same words"
            others = [x for x in others if refusals.take_back(unit, x, at=now, why=why)]
            if outcome.fate is Fate.SENT:
                run.pacer.end_rest(unit.tx, now)
        if delivery.goes_again:
            again = next(iter(_list_approved(unit, [letter.id])), None)
            return Recorded(became, outcome, again=again)
        resumes_at = run.pacer.rest(
            unit.tx, outcome, now, fresh=fresh, unreached=self.unreached + 1
        )
        return Recorded(became, outcome, resumes_at, _list_approved(unit, others))

    def _release_all(self, unit: UnitOfWork) -> list[Letter]:
        known = set(self.in_hand)
        for delivery in self.in_hand.values():
            with contextlib.suppress(MoveRefusedError):  # no longer as we left it
                if delivery.outcome is not None:
                    known.update(x.id for x in self._record(unit, delivery).taken_back)
        marked = {number for number, delivery in self.in_hand.items() if delivery.marked}
        now = unit.now(self.run.clock)
        left = recovery.let_go(unit.tx, self.run.owner, marked, at=now)
        return list_letters(unit.tx, ids={*known, *left})


def _changed(unit: UnitOfWork, letter: Letter, state: LetterState) -> str:
    """What somebody else did to a letter that waited for its turn."""
    why = list_letters(unit.tx, ids=[letter.id])[0].held_because
    said = f"it changed while sending went on; it is {in_words(state)} now"
    return f"{said}: {why}" if why else said


def _list_approved(unit: UnitOfWork, numbers: Sequence[int]) -> Sequence[Letter]:
    """Those of the letters that are approved, as they stand."""
    if not numbers:
        return ()
    return list_letters(unit.tx, ids=numbers, states=[LetterState.APPROVED])
