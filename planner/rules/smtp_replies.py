"""Judges what a server's reply means for a letter, its account, and the run.

A reply is judged by its first digit, and by the enhanced code (RFC 3463) if its class fits.
First, `LOOK` finds the cause in the tables of words; then the first row of `TABLE` that applies
decides.  A refusal of our account, address, host name, network or quota is never a letter's
fault, whatever the reply's code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from planner.rules import smtp_sender_words as ours
from planner.rules import smtp_words as words
from planner.rules.addresses import ascii_domain
from planner.rules.recipients import fold_address
from planner.rules.retries import BEFORE_MAIL, Cause, Fate, Outcome, Reply, Step

LOGIN_CODES = frozenset({530, 534, 535})
# The server does not know the command, or not here: it lost track of the session.
ORDER_CODES = frozenset({500, 502, 503})
QUOTAS = frozenset({Cause.QUOTA_DAY, Cause.QUOTA_HOUR})
OURS = frozenset(
    {
        Cause.SEND_AS,
        Cause.SENDER_REFUSED,
        Cause.UNAUTHENTICATED,
        Cause.RELAY,
        Cause.NETWORK,
        Cause.CLIENT_NAME,
        Cause.SUSPENDED,
        Cause.BLOCKED,
        Cause.SPAM,
        Cause.OWN_MAILBOX,
        Cause.OUT_OF_ORDER,
    }
)
SLOWER = frozenset({Cause.RATE, Cause.SESSION, Cause.TOO_MANY_SESSIONS})
THEIRS = frozenset({Cause.ADDRESS, Cause.MAILBOX_FULL, Cause.RECIPIENT, Cause.GREYLISTED})


class Parties(NamedTuple):
    """Whom a reply may be about: our address, our other names (`also`), and the recipients."""

    sender: str = ""
    also: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()

    def theirs(self) -> frozenset[str]:
        """Return the folded addresses of the recipients."""
        return frozenset(map(_folded, self.recipients))

    def ours(self) -> frozenset[str]:
        """Return our folded names, except one that is also a recipient's."""
        return frozenset(_folded(name) for name in (self.sender, *self.also)) - self.theirs()


UNNAMED = Parties()
LONGEST = 4000  # characters of a reply to look at
# Bounded as in RFC 5321 section 4.5.3.1, because a reply may be long to make the search slow.
ADDRESS = re.compile(r"<?[^\s<>()\[\]\"',;:@]{1,64}@[^\s<>()\[\]\"',;:]{1,255}>?")
# Postfix puts this before every refusal at RCPT, even one because of the sender.
PREFIX = re.compile(r"\brecipient address rejected\b", re.IGNORECASE)
LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
CODE = r"[245]\.\d{1,3}\.\d{1,3} "
# Each line after the first one repeats the enhanced code.
REPEATED = re.compile(rf"\n(?:{CODE})?")
# Postfix, Sendmail and Exim begin a reply with the name to blame.
BLAMED = re.compile(rf"(?:{CODE})?\s*<?\[?([^\s<>\[\]]+?)\]?>?(:|\.\.\.|,|\s|$)")


def _folded(name: str) -> str:
    user, at, domain = fold_address(name).strip("<>[].").rpartition("@")
    try:
        return f"{user}{at}{ascii_domain(domain)}"
    except ValueError:  # not a domain at all
        return f"{user}{at}{domain}"


class Said(NamedTuple):
    """A reply, prepared for the tables; `text` is "CODE TEXT" without names and links.

    `blames_us`, `blames_them`: whose name it begins with; `names_us`: it contains a name of
    ours, and no recipient's.
    """

    step: Step
    code: int
    text: str
    blames_us: bool
    blames_them: bool
    names_us: bool

    def fits(self, row: words.Row) -> bool:
        """Whether a row of words is for this reply."""
        return (
            str(self.code)[0] in row.digits
            and re.search(row.words, self.text, re.IGNORECASE) is not None
            and re.search(row.unless, self.text, re.IGNORECASE) is None
        )


