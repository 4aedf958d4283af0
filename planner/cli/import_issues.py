"""The issues of an import for a person: the costliest first, a few examples of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from planner.cli import show
from planner.cli.hints.imports import told
from planner.cli.import_costs import KINDS, Cost, Kind, cost_of, kind_of
from planner.sheets import fields
from planner.sheets.listing import Listing
from planner.sheets.records import Issue

SHOWN = 5  # examples of one kind of issue
REST = 20  # further ones that are named by line and value
MOST_LINES = 20  # lines of one example
SHORT = 24  # characters of a value in such a line
LONG = 40

_ORDER = {code: number for number, code in enumerate(KINDS)}


class Costs:
    """What issues could cost, from the columns of the files in which they are."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self._fields: Mapping[tuple[str, str], tuple[str, ...]] = {
            (listing.name, column.name): fields.gives(column.target)
            for listing in listings
            for column in listing.columns
            if column.target is not None
        }

    def of(self, issue: Issue) -> Cost:
        """The cost of one issue."""
        spoken = self._fields.get((issue.file, issue.column), (issue.column,))
        return cost_of(issue.code, spoken)


def issues_text(issues: Iterable[Issue], costs: Costs, *, several: bool) -> str:
    """Issues by kind, the costliest first; `several`: there are other files to tell apart."""
    groups: dict[tuple[Cost, str], list[Issue]] = {}
    for issue in map(told, issues):
        groups.setdefault((costs.of(issue), issue.code), []).append(issue)
    lines: list[str] = []
    advice = ""
    for key in sorted(groups, key=lambda key: (key[0], _ORDER.get(key[1], len(_ORDER)))):
        kind = kind_of(key[1])
        if advice != kind.advice:  # the same for several kinds is said once, below the last
            lines += _advised(advice)
        lines += _kind_lines(kind, key[1], groups[key], several=several)
        advice = kind.advice
    return "\n".join([*lines, *_advised(advice)])


def _advised(advice: str) -> list[str]:
    return [_wrapped(advice, "    -> ", "       ")] if advice else []


def _kind_lines(kind: Kind, code: str, issues: Sequence[Issue], *, several: bool) -> list[str]:
    """One kind: its title, what was expected if that is the same for all, the examples."""
    shared = len(issues) > 1 and len({issue.message for issue in issues}) == 1
    number = f" ({len(issues)})" if len(issues) > 1 else ""
    said = f": {issues[0].message}" if shared else ""
    lines = [_wrapped(f"{kind.title}{number} [{code}]{said}", "  ", "    ")]
    examples = _together(issues, several=several)
    shown = examples if len(examples) <= SHOWN + 1 else examples[:SHOWN]
    for example in shown:
        parts = [example.whole_file() if kind.of_file else example.place(LONG)]
        parts += [] if shared else [example.message]
        lines.append(_wrapped(": ".join(filter(None, parts)), "    ", "      "))
    if rest := examples[len(shown) :]:
        lines.append(_wrapped(_rest(rest), "    ", "      "))
    return lines


class Example(NamedTuple):
    """Issues that are alike but for their lines."""

    file: str
    lines: list[int]
    column: str
    value: str
    message: str

    def whole_file(self) -> str:
        """The file, where what is said does not begin with it."""
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


def _lines(lines: Sequence[int]) -> str:
    """
    >>> _lines([7]), _lines([7, 9])
    ('line 7', 'lines 7, 9')
    """
    more = len(lines) - MOST_LINES
    listed = ", ".join(map(str, lines[:MOST_LINES]))
    return f"line{'s' if len(lines) > 1 else ''} {listed}{f' and {more} more' if more > 0 else ''}"


def _together(issues: Iterable[Issue], *, several: bool) -> list[Example]:
    """Issues that say the same of the same words in one column stand together."""
    found: dict[tuple[str, ...], Example] = {}
    for issue in issues:
        alike = (issue.file if several else "", issue.column, issue.value, issue.message)
        file, column, value, message = alike
        found.setdefault(alike, Example(file, [], column, value, message)).lines.append(issue.line)
    return list(found.values())


def _rest(rest: Sequence[Example]) -> str:
    """What comes behind the examples, without what is said of each."""
    more = len(rest) - REST
    said = "; ".join(example.place(SHORT) for example in rest[:REST])
    return f"and {said}" + (f" ... and {more} more (--json has all)" if more > 0 else "")


def _wrapped(text: str, indent: str, hanging: str) -> str:
    return show.wrapped(show.unbroken(text), indent=indent, hanging=hanging)
