"""A connected, protected, authenticated SMTP session.

aiosmtplib does connection, TLS and AUTH; the delivery itself is in `delivery.py`.
No credential crosses a line that is not protected, and there is no fallback to one.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import ssl
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple, cast

import aiosmtplib

from planner.errors import PersonNeededError
from planner.mail.account import PRESETS, Account, Auth, Security
from planner.mail.line import Line, LineLostError
from planner.rules.retries import Outcome, Reply, Step, judge

# Many mail programs greet with the address literal of their own host; it gives no name away.
DEFAULT_CLIENT_NAME = "[127.0.0.1]"
GOODBYE = 2  # seconds to wait for the answer to QUIT


class SessionError(Exception):
    """No session could be opened; `outcome` says at which step and what was answered."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


class Facts(NamedTuple):
    """What a session found out about its server, for `planner doctor`.

    `tls_version` is empty and `certificate_until` None on a line without TLS; `size_limit`
    (RFC 1870) is in bytes.
    """

    tls_version: str
    certificate_until: datetime | None
    auth_methods: tuple[str, ...]
    size_limit: int | None


class Session:
    """One session.  Use `open`, then `line` for deliveries, then `close`."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._secret = ""
        self._line: Line | None = None
        self._smtp = aiosmtplib.SMTP(
            hostname=account.host,
            port=account.port,
            use_tls=account.security is Security.TLS,
            start_tls=False,
            tls_context=(
                _context(account.ca_file) if account.security is not Security.NONE else None
            ),
            timeout=account.timeouts.command,
            local_hostname=account.client_name or DEFAULT_CLIENT_NAME,
        )

    @property
    def line(self) -> Line:
        """What a delivery speaks on.  Raises SessionError if it is down, or out of step."""
        if not self.ready or self._line is None:
            raise SessionError(judge(Step.CONNECT, None, "the connection is closed"))
        return self._line

    @property
    def ready(self) -> bool:
        """Whether the next letter can be handed over: nothing is open, nothing was unasked."""
        return self._line is not None and self._line.is_up and not self._line.spoke_unasked

    @property
    def pipelining(self) -> bool:
        """Whether the server takes several commands at once (RFC 2920)."""
        return self._smtp.supports_extension("pipelining")

    async def open(self, secret: str) -> Facts:
        """Connect, protect the line, log in with the account's secret.  Raises SessionError."""
        self._secret = secret
        try:
            await self._connect()
            await self._ehlo(Step.CONNECT)
            if self.account.security is Security.STARTTLS:
                await self._starttls()
                await self._ehlo(Step.TLS)
            await self._login()
            self._refuse_surplus(Step.AUTH)
            facts = self._facts()
            self._line = Line(cast(asyncio.Transport, self._smtp.transport))
        except aiosmtplib.SMTPServerDisconnected as error:  # right behind a good answer
            await self.close()
            raise SessionError(judge(Step.CONNECT, None, _words(error))) from error
        except BaseException:
            await self.close()
            raise
        return facts

    async def close(self) -> None:
        """End the session; QUIT only where the next letter could go, else the line is dropped."""
        if self.ready and self._line is not None:
            with contextlib.suppress(LineLostError):
                self._line.write(b"QUIT\r\n")
                await self._line.reply(GOODBYE)
        self.abandon()
        # The transport closes its socket in the loop's next round, so give it one.
        await asyncio.sleep(0)

    def abandon(self) -> None:
        """Drop the line at once, without a word."""
        self._line = None
        if self._smtp.transport is not None:
            # Not close(): over TLS that waits for the server's word, longer than the loop lives.
            cast(asyncio.Transport, self._smtp.transport).abort()
        self._smtp.close()

    def _refuse_surplus(self, step: Step) -> None:
        """What was said unasked must not be taken for the next answer.  Raises SessionError."""
        if self._smtp.protocol is not None and self._smtp.protocol._buffer:
            text = f"the server said more than it was asked for, at {step}"
            raise SessionError(judge(Step.CONNECT, None, text))

    async def _connect(self) -> None:
        timeout = self.account.timeouts.connect
        try:
            await self._smtp.connect(timeout=timeout)
        except aiosmtplib.SMTPConnectResponseError as error:
            reply = Reply(error.code, error.message)
            raise SessionError(judge(Step.CONNECT, reply)) from error
        except ssl.SSLError as error:
            raise SessionError(judge(Step.TLS, None, _tls_words(error))) from error
        except (aiosmtplib.SMTPException, OSError, EOFError) as error:
            cause = error.__cause__
            if isinstance(cause, ssl.SSLError):
                raise SessionError(judge(Step.TLS, None, _tls_words(cause))) from error
            raise SessionError(judge(Step.CONNECT, None, _words(error))) from error

    async def _ehlo(self, step: Step) -> None:
        self._refuse_surplus(step)
        try:
            await self._smtp.ehlo()
        except aiosmtplib.SMTPResponseException as error:
            raise SessionError(judge(Step.CONNECT, Reply(error.code, error.message))) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise SessionError(judge(step, None, _words(error))) from error

    async def _starttls(self) -> None:
        if not self._smtp.supports_extension("starttls"):
            text = "the server does not offer STARTTLS, so nothing was said to it"
            raise SessionError(judge(Step.TLS, None, text))
        try:
            await self._smtp.starttls(timeout=self.account.timeouts.command)
        except aiosmtplib.SMTPResponseException as error:
            raise SessionError(judge(Step.TLS, Reply(error.code, error.message))) from error
        except ssl.SSLError as error:
            raise SessionError(judge(Step.TLS, None, _tls_words(error))) from error
        except (aiosmtplib.SMTPException, OSError, EOFError) as error:
            raise SessionError(judge(Step.TLS, None, _words(error))) from error

    async def _login(self) -> None:
        """One AUTH command, not one for each method: a wrong password counts once."""
        account = self.account
        if account.auth is Auth.NONE:
            return
        self._refuse_surplus(Step.AUTH)
        offered = self._smtp.server_auth_methods
        try:
            if account.auth is Auth.XOAUTH2:
                await self._smtp.auth_xoauth2(account.username, self._secret)
            elif "plain" in offered:
                await self._smtp.auth_plain(account.username, self._secret)
            elif "login" in offered:
                await self._smtp.auth_login(account.username, self._secret)
            else:
                text = f"the server offers no login that we know ({', '.join(offered) or 'none'})"
                raise SessionError(Outcome(judge(Step.TLS, None).fate, Step.AUTH, None, text))
        except aiosmtplib.SMTPResponseException as error:
            # From None: the command that failed, in the other's traceback, holds the secret.
            reply = Reply(error.code, self._scrubbed(error.message))
            raise SessionError(judge(Step.AUTH, reply)) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise SessionError(judge(Step.AUTH, None, self._scrubbed(_words(error)))) from None

    def _scrubbed(self, text: str) -> str:
        """A reply without our secret: some servers echo the command that they did not know."""
        if not self._secret:
            return text
        user = self.account.username
        forms = (
            f"\0{user}\0{self._secret}",
            f"user={user}\1auth=Bearer {self._secret}\1\1",
            self._secret,
        )
        for form in forms:
            encoded = base64.b64encode(form.encode()).decode().rstrip("=")
            text = text.replace(encoded, "[secret]")
        return text.replace(self._secret, "[secret]")

    def _facts(self) -> Facts:
        tls = self._smtp.get_transport_info("ssl_object")
        size = self._smtp.esmtp_extensions.get("size", "")
        return Facts(
            tls_version=tls.version() if tls else "",
            certificate_until=_valid_until(tls.getpeercert()) if tls else None,
            auth_methods=tuple(self._smtp.server_auth_methods),
            size_limit=int(size) if size.isdigit() else None,
        )


def _valid_until(certificate: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)


@cache  # reading the system's authorities takes longer than a letter
def _context(ca_file: str) -> ssl.SSLContext:
    """Certificates are always checked; TLS 1.2 at least."""
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise PersonNeededError(
            f"smtp.ca_file {ca_file} cannot be used: {error}.",
            hint="It must hold certificates in PEM form.",
            code="ca_file",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _tls_words(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted: {error.verify_message}"
    return f"no protected line: {error.reason or error}"


def _words(error: BaseException) -> str:
    cause = error.__cause__
    if isinstance(cause, ConnectionError) and cause.errno:  # else it is told three times over
        return os.strerror(cause.errno).lower()
    return str(error) or type(error).__name__


def login_hint(account: Account, step: Step) -> str:
    """What to do where a server did not let us in, at TLS or at the login itself."""
    if step is Step.TLS:
        return (
            "Check smtp.host, smtp.port and smtp.security; smtp.ca_file names the authority"
            " of a server with a certificate of its own"
        )
    preset = PRESETS.get(account.provider)
    if preset is None:
        preset = next((p for p in PRESETS.values() if p.host == account.host), None)
    if preset is not None:
        return preset.hint
    return "Check smtp.username, then store the password again with: planner login"
