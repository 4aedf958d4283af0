"""A block next to the list: a legend or a tally at its right, behind an empty column.

It is left out only where it says what it is, by its title or by the shape of its rows, and
few rows have cells there.  Anything else at the right is a column like any other: it may
hold the remark that keeps a letter from being written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from planner.sheets.headings import target_of
from planner.sheets.parsers import cells
from planner.sheets.table import Row

ABOVE = 3  # rows above the header in which the title of a block may stand
MOST = 20  # rows of a block

_TITLE = re.compile(
    r"(?:my )?(?:legend|key|colou?rs?|colou?r[ -]?(?:code|coding|key|legend)s?|codes?|abbreviations?"
    r"|stat(?:istic)?s|summary|(?:sub)?totals?|counts?|tally|tallies|numbers|glossary|dashboard"
    r"|deadlines|(?:important|key) dates|reminders?|to[ -]?dos?(?: list)?)\s*(?:\(.*\))?\s*[:.]?",
    re.IGNORECASE,
)
_COLOUR = re.compile(
    r"(?:light |dark )?(?:green|yellow|red|blue|orange|pink|purple|gr[ae]y|white|bold|strike\w*"
    r"|italics?)\s*[=:–-]",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d.,]+\s*%?")
# A block as its rows: what stands in each, by place.
_Block = Mapping[int, Mapping[int, str]]


def first_beside(ahead: Sequence[Row], at: int) -> int | None:
    """The first column of the block beside a list whose header is row `at`; None without one.

    >>> legend = ["", "Legend", "", "green = interview", ""]
    >>> rows = [["Program", "City"], ["Elm", "Troy"], ["Oak", "Ames"], ["Fir", "York"], ["Ash", ""]]
    >>> first_beside([(n, [*row, "", legend[n]]) for n, row in enumerate(rows)], 0) is None
    False
    """
    rows = {n: _filled(row) for n, (_, row) in enumerate(ahead) if n >= at - ABOVE}
    listed = {n: row for n, row in rows.items() if n >= at}
    for last, first in _gaps(listed):
        block = {n: beside for n, row in rows.items() if (beside := _from(row, first))}
        if any(target_of(text) is not None for text in _from(rows[at], first).values()):
            continue  # it is a column of the list
        programs = sum(min(row, default=first) <= last for n, row in rows.items() if n > at)
        if len(block) <= min(MOST, programs // 2) and _is_no_column(block, at):
            return first
    return None


def is_of_legend(text: str) -> bool:
    """Whether a text belongs to a legend: its title, or what a color stands for.

    >>> is_of_legend("red = rejected"), is_of_legend("Legend:"), is_of_legend("STAGES")
    (True, True, False)
    """
    return bool(_COLOUR.match(text) or _TITLE.fullmatch(text))


def _filled(row: Sequence[str]) -> dict[int, str]:
    return {place: text for place, cell in enumerate(row) if (text := cells.clean_cell(cell))}


def _from(row: Mapping[int, str], first: int) -> dict[int, str]:
    return {place: text for place, text in row.items() if place >= first}


def _gaps(rows: _Block) -> Iterator[tuple[int, int]]:
    """Pairs of filled columns with nothing but empty ones between them."""
    places = sorted({place for row in rows.values() for place in row})
    return ((left, right) for left, right in pairwise(places) if right > left + 1)


def _is_no_column(block: _Block, at: int) -> bool:
    """Whether a block says that it is one: by its title, by its colors, or by counting."""
    texts = [text for row in block.values() for text in row.values()]
    if _TITLE.fullmatch(texts[0]) or sum(map(bool, map(_COLOUR.match, texts))) * 2 > len(texts):
        return True
    counted = [[*row.values()] for row in block.values()]
    return (
        at not in block
        and len(counted) > 1
        and all(len(row) == 2 and _NUMBER.fullmatch(row[1]) for row in counted)
    )
