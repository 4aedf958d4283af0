"""What an outcome does to its letter, to the account, and to the run."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from planner.errors import ExitCode
from planner.rules.retries import BEFORE_MAIL, STOPS, Fate, Outcome, next_attempt
from planner.rules.states import LetterState
from planner.steps.departures import LATER, Stop
from planner.store.queue import Claimed
from planner.store.recovery import AS_BEFORE

POLICY_REFUSALS = 3
# Fates that end by themselves, so that a run that watches goes on afterwards.
PASSING = STOPS - {Fate.LOGIN, Fate.SENDER}


class Consequence(NamedTuple):
    """The state that a letter goes to, the columns that go with it, and what is said.

    `spent`: the delivery came as far as the letter, and counts against the pace.
    `resumes_at`: when an account that must rest may be used again.
    """

    state: LetterState
    said: str
    columns: dict[str, Any]
    spent: bool = True
    resumes_at: datetime | None = None


def never_reached(outcome: Outcome) -> bool:
    """Whether a delivery ended before the server heard of any letter: nothing is spent."""
    return outcome.step in BEFORE_MAIL or outcome.fate is Fate.LOGIN


def consequence(
    claimed: Claimed, outcome: Outcome, *, now: datetime, lists_final: datetime, chance: float
) -> Consequence:
    """What becomes of a letter; `lists_final` is when its program's lists close."""
    letter, said = claimed.letter, str(outcome)
    columns: dict[str, Any] = {"attempts": letter.attempts + 1, "last_reply": said}
    match outcome.fate:
        case Fate.SENT:
            return Consequence(LetterState.SENT, said, {**columns, "sent_at": now})
        case Fate.REFUSED:
            return Consequence(LetterState.REFUSED, said, columns)
        case Fate.UNKNOWN:
            return Consequence(LetterState.UNKNOWN, said, columns)
        case Fate.DEFERRED:
            due = next_attempt(
                now,
                attempts=letter.attempts + 1,
                first_attempt_at=claimed.first_attempt_at,
                lists_final=lists_final,
                chance=chance,
            )
            if due is not None:
                return Consequence(LetterState.DEFERRED, said, {**columns, "next_attempt_at": due})
            said += " (given up: 72 hours, or the lists)"
            return Consequence(LetterState.REFUSED, said, {**columns, "last_reply": said})
        case Fate.BACK_OFF | Fate.QUOTA | Fate.UNREACHABLE | Fate.LOGIN | Fate.SENDER:
            return _back(claimed, outcome, now)


def _back(claimed: Claimed, outcome: Outcome, now: datetime) -> Consequence:
    """The letter waits as before: no attempt is spent."""
    said = str(outcome)
    if never_reached(outcome):
        before = AS_BEFORE if claimed.first else {}
        return Consequence(LetterState.APPROVED, said, {"last_reply": said, **before}, spent=False)
    # It goes behind the others the next time.
    return Consequence(LetterState.APPROVED, said, {"last_reply": said, "next_attempt_at": now})


SEND_AGAIN = f"Run planner send again {LATER}"
# What a run says that ends so, and what to do.
STOP_WORDS = {
    Fate.BACK_OFF: (ExitCode.TRY_LATER, "The server asks to slow down", f"{SEND_AGAIN}."),
    Fate.QUOTA: (ExitCode.TRY_LATER, "The account has used up its daily quota", f"{SEND_AGAIN}."),
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


def stop(outcome: Outcome, refusals: int) -> Stop | None:
    """Whether an outcome concerns more than its letter; `refusals`: for policy, in a row."""
    if outcome.fate in STOPS:
        code, words, hint = STOP_WORDS[outcome.fate]
        return Stop(code, f"{words}: {outcome}. What is left stays approved.", hint)
    if refusals >= POLICY_REFUSALS:
        text = f"{refusals} refusals for policy in a row: {outcome}."
        hint = "A person should look before more is sent: planner outbox list"
        return Stop(ExitCode.PERSON_NEEDED, text, hint)
    return None
