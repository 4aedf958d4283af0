"""The issues of an import for a person: the costliest first, those read alike together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from planner.cli import show
from planner.cli.hints.days import day_first_advice
from planner.cli.hints.imports import told
from planner.cli.hints.specialties import specialty_advice
from planner.cli.import_costs import KINDS, Cost, Kind, cost_of, is_coordinators, kind_of
from planner.cli.import_examples import LONG, SHORT, Example, together
from planner.sheets import fields
from planner.sheets.listing import Listing
from planner.sheets.records import Issue

SHOWN = 5  # examples of one kind of issue, or cells that were read alike
SHOWN_ERRORS = 40  # of one kind that must be fixed
MOST_OUTCOMES = 12  # ways in which cells of one kind were read
REST = 20  # further ones that are named by line and value

_ORDER = {code: number for number, code in enumerate(KINDS)}


class Costs:
    """What issues could cost, from the columns of the files in which they are."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self.listings = listings
        self._fields: Mapping[tuple[str, str], tuple[str, ...]] = {
            (listing.name, column.name): fields.gives(column.target)
            for listing in listings
            for column in listing.columns
            if column.target is not None
        }

    def of(self, issue: Issue) -> Cost:
        """The cost of one issue."""
        return cost_of(issue.code, self._spoken(issue))

    def is_coordinators(self, issue: Issue) -> bool:
        """Whether an issue is about the name of a coordinator."""
        return is_coordinators(issue.code, self._spoken(issue))

    def _spoken(self, issue: Issue) -> tuple[str, ...]:
        """The fields that the cell of an issue speaks of."""
        return self._fields.get((issue.file, issue.column), (issue.column,))


def issues_text(
    issues: Iterable[Issue], costs: Costs, *, several: bool, shown: int | None = SHOWN
) -> str:
    """Issues by kind, the costliest first.

    `several`: there are other files to tell apart; `shown`: how many cells of a kind are shown;
    None: each.
    """
    groups: dict[tuple[str, bool], list[Issue]] = {}
    for issue in sorted(map(told, issues), key=costs.of):
        groups.setdefault((issue.code, costs.is_coordinators(issue)), []).append(issue)
    lines: list[str] = []
    advice = ""
    order = sorted(groups, key=lambda key: (costs.of(groups[key][0]), _place_of(key[0]), key[1]))
    for code, coordinators in order:
        found = groups[code, coordinators]
        kind = kind_of(code, coordinators=coordinators)
        if code == "no_specialty":
            kind = kind._replace(advice=specialty_advice(found, costs.listings))
        if code == "bad_date":
            kind = kind._replace(advice=day_first_advice(found, costs.listings))
        if advice != kind.advice:  # the same for several kinds is said once, below the last
            lines += _advised(advice)
        lines += _kind_lines(kind, code, found, several=several, most=shown)
        advice = kind.advice
    return "\n".join([*lines, *_advised(advice)])


def _place_of(code: str) -> int:
    return _ORDER.get(code, len(_ORDER))


def _advised(advice: str) -> list[str]:
    return [_wrapped(advice, "    -> ", "       ")] if advice else []


def _kind_lines(
    kind: Kind, code: str, issues: Sequence[Issue], *, several: bool, most: int | None
) -> Iterator[str]:
    """One kind: its title, what was expected if that is the same for all, the examples."""
    shared = len(issues) > 1 and len({issue.message for issue in issues}) == 1
    number = f" ({len(issues)})" if len(issues) > 1 else ""
    said = f": {issues[0].message}" if shared else ""
    yield _wrapped(f"{kind.title}{number} [{code}]{said}", "  ", "    ")
    singles = together(issues, several=several)
    if not shared:
        outcomes, singles = _by_outcome(singles, always=kind.by_outcome)
        for alike in outcomes[: None if most is None else MOST_OUTCOMES]:
            yield _wrapped(_outcome(alike, most), "    ", "      ")
        singles += [one for alike in outcomes[MOST_OUTCOMES:] for one in alike if most is not None]
    shown = _first(singles, most)
    for example in shown:
        parts = [example.whole_file() if kind.of_file else example.place(LONG)]
        parts += [] if shared else [example.message]
        yield _wrapped(": ".join(filter(None, parts)), "    ", "      ")
    if rest := singles[len(shown) :]:
        yield _wrapped(_rest(rest, shared=shared), "    ", "      ")


def _by_outcome(
    examples: Sequence[Example], *, always: bool
) -> tuple[list[list[Example]], list[Example]]:
    """Examples that were read alike, and those that nothing else was read like."""
    found: dict[tuple[str, str, str], list[Example]] = {}
    for example in examples:
        found.setdefault((example.file, example.column, example.outcome), []).append(example)
    alike = [group for group in found.values() if always or len(group) > 1]
    return alike, [] if always else [g[0] for g in found.values() if len(g) == 1]


def _first(examples: Sequence[Example], most: int | None) -> Sequence[Example]:
    """Return the examples to show: so many, or one more rather than a word on that one."""
    return examples if most is None or len(examples) <= most + 1 else examples[:most]


def _outcome(alike: Sequence[Example], most: int | None) -> str:
    """What some cells were read as, then the cells."""
    first, lines = alike[0], sum(len(example.lines) for example in alike)
    where = ", ".join(filter(None, (first.file, show.clipped(first.column, LONG))))
    shown = _first(alike, most)
    said = "; ".join(example.cell(LONG) for example in shown)
    more = len(alike) - len(shown)
    rest = f"; and {more} more (--all shows them)" if more else ""
    number = f" ({lines})" if lines > 1 else ""
    between = ", " if first.outcome.startswith("but ") else " "
    return f"{where}{between if where else ''}{first.outcome}{number}: {said}{rest}"


def _rest(rest: Sequence[Example], *, shared: bool) -> str:
    """The text after the examples, without the advice on each."""
    more = len(rest) - REST
    said = "; ".join(example.place(SHORT) for example in rest[:REST])
    if more > 0:
        return f"and {said} ... and {more} more (--all shows them)"
    return f"and {said}" + ("" if shared else " (--all says what of each)")


def _wrapped(text: str, indent: str, hanging: str) -> str:
    return show.wrapped(show.unbroken(text), indent=indent, hanging=hanging)
