"""What each column of a file is taken for, and why.

What the user says wins; otherwise the header decides, together with the cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from planner.errors import ConfigError
from planner.rules.facts import Status
from planner.rules.objections import COMMENT, LEFT_OUT
from planner.sheets import fields, kinds
from planner.sheets.header_words import Meaning
from planner.sheets.headings import (
    CONTACT_HEADERS,
    choose,
    claimed_by,
    fold_header,
    meanings_of,
    target_of,
)
from planner.sheets.parsers import cells
from planner.sheets.parsers.dates import is_date

IGNORED = "ignored"  # a column that is left out
# Ends the name of an extra that keeps the whole text of a cell which says more than its field.
AS_WRITTEN = " (as written)"
REMARKS = (AS_WRITTEN, COMMENT, LEFT_OUT)
NUMBERS = "row numbers"  # 0, 1, 2 ..., as some programs write them beside a list
KEY = 40  # characters of its first cell that identify a column without a header
CLIPPED = 300  # characters of a cell to look at when judging its column
# How a column got its target; empty if by its name.
YOU, CONFIG, BEFORE = "you", "config", "as before"
BESIDE = "beside the list"  # left out because of its position
BY_WISH = frozenset({YOU, CONFIG, BEFORE})


class Column(NamedTuple):
    """One column of a file: its place from 0, its header, and what it was taken for.

    `how` says who or what decided, unless it was the name alone; `example` is its first
    filled cell; `crossed`: crosses in it mean yes; `ticked`: some of its cells are ticks, so
    that a blank one means no; `keys` identify the column in the next file.
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
        """How messages and extras name it: by its header or, without one, by its place."""
        return self.header or f"column {self.place + 1}"

    def is_called(self, name: str) -> bool:
        """Whether a name on the command line means it, by its header or by its place."""
        named = fold_header(name)
        return named == fold_header(self.header) or named in {*_places(self.place), *self.keys}

    @property
    def is_remark(self) -> bool:
        """Whether it is an extra from an export, which was understood before."""
        return self.header.endswith(REMARKS)

    @property
    def is_taken(self) -> bool:
        """Whether its cells are used."""
        return self.target not in {IGNORED, NUMBERS, fields.REJECTED}

    @property
    def is_watched(self) -> bool:
        """Whether the user leaves it out, so that only what speaks against a letter counts."""
        return self.target == IGNORED and self.how in BY_WISH


class Wishes(NamedTuple):
    """What the user wants columns to be: targets by folded header, from three sources.

    What is `said` now wins over the `config`, and that wins over what was said `before`.
    Only `said` may name a column by its place alone ("column3", "columnc").
    """

    said: Mapping[str, str] = {}
    config: Mapping[str, str] = {}
    before: Mapping[str, str] = {}

    def of(
        self,
        header: str,
        place: int,
        key: str = "",
        *,
        own: str = "",
        headers: Collection[str] = (),
    ) -> tuple[str, str] | None:
        """The target wanted for a column, and who wants it; `key`: by what it is known again.

        `own` is its part of a header of two rows.  A column that is called "column 3", as in
        a file of rejects, is meant before the third one: `headers` are all of them, folded.
        """
        by_name = [name for name in (fold_header(header), fold_header(own)) if name]
        for wanted, who, names in (
            (self.said, YOU, [*by_name, *(p for p in _places(place) if p not in headers)]),
            (self.config, CONFIG, by_name),
            (self.before, BEFORE, [fold_header(key), *by_name]),
        ):
            found = next((name for name in names if name in wanted), None)
            if found is not None:
                return wanted[found], who
        return None

    def names(self, header: str) -> bool:
        """Whether a wish names this header."""
        folded = fold_header(header)
        return any(folded in wanted for wanted in self)


NO_WISHES = Wishes()


def _places(place: int) -> tuple[str, str]:
    """Return the folded names of a column by its place, as on the command line."""
    return f"column{place + 1}", f"column{letter_of(place).casefold()}"


def _keys(
    folded: str, counted: Mapping[str, int], place: int, texts: Sequence[str]
) -> tuple[str, ...]:
    """Return what identifies a column: its header, or else its place and its first cell.

    A column without a header also has the name that rejects and exports give it.
    """
    if folded and counted[folded] == 1:
        return (folded,)
    by_cell = f"column {place + 1}: {' '.join(texts[0].split())[:KEY]}" if texts else ""
    return (by_cell,) if folded else (by_cell, f"column{place + 1}")


