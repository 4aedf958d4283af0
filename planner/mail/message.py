"""The bytes of a message: built once, frozen at approval, checked by reading them back.

On Python 3.11 `email` lets some values smuggle headers in, so nothing with control
characters or `=?` gets near a header, and what was built is parsed again and must
hold exactly what was meant.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

from planner.errors import PlannerError
from planner.mail.wire import wire_digest
from planner.rules.addresses import ascii_domain, normalized

UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|=\?")
UNSAFE_BODY = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# RFC 5322 section 2.1.1: lines within 998, headers folded at 78.
WIRE = policy.SMTP.clone(max_line_length=78)
MOST_IN_LINE = 998
FIXED_HEADERS = (
    "From",
    "To",
    "Cc",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)


class UnsafeMessageError(PlannerError):
    """A value that must not reach a header, or bytes that are not what was meant."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            hint="Take the characters out (planner programs set, or your config) and draft again.",
            code="unsafe_header",
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """What a message is made from."""

    sender_name: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    body: str
    in_reply_to: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """The envelope recipients: To, then Cc."""
        return (*self.to, *self.cc)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A finished message without its Date line, and the digest that stands for it."""

    wire: bytes
    message_id: str
    digest: str


def content_digest(kind: str, outline: Outline) -> str:
    """SHA-256 over all that a reader is shown of a draft: its identity before approval."""
    shown = [
        kind,
        outline.subject,
        outline.body,
        f"{outline.sender_name} <{outline.sender}>",
        outline.to,
        outline.cc,
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def new_message_id(sender: str) -> str:
    """A Message-ID in the domain of the sender's address."""
    domain = ascii_domain(sender.rpartition("@")[2])
    return f"<{secrets.token_hex(16)}@{domain}>"


def freeze(outline: Outline, *, message_id: str | None = None) -> Frozen:
    """Build the wire bytes, read them back, and refuse them if anything is amiss.

    Raises UnsafeMessageError.
    """
    identity = message_id or new_message_id(outline.sender)
    _refuse_unsafe(outline, identity)
    wire = _build(outline, identity).as_bytes()
    _verify(wire, outline, identity)
    return Frozen(wire, identity, wire_digest(outline.sender, outline.recipients, wire))


def _refuse_unsafe(outline: Outline, message_id: str) -> None:
    values = {
        "your name": outline.sender_name,
        "the subject": outline.subject,
        "the Message-ID": message_id,
        "In-Reply-To": outline.in_reply_to,
        **{f"the address {a!r}": a for a in (outline.sender, *outline.recipients)},
    }
    for what, value in values.items():
        if UNSAFE.search(value):
            raise UnsafeMessageError(
                f"A control character, a line break or =? in {what}; no header may hold that."
            )
    if found := UNSAFE_BODY.search(outline.body):
        raise UnsafeMessageError(f"The body has a control character ({found[0]!r}).")
    if not outline.to:
        raise UnsafeMessageError("The letter has no recipient.")


def _address(address: str, name: str = "") -> Address:
    try:
        user, _, domain = normalized(address).rpartition("@")
        user.encode("ascii")
        return Address(name, user, ascii_domain(domain))
    except UnicodeEncodeError as error:
        raise UnsafeMessageError(
            f"{address!r} has letters beyond ASCII before the @; not every server takes that."
        ) from error
    except ValueError as error:
        raise UnsafeMessageError(f"{address!r} is no mail address ({error}).") from error


def _build(outline: Outline, message_id: str) -> EmailMessage:
    message = EmailMessage(policy=WIRE)
    message["From"] = _address(outline.sender, outline.sender_name)
    message["To"] = [_address(a) for a in outline.to]
    if outline.cc:
        message["Cc"] = [_address(a) for a in outline.cc]
    message["Subject"] = outline.subject
    message["Message-ID"] = message_id
    if outline.in_reply_to:
        message["In-Reply-To"] = outline.in_reply_to
        message["References"] = outline.in_reply_to
    plain = outline.body.isascii() and max(map(len, outline.body.splitlines()), default=0) <= 78
    message.set_content(outline.body, cte="7bit" if plain else "quoted-printable")
    return message


def _verify(wire: bytes, outline: Outline, message_id: str) -> None:
    """Parse the bytes back and demand exactly what was meant."""
    if max(map(len, wire.split(b"\r\n"))) > MOST_IN_LINE or b"\n" in wire.replace(b"\r\n", b""):
        raise UnsafeMessageError("The message has a line that is too long or badly ended.")
    read = message_from_bytes(wire, policy=policy.SMTP)
    expected = [
        name
        for name in FIXED_HEADERS
        if (name != "Cc" or outline.cc)
        and (name not in {"In-Reply-To", "References"} or outline.in_reply_to)
    ]
    if sorted(read.keys()) != sorted(expected):
        raise UnsafeMessageError(f"The message has the headers {', '.join(read.keys())}.")
    addresses = {
        name: tuple(a.addr_spec for a in read[name].addresses)
        for name in ("From", "To", "Cc")
        if name in read
    }
    meant = {"From": (outline.sender,), "To": outline.to, "Cc": outline.cc}
    for name, found in addresses.items():
        if found != tuple(_address(a).addr_spec for a in meant[name]):
            raise UnsafeMessageError(f"{name} reads back as {', '.join(found)}.")
    if str(read["Subject"]) != outline.subject or str(read["Message-ID"]) != message_id:
        raise UnsafeMessageError("Subject or Message-ID does not read back as it was written.")
    if read.get_content().splitlines() != outline.body.splitlines():
        raise UnsafeMessageError("The body does not read back as it was written.")


def reflected(outline: Outline, address: str) -> Outline:
    """The same letter as a copy to oneself: every recipient is `address`, marked as a test."""
    return replace(outline, to=(address,), cc=(address,), subject=f"[TEST] {outline.subject}")
