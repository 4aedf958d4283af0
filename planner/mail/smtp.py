"""The sender that speaks SMTP: one session, opened when needed, kept while it is clean."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from planner.mail.account import Account
from planner.mail.delivery import deliver
from planner.mail.session import Session, SessionError, login_hint
from planner.rules.retries import Fate, Outcome


class SmtpSender:
    """Delivers over SMTP.

    Raises PersonNeededError at once for a ca_file that cannot be used.
    """

    def __init__(self, account: Account, secret: str) -> None:
        self._account = account
        self._secret = secret
        self._session: Session | None = Session(account, secret)

    async def deliver(
        self, *, sender: str, recipients: Sequence[str], wire: bytes, mark: Callable[[], None]
    ) -> Outcome:
        """Deliver one message; the session is reused only after a clean acceptance."""
        try:
            session = await self._ready()
            protocol = session.protocol
        except SessionError as error:
            await self._drop(politely=False)
            return self._with_hint(error.outcome)
        clean = False
        try:
            outcome = await deliver(
                protocol,
                sender=sender,
                recipients=recipients,
                wire=wire,
                mark=mark,
                timeouts=self._account.timeouts,
            )
            clean = outcome.fate is Fate.SENT
        finally:
            if not clean:
                await self._drop(politely=False)
        return outcome

    async def close(self) -> None:
        """End the session with QUIT."""
        await self._drop(politely=True)

    async def _ready(self) -> Session:
        if self._session is None:
            self._session = Session(self._account, self._secret)
        if not self._session.connected:
            await self._session.open()
        return self._session

    async def _drop(self, *, politely: bool) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close(politely=politely)

    def _with_hint(self, outcome: Outcome) -> Outcome:
        if outcome.fate is not Fate.LOGIN:
            return outcome
        hint = login_hint(self._account, outcome.step)
        detail = f"{outcome.detail}; {hint}" if outcome.detail else hint
        return Outcome(outcome.fate, outcome.step, outcome.reply, detail)
