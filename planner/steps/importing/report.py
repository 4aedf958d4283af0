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

    `columns` is what the user said about headers now, to be remembered; `forget_columns`:
    forget what was said before.
    """

    skip_errors: bool = False
    clear_empty: bool = False
    force: bool = False
    dry_run: bool = False
    columns: Mapping[str, str] = {}
    forget_columns: bool = False


class Absent(NamedTuple):
    """A program that the last file of this name had, but this one does not."""

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
    """A remark on a file as a whole, with a code and facts for advice, or its own advice."""

    text: str
    code: str = ""
    facts: Mapping[str, object] = {}
    hint: str = ""


@dataclass(slots=True)
class Report:
    """What an import did or, in a dry run, would do.

    `read` counts all records, each of which is new, changed, unchanged, merged or rejected.
    `seen` are warnings that the last import of the file also gave, and `absent` are programs
    that only it had.  `notes` are about a file as a whole; `rejects` are the bad records;
    `headers` are those of the file of rejects by target;
    `voided` are the letters that lost their approval; `under_way` are letters that a sender
    holds and that should not leave as they are; `outlook` is the forecast of a dry run.
    `stopped`: nothing can be written as things are; `undecided`: because the user must first
    say what something about a whole file means.
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
    headers: Mapping[str, str] = field(default_factory=dict)
    voided: list[int] = field(default_factory=list)
    under_way: list[UnderWay] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    stopped: bool = False
    undecided: bool = False
    outlook: Forecast | None = None

    @property
    def rejected(self) -> int:
        """The number of bad records."""
        return len(self.rejects)

    @property
    def unchanged(self) -> int:
        """The number of records that said nothing new, or were stopped by bad ones."""
        return self.read - self.new - self.changed - self.merged - self.rejected


def format_value(name: str, value: Any) -> str:
    """Format a value for messages."""
    if name in YES_NO:
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{header}: {text}" for header, text in value.items()) or "(empty)"
    return str(value) if value not in (None, "") else "(empty)"
