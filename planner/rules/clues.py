"""Texts that a pattern cannot match without, so that most patterns need not be tried.

`clues_of("i (?:will|shall) rank(?:ing)? you")` is {" rank"}: a text without it need not be
searched.  `clues_of("(?:gold|silver) x?")` is {"gold", "silver"}.
"""

from __future__ import annotations

import re

# A token of a pattern: a group's start, an alternative, a group's end, a class, a letter.
_TOKEN = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<open>\((?:\?:|\?P<\w+>)?)|(?P<or>\|)|(?P<close>\))"
    r"|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\]|\\.|[.^$])|(?P<letter>[^?*+{])"
)
_OFTEN = re.compile(r"(?P<maybe>\?|\*|\{0?,\d*\})\??|(?:\+|\{\d+(?:,\d*)?\})\??")
_NONE: frozenset[str] = frozenset()


def clues_of(pattern: str) -> frozenset[str]:
    """Return lowercase texts, at least one of which is in everything that a pattern matches.

    Returns an empty set if there are none.  Raises ValueError for an unbalanced pattern.
    """
    clues, end = _alternatives(pattern, 0)
    if end != len(pattern):
        raise ValueError(f"unbalanced pattern: {pattern}")
    return clues


def _alternatives(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Return the clues of the alternatives up to the end of the group, and that end."""
    found: list[frozenset[str]] = []
    while True:
        clues, at = _sequence(pattern, at)
        found.append(clues)
        if pattern[at : at + 1] != "|":
            break
        at += 1
    return (frozenset().union(*found) if all(found) else _NONE), at


def _sequence(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Return the best clues of one alternative, which needs all its parts, and its end."""
    parts: list[frozenset[str]] = []
    run = ""
    while match := _TOKEN.match(pattern, at):
        if match["or"] or match["close"]:
            break
        clues, at = _NONE, match.end()
        if match["open"] or match["look"]:
            clues, at = _alternatives(pattern, at)
            at += 1
        often = _OFTEN.match(pattern, at)
        at = often.end() if often else at
        if match["letter"] and not often:
            run += match["letter"].lower()
            continue
        parts.append(frozenset({run}))
        run = ""
        if not (match["look"] or (often and often["maybe"])):
            parts.append(clues)
    parts.append(frozenset({run}))
    best = max(parts, key=_worth)
    return (best if all(best) else _NONE), at


def _worth(clues: frozenset[str]) -> tuple[int, int]:
    """Rank clues: long ones are rare in texts, and a few are searched quickly."""
    return min(map(len, clues), default=0), -len(clues)
