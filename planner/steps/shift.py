"""A shift: sessions side by side that share what waits, and what became of each letter.

Each session goes from letter to letter: a claim, then the delivery, with the mark before its
dot.  The commit of a mark claims one more letter for whoever is free next, and takes along
the outcomes that were heard meanwhile, so that at full speed a letter needs one commit.  A
fate that concerns the account or the run stops all of them, and what is left stays approved.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from planner.errors import PlannerError, StorageError
from planner.mail.wire import dated
from planner.rules.letters import Letter
from planner.rules.pace import spoken
from planner.rules.retries import Cause, Fate
from planner.rules.states import LetterState
from planner.steps.clerk import Answer, Clerk, InHand, Outdated
from planner.steps.consequence import Consequence, stop
from planner.steps.crowd import Crowd
from planner.steps.departures import Departure, Gated, Stop, by_user
from planner.steps.postman import Crew, Postman, Sender, Wait
from planner.steps.tally import Tally
from planner.store import programs
from planner.store.letters import list_letters
from planner.store.writer import Job, Writer

T = TypeVar("T")

# Seconds between tries to record an outcome while the database cannot be written.
RECORD_WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


# A letter is claimed ahead where the last answer came within so many seconds after its dot,
# and given back if nobody has begun it so soon: who waits for long can be waited for no longer.
QUICK = 0.25
FRESH = timedelta(seconds=1)


class _HeldBackError(Exception):
    """A gate was closed between the claim and the dot; the reason is its text."""


@dataclass(slots=True)
class Shift:
    """One round of sending after another; what became of each letter is in `tally`.

    `waiting` are letters to claim, `at_hand` those that are claimed, by number, and `ahead`
    those of them that no session has begun.
    """

    postman: Postman
    tally: Tally
    clerk: Clerk = field(init=False)
    waiting: deque[Letter] = field(default_factory=deque)
    ahead: deque[InHand] = field(default_factory=deque)
    at_hand: dict[int, InHand] = field(default_factory=dict)
    crowd: Crowd = field(default_factory=Crowd)
    quick: bool = False  # whether the server answers at once
    refusals: int = 0  # for policy, in a row

    def __post_init__(self) -> None:
        self.clerk = Clerk(self.postman)

    async def work(self, writer: Writer, crew: Crew, ready: Sequence[Gated]) -> None:
        """Deliver what may go; nothing stays in our hands, however this ends."""
        self.tally.note(
            Departure(g.letter, g.letter.state, reason=g.closed) for g in ready if g.closed
        )
        self.waiting = deque(g.letter for g in ready if not g.closed)
        self.tally.left = len(self.waiting)
        number = self.crowd.gather(min(self.postman.sessions, len(self.waiting)))
        senders = crew(number) if number else []
        sweeper = asyncio.ensure_future(self._sweep(writer))
        try:
            async with asyncio.TaskGroup() as group:
                for sender in senders:
                    group.create_task(self._session(writer, sender, group))
        except asyncio.CancelledError:
            self.tally.stopped = by_user("Interrupted in the middle of a letter.")
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
        finally:
            await _to_the_end(self._end(writer, senders, sweeper))
        self.tally.note(Departure(x, x.state) for x in self.waiting)

    async def _end(
        self, writer: Writer, senders: Sequence[Sender], sweeper: asyncio.Future[None]
    ) -> None:
        sweeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeper
        await self._let_go(writer)
        await asyncio.gather(*(sender.close() for sender in senders))

    async def _session(self, writer: Writer, sender: Sender, group: asyncio.TaskGroup) -> None:
        """One letter after another over one session, until nothing is left or all must stop."""
        leaves = False
        with self._stopping(), self.crowd.at_work():
            hand = await self._turn(writer, None)
            while hand is not None:
                await self._deliver(writer, sender, hand)
                done = hand if hand.outcome else None
                if self.crowd.is_too_large:
                    await self._turn(writer, done, claims=False)
                    if leaves := self.crowd.is_too_large:
                        break
                    done = None
                if (following := self._claimed_ahead()) is None:
                    await self._give_back_stale(writer)
                    hand = await self._turn(writer, done)
                    continue
                if done is not None:
                    written = writer.order(partial(self.clerk.write_down, done=done))
                    following.before = group.create_task(self._record(writer, done, written))
                hand = following
        if leaves:  # the server may count a session that idles, too
            await sender.close()

    @contextlib.contextmanager
    def _stopping(self) -> Iterator[None]:
        """An error that a person should hear of ends the shift."""
        try:
            yield
        except PlannerError as error:
            self.tally.stop(Stop(error.exit_code, error.message, error.hint))

    async def _record(
        self, writer: Writer, done: InHand, written: asyncio.Future[Consequence]
    ) -> bool:
        """See that an outcome is written down, while its session goes on with the next letter.

        Whether that was done at last.
        """
        with self._stopping():
            try:
                became = await written
            except StorageError as error:
                became = await self._insist(writer, done, error)
            self._told(done, became)
            return True
        return False

    async def _turn(
        self, writer: Writer, done: InHand | None, *, claims: bool = True
    ) -> InHand | None:
        """Write down how the last delivery ended and claim the next letter, in one commit.

        None: nothing is left that this run may deliver.
        """
        while (letter := self._next() if claims else None) is not None or done is not None:
            job = partial(self.clerk.write_and_claim, done=done, letter=letter)
            try:
                became, answer = await writer.write(job)
            except StorageError as error:
                self._put_back(letter)
                if done is None:
                    raise
                became, answer, letter = await self._insist(writer, done, error), None, None
            if done is not None and became is not None:
                self._told(done, became)
                done = None
            if letter is None:
                continue
            if hand := self._answered(letter, answer):
                return hand
            if isinstance(answer, Wait):
                await self._rest(answer)
            elif isinstance(answer, Outdated):
                self._renew(answer)
        return None

    def _answered(self, letter: Letter, answer: Answer | None) -> InHand | None:
        """Take a claimed letter in hand; remember one that is held, put back one that waits."""
        match answer:
            case InHand():
                self.postman.departed()
                self.at_hand[letter.id] = answer
                return answer
            case Departure():
                self.tally.ended(answer)
            case Wait() | Outdated() | None:
                self._put_back(letter)
        return None

    def _ends(self) -> bool:
        """Whether nothing more may be begun."""
        if self.postman.stop():
            self.tally.stop(by_user())
        return self.tally.stopped is not None

    def _claimed_ahead(self) -> InHand | None:
        """A letter that was claimed a moment ago."""
        if self.ahead and not self._ends() and self._is_fresh(self.ahead[0]):
            return self.ahead.popleft()
        return None

    def _is_fresh(self, hand: InHand) -> bool:
        return abs(self.postman.clock() - hand.claimed.at) <= FRESH

    async def _give_back_stale(self, writer: Writer) -> None:
        """Let letters wait again that were claimed a while ago: they may be taken back, or held."""
        while self.ahead and not self._is_fresh(self.ahead[0]):
            hand = self.ahead.popleft()
            letter = hand.claimed.letter
            await writer.write(partial(self.clerk.give_back, hand=hand, why="not begun in time"))
            self.at_hand.pop(letter.id)
            self._put_back(letter._replace(token=hand.claimed.token))

    async def _sweep(self, writer: Writer) -> None:
        """Give back what every session leaves lying, for as long as the shift goes on."""
        with self._stopping():
            while True:
                await asyncio.sleep(FRESH.total_seconds() / 2)
                await self._give_back_stale(writer)

    def _next(self) -> Letter | None:
        return self.waiting.popleft() if not self._ends() and self.waiting else None

    def _put_back(self, letter: Letter | None) -> None:
        if letter is not None:
            self.waiting.appendleft(letter)

    def _renew(self, outdated: Outdated) -> None:
        """Make the plan again, unless another session has done so meanwhile."""
        postman = self.postman
        if not postman.keeper.holds(postman.clock(), outdated.version):
            with postman.store.read() as tx:
                everyone, letters = programs.every(tx), list_letters(tx)
            # What is in our hands and may not have left yet does not count as told.
            still = {number for number, hand in self.at_hand.items() if not hand.marked}
            known = [
                letter._replace(state=LetterState.APPROVED).fact()
                if letter.state is LetterState.CLAIMED or letter.id in still
                else letter.fact()
                for letter in letters
            ]
            postman.keeper.renew(everyone, known, postman.clock(), outdated.version)

    async def _mark(self, writer: Writer, hand: InHand) -> None:
        """Make the mark, and claim one more letter with it.

        Raises _HeldBackError where a gate was closed since the claim, PlannerError where
        the mark could not be made.
        """
        # With a pace the next letter is claimed when its time has come.
        ahead = self.quick and not self.postman.pace.per_minute
        letter = self._next() if ahead else None
        job = partial(self.clerk.mark_and_claim, hand=hand, letter=letter)
        try:
            against, answer = await self._write_mark(writer, hand, job)
            while isinstance(against, Outdated):
                self._renew(against)
                against, answer = await self._write_mark(writer, hand, job)
            if against:
                raise _HeldBackError(against)
        except BaseException:
            self._put_back(letter)
            raise
        hand.marked_at = time.monotonic()
        if letter is not None and (claimed := self._answered(letter, answer)):
            self.ahead.append(claimed)

    async def _write_mark(self, writer: Writer, hand: InHand, job: Job[T]) -> T:
        try:
            return await writer.write(job, marks=True)
        except StorageError:
            # The last outcome has met the same disk; once that is recorded, this can be, too.
            if hand.before is None or not await hand.before:
                raise
        return await writer.write(job, marks=True)

    async def _deliver(self, writer: Writer, sender: Sender, hand: InHand) -> None:
        """One delivery; its outcome is in `hand`, unless a gate held the letter back.

        Raises PlannerError where the mark could not be made.
        """
        letter, hand.begun, hand.beside = hand.claimed.letter, True, self.crowd.allowed
        try:
            outcome = await sender.deliver(
                sender=letter.sender,
                recipients=(*letter.to, *letter.cc),
                wire=dated(hand.claimed.wire, hand.claimed.date),
                mark=partial(self._mark, writer, hand),
            )
        except _HeldBackError as held:
            job = partial(
                self.clerk.give_back, hand=hand, why=f"held: {held}", held_because=str(held)
            )
            await writer.write(job)
            self.at_hand.pop(letter.id)
            self.tally.ended(Departure(letter, LetterState.APPROVED, reason=str(held)))
            return
        crowded = outcome.cause is Cause.TOO_MANY_SESSIONS
        hand.outcome, hand.goes_again = outcome, crowded and self.crowd.shrinks(hand.beside)
        self.quick = hand.marked_at is not None and time.monotonic() - hand.marked_at <= QUICK
        self.refusals = self.refusals + 1 if outcome.policy_refusal else 0
        if not hand.goes_again and (found := stop(outcome, self.refusals)):
            self.tally.stop(found)

    async def _insist(self, writer: Writer, done: InHand, error: StorageError) -> Consequence:
        """Write down an outcome, however long the database cannot be written; up to a minute.

        Raises StorageError in the end: the next start finds the mark.
        """
        letter = done.claimed.letter
        self.postman.tell(f"{error.message} Trying to record letter {letter.id}: {done.outcome}.")
        job = partial(self.clerk.write_down, done=done)
        for pause in RECORD_WAITS:
            await self.postman.sleep(pause)
            try:
                return await writer.write(job)
            except StorageError:
                continue
        return await writer.write(job)

    def _told(self, done: InHand, became: Consequence) -> None:
        """Remember and say what became of a letter, once it is written down."""
        letter = done.claimed.letter
        self.at_hand.pop(letter.id, None)
        unreached = became.outcome.fate is Fate.UNREACHABLE
        self.clerk.unreached = self.clerk.unreached + 1 if unreached else 0
        if became.again is not None:
            self._put_back(became.again)
            self.postman.tell(f"not yet: letter {letter.id}, {letter.program}: {became.said}")
            return
        due = became.columns.get("next_attempt_at")
        self.tally.ended(Departure(letter, became.state, reply=became.said, next_attempt_at=due))
        for other in became.taken_back:
            self.tally.note([Departure(other, other.state, reply=other.last_reply or "")])
            self.postman.tell(f"approved again: letter {other.id}, {other.program}")
        if became.outcome is not done.outcome and (found := stop(became.outcome, 0)):
            self.tally.stop(found)
        if became.resumes_at is not None:
            self.tally.resume_at(became.resumes_at)
        word = "not sent" if became.state is LetterState.APPROVED else became.state
        self.postman.tell(f"{word}: letter {letter.id}, {letter.program}")
        self.postman.show(str(self.tally))

    async def _rest(self, wait: Wait) -> None:
        """Wait for a moment; what takes longer ends the shift."""
        if found := wait.stop(self.postman.clock(), len(self.waiting)):
            self.tally.stop(found)
        else:
            self.say_waiting(wait.until)
            await self.postman.nap(wait.until)

    def say_waiting(self, until: datetime) -> None:
        """Show how long nothing will happen."""
        words = spoken(until, self.postman.clock(), self.postman.pace.timezone)
        self.postman.show(f"{self.tally}; waiting until {words}")

    async def _let_go(self, writer: Writer) -> None:
        """What is still in our hands: approved again, or unknown where the dot may be gone."""
        if not self.at_hand and self.tally.stopped is None:
            return
        hands = list(self.at_hand.values())
        try:
            for letter in await writer.write(partial(self.clerk.give_up, hands=hands)):
                reply = _in_words(self.at_hand.get(letter.id))
                self.tally.note([Departure(letter, letter.state, reply=reply)])
        except PlannerError:  # the next start finds what we held, and recovers it
            self.tally.end_here()
            for hand in hands:
                state = LetterState.UNKNOWN if hand.marked else LetterState.CLAIMED
                reply = _in_words(hand) + (", not recorded" if hand.outcome else "")
                self.tally.note([Departure(hand.claimed.letter, state, reply=reply)])
        self.at_hand.clear()
        self.ahead.clear()


def _in_words(hand: InHand | None) -> str:
    """How far a letter had come that a run lets go of."""
    if hand is not None and hand.outcome is not None:
        return str(hand.outcome)
    return "" if hand is not None and not hand.begun else "the run broke off"


async def _to_the_end(work: Coroutine[None, None, None]) -> None:
    """Await what must be finished, however often somebody asks to stop meanwhile."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()
