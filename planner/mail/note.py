"""Turns frozen bytes back into what a person types into a mail program, exactly as approved."""

from __future__ import annotations

from email import message_from_bytes, policy

from planner.mail import headers
from planner.rules.compose_links import Note


def note_of(wire: bytes) -> Note:
    """Return To, Cc, subject and text of a message that `freeze` built."""
    message = message_from_bytes(wire, policy=policy.SMTP)
    raw = message_from_bytes(wire, policy=policy.compat32)
    to, cc = (
        tuple(a.addr_spec for a in message[name].addresses) if name in message else ()
        for name in ("To", "Cc")
    )
    body = message.get_content().replace("\r\n", "\n")
    return Note(to, cc, headers.read_text(raw["Subject"]), body)
