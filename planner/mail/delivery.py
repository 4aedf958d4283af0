"""One delivery: MAIL, RCPT, DATA, the body, the mark, the dot.

The mark is a durable commit just before the final dot.  Until then a loss means
"certainly not delivered"; from then on only the server's answer tells.
`aiosmtplib.sendmail()` cannot serve: it gives the same exception for a drop before
and after the dot, and has one timeout for body and answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from planner.mail.account import Timeouts
from planner.mail.message import dot_stuffed
from planner.rules.retries import Outcome, Reply, Step, judge

BLOCK = 64 * 1024  # bytes written before the buffers are drained
GO_AHEAD = 354


class _Stop(Exception):  # noqa: N818 - the end of a delivery, not an error of ours
    """The delivery ends here, with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


async def deliver(
    protocol: SMTPProtocol,
    *,
    sender: str,
    recipients: Sequence[str],
    wire: bytes,
    mark: Callable[[], Awaitable[None]],
    timeouts: Timeouts,
) -> Outcome:
    """Hand one message over on an authenticated session and say how it ended.

    `mark` is called between the body and the dot; if it raises, the dot is not sent
    and the exception goes on to the caller, who must close the line.
    """
    try:
        await _envelope(protocol, sender, recipients, timeouts)
        await _command(protocol, Step.DATA, b"DATA", timeout=timeouts.data)
        await _body(protocol, dot_stuffed(wire), timeouts.block)
        await mark()
        await _let_in()  # what came while the mark was made
        _refuse_early_reply(protocol)
    except _Stop as stop:
        return stop.outcome
    return await _dot(protocol, timeouts.dot)


async def _envelope(
    protocol: SMTPProtocol, sender: str, recipients: Sequence[str], timeouts: Timeouts
) -> None:
    """MAIL, and RCPT for everyone; one refused recipient stops the letter for all."""
    await _command(protocol, Step.MAIL, _path(b"MAIL FROM:", sender), timeout=timeouts.command)
    for recipient in dict.fromkeys(recipients):
        await _command(
            protocol,
            Step.RCPT,
            _path(b"RCPT TO:", recipient),
            timeout=timeouts.command,
            detail=f"about {recipient}",
        )


def _path(verb: bytes, address: str) -> bytes:
    user, _, domain = address.rpartition("@")
    return verb + b"<" + f"{user}@{domain.encode('idna').decode('ascii')}".encode("ascii") + b">"


async def _command(
    protocol: SMTPProtocol, step: Step, command: bytes, *, timeout: float, detail: str = ""
) -> None:
    """One command.  Raises _Stop for any answer but the good one."""
    try:
        response = await protocol.execute_command(command, timeout=timeout)
    except aiosmtplib.SMTPResponseException as error:
        raise _Stop(judge(step, None, f"malformed answer: {error.message}")) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _Stop(judge(step, None, f"no answer to {step.upper()}: {error}")) from error
    good = response.code == GO_AHEAD if step is Step.DATA else 200 <= response.code < 300
    if not good:
        raise _Stop(judge(step, Reply(response.code, response.message), detail))
    if protocol._buffer:
        raise _Stop(judge(step, None, f"more than one answer to {step.upper()}"))


async def _body(protocol: SMTPProtocol, stuffed: bytes, timeout: float) -> None:
    """The message without its final dot, in blocks, each within the timeout."""
    # From here on a reply is kept by the protocol, not dropped: nothing may be said
    # before the dot, and what is said must not be taken for the answer to it.
    protocol._response_pending = True
    try:
        for start in range(0, len(stuffed), BLOCK):
            protocol.write(stuffed[start : start + BLOCK])
            await asyncio.wait_for(protocol._drain_helper(), timeout)
        await _let_in()
        if not protocol.is_connected:
            raise ConnectionResetError("the connection was lost in the body")
        _refuse_early_reply(protocol)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise _Stop(judge(Step.BODY, None, f"lost in the body: {error}")) from error


async def _let_in() -> None:
    """Let the loop read what has arrived: it looks in the first round, hands it on in the next."""
    for _ in range(2):
        await asyncio.sleep(0)


def _refuse_early_reply(protocol: SMTPProtocol) -> None:
    """A reply before the dot: certainly not delivered.  Raises _Stop."""
    waiter = protocol._response_waiter
    if waiter is not None and waiter.done():
        if waiter.exception() is not None:
            raise _Stop(judge(Step.BODY, None, f"lost in the body: {waiter.exception()}"))
        response = waiter.result()
        raise _Stop(judge(Step.BODY, Reply(response.code, response.message), "said before the dot"))
    if protocol._buffer:
        raise _Stop(judge(Step.BODY, None, "something was said before the dot"))


async def _dot(protocol: SMTPProtocol, timeout: float) -> Outcome:
    """The dot and its answer.  Whatever is not a clear answer is unknown."""
    try:
        response = await protocol.execute_command(b".", timeout=timeout)
    except aiosmtplib.SMTPResponseException as error:
        return judge(Step.DOT, None, f"malformed answer after the dot: {error.message}")
    except (aiosmtplib.SMTPException, OSError) as error:
        return judge(Step.DOT, None, f"no answer after the dot: {error}")
    return judge(Step.DOT, Reply(response.code, response.message))
