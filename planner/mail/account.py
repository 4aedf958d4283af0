"""The mail account that letters leave from, and what well-known providers expect."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Security(StrEnum):
    """How the connection is encrypted; `none` is allowed only for loopback."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Auth(StrEnum):
    """How the server learns who we are."""

    PASSWORD = "password"  # noqa: S105 - PLAIN if the server offers it, or else LOGIN
    PLAIN = "plain"
    LOGIN = "login"
    XOAUTH2 = "xoauth2"
    OAUTHBEARER = "oauthbearer"
    NONE = "none"

    @property
    def takes_token(self) -> bool:
        """Whether the secret is an access token, which lives for about an hour."""
        return self in {Auth.XOAUTH2, Auth.OAUTHBEARER}

    @property
    def by_password(self) -> bool:
        """Whether the secret is a password of the mailbox."""
        return self in {Auth.PASSWORD, Auth.PLAIN, Auth.LOGIN}


class Timeouts(NamedTuple):
    """Seconds to wait in each phase of a delivery.

    Source: RFC 5321 section 4.5.3.2, but shorter for connecting.
    """

    connect: float = 30
    command: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600


class Account(NamedTuple):
    """Where to connect, as which user, and how; it holds no secret."""

    host: str
    port: int
    security: Security = Security.STARTTLS
    username: str = ""
    auth: Auth = Auth.PASSWORD
    ca_file: str = ""
    client_name: str = ""
    provider: str = ""
    connections: int = 1
    timeouts: Timeouts = Timeouts()

    @property
    def key(self) -> str:
        """User name, host and port, which pace and approvals are bound to."""
        return f"{self.username}@{self.host}:{self.port}"


class Preset(NamedTuple):
    """What a well-known provider expects of its SMTP clients."""

    name: str
    host: str
    port: int
    security: Security
    per_day: int


# Hosts and ports are from each provider's help pages for mail clients.  The limits are far
# below the published ones, to suit letters that a person wrote.
PRESETS: dict[str, Preset] = {
    "gmail": Preset("Gmail", "smtp.gmail.com", 465, Security.TLS, 20),
    "workspace": Preset("Google", "smtp.gmail.com", 465, Security.TLS, 20),
    "microsoft365": Preset("Microsoft", "smtp.office365.com", 587, Security.STARTTLS, 20),
    "outlook": Preset("Outlook.com", "smtp-mail.outlook.com", 587, Security.STARTTLS, 20),
    "icloud": Preset("iCloud", "smtp.mail.me.com", 587, Security.STARTTLS, 20),
    "yahoo": Preset("Yahoo", "smtp.mail.yahoo.com", 465, Security.TLS, 20),
}


def provider_of(account: Account) -> str:
    """Return the key in PRESETS of an account's provider or else host; "" if none fits."""
    host = account.host.casefold()
    by_host = (name for name, preset in PRESETS.items() if preset.host == host)
    return account.provider if account.provider in PRESETS else next(by_host, "")


def preset_of(account: Account) -> Preset | None:
    """Return the preset of an account's provider; None if it is not a well-known one."""
    return PRESETS.get(provider_of(account))
