"""Decides whose addresses are in a column that is only called "Email", and whose the names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from planner.rules.specialties import fold
from planner.sheets import fields
from planner.sheets.columns import BY_WISH, Column
from planner.sheets.headings import fold_header, words_of
from planner.sheets.parsers import cells, people
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.contacts import is_doctor

CELLS = "whose name it is"  # what decided, in the words of the report
_NOBODYS = frozenset(
    map(
        fold_header,
        ("Email", "E-mail", "Mail", "Email Address", "E-Mail-Adresse", "Mailadresse", "Correo")
        + ("Correo electrónico", "Courriel", "Adresse e-mail", "Adresse mail"),
    )
)
_DIRECTOR = frozenset({fields.DIRECTOR, "director_first_name", "director_last_name"})
_NAMES = _DIRECTOR | {"coordinator_name"}
ENOUGH = 0.5  # share of addresses that must be made of the director's name
DOCTORS = 0.8  # share of contacts with a doctor's title that are probably directors
BEHIND = 0.2  # the same, if the column directly follows the director's name


def settled(columns: Sequence[Column], sample: Sequence[Sequence[str]]) -> list[Column]:
    """Return the columns, with the director's addresses assigned to the director.

    A column is the director's if most of its addresses are made of the director's name, or
    if some are and it directly follows the name.
    """
    has_director = any(column.target == "director_email" for column in columns)
    found = []
    for column in columns:
        if not has_director and _is_directors(column, columns, sample):
            column, has_director = column._replace(target="director_email", how=CELLS), True
        found.append(column)
    return found


def _is_directors(
    column: Column, columns: Sequence[Column], sample: Sequence[Sequence[str]]
) -> bool:
    if column.target != "coordinator_email" or column.how in BY_WISH:
        return False
    if fold_header(column.header) not in _NOBODYS:
        return False
    names = [c for c in columns if c.target in _NAMES]
    before = max((c for c in names if c.place < column.place), default=None, key=_place)
    behind = before is not None and before.target in _DIRECTOR and _follows(before, column, columns)
    last = [c for c in names if c.target in {fields.DIRECTOR, "director_last_name"}]
    if not last:
        return False
    beside = list(_beside(sample, last[0].place, column.place))
    theirs = sum(_is_made_of(address, name) for name, address in beside)
    others = any(c is not column and c.target == column.target for c in columns)
    if behind and (others or not beside):
        return True
    return bool(beside) and theirs >= len(beside) * (BEHIND if behind else ENOUGH)


# Columns that give the director, or say whose a contact is.
_SAY_WHO = _DIRECTOR | {"director_email", fields.PEOPLE, fields.ROLE}
_COORDINATOR = re.compile(r"coord|\bpcs?\b|manager|admin|assistant", re.IGNORECASE)


def probable_directors(
    columns: Sequence[Column], sample: Sequence[Sequence[str]]
) -> dict[int, tuple[Column, str]]:
    """Return columns of contacts who are probably directors: (column, field) by place.

    That is so where no column is for the director, and nearly all contacts are doctors.
    """
    if any(column.target in _SAY_WHO for column in columns):
        return {}
    wanted = {"coordinator_name": fields.DIRECTOR, "coordinator_email": "director_email"}
    found = {
        c.place: (c, wanted[c.target])
        for c in columns
        if c.target in wanted
        and c.how not in BY_WISH
        and not _COORDINATOR.search(words_of(c.header))
    }
    names = [place for place, (c, _) in found.items() if c.target == "coordinator_name"]
    if not names:
        return {}
    cells_of = [row[names[0]].strip() for row in sample if names[0] < len(row)]
    filled = [text for text in cells_of if text and not cells.is_missing(text)]
    doctors = sum(map(is_doctor, filled))
    return found if filled and doctors >= len(filled) * DOCTORS else {}


def _place(column: Column) -> int:
    return column.place


def _follows(one: Column, other: Column, columns: Sequence[Column]) -> bool:
    """Whether only columns without a header are between two."""
    return not any(c.header for c in columns if one.place < c.place < other.place)


def _beside(sample: Sequence[Sequence[str]], name: int, address: int) -> Iterator[tuple[str, str]]:
    """Yield the last name and the address of each row that has both."""
    for row in sample:
        if max(name, address) < len(row) and "@" in row[address]:
            try:
                last = people.person(cells.clean_cell(row[name])).last
            except BadCellError:
                continue
            if last:
                yield last, row[address]


def _is_made_of(address: str, last: str) -> bool:
    """Whether the address contains a part of the last name before the @.

    >>> _is_made_of("jgomezhall@elm.example", "Gómez-Hall"), _is_made_of("gme@elm.example", "Gil")
    (True, False)
    """
    user = fold(cells.clean_cell(address).partition("@")[0])
    parts = [fold(last), *(fold(part) for part in last.replace("-", " ").split())]
    return any(part in user for part in parts if len(part) > 1)
