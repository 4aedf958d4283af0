"""The practice mailbox of `planner demo --serve`: letters arrive on this computer, to be read."""

from __future__ import annotations

import errno
import queue
from email import message_from_bytes, policy
from pathlib import Path
from typing import Self

from planner.cli import show
from planner.cli.app import say
from planner.errors import ConfigError, ExitCode

HOST, PORT = "127.0.0.1", 2525  # what the README's config names
LOOK = 0.3  # seconds between looks at what has arrived
SETTINGS = """\
[smtp]
host = "{host}"
port = {port}
security = "none"
auth = "none"
per_minute = 0
per_day = 0
window = "always\""""


class PracticeMailbox:
    """A mail server on this computer whose letters wait to be shown."""

    def __init__(self, maildir: Path, port: int) -> None:
        from planner.mail.loopback import LoopbackServer  # aiosmtpd is slow to load

        self._arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._server = LoopbackServer(maildir, port=port, tell=self._arrived.put)
        self._wanted = port
        self._count = 0

    @property
    def port(self) -> int:
        """The port at which it listens."""
        return self._server.port

    def __enter__(self) -> Self:
        try:
            self._server.__enter__()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise taken(self._wanted) from error
        return self

    def __exit__(self, *how: object) -> None:
        self._server.__exit__(None, None, None)

    def show_until_interrupted(self) -> ExitCode:
        """Show each letter as it arrives; Ctrl-C is how this ends."""
        try:
            while True:
                try:
                    self._show(self._arrived.get(timeout=LOOK))
                except queue.Empty:
                    continue
        except KeyboardInterrupt:
            say(f"\nThe practice mailbox is closed; {show.plural(self._count, 'letter')} arrived.")
            return ExitCode.OK

    def forget(self) -> None:
        """Do not show what has arrived so far."""
        while not self._arrived.empty():
            self._arrived.get()

    def _show(self, wire: bytes) -> None:
        self._count += 1
        message = message_from_bytes(wire, policy=policy.default)
        body = message.get_body(("plain",))
        subject, sender, to, cc = (
            str(message[name] or "") for name in ("Subject", "From", "To", "Cc")
        )
        text = "" if body is None else body.get_content().replace("\r\n", "\n")
        say(f"\n--- letter {self._count} has arrived ".ljust(show.width(), "-"))
        say(show.letter_text(subject, sender, to, cc, text.rstrip()))


def opened(port: int) -> str:
    """What to put into a config to send to the practice mailbox."""
    settings = "\n".join(f"  {line}" for line in SETTINGS.format(host=HOST, port=port).split("\n"))
    first = (
        f"A practice mailbox is open at {HOST}:{port}. Letters sent to it never leave this"
        " computer."
    )
    note = (
        "Use a separate folder for practice: what is sent here counts as sent in that"
        " folder's database. Ctrl-C closes the mailbox."
    )
    return (
        f"{show.wrapped(first)}\nIn your config.toml:\n\n{settings}\n\n{show.wrapped(note)}\n"
        "Letters are shown here as they arrive."
    )


def taken(port: int) -> ConfigError:
    """The error of a port that something else listens at."""
    return ConfigError(
        f"Port {port} of this computer is in use, perhaps by another practice mailbox.",
        hint=f"Close that one, or use another port: planner demo --serve --port {port + 1}",
        code="port_taken",
    )
