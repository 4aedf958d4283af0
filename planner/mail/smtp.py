"""The SMTP sender: one session, opened when needed, and kept while it is clean."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from planner.mail.account import Account
from planner.mail.delivery import deliver
from planner.mail.handshake import SessionError
from planner.mail.session import Session, let_sockets_close
from planner.rules.retries import Fate, Outcome
from planner.rules.sessions import judge_again
from planner.rules.smtp_replies import may_be_the_session

Mark = Callable[[], Awaitable[None]]


class SmtpSender:
    """Delivers over SMTP; calls `secret` each time that it opens a session.

    The constructor raises PersonNeededError if the ca_file cannot be used.
    """

    def __init__(self, account: Account, secret: Callable[[], Awaitable[str]]) -> None:
        self._account = account
        self._secret = secret
        self._session: Session | None = None
        Session(account)  # to report a bad ca_file now

    async def deliver(
        self, *, sender: str, recipients: Sequence[str], wire: bytes, mark: Mark
    ) -> Outcome:
        """Deliver one message; the session is reused only after a clean acceptance.

        If a reused session has ended, or has reached its limit of letters, we try once more
        on a new one, and only that outcome counts.
        """
        kept = self._session is not None and self._session.ready
        outcome = await self._once(sender, recipients, wire, mark)
        if kept and may_be_the_session(outcome):
            return await self._once(sender, recipients, wire, mark)
        return outcome

    async def close(self) -> None:
        """End the session with QUIT."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        else:
            await let_sockets_close()  # those of abandoned sessions

    async def _once(
        self, sender: str, recipients: Sequence[str], wire: bytes, mark: Mark
    ) -> Outcome:
        clean = False
        try:
            session = await self._ready()
            outcome = await deliver(
                session.line,
                sender=sender,
                recipients=recipients,
                wire=wire,
                mark=mark,
                timeouts=self._account.timeouts,
                also=(self._account.username, self._account.client_name),
            )
            clean = outcome.fate is Fate.SENT
            outcome = judge_again(outcome)
        except SessionError as error:
            return error.outcome
        finally:
            if not clean:  # without an await, which could lose the answer if we are cancelled
                self._abandon()
        return outcome

    async def _ready(self) -> Session:
        if self._session is None or not self._session.ready:
            self._abandon()
            self._session = Session(self._account)
            await self._session.open(await self._secret())
        return self._session

    def _abandon(self) -> None:
        if self._session is not None:
            self._session.abandon()
            self._session = None
