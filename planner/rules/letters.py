"""Letters as values: one that is stored, one that was rendered, and what happened to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from planner.rules.calendar import eastern
from planner.rules.facts import LetterKind, Occasion
from planner.rules.planning import LetterFact
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

    def fact(self) -> LetterFact:
        """What a plan needs to know of it."""
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
        """Whether it has not left yet, and still may."""
        return self.state in DUE or self.state is LetterState.DRAFT

    def due(self, now: datetime) -> bool:
        """Whether only a gate prevents trying it now, if its state allows it."""
        return self.next_attempt_at is None or self.next_attempt_at <= now


class Draft(NamedTuple):
    """a letter that is rendered again: everything that rendering decides."""

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
    """The findings of one severity."""
    return [finding for finding in found if finding["severity"] == severity]
