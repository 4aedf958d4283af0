"""One delivery: MAIL, RCPT, DATA, the body, the mark, the dot.

The mark is a durable commit just before the final dot.  Until then a loss means
"certainly not delivered"; from then on only the server's answer tells.
`aiosmtplib.sendmail()` cannot serve: it gives the same exception for a drop before
and after the dot, and has one timeout for body and answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from planner.mail.account import Timeouts
from planner.mail.line import Line, LineLostError
from planner.mail.wire import dot_stuffed
from planner.rules.addresses import ascii_domain
from planner.rules.retries import Outcome, Step, judge

BLOCK = 64 * 1024  # bytes written before the buffers are drained
GO_AHEAD = 354


class _Stop(Exception):  # noqa: N818 - the end of a delivery, not an error of ours
    """The delivery ends here, with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


async def deliver(
    line: Line,
    *,
    sender: str,
    recipients: Sequence[str],
    wire: bytes,
    mark: Callable[[], Awaitable[None]],
    timeouts: Timeouts,
    pipelining: bool = False,
) -> Outcome:
    """Hand one message over on an authenticated session and say how it ended.

    `mark` is awaited between the body and the dot; if it raises, the dot is not sent
    and the exception goes on to the caller, who must close the line.  With `pipelining`
    (RFC 2920) MAIL and every RCPT go out together; DATA waits for their answers, so that
    one refused recipient stops the letter for all.
    """
    try:
        await _envelope(line, sender, recipients, timeouts.command, pipelining=pipelining)
        await _command(line, Step.DATA, b"DATA\r\n", timeouts.data)
        await _body(line, dot_stuffed(wire), timeouts.block)
        await mark()
        await line.look()  # what came while the mark was made
        _refuse_early_answer(line)
    except _Stop as stop:
        return stop.outcome
    return await _dot(line, timeouts.dot)


async def _envelope(
    line: Line, sender: str, recipients: Sequence[str], timeout: float, *, pipelining: bool
) -> None:
    """MAIL, and RCPT for everyone; raises _Stop for the first answer that is not good."""
    commands = [(Step.MAIL, _path(b"MAIL FROM:", sender), "")]
    commands += [
        (Step.RCPT, _path(b"RCPT TO:", recipient), f"about {recipient}")
        for recipient in dict.fromkeys(recipients)
    ]
    if pipelining:
        _say(line, Step.MAIL, b"".join(command for _, command, _ in commands))
        for step, _, detail in commands:
            await _answer(line, step, timeout, detail)
        _refuse_surplus(line, Step.RCPT)
    else:
        for step, command, detail in commands:
            await _command(line, step, command, timeout, detail)


def _path(verb: bytes, address: str) -> bytes:
    user, _, domain = address.rpartition("@")
    return verb + f"<{user}@{ascii_domain(domain)}>\r\n".encode("ascii")


def _say(line: Line, step: Step, data: bytes) -> None:
    try:
        line.write(data)
    except LineLostError as error:
        raise _Stop(judge(step, None, str(error))) from error


async def _command(
    line: Line, step: Step, command: bytes, timeout: float, detail: str = ""
) -> None:
    """One command and its answer.  Raises _Stop for any but one good answer."""
    _say(line, step, command)
    await _answer(line, step, timeout, detail)
    _refuse_surplus(line, step)


async def _answer(line: Line, step: Step, timeout: float, detail: str = "") -> None:
    try:
        reply = await line.reply(timeout)
    except LineLostError as error:
        raise _Stop(judge(step, None, f"no answer to {step.upper()}: {error}")) from error
    good = reply.code == GO_AHEAD if step is Step.DATA else 200 <= reply.code < 300
    if not good:
        raise _Stop(judge(step, reply, detail))


def _refuse_surplus(line: Line, step: Step) -> None:
    """An answer too many must not be taken for that to the next command.  Raises _Stop."""
    if line.spoke_unasked:
        raise _Stop(judge(step, None, f"more than one answer to {step.upper()}"))


async def _body(line: Line, stuffed: bytes, timeout: float) -> None:
    """The message without its final dot, in blocks, each within the timeout."""
    try:
        for start in range(0, len(stuffed), BLOCK):
            line.write(stuffed[start : start + BLOCK])
            await line.drain(timeout)
    except LineLostError as error:
        raise _Stop(judge(Step.BODY, None, f"lost in the body: {error}")) from error
    await line.look()
    _refuse_early_answer(line)


def _refuse_early_answer(line: Line) -> None:
    """What is said before the dot cannot be the answer to it.  Raises _Stop."""
    if reply := line.heard():
        raise _Stop(judge(Step.BODY, reply, "said before the dot"))
    if line.spoke_unasked:
        raise _Stop(judge(Step.BODY, None, "something was said before the dot"))
    if not line.is_up:
        raise _Stop(judge(Step.BODY, None, "the connection was lost in the body"))


async def _dot(line: Line, timeout: float) -> Outcome:
    """The dot and its answer.  Whatever is not a clear answer is unknown."""
    try:
        line.write(b".\r\n")
        reply = await line.reply(timeout)
    except LineLostError as error:
        return judge(Step.DOT, None, f"no answer after the dot: {error}")
    return judge(Step.DOT, reply)
