"""What can happen to a letter, its account and a run, and how long to wait.

`smtp_replies.py` decides what a reply means.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from planner.rules.visible import printable


class Step(StrEnum):
    """The step of a delivery at which an answer came, or failed to come."""

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
    """What happens to the letter, the account, or the run."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    # The account backs off; the letter stays approved.
    BACK_OFF = "back_off"
    # The account has used up its hourly or daily quota; the letter stays approved.
    QUOTA = "quota"
    # The server cannot be used now; the run stops, and nothing counts as sent.
    UNREACHABLE = "unreachable"
    # Login or TLS failed; the run stops until a person looks.
    LOGIN = "login"
    # Our account, our From, our host name or our network is refused: no letter is at fault.
    SENDER = "sender"


# Fates after which nothing more is tried in this run.
STOPS = frozenset({Fate.BACK_OFF, Fate.QUOTA, Fate.UNREACHABLE, Fate.LOGIN, Fate.SENDER})


class Cause(StrEnum):
    """Why the server answered as it did, as far as we can tell.

    A fate says what happens to the letter and the run; the cause picks the hint in
    `cli/hints/`.
    """

    # connecting, protecting, logging in
    NO_SUCH_HOST = "no_such_host"
    NO_NAME_SERVER = "no_name_server"
    CONNECTION_REFUSED = "connection_refused"
    NO_ANSWER = "no_answer"  # not even to the first packet
    NO_NETWORK = "no_network"
    NO_GREETING = "no_greeting"  # connected, but the server says nothing
    WEB_SERVER = "web_server"
    NOT_SMTP = "not_smtp"
    CLIENT_NAME = "client_name"  # our host name in EHLO
    NO_STARTTLS = "no_starttls"
    STARTTLS_LATER = "starttls_later"
    NOT_TLS = "not_tls"  # it speaks plain text, but we want TLS from the first byte
    TLS_BROKEN_OFF = "tls_broken_off"
    TLS_TOO_OLD = "tls_too_old"
    CERTIFICATE_UNTRUSTED = "certificate_untrusted"
    CERTIFICATE_NAME = "certificate_name"
    CERTIFICATE_DATES = "certificate_dates"
    PROTECTION_WANTED = "protection_wanted"  # it wants STARTTLS, which we did not use
    NO_LOGIN_OFFERED = "no_login_offered"
    LOGIN_UNKNOWN = "login_unknown"  # only NTLM and the like
    USE_PASSWORD = "use_password"  # noqa: S105 - the server takes no token
    USE_XOAUTH2 = "use_xoauth2"
    USE_OAUTHBEARER = "use_oauthbearer"
    USE_LOGIN = "use_login"  # PLAIN fails, but LOGIN is offered, too
    USE_PLAIN = "use_plain"  # LOGIN fails, but PLAIN is offered, too
    LOGIN_WANTED = "login_wanted"
    LOGIN_BROKEN = "login_broken"  # the server does not support what it offers
    LOGIN_LATER = "login_later"
    LOGINS_LIMITED = "logins_limited"
    LOCKED_OUT = "locked_out"
    WEB_LOGIN = "web_login"
    BASIC_AUTH_OFF = "basic_auth_off"  # at Microsoft, whatever the name of the host
    PASSWORD_REFUSED = "password_refused"  # noqa: S105
    TOKEN_REFUSED = "token_refused"  # noqa: S105
    OWN_ADDRESS = "own_address"  # the server does not know the applicant's address

    # answers about a letter, its sender, its recipients
    SEND_AS = "send_as"  # From is not an address of the login
    SENDER_REFUSED = "sender_refused"  # From, for an unknown reason
    UNAUTHENTICATED = "unauthenticated"  # SPF, DKIM or DMARC of From's domain
    RELAY = "relay"
    NETWORK = "network"  # the network that we send from
    SUSPENDED = "suspended"  # the account, until its owner does something
    BLOCKED = "blocked"  # the account or its network
    SPAM = "spam"
    OWN_MAILBOX = "own_mailbox"  # full, so that the server cannot keep a copy
    OUT_OF_ORDER = "out_of_order"  # the server lost track of the session
    SAME_TWICE = "same_twice"  # refused like the letter before, which had another domain
    QUOTA_DAY = "quota_day"
    QUOTA_HOUR = "quota_hour"
    RATE = "rate"
    SESSION = "session"  # it has reached its limit of letters
    TOO_MANY_SESSIONS = "too_many_sessions"
    PUT_OFF_TWICE = "put_off_twice"  # deferred like the letter before, with another domain
    ADDRESS = "address"  # a recipient's address does not exist
    MAILBOX_FULL = "mailbox_full"  # a recipient's mailbox
    RECIPIENT = "recipient"  # refuses the mail because of its own rules or state
    GREYLISTED = "greylisted"


