"""Headers of two rows: names of groups, and below them the parts of each group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from planner.rules.controls import IN_CELL
from planner.sheets import kinds
from planner.sheets.beside import is_of_legend
from planner.sheets.headings import fold_header, target_of
from planner.sheets.parsers import cells
from planner.sheets.table import Row

DATA = ("acgme", "nrmp", "addresses")  # kinds of cells that no header has
# Words in the second row of a header, below the name of a group.
_PARTS = frozenset(
    str.split(
        "name email e-mail mail phone first last firstname lastname date status city state id"
        " number notes title address website fax code time y/n done sent count total"
        " datum fecha data correo courriel ort stadt ciudad ville cidade nombre nom nome vorname"
        " nachname apellido prénom estado statut stand"
    )
)


_NAMING = frozenset({"program", "institution"})


class TwoRows(NamedTuple):
    """A header of two rows: the joined names, and those of the lower row alone."""

    headers: list[str]
    own: Sequence[str]


def with_below(headers: Sequence[str], ahead: Sequence[Row], at: int) -> TwoRows | None:
    """Join a header with a second header row below it; None if that row is a program.

    Most cells of the second row are headers, none is a fact, and some fill gaps of the first.
    """
    if at + 1 >= len(ahead) or ahead[at + 1][0] != ahead[at][0] + 1:
        return None
    below = list(map(header_text, ahead[at + 1][1]))
    parts = [text for text in below if text]
    spread = [place for place, text in enumerate(below) if text and not text_at(headers, place)]
    known = sum(map(is_part, parts))
    if len(parts) < 2 or not spread or 2 * known <= len(parts) or any(map(_is_fact, parts)):
        return None
    under = [text_at(below, place) for place, text in enumerate(headers) if target_of(text)]
    if not all(is_part(text) for text in under if text):
        return None  # below "Program" is the name of a program
    return TwoRows(_joined(headers, below), below)


def with_above(headers: Sequence[str], ahead: Sequence[Row], at: int) -> TwoRows | None:
    """Join a header that repeats names with the groups above it; None if it is a single row."""
    if at == 0 or ahead[at - 1][0] != ahead[at][0] - 1:
        return None
    groups = list(map(header_text, ahead[at - 1][1]))
    named = [target_of(text) or fold_header(text) for text in headers if text]
    if len(set(named)) == len(named) or sum(map(bool, groups)) < 2:
        return None
    if any(map(is_of_legend, groups)):
        return None
    return TwoRows(_joined(groups, headers), headers)


def _is_fact(text: str) -> bool:
    """Whether a cell is a fact about a program, and so not a header."""
    return kinds.is_mark(text) or any(kinds.KINDS[kind](text) for kind in (*DATA, "dates"))


def is_part(text: str) -> bool:
    """Whether a text can head a column, alone or below the name of a group."""
    return target_of(text) is not None or text.casefold().replace(" ", "") in _PARTS


def header_text(cell: str) -> str:
    """Return a header on one line, without invisible characters."""
    return " ".join(IN_CELL.sub("", cells.clean_cell(cells.unshielded(cell))).split())


def text_at(texts: Sequence[str], place: int) -> str:
    """Return the text at a place of a row; "" beyond its end."""
    return texts[place] if place < len(texts) else ""


def _says_enough(group: str, part: str) -> bool:
    """Whether a part needs no group to be understood, or is not understood with it either."""
    if part.casefold().replace(" ", "") in _PARTS:
        return False
    return target_of(part) is not None or target_of(f"{group} {part}") is None


def _joined(groups: Sequence[str], parts: Sequence[str]) -> list[str]:
    """Join each part with the group above it, if the two together have a meaning."""
    found: list[str] = []
    below: dict[int, str] = {}
    group = ""
    folded = [target_of(part) or fold_header(part) for part in parts]
    for place in range(max(len(groups), len(parts))):
        group, part = text_at(groups, place) or group, text_at(parts, place)
        if not part:
            found.append(text_at(groups, place))
            group = text_at(groups, place)
        elif fold_header(group) == fold_header(part):
            found.append(part)  # one cell, merged over both rows
        elif folded.count(folded[place]) == 1 and _says_enough(group, part):
            found.append(part)
        else:
            both = f"{group} {part}".strip()
            found.append(both if target_of(both) is not None or target_of(part) is None else part)
            below[place] = both
    return _named_once(found, below)


def _named_once(headers: list[str], below: Mapping[int, str]) -> list[str]:
    """Let only one column name the programs; `below`: names with their group, by place.

    A person's "Name" below a group that is not known is nobody's program.
    """
    named = [place for place, text in enumerate(headers) if target_of(text) in _NAMING]
    sure = [place for place in named if below.get(place, headers[place]) == headers[place]]
    kept = {*sure, *(named[:1] if not sure else ())}
    return [below[n] if n in named and n not in kept else text for n, text in enumerate(headers)]