def lasting(columns: Iterable[Column]) -> Mapping[str, str]:
    """Return what the user said now about columns, to remember it: targets by key."""
    return {
        key: fields.NAMED_AS.get(str(c.target), str(c.target))
        for c in columns
        if c.how == YOU
        for key in c.keys
        if key
    }


def wishes(
    said: Mapping[str, str],
    config: Mapping[str, str] | None = None,
    before: Mapping[str, str] | None = None,
) -> Wishes:
    """Make wishes from targets by header."""
    return Wishes(*(_folded(given or {}) for given in (said, config, before)))


def _folded(given: Mapping[str, str]) -> Mapping[str, str]:
    return {fold_header(header): target for header, target in given.items()}


def understand(
    headers: Sequence[str],
    sample: Sequence[Sequence[str]],
    wanted: Wishes,
    name: str,
    *,
    own: Sequence[str] = (),
) -> tuple[Column, ...]:
    """Decide what each column of a file is; `sample` holds rows below the header.

    `own` is the lower row of a header of two, by whose names columns may be called, too.
    Raises ConfigError for a wish that fits no column.
    """
    parts = [part if found == 1 else "" for part, found in _counted(own)]
    parts += [""] * (len(headers) - len(parts))
    _refuse_unused([*headers, *filter(None, parts)], wanted, name)
    full = [row for row in sample if sum(map(bool, map(str.strip, row))) > 1]  # without titles
    claimed = claimed_by(headers)
    folded = [fold_header(header) for header in headers]
    counted = Counter(folded)
    texts_of = [_texts(sample, place) for place in range(len(headers))]
    columns = [
        _column(
            place,
            header,
            texts,
            wanted,
            claimed,
            _keys(folded[place], counted, place, texts),
            own=parts[place],
            headers=folded,
        )
        for place, (header, texts) in enumerate(zip(headers, texts_of, strict=True))
    ]
    columns = _without_false_codes(columns, texts_of)
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
    return tuple(_named_apart(_further(list(map(_directed, columns)))))


def _counted(parts: Sequence[str]) -> list[tuple[str, int]]:
    """Return each part with how often it is there."""
    counted = Counter(parts)
    return [(part, counted[part]) for part in parts]


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
    *,
    own: str = "",
    headers: Collection[str] = (),
) -> Column:
    wish = wanted.of(header, place, keys[0], own=own, headers=headers)
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


# Where a cross may be a tick.  If we took it for a no, we would write to a program that refused.
_CROSSED = frozenset({Status.REJECTED, Status.WITHDRAWN, fields.NO_CONTACT})


def _programs(sample: Sequence[Sequence[str]], columns: Sequence[Column]) -> int:
    """Count the rows with a name or, if no column has names, the rows that are not empty."""
    named = [c.place for c in columns if c.target in {"program", "institution"}]
    return sum(
        any(place < len(row) and row[place].strip() for place in named)
        if named
        else any(map(str.strip, row))
        for row in sample
    )


def _has_pairs(texts: Sequence[str]) -> bool:
    """Whether a column has both crosses and ticks, so that a cross means no."""
    return any(map(cells.is_cross, texts)) and any(map(cells.is_yes, texts))


def _is_crossed(column: Column, texts: Sequence[str], rows: int) -> bool:
    """Whether crosses mean yes in a column: it has no ticks, but it has blank cells."""
    if column.target not in _CROSSED or any(map(cells.is_yes, texts)):
        return False
    return any(map(cells.is_cross, texts)) and (rows == 1 or len(texts) < rows)


def _is_ticked(column: Column, texts: Sequence[str]) -> bool:
    """Whether a column is ticked, so that a blank cell means no."""
    return column.target == Status.APPLIED and any(cells.is_yes(t) or is_date(t) for t in texts)


def _as_code(meaning: Meaning, texts: Sequence[str]) -> tuple[str, str]:
    """Return the target and the kind of cells that decided; any code column may hold NRMP codes."""
    if meaning.target == "acgme_id" and texts and kinds.are(texts, "nrmp"):
        return "nrmp_code", kinds.CALLED["nrmp"]
    return meaning.target, kinds.CALLED.get(meaning.kind, "") if texts else ""


def _is_no_code(texts: Sequence[str]) -> bool:
    """Whether a column for codes only says yes and no: whether programs take part."""
    return all(kinds.is_mark(text) or cells.is_missing(text) for text in texts)


