"""A shift: sessions side by side that share what waits, and what became of each letter.

Each session goes from letter to letter: one commit writes down how the last delivery
ended and claims the next one; then the delivery, with the mark before its dot.  A fate
that concerns the account or the run stops all of them, and what is left stays approved.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from planner.errors import PlannerError
from planner.mail.wire import date_header, dated
from planner.rules.retries import Fate, Outcome, rest
from planner.rules.states import DUE, LetterState
from planner.steps.consequence import PASSING, Consequence, consequence, stop
from planner.steps.departures import Departure, Gated, SendReport, Stop, by_user
from planner.steps.gatekeeper import Outlook
from planner.steps.postman import Crew, Postman, Sender, Wait
from planner.store import programs, queue, recovery, usage
from planner.store.letters import Letter, find
from planner.store.moves import MoveRefusedError
from planner.store.queue import Claimed
from planner.store.recovery import AS_BEFORE
from planner.store.usage import Pause
from planner.store.writer import Job, Page, Writer

T = TypeVar("T")

# Longer than every timeout of a delivery together, with a handful of recipients.
LEASE = timedelta(hours=2)
# Seconds between tries to record an outcome while the database cannot be written.
RECORD_WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


@dataclass(slots=True)
class InHand:
    """A letter in the hands of a session.

    `outlook` is the plan that opened its gates; `before` records the outcome of the
    session's last letter; `marked`: its dot may have been sent.
    """

    claimed: Claimed
    outlook: Outlook | None
    before: asyncio.Task[bool] | None = None
    begun: bool = False
    marked: bool = False
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Outdated:
    """The plan behind the gates is older than this version of the database."""

    version: int


Answer = InHand | Departure | Wait | Outdated


class _HeldBackError(Exception):
    """A gate was closed between the claim and the dot; the reason is its text."""


@dataclass(slots=True)
class Shift:
    """One round of sending; `known` is what became of every letter so far."""

    postman: Postman
    known: dict[int, Departure]
    waiting: deque[Letter] = field(default_factory=deque)
    at_hand: dict[int, InHand] = field(default_factory=dict)
    sent: int = 0
    left: int = 0
    refusals: int = 0  # for policy, in a row
    unreached: int = 0  # times that the server was away, in a row
    stopped: Stop | None = None

    async def work(self, writer: Writer, crew: Crew, ready: Sequence[Gated]) -> None:
        """Deliver what may go; nothing stays in our hands, however this ends."""
        self.known |= {
            g.letter.id: Departure(g.letter, g.letter.state, reason=g.closed)
            for g in ready
            if g.closed
        }
        self.waiting = deque(g.letter for g in ready if not g.closed)
        self.left = len(self.waiting)
        senders = crew(min(self.postman.sessions, len(self.waiting))) if self.waiting else []
        try:
            async with asyncio.TaskGroup() as group:
                for sender in senders:
                    group.create_task(self._session(writer, sender, group))
        except asyncio.CancelledError:
            self.stopped = by_user("Interrupted in the middle of a letter.")
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
        finally:
            await _to_the_end(self._end(writer, senders))
        self.known |= {x.id: Departure(x, x.state) for x in self.waiting}

    async def _end(self, writer: Writer, senders: Sequence[Sender]) -> None:
        await self._let_go(writer)
        await asyncio.gather(*(sender.close() for sender in senders))

    async def _session(self, writer: Writer, sender: Sender, group: asyncio.TaskGroup) -> None:
        """One letter after another over one session, until nothing is left or all must stop."""
        with self._stopping():
            hand = await self._turn(writer, None)
            while hand is not None:
                ahead = await self._deliver(writer, sender, hand)
                if ahead is None or self._ends():
                    hand = await self._turn(writer, hand if hand.outcome else None)
                else:
                    written = writer.order(partial(self._write_down, done=hand))
                    ahead.before = group.create_task(self._record(writer, hand, written))
                    hand = ahead

    @contextlib.contextmanager
    def _stopping(self) -> Iterator[None]:
        """An error that a person should hear of ends the shift."""
        try:
            yield
        except PlannerError as error:
            self._stop(Stop(error.exit_code, error.message, error.hint))

    async def _record(
        self, writer: Writer, done: InHand, written: asyncio.Future[Consequence]
    ) -> bool:
        """See that an outcome is written down, while its session goes on with the next letter.

        Whether that was done at last.
        """
        with self._stopping():
            try:
                became = await written
            except MoveRefusedError:
                raise
            except PlannerError as error:
                became = await self._insist(writer, done, error)
            self._told(done, became)
            return True
        return False

    async def _turn(self, writer: Writer, done: InHand | None) -> InHand | None:
        """Write down how the last delivery ended and claim the next letter, in one commit.

        None: nothing is left that this run may deliver.
        """
        while (letter := self._next()) is not None or done is not None:
            job = partial(self._write_and_claim, done=done, letter=letter)
            try:
                became, answer = await writer.write(job)
            except MoveRefusedError:
                raise
            except PlannerError as error:
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
                self.known[letter.id] = answer
                self.left -= 1
            case Wait() | Outdated():
                self._put_back(letter)
            case None:
                pass
        return None

    def _ends(self) -> bool:
        """Whether nothing more may be begun."""
        if self.postman.stop():
            self.stopped = by_user()
        return self.stopped is not None

    def _next(self) -> Letter | None:
        return self.waiting.popleft() if not self._ends() and self.waiting else None

    def _put_back(self, letter: Letter | None) -> None:
        if letter is not None:
            self.waiting.appendleft(letter)

    def _renew(self, outdated: Outdated) -> None:
        """Make the plan anew, unless another session has done so meanwhile."""
        postman = self.postman
        if not postman.keeper.holds(postman.clock(), outdated.version):
            with postman.store.looking() as db:
                everyone, letters = programs.every(db), find(db)
            # What is claimed, by us alone, has not left yet: it does not count as told.
            known = [
                replace(letter, state=LetterState.APPROVED).fact()
                if letter.state is LetterState.CLAIMED
                else letter.fact()
                for letter in letters
            ]
            postman.keeper.renew(everyone, known, postman.clock(), outdated.version)

    def _write_and_claim(
        self, page: Page, done: InHand | None, letter: Letter | None
    ) -> tuple[Consequence | None, Answer | None]:
        """The job of `_turn`."""
        became = self._write_down(page, done) if done else None
        return became, self._claim(page, letter) if letter else None

    def _claim(self, page: Page, letter: Letter) -> Answer:
        postman = self.postman
        now = page.now(postman.clock)
        if not postman.keeper.holds(now, version := page.version()):
            return Outdated(version)
        if wait := postman.wait(page.db, now):
            return wait
        present = queue.present(page.db, letter.id)
        if (present.state, present.digest) != (letter.state, letter.digest):
            reason = f"it changed while sending went on; it is {present.state} now"
            return Departure(letter, present.state, reason=reason)
        if closed := postman.keeper.closed(letter, present):
            queue.hold(page.db, letter.id, closed)
            return Departure(letter, letter.state, reason=closed)
        try:
            claimed = queue.claim(
                page,
                letter,
                present.wire,
                owner=postman.owner,
                account=postman.account,
                at=now,
                lease=LEASE,
                date=date_header(now),
            )
        except MoveRefusedError as error:
            return Departure(letter, letter.state, reason=error.message)
        return InHand(claimed, postman.keeper.outlook)

    def _mark_and_claim(
        self, page: Page, hand: InHand, letter: Letter | None
    ) -> tuple[Outdated | str, Answer | None]:
        """The job of a mark, and with it the claim of the session's next letter.

        Gives also what stands against the mark: an outdated plan, or a closed gate in words.
        """
        keeper, now = self.postman.keeper, page.now(self.postman.clock)
        if not keeper.holds(now, version := page.version()):
            return Outdated(version), None
        if hand.outlook is not keeper.outlook:  # made anew since the claim
            claimed = hand.claimed.letter
            if closed := keeper.closed(claimed, queue.present(page.db, claimed.id)):
                return closed, None
        queue.mark(page, hand.claimed, at=now)
        return "", self._claim(page, letter) if letter else None

    async def _mark(self, writer: Writer, hand: InHand) -> InHand | None:
        """Make the mark; gives the letter that was claimed with it, if one was.

        Raises _HeldBackError where a gate was closed since the claim, PlannerError where
        the mark could not be made.
        """
        # With a pace the next letter is claimed when its time has come.
        following = None if self.postman.pace.per_minute else self._next()
        job = partial(self._mark_and_claim, hand=hand, letter=following)
        try:
            against, answer = await self._write_mark(writer, hand, job)
            while isinstance(against, Outdated):
                self._renew(against)
                against, answer = await self._write_mark(writer, hand, job)
        except BaseException:
            self._put_back(following)
            raise
        if against:
            self._put_back(following)
            raise _HeldBackError(against)
        hand.marked = True
        return self._answered(following, answer) if following else None

    async def _write_mark(self, writer: Writer, hand: InHand, job: Job[T]) -> T:
        try:
            return await writer.write(job, marks=True)
        except MoveRefusedError:
            raise
        except PlannerError:
            # The last outcome has met the same disk; once that is recorded, this can be, too.
            if hand.before is None or not await hand.before:
                raise
        return await writer.write(job, marks=True)

    async def _deliver(self, writer: Writer, sender: Sender, hand: InHand) -> InHand | None:
        """One delivery; gives the letter that was claimed with its mark, if one was.

        Raises PlannerError where the mark could not be made.
        """
        letter, ahead = hand.claimed.letter, None
        hand.begun = True

        async def mark() -> None:
            nonlocal ahead
            ahead = await self._mark(writer, hand)

        try:
            outcome = await sender.deliver(
                sender=letter.sender,
                recipients=(*letter.to, *letter.cc),
                wire=dated(hand.claimed.wire, hand.claimed.date),
                mark=mark,
            )
        except _HeldBackError as held:
            await writer.write(partial(self._hold_back, hand=hand, reason=str(held)))
            self.at_hand.pop(letter.id)
            self.known[letter.id] = Departure(letter, LetterState.APPROVED, reason=str(held))
            self.left -= 1
            return None
        hand.outcome = outcome
        self.refusals = self.refusals + 1 if outcome.policy_refusal else 0
        if found := stop(outcome, self.refusals):
            self._stop(found)
        return ahead

    def _hold_back(self, page: Page, hand: InHand, reason: str) -> None:
        """Give a letter back that must not leave after all; nothing was spent."""
        claimed, at = hand.claimed, page.now(self.postman.clock)
        before = AS_BEFORE if claimed.first else {}
        queue.settle(page, claimed, LetterState.APPROVED, at=at, why=f"held: {reason}", **before)
        queue.hold(page.db, claimed.letter.id, reason)
        usage.uncount(page.db, self.postman.account, claimed.at, claimed.letter.id)

    async def _insist(self, writer: Writer, done: InHand, error: PlannerError) -> Consequence:
        """Write down an outcome, however long the database cannot be written; up to a minute.

        Raises PlannerError in the end: the next start finds the mark.
        """
        letter = done.claimed.letter
        self.postman.tell(f"{error.message} Trying to record letter {letter.id}: {done.outcome}.")
        job = partial(self._write_down, done=done)
        for pause in RECORD_WAITS:
            await self.postman.sleep(pause)
            try:
                return await writer.write(job)
            except MoveRefusedError:
                raise
            except PlannerError:
                continue
        return await writer.write(job)

    def _write_down(self, page: Page, done: InHand) -> Consequence:
        """State, reply, when to try again, what was not spent, and the account's rest."""
        postman, claimed, outcome = self.postman, done.claimed, done.outcome
        if outcome is None:
            raise ValueError("a delivery that has not ended")
        now = page.now(postman.clock)
        became = consequence(
            claimed,
            outcome,
            now=now,
            lists_final=postman.keeper.lists_final(claimed.letter),
            chance=postman.chance(),
        )
        if not became.spent:
            usage.uncount(page.db, postman.account, claimed.at, claimed.letter.id)
        queue.settle(
            page,
            claimed,
            became.state,
            at=now,
            why=f"{outcome.step}: {became.said}",
            **became.columns,
        )
        if outcome.fate is Fate.SENT:
            usage.resume(page.db, postman.account)
        rests = outcome.fate in PASSING
        return replace(became, resumes_at=self._rest_until(page, outcome, now)) if rests else became

    def _rest_until(self, page: Page, outcome: Outcome, now: datetime) -> datetime:
        """When the account may be used again, after an outcome that lets it rest."""
        account, chance = self.postman.account, self.postman.chance()
        if outcome.fate is Fate.UNREACHABLE:
            return now + rest(outcome.fate, self.unreached + 1, chance)
        before = usage.paused(page.db, account)
        strikes = before.strikes + 1 if before else 1
        until = now + rest(outcome.fate, strikes, chance)
        usage.pause(page.db, account, Pause(until, str(outcome), strikes))
        return until

    def _told(self, done: InHand, became: Consequence) -> None:
        """Remember and say what became of a letter, once it is written down."""
        letter = done.claimed.letter
        self.at_hand.pop(letter.id, None)
        self.known[letter.id] = Departure(
            letter,
            became.state,
            reply=became.said,
            next_attempt_at=became.columns.get("next_attempt_at"),
        )
        unreached = done.outcome is not None and done.outcome.fate is Fate.UNREACHABLE
        self.unreached = self.unreached + 1 if unreached else 0
        if self.stopped is not None and became.resumes_at is not None:
            self.stopped = replace(self.stopped, until=became.resumes_at)
        word = "not sent" if became.state is LetterState.APPROVED else became.state
        self.postman.tell(f"{word}: letter {letter.id}, {letter.program}")
        self.sent += became.state is LetterState.SENT
        self.left -= 1
        self.postman.show(f"{self.sent} sent, {self.left} left")

    async def _rest(self, wait: Wait) -> None:
        """Wait for a moment; what takes longer ends the shift."""
        if found := wait.stop(self.postman.clock(), len(self.waiting)):
            self._stop(found)
        else:
            self.say_waiting(wait.until)
            await self.postman.nap(wait.until)

    def say_waiting(self, until: datetime) -> None:
        """Show how long nothing will happen."""
        day = "" if until - self.postman.clock() < timedelta(hours=12) else "%a %Y-%m-%d "
        left = self.left or len(self.still_due())
        told = f"{self.sent} sent, {left} left"
        self.postman.show(f"{told}; waiting until {until.astimezone():{day}%H:%M:%S %Z}")

    def _stop(self, found: Stop) -> None:
        """The first reason to stop is the one that is told."""
        if self.stopped is None:
            self.stopped = found

    async def _let_go(self, writer: Writer) -> None:
        """What is still in our hands: approved again, or unknown where the dot may be gone."""
        if not self.at_hand and self.stopped is None:
            return
        try:
            for letter in await writer.write(self._give_up):
                hand = self.at_hand.pop(letter.id, None)
                reply = str(hand.outcome) if hand and hand.outcome else "the run broke off"
                self.known[letter.id] = Departure(letter, letter.state, reply=reply)
        except PlannerError:  # the next start finds what we held, and recovers it
            for number, hand in self.at_hand.items():
                state = LetterState.UNKNOWN if hand.marked else LetterState.CLAIMED
                reply = f"{hand.outcome}, not recorded" if hand.outcome else "the run broke off"
                self.known[number] = Departure(hand.claimed.letter, state, reply=reply)
        self.at_hand.clear()

    def _give_up(self, page: Page) -> list[Letter]:
        """Record what is known, let go of the rest; gives the letters as they are now."""
        hands = list(self.at_hand.values())
        for hand in hands:
            if hand.outcome is not None:
                with contextlib.suppress(MoveRefusedError):  # no longer as we left it
                    self._write_down(page, hand)
            elif not hand.begun:
                usage.uncount(
                    page.db, self.postman.account, hand.claimed.at, hand.claimed.letter.id
                )
        marked = {hand.claimed.letter.id for hand in hands if hand.marked}
        left = recovery.let_go(page.db, self.postman.owner, marked, at=page.now(self.postman.clock))
        return find(page.db, ids={*self.at_hand, *left})

    def still_due(self) -> list[int]:
        """The letters that have not left yet, and may."""
        return sorted(number for number, d in self.known.items() if d.state in DUE)

    def goes_on_at(self) -> datetime | None:
        """When a run that watches goes on by itself; None: it ends here."""
        if not self.postman.options.watch:
            return None
        if self.stopped is not None:
            return self.stopped.until
        due = [
            d.next_attempt_at
            for d in self.known.values()
            if d.state is LetterState.DEFERRED and d.next_attempt_at
        ]
        return min(due, default=None)

    def report(self) -> SendReport:
        """What the run did."""
        return SendReport(sorted(self.known.values(), key=lambda d: d.letter.id), self.stopped)


async def _to_the_end(work: Coroutine[None, None, None]) -> None:
    """Await what must be finished, however often somebody asks to stop meanwhile."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()
