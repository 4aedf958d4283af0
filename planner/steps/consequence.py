"""What an outcome does to its letter, to the account, and to the run."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from planner.errors import ExitCode
from planner.rules.letters import Letter
from planner.rules.retries import BEFORE_MAIL, STOPS, Cause, Fate, Outcome, next_attempt
from planner.rules.states import LetterState
from planner.steps.departures import LATER, Stop
from planner.store.queue import Claimed

POLICY_REFUSALS = 3
# Fates after which the account rests, so that a run that watches goes on afterwards.
PASSING = STOPS - {Fate.LOGIN, Fate.SENDER}
# What the provider did not take of us counts nowhere, even if it has read the letter.
UNCOUNTED = frozenset({Fate.SENDER, Fate.QUOTA})


class Consequence(NamedTuple):
    """The state that a letter goes to, the columns that go with it, and what is said.

    `outcome` is what it was in the light of the letters before it.  `spent`: it counts
    against the day.  `resumes_at`: when an account that must rest may be used again.
    `taken_back` are letters that were refused before for what is no fault of theirs, `again`
    the letter itself where the same run tries it once more.
    """

    state: LetterState
    said: str
    columns: dict[str, Any]
    outcome: Outcome
    spent: bool = True
    resumes_at: datetime | None = None
    taken_back: tuple[Letter, ...] = ()
    again: Letter | None = None


def is_spent(outcome: Outcome) -> bool:
    """Whether a delivery counts against the day: the server has taken the body."""
    return outcome.body_was_taken and outcome.fate not in UNCOUNTED


def consequence(
    claimed: Claimed, outcome: Outcome, *, now: datetime, lists_final: datetime, chance: float
) -> Consequence:
    """What becomes of a letter; `lists_final` is when its program's lists close."""
    letter, said = claimed.letter, str(outcome)
    columns: dict[str, Any] = {"attempts": letter.attempts + 1, "last_reply": said}
    spent = is_spent(outcome)
    match outcome.fate:
        case Fate.SENT:
            columns["sent_at"] = now
            return Consequence(LetterState.SENT, said, columns, outcome, spent)
        case Fate.REFUSED:
            return Consequence(LetterState.REFUSED, said, columns, outcome, spent)
        case Fate.UNKNOWN:
            return Consequence(LetterState.UNKNOWN, said, columns, outcome, spent)
        case Fate.DEFERRED:
            due = next_attempt(
                now,
                attempts=letter.attempts + 1,
                first_attempt_at=claimed.first_attempt_at,
                lists_final=lists_final,
                chance=chance,
            )
            if due is not None:
                columns["next_attempt_at"] = due
                return Consequence(LetterState.DEFERRED, said, columns, outcome, spent)
            said += " (given up: 72 hours, or the lists)"
            columns["last_reply"] = said
            return Consequence(LetterState.REFUSED, said, columns, outcome, spent)
        case Fate.BACK_OFF | Fate.QUOTA | Fate.UNREACHABLE | Fate.LOGIN | Fate.SENDER:
            columns = {"last_reply": said, **_as_before(claimed, outcome, now)}
            return Consequence(LetterState.APPROVED, said, columns, outcome, spent)


def _as_before(claimed: Claimed, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """The letter waits as before: no attempt, and no clock of giving up, is its own.

    Only the Date of bytes that the server has read stays.
    """
    letter, columns = claimed.letter, dict[str, Any]()
    if claimed.first or letter.first_attempt_at is None:
        columns["first_attempt_at"] = None
    if claimed.first and not outcome.body_was_taken:
        columns["date_header"] = None
    if outcome.step not in BEFORE_MAIL and outcome.fate is not Fate.LOGIN:
        columns["next_attempt_at"] = now  # it goes behind the others the next time
    return columns


SEND_AGAIN = f"Run planner send again {LATER}"
# What a run says that ends so, and what to do where no hint is known for the cause.
STOP_WORDS = {
    Fate.BACK_OFF: (ExitCode.TRY_LATER, "The server asks to slow down", f"{SEND_AGAIN}."),
    Fate.QUOTA: (ExitCode.TRY_LATER, "The account has used up its quota", f"{SEND_AGAIN}."),
    Fate.UNREACHABLE: (
        ExitCode.TRY_LATER,
        "The server cannot be reached",
        f"{SEND_AGAIN}; planner doctor looks at the server.",
    ),
    Fate.LOGIN: (
        ExitCode.PERSON_NEEDED,
        "The server did not let us in",
        "planner doctor looks at the account.",
    ),
    Fate.SENDER: (
        ExitCode.PERSON_NEEDED,
        "The server refuses this sender",
        "planner doctor looks at the account.",
    ),
}
# The same where the cause is known.
CAUSE_WORDS = {
    Cause.SEND_AS: "The server does not let this account send from this address",
    Cause.SENDER_REFUSED: "The server refuses the address that the letters are from",
    Cause.UNAUTHENTICATED: "The letters do not come from where their address says",
    Cause.RELAY: "The server passes no mail on for us",
    Cause.NETWORK: "The server refuses the network that we send from",
    Cause.CLIENT_NAME: "The server refuses the name of this computer",
    Cause.SUSPENDED: "The mail account is suspended",
    Cause.BLOCKED: "The server has blocked this account or its network",
    Cause.SPAM: "The server takes the letters for spam",
    Cause.OWN_MAILBOX: "Your own mailbox is full",
    Cause.OUT_OF_ORDER: "The server did not follow what was said to it, on a new session either",
    Cause.SAME_TWICE: "Two letters in a row were refused in the same words, so it is not about them",
    Cause.PUT_OFF_TWICE: "Two letters in a row were put off in the same words",
    Cause.QUOTA_DAY: "The account has used up its daily quota",
    Cause.QUOTA_HOUR: "The account has used up its hourly quota",
    Cause.TOO_MANY_SESSIONS: "The server takes no more sessions at once",
}


def stop(outcome: Outcome, refusals: int) -> Stop | None:
    """Whether an outcome concerns more than its letter; `refusals`: for policy, in a row."""
    if outcome.fate in STOPS:
        code, words, hint = STOP_WORDS[outcome.fate]
        if outcome.cause in CAUSE_WORDS:
            words = CAUSE_WORDS[outcome.cause]
        elif outcome.fate is Fate.UNREACHABLE and outcome.was_reached:
            words = "The server was reached, but no letter could be handed over"
        said = str(outcome).removesuffix(".")
        text = f"{words}: {said}. What is left stays approved."
        return Stop(code, text, hint, cause=outcome.cause)
    if refusals >= POLICY_REFUSALS:
        text = f"{refusals} refusals for policy in a row: {outcome}."
        hint = "A person should look before more is sent: planner outbox list"
        return Stop(ExitCode.PERSON_NEEDED, text, hint)
    return None
