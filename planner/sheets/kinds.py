"""The kinds of cells in a column, which decide what an ambiguous header means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from planner.rules.facts import Step2Policy
from planner.rules.places import letters_of
from planner.sheets.parsers import cells, codes, places, vocabulary
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.contacts import is_contact, is_labeled
from planner.sheets.parsers.dates import is_date, is_told
from planner.sheets.parsers.status import is_status

ENOUGH = 0.5  # of the filled cells


def is_mark(text: str) -> bool:
    """Whether a cell is a check mark or an empty box, a yes or a no.

    >>> is_mark("✔️"), is_mark("no"), is_mark("1")
    (True, True, False)
    """
    return text.casefold().replace("\ufe0f", "") in cells.MARKS


def is_box(text: str) -> bool:
    """Whether a cell says yes or no to a stage: a mark, 1 or 0, a date, or a yes with a remark."""
    return (
        cells.is_yes(text) or cells.is_no(text) or cells.remarked(text) is not None or is_date(text)
    )


def _takes(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def taken(text: str) -> bool:
        try:
            parse(text)
        except BadCellError:
            return False
        return True

    return taken


_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}", re.IGNORECASE)
_takes_policy = _takes(vocabulary.step2_policy)


def _is_policy(text: str) -> bool:
    return _takes_policy(text) or cells.fold_word(text) in {*Step2Policy}


_BRACKETS = re.compile(r"\([^()]*\)|\[[^\][]*\]")


def is_place(text: str) -> bool:
    """Whether a cell names a city and its state."""
    try:
        found = places.place(text)
    except BadCellError:
        return False
    return found is not None and all(found)


KINDS: Mapping[str, Callable[[str], bool]] = {
    "status": is_status,
    "marks": is_mark,
    "boxes": is_box,
    "dates": lambda text: is_date(_BRACKETS.sub(" ", text)),
    "told": lambda text: is_box(text) or is_told(text),
    "addresses": lambda text: _ADDRESS.search(text) is not None,
    "contacts": lambda text: is_contact(text) or is_labeled(text),
    "acgme": lambda text: re.fullmatch(r"0?\d{9,10}(\.0)?", codes.clean_code(text)) is not None,
    "nrmp": lambda text: codes.NRMP_SHAPE.fullmatch(codes.clean_code(text)) is not None,
    "policy": _is_policy,
    "service": _takes(vocabulary.service),
    "places": is_place,
    "states": lambda text: letters_of(text) != "",
    # "Last contact" may be a name, or a day.
    "names": lambda text: not is_box(text) and not is_told(text),
}
# What the report calls such cells.
CALLED: Mapping[str, str] = {
    "status": "status words",
    "marks": "check marks",
    "boxes": "check marks or dates",
    "dates": "dates",
    "told": "check marks or dates",
    "addresses": "addresses",
    "contacts": "names and addresses",
    "acgme": "10-digit IDs",
    "nrmp": "NRMP codes",
    "policy": "policy words",
    "service": "services",
    "places": "cities and states",
    "states": "states",
    "days first": "dates with the day first",
}


def are(texts: Sequence[str], kind: str) -> bool:
    """Whether at least half of the filled cells are of a kind; an empty column is of any kind.

    >>> are(["Rejected", "", "Dayton"], "status"), are(["Troy", "Dayton"], "status")
    (True, False)
    """
    filled = [text for text in texts if not cells.is_missing(text)]
    return sum(map(KINDS[kind], filled)) >= len(filled) * ENOUGH


def are_statuses(texts: Sequence[str], header: str) -> bool:
    """Whether the cells below a header that may be a status are status words, or marks."""
    filled = [text for text in texts if not cells.is_missing(text)]
    found = sum(is_status(text, header) or is_mark(text) for text in filled)
    return found >= len(filled) * ENOUGH
