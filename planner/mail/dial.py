"""Connects to the first address of a host that answers (RFC 8305, happy eyeballs).

aiosmtplib tries one address after another, each until the system gives up, so that a dead
address hides a live one.  asyncio can do better, but returns no socket to pass on.
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

HEAD_START = 0.25  # seconds before the next address is tried as well
# If several addresses fail, the first of these errors is reported.
TELLING = (ConnectionRefusedError, PermissionError)


class Address(NamedTuple):
    """One address of a host, as the resolver returns it."""

    family: socket.AddressFamily
    kind: socket.SocketKind
    protocol: int
    where: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


class NotConnectedError(Exception):
    """No address could be connected to; `cause` says why, as far as we know."""

    def __init__(self, cause: Cause, text: str) -> None:
        super().__init__(text)
        self.cause = cause


async def dial(host: str, port: int, *, timeout: float) -> socket.socket:
    """Return a socket connected to the first address that answers.

    Raises NotConnectedError if none does within `timeout` seconds.
    """
    here = f"{host} port {port}"
    try:
        async with asyncio.timeout(timeout):
            return await _first(interleaved(await _addresses(host, port)))
    except TimeoutError:
        raise NotConnectedError(
            Cause.NO_ANSWER, f"{here} does not answer, after {timeout:g} s"
        ) from None
    except (socket.gaierror, UnicodeError) as error:  # UnicodeError: not a possible name
        away = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        text = f"no name server answers for {host}" if away else f"there is no host {host}"
        cause = Cause.NO_NAME_SERVER if away else Cause.NO_SUCH_HOST
        raise NotConnectedError(cause, text) from error
    except OSError as error:
        refused = isinstance(error, ConnectionRefusedError)
        cause = Cause.CONNECTION_REFUSED if refused else Cause.NO_NETWORK
        raise NotConnectedError(cause, f"{here}: {system.why(error)}") from error


async def _addresses(host: str, port: int) -> list[Address]:
    """Return every address of a host; a numeric one needs no name server."""
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        )
    except (socket.gaierror, UnicodeError):
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [Address(family, kind, number, where) for family, kind, number, _, where in found]


def interleaved(addresses: Iterable[Address]) -> list[Address]:
    """Alternate IPv6 and IPv4, else in the resolver's order (RFC 8305 section 4)."""
    families: dict[int, list[Address]] = {}
    for address in addresses:
        families.setdefault(address.family, []).append(address)
    rounds = itertools.zip_longest(*families.values())
    return [address for one in rounds for address in one if address is not None]


async def _first(addresses: Sequence[Address]) -> socket.socket:
    """Return the first socket to connect; raises the OSError that comes first in TELLING."""
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
    """Cancel the other attempts, and close those that connected at the same moment."""
    for task in tries:
        task.cancel()
    for ended in await asyncio.gather(*tries, return_exceptions=True):
        if isinstance(ended, socket.socket):
            ended.close()
