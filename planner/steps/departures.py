"""What a run of `send` is asked, and what it reports: values that others only look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from planner.errors import ExitCode, worst
from planner.rules.letters import Letter
from planner.rules.retries import Cause
from planner.rules.states import LetterState


class SendOptions(NamedTuple):
    """How a run of `send` is meant."""

    ids: Sequence[int] | None = None
    limit: int | None = None
    watch: bool = False
    allow_mass: bool = False


class Gated(NamedTuple):
    """A due letter, and why it may not leave now (empty: it may)."""

    letter: Letter
    closed: str


class Departure(NamedTuple):
    """What became of one letter that was considered.

    `letter` is as it was; `state` is where it is now.  `reason` says what keeps it back,
    `next_attempt_at` when a deferred one is tried again by itself.
    """

    letter: Letter
    state: LetterState
    reply: str = ""
    reason: str = ""
    next_attempt_at: datetime | None = None


LATER = "later"  # in the hint of a stop: the moment stands there, once it is known


class Stop(NamedTuple):
    """Why a run ends before its letters do.

    `until`: it may go on by itself from then; `cause` has a hint of its own, which is
    better than `hint` where there is one.
    """

    code: ExitCode
    text: str
    hint: str
    until: datetime | None = None
    cause: Cause | None = None


def by_user(text: str = "Interrupted: nothing more was sent.") -> Stop:
    """The user ended the run."""
    hint = "planner send goes on with the rest; planner outbox list shows each letter."
    return Stop(ExitCode.INTERRUPTED, text, hint)


@dataclass(slots=True)
class SendReport:
    """What a run did; the counts add up to the letters considered.

    `copies`: it was copies to oneself that were sent, so nothing is to be done to letters.
    """

    departures: list[Departure] = field(default_factory=list)
    stop: Stop | None = None
    copies: bool = False

    def count(self, *states: LetterState) -> int:
        """How many letters ended in one of these states, those that are held left out."""
        return sum(d.state in states and not d.reason for d in self.departures)

    @property
    def held(self) -> list[Departure]:
        """Letters that a closed gate, or their own state, kept back."""
        return [d for d in self.departures if d.reason]

    @property
    def remaining(self) -> list[Departure]:
        """Letters that are still to leave, and no gate stands against it.

        One that a sender still holds, because nothing could be written any more, is
        approved again at the next start.
        """
        still = {LetterState.APPROVED, LetterState.CLAIMED}
        return [d for d in self.departures if d.state in still and not d.reason]

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the run."""
        states = {d.state for d in self.departures}
        codes = [self.stop.code] if self.stop else []
        if self.held or LetterState.UNKNOWN in states:
            codes.append(ExitCode.PERSON_NEEDED)
        if LetterState.REFUSED in states:
            codes.append(ExitCode.FAILED)
        if LetterState.DEFERRED in states or self.remaining:
            codes.append(ExitCode.TRY_LATER)
        return worst(codes)
