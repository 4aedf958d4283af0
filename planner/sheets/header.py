"""The header of a table: where it stands, and what each column was taken for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from planner.errors import PlannerError
from planner.rules.controls import IN_CELL
from planner.sheets import fields, kinds
from planner.sheets.columns import BEFORE, Column, Wishes, letter_of, understand
from planner.sheets.headings import fold_header, target_of
from planner.sheets.parsers import cells
from planner.sheets.table import Row

# Columns that may be many: what they say is joined.
MANY = frozenset({fields.TIE, "connection", fields.STATUS_TOO, *fields.STAGES})


class Header(NamedTuple):
    """The header of a file: its line, its cells, its columns; the list begins below `last_line`.

    Where two rows make it, the cells are those of both, joined.
    """

    line: int
    cells: list[str]
    columns: tuple[Column, ...]
    last_line: int

    @property
    def unknown(self) -> tuple[Column, ...]:
        """Columns that nothing matched and that hold something; they are kept as extras."""
        return tuple(
            c
            for c in self.columns
            if c.target is None and (c.header or c.example) and not c.is_remark
        )

    @property
    def fields(self) -> set[str]:
        """The fields of which its columns speak."""
        taken = [c for c in self.columns if c.target and c.is_taken]
        return {name for c in taken for name in fields.gives(str(c.target))}

    def of(self, name: str) -> str:
        """The header of the column that gives a field; the name itself where none does."""
        return next((c.header for c in self.columns if c.target == name), name)


def looks_like_header(row: Sequence[str]) -> bool:
    """Whether a row has two headers that are known."""
    return sum(target_of(cell) is not None for cell in row) > 1


def read_header(ahead: Sequence[Row], wanted: Wishes, name: str) -> tuple[int, Header]:
    """Find the header in the first rows of a table; returns its place among them, and it.

    Raises PlannerError for a table without rows or without a column that is known,
    ConfigError for a wish that fits no column.
    """
    at = _place(ahead, wanted, name)
    line, row = ahead[at]
    headers = list(map(_text, row))
    if (joined := _with_below(headers, ahead, at)) is not None:
        headers, at = joined, at + 1
    elif (joined := _with_above(headers, ahead, at)) is not None:
        headers = joined
    sample = [cells_of for _, cells_of in ahead[at + 1 :]]
    columns = understand(headers, sample, wanted, name)
    _refuse_twins(columns, line, name)
    _refuse_nameless(columns, ahead[at], name)
    return at, Header(line, headers, columns, ahead[at][0])


# What stands in the second row of a header, under the name of a group.
_PARTS = frozenset(
    str.split(
        "name email e-mail mail phone first last firstname lastname date status city state id"
        " number notes title address website fax code time y/n done sent count total"
    )
)


def _with_below(headers: Sequence[str], ahead: Sequence[Row], at: int) -> list[str] | None:
    """A header of two rows, joined with the row below it; None where that is a program.

    Most of that row are headers, none is a fact, and some stand where this one has none.
    """
    if at + 1 >= len(ahead) or ahead[at + 1][0] != ahead[at][0] + 1:
        return None
    below = list(map(_text, ahead[at + 1][1]))
    parts = [text for text in below if text]
    spread = [place for place, text in enumerate(below) if text and not _at(headers, place)]
    known = sum(map(is_part, parts))
    if len(parts) < 2 or not spread or 2 * known <= len(parts) or any(map(_is_fact, parts)):
        return None
    under = [_at(below, place) for place, text in enumerate(headers) if target_of(text)]
    if not all(is_part(text) for text in under if text):
        return None  # the name of a program stands under "Program"
    return _joined(headers, below)


def _with_above(headers: Sequence[str], ahead: Sequence[Row], at: int) -> list[str] | None:
    """A header in which names come again, joined with the groups in the row above it."""
    if at == 0 or ahead[at - 1][0] != ahead[at][0] - 1:
        return None
    groups = list(map(_text, ahead[at - 1][1]))
    named = [target_of(text) or fold_header(text) for text in headers if text]
    if len(set(named)) == len(named) or sum(map(bool, groups)) < 2:
        return None
    return _joined(groups, headers)


# One of these tells which program a row is about.
_NAMING = frozenset({"program", "institution", *fields.CODES})


def _refuse_nameless(columns: Sequence[Column], row: Row, name: str) -> None:
    """Raise PlannerError where no column names the programs, nor gives their codes."""
    if any(column.target in _NAMING for column in columns):
        return
    line, texts = row
    shown = ", ".join(text.strip() for text in texts if text.strip())[:200]
    raise PlannerError(
        f"{name} has no column with the names of programs; line {line}, taken for its header,"
        f" reads: {shown}.",
        hint="Is that line a program? Put one above it that names the columns: Program, City ..."
        ' Else say which column names them: --map "Their Header=program".',
        code="no_program_column",
    )


def _is_fact(text: str) -> bool:
    """Whether a cell says something of a program, as no header does."""
    return kinds.is_mark(text) or any(kinds.KINDS[kind](text) for kind in (*_DATA, "dates"))


def is_part(text: str) -> bool:
    """Whether a text heads a column, by itself or under the name of a group."""
    return target_of(text) is not None or text.casefold().replace(" ", "") in _PARTS


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _joined(groups: Sequence[str], parts: Sequence[str]) -> list[str]:
    """Each part with the group that it stands under, where the two mean something together."""
    found, group = [], ""
    for place in range(max(len(groups), len(parts))):
        group, part = _at(groups, place) or group, _at(parts, place)
        if not part:
            found.append(_at(groups, place))
            group = _at(groups, place)
        else:
            both = f"{group} {part}".strip()
            found.append(both if target_of(both) is not None or target_of(part) is None else part)
    return found


def _place(ahead: Sequence[Row], wanted: Wishes, name: str) -> int:
    """Index of the first row with two known headers, else of the first with one."""
    filled = [any(map(str.strip, row)) for _, row in ahead]
    if not any(filled):
        raise PlannerError(f"{name} has no rows.", hint="Export it again.", code="empty_file")
    counts = [_known(row, wanted) for _, row in ahead]
    for least in (2, 1):
        for index, count in enumerate(counts):
            if count >= least:
                _refuse_data(ahead[index], name)
                if not any(filled[index + 1 :]):
                    raise PlannerError(
                        f"{name} has a header (line {ahead[index][0]}) and no rows below it.",
                        hint="Add a row for each program.",
                        code="only_header",
                    )
                return index
    line, row = ahead[filled.index(True)]
    shown = ", ".join(cell.strip() for cell in row if cell.strip())[:200]
    raise PlannerError(
        f"{name} has no column that planner knows; line {line} reads: {shown}.",
        hint='Name one with --map "Their Header=program"; planner import --columns lists what'
        " is known.",
        code="no_known_column",
    )


def _refuse_data(row: Row, name: str) -> None:
    """Raise PlannerError where what would be the header is a program already."""
    line, texts = row
    if any(kinds.KINDS[kind](cells.clean(text)) for text in texts for kind in _DATA):
        shown = ", ".join(text.strip() for text in texts if text.strip())[:200]
        raise PlannerError(
            f"{name} has no header: line {line} looks like a program ({shown}).",
            hint="Put a first line above the list that names its columns: Program, Specialty, City,"
            " PD, PD Email ...",
            code="no_header",
        )


_DATA = ("acgme", "nrmp", "addresses")


def _known(row: Sequence[str], wanted: Wishes) -> int:
    return sum(target_of(cell) is not None or wanted.names(cell) for cell in row)


def _text(cell: str) -> str:
    """A header on one line, without what nobody can see."""
    return " ".join(IN_CELL.sub("", cells.clean(cells.unshielded(cell))).split())


# Columns of two kinds that speak of one field.
_ONE_FIELD = {fields.NO_CONTACT: "contact_policy", fields.TO_RANK: "step2_policy"}


def _refuse_twins(columns: Sequence[Column], line: int, name: str) -> None:
    """Two columns for one field cannot both be right, where they are not joined.

    Raises PlannerError.
    """
    seen: dict[str, Column] = {}
    for column in columns:
        target = column.target
        if target is None or target in MANY or not column.is_taken:
            continue
        key = _ONE_FIELD.get(target, target)
        if key in seen:
            both = (seen[key], column)
            one, other = (f'"{c.header}" ({letter_of(c.place)})' for c in both)
            forget = "; or --forget-map" if any(c.how == BEFORE for c in both) else ""
            raise PlannerError(
                f"{name}, line {line}: two columns for {key}: {one} and {other}.",
                hint=f'Leave one out: --ignore "column {column.place + 1}"; or give it a field of'
                f' its own: --map "column {column.place + 1}=notes"{forget}.',
                code="two_columns",
            )
        seen[key] = column
