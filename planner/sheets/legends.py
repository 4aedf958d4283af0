"""Legends: what a list says that a color, or another look, of its rows means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from planner.rules.case import OUT_OF_PLAY
from planner.rules.objections import noted
from planner.sheets.colors import ABROAD
from planner.sheets.parsers.cells import BadCellError, clean_cell
from planner.sheets.parsers.status import read_status

_COLOR = (
    r"(?:(?:light|dark|pale|bright) )?(?:green|yellow|red|blue|orange|pink|purple|gr[ae]y|white|black"
    r"|brown|teal|bold|strike\w*|struck\b[\w -]{0,9}|crossed out|italics?)"
)
_ROWS = r"(?:rows?|cells?|ones|fill|background|text|highlight\w*|programs?)"
_LOOK = rf"{_COLOR}(?: {_ROWS})?"
_MEANS = r"\s*(?:=+>?|-+>|[:–—→]|\s-\s|\b(?:means?|stands? for)\b)\s*"
# Names of colors in other languages begin a part, because some are names of places, too.
_ABROAD = "|".join((*ABROAD, "grün", "grüne", "durchgestrichen", "tachado", "barré", "riscado"))
_WAYS = tuple(
    re.compile(way, re.IGNORECASE)
    for way in (
        rf"\b(?P<look>{_LOOK})\s*(?:{_MEANS}|\s+(?=\())(?P<means>.+)",
        rf"\b(?P<look>{_COLOR}) {_ROWS}\s+(?:is|are|were|have)\b(?P<means>.+)",
        rf"\b{_ROWS} in (?P<look>{_COLOR})\s+(?:is|are|were|have)\b(?P<means>.+)",
        rf"(?P<means>.+?)\s*(?:=+|[:→]|\(|\bin\b)\s*(?P<look>{_LOOK})\)?$",
        rf"^\s*(?:\w+:\s*)?(?P<look>{_ABROAD})\s*(?:=+>?|-+>|[:→])\s*(?P<means>.+)",
    )
)
_ALONE = re.compile(_LOOK, re.IGNORECASE)
_APART = re.compile(r"[;,|\n/]|\s+(?:and|&)\s+")
_UNREAD = re.compile(r"bold|italic", re.IGNORECASE)
LONGEST = 200  # characters of a cell of a legend
# What only sorts a list, and is no reason to write or not.
_SORTS = re.compile(
    r"\b(?:dream|reach|target|safet(?:y|ies)|backup|likely|maybe|favou?rites?|top|love|priority"
    r"|signal\w*|gold|silver|home|geo\w*|away|tier|region\w*|high|medium|low|good|great)\b",
    re.IGNORECASE,
)


def legend_in(texts: Iterable[str]) -> Iterator[str]:
    """Yield each part of a legend in some cells, which says what a look means.

    >>> list(legend_in(["Legend:", "green = interview, red = rejected", "Rejected (red)"]))
    ['green = interview', 'red = rejected', 'Rejected (red)']
    """
    for text in texts:
        if len(text) <= LONGEST:
            yield from filter(_meaning, map(clean_cell, _APART.split(text)))


def legend_of_row(texts: Sequence[str]) -> Iterator[str]:
    """Yield the parts of a legend in a row, where a color and its meaning may have two cells.

    >>> list(legend_of_row(["Red", "rejected"]))
    ['Red = rejected']
    """
    pairs = (
        f"{one.strip()} = {other.strip()}"
        for one, other in pairwise(texts)
        if is_look(one) and other.strip()
    )
    yield from legend_in([*texts, *pairs])


def _meaning(part: str) -> str:
    """Return what a look means according to a part of a legend; "" for any other text."""
    found = _found(part)
    return found["means"].strip(" ()[].\"'") if found else ""


def _found(part: str) -> re.Match[str] | None:
    return next(filter(None, (way.search(part) for way in _WAYS)), None)


def explains_a_look(text: str) -> bool:
    """Whether a text says what a color means, so that it is no title of the rows below it.

    >>> explains_a_look("Psych 2027. Red = rejected"), explains_a_look("Rejected (12)")
    (True, False)
    """
    return any(True for _ in legend_in([text]))


def look_in(part: str) -> str:
    """Return the name of the look that a part of a legend explains."""
    found = _found(part)
    return found["look"] if found else ""


def is_against(part: str) -> bool:
    """Whether a look means that a program is out of play, or is not to be written to.

    >>> is_against("red = rejected"), is_against("gray: do not email"), is_against("red = meh")
    (True, True, False)
    """
    means = _meaning(part)
    try:
        return read_status(means).status in OUT_OF_PLAY
    except BadCellError:
        return bool(noted(means))


# How the first cell of a legend may begin.
BEGINS = frozenset(
    word[:4]
    for word in str.split(
        "green yellow blue orange pink purple gray grey bold strike struck crossed"
    )
) | {"red ", "red:", "red=", "red-", "red", "ligh", "dark", "colo", "high"}


def is_look(text: str) -> bool:
    """Whether a cell is the name of a color or another look, and nothing else."""
    return _ALONE.fullmatch(text.strip()) is not None


def is_unread(part: str) -> bool:
    """Whether a legend speaks of a look that is not read from any file."""
    return _UNREAD.search(part) is not None


def only_sorts(part: str) -> bool:
    """Whether what a look means cannot be a reason not to write.

    >>> only_sorts("green = interview"), only_sorts("blue = dream"), only_sorts("red = nope")
    (True, True, False)
    """
    means = _meaning(part)
    if noted(means):
        return False
    try:
        return read_status(means).status not in OUT_OF_PLAY
    except BadCellError:
        return _SORTS.search(means) is not None
