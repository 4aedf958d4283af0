"""Settings to opened store, situation and sender: the one place that picks classes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from planner.config import Settings
from planner.errors import PersonNeededError, PlannerError, TryLaterError

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from pathlib import Path

    from planner.letters import Templates
    from planner.mail.account import Account
    from planner.rules.facts import Phase
    from planner.rules.retries import Cause, Outcome
    from planner.rules.situation import Situation
    from planner.steps.checkup import Greeting
    from planner.steps.sending.run import SenderFactory
    from planner.store.database import Store


def now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def open_database(settings: Settings) -> Store:
    """The store of `database.url`, created or migrated where needed."""
    from planner.store.database import open_store

    store = open_store(settings.database_url, base=settings.folder)
    log.debug("config %s, database %s", settings.path, store.name)
    return store


def logged_beside(settings: Settings, store: Store) -> Path:
    """What the logs of runs are beside: the database, or the config where that is a server's."""
    return store.path or settings.folder / "planner"


def situation(settings: Settings, at: datetime, *, phase: Phase | None = None) -> Situation:
    """What plans are made from, at a moment."""
    from planner.rules.situation import Situation

    return Situation(
        applicant=settings.applicant,
        specialties=settings.specialties,
        calendars=settings.calendars,
        thresholds=settings.thresholds,
        season=settings.season,
        now=at,
        address=settings.address,
        interviews_finished_on=settings.interviews_finished_on,
        phase=phase,
    )


def templates(settings: Settings) -> Templates:
    """The letters: the user's folder, the shipped ones behind it."""
    from planner.letters import Templates

    return Templates(settings.templates)


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


def greet(
    settings: Settings, hint_for: Callable[[Cause | None, Account], str] = lambda *_: ""
) -> Greeting:
    """Connect to the mail server, log in once, ask whether it takes letters; send nothing.

    `hint_for` says what to do about a cause.  Raises PersonNeededError where login or TLS
    fail, TryLaterError where the server is away.
    """
    import asyncio

    from planner import credentials
    from planner.mail.delivery import rehearse
    from planner.mail.handshake import SessionError
    from planner.mail.session import Session
    from planner.steps.checkup import Greeting

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
