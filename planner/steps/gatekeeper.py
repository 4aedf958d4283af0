"""The gates with the real clock: today's plan, kept for as long as it can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from planner.mail.message import wire_digest
from planner.rules import gates
from planner.rules.calendar import next_change
from planner.rules.facts import Program
from planner.rules.planning import Decision, Situation, make_plan
from planner.store import queue
from planner.store.letters import Letter
from planner.store.sqlite import sqlite3


@dataclass(slots=True)
class Gatekeeper:
    """Looks at the gates of letters that are about to leave.

    A plan holds until the next date of a calendar, and until somebody else writes to the
    database.  A letter that is still due is in no state that counts as "already told", so
    its own row does not stand in its way, and one plan serves for all.
    """

    situation: Situation
    account: str
    _plan: Mapping[int, Decision] = field(default_factory=dict)
    _since: datetime | None = None
    _until: datetime | None = None
    _version: int = 0

    def situation_at(self, now: datetime) -> Situation:
        """The situation at a moment of the real clock."""
        return replace(self.situation, now=now)

    def renew(
        self, everyone: Sequence[Program], letters: Iterable[Letter], now: datetime, version: int
    ) -> None:
        """Make today's plan; `version` is the database's, as the writer saw it before."""
        self.situation = self.situation_at(now)
        found = make_plan(self.situation, everyone, (letter.fact() for letter in letters))
        self._plan = found.by_program()
        self._since, self._version = now, version
        self._until = next_change(self.situation.calendars.values(), now)

    def holds(self, now: datetime, version: int) -> bool:
        """Whether the plan is still that of this moment and this database."""
        if self._since is None or self._until is None:
            return False
        return self._version == version and self._since <= now < self._until

    def lists_final(self, letter: Letter) -> datetime:
        """When the lists of a letter's program close; no letter is tried after that."""
        return self._plan[letter.program_id].case.calendar.lists_final

    def closed(self, db: sqlite3.Connection, letter: Letter, wire: bytes) -> str:
        """Why a letter may not leave now; empty if every gate is open."""
        approved = gates.Approval(
            occasion=letter.occasion,
            picked=letter.picked,
            kind=letter.letter,
            intact=wire_digest(letter.sender, (*letter.to, *letter.cc), wire) == letter.digest,
            same_account=letter.account == self.account,
            address_taken_by=queue.address_is_taken(db, letter),
        )
        return gates.closed(self.situation, self._plan[letter.program_id], approved)
