"""A workspace that stays open for long: it sees a changed config, and remembers what it composed.

A command asks once; a page asks with each key.  What letters are made from is loaded and
planned again only when somebody has written to the database, the config was changed, or the
clock has passed a moment that may change a decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from planner.rules.calendar import next_change
from planner.store import lineage
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.config import Settings
    from planner.letters import Templates
    from planner.rules.facts import Phase
    from planner.rules.letters import Letter
    from planner.rules.situation import Situation
    from planner.steps.compose import Composer
    from planner.store.database import Store
    from planner.store.engine import Transaction


class Kept(NamedTuple):
    """A composer, the generation of the database that it knows, and until when it holds."""

    composer: Composer
    generation: int
    until: datetime


class OpenWorkspace:
    """Another workspace, for as long as a page is open."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._config = workspace.settings.path.read_bytes()
        self._kept: Kept | None = None

    def look_at_config(self) -> None:
        """Go on with the config as it is now.  Raises ConfigError for one that cannot be used."""
        present = self.workspace.settings.path.read_bytes()
        if present != self._config:
            fresh = self.workspace.again()
            _ = fresh.settings  # or the former one stays
            self.workspace, self._config, self._kept = fresh, present, None

    @property
    def settings(self) -> Settings:
        """The checked config."""
        return self.workspace.settings

    @property
    def store(self) -> Store:
        """The opened database."""
        return self.workspace.store

    @property
    def templates(self) -> Templates:
        """The templates of the letters."""
        return self.workspace.templates

    @property
    def account(self) -> str:
        """What approvals and the pace are bound to."""
        return self.workspace.account

    def now(self) -> datetime:
        """The clock."""
        return self.workspace.now()

    def situation(self, *, day: date | None = None, phase: Phase | None = None) -> Situation:
        """What plans are made from: now, or noon of `day` and in `phase` for what-if."""
        return self.workspace.situation(day=day, phase=phase)

    def composer(self, tx: Transaction, *, unwritten: bool = False) -> Composer:
        """Turns decisions into letters; a writer gets one of its own, with the moment of now."""
        generation, now = lineage.read_standing(tx).generation, self.now()
        if lineage.is_writing(tx):  # which has raised the generation by one
            known = self._known(generation - 1, now) if unwritten else None
            return known.at(now) if known else self.workspace.composer(tx)
        if (known := self._known(generation, now)) is None:
            known = self.workspace.composer(tx)
            until = next_change(self.settings.calendars.values(), now)
            self._kept = Kept(known, generation, until)
        return known

    def _known(self, generation: int, now: datetime) -> Composer | None:
        """What was composed for this generation, if its plan still holds."""
        if self._kept is None or self._kept.generation != generation or now >= self._kept.until:
            return None
        return self._kept.composer

    @contextmanager
    def same_composer(self) -> Iterator[list[Letter]]:
        """For a write that changes nothing that letters are made from, except states of letters.

        Put the letters that moved into the list.  One write raises the generation by one; if it
        is raised by more, somebody else wrote too.
        """
        moved: list[Letter] = []
        before = self._generation()
        yield moved
        if self._kept and self._kept.generation == before == self._generation() - 1:
            composer = self._kept.composer
            for letter in moved:
                composer = composer.with_letter(letter)
            self._kept = self._kept._replace(composer=composer, generation=before + 1)

    def _generation(self) -> int:
        with self.store.read() as tx:
            return lineage.read_standing(tx).generation
