"""One delivery: MAIL, RCPT, DATA, the body, the mark, the dot.

The mark is a durable commit just before the final dot.  If the connection drops before it,
the letter was certainly not delivered; after it, only the server's answer tells.
`aiosmtplib.sendmail()` does not help: it raises the same exception for a drop before and
after the dot, and has one timeout for both the body and the answer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence

from planner.mail.account import Timeouts
from planner.mail.line import Line, LineLostError
from planner.mail.wire import dot_stuffed
from planner.rules.addresses import ascii_domain
from planner.rules.retries import Cause, Outcome, Step
from planner.rules.sessions import judge_again
from planner.rules.smtp_replies import Parties, judge

BLOCK = 64 * 1024  # bytes written before the buffers are drained
RESET = 10  # seconds to wait for the answer to RSET, which does not matter
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
    also: Sequence[str] = (),
) -> Outcome:
    """Send one message over an authenticated session, and return the outcome.

    `mark` is awaited between the body and the dot; if it raises, the dot is not sent and
    the caller gets the exception and must close the line.  Each command waits for its
    answer, so that one refused recipient stops the letter for everybody.  `also` are other
    names that the server knows us by.
    """
    to = tuple(dict.fromkeys(recipients))
    parties = Parties(sender, tuple(also), to)
    try:
        await _envelope(line, parties, timeouts.command)
        await _command(line, Step.DATA, b"DATA\r\n", timeouts.data, parties)
        await _body(line, dot_stuffed(wire), timeouts.block, parties)
        await mark()
        line.dialogue.note("marked: from here on only the server knows what became of the letter")
        await line.look()  # the server may have spoken while we set the mark
        _refuse_early_answer(line, parties)
    except _Stop as stop:
        return stop.outcome
    return await _dot(line, timeouts.dot, parties)


async def _envelope(line: Line, parties: Parties, timeout: float) -> None:
    """Send MAIL, and RCPT for each recipient.  Raises _Stop at the first refusal."""
    await _command(line, Step.MAIL, _path(b"MAIL FROM:", parties.sender), timeout, parties)
    for recipient in parties.recipients:
        one = parties._replace(recipients=(recipient,))
        await _command(line, Step.RCPT, _path(b"RCPT TO:", recipient), timeout, one)


def _path(verb: bytes, address: str) -> bytes:
    user, _, domain = address.rpartition("@")
    return verb + f"<{user}@{ascii_domain(domain)}>\r\n".encode("ascii")


async def _command(
    line: Line, step: Step, command: bytes, timeout: float, parties: Parties
) -> None:
    """Send one command and read its answer.  Raises _Stop unless there is one good answer."""
    try:
        line.say(command)
        reply = await line.reply(timeout)
    except LineLostError as error:
        raise _Stop(judge(step, None, f"no answer to {step.upper()}: {error}")) from error
    good = reply.code == GO_AHEAD if step is Step.DATA else 200 <= reply.code < 300
    if not good:
        raise _Stop(judge(step, reply, parties=parties))
    _refuse_surplus(line, step)


def _refuse_surplus(line: Line, step: Step) -> None:
    """Raise _Stop if there is a second answer; it would be taken for the next command's."""
    if line.spoke_unasked:
        raise _Stop(judge(step, None, f"more than one answer to {step.upper()}"))


async def _body(line: Line, stuffed: bytes, timeout: float, parties: Parties) -> None:
    """Send the message without its final dot, in blocks, each within the timeout."""
    try:
        for start in range(0, len(stuffed), BLOCK):
            line.write(stuffed[start : start + BLOCK])
            await line.drain(timeout)
        line.dialogue.sent_letter(stuffed)
    except LineLostError as error:
        raise _Stop(judge(Step.BODY, None, f"lost in the body: {error}")) from error
    await line.look()
    _refuse_early_answer(line, parties)


def _refuse_early_answer(line: Line, parties: Parties) -> None:
    """Raise _Stop if the server spoke before the dot: that cannot be the dot's answer."""
    if reply := line.heard():
        raise _Stop(judge(Step.BODY, reply, "said before the dot", parties=parties))
    if line.spoke_unasked:
        raise _Stop(judge(Step.BODY, None, "something was said before the dot"))
    if not line.is_up:
        raise _Stop(judge(Step.BODY, None, "the connection was lost in the body"))


async def _dot(line: Line, timeout: float, parties: Parties) -> Outcome:
    """Send the dot and judge its answer; without a clear answer, the outcome is unknown."""
    try:
        line.say(b".\r\n")
        reply = await line.reply(timeout)
    except LineLostError as error:
        return judge(Step.DOT, None, f"no answer after the dot: {error}")
    return judge(Step.DOT, reply, parties=parties)


async def rehearse(line: Line, *, address: str, timeouts: Timeouts) -> Outcome | None:
    """Ask whether the server accepts a letter from an address to itself; None if it does.

    Nothing is sent: RSET cancels the message.
    """
    oneself = Parties(address, recipients=(address,))
    try:
        for step, verb in ((Step.MAIL, b"MAIL FROM:"), (Step.RCPT, b"RCPT TO:")):
            await _command(line, step, _path(verb, address), timeouts.command, oneself)
    except _Stop as stop:
        return _about_oneself(stop.outcome)
    with contextlib.suppress(LineLostError):  # the end of the session cancels it, too
        line.say(b"RSET\r\n")
        await line.reply(min(timeouts.command, RESET))
    return None


def _about_oneself(outcome: Outcome) -> Outcome:
    """Judge the refusal of a letter to oneself: an unknown recipient is the applicant."""
    reply = outcome.reply
    if outcome.step is Step.RCPT and reply is not None and reply.enhanced.startswith("5.1."):
        return outcome._replace(cause=Cause.OWN_ADDRESS)
    return judge_again(outcome)
