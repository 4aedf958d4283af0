"""Words beside a status that may reverse it, and that no other rule reads."""

from __future__ import annotations

import re

from planner.rules.case import OUT_OF_PLAY
from planner.rules.facts import Status
from planner.rules.objections import objections
from planner.sheets.parsers.cells import BadCellError

_GRAVE = re.compile(
    r"\b(?:filled(?! (?:out|in)\b)"
    r"|(?<!dates )(?<!invites )(?<!score )(?<!scores )(?<!were )(?<!offers )(?<!invitations )released"
    r"|left(?! (?:a|an|me|early|feeling|happy|impressed|with)\b)|closed|dead|expired|dropped"
    r"|removed)\b",
    re.IGNORECASE,
)


def refuse_unread(text: str, status: Status) -> None:
    """Raise BadCellError if a status in play is beside a word that may take it back.

    Objections in the text are read elsewhere, and hold the letter; this is for other words.
    """
    if status in OUT_OF_PLAY or objections(text):
        return
    if found := _GRAVE.search(text):
        raise BadCellError(
            "bad_status",
            f'expected a definite status; "{found[0]}" may take it back. Write rejected or'
            " withdrawn if you mean that, or else put the remark into Notes",
        )