class Reply(NamedTuple):
    """A server's reply: the 3-digit code and the text."""

    code: int
    text: str

    @property
    def enhanced(self) -> str:
        """The enhanced status code at the beginning of the text, if its class fits the code."""
        match = re.match(r"([245])\.(\d{1,3})\.(\d{1,3})\b", self.text)
        return match[0] if match and match[1] == str(self.code)[0] else ""

    def __str__(self) -> str:
        return f"{self.code} {printable(self.text)}".strip()


class Outcome(NamedTuple):
    """How a delivery ended.  `reply` is None if the server said nothing."""

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

    @property
    def body_was_taken(self) -> bool:
        """Whether the server has read the letter to its end."""
        return self.step is Step.DOT

    def __str__(self) -> str:
        detail = printable(self.detail)
        said = str(self.reply) if self.reply else (detail or "no answer")
        extra = f" ({detail})" if self.reply and detail else ""
        return f"{said}{extra}"

    @property
    def was_reached(self) -> bool:
        """Whether there was a server at all."""
        return self.reply is not None or self.cause not in NEVER_REACHED


NEVER_REACHED = {
    Cause.NO_SUCH_HOST,
    Cause.NO_NAME_SERVER,
    Cause.CONNECTION_REFUSED,
    Cause.NO_ANSWER,
    Cause.NO_NETWORK,
}

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(minutes=60)
GIVE_UP_AFTER = timedelta(hours=72)
JITTER = 0.2


def delay(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after `attempts` (from 1): 1, 2, 4 ... 60 minutes, +-20 %.

    `chance` in 0..1 picks the jitter.
    """
    doubled = FIRST_DELAY * (1 << min(max(attempts, 1) - 1, 10))
    return min(doubled, LONGEST_DELAY) * (1 - JITTER + 2 * JITTER * chance)


# Every provider that publishes its quotas counts them over a rolling day or hour.
QUOTA_RESTS = {Cause.QUOTA_DAY: timedelta(hours=24), Cause.QUOTA_HOUR: timedelta(hours=1)}


# Enough strikes for the longest delay, since one more login would count against the account.
LOGIN_STRIKES = 7


# No wait that is noted is longer; one that seems to be was noted by a clock that was wrong.
LONGEST_RETRY = LONGEST_DELAY * (1 + JITTER)
LONGEST_REST = max(*QUOTA_RESTS.values(), LONGEST_RETRY)


# Clocks of computers that share a server differ, and are set right by minutes.
TOLERANCE = timedelta(minutes=15)
# Longer than every timeout of a delivery together, with a handful of recipients.
LEASE = timedelta(hours=2)


def waits_until(until: datetime, now: datetime, longest: timedelta) -> bool:
    """Return whether a noted wait is still on: a wrong clock stops nothing once it is right."""
    return now < until <= now + longest


def rests_until(until: datetime, now: datetime, began: datetime | None) -> bool:
    """Return whether a rest is still on; not one that is noted to begin later than now."""
    ahead = began is not None and began > now + TOLERANCE
    return not ahead and waits_until(until, now, LONGEST_REST)


def is_doubtful(first_attempt_at: datetime, now: datetime) -> bool:
    """Return whether a first attempt is noted so long ago, or so late, that one should ask."""
    return not now - GIVE_UP_AFTER / 3 < first_attempt_at <= now + TOLERANCE


def was_wrong(noted: datetime, before: datetime | None, now: datetime) -> bool:
    """Return whether a moment was noted by a wrong clock: after now, or before what preceded it."""
    return noted > now + TOLERANCE or (before is not None and noted < before - TOLERANCE)


def rest(fate: Fate, strikes: int, chance: float, *, cause: Cause | None = None) -> timedelta:
    """Return how long an account pauses, by pauses in a row (from 1): 1, 2, 4 ... 60 minutes.

    After a quota, it is the time over which that is counted; after too many logins, it is
    60 minutes at once.  If the server cannot be reached, it is how long to wait before asking
    it again.
    """
    if fate is Fate.QUOTA:
        return QUOTA_RESTS[cause or Cause.QUOTA_DAY]
    if cause is Cause.LOGINS_LIMITED:
        strikes = max(strikes, LOGIN_STRIKES)
    return delay(strikes, chance)


def next_attempt(
    now: datetime,
    *,
    attempts: int,
    first_attempt_at: datetime,
    lists_final: datetime,
    chance: float,
) -> datetime | None:
    """Return when to try again; None to give up, after 72 h or when the lists are final."""
    due = now + delay(attempts, chance)
    if due >= first_attempt_at + GIVE_UP_AFTER or due >= lists_final:
        return None
    return due
