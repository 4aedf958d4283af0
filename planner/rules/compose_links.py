"""Makes links that open a letter in a mail program or on a web page, ready to send by hand.

They are for people whose school does not let programs send their mail.  A link contains To,
subject and text, and Cc if the other side reads it; the user is told what a link cannot contain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

# Windows passes on only about this many characters, and so do the login pages of web mail.
MOST = 2000


class Note(NamedTuple):
    """A letter as it is typed into a mail program."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    body: str


class Way(StrEnum):
    """How a letter gets into the hands of the user's own mail program."""

    FILE = "file"
    MAILTO = "mailto"
    GMAIL = "gmail"
    OUTLOOK = "outlook"  # of a school or an employer
    OUTLOOK_COM = "outlook.com"  # of a private account


def _mailto(note: Note) -> str:
    """Make a mailto link (RFC 6068): bare commas separate addresses, CRLF separates lines."""
    copies = [f"cc={_addresses(note.cc)}"] if note.cc else []
    text = [f"subject={_quoted(note.subject)}", f"body={_quoted(_lines(note.body))}"]
    return f"mailto:{_addresses(note.to)}?{'&'.join([*copies, *text])}"


def _gmail(note: Note) -> str:
    return _page(
        "https://mail.google.com/mail/",
        [
            ("view", "cm"),
            ("fs", "1"),
            ("to", ",".join(note.to)),
            ("cc", ",".join(note.cc)),
            ("su", note.subject),
            ("body", _lines(note.body)),
        ],
    )


def _outlook(note: Note, *, page: str) -> str:
    """Make a link to Outlook on the web, which ignores Cc."""
    fields = [("to", ";".join(note.to)), ("subject", note.subject), ("body", _lines(note.body))]
    return _page(page, fields)


MAKERS: dict[Way, Callable[[Note], str]] = {
    Way.MAILTO: _mailto,
    Way.GMAIL: _gmail,
    Way.OUTLOOK: partial(_outlook, page="https://outlook.office.com/mail/deeplink/compose"),
    Way.OUTLOOK_COM: partial(_outlook, page="https://outlook.live.com/mail/0/deeplink/compose"),
}
# Ways that carry Cc; for the others, the user pastes it.
CARRIES_CC = frozenset({Way.FILE, Way.MAILTO, Way.GMAIL})


def link(way: Way, note: Note) -> str:
    """Return the link that opens a letter in this way, which must not be `Way.FILE`."""
    return MAKERS[way](note)


def trouble(way: Way, note: Note) -> str:
    """Say why a letter should not go this way, as a clause; "" if it may."""
    if way is Way.FILE:
        return ""
    if (length := len(link(way, note))) > MOST:
        return (
            f"its link has {length} characters, and what is longer than {MOST} is cut on some"
            " computers"
        )
    if way in {Way.OUTLOOK, Way.OUTLOOK_COM} and any("+" in address for address in note.to):
        return "Outlook on the web reads the + in an address as a space"
    return ""


def _page(address: str, fields: Iterable[tuple[str, str]]) -> str:
    query = "&".join(f"{name}={_quoted(value)}" for name, value in fields if value)
    return f"{address}?{query}"


def _addresses(addresses: tuple[str, ...]) -> str:
    return ",".join(quote(address, safe="@") for address in addresses)


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _lines(text: str) -> str:
    return text.rstrip("\n").replace("\n", "\r\n")
