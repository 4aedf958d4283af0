"""Words of servers that tell what a refusal is about, in tables; each row has its source.

A row is searched in "CODE TEXT" without addresses and links, ignoring case.  `digits` are the
first digits of replies that it applies to; `unless` are words that rule it out.  The examples
are real replies of servers: the step, a colon, and the reply; {from} is our address and {to}
the recipient's.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from planner.rules.retries import Cause


class Row(NamedTuple):
    """Words, the cause that they tell, their source, and examples of replies with them."""

    cause: Cause
    words: str
    source: str
    examples: tuple[str, ...]
    digits: str = "45"
    unless: str = r"(?!)"


# Words of a limit, and words that tell whether it is the sender's, a message's or a mailbox's.
LIMIT = (
    r"quota|\blimit(s|ed)?\b|allowance|threshold|exceed|throttl|ratelimit"
    r"|\btoo (many|much|fast|quickly|often|frequent)|maximum (number|sending|rate)|only \d+ \w+ per"
)
SENDERS = (
    r"\b(you|your|you've|send(s|ing|er|ers)?|sent|submission|out(going|bound|mail)|relay|smtp"
    r"|client|tenant|policy rejection|daily|hourly|monthly|e-?mails|messages|rcpts|rate)\b"
    r"|ratelimit|\b(per|this|an|each|every|last|\d+) ?(second|minute|hour|day|month)s?\b"
)
OF_A_MESSAGE = (
    r"\b(size|bytes|octets|larger?|big|[kmg]i?b|attachments?|headers?|lines?|length|long|characters"
    r"|hops?|loop\w*|links|urls|nest\w*|spam|scored?)\b"
)
OF_A_MAILBOX = r"\b(mailbox|inbox|maildir|storage|disk|recipient('s)?|on the server)\b"
THEIR_BOX = r"\b(mail ?box|inbox|mail ?folder|maildir|recipient|user|account)\b"

# What no server says about a sender.
SURELY_THEIRS = (
    Row(
        Cause.GREYLISTED,
        r"gr[ae]y-?\s?list",
        "Postgrey, rspamd, Zoho; sisimai's reasons",
        (
            "rcpt: 451 4.7.1 <{to}>: Recipient address rejected: Greylisting in effect",
            "rcpt: 450 4.2.0 <{to}>: Recipient address rejected: Greylisted, see http://pg.example",
            "dot: 451 4.7.1 Greylisted, try again after some time",
        ),
        digits="4",
    ),
    Row(
        Cause.ADDRESS,
        r"that you tried to reach (does ?n.t|does not) exist",
        "Gmail SMTP errors and codes, support.google.com/a/answer/3726730",
        ("rcpt: 550 5.1.1 The email account that you tried to reach does not exist.",),
        digits="5",
    ),
    Row(
        Cause.MAILBOX_FULL,
        r"that you tried to reach is over|inbox is out of storage",
        "the same list",
        (
            "rcpt: 452 4.2.2 The email account that you tried to reach is over quota.",
            "dot: 552 5.2.2 The recipient's inbox is out of storage space and inactive.",
        ),
    ),
    Row(
        Cause.RECIPIENT,
        r"that you tried to reach|you are trying to contact|message receive limit"
        r"|recipients?('s)?( \w+){0,3} limit|recipient has exceeded their limit"
        r"|messages to deferred due to excessive",
        "the same list; Exchange Online's NDR codes; iCloud in smtp.codes",
        (
            "rcpt: 550 5.2.1 The email account that you tried to reach is disabled.",
            "rcpt: 450 4.2.1 The user you are trying to contact is receiving mail too quickly.",
            "dot: 432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded",
            "dot: 550 5.2.121 Recipient's per hour message receive limit from sender exceeded",
            "rcpt: 421 4.7.1 Messages to {to} deferred due to excessive volume.",
        ),
    ),
    Row(
        Cause.RECIPIENT,
        r"resolver\.rst\.|not authenticated (by|for) |allowed-senders|members?[- ]only|closed mailing"
        r"|banned recipient|\b(by|due to) (the |this )?(recipient|addressee|user entry)"
        r"|recipient('s)?( \w+){0,3} (polic|preference|setting|rule|filter|block|refus)"
        r"|recipient (is|does|only)( not)? accept|messages to\b.{0,30}\bare blocked"
        r"|\b(send|post|write|mail|messages|e-?mails) to (this |the |that )?"
        r"(recipient|group|list|mailbox|address|user|destination|alias|distribution)\b"
        r"|envelope blocked - user",
        "Exchange Online's NDR codes 5.7.12 to 5.7.136; sisimai's filtered; Mimecast",
        (
            "rcpt: 550 5.7.1 <{to}>: Recipient address rejected: message blocked by recipient policy",
            "rcpt: 550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; not authenticated for group",
            "rcpt: 554 5.7.1 You have been blocked by the recipient",
            "dot: 550 5.7.1 Sender is not allowed to send to this recipient",
            "dot: 550 5.7.1 Your message was rejected due to recipient preferences",
            "dot: 550 5.7.703 Messages to {to} are blocked by your organization",
        ),
    ),
)

# What is about a recipient by its enhanced code (RFC 3463), unless the words say otherwise.
BY_CODE = (
    Row(
        Cause.ADDRESS,
        r"^[45]\d\d [45]\.1\.(1|2|3|4|6|10)\b|^5\d\d 5\.4\.1 .*access denied|^556\b",
        "RFC 7505, too; Exchange Online says 5.4.1 of a directory without the address",
        (
            "rcpt: 550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual table",
            "rcpt: 550 5.4.1 Recipient address rejected: Access denied.",
            "dot: 550 5.1.1 no such person",
            "rcpt: 556 5.1.10 Recipient address has null MX",
        ),
    ),
    Row(
        Cause.MAILBOX_FULL,
        r"^[45]\d\d [45]\.2\.2\b",
        "RFC 3463",
        ("rcpt: 552 5.2.2 <{to}>: Quota exceeded", "dot: 452 4.2.2 Over quota"),
    ),
    Row(
        Cause.RECIPIENT,
        r"^[45]\d\d [45]\.2\.[134]\b",
        "RFC 3463",
        ("rcpt: 550 5.2.1 <{to}>: mailbox disabled, not accepting messages",),
    ),
)
FULL = Row(
    Cause.MAILBOX_FULL,
    rf"{THEIR_BOX}.{{0,40}}(\bfull\b|\bover\b|quota|exceed|storage|\btoo many)"
    r"|\b(exceeded|out of|not enough|insufficient) (disk |mail )?(storage|space)\b",
    "sisimai's mailboxfull",
    (
        "rcpt: 450 The mailbox of <{to}> has too many messages",
        "dot: 552 Requested mail action aborted: exceeded storage allocation",
        "rcpt: 550 user {to} is over quota",
    ),
)
# What has this meaning only in an answer to RCPT, which is about a recipient.
AT_RCPT = (
    Row(
        Cause.MAILBOX_FULL,
        r"\b(over ?quota|quota exceeded|disk quota)\b",
        "sisimai's mailboxfull",
        ("rcpt: 550 <{to}>: over quota",),
    ),
    Row(
        Cause.RECIPIENT,
        rf"{THEIR_BOX}.{{0,30}}(disabled|inactive|suspended|\blocked|closed|frozen|discontinued"
        r"|deactivated|expired|not accept)|\b(mail ?box|inbox|recipient) (is |has been )?blocked",
        "sisimai's suspend",
        ("rcpt: 550 User suspended", "rcpt: 554 mailbox locked"),
        unless=r"\b5\.7\.",
    ),
    Row(
        Cause.ADDRESS,
        r"\b(user|recipient|mailbox|address|account|alias|person)\b.{0,30}(\bunknown|\binvalid"
        r"|no longer|does(n't| not) exist"
        r"|\bnot (found|exist|known|valid|local|here|recogni|listed|present))"
        r"|\b(unknown|invalid|no such|non-?existent|bad|undeliverable) (\w+ )?"
        r"(user|recipient|mailbox|address|account|person|destination|domain|host)"
        r"|\bno (mailbox|account|user|one)\b.{0,20}(here|by that|found)|unrouteable"
        r"|not a (valid|known)|\b(host|domain)\b.{0,20}(\bunknown|not found|does(n't| not) exist)",
        "Sendmail, Exim, qmail, Exchange; sisimai's userunknown",
        (
            "rcpt: 550 No such user here",
            "rcpt: 550 <{to}>... User unknown",
            "rcpt: 550 sorry, no mailbox here by that name. (#5.1.1)",
            "rcpt: 550 Unrouteable address",
        ),
    ),
)

# What is about the session: a new one may accept the letter.
SESSION = Row(
    Cause.SESSION,
    r"\b(per|in|for) (this |one |a |the )?(same )?(session|connection)\b|message count|reconnect"
    r"|\b(new|another|open a) (session|connection)|(session|connection) (has )?(expired|timed? ?out|idle)",
    "Amazon SES, Stalwart, Yahoo, Gmail, GoDaddy IB510",
    (
        "mail: 452 4.5.3 Too many messages in this session",
        "data: 452 4.4.5 Maximum number of messages per session exceeded.",
        "mail: 421 Max message per connection reached, closing transmission channel",
        "mail: 421 4.7.0 Connection expired, try reconnecting.",
        (
            "dot: 550 This message has exceeded the max number of messages per session. Open a new"
            " session and try again. IB510"
        ),
    ),
)
# Too many sessions at the same time.
CROWD = Row(
    Cause.TOO_MANY_SESSIONS,
    r"^432\b|concurrent|simultaneous|too many (\w+ ){0,3}(connections|sessions)|thread limit"
    r"|(connection|session)s? (count )?(limit|exceeded)",
    "Exchange Online, Postfix, Gmail, Mimecast, GoDaddy IB007",
    (
        "dot: 432 4.3.2 Concurrent connections limit exceeded.",
        "dot: 432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
        "connect: 421 4.7.0 mx.example Error: too many connections from 192.0.2.1",
        "connect: 421 Connection refused, too many sessions from This IP.",
        "dot: 550 exceeding outbound thread limit",
    ),
)


WINDOWS = (
    (r"dai?ly|\bday|24 ?-?h|month|week", Cause.QUOTA_DAY),
    (r"hour", Cause.QUOTA_HOUR),
    (r"second|minute|too (fast|quick)|\brate\b|ratelimit|throttl|slow", Cause.RATE),
)


def window(words: str, code: int) -> Cause:
    """Return the period of the limit that a reply is about, as a cause.

    If the reply does not say it, a permanent refusal means a day, a temporary one a rate.

    >>> window("550 exceeded the max emails per hour", 550)
    <Cause.QUOTA_HOUR: 'quota_hour'>
    """
    for pattern, cause in WINDOWS:
        if re.search(pattern, words, re.IGNORECASE):
            return cause
    return Cause.QUOTA_DAY if code >= 500 else Cause.RATE
