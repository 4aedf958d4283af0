"""The server of the page: on loopback, on a port that nobody can guess, until the command ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing

import uvicorn

from planner.web.app import make_app
from planner.web.work import Work

HOST = "127.0.0.1"


def serve(work: Work, *, opened: Callable[[str], None]) -> None:
    """Answer until the page or the terminal ends it; `opened` is told the link to the page.

    Raises KeyboardInterrupt where the terminal ended it.
    """
    with closing(socket.create_server((HOST, 0))) as listening:
        port = listening.getsockname()[1]
        guard = make_app(work, port)
        server = uvicorn.Server(
            uvicorn.Config(
                guard,
                lifespan="off",
                ws="none",
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
                log_level="critical",  # what any page makes a browser send is no news
                timeout_graceful_shutdown=2,
            )
        )

        def end() -> None:
            server.should_exit = True

        work.end = end
        opened(f"http://{HOST}:{port}/#{guard.token}")
        asyncio.run(server.serve(sockets=[listening]))
