"""What a person's word did to a letter: it was done, or refused with the way out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from planner.errors import ExitCode, PersonNeededError
from planner.rules.letters import Letter
from planner.rules.smtp_replies import is_of_an_address
from planner.rules.states import LetterState
from planner.steps.workspace import Workspace
from planner.store.engine import Transaction
from planner.store.letters import get_letters

Act = Callable[[Transaction, Letter, datetime], None]


@dataclass(frozen=True, slots=True)
class Verb:
    """What became of one letter: done, or refused with the reason, a code and its facts.

    An approval that is done may have a reason, too: what will hold the letter back.
    """

    letter: Letter
    done: bool
    reason: str = ""
    code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    hint: str = ""  # advice that names no command

    @property
    def exit_code(self) -> ExitCode:
        """0 if done; a person is needed otherwise."""
        return ExitCode.OK if self.done else ExitCode.PERSON_NEEDED


IN_HAND = "A sender has it in hand: end that first (Ctrl-C, or wait), then look again."
WAYS_OUT = {
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
        "Look into your Sent folder, or ask the program; then planner outbox resolve {0}"
        " --delivered or --not-delivered"
    ),
    LetterState.EXPORTED: "Once it is sent: planner outbox resolve {0} --delivered",
    LetterState.CANCELLED: "To take it up again: planner leave-out --undo {0}",
}


# Only where the server said that the address does not exist is it to be changed.
WRONG_ADDRESS = (
    "Fix its address (in your list, or with programs set); then planner leave-out --undo {0}"
    " and planner draft"
)


def way_out(state: LetterState, numbers: object, said: str | None = None) -> str:
    """What to type where a letter in this state is in the way.

    `numbers` are as one types them, `said` is the server's last word on them.
    """
    refused = state is LetterState.REFUSED
    text = WRONG_ADDRESS if refused and is_of_an_address(said or "") else WAYS_OUT[state]
    return text.format(numbers)


def refuse_changed(letter: Letter, opened: Letter) -> None:
    """Raise PersonNeededError where a letter is not what the user has before them."""
    if (letter.content_digest, letter.state) != (opened.content_digest, opened.state):
        raise PersonNeededError(
            f"Letter {letter.id} ({letter.program}) was changed meanwhile, by another command.",
            code="changed_meanwhile",
            letter=letter.id,
        )


def not_now(letter: Letter, word: str) -> Verb:
    """Nothing is done to a letter in such a state; says what to do instead."""
    reason = f"it is {letter.state}; it cannot be {word}"
    hint = way_out(letter.state, letter.id, letter.last_reply)
    return Verb(letter, done=False, reason=reason, hint=hint)


def each(
    ws: Workspace,
    ids: Sequence[int],
    states: Collection[LetterState],
    act: Act,
    word: str,
    *,
    opened: Letter | None = None,
) -> list[Verb]:
    """Act on those letters that are in one of the states; `word` is what they are then.

    `opened` is one of them as the user has it before them.  Raises UnknownNameError for a
    number that is not a letter, PersonNeededError where it is not that any more.
    """
    verbs, at = [], ws.now()
    with ws.store.begin() as tx:
        for letter in get_letters(tx, ids):
            if opened is not None and opened.id == letter.id:
                refuse_changed(letter, opened)
            if letter.state in states:
                act(tx, letter, at)
                verbs.append(Verb(letter, done=True))
            else:
                verbs.append(not_now(letter, word))
    return verbs
