"""A real SMTP server on loopback that stores messages in a Maildir; for demo and practice."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from planner.files import make_folder, write_private

HOST = "127.0.0.1"

Tell = Callable[[bytes], object]


class _Keeper:
    """Puts every accepted message into the Maildir, by names that every system can write."""

    def __init__(self, folder: Path, tell: Tell) -> None:
        for name in ("tmp", "new", "cur"):
            make_folder(folder / name)
        self._new, self._numbers, self._tell = folder / "new", count(1), tell

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        if not isinstance(content, bytes):
            return "554 5.6.0 bytes expected"
        name = f"{time.time_ns()}.{os.getpid()}_{next(self._numbers)}.loopback"
        write_private(self._new / name, content.replace(b"\r\n", b"\n"))
        self._tell(content)
        return "250 2.0.0 kept"


class LoopbackServer:
    """A context manager: inside it, a server listens on 127.0.0.1 at `port` (0: any).

    `tell` gets each message that was kept, in the server's own thread.  Entering it raises
    OSError for a port that is in use.
    """

    def __init__(self, maildir: Path, *, port: int = 0, tell: Tell = lambda _: None) -> None:
        self._maildir = maildir
        self._wanted = port
        self._tell = tell
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._talks: list[SMTP] = []

    @property
    def port(self) -> int:
        """The port at which it listens."""
        if self._server is None:
            raise RuntimeError("the server is not running")
        return int(self._server.sockets[0].getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._server = self._run(self._start())
        except OSError:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _start(self) -> asyncio.Server:
        keeper = _Keeper(self._maildir, self._tell)

        def talk() -> SMTP:
            self._talks.append(SMTP(keeper, hostname="loopback.example", loop=self._loop))
            return self._talks[-1]

        return await asyncio.get_running_loop().create_server(talk, HOST, self._wanted)

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        others = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for talk in self._talks:
            if talk.transport is not None:
                talk.transport.close()
        await asyncio.sleep(0.01)  # the loop closes the sockets in its next rounds
