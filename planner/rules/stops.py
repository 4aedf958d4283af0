"""What ends a run before all letters are sent: which outcomes, words and exit codes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from planner.errors import ExitCode, PlannerError
from planner.rules.retries import STOPS, Cause, Fate, Outcome

POLICY_REFUSALS = 3  # this many in a row need a person
# Fates that only pause the account, so that a run that keeps watching goes on afterward.
PASSING = STOPS - {Fate.LOGIN, Fate.SENDER}


class StopKind(StrEnum):
    """What kind of stop it is; `cli/hints/` has a hint for each."""

    # what the server said
    BACK_OFF = "back_off"
    QUOTA = "quota"
    UNREACHABLE = "unreachable"
    LOGIN = "login"
    SENDER = "sender"
    POLICY = "policy"  # several refusals for policy in a row
    # what happened here
    LONG_WAIT = "long_wait"  # the pace, the send window, or a pause of the account
    USER = "user"
    ERROR = "error"  # a PlannerError, which has its own hint


class Stop(NamedTuple):
    """Why a run ends before all letters are sent.

    `until` is when it may go on by itself; `cause` is what the server meant, if that is known;
    `error` is the error that ended it, if any.
    """

    kind: StopKind
    exit_code: ExitCode
    text: str
    until: datetime | None = None
    cause: Cause | None = None
    error: PlannerError | None = None


# How a run ended, in words, by the fate.
STOP_WORDS = {
    Fate.BACK_OFF: (ExitCode.TRY_LATER, "The server asks to slow down"),
    Fate.QUOTA: (ExitCode.TRY_LATER, "The account has used up its quota"),
    Fate.UNREACHABLE: (ExitCode.TRY_LATER, "The server cannot be reached"),
    Fate.LOGIN: (ExitCode.PERSON_NEEDED, "The server did not let us in"),
    Fate.SENDER: (ExitCode.PERSON_NEEDED, "The server refuses this sender"),
}
# The same, if the cause is known.
CAUSE_WORDS = {
    Cause.SEND_AS: "The server does not let this account send from this address",
    Cause.SENDER_REFUSED: "The server refuses the address that the letters are from",
    Cause.UNAUTHENTICATED: "The server cannot verify that the letters are from their address",
    Cause.RELAY: "The server does not relay mail for us",
    Cause.NETWORK: "The server refuses the network that we send from",
    Cause.CLIENT_NAME: "The server refuses the name of this computer",
    Cause.SUSPENDED: "The mail account is suspended",
    Cause.BLOCKED: "The server has blocked this account or its network",
    Cause.SPAM: "The server takes the letters for spam",
    Cause.OWN_MAILBOX: "Your own mailbox is full",
    Cause.OUT_OF_ORDER: "The server lost track of the session, even of a new one",
    Cause.SAME_TWICE: "Two letters in a row were refused in the same words, so neither is at fault",
    Cause.PUT_OFF_TWICE: "Two letters in a row were deferred in the same words",
    Cause.QUOTA_DAY: "The account has used up its daily quota",
    Cause.QUOTA_HOUR: "The account has used up its hourly quota",
    Cause.TOO_MANY_SESSIONS: "The server accepts no more sessions at the same time",
}


def stop_for(outcome: Outcome, refusals: int = 0) -> Stop | None:
    """Return the stop that an outcome causes; None if it only concerns its letter.

    `refusals` is the number of policy refusals in a row, including this one.
    """
    if outcome.fate in STOPS:
        code, words = STOP_WORDS[outcome.fate]
        if outcome.cause in CAUSE_WORDS:
            words = CAUSE_WORDS[outcome.cause]
        elif outcome.fate is Fate.UNREACHABLE and outcome.was_reached:
            words = "The server was reached, but no letter could be handed over"
        said = str(outcome).removesuffix(".")
        text = f"{words}: {said}. The remaining letters stay approved."
        return Stop(StopKind(outcome.fate), code, text, cause=outcome.cause)
    if refusals >= POLICY_REFUSALS:
        text = f"{refusals} refusals for policy in a row: {outcome}."
        return Stop(StopKind.POLICY, ExitCode.PERSON_NEEDED, text)
    return None


def stop_by(error: PlannerError) -> Stop:
    """Return the stop for an error that ended the run and that the user should see."""
    return Stop(StopKind.ERROR, error.exit_code, error.message, error=error)


def stopped_by_user(text: str = "Interrupted: nothing more was sent.") -> Stop:
    """Return the stop for a run that the user ended."""
    return Stop(StopKind.USER, ExitCode.INTERRUPTED, text)
