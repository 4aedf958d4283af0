"""A connected, encrypted, authenticated SMTP session, from open to close."""

from __future__ import annotations

import asyncio
import contextlib

from planner.mail.account import Account
from planner.mail.handshake import Facts, Handshake, SessionError
from planner.mail.line import Line, LineLostError
from planner.mail.login import responses
from planner.mail.redaction import Redactor
from planner.rules.retries import Cause, Step
from planner.rules.smtp_replies import judge

GOODBYE = 2  # seconds to wait for the answer to QUIT
ROUNDS = 5  # of the loop, to read the end, pass it through TLS, and act on it


class Session:
    """One session.  Use `open`, then `line` for deliveries, then `close`."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._line: Line | None = None
        self._handshake = Handshake(account, Redactor())

    @property
    def line(self) -> Line:
        """The connection for a delivery.  Raises SessionError if it is not `ready`."""
        if not self.ready or self._line is None:
            raise SessionError(judge(Step.CONNECT, None, "the connection is closed"))
        return self._line

    @property
    def ready(self) -> bool:
        """Whether the next letter can be sent: the connection is up, with no unasked reply."""
        return self._line is not None and self._line.is_up and not self._line.spoke_unasked

    async def open(self, secret: str) -> Facts:
        """Connect, begin TLS, and log in with the secret.  Raises SessionError if that fails."""
        redactor = Redactor(secret, responses(self.account, secret).values())
        self._handshake = handshake = Handshake(self.account, redactor)
        try:
            await handshake.protect()
            await handshake.log_in(secret)
            facts = handshake.facts()
            self._line = Line(handshake.transport, redactor.text, handshake.dialogue)
        except SessionError as error:
            handshake.dialogue.note(f"no session, at {error.outcome.step}: {error.outcome}")
            await self.close()
            raise await self._with_names(error) from error.__cause__
        except BaseException:
            await self.close()
            raise
        return facts

    async def close(self) -> None:
        """End the session, with QUIT if it is `ready`; else drop the connection."""
        if self.ready and self._line is not None:
            with contextlib.suppress(LineLostError):
                self._line.say(b"QUIT\r\n")
                await self._line.reply(GOODBYE)
        self.abandon()
        await let_sockets_close()

    def abandon(self) -> None:
        """Drop the connection at once, without QUIT."""
        self._line = None
        self._handshake.abandon()

    async def _with_names(self, error: SessionError) -> SessionError:
        """Return the error; if the certificate is for other names, with those names.

        To read them, we connect once more without checking the name, and send nothing.
        """
        if error.outcome.cause is not Cause.CERTIFICATE_NAME:
            return error
        peek = Handshake(self.account, Redactor(), check_name=False)
        try:
            await peek.protect()
            names = peek.certificate_names()
        except SessionError:
            return error
        finally:
            peek.abandon()
            await let_sockets_close()
        text = f"{error.outcome.detail} It is for: {names or 'no name at all'}"
        return SessionError(error.outcome._replace(detail=text))


async def let_sockets_close() -> None:
    """Let the loop run until dropped transports have closed their sockets."""
    for _ in range(ROUNDS):
        await asyncio.sleep(0)
