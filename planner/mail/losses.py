"""What is raised where a line is lost: which of several errors it was, and in which words."""

from __future__ import annotations

from typing import TypeVar

import aiosmtplib

from planner import system

E = TypeVar("E", bound=BaseException)


def in_chain(
    error: BaseException, kind: type[E], *, skipping: type[BaseException] | None = None
) -> E | None:
    """The error, or the first of its causes, that is of a kind.

    aiosmtplib's errors are ConnectionErrors as well, and hide the system's behind them.
    """
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, kind) and not (skipping and isinstance(found, skipping)):
            return found
        found = found.__cause__
    return None


def how_lost(error: BaseException, patience: float) -> str:
    """How a line was lost; `patience`: seconds that an answer was waited for."""
    lost = in_chain(error, ConnectionError, skipping=aiosmtplib.SMTPException)
    if lost is not None and lost.errno:
        return system.why(lost)
    if isinstance(error, TimeoutError):
        return f"the server said nothing for {patience:g} s"
    if isinstance(error, aiosmtplib.SMTPServerDisconnected | aiosmtplib.SMTPConnectError):
        return "the server closed the connection"
    return str(error) or type(error).__name__
