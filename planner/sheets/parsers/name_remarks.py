"""Finds remarks that stand in the name of a program: "Elm Hospital (rejected)", "Oak - told 11/3".

Only what is a status, or speaks against a letter, counts; other brackets and parts belong to names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.rules.facts import Status
from planner.rules.objections import noted
from planner.sheets.parsers import cells
from planner.sheets.parsers.cells import BadCellError, Noted
from planner.sheets.parsers.dates import ANYWHERE as DATE
from planner.sheets.parsers.status import read_status

BESIDE_NAME = "beside_name"
LONGEST = 60  # characters of a remark
# In front of a dash stands the name more often, so a remark there says its status and nothing else.
_BEFORE = re.compile(r"[(\[]?(?P<remark>[\w/' ]{2,25})(?:[)\]:]+|\s[-–—])\s+(?P<name>.+)")
# Where a remark may be: in brackets or behind a dash at the end, or before the name.
_WAYS = (
    re.compile(r"(?P<name>.*\S)\s*[(\[](?P<remark>[^()\[\]]+)[)\]]\W*"),
    re.compile(r"(?P<name>.*\S)\s(?:[-–—]+>?|[→|/])\s*(?P<remark>[^–—→|]+)"),
    _BEFORE,
    re.compile(
        r"(?P<remark>REJECTED|REJ|WITHDREW|WITHDRAWN|DECLINED|WAITLISTED|DNC)\s+(?P<name>.+)"
    ),
)
# What every text with such a remark has; the words are at the beginning of a line.
_MARKS = ("(", "[", "→", "|", " - ", " – ", " — ", " /", ": ", " -> ")
_WORDS = ("\nREJ", "\nWITHD", "\nDECL", "\nWAITL", "\nDNC")
# What is a numeral or a part of a name more often than a status.
_OF_NAMES = re.compile(
    r"i{1,3}|iv|i/?v|int|active|reserves?|hold|complete|open|silent|review|offer|sent|received|alt"
)
# A letter that may stand for a status, or for the west.
_LETTERS = {"R": "rejected", "W": "withdrawn"}


def program_name(text: str) -> str | Noted:
    """Clean the name of a program, and take off a remark that is a status or against a letter.

    >>> program_name("Elm Hospital (rejected)").value, program_name("Elm Hospital (North)")
    ('Elm Hospital', 'Elm Hospital (North)')
    >>> program_name("Elm Hospital - told 11/3").remark
    'told 11/3'
    """
    found = cells.program_name(text)
    name = str(found.value) if isinstance(found, Noted) else found
    return (_remarked(name) if _may_have(name) else None) or found


def _may_have(text: str) -> bool:
    line = f"\n{text}"
    return any(mark in text for mark in _MARKS) or any(word in line for word in _WORDS)


def _remarked(name: str) -> Noted | None:
    for way in _WAYS:
        if (found := way.fullmatch(name)) is None:
            continue
        remark = found["remark"].strip()
        if remark in _LETTERS:
            return Noted(name, BESIDE_NAME, f"{remark} ({_LETTERS[remark]}?)")
        if len(remark) <= LONGEST and _matters(remark, alone=way is _BEFORE):
            return Noted(found["name"].strip(" -–—:"), BESIDE_NAME, remark)
    return None


def _matters(remark: str, *, alone: bool) -> bool:
    if _OF_NAMES.fullmatch(remark.casefold()):
        return False
    try:
        said = read_status(DATE.sub("", remark) if alone else remark)
        return said.status is not Status.APPLIED and (said.exact or not alone)
    except BadCellError:
        return bool(noted(remark))


def plain_program_names(texts: Sequence[str]) -> bool:
    """Whether `program_name` would return all of these texts unchanged."""
    if not cells.plain_program_names(texts):
        return False
    may_have = filter(_may_have, texts) if _may_have("\n".join(texts)) else ()
    return not any(map(_remarked, may_have))
