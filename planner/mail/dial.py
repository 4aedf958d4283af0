"""A TCP connection to whichever address of a name answers first (RFC 8305, happy eyeballs).

aiosmtplib tries one address after another, each for as long as the system has patience, so
that one dead address hides a living one.  asyncio can do better, but gives no socket that
could be handed on.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner import system
from planner.rules.retries import Cause

HEAD_START = 0.25  # seconds that an address has before the next is tried as well
# What went wrong with several addresses, the most telling first.
TELLING = (ConnectionRefusedError, PermissionError)


class Address(NamedTuple):
    """One address of a name, as the resolver gives it."""

    family: socket.AddressFamily
    kind: socket.SocketKind
    protocol: int
    where: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


class NotConnectedError(Exception):
    """No address could be connected to; `cause` says why, as far as it can be told."""

    def __init__(self, cause: Cause, text: str) -> None:
        super().__init__(text)
        self.cause = cause


async def dial(host: str, port: int, *, timeout: float) -> socket.socket:
    """A connected socket, of the first address that answers.  Raises NotConnectedError."""
    here = f"{host} port {port}"
    try:
        async with asyncio.timeout(timeout):
            return await _first(interleaved(await _addresses(host, port)))
    except TimeoutError:
        raise NotConnectedError(
            Cause.NO_ANSWER, f"{here} does not answer, after {timeout:g} s"
        ) from None
    except (socket.gaierror, UnicodeError) as error:  # UnicodeError: no name could be like that
        away = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        text = f"no name server answers for {host}" if away else f"there is no host {host}"
        cause = Cause.NO_NAME_SERVER if away else Cause.NO_SUCH_HOST
        raise NotConnectedError(cause, text) from error
    except OSError as error:
        refused = isinstance(error, ConnectionRefusedError)
        cause = Cause.CONNECTION_REFUSED if refused else Cause.NO_NETWORK
        raise NotConnectedError(cause, f"{here}: {system.why(error)}") from error


async def _addresses(host: str, port: int) -> list[Address]:
    """Every address of a host; a number is one by itself, and no name server is asked."""
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        )
    except (socket.gaierror, UnicodeError):
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [Address(family, kind, number, where) for family, kind, number, _, where in found]


def interleaved(addresses: Iterable[Address]) -> list[Address]:
    """IPv6 and IPv4 in turn, in the order of the resolver otherwise (RFC 8305 section 4)."""
    families: dict[int, list[Address]] = {}
    for address in addresses:
        families.setdefault(address.family, []).append(address)
    rounds = itertools.zip_longest(*families.values())
    return [address for one in rounds for address in one if address is not None]


async def _first(addresses: Sequence[Address]) -> socket.socket:
    """The first that connects; each gets a head start.  Raises the most telling OSError."""
    waiting, tries = deque(addresses), set[asyncio.Task[socket.socket]]()
    errors: list[OSError] = []
    try:
        while waiting or tries:
            if waiting:
                tries.add(asyncio.create_task(_connected(waiting.popleft())))
            done, _ = await asyncio.wait(
                tries,
                timeout=HEAD_START if waiting else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in done:
                tries.discard(task)
                try:
                    return task.result()
                except OSError as error:
                    errors.append(error)
    finally:
        await _let_go(tries)
    raise next((x for kind in TELLING for x in errors if isinstance(x, kind)), errors[0])


async def _connected(address: Address) -> socket.socket:
    made = socket.socket(address.family, address.kind, address.protocol)
    try:
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, address.where)
    except BaseException:
        made.close()
        raise
    return made


async def _let_go(tries: Iterable[asyncio.Task[socket.socket]]) -> None:
    """Close what was begun beside the first, even if it came through at the same moment."""
    for task in tries:
        task.cancel()
    for ended in await asyncio.gather(*tries, return_exceptions=True):
        if isinstance(ended, socket.socket):
            ended.close()
