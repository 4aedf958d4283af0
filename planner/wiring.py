"""The config to a workspace and to senders: the one place that picks classes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from planner.errors import PersonNeededError, PlannerError, TryLaterError

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from pathlib import Path

    from planner.config import Settings
    from planner.letters import Templates
    from planner.mail.account import Account
    from planner.rules.facts import Phase
    from planner.rules.retries import Cause, Outcome
    from planner.rules.situation import Situation
    from planner.steps.compose import Composer
    from planner.steps.doctor import Greeting
    from planner.steps.sending.run import SenderFactory, SendOptions, SendRun
    from planner.store.database import Store
    from planner.store.engine import Transaction


def now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


class Workspace:
    """What every command works with, made from the config; each part when it is needed."""

    def __init__(self, config: str | None = None) -> None:
        self._config = config

    def again(self) -> Self:
        """Another one, which reads the config anew."""
        return type(self)(self._config)

    @cached_property
    def settings(self) -> Settings:
        """The checked config.  Raises ConfigError."""
        from planner.config import find_config, load_settings

        return load_settings(find_config(self._config))

    @cached_property
    def store(self) -> Store:
        """The store of `database.url`, created or migrated where needed."""
        from planner.store.database import open_store

        store = open_store(self.settings.database_url, base=self.settings.folder)
        log.debug("config %s, database %s", self.settings.path, store.name)
        return store

    @property
    def logged_beside(self) -> Path:
        """What the logs of runs are beside: the database, or the config where that is a server's."""
        return self.store.path or self.settings.folder / "planner"

    @cached_property
    def templates(self) -> Templates:
        """The letters: the user's folder, the shipped ones behind it."""
        from planner.letters import Templates

        return Templates(self.settings.templates)

    @property
    def account(self) -> str:
        """What approvals and the pace are bound to."""
        return self.settings.account.key

    def now(self) -> datetime:
        """The real clock."""
        return now()

    def situation(self, *, day: date | None = None, phase: Phase | None = None) -> Situation:
        """What plans are made from: now, or noon of `day` and in `phase` for what-if."""
        from planner.rules.calendar import noon
        from planner.rules.situation import Situation

        settings = self.settings
        return Situation(
            applicant=settings.applicant,
            specialties=settings.specialties,
            calendars=settings.calendars,
            thresholds=settings.thresholds,
            season=settings.season,
            now=noon(day) if day else self.now(),
            address=settings.address,
            interviews_finished_on=settings.interviews_finished_on,
            phase=phase,
        )

    def composer(self, tx: Transaction) -> Composer:
        """Turns decisions into letters, knowing everything that is stored."""
        from planner.steps.compose import make_composer

        return make_composer(tx, self.situation(), self.templates, self.account)


def sender_factory(settings: Settings) -> SenderFactory:
    """Makes senders for the configured account.

    The secret is there before the first letter.  Raises PersonNeededError without a host or
    a secret, and for a ca_file that is none.
    """
    from planner.credentials import Keeper
    from planner.mail.smtp import SmtpSender

    if not settings.account.host:
        raise PersonNeededError(
            "No mail server is configured: [smtp] has neither provider nor host.",
            hint=f'Add provider = "gmail" (or host = ...) under [smtp] in {settings.path}.',
            code="no_smtp",
        )
    keeper = Keeper(settings)
    return lambda count: [SmtpSender(settings.account, keeper.secret) for _ in range(count)]


def send_run(ws: Workspace, options: SendOptions, **callbacks: Any) -> SendRun:
    """A run of sending with the configured account; `callbacks` are those of `SendRun`."""
    from planner.steps.sending.gate_checker import GateChecker
    from planner.steps.sending.run import Pacer, SendRun

    return SendRun(
        store=ws.store,
        account=ws.account,
        clock=ws.now,
        gates=GateChecker(ws.situation(), ws.account),
        pacer=Pacer(ws.account, ws.settings.pace, ws.now),
        options=options,
        connections=ws.settings.account.connections,
        **callbacks,
    )


def greet(
    settings: Settings, hint_for: Callable[[Cause | None, Account], str] = lambda *_: ""
) -> Greeting:
    """Connect to the mail server, log in once, ask whether it takes letters; send nothing.

    `hint_for` says what to do about a cause.  Raises PersonNeededError if login or TLS
    fail, TryLaterError if the server is away.
    """
    import asyncio

    from planner import credentials
    from planner.mail.delivery import rehearse
    from planner.mail.handshake import SessionError
    from planner.mail.session import Session
    from planner.steps.doctor import Greeting

    account, address = settings.account, settings.applicant.email
    sender_factory(settings)  # says what is missing
    session = Session(account)

    async def meet() -> Greeting:
        facts = await session.open(credentials.secret(settings))
        found = await rehearse(session.line, address=address, timeouts=account.timeouts)
        await session.close()
        return Greeting(facts, address, _failure(found, account, hint_for) if found else None)

    try:
        return asyncio.run(meet())
    except SessionError as error:
        raise _failure(error.outcome, account, hint_for) from None


def _failure(
    outcome: Outcome, account: Account, hint_for: Callable[[Cause | None, Account], str]
) -> PlannerError:
    """What an outcome is for a person: something to do, or to wait for."""
    from planner.rules.retries import Fate

    text = f"{account.host}:{account.port}, step {outcome.step}: {outcome}"
    hint = hint_for(outcome.cause, account)
    if outcome.fate in {Fate.LOGIN, Fate.SENDER, Fate.REFUSED}:
        hint = hint or "Check [smtp] username, and that applicant.email is an address of it."
        return PersonNeededError(text, hint=hint)
    return TryLaterError(text, hint=hint or "Try again later.")
