"""What to type where a letter's state is in the way."""

from __future__ import annotations

from collections.abc import Mapping

from planner.cli.hints import hint_for
from planner.rules.smtp_replies import is_of_an_address
from planner.rules.states import LetterState

IN_HAND = hint_for("in_hand", {})

# {0}: the numbers of such letters, as one types them.
NEXT_COMMAND: Mapping[LetterState, str] = {
    LetterState.DRAFT: "To read it: planner review {0}; to say no: planner leave-out {0}",
    LetterState.LEFT_OUT: "To take it up again: planner leave-out --undo {0}",
    LetterState.APPROVED: "To deliver it: planner send {0}; to take that back: planner unapprove {0}",
    LetterState.CLAIMED: IN_HAND,
    LetterState.COMMITTING: IN_HAND,
    LetterState.SENT: "If it came back: planner outbox resolve {0} --bounced",
    LetterState.DEFERRED: "To try it now: planner outbox retry {0}; to withdraw it: planner cancel {0}",
    LetterState.REFUSED: (
        "Look at what the server said: planner outbox show {0}; to write again:"
        " planner leave-out --undo {0} and planner draft; to give up: planner cancel {0}"
    ),
    LetterState.UNKNOWN: (
        "Look in your Sent folder, or ask the program; then planner outbox resolve {0}"
        " --delivered or --not-delivered"
    ),
    LetterState.EXPORTED: "Say whether you sent it: planner hand {0}",
    LetterState.CANCELLED: "To take it up again: planner leave-out --undo {0}",
}
# Only where the server said that the address does not exist is it to be changed.
WRONG_ADDRESS = (
    "Fix its address (in your list, or with programs set); then planner leave-out --undo {0}"
    " and planner draft"
)


def next_command(state: LetterState, numbers: object, said: str | None = None) -> str:
    """What to type where a letter in this state is in the way.

    `numbers` are as one types them, `said` is the server's last word on them.
    """
    refused = state is LetterState.REFUSED
    text = WRONG_ADDRESS if refused and is_of_an_address(said or "") else NEXT_COMMAND[state]
    return text.format(numbers)
