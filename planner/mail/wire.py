"""The finished bytes of a message on their way: their digest, Date line and dots.

This is apart from `message.py`, which builds them, because a sender does not need `email`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache


def wire_digest(sender: str, recipients: Iterable[str], wire: bytes) -> str:
    """Return the SHA-256 of the envelope and the bytes without the Date line."""
    envelope = json.dumps([sender, list(recipients)]).encode()
    return hashlib.sha256(envelope + b"\0" + without_date(wire)).hexdigest()


def dated(wire: bytes, date_header: str) -> bytes:
    """Return the bytes to send: the Date line, then what was frozen."""
    return f"Date: {date_header}\r\n".encode("ascii") + wire


MESSAGE_ID = re.compile(rb"^Message-ID: *(?:\r\n +)?(\S+)\r$", re.MULTILINE)


def message_id_of(wire: bytes) -> str:
    """Return the Message-ID in the frozen bytes, or "" if there is not exactly one."""
    found = MESSAGE_ID.findall(wire.partition(b"\r\n\r\n")[0] + b"\r\n")
    return found[0].decode("ascii", "replace") if len(found) == 1 else ""


def is_date_of(header: str, moments: Iterable[datetime]) -> bool:
    """Return whether a Date header is one of these moments, to the second."""
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return False
    return any(at == moment.replace(microsecond=0) for moment in moments)


def date_header(now: datetime) -> str:
    """Return the value of a Date header for an aware moment (RFC 5322 section 3.3)."""
    return _to_the_second(now.replace(microsecond=0), now.utcoffset())


# Many letters leave within a second.  The offset is in the key, because moments in different
# zones may be equal.
@lru_cache(maxsize=8)
def _to_the_second(now: datetime, _offset: timedelta | None) -> str:
    return format_datetime(now)


def without_date(wire: bytes) -> bytes:
    """Return the bytes without a leading Date line."""
    return wire.partition(b"\r\n")[2] if wire.startswith(b"Date: ") else wire


def dot_stuffed(wire: bytes) -> bytes:
    """Return the bytes to send after DATA (RFC 5321 section 4.5.2), without the final dot."""
    stuffed = (b"." if wire.startswith(b".") else b"") + wire.replace(b"\n.", b"\n..")
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
