"""A block next to the list: a legend or a tally to its right, after an empty column.

It is left out only if its title or the shape of its rows shows what it is, and few rows have
cells there.  Anything else to the right is a column like any other, because it may hold a
remark that must stop a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from planner.sheets.headings import target_of
from planner.sheets.parsers import cells
from planner.sheets.table import Row

ABOVE = 3  # rows above the header that may hold the title of a block
MOST = 20  # rows in a block

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
# The rows of a block by number, each with its cells by column.
_Block = Mapping[int, Mapping[int, str]]


def first_beside(ahead: Sequence[Row], at: int) -> int | None:
    """Find the first column of a block beside a list whose header is row `at`; None without one.

    >>> legend = ["", "Legend", "", "green = interview", ""]
    >>> rows = [["Program", "City"], ["Elm", "Troy"], ["Oak", "Ames"], ["Fir", "York"], ["Ash", ""]]
    >>> first_beside([(n, [*row, "", legend[n]]) for n, row in enumerate(rows)], 0)
    3
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
    """Yield pairs of filled columns with only empty ones between them, and at least one."""
    places = sorted({place for row in rows.values() for place in row})
    return ((left, right) for left, right in pairwise(places) if right > left + 1)


def _is_no_column(block: _Block, at: int) -> bool:
    """Whether a block is a legend or a tally, by its title, its colors, or its counts."""
    texts = [text for row in block.values() for text in row.values()]
    if _TITLE.fullmatch(texts[0]) or sum(map(bool, map(_COLOUR.match, texts))) * 2 > len(texts):
        return True
    counted = [[*row.values()] for row in block.values()]
    return (
        at not in block
        and len(counted) > 1
        and all(len(row) == 2 and _NUMBER.fullmatch(row[1]) for row in counted)
    )
