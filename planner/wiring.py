"""Makes a workspace and senders from the config; the only place that picks classes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from planner.errors import ConfigError, PersonNeededError, PlannerError, TryLaterError

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
    from planner.steps.sending.run import Renewal, SenderFactory, SendOptions, SendRun
    from planner.store.database import Store
    from planner.store.engine import Transaction


def now() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)


class Workspace:
    """What every command works with, made from the config; each part only when needed."""

    def __init__(self, config: str | None = None) -> None:
        self._config = config

    def again(self) -> Self:
        """Another one, which reads the config again."""
        return type(self)(self._config)

    @cached_property
    def settings(self) -> Settings:
        """The checked config.  Raises ConfigError if it has mistakes."""
        from planner.config import find_config, load_settings

        return load_settings(find_config(self._config))

    @cached_property
    def store(self) -> Store:
        """The store of `database.url`, created or migrated if needed."""
        from planner.store.database import open_store

        store = open_store(self.settings.database_url, base=self.settings.folder)
        log.debug("config %s, database %s", self.settings.path, store.name)
        return store

    @property
    def logged_beside(self) -> Path:
        """The path that run logs are put beside: the database file, or the config's folder."""
        return self.store.path or self.settings.folder / "planner"

    def by(self, settings: Settings) -> Workspace:
        """A workspace by other settings, on the same database.

        Raises ConfigError if they name another one.
        """
        if settings.database_url != self.settings.database_url:
            raise ConfigError(
                f"database.url in {settings.path} was changed while letters were on their way.",
                hint="Start again, for the other database.",
                code="other_database",
            )
        other = Workspace(self._config)
        other.settings, other.store = settings, self.store
        return other

    @cached_property
    def templates(self) -> Templates:
        """The letters: those in the user's folder, or else the shipped ones."""
        from planner.letters import Templates

        return Templates(self.settings.templates)

    @property
    def account(self) -> str:
        """The key of the account, which approvals and the pace are bound to."""
        return self.settings.account.key

    def now(self) -> datetime:
        """Return the real time."""
        return now()

    def situation(self, *, day: date | None = None, phase: Phase | None = None) -> Situation:
        """Return what plans are made from, now or, for what-if, at noon of `day` in `phase`."""
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
            voice=settings.voice,
            interviews_finished_on=settings.interviews_finished_on,
            phase=phase,
        )

    def composer(self, tx: Transaction, *, unwritten: bool = False) -> Composer:
        """Return what turns decisions into letters, with everything that is stored."""
        from planner.steps.compose import make_composer

        return make_composer(tx, self.situation(), self.templates, self.account)


def sender_factory(settings: Settings) -> SenderFactory:
    """Return a factory of senders for the configured account.

    It finds the secret now, before the first letter.  Raises PersonNeededError if the host or
    the secret is missing, or if ca_file is not usable.
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


class _Rereading:
    """Reads the config again during a run; a call returns what to continue with if it changed."""

    def __init__(self, ws: Workspace, options: SendOptions, callbacks: Mapping[str, Any]) -> None:
        self._ws, self._options, self._callbacks = ws, options, callbacks
        self._found: tuple[Settings, Renewal] | None = None

    async def __call__(self) -> Renewal | None:
        from planner.config import reread
        from planner.steps.sending.run import Renewal

        before = self._ws.settings
        settings = await reread(before)
        if settings is before:
            return None
        if self._found is None or self._found[0].written != settings.written:
            ws = self._ws.by(settings)
            run = send_run(ws, self._options, **self._callbacks)
            self._found = settings, Renewal(run, sender_factory(settings))
        return self._found[1]


def send_run(ws: Workspace, options: SendOptions, **callbacks: Any) -> SendRun:
    """Make a send run with the configured account; `callbacks` are those of `SendRun`."""
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
        reread=_Rereading(ws, options, callbacks),
        **callbacks,
    )


def greet(
    settings: Settings, hint_for: Callable[[Cause | None, Account], str] = lambda *_: ""
) -> Greeting:
    """Connect to the mail server, log in once, and ask if it accepts letters; send nothing.

    `hint_for` says what to do about a cause.  Raises PersonNeededError if the login or TLS
    fails, and TryLaterError if the server cannot be reached.
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
    """Turn an outcome into an error: something to do, or to wait for."""
    from planner.rules.retries import Fate

    text = f"{account.host}:{account.port}, step {outcome.step}: {outcome}"
    hint = hint_for(outcome.cause, account)
    if outcome.fate in {Fate.LOGIN, Fate.SENDER, Fate.REFUSED}:
        hint = hint or "Check [smtp] username, and that it may send from applicant.email."
        return PersonNeededError(text, hint=hint)
    return TryLaterError(text, hint=hint or "Try again later.")
