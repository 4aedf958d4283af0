"""The valid shape of each value of a stored letter; any other was not written by planner.

A database can be edited with other programs, and a file can be damaged.  An invalid value
holds back its own letter, with the value's name, and stops nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from planner.rules.facts import LetterKind, OccasionKind
from planner.rules.states import LetterState

Look = Callable[[Any], bool]

# RFC 5322 section 3.3, as `email` writes it; section 3.6.4 without the obsolete forms.
DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r" \d{4} \d\d:\d\d:\d\d [+-]\d{4}",
    re.ASCII,
)
MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
HUGE = 1 << 62  # no real count comes near it, and adding one still fits
KEPT = object()  # stands for the invalid value itself


class Shape(NamedTuple):
    """A check for valid values, and what to read instead of an invalid one."""

    look: Look
    otherwise: Any


def _is(kind: type) -> Look:
    return lambda value: isinstance(value, kind)


def _if_any(look: Look) -> Look:
    return lambda value: value is None or look(value)


def _is_flag(value: Any) -> bool:
    return value is True or value is False


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value < HUGE


def _is_moment(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _are_texts(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(text, str) for text in value)


def _are_recipients(value: Any) -> bool:
    return bool(value) and _are_texts(value)


def _has_texts(value: Any) -> bool:
    # By exact type, all at once: every fact of every letter that is read comes by here.
    return isinstance(value, dict) and {str}.issuperset(map(type, chain(value, value.values())))


def _are_findings(value: Any) -> bool:
    return isinstance(value, list) and all(
        _has_texts(found) and {"code", "severity", "text"} <= found.keys() for found in value
    )


def _are_overrides(value: Any) -> bool:
    # An edit by an older version left an empty table.
    return value == {} or (isinstance(value, list) and all(map(_has_texts, value)))


def _fits(pattern: re.Pattern[str]) -> Look:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


TEXT = Shape(_is(str), "")
MAYBE_TEXT = Shape(_if_any(_is(str)), None)
MOMENT = Shape(_if_any(_is_moment), None)

# Columns of the table of letters, by name, and those of its program.
SHAPES: Mapping[str, Shape] = {
    "program": TEXT,
    "acgme_id": TEXT,
    "letter": Shape(_is(LetterKind), LetterKind.STRONG_SCORE),
    "picked": Shape(_is(LetterKind), LetterKind.STRONG_SCORE),
    "rule": TEXT,
    # A letter in an invalid state may have left.
    "state": Shape(_is(LetterState), LetterState.UNKNOWN),
    "occasion": Shape(_is(OccasionKind), OccasionKind.RESULT),
    "season": Shape(_is_number, 0),
    "attempt": Shape(_is_number, 0),
    "subject": TEXT,
    "body": TEXT,
    "sender": TEXT,
    "to": Shape(_are_recipients, ("",)),
    "cc": Shape(_are_texts, ()),
    "facts": Shape(_has_texts, {}),
    "chosen": Shape(_is_flag, False),
    "edited": Shape(_is_flag, True),  # so that no text is overwritten
    "stale": Shape(_is_flag, False),
    "undecided": Shape(_is_flag, False),
    "findings": Shape(_are_findings, []),
    "overrides": Shape(_are_overrides, []),
    "content_digest": TEXT,
    "shown_digest": MAYBE_TEXT,
    "digest": MAYBE_TEXT,
    "message_id": Shape(_if_any(_fits(MESSAGE_ID)), None),
    "in_reply_to": MAYBE_TEXT,
    "account": MAYBE_TEXT,
    "approved_at": MOMENT,
    "date_header": Shape(_if_any(_fits(DATE)), None),
    "token": Shape(_is_number, KEPT),  # or no guarded move would find the row
    "attempts": Shape(_is_number, 0),
    "first_attempt_at": MOMENT,
    "next_attempt_at": MOMENT,
    "sent_at": MOMENT,
    "last_reply": MAYBE_TEXT,
    "held_because": MAYBE_TEXT,
}
# What voiding an approval overwrites, because nothing else of the letter depends on it.
MENDED: Mapping[str, Any] = {
    **{
        name: shape.otherwise
        for name, shape in SHAPES.items()
        if name not in {"program", "acgme_id", "state", "occasion", "season", "attempt"}
    },
    "token": 0,
}
# What a reviewer is shown, and what the text depends on; it must be rendered or read again.
SHOWN = frozenset({"letter", "subject", "body", "sender", "to", "cc", "facts", "edited"})
