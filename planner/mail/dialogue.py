"""Logs the SMTP dialogue: each command and reply, and how long the reply took.

It is for the user, and for a mail server's admin who asks what was said.  A login is logged
without its credentials, a letter only by its size, and replies without the account's secret
(see `redaction.py`).

    session 1: > MAIL FROM:<robin@mail.example>
    session 1: < 250 2.1.0 ok (0.021 s)
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable

from planner.mail.redaction import HIDDEN, shown
from planner.rules.retries import Reply

log = logging.getLogger(__name__)

SHORTEST = 12  # length of a letter's line from which on it is removed from replies
_numbers = itertools.count(1)


class Dialogue:
    """The log of one session; `show` turns bytes into text without the secret."""

    def __init__(self, show: Callable[[bytes], str] = shown) -> None:
        self._show = show
        self._number = 0
        self._asked = time.monotonic()
        self._letter: frozenset[str] = frozenset()

    def note(self, text: str) -> None:
        """Log anything but a command or a reply."""
        if _is_logged():
            self._number = self._number or next(_numbers)
            log.debug("session %d: %s", self._number, text)

    def said(self, command: bytes) -> None:
        """Log a command that we sent."""
        self._asked = time.monotonic()
        self.note(f"> {self._show(command).rstrip()}")

    def logged_in(self, *words: bytes) -> None:
        """Log a line of a login; all but the first two words of AUTH is secret."""
        named = words[:2] if words[0] == b"AUTH" else ()
        self.said(b" ".join([*named, *([HIDDEN] if len(words) > len(named) else [])]))

    def sent_letter(self, stuffed: bytes) -> None:
        """Log that a letter was sent, except for its final dot."""
        if _is_logged():
            lines = stuffed.decode("utf-8", "replace").split("\r\n")
            self._letter = frozenset(line for line in lines if len(line) >= SHORTEST)
        self.note(f"> (the letter, {len(stuffed):,} bytes)")

    def heard(self, reply: Reply) -> None:
        """Log a reply, without lines of the letter that it may quote."""
        if not _is_logged():
            return
        text = reply.text
        for line in self._letter:
            text = text.replace(line, "[letter]")
        on_one_line = " / ".join(text.split("\n"))
        took = time.monotonic() - self._asked
        self.note(f"< {reply.code} {on_one_line} ({took:.3f} s)")


def _is_logged() -> bool:
    return log.isEnabledFor(logging.DEBUG)
