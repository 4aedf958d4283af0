"""Our end of an SMTP session: it sends commands and reads replies in order.

aiosmtplib connects, begins TLS and logs in.  Then this protocol takes its place on the
transport, because a delivery must know what aiosmtplib does not tell: whether the server
spoke before it was asked, and when exactly the connection was lost.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from typing import cast

from planner import system
from planner.mail.dialogue import Dialogue
from planner.mail.redaction import shown
from planner.rules.retries import Reply

# RFC 5321 section 4.5.3.1.5 allows 512 octets; real servers send more.
LONGEST_LINE = 8192
LONGEST_REPLY = 4 * LONGEST_LINE
REPLY_LINE = re.compile(rb"(\d{3})(?:([ -])(.*))?", re.DOTALL)


class LineLostError(Exception):
    """No reply will come: a timeout, a lost connection, or something that is not a reply."""


class Line(asyncio.BufferedProtocol):
    """The protocol for the transport of a session that is ready for letters.

    `show` turns replies into text without the session's secret; `dialogue` logs what is
    said.  Replies are short, so they are read into one small buffer; asyncio would map
    256 KiB of memory for each of them.
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        show: Callable[[bytes], str] = shown,
        dialogue: Dialogue | None = None,
    ) -> None:
        self._transport = transport
        self._show = show
        self.dialogue = dialogue or Dialogue(show)
        self._loop = asyncio.get_running_loop()
        # A memoryview, because asyncio's TLS writes to a slice of it.
        self._arriving = memoryview(bytearray(LONGEST_LINE))
        self._buffer = b""
        self._parts: list[bytes] = []  # the lines of an unfinished reply
        self._code = b""  # the code of its first line
        self._replies: deque[Reply] = deque()
        self._lost = ""
        self._waiter: asyncio.Future[None] | None = None
        self._bell: asyncio.TimerHandle | None = None
        self._deadline = 0.0  # for the awaited reply, by the loop's clock
        self._patience = 0.0  # the timeout in seconds, for the message
        self._has_arrived = system.arrivals(transport.get_extra_info("socket"))
        self._room = asyncio.Event()
        self._room.set()
        transport.set_protocol(self)

    @property
    def is_up(self) -> bool:
        """Whether the connection can be used."""
        return not self._lost and not self._transport.is_closing()

    @property
    def spoke_unasked(self) -> bool:
        """Whether the server has said something that we did not ask for, or begun to."""
        return bool(self._replies or self._buffer or self._parts)

    def heard(self) -> Reply | None:
        """Return a reply that has already arrived, or None."""
        return self._replies.popleft() if self._replies else None

    def say(self, command: bytes) -> None:
        """Send and log a command.  Raises LineLostError if the connection is gone."""
        self.write(command)
        self.dialogue.said(command)

    def write(self, data: bytes) -> None:
        """Send bytes unchanged.  Raises LineLostError if the connection is gone."""
        if not self.is_up:
            raise LineLostError(self._lost or "the connection is closed")
        self._transport.write(data)

    async def drain(self, timeout: float) -> None:
        """Wait until there is room for more.  Raises LineLostError after `timeout` seconds."""
        if self._room.is_set() and not self._lost:
            return
        try:
            async with asyncio.timeout(timeout):
                await self._room.wait()
        except TimeoutError:
            raise LineLostError(f"the server accepted nothing for {timeout:g} s") from None
        if self._lost:
            raise LineLostError(self._lost)

    async def reply(self, timeout: float) -> Reply:
        """Return the next reply.  Raises LineLostError if none comes in `timeout` seconds."""
        if not self._replies and not self._lost:
            self._waiter = self._loop.create_future()
            self._set_bell(timeout)
            try:
                await self._waiter
            except asyncio.CancelledError:
                if not self._replies:
                    raise
                # A reply that arrived counts; cancel the task at its next await instead.
                cast(asyncio.Task[object], asyncio.current_task()).cancel()
            finally:
                self._waiter = None
        if found := self.heard():
            return found
        raise LineLostError(self._lost)

    def _set_bell(self, timeout: float) -> None:
        """Give up at the deadline; a bell that rings before it is set again.

        So a session makes about one timer per timeout, not one per command.
        """
        self._patience, self._deadline = timeout, self._loop.time() + timeout
        if self._bell is not None:
            if self._bell.when() <= self._deadline:
                return
            self._bell.cancel()
        self._bell = self._loop.call_at(self._deadline, self._ring)

    def _ring(self) -> None:
        self._bell = None
        if self._waiter is None:
            return
        if self._loop.time() < self._deadline:
            self._bell = self._loop.call_at(self._deadline, self._ring)
        else:
            self._lose(f"silence for {self._patience:g} s")

    async def look(self) -> None:
        """Read what has arrived.

        If there is anything, the loop reads it in one round and delivers it in the next.
        """
        if self.is_up and self._has_arrived():
            for _ in range(2):
                await asyncio.sleep(0)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return the buffer that the transport fills."""
        return self._arriving

    def buffer_updated(self, nbytes: int) -> None:
        """Split the received bytes into replies."""
        *lines, self._buffer = (self._buffer + self._arriving[:nbytes]).split(b"\n")
        for line in lines:
            self._take(line.removesuffix(b"\r"))
        if len(self._buffer) > LONGEST_LINE:
            self._lose("malformed answer: a line without an end")

    def _take(self, line: bytes) -> None:
        if self._lost:
            return
        match = REPLY_LINE.fullmatch(line)
        if match is None or len(line) > LONGEST_LINE:
            self._lose(f"malformed answer: {self._show(line)[:100]}")
            return
        code, more, text = match.groups()
        if self._parts and code != self._code:  # RFC 5321 section 4.2.1 wants the same on each
            self._lose("malformed answer: its lines have different codes")
            return
        self._code = code
        self._parts.append((text or b"").strip())
        said = b"\n".join(self._parts)
        if len(said) > LONGEST_REPLY:
            self._lose("malformed answer: a reply without an end")
        elif more != b"-":
            self._parts.clear()
            reply = Reply(int(code), self._show(said))
            self.dialogue.heard(reply)
            self._replies.append(reply)
            self._wake()

    def _lose(self, why: str) -> None:
        if not self._lost:
            self._lost = why
            self.dialogue.note(f"over: {why}")
        if self._bell is not None:
            self._bell.cancel()
            self._bell = None
        self._room.set()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def eof_received(self) -> bool:
        """Note that the server hung up; the transport closes itself."""
        self._lose("the server closed the connection")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the connection is gone."""
        self._lose(f"connection lost{f': {exc}' if exc else ''}")

    def pause_writing(self) -> None:
        """Make `drain` wait: the buffers are full."""
        self._room.clear()

    def resume_writing(self) -> None:
        """Let `drain` go on: there is room again."""
        self._room.set()
