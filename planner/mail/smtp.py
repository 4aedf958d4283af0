"""The sender that speaks SMTP: one session, opened when needed, kept while it is clean."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from planner.mail.account import Account
from planner.mail.delivery import deliver
from planner.mail.session import Session, SessionError, login_hint
from planner.rules.retries import Fate, Outcome, Step

Mark = Callable[[], Awaitable[None]]


class SmtpSender:
    """Delivers over SMTP; `secret` is asked for each time that a session is opened.

    Raises PersonNeededError at once for a ca_file that cannot be used.
    """

    def __init__(self, account: Account, secret: Callable[[], Awaitable[str]]) -> None:
        self._account = account
        self._secret = secret
        self._session: Session | None = None
        Session(account)  # says now what is wrong with ca_file

    async def deliver(
        self, *, sender: str, recipients: Sequence[str], wire: bytes, mark: Mark
    ) -> Outcome:
        """Deliver one message; the session is reused only after a clean acceptance.

        A kept session that the server has closed meanwhile is opened anew.
        """
        kept = self._session is not None and self._session.ready
        outcome = await self._once(sender, recipients, wire, mark)
        if kept and _was_stale(outcome):
            return await self._once(sender, recipients, wire, mark)
        return outcome

    async def close(self) -> None:
        """End the session with QUIT."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        else:
            await asyncio.sleep(0)  # for the sockets of sessions that were abandoned

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
                pipelining=session.pipelining,
            )
            clean = outcome.fate is Fate.SENT
        except SessionError as error:
            return self._with_hint(error.outcome)
        finally:
            if not clean:  # at once, for a pause here could lose an answer that was heard
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

    def _with_hint(self, outcome: Outcome) -> Outcome:
        if outcome.fate is not Fate.LOGIN:
            return outcome
        hint = login_hint(self._account, outcome.step)
        return outcome._replace(detail=f"{outcome.detail}; {hint}" if outcome.detail else hint)


def _was_stale(outcome: Outcome) -> bool:
    """Whether a kept line was gone before this letter was spoken of.

    Servers close a session that was idle for long, with or without a 421 (RFC 5321
    section 3.8); that says nothing of the letter, nor of the account.
    """
    if outcome.step is Step.CONNECT:
        return outcome.reply is None
    return outcome.step is Step.MAIL and (outcome.reply is None or outcome.reply.code == 421)
