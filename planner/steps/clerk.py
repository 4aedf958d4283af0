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
from planner.rules.letters import Letter
from planner.rules.repeated import alike, common_cause, domain_of
from planner.rules.retries import STOPS, Fate, Outcome, rest
from planner.rules.states import LetterState
from planner.steps.consequence import PASSING, Consequence, consequence
from planner.steps.departures import Departure
from planner.steps.gatekeeper import Outlook
from planner.steps.postman import Postman, Wait
from planner.store import queue, recovery, refusals, usage
from planner.store.letters import list_letters
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
    session's last letter; `begun`: a session delivers it, `beside` how many at that time;
    `goes_again`: the run tries it once more, with fewer sessions; `marked_at`: when its mark
    was made, by the monotonic clock.
    """

    claimed: Claimed
    outlook: Outlook | None
    before: asyncio.Task[bool] | None = None
    begun: bool = False
    beside: int = 1
    goes_again: bool = False
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
        """How a delivery ended, and the claim of the session's next letter, if any may go."""
        became = self.write_down(page, done) if done else None
        ends = became is not None and became.again is None and became.outcome.fate in STOPS
        return became, self._claim(page, letter) if letter and not ends else None

    def _claim(self, page: Page, letter: Letter) -> Answer:
        postman, outlook = self.postman, self.postman.keeper.outlook
        now = page.now(postman.clock)
        if not postman.keeper.holds(now, version := page.version()):
            return Outdated(version)
        if wait := postman.wait(page.tx, now):
            return wait
        present = queue.present(page.tx, letter.id)
        unheard = present.state is LetterState.CLAIMED and present.token == letter.token + 1
        if not unheard and (present.state, present.digest) != (letter.state, letter.digest):
            reason = f"it changed while sending went on; it is {present.state} now"
            return Departure(letter, present.state, reason=reason)
        if closed := postman.keeper.closed(letter, present):
            queue.hold(page.tx, letter.id, closed)
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
            if closed := keeper.closed(claimed, queue.present(page.tx, claimed.id)):
                return closed, None
        queue.mark(page, hand.claimed, at=now)
        return "", self._claim(page, letter) if letter else None

    def give_back(self, page: Page, hand: InHand, why: str, held_because: str = "") -> None:
        """Give a letter back of which no server has heard to its end; nothing was spent."""
        claimed, at = hand.claimed, page.now(self.postman.clock)
        before = AS_BEFORE if claimed.first else {}
        if queue.settle(page, claimed, LetterState.APPROVED, at=at, why=why, **before):
            usage.uncount(page.tx, claimed.letter.id)
            queue.hold(page.tx, claimed.letter.id, held_because)

    def write_down(self, page: Page, done: InHand) -> Consequence:
        """State, reply, when to try again, what was not spent, and the account's rest."""
        postman, claimed = self.postman, done.claimed
        if done.outcome is None:
            raise ValueError("a delivery that has not ended")
        now = page.now(postman.clock)
        outcome, others = self._beside_others(page, claimed, done.outcome)
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
        if fresh:
            if not became.spent:
                usage.uncount(page.tx, claimed.letter.id)
            why = f"letter {claimed.letter.id} was refused in the same words"
            others = [x for x in others if refusals.take_back(page, x, at=now, why=why)]
            if outcome.fate is Fate.SENT:
                self._resume(page, now)
        if done.goes_again:
            return became._replace(again=next(iter(_approved(page, [claimed.letter.id])), None))
        resumes_at = self._rest_until(page, outcome, now, fresh=fresh)
        return became._replace(resumes_at=resumes_at, taken_back=_approved(page, others))

    def _resume(self, page: Page, now: datetime) -> None:
        """The server takes letters again: the strikes are forgotten, once the rest is over.

        What it takes while the account rests was on its way before the rest began.
        """
        account = self.postman.account
        if (pause := usage.paused(page.tx, account)) and pause.until <= now:
            usage.resume(page.tx, account)

    def _beside_others(
        self, page: Page, claimed: Claimed, outcome: Outcome
    ) -> tuple[Outcome, list[int]]:
        """What an outcome is beside those before it, and the letters that are to go again.

        The first of two refusals in the same words was written down as its letter's own, for
        what a server has said must be on the disk before anything else is done.  The second
        one shows that it was not: both letters are approved again in one transaction, so
        that a sender that is killed leaves either the one story or the other.  What was said
        before is read from the events, so it does not matter which run heard it.
        """
        common, letter = common_cause(outcome), claimed.letter
        if common is None:
            return outcome, []
        turned_away = LetterState.REFUSED if common.fate is Fate.SENDER else LetterState.DEFERRED
        earlier = refusals.turned_away(page.tx, turned_away, letter.account)
        found = alike(f"{outcome.step}: {outcome}", domain_of(letter.to[0]), earlier)
        if not found:
            return outcome, []
        return common, [x.number for x in found] if common.fate is Fate.SENDER else []

    def _rest_until(
        self, page: Page, outcome: Outcome, now: datetime, *, fresh: bool
    ) -> datetime | None:
        """When the account may be used again, after an outcome that lets it rest.

        What is said while it rests was on its way before, and is no second strike; nor is
        what is written down for the second time.
        """
        if outcome.fate not in PASSING:
            return None
        account, chance = self.postman.account, self.postman.chance()
        if outcome.fate is Fate.UNREACHABLE:
            return now + rest(outcome.fate, self.unreached + 1, chance)
        before = usage.paused(page.tx, account)
        resting = before is not None and before.until > now
        if before and (not fresh or (resting and outcome.fate is not Fate.QUOTA)):
            return before.until
        strikes = (before.strikes if before else 0) + (not resting)
        until = now + rest(outcome.fate, strikes, chance, cause=outcome.cause)
        usage.pause(page.tx, account, Pause(until, str(outcome), strikes))
        return until

    def give_up(self, page: Page, hands: Sequence[InHand]) -> list[Letter]:
        """Record what is known, let go of the rest; gives the letters as they are now."""
        known = {hand.claimed.letter.id for hand in hands}
        for hand in hands:
            with contextlib.suppress(MoveRefusedError):  # no longer as we left it
                if hand.outcome is not None:
                    known.update(x.id for x in self.write_down(page, hand).taken_back)
                elif not hand.begun:
                    self.give_back(page, hand, "the run ended before it was begun")
        marked = {hand.claimed.letter.id for hand in hands if hand.marked}
        now = page.now(self.postman.clock)
        left = recovery.let_go(page.tx, self.postman.owner, marked, at=now)
        return list_letters(page.tx, ids={*known, *left})


def _approved(page: Page, numbers: Sequence[int]) -> tuple[Letter, ...]:
    """Those of the letters that are approved, as they stand."""
    return (
        tuple(list_letters(page.tx, ids=numbers, states=[LetterState.APPROVED])) if numbers else ()
    )