def read(step: Step, reply: Reply, parties: Parties) -> Said:
    """Prepare a reply for the tables.

    >>> said = read(Step.RCPT, Reply(550, "5.1.1 <a@x.example>: no"), Parties(sender="a@x.example"))
    >>> said.text, said.blames_us, said.blames_them
    ('550 5.1.1 : no', True, False)
    """
    text = REPEATED.sub(" ", reply.text[:LONGEST])
    us, them = parties.ours(), parties.theirs()
    named = {_folded(found) for found in ADDRESS.findall(text)}
    names_us = bool(named & us) and not named & them
    head = BLAMED.match(text)
    blamed, mark = (_folded(head[1]), head[2]) if head else ("", "")
    # A sentence that begins with our name and then has theirs ("A may not write to B") blames
    # neither.
    blames_us = blamed in us and (not named & them or mark in {":", "..."})
    bare = " ".join(PREFIX.sub("refused", LINK.sub("", ADDRESS.sub("", text))).split())
    return Said(step, reply.code, f"{reply.code} {bare}", blames_us, blamed in them, names_us)


Find = Callable[[Said], Cause | None]


def _rows(rows: Iterable[words.Row]) -> Find:
    """Return a function that finds the first row that fits; a quota may become a rate limit."""
    ready = tuple(rows)

    def find(said: Said) -> Cause | None:
        cause = next((row.cause for row in ready if said.fits(row)), None)
        return words.window(said.text, said.code) if cause in QUOTAS else cause

    return find


def _perhaps(said: Said) -> Cause | None:
    return None if said.blames_them else _rows(ours.PERHAPS)(said)


ALL = frozenset(Step)
BEFORE_LOGIN = frozenset({Step.CONNECT})
IN_DELIVERY = ALL - BEFORE_MAIL
SPOKEN_OF = IN_DELIVERY - {Step.MAIL}  # a recipient has been named

# Where to look for a cause, and at which steps; the first cause found counts.
LOOK: tuple[tuple[frozenset[Step], Find], ...] = (
    (SPOKEN_OF, _rows(words.SURELY_THEIRS)),
    (IN_DELIVERY, _rows([words.SESSION])),
    (ALL - {Step.TLS}, _rows([words.CROWD])),
    (SPOKEN_OF, lambda s: _rows(words.BY_CODE)(s) if s.blames_them else None),
    (IN_DELIVERY | BEFORE_LOGIN, _rows(ours.SURELY)),
    (IN_DELIVERY, lambda s: Cause.SENDER_REFUSED if s.blames_us else None),
    (IN_DELIVERY, lambda s: Cause.OUT_OF_ORDER if s.code in ORDER_CODES else None),
    (IN_DELIVERY, lambda s: Cause.RELAY if s.code in LOGIN_CODES else None),
    (SPOKEN_OF, _rows(words.BY_CODE)),
    (SPOKEN_OF, _rows([words.FULL])),
    (frozenset({Step.RCPT}), _rows(words.AT_RCPT)),
    (frozenset({Step.MAIL}), _rows(ours.AT_MAIL)),
    (IN_DELIVERY, lambda s: Cause.SENDER_REFUSED if s.names_us and s.code >= 500 else None),
    (IN_DELIVERY | BEFORE_LOGIN, _perhaps),
    # No recipient has been named yet, so it can only be the sender.
    (frozenset({Step.MAIL}), lambda s: Cause.SENDER_REFUSED if s.code >= 500 else None),
)


def _cause(said: Said) -> Cause | None:
    if said.code < 400:
        return None
    found = (find(said) for steps, find in LOOK if said.step in steps)
    return next((cause for cause in found if cause), None)


TOO_MANY = re.compile(r"too (many|much)", re.IGNORECASE)

Judge = Callable[[Step, Reply, Cause | None], bool]

