"""Issues of an import that say the same of the same words, as one example with its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner.cli import show
from planner.sheets.records import Issue

MOST_LINES = 20  # lines of one example
SHORT = 24  # characters of a value beside many others
LONG = 40


class Example(NamedTuple):
    """Issues that are alike but for their lines.

    `outcome` is the part of the message that other cells may share.
    """

    file: str
    lines: list[int]
    column: str
    value: str
    message: str
    outcome: str = ""

    def whole_file(self) -> str:
        """The file, unless the message begins with it."""
        return "" if self.message.startswith(self.file) else self.file

    def place(self, columns: int) -> str:
        """Where it is, and what stands there in so many columns at most.

        >>> Example("", [7, 9], "Status", "x", "").place(40)
        "lines 7, 9, Status 'x'"
        """
        file = f"{self.file}, " if self.file else ""
        column = f" {show.clipped(self.column, LONG)}" if self.column else ""
        value = f",{column} {show.clipped(self.value, columns)!r}" if self.value else ""
        return f"{file}{_lines(self.lines)}{value}"

    def cell(self, columns: int) -> str:
        """The same where file, column and outcome are told already.

        >>> said = "taken as invited, with the interview on 2026-12-14"
        >>> Example("", [7], "Status", "II 12/14", said, "taken as invited").cell(40)
        "line 7 'II 12/14', with the interview on 2026-12-14"
        """
        value = f" {show.clipped(self.value, columns)!r}" if self.value else ""
        return f"{_lines(self.lines)}{value}{self.message.removeprefix(self.outcome)}"


def _lines(lines: Sequence[int]) -> str:
    """
    >>> _lines([7]), _lines([7, 9])
    ('line 7', 'lines 7, 9')
    """
    more = len(lines) - MOST_LINES
    listed = ", ".join(map(str, lines[:MOST_LINES]))
    return f"line{'s' if len(lines) > 1 else ''} {listed}{f' and {more} more' if more > 0 else ''}"


def together(issues: Iterable[Issue], *, several: bool) -> list[Example]:
    """Issues that say the same of the same words in one column stand together."""
    found: dict[tuple[str, ...], Example] = {}
    for issue in issues:
        alike = (issue.file if several else "", issue.column, issue.value, issue.message)
        if alike not in found:
            file, column, value, message = alike
            outcome = str(issue.facts.get("outcome", message))
            found[alike] = Example(file, [], column, value, message, outcome)
        found[alike].lines.append(issue.line)
    return list(found.values())
