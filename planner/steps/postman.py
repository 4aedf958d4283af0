"""What a run of sending works with: the account, its pace, a clock, and who delivers."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from planner.errors import ExitCode
from planner.rules.pace import DAY, Pace, left_today, next_departure, spoken
from planner.rules.retries import Outcome
from planner.rules.situation import Situation
from planner.steps.departures import LATER, Departure, Gated, SendOptions, Stop
from planner.steps.gatekeeper import Gatekeeper
from planner.steps.readiness import prepare
from planner.store import usage
from planner.store.database import Store
from planner.store.engine import Transaction

# What a run waits for; a longer pause ends it (exit 75), unless it is told to watch.
PATIENCE = timedelta(minutes=2)
NAP = 0.5  # seconds between looks at the clock and at an interruption

Mark = Callable[[], Awaitable[None]]


class Sender(Protocol):
    """What delivers messages one after another: an SMTP session, or a stand-in."""

    async def deliver(
        self, *, sender: str, recipients: Sequence[str], wire: bytes, mark: Mark
    ) -> Outcome:
        """Deliver one message; opens a session where there is none."""

    async def close(self) -> None:
        """End the session."""


Crew = Callable[[int], Sequence[Sender]]  # so many senders, for sessions side by side
Clock = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]


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
        hint = f"Run planner send again {LATER}; planner send --watch waits for it."
        return Stop(ExitCode.TRY_LATER, text, hint, self.until)


@dataclass(slots=True)
class Postman:
    """Who a run of sending works for.  The sender's lock must be held throughout."""

    store: Store
    situation: Situation
    account: str
    pace: Pace
    clock: Clock
    connections: int = 1
    options: SendOptions = field(default_factory=SendOptions)
    sleep: Sleep = asyncio.sleep
    chance: Callable[[], float] = random.random
    stop: Callable[[], bool] = lambda: False
    tell: Callable[[str], None] = lambda _text: None
    # What changes all the time: a live line on a terminal.
    show: Callable[[str], None] = lambda _text: None
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    noted: list[Departure] = field(default_factory=list)
    given_back: list[int] = field(default_factory=list)
    keeper: Gatekeeper = field(init=False)
    # The place of the next letter within the jitter of the pace, 0 to 1.
    _place: float = field(init=False)
    # When the last letter was begun, whether it counts or not.
    _begun: datetime | None = None

    def __post_init__(self) -> None:
        self.keeper = Gatekeeper(self.situation, self.account)
        self._place = self.chance()

    def departed(self) -> None:
        """A letter is on its way: the gap to the next one is drawn again."""
        self._place, self._begun = self.chance(), self.clock()

    @property
    def sessions(self) -> int:
        """How many sessions work side by side; with a pace letters leave one at a time."""
        return 1 if self.pace.per_minute else self.connections

    def make_ready(self, tx: Transaction) -> list[Gated]:
        """`readiness.prepare` for this run; what else to hear of is `noted`."""
        found = prepare(tx, self.keeper, self.options, self.clock())
        self.noted, self.given_back = found.noted, found.given_back
        return found.due

    def wait(self, tx: Transaction, now: datetime) -> Wait | None:
        """What pace, window and pauses of the account say; None: a letter may leave now."""
        pace = self.pace
        if (pause := usage.paused(tx, self.account)) and pause.until > now:
            why = f"The account rests, because the server said: {pause.why}"
            return Wait(pause.until, why, pace.timezone)
        recent = self.recent(tx, now)
        at = next_departure(pace, recent, now, chance=self._place, tried=self._begun)
        if at <= now:
            return None
        if left_today(pace, recent, now) == 0:
            why = f"Today's allowance of {pace.per_day} is used up"
            return Wait(at, why, pace.timezone)
        return Wait(at, "The send window is closed", pace.timezone)

    def recent(self, tx: Transaction, now: datetime) -> list[datetime]:
        """The departures that the pace counts, oldest first; none where there is no pace."""
        if not self.pace.per_day and not self.pace.per_minute:
            return []
        return usage.departures(tx, self.account, now - DAY, max(self.pace.per_day, 1))

    async def nap(self, until: datetime) -> None:
        """Sleep until a moment by the clock, in short pieces, so that a stop is noticed."""
        while not self.stop() and (left := (until - self.clock()).total_seconds()) > 0:
            await self.sleep(min(left, NAP))
