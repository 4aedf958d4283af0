"""The rule book with the user's own numbers; without a config, as it is shipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.errors import ConfigError
from planner.rules.book import TOPICS
from planner.rules.book.table import Basis, Table
from planner.rules.calendar import DEFAULT_SEASON, build
from planner.rules.facts import Match, Thresholds
from planner.rules.specialties import shipped
from planner.steps.workspace import Workspace

Book = Mapping[str, Sequence[Table]]


def open_book(ws: Workspace, topic: str | None = None) -> Book:
    """The tables of one topic, or of all.  Raises ConfigError for a config with mistakes."""
    basis = _basis(ws)
    return {name: pages(basis) for name, pages in TOPICS.items() if topic in (None, name)}


def _basis(ws: Workspace) -> Basis:
    try:
        situation = ws.situation()
    except ConfigError as error:
        if error.code != "no_config":
            raise
        calendars = {match: build(match, DEFAULT_SEASON) for match in Match}
        return Basis(Thresholds(), shipped(), calendars, DEFAULT_SEASON)
    return Basis(situation.thresholds, situation.specialties, situation.calendars, situation.season)
