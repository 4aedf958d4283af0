"""What a run of sending works with: settings, clock, callbacks, gates, and the account's pace."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from planner.errors import ExitCode
from planner.rules.pace import DAY, Pace, forecast, left_today, next_departure, spoken
from planner.rules.retries import Fate, Outcome, rest
from planner.rules.stops import PASSING, Stop, StopKind
from planner.steps.sending.gate_checker import GateChecker
from planner.store import account_usage
from planner.store.account_usage import Pause
from planner.store.database import Store
from planner.store.engine import Transaction

# What a run waits for; a longer pause ends it (exit 75), unless it is told to watch.
PATIENCE = timedelta(minutes=2)
NAP = 0.5  # seconds between looks at the clock and at an interruption

Mark = Callable[[], Awaitable[None]]
Clock = Callable[[], datetime]
Chance = Callable[[], float]  # 0 to 1


class Sender(Protocol):
    """What delivers messages one after another: an SMTP session, or a stand-in."""

    async def deliver(
        self, *, sender: str, recipients: Sequence[str], wire: bytes, mark: Mark
    ) -> Outcome:
        """Deliver one message; opens a session where there is none."""

    async def close(self) -> None:
        """End the session."""


SenderFactory = Callable[[int], Sequence[Sender]]  # so many senders, for sessions side by side


class SendOptions(NamedTuple):
    """How a run of `send` is meant."""

    ids: Sequence[int] | None = None
    limit: int | None = None
    watch: bool = False
    allow_mass: bool = False


class Wait(NamedTuple):
    """Nothing may leave before this moment, and why; `timezone` is the one to say it in."""

    until: datetime
    why: str
    timezone: str

    def stop(self, now: datetime, left: int) -> Stop | None:
        """The end of a run, where this takes longer than it has patience for."""
        if self.until - now <= PATIENCE:
            return None
        wait = "1 waits" if left == 1 else f"{left} wait"
        text = f"{self.why}; {wait} until {spoken(self.until, now, self.timezone)}."
        return Stop(StopKind.LONG_WAIT, ExitCode.TRY_LATER, text, self.until)


class Schedule(NamedTuple):
    """When letters would be sent, after the account has rested, and how many more may be today."""

    departures: Sequence[datetime]
    rest: Pause | None
    left: int | None


@dataclass(slots=True)
class Pacer:
    """When the next letter of an account may leave, by its pace, its window and its rests."""

    account: str
    pace: Pace
    clock: Clock
    chance: Chance = random.random
    # The place of the next letter within the jitter of the pace, 0 to 1.
    _place: float = field(init=False)
    # When the last letter was begun, whether it counts or not.
    _begun: datetime | None = None

    def __post_init__(self) -> None:
        self._place = self.chance()

    def note_departure(self) -> None:
        """A letter is on its way: the gap to the next one is drawn again."""
        self._place, self._begun = self.chance(), self.clock()

    def find_wait(self, tx: Transaction, now: datetime) -> Wait | None:
        """What must be waited for; None: a letter may leave now."""
        pace = self.pace
        if pause := account_usage.find_rest(tx, self.account, now):
            why = f"Sending is paused, because the server said: {pause.why}"
            return Wait(pause.until, why, pace.timezone)
        recent = self.list_recent(tx, now)
        if self._begun:
            self._begun = min(self._begun, now)  # the clock may have been wrong
        at = next_departure(pace, recent, now, chance=self._place, tried=self._begun)
        if at <= now:
            return None
        if left_today(pace, recent, now) == 0:
            why = f"Today's allowance of {pace.per_day} is used up"
            return Wait(at, why, pace.timezone)
        return Wait(at, "The send window is closed", pace.timezone)

    def find_wait_anew(self, tx: Transaction, now: datetime) -> Wait | None:
        """`find_wait` where one may write: departures after now count as now from here on."""
        wait = self.find_wait(tx, now)
        if wait is None or not account_usage.count_as_now(tx, self.account, now):
            return wait
        return self.find_wait(tx, now)

    def list_recent(self, tx: Transaction, now: datetime) -> list[datetime]:
        """The departures that the pace counts, oldest first; none if there is no pace."""
        if not self.pace.per_day and not self.pace.per_minute:
            return []
        most = max(self.pace.per_day, 1)
        found = account_usage.list_departures(tx, self.account, now - DAY, most)
        return [min(at, now) for at in found]  # as with `_begun`

    def forecast(self, tx: Transaction, now: datetime, count: int) -> Schedule:
        """When so many letters would leave, one after another."""
        rest, recent = account_usage.find_rest(tx, self.account, now), self.list_recent(tx, now)
        departures = forecast(self.pace, recent, rest.until if rest else now, count)
        return Schedule(departures, rest, left_today(self.pace, recent, now))

    def rest(
        self, tx: Transaction, outcome: Outcome, now: datetime, *, fresh: bool, unreached: int
    ) -> datetime | None:
        """Let the account rest after an outcome that calls for it; gives until when.

        What is said while it rests was on its way before, and is not a second strike; nor is
        what is not `fresh`, because it is written down for the second time.  After a server
        that was away, `unreached` times in a row, the run waits and the account does not rest.
        """
        if outcome.fate not in PASSING:
            return None
        if outcome.fate is Fate.UNREACHABLE:
            return now + rest(outcome.fate, unreached, self.chance())
        before = account_usage.find_pause(tx, self.account)
        resting = before is not None and account_usage.is_on(tx, self.account, before, now)
        if before and (not fresh or (resting and outcome.fate is not Fate.QUOTA)):
            return before.until
        strikes = (before.strikes if before else 0) + (not resting)
        until = now + rest(outcome.fate, strikes, self.chance(), cause=outcome.cause)
        account_usage.pause(tx, self.account, Pause(until, str(outcome), strikes))
        return until

    def end_rest(self, tx: Transaction, now: datetime) -> None:
        """The server takes letters again: the strikes are forgotten, once the rest is over.

        What it takes while the account rests was on its way before the rest began.
        """
        if account_usage.find_rest(tx, self.account, now) is None:
            account_usage.resume(tx, self.account)


async def _as_it_was() -> Renewal | None:
    return None


@dataclass(frozen=True, slots=True)
class SendRun:
    """What one run of sending works with.  The sender's lock must be held throughout.

    `stop` says whether the user wants it to end; `tell` says what stays, `show` what changes
    all the time, such as a live line on a terminal.  `reread` gives what to go on with where
    the config is no longer the one of this run, and raises PlannerError where it is of no use.
    """

    store: Store
    account: str
    clock: Clock
    gates: GateChecker
    pacer: Pacer
    options: SendOptions
    connections: int = 1
    stop: Callable[[], bool] = lambda: False
    tell: Callable[[str], None] = lambda _text: None
    show: Callable[[str], None] = lambda _text: None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Chance = random.random
    reread: Callable[[], Awaitable[Renewal | None]] = _as_it_was
    owner: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def sessions(self) -> int:
        """How many sessions work side by side; with a pace letters leave one at a time."""
        return 1 if self.pacer.pace.per_minute else self.connections

    def forecast(self, count: int) -> Schedule:
        """When so many letters would leave."""
        with self.store.read() as tx:
            return self.pacer.forecast(tx, self.clock(), count)

    def find_stop(self, count: int) -> Stop | None:
        """Why a run of so many letters could not begin at once; one that watches always may."""
        if self.options.watch or not count:
            return None
        with self.store.read() as tx:
            wait = self.pacer.find_wait(tx, self.clock())
        return None if wait is None else wait.stop(self.clock(), count)

    async def nap(self, until: datetime) -> None:
        """Sleep until a moment by the clock, in short pieces, so that a stop is noticed.

        It ends when the clock is set back: the moment may be one of a clock that was wrong.
        """
        before = self.clock()
        while not self.stop() and before <= (now := self.clock()) < until:
            before = now
            await self.sleep(min((until - now).total_seconds(), NAP))


class Renewal(NamedTuple):
    """What a run goes on with after its config was changed."""

    run: SendRun
    make_senders: SenderFactory