def _without_false_codes(
    columns: Sequence[Column], texts_of: Sequence[Sequence[str]]
) -> list[Column]:
    """Unset code columns that count 1, 2, 3 ..., or lack codes while another one has them."""
    codes = {
        column.place
        for column, texts in zip(columns, texts_of, strict=True)
        if column.target in fields.CODES and _holds_codes(texts)
    }
    right = {columns[place].target for place in codes}
    found = []
    for column, texts in zip(columns, texts_of, strict=True):
        by_name = column.target in fields.CODES and column.how not in BY_WISH
        if by_name and column.place not in codes and (column.target in right or _counts(texts)):
            column = column._replace(target=NUMBERS if _counts(texts) else None, how="")
        found.append(column)
    return found


def _holds_codes(texts: Sequence[str]) -> bool:
    return bool(texts) and any(kinds.are(texts, kind) for kind in ("acgme", "nrmp"))


def _counts(texts: Sequence[str]) -> bool:
    """Whether cells count from 1, or nearly so; a row may be left out."""
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) < 5]
    return (
        len(numbers) > 1
        and len(numbers) == len(texts)
        and numbers[0] <= 1
        and numbers == sorted(set(numbers))
        and numbers[-1] <= 2 * len(numbers)
    )


# How a column is called that counts its rows.
_COUNTERS = frozenset({"no", "nr", "num", "number", "row", "rows", "rownumber", "lfdnr", "lfd"})


def _numbers_rows(header: str, texts: Sequence[str]) -> bool:
    """Whether a column counts its rows, as an exported data frame does."""
    folded = fold_header(header)
    if folded and folded not in _COUNTERS and not folded.startswith(("unnamed", "index")):
        return False
    if len(texts) < 2 or not texts[0].isdecimal() or len(texts[0]) > 4:
        return False
    first = int(texts[0])
    return list(texts) == [str(first + n) for n in range(len(texts))]


def _with_role(column: Column, columns: Sequence[Column]) -> Column:
    """Beside a Role column, let Name and Email mean the person that the row is about."""
    target = CONTACT_HEADERS.get(fold_header(column.header))
    others = [c for c in columns if c.target == column.target and c is not column]
    if target is None or column.how in BY_WISH:
        return column
    if column.target == "program" and not others:
        return column
    return column._replace(target=target)


# Targets that a yes or a no has only below a header that tells its direction.
_DIRECTED: Mapping[str, frozenset[str]] = {
    "contact_policy": frozenset({fields.CONTACT_OK, fields.NO_CONTACT}),
    "step2_policy": frozenset({fields.WANTED, fields.TO_RANK}),
}


def _directed(column: Column) -> Column:
    """Let a header tell what a yes means, also in a column that the user named a policy."""
    wider = _DIRECTED.get(str(column.target))
    if wider is None:
        return column
    meant = next((m.target for m in meanings_of(column.header) if m.target in wider), None)
    return column if meant is None else column._replace(target=meant)


# Fields that further columns may add to: their targets, and whether such a column is one.
_FURTHER: Mapping[str, tuple[str, Callable[[Column], bool]]] = {
    "status": (fields.STATUS_TOO, lambda column: bool(column.how)),
    "notes": (fields.NOTES_TOO, lambda _column: True),
    "told_on": (fields.TOLD_TOO, lambda column: column.how in BY_WISH),
}


def _further(columns: Sequence[Column]) -> Sequence[Column]:
    """Turn all columns of a field but the first into further ones; what they say is combined.

    A column that has the name of the field comes first; two of those are an error elsewhere,
    unless they are notes.  A column that only the user calls notes is always a further one,
    because its header may be needed to understand its cells.
    """
    for target, (further, may_be) in _FURTHER.items():
        ours = [c for c in columns if c.target == target]
        first = next((c for c in ours if not may_be(c)), ours[0] if ours else None)
        if target == "notes":
            first = next((c for c in ours if target_of(c.header) == target), None)
        columns = [
            c._replace(target=further) if c.target == target and c is not first and may_be(c) else c
            for c in columns
        ]
    return columns


def _named_apart(columns: Iterable[Column]) -> Iterable[Column]:
    """Give unknown columns different names, even if two have the same header."""
    seen: set[str] = set()
    for column in columns:
        name = column.header
        if column.target is None and name and name in seen:
            name = f"{name} (column {column.place + 1})"
        seen.add(name)
        yield column._replace(header=name)


def letter_of(place: int) -> str:
    """Return the letters of a column in a spreadsheet.

    >>> letter_of(0), letter_of(27)
    ('A', 'AB')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
