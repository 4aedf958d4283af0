"""Letters as values: a stored letter, a rendered draft, and the events of a letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from planner.rules.calendar import eastern
from planner.rules.facts import LetterKind, Occasion
from planner.rules.planning import LetterFact
from planner.rules.retries import TOLERANCE, delay, waits_until
from planner.rules.states import DELIVERED, DUE, LetterState


class Letter(NamedTuple):
    """A letter as it is stored, without its wire bytes."""

    id: int
    program_id: int
    program: str
    acgme_id: str
    letter: LetterKind
    picked: LetterKind
    rule: str
    state: LetterState
    subject: str
    body: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    facts: Mapping[str, str]
    chosen: bool
    edited: bool
    stale: bool
    undecided: bool
    findings: Sequence[Mapping[str, str]]
    overrides: Sequence[Mapping[str, str]]
    content_digest: str
    shown_digest: str | None
    digest: str | None
    message_id: str | None
    in_reply_to: str | None
    account: str | None
    approved_at: datetime | None
    date_header: str | None
    token: int
    attempts: int
    first_attempt_at: datetime | None
    next_attempt_at: datetime | None
    sent_at: datetime | None
    last_reply: str | None
    held_because: str | None
    occasion: Occasion
    # Stored values that are not what planner writes; what stands here for them is a stand-in.
    damage: tuple[str, ...] = ()

    def fact(self) -> LetterFact:
        """Return what a plan needs to know about it."""
        return LetterFact(
            id=self.id,
            program_id=self.program_id,
            program=self.program,
            occasion=self.occasion,
            kind=self.letter,
            state=self.state,
            to=self.to,
            cc=self.cc,
            subject=self.subject,
            message_id=self.message_id or "",
            sent_on=self.sent_on,
        )

    @property
    def sent_on(self) -> date | None:
        """The day on which it left, US Eastern, as far as is known."""
        gone = self.state in DELIVERED and self.sent_at is not None
        return eastern(self.sent_at).date() if gone and self.sent_at else None

    @property
    def waits(self) -> bool:
        """Whether it has not left yet but still may."""
        return self.state in DUE or self.state is LetterState.DRAFT

    def due(self, now: datetime) -> bool:
        """Whether its next attempt may be now; states and gates are checked elsewhere.

        Only what is deferred waits; what is approved is only put behind the others.
        """
        if self.next_attempt_at is None or self.state is LetterState.APPROVED:
            return True
        longest = delay(self.attempts, 1) + TOLERANCE
        return not waits_until(self.next_attempt_at, now, longest)


class ListedLetter(NamedTuple):
    """What a list shows of a letter."""

    id: int
    program_id: int
    program: str
    letter: LetterKind
    state: LetterState
    findings: Sequence[Mapping[str, str]]
    overrides: Sequence[Mapping[str, str]]
    stale: bool
    undecided: bool
    content_digest: str


class Draft(NamedTuple):
    """A rendered letter: everything that rendering decides."""

    program_id: int
    occasion: Occasion
    letter: LetterKind
    picked: LetterKind
    rule: str
    subject: str
    body: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    facts: Mapping[str, str]
    content_digest: str
    findings: Sequence[Mapping[str, str]]
    in_reply_to: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a letter."""

    at: datetime
    from_state: LetterState | None
    to_state: LetterState
    command: str
    why: str


def findings_of(found: Iterable[Mapping[str, str]], severity: str) -> list[Mapping[str, str]]:
    """Return the findings of one severity."""
    return [finding for finding in found if finding["severity"] == severity]
