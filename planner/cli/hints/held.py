"""What to type about approved letters that a gate holds back."""

from __future__ import annotations

from collections.abc import Mapping

from planner.cli.hints import hint_for
from planner.cli.hints.checks import BLOCKS
from planner.rules.gates import OTHER_STATE

_AGAIN = "planner unapprove {0}, then read and approve it again"

# By the gate; {0}: the numbers of such letters, as one types them.
BY_GATE: Mapping[str, str] = {
    "stored": _AGAIN,
    "approval": _AGAIN,
    "example": hint_for("example", {}),
    "transcript": BLOCKS["transcript"],
}
ELSE = "To see what holds it: planner outbox show {0}; to withdraw it: planner cancel {0}"


def held_command(reason: str, numbers: object) -> str:
    """What to type about letters with this reason."""
    if reason == OTHER_STATE:
        return "planner db reconcile puts it right"
    return BY_GATE.get(reason.partition(": ")[0], ELSE).format(numbers)
