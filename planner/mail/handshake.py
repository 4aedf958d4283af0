"""Everything until a connection is ready for letters: dialing, TLS, EHLO, login.

aiosmtplib does TLS and exchanges commands and answers; `dial.py` connects, and `login.py`
logs in.  No credential is ever sent over an unprotected line, and there is no fallback to one.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple, cast

import aiosmtplib

from planner.mail.account import Account, Auth, Security
from planner.mail.dial import NotConnectedError, dial
from planner.mail.dialogue import Dialogue
from planner.mail.login import log_in
from planner.mail.losses import how_lost, in_chain
from planner.mail.redaction import Redactor
from planner.mail.tls import explain, make_context, names_in, valid_until
from planner.rules.retries import Cause, Outcome, Reply, Step
from planner.rules.sessions import (
    Refusal,
    judge_hello,
    judge_login,
    judge_starttls,
    method_for,
    who_answered,
)
from planner.rules.smtp_replies import judge
from planner.rules.visible import printable

# Many mail programs greet with an address literal, which does not reveal the host's name.
DEFAULT_CLIENT_NAME = "[127.0.0.1]"
LOGGED_IN = 235
# How aiosmtplib's error begins if an answer has no code.
MALFORMED = "Malformed SMTP response line: "


class SessionError(Exception):
    """No session could be opened; `outcome` has the failed step and the server's answer."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


class Facts(NamedTuple):
    """What a session found out about its server.

    `tls_version` is empty and `certificate_until` None on a line without TLS; `size_limit`
    (RFC 1870) is in bytes.
    """

    tls_version: str
    certificate_until: datetime | None
    auth_methods: tuple[str, ...]
    size_limit: int | None


