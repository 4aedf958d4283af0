"""What a row says about a program, and an issue for each cell that makes no sense.

A record holds plain values (text, 0 or 1, dates as YYYY-MM-DD), so that it can be compared
with what is stored, and written without conversion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from planner.sheets.header import Header


class Issue(NamedTuple):
    """One thing that was not understood for certain: where it is, and what was expected.

    `facts` fill in the advice about it.
    """

    file: str
    line: int
    column: str
    value: str
    code: str
    message: str
    program: str = ""
    facts: Mapping[str, object] = {}


def joined(before: str, words: str) -> str:
    """Return a remark with further words, unless it has them already.

    >>> joined("Interviewed 11/5, lovely", "struck through")
    'Interviewed 11/5, lovely (struck through)'
    """
    if not before or before == words:
        return words
    return before if words in before else f"{before} ({words})"


@dataclass(slots=True)
class Record:
    """What one row of a file says about a program: only the fields that it gives.

    `values` holds plain values by field name, `extra` the cells of unknown columns by
    header, `cells` the unchanged row, `name_key` the folded specialty, name and city, and
    `denied` the fields to which a cell says no.  `assumed` tells that the row itself has no
    specialty; `not_seen` is the column and the cell that deny an interview.  Do not use a
    record with errors.

    Three things come from outside the row's cells, so a file of rejects must add them: `aside`
    are looks and comments by the names of their extras, `above` are fields that titles give,
    and `linked` are the texts of cells, by place, with the addresses that they link to.
    """

    file: str
    header: Header
    line: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    errors: Sequence[Issue] = ()
    warnings: Sequence[Issue] = ()
    name_key: str = ""
    denied: tuple[str, ...] = ()
    assumed: bool = False
    not_seen: tuple[str, str] | None = None
    aside: Sequence[tuple[str, str]] = ()
    above: Sequence[tuple[str, str]] = ()
    linked: Sequence[tuple[int, str]] = ()

    def fail(self, column: str, value: object, code: str, message: str) -> None:
        """Add an error; `column` is a header, or a field, whose header is then looked up."""
        self.errors = [*self.errors, self.issue(column, value, code, message)]

    def warn(self, column: str, value: object, code: str, message: str, **facts: object) -> None:
        """Add a warning, as `fail` does."""
        issue = self.issue(column, value, code, message)
        self.warnings = [*self.warnings, issue._replace(facts=facts)]

    def issue(self, column: str, value: object, code: str, message: str) -> Issue:
        """Make an issue of this record."""
        header = self.header.of(column)
        return Issue(self.file, self.line, header, str(value), code, message)