TABLE: tuple[tuple[Judge, Fate], ...] = (
    (lambda s, r, _: s is Step.DOT and 200 <= r.code < 300, Fate.SENT),
    (lambda s, r, _: s is Step.TLS and r.code != 421, Fate.LOGIN),
    (lambda s, r, _: r.code in LOGIN_CODES and s is not Step.DOT, Fate.LOGIN),
    (lambda s, r, _: s is Step.AUTH and r.code >= 500, Fate.LOGIN),
    (lambda _s, _r, c: c in QUOTAS, Fate.QUOTA),
    (lambda _s, _r, c: c in OURS, Fate.SENDER),
    (lambda _s, _r, c: c in SLOWER, Fate.BACK_OFF),
    (lambda _s, r, c: c in THEIRS and r.code < 500, Fate.DEFERRED),
    (
        lambda s, r, _: (
            r.code == 421
            # At and after RCPT, that is mostly greylisting, which concerns one recipient.
            or (r.enhanced.startswith("4.7.") and s not in SPOKEN_OF)
            or (400 <= r.code < 500 and bool(TOO_MANY.search(r.text)))
        ),
        Fate.BACK_OFF,
    ),
    (lambda s, _r, _c: s in BEFORE_MAIL, Fate.UNREACHABLE),
    (lambda _s, r, _: 400 <= r.code < 500, Fate.DEFERRED),
    (lambda _s, r, _: 500 <= r.code < 600, Fate.REFUSED),
    # Not an SMTP answer: after the dot, the letter may have been delivered.
    (lambda s, _r, _c: s is Step.DOT, Fate.UNKNOWN),
    (lambda *_: True, Fate.DEFERRED),
)


def judge(
    step: Step, reply: Reply | None, detail: str = "", *, parties: Parties = UNNAMED
) -> Outcome:
    """Judge a reply at a step; None means a timeout or a lost connection.

    Without a `detail`, the outcome says whom it is about: the recipient of RCPT, or our
    address.
    """
    if reply is None:
        return Outcome(_of_silence(step), step, None, detail)
    cause = _cause(read(step, reply, parties))
    fate = next(fate for holds, fate in TABLE if holds(step, reply, cause))
    return Outcome(fate, step, reply, detail or _about(step, fate, parties), cause)


def _of_silence(step: Step) -> Fate:
    if step is Step.DOT:
        return Fate.UNKNOWN
    if step is Step.TLS:
        return Fate.LOGIN
    return Fate.UNREACHABLE if step in BEFORE_MAIL else Fate.DEFERRED


def _about(step: Step, fate: Fate, parties: Parties) -> str:
    if fate is Fate.SENDER and parties.sender:
        return f"from {parties.sender}"
    if step is Step.RCPT and fate in {Fate.REFUSED, Fate.DEFERRED} and parties.recipients:
        return f"about {parties.recipients[0]}"
    return ""


# Enhanced codes, without the class, of a session that is over, out of order, or full.
SESSION_CODES = frozenset({"4.2", "5.0", "5.1", "5.3"})


def may_be_the_session(outcome: Outcome) -> bool:
    """Whether a refusal on a reused session may be about the session itself.

    Servers close an idle session, with or without a 421 (RFC 5321 section 3.8), or limit the
    letters in each.  MAIL names no recipient, so any refusal of it is worth a new session.
    """
    reply = outcome.reply
    if outcome.cause is Cause.TOO_MANY_SESSIONS:
        return False
    if outcome.step is Step.CONNECT:
        return reply is None
    if outcome.step is Step.MAIL:
        return True
    return (
        outcome.step in {Step.RCPT, Step.DATA}
        and reply is not None
        and (
            outcome.cause in {Cause.SESSION, Cause.OUT_OF_ORDER}
            or reply.code == 421
            or reply.enhanced[2:] in SESSION_CODES
        )
    )


def is_of_an_address(said: str) -> bool:
    """Whether a letter was refused because a recipient's address does not exist.

    `said` is the stored refusal: the reply, and the address that it was about.

    >>> is_of_an_address("550 5.1.1 no such user (about pd@x.example)")
    True
    >>> is_of_an_address("552 5.2.2 mailbox full (about pd@x.example)")
    False
    """
    code, _, text = said.partition(" ")
    if not re.fullmatch(r"5\d\d", code):
        return False
    return judge(Step.RCPT, Reply(int(code), text)).cause is Cause.ADDRESS
