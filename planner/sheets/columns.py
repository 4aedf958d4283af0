"""What each column of a file is taken for, and why.

What the user says wins over what the header means, given its cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from planner.errors import ConfigError
from planner.rules.facts import Status
from planner.rules.objections import LEFT_OUT
from planner.sheets import fields, kinds
from planner.sheets.header_words import Meaning
from planner.sheets.headings import CONTACT_HEADERS, choose, claimed_by, fold_header
from planner.sheets.parsers import cells
from planner.sheets.parsers.dates import is_date

IGNORED = "ignored"  # a column that is left out
# Ends the name of an extra that keeps what a cell said beyond its meaning.
AS_WRITTEN = " (as written)"
REMARKS = (AS_WRITTEN, LEFT_OUT)
NUMBERS = "row numbers"  # 0, 1, 2 ..., as some programs write them beside a list
KEY = 40  # characters of a cell by which a column without a header is known again
CLIPPED = 300  # characters of a cell that is looked at to tell what its column is
# How a column came to its target; empty: by its name.
YOU, CONFIG, BEFORE = "you", "config", "as before"
BESIDE = "beside the list"  # it is left out for where it stands
BY_WISH = frozenset({YOU, CONFIG, BEFORE})


class Column(NamedTuple):
    """One column of a file: its place from 0, its header, and what it was taken for.

    `how` says who or what decided, where that was not the name alone; `example` is its first
    filled cell; `crossed`: somebody ticked it with crosses; `ticked`: some of its cells are
    ticks, so that a blank one beside them is a no; `keys`: by what it is known again.
    """

    place: int
    header: str
    target: str | None
    how: str = ""
    example: str = ""
    crossed: bool = False
    ticked: bool = False
    keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What messages and extras call it; one without a header goes by its place."""
        return self.header or f"column {self.place + 1}"

    @property
    def is_remark(self) -> bool:
        """Whether it is an extra that an export gave back: it has been understood before."""
        return self.header.endswith(REMARKS)

    @property
    def is_taken(self) -> bool:
        """Whether its cells go anywhere."""
        return self.target not in {IGNORED, NUMBERS, fields.REJECTED}


class Wishes(NamedTuple):
    """What columns are wanted to be: targets by folded header, of those who may say so.

    What was `said` now wins over the `config`, and that over what was said `before`; only now
    may a column be named by its place alone ("column3", "columnc").
    """

    said: Mapping[str, str] = {}
    config: Mapping[str, str] = {}
    before: Mapping[str, str] = {}

    def of(self, header: str, place: int, key: str = "") -> tuple[str, str] | None:
        """The target wanted for a column, and who wants it; `key`: by what it is known again."""
        folded = fold_header(header)
        by_name = [folded] if folded else []
        for wanted, who, names in (
            (self.said, YOU, [*by_name, *_places(place)]),
            (self.config, CONFIG, by_name),
            (self.before, BEFORE, [fold_header(key), *by_name]),
        ):
            found = next((name for name in names if name in wanted), None)
            if found is not None:
                return wanted[found], who
        return None

    def names(self, header: str) -> bool:
        """Whether somebody wants something of a header."""
        folded = fold_header(header)
        return any(folded in wanted for wanted in self)


NO_WISHES = Wishes()


def _places(place: int) -> tuple[str, str]:
    """A column by its place alone, as it may be named on the command line."""
    return f"column{place + 1}", f"column{letter_of(place).casefold()}"


def _keys(headers: Sequence[str], place: int, texts: Sequence[str]) -> tuple[str, ...]:
    """By what a column is known again: its header, else its place with what stands first in it.

    Behind that the header that a file of rejects, or an export, gives to one without any.
    """
    folded = [fold_header(header) for header in headers]
    if folded[place] and folded.count(folded[place]) == 1:
        return (folded[place],)
    by_cell = f"column {place + 1}: {' '.join(texts[0].split())[:KEY]}" if texts else ""
    return (by_cell,) if folded[place] else (by_cell, f"column{place + 1}")


def lasting(columns: Iterable[Column]) -> Mapping[str, str]:
    """What was said now of columns, to hold for the next file, too: targets by key."""
    return {key: str(c.target) for c in columns if c.how == YOU for key in c.keys if key}


def wishes(
    said: Mapping[str, str],
    config: Mapping[str, str] | None = None,
    before: Mapping[str, str] | None = None,
) -> Wishes:
    """Wishes as they come: header to target."""
    return Wishes(*(_folded(given or {}) for given in (said, config, before)))


def _folded(given: Mapping[str, str]) -> Mapping[str, str]:
    return {fold_header(header): target for header, target in given.items()}


def understand(
    headers: Sequence[str], sample: Sequence[Sequence[str]], wanted: Wishes, name: str
) -> tuple[Column, ...]:
    """The columns of a file; `sample` holds rows below the header.

    Raises ConfigError for a wish that fits no column.
    """
    _refuse_unused(headers, wanted, name)
    full = [row for row in sample if sum(map(bool, map(str.strip, row))) > 1]  # without titles
    claimed = claimed_by(headers)
    texts_of = [_texts(sample, place) for place in range(len(headers))]
    columns = [
        _column(place, header, texts_of[place], wanted, claimed, _keys(headers, place, texts))
        for place, (header, texts) in enumerate(zip(headers, texts_of, strict=True))
    ]
    rows = _programs(sample, columns)
    in_pairs = any(map(_has_pairs, texts_of))
    columns = [
        column._replace(
            example=next(iter(_texts(full, column.place) or texts), ""),
            crossed=not in_pairs and _is_crossed(column, texts, rows),
            ticked=_is_ticked(column, texts),
        )
        for column, texts in zip(columns, texts_of, strict=True)
    ]
    if any(column.target == fields.ROLE for column in columns):
        columns = [_with_role(column, columns) for column in columns]
    return tuple(_named_apart(_further_statuses(columns)))


