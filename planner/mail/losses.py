"""Finds the real error when a connection is lost, and says it in words."""

from __future__ import annotations

from typing import TypeVar

import aiosmtplib

from planner import system

E = TypeVar("E", bound=BaseException)


def in_chain(
    error: BaseException, kind: type[E], *, skipping: type[BaseException] | None = None
) -> E | None:
    """Return the error, or the first of its causes, that is of a kind; None if none is.

    aiosmtplib's errors are ConnectionErrors, too, and hide the system's error as their cause.
    """
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, kind) and not (skipping and isinstance(found, skipping)):
            return found
        found = found.__cause__
    return None


def how_lost(error: BaseException, patience: float) -> str:
    """Say how a connection was lost; `patience` is how many seconds we waited for an answer."""
    lost = in_chain(error, ConnectionError, skipping=aiosmtplib.SMTPException)
    if lost is not None and lost.errno:
        return system.why(lost)
    if isinstance(error, TimeoutError):
        return f"the server said nothing for {patience:g} s"
    if isinstance(error, aiosmtplib.SMTPServerDisconnected | aiosmtplib.SMTPConnectError):
        return "the server closed the connection"
    return str(error) or type(error).__name__
