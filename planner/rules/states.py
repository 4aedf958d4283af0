"""The states of a letter and the moves between them: one table."""

from __future__ import annotations

from enum import StrEnum


class LetterState(StrEnum):
    """Where a letter is.  Every letter is in exactly one of these."""

    DRAFT = "draft"
    LEFT_OUT = "left_out"
    APPROVED = "approved"
    CLAIMED = "claimed"
    COMMITTING = "committing"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    EXPORTED = "exported"
    CANCELLED = "cancelled"


_S = LetterState

MOVES: dict[LetterState, frozenset[LetterState]] = {
    _S.DRAFT: frozenset({_S.DRAFT, _S.APPROVED, _S.LEFT_OUT}),
    _S.LEFT_OUT: frozenset({_S.DRAFT}),
    _S.APPROVED: frozenset({_S.CLAIMED, _S.DRAFT, _S.EXPORTED, _S.CANCELLED}),
    _S.CLAIMED: frozenset({_S.APPROVED, _S.COMMITTING, _S.DEFERRED, _S.REFUSED}),
    _S.COMMITTING: frozenset({_S.SENT, _S.DEFERRED, _S.REFUSED, _S.UNKNOWN, _S.APPROVED}),
    _S.SENT: frozenset({_S.REFUSED}),
    _S.DEFERRED: frozenset({_S.CLAIMED, _S.DEFERRED, _S.REFUSED, _S.CANCELLED, _S.DRAFT}),
    # The run itself approves it again if the next letter is refused in the same words.
    _S.REFUSED: frozenset({_S.DRAFT, _S.CANCELLED, _S.APPROVED}),
    _S.UNKNOWN: frozenset({_S.SENT, _S.DRAFT, _S.REFUSED}),
    _S.EXPORTED: frozenset({_S.SENT, _S.DRAFT, _S.REFUSED}),
    _S.CANCELLED: frozenset({_S.DRAFT}),
}

# It has left, may have left, or is being sent: there must never be a second one.
GONE = frozenset({_S.CLAIMED, _S.COMMITTING, _S.SENT, _S.EXPORTED, _S.UNKNOWN})
# A sender holds it.
UNDER_WAY = frozenset({_S.CLAIMED, _S.COMMITTING})
# The recipient has the letter.
DELIVERED = frozenset({_S.SENT, _S.EXPORTED})
# The bytes are frozen: what was read is what leaves.
FROZEN = frozenset({_S.APPROVED, _S.DEFERRED, *GONE})
# It is to be sent.
DUE = frozenset({_S.APPROVED, _S.DEFERRED})
# The user took it out of the campaign.
WITHDRAWN = frozenset({_S.LEFT_OUT, _S.CANCELLED})
# It is out of the campaign, but may become a draft again.
REOPENABLE = frozenset({_S.REFUSED, *WITHDRAWN})

# The states that the journal may give a letter of a restored copy, whatever its state there.
BY_THE_JOURNAL = frozenset({_S.SENT, _S.EXPORTED, _S.UNKNOWN, _S.REFUSED})


def in_words(state: LetterState) -> str:
    """Return what a letter is, after "it is": "a draft", "left out".

    >>> [in_words(state) for state in (LetterState.DRAFT, LetterState.LEFT_OUT)]
    ['a draft', 'left out']
    """
    return "a draft" if state is LetterState.DRAFT else state.replace("_", " ")


def may_move(old: LetterState, new: LetterState) -> bool:
    """Whether the table allows the move."""
    return new in MOVES[old]


def sources(new: LetterState) -> frozenset[LetterState]:
    """Return the states from which the table allows a move to this one."""
    return frozenset(old for old in LetterState if may_move(old, new))
