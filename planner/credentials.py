"""The SMTP secret: from the environment, the user's command, or the system keyring.

It is looked up late, kept only in memory, and never shown.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Mapping

from planner.config import Settings
from planner.errors import PersonNeededError
from planner.mail.account import Auth
from planner.rules.secrets import why_no_password, why_no_token
from planner.subprocesses import OverrunError, run_bounded

log = logging.getLogger(__name__)

SECRET_VARIABLE = "PLANNER_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
KEYRING_SERVICE = "planner-smtp"
COMMAND_SECONDS = 60
COMMAND_BYTES = 64 * 1024  # more than any password or token; a command may print without end
# Seconds to use a token.  Google's and Microsoft's last for about an hour; a run may take days.
TOKEN_SECONDS = 300


def secret(settings: Settings, environment: Mapping[str, str] | None = None) -> str:
    """Find the secret: $PLANNER_SMTP_PASSWORD, smtp.password_command, or the keyring.

    Returns "" for an account without authentication.  Raises PersonNeededError if there is
    no secret, or if what was found cannot be one.
    """
    auth = settings.account.auth
    if auth is Auth.NONE:
        return ""
    env = os.environ if environment is None else environment
    if found := env.get(SECRET_VARIABLE):
        log.debug("the secret comes from $%s", SECRET_VARIABLE)
        return _usable(found, auth, f"${SECRET_VARIABLE}")
    if command := settings.password_command:
        log.debug("the secret comes from smtp.password_command (%s)", command[0])
        return _usable(_from_command(command), auth, f"smtp.password_command ({command[0]})")
    if found := _from_keyring(settings):
        log.debug("the secret comes from the keyring, for %s", settings.account.key)
        return _usable(found, auth, "the keyring")
    raise PersonNeededError(
        f"There is no password for {settings.account.username} at {settings.account.host}.",
        hint=f"Store it with planner login, or set smtp.password_command or ${SECRET_VARIABLE}.",
        code="no_secret",
    )


def _usable(found: str, auth: Auth, source: str) -> str:
    """Return the secret if it can be one; the error never shows what was found instead."""
    if auth.takes_token:
        what, found = "token", found.strip()
        wrong = why_no_token(found) if found else "it is empty"
        hint = "It must be the access token alone, on one line: no JSON, no quotes, no blanks."
    else:
        what, found = "password", found.rstrip("\r\n")
        wrong = why_no_password(found) if found else "it is empty"
        hint = "It must be the password alone, on one line."
    if wrong:
        raise PersonNeededError(
            f"What {source} holds cannot be a {what}: {wrong}.", hint=hint, code="no_secret"
        )
    return found


def _from_command(command: tuple[str, ...]) -> str:
    """Return the first line that the command prints; errors never show its output."""
    try:
        printed, code = run_bounded(command, seconds=COMMAND_SECONDS, most=COMMAND_BYTES)
        found = printed.partition(b"\n")[0].rstrip(b"\r").decode("utf-8")
    except OSError as error:
        raise _bad_command(command, f"could not be run: {error.strerror}") from None
    except OverrunError as error:
        raise _bad_command(command, str(error)) from None
    except UnicodeDecodeError:
        raise _bad_command(command, "printed bytes that are not UTF-8 text") from None
    if code == 0 and not found and printed.strip():
        raise _bad_command(command, "printed an empty first line")
    if code != 0 or not found:
        raise _bad_command(command, f"gave no password (exit {code})")
    return found


def _bad_command(command: tuple[str, ...], what: str) -> PersonNeededError:
    return PersonNeededError(
        f"smtp.password_command ({command[0]}) {what}.",
        hint="Run it yourself in a terminal; it must print the password on one line.",
        code="password_command",
    )


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


def refuse_without_keyring(settings: Settings) -> None:
    """Raise PersonNeededError if the keyring cannot be used, before a secret is asked for."""
    _refuse_without_package()
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.get_password(KEYRING_SERVICE, settings.account.key)
    except (KeyringError, RuntimeError) as error:
        raise _no_keyring(error) from None


# What is wrong with the keyring, by the name of its error.
NO_KEYRING = {
    "NoKeyringError": "This computer has no system keyring that planner can use.",
    "KeyringLocked": "The system keyring is locked, and was not unlocked.",
    "InitError": "The system keyring could not be started.",
}


def _no_keyring(error: Exception) -> PersonNeededError:
    name = type(error).__name__
    return PersonNeededError(
        NO_KEYRING.get(name, f"The system keyring could not be used ({name})."),
        hint=f"Nothing was stored. Use smtp.password_command or ${SECRET_VARIABLE} instead.",
        code="no_keyring",
    )


def _refuse_without_package() -> None:
    try:
        import keyring  # noqa: F401
    except ImportError:
        raise PersonNeededError(
            "The keyring needs one more package.",
            code="no_keyring_package",
            variable=SECRET_VARIABLE,
        ) from None


def store_secret(settings: Settings, password: str | None) -> None:
    """Store the secret in the system keyring; None deletes it.

    Raises PersonNeededError if there is no keyring.
    """
    _refuse_without_package()
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
        raise _no_keyring(error) from None


class Keeper:
    """Keeps the secret in memory, and gets a new token before the old one can expire.

    Raises PersonNeededError if no secret can be found.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._found, self._at = secret(settings), time.monotonic()

    async def secret(self) -> str:
        """Return the password, or a fresh token.  Raises PersonNeededError if there is none."""
        expires = self._settings.account.auth.takes_token
        if expires and time.monotonic() - self._at > TOKEN_SECONDS:
            self._found = await asyncio.to_thread(secret, self._settings)
            self._at = time.monotonic()
        return self._found