class Handshake:
    """Opens a session: call `protect`, `log_in` and `facts`; then use `transport`.

    Each of them raises SessionError if it fails.
    """

    def __init__(self, account: Account, redactor: Redactor, *, check_name: bool = True) -> None:
        self._account, self._redactor = account, redactor
        self.dialogue = Dialogue(redactor.text)
        self._socket: socket.socket | None = None
        protected = account.security is not Security.NONE
        self._smtp = aiosmtplib.SMTP(
            hostname=account.host,
            use_tls=account.security is Security.TLS,
            start_tls=False,
            tls_context=(
                make_context(account.ca_file, check_name=check_name) if protected else None
            ),
            timeout=account.timeouts.command,
            local_hostname=account.client_name or DEFAULT_CLIENT_NAME,
        )

    @property
    def transport(self) -> asyncio.Transport:
        """The transport for the rest of the session."""
        return cast(asyncio.Transport, self._smtp.transport)

    def abandon(self) -> None:
        """Drop the connection at once, without QUIT.

        Over TLS, close() would wait for the server's answer, perhaps longer than the loop
        runs.  If aiosmtplib has called it already, shutting down the socket ends that wait.
        """
        if self._smtp.transport is not None:
            self.transport.abort()
        self._smtp.close()
        if self._socket is not None:
            with contextlib.suppress(OSError):  # closed already
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket = None

    async def protect(self) -> None:
        """Do everything before the login: connect, begin TLS, and read what is offered."""
        await self._connect()
        await self._ehlo(Step.CONNECT)
        if self._account.security is Security.STARTTLS:
            await self._starttls()
            await self._ehlo(Step.TLS)

    async def _connect(self) -> None:
        account, patience = self._account, self._account.timeouts.connect
        self.dialogue.note(
            f"connecting to {account.host}:{account.port} (security: {account.security})"
        )
        try:
            self._socket = dialed = await dial(account.host, account.port, timeout=patience)
        except NotConnectedError as error:
            outcome = judge(Step.CONNECT, None, str(error))
            raise SessionError(outcome._replace(cause=error.cause)) from error
        with contextlib.suppress(OSError):  # disconnected again already
            self.dialogue.note(f"connected to {dialed.getpeername()[0]}")
        with self._judged_by(partial(judge, Step.CONNECT)):
            try:
                await self._greeted(dialed)
            except aiosmtplib.SMTPResponseException:
                raise
            except (aiosmtplib.SMTPException, OSError, EOFError) as error:
                raise self._ungreeted(error) from error

    def _ungreeted(self, error: Exception) -> SessionError:
        """Say why a connection has no greeting: TLS failed, or the server said nothing."""
        if ssl_error := in_chain(error, ssl.SSLError):
            return _unprotected(ssl_error)
        greeting = isinstance(error.__cause__, aiosmtplib.SMTPException)
        timeouts = self._account.timeouts
        if greeting:
            cause, text = Cause.NO_GREETING, how_lost(error, timeouts.command)
        else:
            cause, text = Cause.TLS_BROKEN_OFF, how_lost(error, timeouts.connect)
        what = "no greeting" if greeting else "no protected line"
        outcome = judge(Step.CONNECT, None, f"{what}: {text}")
        return SessionError(outcome._replace(cause=cause))

    async def _greeted(self, dialed: socket.socket) -> None:
        """Begin TLS if it comes first, then read the greeting.

        aiosmtplib has one timeout for both, but a greeting may take longer: RFC 5321 section
        4.5.3.2.1 allows 5 minutes.
        """
        timeouts, loop = self._account.timeouts, asyncio.get_running_loop()
        async with asyncio.timeout(None) as patience:

            def give_up_tls() -> None:
                if self._smtp.transport is None:
                    patience.reschedule(loop.time())

            alarm = loop.call_later(timeouts.connect, give_up_tls)
            try:
                self._heard(await self._smtp.connect(sock=dialed, timeout=timeouts.command))
            finally:
                alarm.cancel()

    async def _ehlo(self, step: Step) -> None:
        self._refuse_surplus(step)
        with self._judged_by(judge_hello), self._lost_at(step):
            self.dialogue.said(f"EHLO {self._account.client_name or DEFAULT_CLIENT_NAME}".encode())
            self._heard(await self._smtp.ehlo())

    async def _starttls(self) -> None:
        if not self._smtp.supports_extension("starttls"):
            text = "the server does not offer STARTTLS, so nothing was said to it"
            outcome = judge(Step.TLS, None, text)
            raise SessionError(outcome._replace(cause=Cause.NO_STARTTLS))
        with self._judged_by(judge_starttls, Step.TLS), self._lost_at(Step.TLS):
            self.dialogue.said(b"STARTTLS")
            self._heard(await self._smtp.starttls(timeout=self._account.timeouts.connect))

    async def log_in(self, secret: str) -> None:
        """Send AUTH once, not once per method, so that a wrong password counts only once."""
        account = self._account
        if account.auth is Auth.NONE:
            return
        self._refuse_surplus(Step.AUTH)
        offered = self._offered()
        method = method_for(account.auth, offered)
        if isinstance(method, Outcome):
            raise SessionError(method)
        try:
            with self._judged_by(partial(judge, Step.AUTH), Step.AUTH), self._lost_at(Step.AUTH):
                ended = await log_in(
                    self._say, method, account=account, secret=secret, show=self._redactor.text
                )
        except SessionError as error:
            # From None, because the original traceback has the command with the secret.
            raise SessionError(error.outcome) from None
        if ended.reply.code != LOGGED_IN:
            raise SessionError(judge_login(Refusal(ended.reply, method, offered, ended.told)))

    async def _say(self, *command: bytes) -> Reply:
        self.dialogue.logged_in(*command)
        return self._heard(await self._smtp.execute_command(*command))

    def _heard(self, response: aiosmtplib.SMTPResponse) -> Reply:
        """Convert aiosmtplib's response to a Reply, and log it."""
        reply = Reply(response.code, self._text(response.message))
        self.dialogue.heard(reply)
        return reply

    def _offered(self) -> tuple[str, ...]:
        """The offered login methods, without repetition."""
        said = (printable(self._text(name)) for name in self._smtp.server_auth_methods)
        return tuple(dict.fromkeys(said))

    def _refuse_surplus(self, step: Step) -> None:
        """Raise SessionError if the server spoke unasked: it would be taken for an answer."""
        if self._smtp.protocol is not None and self._smtp.protocol._buffer:
            text = f"the server said more than it was asked for, at {step}"
            raise SessionError(judge(Step.CONNECT, None, text))

    def _text(self, said: str) -> str:
        """Return what aiosmtplib received as text without the secret; see `redaction.py`."""
        return self._redactor.text(said.encode("utf-8", "surrogateescape"))

    @contextlib.contextmanager
    def _judged_by(
        self, judged: Callable[[Reply], Outcome], step: Step = Step.CONNECT
    ) -> Iterator[None]:
        """Turn a bad answer, or one that no mail server gives, into a SessionError."""
        try:
            yield
        except aiosmtplib.SMTPResponseException as error:
            text = self._text(error.message)
            if 200 <= error.code < 600:
                raise SessionError(judged(Reply(error.code, text))) from error
            line = text.removeprefix(MALFORMED) if error.code < 0 else f"{error.code} {text}"
            words, cause = who_answered(line)
            raise SessionError(judge(step, None, words)._replace(cause=cause)) from error

    @contextlib.contextmanager
    def _lost_at(self, step: Step) -> Iterator[None]:
        """Turn the loss of the connection, or of TLS, into a SessionError."""
        try:
            yield
        except ssl.SSLError as error:  # after STARTTLS, so the server does speak TLS
            raise _unprotected(error, {Cause.NOT_TLS: Cause.TLS_BROKEN_OFF}) from error
        except aiosmtplib.SMTPResponseException:
            raise
        except (aiosmtplib.SMTPException, OSError, EOFError) as error:
            timeouts = self._account.timeouts
            patience = timeouts.connect if step is Step.TLS else timeouts.command
            outcome = judge(step, None, how_lost(error, patience))
            if step is Step.TLS:
                outcome = outcome._replace(cause=Cause.TLS_BROKEN_OFF)
            raise SessionError(outcome) from error

    def facts(self) -> Facts:
        """Return what we learned about the server, if it has nothing more to say."""
        self._refuse_surplus(Step.AUTH)
        with self._lost_at(Step.CONNECT):  # it may be lost just after a good answer
            tls = self._smtp.get_transport_info("ssl_object")
            size = self._smtp.esmtp_extensions.get("size", "")
            return Facts(
                tls_version=tls.version() if tls else "",
                certificate_until=valid_until(tls.getpeercert()) if tls else None,
                auth_methods=self._offered(),
                size_limit=int(size) if re.fullmatch("[0-9]{1,18}", size) else None,
            )

    def certificate_names(self) -> str:
        """Return the names that the server's certificate is for, as text."""
        with self._lost_at(Step.CONNECT):
            return names_in(self._smtp.get_transport_info("peercert"))


def _unprotected(error: ssl.SSLError, rather: Mapping[Cause, Cause] | None = None) -> SessionError:
    words, cause = explain(error)
    cause = (rather or {}).get(cause, cause)
    return SessionError(judge(Step.TLS, None, words)._replace(cause=cause))
