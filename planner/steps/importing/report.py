"""What an import was asked to do, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.sheets.records import Issue, Record

if TYPE_CHECKING:
    from planner.steps.importing.forecast import Forecast
    from planner.steps.under_way import UnderWay

YES_NO = frozenset({"top_choice", "rank_list_locked"})


class Choices(NamedTuple):
    """How to import: what to do about bad rows, empty cells, and values set by hand.

    `columns` is what was said of headers now, to be remembered; `forget_columns`: nothing that
    was said of any before.
    """

    skip_errors: bool = False
    clear_empty: bool = False
    force: bool = False
    dry_run: bool = False
    columns: Mapping[str, str] = {}
    forget_columns: bool = False


class Absent(NamedTuple):
    """A program that a former file of this name had, and this one has not."""

    file: str
    id: int
    program: str
    status: str


class FieldChange(NamedTuple):
    """One field of a known program that the import changes."""

    program: str
    field: str
    old: Any
    new: Any


class Note(NamedTuple):
    """What holds for a file as a whole, with a code and facts, or advice of its own."""

    text: str
    code: str = ""
    facts: Mapping[str, object] = {}
    hint: str = ""


@dataclass(slots=True)
class Report:
    """What an import did, or with a dry run would do.

    `read` records are new, changed, unchanged, merged or rejected; the five add up.
    `seen` are warnings that the last import of the file gave, too, `absent` programs that it had.
    `notes` say what holds for a file as a whole, `rejects` are the bad records, `voided` the
    letters that lost their approval, `under_way` those in the hands of a sender that should not
    leave as they are now, `outlook` is what a dry run would lead to; `stopped`:
    nothing can be written as things are; `undecided`: because something about a whole file was
    not understood, and a person has to say first what it means.
    """

    written: bool = False
    read: int = 0
    new: int = 0
    changed: int = 0
    merged: int = 0
    errors: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    seen: list[Issue] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)
    rejects: list[Record] = field(default_factory=list)
    voided: list[int] = field(default_factory=list)
    under_way: list[UnderWay] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    stopped: bool = False
    undecided: bool = False
    outlook: Forecast | None = None

    @property
    def rejected(self) -> int:
        """How many records were bad."""
        return len(self.rejects)

    @property
    def unchanged(self) -> int:
        """How many records said nothing new, or were stopped by others that are bad."""
        return self.read - self.new - self.changed - self.merged - self.rejected


def format_value(name: str, value: Any) -> str:
    """A value as messages show it."""
    if name in YES_NO:
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{header}: {text}" for header, text in value.items()) or "(empty)"
    return str(value) if value not in (None, "") else "(empty)"
