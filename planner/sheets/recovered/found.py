"""The cells of one sheet that were recovered, by row and column from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from planner.errors import PlannerError
from planner.sheets.parsers.cells import is_formula_error
from planner.sheets.table import Mark

MOST = 1_000_000  # cells: more than any person's list has
# The errors of the binary formats (MS-XLS 2.5.10, MS-XLSB 2.5.97.2).
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
UNKNOWN_ERROR = "#ERROR!"
MOST_COMMENTS = 10_000
LONGEST_COMMENT = 1_000  # characters
# What Excel writes in front of a thread of comments, for versions that do not know them.
_THREADED = re.compile(r"^\[Threaded comment\].*?Comment:\s*", re.DOTALL)
_MAILTO = re.compile(r"\s*mailto:([^?]+)", re.IGNORECASE)


@dataclass(slots=True)
class Found:
    """Texts that replace what calamine returns, addresses behind cells, their looks and comments.

    All are by row and column from 1; `hidden` are the rows that are not shown.  `from_1904`
    tells whether the workbook's dates count from 1904.
    """

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    from_1904: bool = False

    def put(self, row: int, column: int, text: str) -> None:
        """Replace the text of a cell.  Raises PlannerError if there are more than MOST."""
        if len(self.texts) >= MOST:
            raise PlannerError(
                f"formulas show an error, or have no value, in more than {MOST:,} cells.",
                hint="Open it in your spreadsheet program, save it as CSV, and import that.",
                code="too_large",
            )
        self.texts[row, column] = text

    def put_error(self, row: int, column: int, text: str) -> None:
        """Put an error into a cell, by its name in the sheet if that is a known one."""
        known = is_formula_error(text) or text == "#N/A"
        self.put(row, column, text if known else UNKNOWN_ERROR)

    def comment(self, row: int, column: int, text: str) -> None:
        """Keep the comment on a cell, if it says anything."""
        said = _THREADED.sub("", text).strip()
        if said and len(self.comments) < MOST_COMMENTS:
            self.comments[row, column] = said[:LONGEST_COMMENT]

    def hide(self, row: int) -> None:
        """Note that a row is not shown, though it has a cell."""
        if row not in self.hidden[-1:]:
            self.hidden.append(row)

    def link(self, row: int, column: int, target: str) -> None:
        """Keep the link behind a cell, if it leads to an email address."""
        found = _MAILTO.match(target)
        if found and len(self.links) < MOST:
            self.links[row, column] = unquote(found[1]).strip()


def in_range(first: tuple[int, int], last: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the cells of a rectangle, up to a size that a person might link at once.

    >>> list(in_range((2, 3), (3, 3)))
    [(2, 3), (3, 3)]
    """
    for row in range(first[0], min(last[0], first[0] + 9_999) + 1):
        for column in range(first[1], min(last[1], first[1] + 9) + 1):
            yield row, column
