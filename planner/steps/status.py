"""What is there, what blocks, and the command that unblocks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from planner.rules.facts import OccasionKind
from planner.rules.gates import transcript_gap
from planner.rules.pace import Pace
from planner.rules.planning import Situation
from planner.rules.states import DUE, LetterState
from planner.store import outbox, programs
from planner.store.database import Store
from planner.store.engine import Transaction

DAY = timedelta(hours=24)
UNDER_WAY = (LetterState.CLAIMED, LetterState.COMMITTING)


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that keeps letters from leaving, and what to type."""

    code: str
    text: str
    command: str


@dataclass(frozen=True, slots=True)
class Status:
    """Counts that add up, blocks, and today's allowance (`per_day` 0: no cap)."""

    programs: int
    letters: Mapping[LetterState, int]
    blocked_by: tuple[Block, ...]
    per_day: int
    used: int

    @property
    def left(self) -> int | None:
        """What the allowance still has; None without a cap."""
        return max(0, self.per_day - self.used) if self.per_day else None


def status(store: Store, situation: Situation, *, account: str, pace: Pace) -> Status:
    """Look at the database as of now."""
    with store.reading() as tx:
        count = programs.count(tx)
        counts = outbox.counts(tx)
        used = len(outbox.attempts_since(tx, account, situation.now - DAY))
        blocks = tuple(_blocks(tx, situation, count, counts))
    return Status(count, counts, blocks, pace.per_day, used)


def _blocks(
    tx: Transaction, situation: Situation, count: int, counts: Mapping[LetterState, int]
) -> list[Block]:
    found = []
    if count == 0:
        found.append(Block("no_programs", "There are no programs yet.", "planner import FILE"))
    elif not counts:
        found.append(Block("no_letters", "There are no letters yet.", "planner draft"))
    if number := counts.get(LetterState.UNKNOWN):
        text = f"{number} may or may not have been delivered; a person must find out."
        found.append(
            Block("unknown", text, "planner outbox resolve ID --delivered (or --not-delivered)")
        )
    if number := counts.get(LetterState.REFUSED):
        text = f"{number} refused for good."
        found.append(Block("refused", text, "planner outbox list --state refused"))
    if number := sum(counts.get(state, 0) for state in UNDER_WAY):
        text = f"{number} in the hands of a sender; one that was killed is recovered by the next."
        found.append(Block("under_way", text, "planner send"))
    if number := counts.get(LetterState.DRAFT):
        text = f"{number} not yet read and approved."
        found.append(Block("unapproved", text, "planner review"))
    if number := sum(counts.get(state, 0) for state in DUE):
        found.extend(_gates(tx, situation))
        held = outbox.held(tx, DUE)
        if held:
            text = f"{len(held)} held at the last send, such as: {held[0]}."
            found.append(Block("held", text, "planner send --dry-run"))
        if len(held) < number:
            found.append(Block("unsent", "Approved letters wait to be sent.", "planner send"))
    return found


def _gates(tx: Transaction, situation: Situation) -> list[Block]:
    """Transcript dates that are missing for letters that wait."""
    waiting = outbox.program_ids(tx, DUE)
    if not waiting or situation.occasion.kind is OccasionKind.PENDING:
        return []
    services = {situation.service_of(p) for p in programs.with_ids(tx, waiting)}
    gaps = [transcript_gap(situation, service) for service in sorted(services)]
    return [
        Block("transcript", f"{gap}.", "set the date under [transcript] in config.toml")
        for gap in gaps
        if gap
    ]
