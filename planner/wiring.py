"""Settings to opened store, situation and sender: the one place that picks classes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from planner.config import Settings
from planner.errors import PersonNeededError, TryLaterError
from planner.mail.account import Auth

if TYPE_CHECKING:
    from planner.letters import Templates
    from planner.mail.smtp import SmtpSender
    from planner.rules.facts import Phase
    from planner.rules.planning import Situation
    from planner.store.database import Store

SECRET_VARIABLE = "PLANNER_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
KEYRING_SERVICE = "planner-smtp"
COMMAND_SECONDS = 60


def now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def open_database(settings: Settings) -> Store:
    """The store of `database.url`, created or migrated where needed."""
    from planner.store.database import open_store

    return open_store(settings.database_url, base=settings.folder)


def situation(settings: Settings, at: datetime, *, phase: Phase | None = None) -> Situation:
    """What plans are made from, at a moment."""
    from planner.rules.planning import Situation

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


def sender(settings: Settings) -> SmtpSender:
    """The sender for the configured account, its secret in hand.

    Raises PersonNeededError without a host or a secret, and for a ca_file that is none.
    """
    from planner.mail.smtp import SmtpSender

    if not settings.account.host:
        raise PersonNeededError(
            "No mail server is configured: [smtp] has neither provider nor host.",
            hint=f'Add provider = "gmail" (or host = ...) under [smtp] in {settings.path}.',
            code="no_smtp",
        )
    return SmtpSender(settings.account, secret(settings))


def secret(settings: Settings, environment: Mapping[str, str] | None = None) -> str:
    """The SMTP secret: $PLANNER_SMTP_PASSWORD, smtp.password_command, or the keyring.

    Empty for an account without authentication.  Raises PersonNeededError where none
    is to be had.
    """
    if settings.account.auth is Auth.NONE:
        return ""
    env = os.environ if environment is None else environment
    if found := env.get(SECRET_VARIABLE):
        return found
    if settings.password_command:
        return _from_command(settings.password_command)
    if found := _from_keyring(settings):
        return found
    raise PersonNeededError(
        f"There is no password for {settings.account.username} at {settings.account.host}.",
        hint=f"Store it with planner login, or set smtp.password_command or ${SECRET_VARIABLE}.",
        code="no_secret",
    )


def _from_command(command: tuple[str, ...]) -> str:
    """The first line that the command prints; what it prints is shown nowhere."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, from the user's own file
            command, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PersonNeededError(
            f"smtp.password_command ({command[0]}) could not be run:"
            f" {getattr(error, 'strerror', None) or 'it took too long'}.",
            hint="Run it yourself in a terminal; it must print the password on one line.",
            code="password_command",
        ) from None
    found = done.stdout.partition("\n")[0].rstrip("\r")
    if done.returncode != 0 or not found:
        raise PersonNeededError(
            f"smtp.password_command ({command[0]}) gave no password (exit {done.returncode}).",
            hint="Run it yourself in a terminal; it must print the password on one line.",
            code="password_command",
        )
    return found


def _from_keyring(settings: Settings) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(KEYRING_SERVICE, settings.account.key) or ""
    except KeyringError:
        return ""


def refuse_without_keyring() -> None:
    """Raise PersonNeededError where the keyring's package is not installed."""
    try:
        import keyring  # noqa: F401
    except ImportError:
        raise PersonNeededError(
            "The keyring needs one more package.",
            hint=f"pip install 'keyring<26' beside planner, or use ${SECRET_VARIABLE}.",
            code="no_keyring",
        ) from None


def store_secret(settings: Settings, password: str | None) -> None:
    """Put the secret into the system keyring, or with None take it out.

    Raises PersonNeededError where there is no keyring.
    """
    refuse_without_keyring()
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        if password is None:
            keyring.delete_password(KEYRING_SERVICE, settings.account.key)
        else:
            keyring.set_password(KEYRING_SERVICE, settings.account.key, password)
    except PasswordDeleteError:
        return
    except (KeyringError, RuntimeError) as error:
        raise PersonNeededError(
            f"The system keyring did not take part ({type(error).__name__}).",
            hint=f"Use smtp.password_command or ${SECRET_VARIABLE} instead.",
            code="no_keyring",
        ) from None


def greet(settings: Settings) -> str:
    """Connect to the mail server, log in once, say what was found, send nothing.

    Raises PersonNeededError where login or TLS fail, TryLaterError where the server is away.
    """
    import asyncio

    from planner.mail.session import Session, SessionError, login_hint
    from planner.rules.retries import Fate

    account = settings.account
    sender(settings)  # says what is missing
    session = Session(account, secret(settings))

    async def meet() -> str:
        facts = await session.open()
        await session.close(politely=True)
        line = facts.tls_version or "no TLS (loopback)"
        size = f", size limit {facts.size_limit} bytes" if facts.size_limit else ""
        return f"{account.host}:{account.port}: {line}, logged in as {account.auth}{size}"

    try:
        return asyncio.run(meet())
    except SessionError as error:
        outcome = error.outcome
        text = f"{account.host}:{account.port}, step {outcome.step}: {outcome}"
        if outcome.fate is Fate.LOGIN:
            raise PersonNeededError(text, hint=login_hint(account, outcome.step)) from None
        raise TryLaterError(text, hint="Check [smtp] host and port, and the network.") from None
