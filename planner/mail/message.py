"""The bytes of a message: built once, frozen at approval, checked by reading them back.

A value with control characters or `=?` is refused in headers, because Python 3.11's `email`
lets some values smuggle headers in.  The finished bytes are parsed again and must hold exactly
what was meant.  Plain text is never refused, however long its lines or names are.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from planner.errors import PlannerError
from planner.mail import headers
from planner.mail.wire import wire_digest
from planner.rules import controls
from planner.rules.addresses import ascii_domain, normalized

MOST_IN_LINE = 998  # RFC 5322 section 2.1.1
LONGEST_PLAIN_LINE = 78  # longer lines of the body need quoted-printable, which folds them
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

    usual_code = "unsafe_header"


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
    """Return the SHA-256 of all that a reader sees of a draft: its identity before approval."""
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
    """Return a new Message-ID in the domain of the sender's address."""
    domain = ascii_domain(sender.rpartition("@")[2])
    return f"<{secrets.token_hex(16)}@{domain}>"


def freeze(outline: Outline, *, message_id: str | None = None) -> Frozen:
    """Build the wire bytes, and read them back to check them.

    Raises UnsafeMessageError if a value is unsafe, or the bytes do not say what was meant.
    """
    identity = message_id or new_message_id(outline.sender)
    _refuse_unsafe(outline, identity)
    wire = _build(outline, identity)
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
        if found := controls.IN_HEADER.search(value):
            raise UnsafeMessageError(
                f"There is {found[0]!r} in {what}, which is not allowed in a mail header."
            )
    if found := controls.IN_BODY.search(outline.body):
        line = outline.body.count("\n", 0, found.start()) + 1
        raise UnsafeMessageError(f"There is a control character ({found[0]!r}) in line {line}.")
    if not outline.to:
        raise UnsafeMessageError(
            "The letter has no recipient.", hint="Add an address to your list."
        )


def _address(address: str) -> str:
    """Return the address for a header.  Raises UnsafeMessageError if it cannot be in one."""
    try:
        user, _, domain = normalized(address).rpartition("@")
        user.encode("ascii")
        return Address("", user, ascii_domain(domain)).addr_spec
    except UnicodeEncodeError as error:
        raise UnsafeMessageError(
            f"{address!r} has non-ASCII letters before the @; not every server accepts that.",
            hint="Ask them for another address, or tell them by other means.",
        ) from error
    except ValueError as error:
        raise UnsafeMessageError(
            f"{address!r} is not an email address ({error}).", hint="Correct it in your list."
        ) from error


def _build(outline: Outline, message_id: str) -> bytes:
    """Build the header lines, and the body in an encoding that every server passes on."""
    lines = "".join(f"{line}\r\n" for line in _header_lines(outline, message_id))
    longest = max(map(len, outline.body.splitlines()), default=0)
    plain = outline.body.isascii() and longest <= LONGEST_PLAIN_LINE
    body = EmailMessage(policy=policy.SMTP)
    body.set_content(outline.body, cte="7bit" if plain else "quoted-printable")
    return lines.encode("ascii") + body.as_bytes()


def _header_lines(outline: Outline, message_id: str) -> Iterator[str]:
    yield headers.write_mailbox("From", outline.sender_name, _address(outline.sender))
    yield headers.write_text("To", ", ".join(map(_address, outline.to)))
    if outline.cc:
        yield headers.write_text("Cc", ", ".join(map(_address, outline.cc)))
    yield headers.write_text("Subject", outline.subject)
    yield headers.write_line("Message-ID", message_id)
    if outline.in_reply_to:
        yield headers.write_line("In-Reply-To", outline.in_reply_to)
        yield headers.write_line("References", outline.in_reply_to)


def _verify(wire: bytes, outline: Outline, message_id: str) -> None:
    """Parse the bytes, and raise UnsafeMessageError unless they say exactly what was meant."""
    _verify_lines(wire)
    _verify_header_names(wire, outline)
    _verify_addresses(wire, outline)
    raw = message_from_bytes(wire, policy=policy.compat32)
    meant = {
        "From": outline.sender_name,
        "Subject": outline.subject,
        "Message-ID": message_id,
        "In-Reply-To": outline.in_reply_to,
        "References": outline.in_reply_to,
    }
    for name, value in meant.items():
        found = headers.unfold(raw.get(name, ""))
        found = headers.read_text(parseaddr(found)[0] if name == "From" else found)
        if found != value.strip():
            raise _misread(name, found, value)
    body = message_from_bytes(wire, policy=policy.SMTP).get_content()
    if body.splitlines() != outline.body.splitlines():
        raise _misread("The body", body, outline.body)


def _verify_lines(wire: bytes) -> None:
    longest = max(map(len, wire.split(b"\r\n")))
    if longest > MOST_IN_LINE:
        raise UnsafeMessageError(
            f"A header would have a line of {longest} characters; servers accept at most"
            f" {MOST_IN_LINE}.",
            hint="Shorten the word that is too long.",
        )
    if b"\n" in wire.replace(b"\r\n", b""):
        raise UnsafeMessageError("The message has a line that ends without a carriage return.")


def _verify_header_names(wire: bytes, outline: Outline) -> None:
    found = message_from_bytes(wire, policy=policy.compat32).keys()
    optional = {"Cc": outline.cc, "In-Reply-To": outline.in_reply_to}
    optional["References"] = outline.in_reply_to
    if sorted(found) != sorted(name for name in FIXED_HEADERS if optional.get(name, True)):
        raise UnsafeMessageError(f"The message has the headers {', '.join(found)}.")


def _verify_addresses(wire: bytes, outline: Outline) -> None:
    read = message_from_bytes(wire, policy=policy.SMTP)
    for name, addresses in (("From", [outline.sender]), ("To", outline.to), ("Cc", outline.cc)):
        found = [a.addr_spec for a in read[name].addresses] if name in read else []
        meant = [_address(a) for a in addresses]
        if found != meant:
            raise _misread(name, ", ".join(found), ", ".join(meant))


def _misread(what: str, found: str, meant: str) -> UnsafeMessageError:
    return UnsafeMessageError(f"{what} would be read as {found!r} and not as {meant!r}.")


def reflected(outline: Outline, address: str) -> Outline:
    """Return the same letter as a test copy, with `address` as every recipient."""
    return replace(outline, to=(address,), cc=(address,), subject=f"[TEST] {outline.subject}")
