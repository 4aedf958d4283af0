"""Suggests a field for an unknown header by its name, but only if its cells fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from planner.sheets import fields, kinds
from planner.sheets.headings import HEADERS, fold_header, words_of
from planner.sheets.parsers import cells, people, places

NEAR = 80  # percent of similarity that a suggestion needs
SURE = 85  # percent that a stage needs whose cells are only ticks
BESIDE = 8  # percent by which a suggestion may be less similar than the nearest name
FITTING = 0.9  # of the filled cells: a user who follows a suggestion must not lose rows


def suggestion_for(
    header: str, texts: Iterable[str], is_specialty: Callable[[str], bool] = bool
) -> str | None:
    """Return the known field nearest to an unknown header whose cells fit it, or None.

    It is only shown, never applied.  `is_specialty` tells whether a text is a specialty.
    """
    from rapidfuzz import fuzz, process

    filled = [text for text in texts if not cells.is_missing(text)]
    near = process.extract(fold_header(header), HEADERS.keys(), scorer=fuzz.ratio, limit=5)
    least = max(NEAR, near[0][1] - BESIDE)
    for name, score, _ in near:
        target = HEADERS[name]
        if target == fields.REJECTED:
            continue
        if target == "specialty" and not all(map(is_specialty, filled)):
            continue
        if score < SURE and target in fields.STAGES and filled and kinds.are(filled, "marks"):
            continue  # "Reviewed?" is not "Interviewed?", and its ticks fit either
        if score >= least and fits(target, filled):
            return fields.NAMED_AS.get(target, target)
    return None


def by_cells(header: str, filled: Sequence[str], is_specialty: Callable[[str], bool]) -> str | None:
    """Return the field that cells clearly belong to, in spite of the header; None if unclear.

    >>> by_cells("Ort", ["Rochester, MN", "Utica, NY"], bool)
    'location'
    """
    if sum(map(kinds.is_place, filled)) >= len(filled) * FITTING:
        return fields.LOCATION
    texts = [text for text in filled if not cells.is_missing(text)]
    if texts and sum(map(is_specialty, texts)) >= len(texts) * FITTING:
        return "specialty"
    if texts and sum(map(kinds.KINDS["contacts"], texts)) >= len(texts) * FITTING:
        return fields.PEOPLE
    words = words_of(header)
    if texts and sum(map(_is_whole_name, texts)) >= len(texts) * FITTING:
        for target, said in _OF_PERSONS:
            if said.search(words):
                return target
    asks_why = _WHY.search(words) and not _WHY_NOT.search(words)
    if asks_why and texts and not any(map(_says_little, texts)) and fits("reason", texts):
        return "reason"
    about_interviews = not {"interview", "interviews", "iv", "gesprach", "entrevista"}.isdisjoint(
        words_of(header).split()
    )
    if about_interviews and fits("interview_date", texts):
        return "interview_date"
    if "step 2" in words_of(header) and texts and fits("step2_policy", texts):
        return "step2_policy"
    return None


# Words of a header whose cells are names of people.
_OF_PERSONS = (
    (fields.DIRECTOR, re.compile(r"\b(?:pd|program directors?)\b")),
    ("coordinator_name", re.compile(r"\b(?:pc|(?:program )?coordinators?)\b")),
)
# Words of a header that asks what the applicant likes there.
_WHY = re.compile(r"\bwhy\b|\bwhat (?:i (?:love|like)d?|draws me|drew me)\b")
_WHY_NOT = re.compile(r"\b(?:not|no|dont|dislike|reject\w*|declin\w*|withdr\w*|dropped|out)\b")


def _says_little(text: str) -> bool:
    """Whether a cell is a mark or a number, and no reason."""
    return kinds.is_mark(text) or not re.search(r"[^\W\d_]{2}", text)


def _is_whole_name(text: str) -> bool:
    """Whether a cell is plainly the first and last name of one person."""
    try:
        found = people.person(text)
    except cells.BadCellError:
        return False
    return bool(found.last) and not found.notes and (bool(found.first) or found.whole != text)


def fits(target: str, texts: Sequence[str]) -> bool:
    """Whether nearly all cells would be understood under a field.

    >>> fits("interview_date", ["TRUE", "FALSE"]), fits("interview_date", ["10/20"])
    (False, True)
    >>> fits("told_on", ["TRUE", "FALSE"])  # a bare yes there lacks its date
    False
    """
    field = fields.BY_NAME.get(target)
    of_text = field is not None and field.plain is not None
    if of_text and texts and kinds.are(texts, "marks"):
        return False
    suits = _SUITS.get(target) or (partial(_parses, field) if field else bool)
    return sum(map(suits, texts)) >= len(texts) * FITTING


def _parses(field: fields.Field, text: str) -> bool:
    try:
        field.parse(text)
    except cells.BadCellError:
        return False
    return True


def _names_someone(text: str) -> bool:
    try:
        return bool(people.person(text).last)
    except cells.BadCellError:
        return False


_ROLES = re.compile(r"\b(?:a?pds?|pcs?|director|coordinator|manager|chair|chief)\b", re.IGNORECASE)
# For fields whose parser needs more than the cell, or accepts more than belongs there.
_SUITS: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(fields.STAGES, kinds.KINDS["boxes"]),
    "status": kinds.KINDS["status"],
    fields.STATUS_TOO: kinds.KINDS["status"],
    "interview_date": kinds.KINDS["dates"],
    "told_on": lambda text: kinds.KINDS["dates"](text) or cells.is_no(text),
    "director_email": kinds.KINDS["addresses"],
    "coordinator_email": kinds.KINDS["addresses"],
    "step2_policy": kinds.KINDS["policy"],
    fields.LOCATION: lambda text: places.place(text) is not None,
    fields.DIRECTOR: _names_someone,
    **dict.fromkeys(("director_first_name", "director_last_name"), _names_someone),
    "coordinator_name": _names_someone,
    fields.PEOPLE: kinds.KINDS["contacts"],
    fields.ROLE: lambda text: bool(_ROLES.search(text)),
    fields.TIE: lambda text: not kinds.KINDS["dates"](text),
    fields.NO_CONTACT: kinds.KINDS["marks"],
    fields.CONTACT_OK: kinds.KINDS["marks"],
    fields.WANTED: kinds.KINDS["policy"],
    fields.TO_RANK: kinds.KINDS["policy"],
    fields.GOLD: kinds.KINDS["marks"],
    fields.SILVER: kinds.KINDS["marks"],
}
