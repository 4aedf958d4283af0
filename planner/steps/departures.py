"""What a run of `send` is asked, and what it reports: values that others only look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from planner.errors import ExitCode, worst
from planner.rules.states import LetterState
from planner.store.outbox import Letter


@dataclass(frozen=True, slots=True)
class SendOptions:
    """How a run of `send` is meant."""

    ids: Sequence[int] | None = None
    limit: int | None = None
    watch: bool = False
    allow_mass: bool = False


@dataclass(frozen=True, slots=True)
class Departure:
    """What became of one letter that was considered."""

    letter: Letter
    state: LetterState
    reply: str = ""
    reason: str = ""


@dataclass(slots=True)
class SendReport:
    """What a run did; the counts add up to the letters considered."""

    departures: list[Departure] = field(default_factory=list)
    stopped: str = ""
    hint: str = ""
    code: ExitCode = ExitCode.OK
    interrupted: bool = False

    def count(self, *states: LetterState) -> int:
        """How many letters ended in one of these states, those that are held left out."""
        return sum(d.state in states and not d.reason for d in self.departures)

    @property
    def held(self) -> list[Departure]:
        """Letters that a closed gate, or their own state, kept back."""
        return [d for d in self.departures if d.reason]

    @property
    def remaining(self) -> list[Departure]:
        """Letters that are still to leave, and no gate stands against it."""
        return [d for d in self.departures if d.state is LetterState.APPROVED and not d.reason]

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the run."""
        states = {d.state for d in self.departures}
        codes = [self.code]
        if self.interrupted:
            codes.append(ExitCode.INTERRUPTED)
        if self.held or LetterState.UNKNOWN in states:
            codes.append(ExitCode.PERSON_NEEDED)
        if LetterState.REFUSED in states:
            codes.append(ExitCode.FAILED)
        if LetterState.DEFERRED in states or self.remaining:
            codes.append(ExitCode.TRY_LATER)
        return worst(codes)


@dataclass(frozen=True, slots=True)
class Gated:
    """A due letter, and why it may not leave now (empty: it may)."""

    letter: Letter
    closed: str
