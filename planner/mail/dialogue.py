"""The SMTP dialogue as a log: each command and reply, with how long the reply took.

For the user, and for a mail server's admin, who asks what was said.  A login is told without
what proves it, a letter by its size alone, and replies come with the account's secret taken
out; see `redaction.py`.

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

SHORTEST = 12  # octets of a line of a letter that is looked for in what a server says
_numbers = itertools.count(1)


class Dialogue:
    """The log of one session; `show` makes text of what was said, without the secret."""

    def __init__(self, show: Callable[[bytes], str] = shown) -> None:
        self._show = show
        self._number = 0
        self._asked = time.monotonic()
        self._letter: frozenset[str] = frozenset()

    def note(self, text: str) -> None:
        """Something that happened other than a command or a reply."""
        if _is_logged():
            self._number = self._number or next(_numbers)
            log.debug("session %d: %s", self._number, text)

    def said(self, command: bytes) -> None:
        """We have said a command."""
        self._asked = time.monotonic()
        self.note(f"> {self._show(command).rstrip()}")

    def logged_in(self, *words: bytes) -> None:
        """We sent a line of a login: only its first two words are not secret."""
        named = words[:2] if words[0] == b"AUTH" else ()
        self.said(b" ".join([*named, *([HIDDEN] if len(words) > len(named) else [])]))

    def sent_letter(self, stuffed: bytes) -> None:
        """A letter has gone out, all but its final dot."""
        if _is_logged():
            lines = stuffed.decode("utf-8", "replace").split("\r\n")
            self._letter = frozenset(line for line in lines if len(line) >= SHORTEST)
        self.note(f"> (the letter, {len(stuffed):,} bytes)")

    def heard(self, reply: Reply) -> None:
        """The server has said something; what it repeats of the letter is left out."""
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
