"""What a run of sending reports: what became of each letter, the counts, and what ended it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from planner.errors import ExitCode, worst
from planner.rules.letters import Letter
from planner.rules.states import DUE, LetterState
from planner.rules.stops import Stop


class LetterResult(NamedTuple):
    """What became of one letter that was considered.

    `letter` is as it was; `state` is where it is now.  `reason` says what keeps it back,
    `next_attempt_at` when a deferred one is tried again by itself.  `elsewhere`: another
    sender of the same server has taken it, and reports what becomes of it.
    """

    letter: Letter
    state: LetterState
    reply: str = ""
    reason: str = ""
    next_attempt_at: datetime | None = None
    elsewhere: bool = False


@dataclass(slots=True)
class SendReport:
    """What a run did; the counts add up to the letters considered.

    `copies`: it was copies to oneself that were sent, so nothing is to be done to letters.
    """

    results: list[LetterResult] = field(default_factory=list)
    stop: Stop | None = None
    copies: bool = False

    def count(self, *states: LetterState) -> int:
        """How many letters ended in one of these states, those that are held left out."""
        return sum(result.state in states and not result.reason for result in self.results)

    @property
    def held(self) -> list[LetterResult]:
        """Letters that a closed gate, or their own state, kept back."""
        return [result for result in self.results if result.reason]

    @property
    def remaining(self) -> list[LetterResult]:
        """Letters that are still to be sent and that no gate holds back.

        One that a sender still holds, because nothing could be written any more, is
        approved again at the next start.
        """
        still = {LetterState.APPROVED, LetterState.CLAIMED}
        return [result for result in self.results if result.state in still and not result.reason]

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the run."""
        states = {result.state for result in self.results}
        codes = [self.stop.exit_code] if self.stop else []
        if self.held or LetterState.UNKNOWN in states:
            codes.append(ExitCode.PERSON_NEEDED)
        if LetterState.REFUSED in states:
            codes.append(ExitCode.FAILED)
        if LetterState.DEFERRED in states or self.remaining:
            codes.append(ExitCode.TRY_LATER)
        return worst(codes)


@dataclass(slots=True)
class RunTotals:
    """Every letter that was considered, by number; each is there once the run has ended.

    `left` is how many of a round have not ended yet.
    """

    sent: int = 0
    left: int = 0
    stopped: Stop | None = None
    results: dict[int, LetterResult] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.left} left"

    def note(self, results: Iterable[LetterResult]) -> None:
        """Note what is known of letters that are not, or no longer, this round's to deliver."""
        self.results |= {result.letter.id: result for result in results}

    def end_letter(self, result: LetterResult) -> None:
        """A letter of this round has come to its end."""
        self.note([result])
        self.sent += result.state is LetterState.SENT and not (result.reason or result.elsewhere)
        self.left -= 1

    def stop(self, found: Stop) -> None:
        """The gravest reason to stop is the one that is told; of like ones the first."""
        codes = (self.stopped.exit_code, found.exit_code) if self.stopped else ()
        if self.stopped is None or self.stopped.exit_code is not worst(codes):
            self.stopped = found

    def resume_at(self, until: datetime) -> None:
        """What stopped the run may be over then; nothing is, where a person is needed."""
        if self.stopped is not None and self.stopped.exit_code is ExitCode.TRY_LATER:
            self.stopped = self.stopped._replace(until=until)

    def end_run(self) -> None:
        """Even a run that watches does not go on."""
        if self.stopped is not None:
            self.stopped = self.stopped._replace(until=None)

    def list_due(self) -> list[int]:
        """The letters that have not left yet, and may."""
        ours = (x for x in self.results.values() if not x.elsewhere)
        return sorted(x.letter.id for x in ours if x.state in DUE)

    def goes_on_at(self) -> datetime | None:
        """When there is something to do again by itself; None: never."""
        if self.stopped is not None:
            return self.stopped.until
        due = [
            result.next_attempt_at
            for result in self.results.values()
            if result.state is LetterState.DEFERRED
            and result.next_attempt_at
            and not result.elsewhere
        ]
        return min(due, default=None)

    def report(self) -> SendReport:
        """What the run did; another sender tells of what it has taken."""
        ours = [x for _, x in sorted(self.results.items()) if not x.elsewhere]
        return SendReport(ours, self.stopped)