def _texts(sample: Sequence[Sequence[str]], place: int) -> list[str]:
    texts = (cells.clean_cell(row[place][:CLIPPED]) for row in sample if place < len(row))
    return [cells.clean_cell(cells.unshielded(text)) for text in texts if text]


def _refuse_unused(headers: Sequence[str], wanted: Wishes, name: str) -> None:
    places = {name for place in range(len(headers)) for name in _places(place)}
    unused = wanted.said.keys() - {fold_header(header) for header in headers} - places
    if unused:
        raise ConfigError(
            f"--map or --ignore names a column that {name} does not have:"
            f" {', '.join(sorted(unused))}.",
            hint=f"Its columns: {', '.join(filter(None, headers))}.",
            code="unknown_column",
        )


def _column(
    place: int,
    header: str,
    texts: Sequence[str],
    wanted: Wishes,
    claimed: Collection[str],
    keys: tuple[str, ...],
) -> Column:
    wish = wanted.of(header, place, keys[0])
    if wish is not None:
        return Column(place, header, *wish, keys=keys)
    as_written = header.endswith(REMARKS)  # an export gives back what was understood before
    meaning = choose(header, texts, claimed) if header and not as_written else None
    if meaning is None:
        target = NUMBERS if _numbers_rows(header, texts) else None
        return Column(place, header, target)
    if meaning.target == fields.REJECTED and header not in fields.WRITTEN:
        return Column(place, header, None)  # somebody's own column
    if meaning.target in fields.CODES and texts and _is_no_code(texts):
        return Column(place, header, None)
    return Column(place, header, *_as_code(meaning, texts))


# Where a cross may be a tick: who thinks that it is none writes to a program that said no.
_CROSSED = frozenset({Status.REJECTED, Status.WITHDRAWN, fields.NO_CONTACT})


def _programs(sample: Sequence[Sequence[str]], columns: Sequence[Column]) -> int:
    """How many rows have a name; if no column is of names, how many say anything."""
    named = [c.place for c in columns if c.target in {"program", "institution"}]
    return sum(
        any(place < len(row) and row[place].strip() for place in named)
        if named
        else any(map(str.strip, row))
        for row in sample
    )


def _has_pairs(texts: Sequence[str]) -> bool:
    """Whether a column has crosses beside ticks: there, a cross means no."""
    return any(map(cells.is_cross, texts)) and any(map(cells.is_yes, texts))


def _is_crossed(column: Column, texts: Sequence[str], rows: int) -> bool:
    """Whether crosses are ticks in a column: it has no other ones, and blanks beside them."""
    if column.target not in _CROSSED or any(map(cells.is_yes, texts)):
        return False
    return any(map(cells.is_cross, texts)) and (rows == 1 or len(texts) < rows)


def _is_ticked(column: Column, texts: Sequence[str]) -> bool:
    """Whether somebody ticks a column, so that leaving a cell blank means something."""
    return column.target == Status.APPLIED and any(cells.is_yes(t) or is_date(t) for t in texts)


def _as_code(meaning: Meaning, texts: Sequence[str]) -> tuple[str, str]:
    """The target, and the kind of cells that decided; NRMP codes may stand under any code."""
    if meaning.target == "acgme_id" and texts and kinds.are(texts, "nrmp"):
        return "nrmp_code", kinds.CALLED["nrmp"]
    return meaning.target, kinds.CALLED.get(meaning.kind, "") if texts else ""


def _is_no_code(texts: Sequence[str]) -> bool:
    """Whether a column says yes and no where codes should be: that they take part."""
    return all(kinds.is_mark(text) or cells.is_missing(text) for text in texts)


def _numbers_rows(header: str, texts: Sequence[str]) -> bool:
    """Whether a column counts its rows, as an exported data frame does."""
    if header and not fold_header(header).startswith(("unnamed", "index")):
        return False
    if len(texts) < 2 or not texts[0].isdecimal() or len(texts[0]) > 4:
        return False
    first = int(texts[0])
    return list(texts) == [str(first + n) for n in range(len(texts))]


def _with_role(column: Column, columns: Sequence[Column]) -> Column:
    """Beside a Role column, Name and Email speak of the person that the row is about."""
    target = CONTACT_HEADERS.get(fold_header(column.header))
    others = [c for c in columns if c.target == column.target and c is not column]
    if target is None or column.how in BY_WISH:
        return column
    if column.target == "program" and not others:
        return column
    return column._replace(target=target)


def _further_statuses(columns: Iterable[Column]) -> list[Column]:
    """Several columns may speak of the status; those after the first join what it says.

    The one that is called a status comes first; of two such names one has to go.
    """
    found = list(columns)
    status = [c for c in found if c.target == "status"]
    first = next((c for c in status if not c.how), status[0] if status else None)
    return [
        c._replace(target=fields.STATUS_TOO)
        if c.target == "status" and c is not first and c.how
        else c
        for c in found
    ]


def _named_apart(columns: Iterable[Column]) -> Iterable[Column]:
    """Columns that nothing matched, by names of their own, even where two have one header."""
    seen: set[str] = set()
    for column in columns:
        name = column.header
        if column.target is None and name and name in seen:
            name = f"{name} (column {column.place + 1})"
        seen.add(name)
        yield column._replace(header=name)


def letter_of(place: int) -> str:
    """How a spreadsheet calls a column.

    >>> letter_of(0), letter_of(27)
    ('A', 'AB')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
