"""The workers of a run: each takes one letter after another to its end, over its own session.

A fate that concerns the account or the run stops all of them; what is left stays approved.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import deque
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from planner.errors import PlannerError
from planner.mail.wire import dated
from planner.rules.letters import Letter
from planner.rules.pace import spoken
from planner.rules.retries import Cause
from planner.rules.states import LetterState
from planner.rules.stops import stop_by, stop_for, stopped_by_user
from planner.steps.sending.due import Due
from planner.steps.sending.record import Delivery, HeldBackError, Recorded, SendRecorder
from planner.steps.sending.report import LetterResult, RunTotals
from planner.steps.sending.run import Renewal, Sender, SenderFactory, SendRun, Wait
from planner.store.commits import Commits


@dataclass(slots=True)
class SessionLimit:
    """How many sessions are at work, of those that were `opened`.

    `most` is how many the server puts up with, as far as it has said; it holds for the run.
    """

    opened: int = 0
    working: int = 0
    most: int = sys.maxsize

    def open(self, wanted: int) -> int:
        """Begin a round with so many sessions as are wanted, and allowed; gives how many."""
        self.opened = self.working = min(wanted, self.most)
        return self.opened

    @property
    def allowed(self) -> int:
        """How many may be at work."""
        return min(self.opened, self.most)

    @property
    def is_exceeded(self) -> bool:
        """Whether the session that asks should leave."""
        return self.working > self.most

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """One session at work; it is gone before another one can look."""
        try:
            yield
        finally:
            self.working -= 1

    def lower(self, beside: int) -> bool:
        """Whether the run goes on with fewer, after a letter was one of too many.

        `beside` is how many were allowed when it was begun.  Half of them go on; those that
        were refused beside each other are refused once, for who began beside more than are
        allowed now has been heard already.  One alone cannot be made fewer.
        """
        if beside == 1:
            return False
        if beside == self.allowed:
            self.most = beside // 2
        return True


@dataclass(slots=True)
class DeliveryWorkers:
    """One round of sending after another; what became of each letter is in `totals`."""

    run: SendRun
    commits: Commits
    totals: RunTotals
    recorder: SendRecorder = field(init=False)
    waiting: deque[Letter] = field(default_factory=deque)  # to be claimed
    sessions: SessionLimit = field(default_factory=SessionLimit)
    refusals: int = 0  # for policy, in a row
    renewal: Renewal | None = None  # what to go on with, because the config was changed

    def __post_init__(self) -> None:
        self.recorder = SendRecorder(self.run, self.commits)

    async def work(self, make_senders: SenderFactory, due: Due) -> None:
        """Deliver what may go; nothing stays in our hands, however this ends."""
        self.totals.note([*due.noted, *due.held])
        self.waiting = deque(due.going)
        self.totals.left = len(self.waiting)
        number = self.sessions.open(min(self.run.sessions, len(self.waiting)))
        senders = make_senders(number) if number else []
        try:
            async with asyncio.TaskGroup() as group:
                for sender in senders:
                    group.create_task(self._deliver_all(sender))
        except asyncio.CancelledError:
            self.totals.stopped = stopped_by_user("Interrupted in the middle of a letter.")
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
        finally:
            await _to_the_end(self._end(senders))
        self.totals.note(LetterResult(letter, letter.state) for letter in self.waiting)

    async def _deliver_all(self, sender: Sender) -> None:
        """One letter after another, until none is left or all must stop.

        The steps of one delivery are those that the package tells.
        """
        leaves = False
        with self._stopping(), self.sessions.at_work():
            while delivery := await self._claim_next():
                if await self._deliver(sender, delivery):
                    self._end_letter(delivery, await self.recorder.record(delivery))
                if leaves := self.sessions.is_exceeded:
                    break
        if leaves:  # the server may count a session that idles, too
            await sender.close()

    async def _claim_next(self) -> Delivery | None:
        """Claim the next letter that may leave, once it may; None if nothing is left to do."""
        while (letter := await self._next()) is not None:
            try:
                answer = await self.recorder.claim(letter)
            except BaseException:
                self.waiting.appendleft(letter)
                raise
            match answer:
                case Delivery():
                    return answer
                case LetterResult():
                    self._end_held(answer)
                case Wait():
                    self.waiting.appendleft(letter)
                    await self._wait(answer)
        return None

    async def _deliver(self, sender: Sender, delivery: Delivery) -> bool:
        """Deliver up to the dot, mark, dot; False if a gate was closed before the mark.

        Raises PlannerError if the mark could not be made.
        """
        letter, delivery.beside = delivery.letter, self.sessions.allowed
        try:
            outcome = await sender.deliver(
                sender=letter.sender,
                recipients=(*letter.to, *letter.cc),
                wire=dated(delivery.claimed.wire, delivery.claimed.date),
                mark=lambda: self.recorder.mark(delivery),
            )
        except HeldBackError as held:
            await self.recorder.release(delivery, held)
            self._end_held(LetterResult(letter, held.state, reason=str(held)))
            return False
        crowded = outcome.cause is Cause.TOO_MANY_SESSIONS
        delivery.outcome = outcome
        delivery.goes_again = crowded and self.sessions.lower(delivery.beside)
        self.refusals = self.refusals + 1 if outcome.policy_refusal else 0
        if not delivery.goes_again and (found := stop_for(outcome, self.refusals)):
            self.totals.stop(found)
        return True

    async def _next(self) -> Letter | None:
        """The next letter to claim; None if nothing more may be begun, by this config.

        Raises PlannerError if the config was changed and is of no use.
        """
        if self.run.stop():
            self.totals.stop(stopped_by_user())
        if self.waiting and self.totals.stopped is None:
            self.renewal = self.renewal or await self.run.reread()
        if self.renewal or self.totals.stopped is not None or not self.waiting:
            return None
        return self.waiting.popleft()

    @contextlib.contextmanager
    def _stopping(self) -> Iterator[None]:
        """An error that a person should hear of ends the round."""
        try:
            yield
        except PlannerError as error:
            self.totals.stop(stop_by(error))

    def _end_held(self, result: LetterResult) -> None:
        """Remember and say what keeps a letter back; another sender tells of what it has taken."""
        self.tell_held([result])
        self.totals.end_letter(result)

    def tell_held(self, results: Iterable[LetterResult]) -> None:
        """Say what keeps letters back, unless it has been said before."""
        for result in results:
            letter, known = result.letter, self.totals.results.get(result.letter.id)
            if result.reason and not (known and known.reason == result.reason):
                self.run.tell(f"held back: letter {letter.id}, {letter.program}: {result.reason}")

    def _end_letter(self, delivery: Delivery, done: Recorded) -> None:
        """Remember and say what became of a letter, once it is recorded."""
        run, letter, (state, said, columns) = self.run, delivery.letter, done.transition
        if done.again is not None:
            self.waiting.appendleft(done.again)
            run.tell(f"not yet: letter {letter.id}, {letter.program}: {said}")
            return
        due = columns.get("next_attempt_at")
        self.totals.end_letter(LetterResult(letter, state, reply=said, next_attempt_at=due))
        for other in done.taken_back:
            self.totals.note([LetterResult(other, other.state, reply=other.last_reply or "")])
            run.tell(f"approved again: letter {other.id}, {other.program}")
        if done.outcome is not delivery.outcome and (found := stop_for(done.outcome)):
            self.totals.stop(found)
        if done.resumes_at is not None:
            self.totals.resume_at(done.resumes_at)
        word = "not sent" if state is LetterState.APPROVED else state
        run.tell(f"{word}: letter {letter.id}, {letter.program}")
        run.show(str(self.totals))

    async def _wait(self, wait: Wait) -> None:
        """Wait for a moment; what takes longer ends the round."""
        if found := wait.stop(self.run.clock(), len(self.waiting)):
            self.totals.stop(found)
        else:
            self.show_waiting(wait.until)
            await self.run.nap(wait.until)

    def show_waiting(self, until: datetime) -> None:
        """Show how long nothing will happen."""
        words = spoken(until, self.run.clock(), self.run.pacer.pace.timezone)
        self.run.show(f"{self.totals}; waiting until {words}")

    async def _end(self, senders: Sequence[Sender]) -> None:
        await self._release_all()
        await asyncio.gather(*(sender.close() for sender in senders))

    async def _release_all(self) -> None:
        """What is still in our hands: approved again, or unknown where the dot may be gone."""
        in_hand = dict(self.recorder.in_hand)
        if not in_hand and self.totals.stopped is None:
            return
        try:
            for letter in await self.recorder.release_all():
                reply = _describe(in_hand.get(letter.id))
                self.totals.note([LetterResult(letter, letter.state, reply=reply)])
        except PlannerError:  # the next start finds what we held, and recovers it
            self.totals.end_run()
            for delivery in in_hand.values():
                state = LetterState.UNKNOWN if delivery.marked else LetterState.CLAIMED
                reply = _describe(delivery) + (", not recorded" if delivery.outcome else "")
                self.totals.note([LetterResult(delivery.letter, state, reply=reply)])
        self.recorder.in_hand.clear()


def _describe(delivery: Delivery | None) -> str:
    """How far a letter had come that a run lets go of."""
    known = delivery is not None and delivery.outcome is not None
    return str(delivery.outcome) if delivery and known else "the run broke off"


async def _to_the_end(work: Coroutine[None, None, None]) -> None:
    """Await what must be finished, however often somebody asks to stop meanwhile."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()
