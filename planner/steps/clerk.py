"""What a run of sending has written down: jobs for the writer, each within a transaction.

They change nothing but the database, for a job may be done twice; what they find is given
back to the shift, which acts on it once it is committed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from planner.mail.wire import date_header
from planner.rules.retries import Fate, Outcome, rest
from planner.rules.states import LetterState
from planner.steps.consequence import PASSING, Consequence, consequence
from planner.steps.departures import Departure
from planner.steps.gatekeeper import Outlook
from planner.steps.postman import Postman, Wait
from planner.store import queue, recovery, usage
from planner.store.letters import Letter, find
from planner.store.moves import MoveRefusedError
from planner.store.queue import Claimed
from planner.store.recovery import AS_BEFORE
from planner.store.usage import Pause
from planner.store.writer import Page

# Longer than every timeout of a delivery together, with a handful of recipients; what is
# claimed ahead is begun, or given back, within a second.
LEASE = timedelta(hours=2)


@dataclass(slots=True)
class InHand:
    """A letter in our hands.

    `outlook` is the plan that opened its gates; `before` records the outcome of the
    session's last letter; `begun`: a session delivers it; `marked_at`: when its mark was made,
    by the monotonic clock.
    """

    claimed: Claimed
    outlook: Outlook | None
    before: asyncio.Task[bool] | None = None
    begun: bool = False
    marked_at: float | None = None
    outcome: Outcome | None = None

    @property
    def marked(self) -> bool:
        """Whether its dot may have been sent."""
        return self.marked_at is not None


class Outdated(NamedTuple):
    """The plan behind the gates is older than this version of the database."""

    version: int


Answer = InHand | Departure | Wait | Outdated


@dataclass(slots=True)
class Clerk:
    """Writes for a postman; `unreached` is how often in a row the server was away."""

    postman: Postman
    unreached: int = 0

    def write_and_claim(
        self, page: Page, done: InHand | None, letter: Letter | None
    ) -> tuple[Consequence | None, Answer | None]:
        """How a delivery ended, and the claim of the session's next letter."""
        became = self.write_down(page, done) if done else None
        return became, self._claim(page, letter) if letter else None

    def _claim(self, page: Page, letter: Letter) -> Answer:
        postman, outlook = self.postman, self.postman.keeper.outlook
        now = page.now(postman.clock)
        if not postman.keeper.holds(now, version := page.version()):
            return Outdated(version)
        if wait := postman.wait(page.db, now):
            return wait
        present = queue.present(page.db, letter.id)
        unheard = present.state is LetterState.CLAIMED and present.token == letter.token + 1
        if not unheard and (present.state, present.digest) != (letter.state, letter.digest):
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
        return InHand(claimed, outlook)

    def mark_and_claim(
        self, page: Page, hand: InHand, letter: Letter | None
    ) -> tuple[Outdated | str, Answer | None]:
        """The mark before a dot, and with it the claim of one more letter.

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

    def give_back(self, page: Page, hand: InHand, why: str, held_because: str = "") -> None:
        """Give a letter back of which no server has heard to its end; nothing was spent."""
        claimed, at = hand.claimed, page.now(self.postman.clock)
        before = AS_BEFORE if claimed.first else {}
        if queue.settle(page, claimed, LetterState.APPROVED, at=at, why=why, **before):
            usage.uncount(page.db, claimed.letter.id)
            queue.hold(page.db, claimed.letter.id, held_because)

    def write_down(self, page: Page, done: InHand) -> Consequence:
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
        fresh = queue.settle(
            page,
            claimed,
            became.state,
            at=now,
            why=f"{outcome.step}: {became.said}",
            **became.columns,
        )
        if not fresh:  # it was written before, and so was what it does to the account
            pause = usage.paused(page.db, postman.account)
            return became._replace(resumes_at=pause.until if pause else None)
        if not became.spent:
            usage.uncount(page.db, claimed.letter.id)
        if outcome.fate is Fate.SENT:
            usage.resume(page.db, postman.account)
        rests = outcome.fate in PASSING
        return became._replace(resumes_at=self._rest_until(page, outcome, now)) if rests else became

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

    def give_up(self, page: Page, hands: Sequence[InHand]) -> list[Letter]:
        """Record what is known, let go of the rest; gives the letters as they are now."""
        known = {hand.claimed.letter.id for hand in hands}
        # What was accepted ends a pause, so it must not come after what began one.
        for hand in sorted(hands, key=lambda x: x.outcome is None or x.outcome.fate != Fate.SENT):
            with contextlib.suppress(MoveRefusedError):  # no longer as we left it
                if hand.outcome is not None:
                    self.write_down(page, hand)
                elif not hand.begun:
                    self.give_back(page, hand, "the run ended before it was begun")
        marked = {hand.claimed.letter.id for hand in hands if hand.marked}
        now = page.now(self.postman.clock)
        left = recovery.let_go(page.db, self.postman.owner, marked, at=now)
        for number in {*left} - known:  # claims that nobody has heard of
            usage.uncount(page.db, number)
        return find(page.db, ids={*known, *left})
