"""What every step works with; `planner.wiring` makes it from the config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime

    from planner.letters import Templates
    from planner.rules.facts import Phase
    from planner.rules.situation import Situation
    from planner.steps.compose import Composer
    from planner.store.database import Store
    from planner.store.engine import Transaction


class Workspace(Protocol):
    """The store, the letters' templates, the mail account and the clock of one applicant."""

    @property
    def store(self) -> Store:
        """The opened database."""

    @property
    def templates(self) -> Templates:
        """The templates of the letters."""

    @property
    def account(self) -> str:
        """What approvals and the pace are bound to."""

    def now(self) -> datetime:
        """The clock."""

    def situation(self, *, day: date | None = None, phase: Phase | None = None) -> Situation:
        """What plans are made from: now, or noon of `day` and in `phase` for what-if."""

    def composer(self, tx: Transaction, *, unwritten: bool = False) -> Composer:
        """Turns decisions into letters, knowing everything that is stored.

        `unwritten`: nothing has been written in `tx` yet, so what was known before will do.
        """
