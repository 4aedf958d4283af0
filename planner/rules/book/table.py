"""What a page of the rule book is made of: tables, and the numbers behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from planner.rules.calendar import (
    MatchCalendar,
)
from planner.rules.facts import (
    Match,
    Thresholds,
)
from planner.rules.specialties import Specialties


class Basis(NamedTuple):
    """What the tables are made from: the user's numbers, or the built-in ones."""

    thresholds: Thresholds
    specialties: Specialties
    calendars: Mapping[Match, MatchCalendar]
    season: int


class Table(NamedTuple):
    """One table: its title, its columns, and rows of plain values."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def table(title: str, columns: str, rows: Iterable[Iterable[Any]]) -> Table:
    """Make a table; `columns` are separated by commas."""
    return Table(title, tuple(columns.split(", ")), tuple(tuple(row) for row in rows))


def marked(text: object, value: object, default: object) -> str:
    """Return a text, marked if its number is the user's own."""
    return str(text) if value == default else f"{text} (yours; default {default})"
