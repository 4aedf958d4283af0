"""What became of each letter of a run so far, and what ends the run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from planner.errors import ExitCode, worst
from planner.rules.states import DUE, LetterState
from planner.steps.departures import Departure, SendReport, Stop


@dataclass(slots=True)
class Tally:
    """Every letter that was considered, by number; each is there once the run has ended.

    `left` is how many of a round have not ended yet.
    """

    sent: int = 0
    left: int = 0
    stopped: Stop | None = None
    known: dict[int, Departure] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.left} left"

    def note(self, departures: Iterable[Departure]) -> None:
        """What is known of letters that are not, or no longer, this round's to deliver."""
        self.known |= {d.letter.id: d for d in departures}

    def ended(self, departure: Departure) -> None:
        """A letter of this round has come to its end."""
        self.note([departure])
        self.sent += departure.state is LetterState.SENT and not departure.reason
        self.left -= 1

    def stop(self, found: Stop) -> None:
        """The gravest reason to stop is the one that is told; of like ones the first."""
        if self.stopped is None or self.stopped.code is not worst((self.stopped.code, found.code)):
            self.stopped = found

    def resume_at(self, until: datetime) -> None:
        """What stopped the run may be over then; nothing is, where a person is needed."""
        if self.stopped is not None and self.stopped.code is ExitCode.TRY_LATER:
            self.stopped = self.stopped._replace(until=until)

    def end_here(self) -> None:
        """Even a run that watches does not go on."""
        if self.stopped is not None:
            self.stopped = self.stopped._replace(until=None)

    def still_due(self) -> list[int]:
        """The letters that have not left yet, and may."""
        return sorted(number for number, d in self.known.items() if d.state in DUE)

    def goes_on_at(self) -> datetime | None:
        """When there is something to do again by itself; None: never."""
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
