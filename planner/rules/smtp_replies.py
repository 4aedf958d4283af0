"""What a server's reply means for a letter, its account, and the run.

A reply is judged by its first digit; the enhanced code (RFC 3463) is used where its class
agrees.  First its cause is looked for in the tables of words (`LOOK`), then the first row of
`TABLE` that holds decides.  What concerns our account, our address, our host name, our
network or our quota is never a letter's fault, whatever the reply's number.
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
# The server knows no such command, or not here: it has lost its place in the session.
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
    """Whom a reply may speak of: our address, other names of ours, and the recipients."""

    sender: str = ""
    also: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()

    def theirs(self) -> frozenset[str]:
        """The recipients' addresses, as names are compared."""
        return frozenset(map(_folded, self.recipients))

    def ours(self) -> frozenset[str]:
        """Our names, but for one that is a recipient's, too."""
        return frozenset(_folded(name) for name in (self.sender, *self.also)) - self.theirs()


UNNAMED = Parties()
LONGEST = 4000  # characters of a reply that are looked at
# Bounded, as RFC 5321 section 4.5.3.1 has it: a reply may be long, and meant to be slow to read.
ADDRESS = re.compile(r"<?[^\s<>()\[\]\"',;:@]{1,64}@[^\s<>()\[\]\"',;:]{1,255}>?")
# Postfix says so of whatever it refuses at RCPT, be it for the sender's sake.
PREFIX = re.compile(r"\brecipient address rejected\b", re.IGNORECASE)
LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
CODE = r"[245]\.\d{1,3}\.\d{1,3} "
# Lines behind the first one repeat the enhanced code.
REPEATED = re.compile(rf"\n(?:{CODE})?")
# The name at the head of a reply is the one to blame, as Postfix, Sendmail and Exim write.
BLAMED = re.compile(rf"(?:{CODE})?\s*<?\[?([^\s<>\[\]]+?)\]?>?(:|\.\.\.|,|\s|$)")


def _folded(name: str) -> str:
    user, at, domain = fold_address(name).strip("<>[].").rpartition("@")
    try:
        return f"{user}{at}{ascii_domain(domain)}"
    except ValueError:  # a stranger's idea of a name
        return f"{user}{at}{domain}"


class Said(NamedTuple):
    """A reply that is ready to be looked at: `text` is "CODE TEXT" without names and links.

    `blames_us`, `blames_them`: whose name is at its head; `names_us`: ours is somewhere in
    it, and no recipient's.
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
    """Take a reply apart.

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
    # A sentence that begins with us and goes on to them ("A may not write to B") blames neither.
    blames_us = blamed in us and (not named & them or mark in {":", "..."})
    bare = " ".join(PREFIX.sub("refused", LINK.sub("", ADDRESS.sub("", text))).split())
    return Said(step, reply.code, f"{reply.code} {bare}", blames_us, blamed in them, names_us)


Find = Callable[[Said], Cause | None]


def _rows(rows: Iterable[words.Row]) -> Find:
    """Looks for the first row that fits; a limit is counted over what the reply says."""
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
SPOKEN_OF = IN_DELIVERY - {Step.MAIL}  # a recipient was named

# Where a cause is looked for, at which steps; the first that is found counts.
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
            # Behind RCPT that is mostly greylisting, which concerns one recipient.
            or (r.enhanced.startswith("4.7.") and s not in SPOKEN_OF)
            or (400 <= r.code < 500 and bool(TOO_MANY.search(r.text)))
        ),
        Fate.BACK_OFF,
    ),
    (lambda s, _r, _c: s in BEFORE_MAIL, Fate.UNREACHABLE),
    (lambda _s, r, _: 400 <= r.code < 500, Fate.DEFERRED),
    (lambda _s, r, _: 500 <= r.code < 600, Fate.REFUSED),
    # Nothing that SMTP knows: after the dot it may have been delivered.
    (lambda s, _r, _c: s is Step.DOT, Fate.UNKNOWN),
    (lambda *_: True, Fate.DEFERRED),
)


def judge(
    step: Step, reply: Reply | None, detail: str = "", *, parties: Parties = UNNAMED
) -> Outcome:
    """What a reply at a step means; None is silence or a lost connection.

    The outcome says whom it is about where no `detail` does: the recipient that RCPT asked
    for, or our address.
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


# Enhanced codes of a session that is over, out of step, or full.
SESSION_CODES = frozenset({"4.2", "5.0", "5.1", "5.3"})


def may_be_the_session(outcome: Outcome) -> bool:
    """Whether a kept session, rather than its letter or the account, may have been refused.

    Servers close a session that was idle for long, with or without a 421 (RFC 5321 section
    3.8), or take so many letters in each.  MAIL names no recipient, so it is worth another
    session whatever it is answered.
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

    `said` is how a refusal is kept: the reply, with whom it was about.

    >>> is_of_an_address("550 5.1.1 no such user (about pd@x.example)")
    True
    >>> is_of_an_address("552 5.2.2 mailbox full (about pd@x.example)")
    False
    """
    code, _, text = said.partition(" ")
    if not re.fullmatch(r"5\d\d", code):
        return False
    return judge(Step.RCPT, Reply(int(code), text)).cause is Cause.ADDRESS
