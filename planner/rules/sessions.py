"""What a server says before the first letter: what it is, and why it does not let us in.

Each table is read from the top; the first row that applies decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from planner.rules.retries import Cause, Fate, Outcome, Reply, Step
from planner.rules.smtp_replies import judge

# --- who answered ---------------------------------------------------------------------------

# How replies of other protocols begin, and what those servers are.
STRANGERS: tuple[tuple[re.Pattern[str], str, Cause], ...] = (
    (
        re.compile(r"HTTP/\d|<!doctype|<html", re.IGNORECASE),
        "a web server answered, not a mail server",
        Cause.WEB_SERVER,
    ),
    (
        re.compile(r"\* (OK|BYE|PREAUTH)|\+OK|-ERR", re.IGNORECASE),
        "a server for reading mail (IMAP or POP3) answered, not one that sends it",
        Cause.NOT_SMTP,
    ),
    (
        re.compile(r"SSH-", re.IGNORECASE),
        "an SSH server answered, not a mail server",
        Cause.NOT_SMTP,
    ),
)


def who_answered(line: str) -> tuple[str, Cause]:
    """Say who answered, if it was not a mail server, and return the cause.

    >>> who_answered("HTTP/1.1 302 Found")
    ('a web server answered, not a mail server: "HTTP/1.1 302 Found"', <Cause.WEB_SERVER: 'web_server'>)
    """
    shown = line.strip()[:80]
    for pattern, words, cause in STRANGERS:
        if pattern.match(line.lstrip()):
            return f'{words}: "{shown}"', cause
    return f'what answered is not a mail server: "{shown}"', Cause.NOT_SMTP


def judge_hello(reply: Reply) -> Outcome:
    """Judge a negative answer to EHLO.

    If a server knows the command but refuses it, it refuses our host name or our network,
    and will refuse it again.
    """
    outcome = judge(Step.CONNECT, reply)
    if reply.code in {500, 502, 530}:  # SMTP of before 1995, or FTP, which also greets with 220
        return outcome._replace(fate=Fate.UNREACHABLE, cause=Cause.NOT_SMTP)
    if outcome.fate is not Fate.UNREACHABLE or reply.code < 500:
        return outcome
    return outcome._replace(fate=Fate.SENDER, cause=Cause.CLIENT_NAME)


def judge_starttls(reply: Reply) -> Outcome:
    """Judge a negative answer to STARTTLS; 454 is only temporary (RFC 3207)."""
    outcome = judge(Step.TLS, reply)
    if not 400 <= reply.code < 500:
        return outcome._replace(cause=Cause.NO_STARTTLS)
    if outcome.fate is Fate.LOGIN:
        outcome = outcome._replace(fate=Fate.UNREACHABLE)
    return outcome._replace(cause=Cause.STARTTLS_LATER)


# --- logging in -----------------------------------------------------------------------------

# The methods for each value of smtp.auth; the first one that the server offers is used.
METHODS: dict[str, tuple[str, ...]] = {
    "password": ("plain", "login"),
    "plain": ("plain",),
    "login": ("login",),
    "xoauth2": ("xoauth2",),
    "oauthbearer": ("oauthbearer",),
}
TOKEN_METHODS = frozenset({"xoauth2", "oauthbearer"})
# What to set instead if the server offers none of them.
INSTEAD: tuple[tuple[frozenset[str], Cause], ...] = (
    (frozenset({"plain", "login"}), Cause.USE_PASSWORD),
    (frozenset({"xoauth2"}), Cause.USE_XOAUTH2),
    (frozenset({"oauthbearer"}), Cause.USE_OAUTHBEARER),
)


def method_for(auth: str, offered: Sequence[str]) -> str | Outcome:
    """Return the method to log in by; or the outcome, if the server offers no suitable one.

    >>> method_for("password", ["login", "xoauth2"])
    'login'
    """
    for method in METHODS[auth]:
        if method in offered:
            return method
    if not offered:
        return _not_in("the server offers no login", Cause.NO_LOGIN_OFFERED)
    listed = ", ".join(offered)
    for methods, cause in INSTEAD:
        if methods & {*offered}:
            return _not_in(f"the server offers no login by {auth}, only: {listed}", cause)
    text = f"the server offers no login that planner knows, only: {listed}"
    return _not_in(text, Cause.LOGIN_UNKNOWN)


def _not_in(text: str, cause: Cause) -> Outcome:
    return Outcome(Fate.LOGIN, Step.AUTH, None, text, cause)


class Refusal(NamedTuple):
    """A negative answer to a login, with the method used and the methods offered.

    `told` is what the server reported about the token before.
    """

    reply: Reply
    method: str
    offered: Sequence[str]
    told: str = ""

    @property
    def for_now(self) -> bool:
        """Whether the same login may succeed later."""
        return 400 <= self.reply.code < 500

    @property
    def of_credentials(self) -> bool:
        """Whether it is about the password or token, and not about the command."""
        return self.reply.code in {530, 534, 535} or self.reply.enhanced.startswith("5.7.")

    @property
    def of_command(self) -> bool:
        """Whether the server does not understand the command although it offers it."""
        return self.reply.code in {500, 501, 502, 503, 504}


# "454 4.7.0 Too many login attempts, please try again later", "421 Login rate limit exceeded"
LIMITED = re.compile(
    r"too (many|frequent)|\b(rate|limit|exceed(ed|s)?|throttl\w*|repeated|brute)\b"
    r"|login attempts|failed (login|auth)\w*",
    re.IGNORECASE,
)
# As in "535 Account temporarily locked" or "535 5.7.0 (#AUTH005) Too many bad auth attempts".
LOCKED = re.compile(
    r"too many|\b(account|user|mailbox)\b.{0,30}\b(locked|blocked|suspended|disabled)"
    r"|\b(locked|blocked|suspended)\b.{0,30}\b(account|user|mailbox)\b",
    re.IGNORECASE,
)
# "534 5.7.14 Please log in via your web browser and then try again"
BROWSER = re.compile(r"\bbrowser\b", re.IGNORECASE)

# Microsoft's, also for schools that it hosts: "SmtpClientAuthentication is disabled for the
# Tenant", and "Basic authentication is not supported for Client Submission".
BASIC_AUTH_OFF = frozenset({"5.7.139", "5.7.30"})

REFUSALS: tuple[tuple[Callable[[Refusal], bool], Cause], ...] = (
    (lambda x: x.reply.enhanced in BASIC_AUTH_OFF, Cause.BASIC_AUTH_OFF),
    (lambda x: x.for_now and bool(LIMITED.search(x.reply.text)), Cause.LOGINS_LIMITED),
    (lambda x: x.for_now, Cause.LOGIN_LATER),
    (lambda x: bool(x.told), Cause.TOKEN_REFUSED),
    (lambda x: x.reply.code < 400, Cause.LOGIN_BROKEN),
    (lambda x: x.reply.enhanced == "5.7.14" or bool(BROWSER.search(x.reply.text)), Cause.WEB_LOGIN),
    (lambda x: bool(LOCKED.search(x.reply.text)), Cause.LOCKED_OUT),
    (lambda x: x.method in TOKEN_METHODS and x.of_command, Cause.LOGIN_BROKEN),
    (lambda x: x.method in TOKEN_METHODS, Cause.TOKEN_REFUSED),
    (lambda x: x.of_credentials, Cause.PASSWORD_REFUSED),
    (lambda x: x.method == "plain" and "login" in x.offered, Cause.USE_LOGIN),
    (lambda x: x.method == "login" and "plain" in x.offered, Cause.USE_PLAIN),
    (lambda _: True, Cause.LOGIN_BROKEN),
)


def judge_login(refusal: Refusal) -> Outcome:
    """Judge a negative answer to a login.

    A question that we cannot answer ends the login like a refusal.
    """
    outcome = judge(Step.AUTH, refusal.reply, refusal.told)
    cause = outcome.cause or next(cause for holds, cause in REFUSALS if holds(refusal))
    if cause is Cause.LOGINS_LIMITED:
        outcome = outcome._replace(fate=Fate.BACK_OFF)
    elif 300 <= refusal.reply.code < 400:
        outcome = outcome._replace(fate=Fate.LOGIN)
    return outcome._replace(cause=cause)


# --- replies to a letter that ask for a login ------------------------------------------------

# As in "530 5.7.0 Must issue a STARTTLS command first".
WANTS_TLS = re.compile(r"\b(starttls|tls|ssl|encrypt)", re.IGNORECASE)
# As in "530 5.7.57 Client not authenticated", "503 AUTH first", "550 Authentication required";
# but not in "550 5.7.26 Unauthenticated mail", which is a verdict on the domain.
WANTS_LOGIN = re.compile(
    r"\bauth(entication|enticate)?( \w+)? (is )?(required|needed|first)\b"
    r"|\b(must|need to|have to|please) (first )?(be )?(authenticate|log ?[io]n|auth)d?\b"
    r"|\b(client|user|you) ((was|is|are) )?not (yet )?(authenticated|logged)\b"
    r"|\b(log ?[io]n|smtp auth) (first|(is )?required)\b|turn on smtp auth",
    re.IGNORECASE,
)
ENVELOPE = frozenset({Step.MAIL, Step.RCPT})

MISSED: tuple[tuple[Callable[[Step, Reply], bool], Cause], ...] = (
    (lambda _, r: r.enhanced in BASIC_AUTH_OFF, Cause.BASIC_AUTH_OFF),
    (
        lambda s, r: s in ENVELOPE and r.code == 530 and bool(WANTS_TLS.search(r.text)),
        Cause.PROTECTION_WANTED,
    ),
    (
        lambda s, r: (
            s in ENVELOPE
            and (r.code == 530 or (r.code >= 500 and bool(WANTS_LOGIN.search(r.text))))
        ),
        Cause.LOGIN_WANTED,
    ),
)


def judge_again(outcome: Outcome) -> Outcome:
    """Return the outcome of a delivery, as one of the login if its answer is about the login."""
    reply = outcome.reply
    if reply is None:
        return outcome
    cause = next((cause for holds, cause in MISSED if holds(outcome.step, reply)), None)
    return outcome if cause is None else outcome._replace(fate=Fate.LOGIN, cause=cause)


# --- questions in a login -------------------------------------------------------------------

# What a question of AUTH LOGIN asks for, in various words.
PASSWORD_QUESTION = re.compile(r"pass", re.IGNORECASE)
USER_QUESTION = re.compile(r"user|login|name|account", re.IGNORECASE)


def asks_for_user(question: str, first: str) -> bool:
    """Whether a question asks for the user name again, after it answered the `first` one.

    >>> asks_for_user("Username:", "User Name"), asks_for_user("Password:", "Username:")
    (True, False)
    """
    if PASSWORD_QUESTION.search(question):
        return False
    return bool(USER_QUESTION.search(question)) or question == first != ""
