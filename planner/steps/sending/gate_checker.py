"""The gates with the real clock: today's plan, kept for as long as it can hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from planner.rules import gates
from planner.rules.calendar import next_change
from planner.rules.facts import Program
from planner.rules.letters import Letter
from planner.rules.planning import Decision, make_plan
from planner.rules.situation import Situation
from planner.rules.states import LetterState
from planner.steps.approvals import why_void
from planner.steps.intact import find_contradicted, is_intact
from planner.steps.letter_facts import LetterFacts
from planner.store import programs
from planner.store.database import Store
from planner.store.engine import Transaction
from planner.store.letters import list_letters
from planner.store.send_queue import CurrentLetter


class PlanSnapshot(NamedTuple):
    """Decisions by program, made at a moment; they hold until a date comes, for one version.

    `facts` are what approvals rest on, as it is then.
    """

    situation: Situation
    facts: LetterFacts
    decisions: Mapping[int, Decision]
    until: datetime
    version: int

    def holds(self, now: datetime, version: int) -> bool:
        """Whether this is still the plan of this moment and this database."""
        return self.version == version and self.situation.now <= now < self.until


@dataclass(slots=True)
class GateChecker:
    """Checks the gates of letters that are about to leave.

    A plan holds until the next date of a calendar, and until somebody else writes to the
    database.  A letter that is still due is in no state that counts as "already told", so
    its own row does not stand in its way, and one plan serves for all.
    """

    situation: Situation
    account: str
    snapshot: PlanSnapshot | None = None
    # Letters whose approval holds by this snapshot, by their numbers and what was approved.
    _valid: set[tuple[int, str | None]] = field(default_factory=set)

    def renew(
        self, everyone: Sequence[Program], letters: Iterable[Letter], now: datetime, version: int
    ) -> PlanSnapshot:
        """Make today's plan; `version` is the database's, as the sender's connection saw it."""
        situation = self.situation._replace(now=now)
        known = [letter.fact() for letter in letters]
        plan = make_plan(situation, everyone, known)
        until = next_change(situation.calendars.values(), now)
        facts = LetterFacts(situation, everyone, known, self.account)
        self.snapshot = PlanSnapshot(situation, facts, plan.by_program(), until, version)
        self._valid.clear()
        return self.snapshot

    def renew_from(self, store: Store, now: datetime, version: int) -> None:
        """Make the plan from what is stored, unless another session has done so meanwhile."""
        if self.holds(now, version):
            return
        with store.read() as tx:
            self.renew_in(tx, now, version, waiting={LetterState.CLAIMED})

    def renew_in(
        self, tx: Transaction, now: datetime, version: int, *, waiting: Collection[LetterState]
    ) -> None:
        """Make the plan from what is stored.

        Letters in the states of `waiting` count as those that have not left, and told nobody.
        """
        known = (
            letter._replace(state=LetterState.APPROVED) if letter.state in waiting else letter
            for letter in list_letters(tx)
        )
        self.renew(programs.list_programs(tx), known, now, version)

    def holds(self, now: datetime, version: int) -> bool:
        """Whether there is a plan of this moment and this database."""
        return self.snapshot is not None and self.snapshot.holds(now, version)

    def lists_final(self, letter: Letter) -> datetime:
        """When the lists of a letter's program close; no letter is tried after that."""
        return self._decision(letter)[1].case.calendar.lists_final

    def find_void(self, letter: Letter) -> str:
        """Why the approval of a letter holds no longer; empty if it does."""
        approved = letter.id, letter.digest
        if approved in self._valid:
            return ""
        if not (why := why_void(self._present.facts, letter)):
            self._valid.add(approved)
        return why

    def find_closed(self, letter: Letter, current: CurrentLetter) -> str:
        """Why a letter may not leave now, as it stands; empty if every gate is open."""
        intact = is_intact(letter, current.wire)
        damage = letter.damage or (tuple(find_contradicted(letter, current)) if intact else ())
        if "state" in damage:  # to unapprove it could hide that it may have left
            return gates.OTHER_STATE
        approved = gates.Approval(
            occasion=letter.occasion,
            picked=letter.picked,
            kind=letter.letter,
            intact=intact,
            same_account=letter.account == self.account,
            address_taken_by=current.taken_by,
            to=(*letter.to, *letter.cc),
            damage=damage,
        )
        return gates.closed(*self._decision(letter), approved)

    def _decision(self, letter: Letter) -> tuple[Situation, Decision]:
        return self._present.situation, self._present.decisions[letter.program_id]

    @property
    def _present(self) -> PlanSnapshot:
        if self.snapshot is None:
            raise ValueError("gates are looked at before there is a plan")
        return self.snapshot
