"""What a pattern cannot match without: it spares most patterns for most letters.

`clues_of("i (?:will|shall) rank(?:ing)? you")` is {" rank"}: a text without it need not be
searched.  `clues_of("(?:gold|silver) x?")` is {"gold", "silver"}.
"""

from __future__ import annotations

import re

# A piece of a pattern: a group's start, an alternative, a group's end, a class, an escape, a letter.
_TOKEN = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<open>\((?:\?:|\?P<\w+>)?)|(?P<or>\|)|(?P<close>\))"
    r"|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\]|\\.|[.^$])|(?P<letter>[^?*+{])"
)
_OFTEN = re.compile(r"(?P<maybe>\?|\*|\{0?,\d*\})\??|(?:\+|\{\d+(?:,\d*)?\})\??")
_NONE: frozenset[str] = frozenset()


def clues_of(pattern: str) -> frozenset[str]:
    """Texts of which at least one stands, in small letters, in all that a pattern matches.

    Empty if there is no such text.
    """
    clues, end = _alternatives(pattern, 0)
    if end != len(pattern):
        raise ValueError(f"unbalanced pattern: {pattern}")
    return clues


def _alternatives(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """The clues of what stands between here and the end of the group, and where that is."""
    found: list[frozenset[str]] = []
    while True:
        clues, at = _sequence(pattern, at)
        found.append(clues)
        if pattern[at : at + 1] != "|":
            break
        at += 1
    return (frozenset().union(*found) if all(found) else _NONE), at


def _sequence(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """The best clues of one alternative: any part of it has to be there, so one is enough."""
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
    """Long clues are rare, and few are sought fast."""
    return min(map(len, clues), default=0), -len(clues)
