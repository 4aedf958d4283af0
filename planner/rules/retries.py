"""What a server's answer means for a letter, and what comes next.

The reply is judged by its first digit; the enhanced code (RFC 3463) is used where its
class agrees.  The first row of `TABLE` that holds decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from planner.rules.visible import printable


class Step(StrEnum):
    """How far a delivery had come when the answer was given, or did not come."""

    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DOT = "dot"


BEFORE_MAIL = frozenset({Step.CONNECT, Step.TLS, Step.AUTH})


class Fate(StrEnum):
    """What becomes of the letter, the account, or the run."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    # The account backs off; the letter stays approved.
    BACK_OFF = "back_off"
    # The account has used up its day; the letter stays approved.
    QUOTA = "quota"
    # The server cannot be used now; the run stops, nothing is spent.
    UNREACHABLE = "unreachable"
    # Login or TLS failed; the run stops until a person looks.
    LOGIN = "login"
    # Our account, our From, our host name or our network is refused: no letter is at fault.
    SENDER = "sender"


# Fates after which nothing more is tried in this run.
STOPS = frozenset({Fate.BACK_OFF, Fate.QUOTA, Fate.UNREACHABLE, Fate.LOGIN, Fate.SENDER})


class Cause(StrEnum):
    """Why an answer was what it was, as far as it can be told.

    A fate says what becomes of the letter and the run; the cause picks the hint, which is
    the command line's business (`cli/hints.py`).
    """


class Reply(NamedTuple):
    """What a server said: the 3-digit code and its text."""

    code: int
    text: str

    @property
    def enhanced(self) -> str:
        """The enhanced status code at the head of the text, if its class agrees."""
        match = re.match(r"([245])\.(\d{1,3})\.(\d{1,3})\b", self.text)
        return match[0] if match and match[1] == str(self.code)[0] else ""

    def __str__(self) -> str:
        return f"{self.code} {printable(self.text)}".strip()


class Outcome(NamedTuple):
    """How a delivery ended.  `reply` is None where the server said nothing."""

    fate: Fate
    step: Step
    reply: Reply | None = None
    detail: str = ""
    cause: Cause | None = None

    @property
    def policy_refusal(self) -> bool:
        """Refused for policy (5.7.x); several in a row need a person."""
        return (
            self.fate is Fate.REFUSED
            and self.reply is not None
            and self.reply.enhanced.startswith("5.7.")
        )

    def __str__(self) -> str:
        detail = printable(self.detail)
        said = str(self.reply) if self.reply else (detail or "no answer")
        extra = f" ({detail})" if self.reply and detail else ""
        return f"{said}{extra}"


QUOTA_WORDS = re.compile(
    r"daily (user )?(sending|message|email) (limit|quota)|sending (limit|quota)",
    re.IGNORECASE,
)
TOO_MANY = re.compile(r"too many", re.IGNORECASE)
LOGIN_CODES = frozenset({530, 534, 535})

Judge = Callable[[Step, Reply], bool]

TABLE: tuple[tuple[Judge, Fate], ...] = (
    (lambda s, r: s is Step.DOT and 200 <= r.code < 300, Fate.SENT),
    (lambda s, r: s is Step.TLS and r.code != 421, Fate.LOGIN),
    (lambda s, r: r.code in LOGIN_CODES and s is not Step.DOT, Fate.LOGIN),
    (lambda s, r: s is Step.AUTH and r.code >= 500, Fate.LOGIN),
    (
        lambda _, r: (
            r.code >= 500
            # A full mailbox (5.2.2) is the recipient's quota, not ours.
            and (
                r.enhanced == "5.4.5"
                or (not r.enhanced.startswith("5.2.") and bool(QUOTA_WORDS.search(r.text)))
            )
        ),
        Fate.QUOTA,
    ),
    (
        lambda _, r: (
            r.code in {421, 432}
            or r.enhanced.startswith("4.7.")
            or (400 <= r.code < 500 and bool(TOO_MANY.search(r.text)))
        ),
        Fate.BACK_OFF,
    ),
    (lambda s, _: s in BEFORE_MAIL, Fate.UNREACHABLE),
    (lambda _, r: 400 <= r.code < 500, Fate.DEFERRED),
    (lambda _, r: 500 <= r.code < 600, Fate.REFUSED),
    # Nothing that SMTP knows: after the dot it may have been delivered.
    (lambda s, _: s is Step.DOT, Fate.UNKNOWN),
    (lambda *_: True, Fate.DEFERRED),
)


def judge(step: Step, reply: Reply | None, detail: str = "") -> Outcome:
    """What a reply at a step means; None is silence or a lost connection."""
    if reply is not None:
        fate = next(fate for holds, fate in TABLE if holds(step, reply))
    elif step is Step.DOT:
        fate = Fate.UNKNOWN
    elif step is Step.TLS:
        fate = Fate.LOGIN
    elif step in BEFORE_MAIL:
        fate = Fate.UNREACHABLE
    else:
        fate = Fate.DEFERRED
    return Outcome(fate, step, reply, detail)


FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(minutes=60)
GIVE_UP_AFTER = timedelta(hours=72)
JITTER = 0.2


def delay(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts (from 1): 1, 2, 4 ... 60 minutes, +-20 %.

    `chance` in 0..1 picks the place within the jitter.
    """
    doubled = FIRST_DELAY * (1 << min(max(attempts, 1) - 1, 10))
    return min(doubled, LONGEST_DELAY) * (1 - JITTER + 2 * JITTER * chance)


# A daily quota is counted over a rolling day by every provider that publishes one.
QUOTA_REST = timedelta(hours=24)


def rest(fate: Fate, strikes: int, chance: float) -> timedelta:
    """How long an account rests, `strikes` times in a row (from 1): 1, 2, 4 ... 60 minutes.

    After a daily quota it is 24 h; after a server that is away it is no rest of the
    account, only how long to wait before it is asked again.
    """
    return QUOTA_REST if fate is Fate.QUOTA else delay(strikes, chance)


def next_attempt(
    now: datetime,
    *,
    attempts: int,
    first_attempt_at: datetime,
    lists_final: datetime,
    chance: float,
) -> datetime | None:
    """When to try again; None: given up, after 72 h or where the lists would be final."""
    due = now + delay(attempts, chance)
    if due >= first_attempt_at + GIVE_UP_AFTER or due >= lists_final:
        return None
    return due
