"""The mail account that letters leave from, and what well-known providers expect."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Security(StrEnum):
    """How the line is protected; `none` is for loopback only."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Auth(StrEnum):
    """How the server learns who we are."""

    PASSWORD = "password"  # noqa: S105 - PLAIN where it is offered, else LOGIN
    PLAIN = "plain"
    LOGIN = "login"
    XOAUTH2 = "xoauth2"
    OAUTHBEARER = "oauthbearer"
    NONE = "none"

    @property
    def takes_token(self) -> bool:
        """Whether the secret is an access token, which lives for about an hour."""
        return self in {Auth.XOAUTH2, Auth.OAUTHBEARER}


class Timeouts(NamedTuple):
    """Seconds to wait in each phase of a delivery.

    Source: RFC 5321 section 4.5.3.2, shortened for connecting.
    """

    connect: float = 30
    command: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600


class Account(NamedTuple):
    """Where to connect, as whom, and how.  Holds no secret."""

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
        """Host, port and user name: what pace and approvals are bound to."""
        return f"{self.username}@{self.host}:{self.port}"


class Preset(NamedTuple):
    """What a well-known provider expects of its SMTP clients."""

    name: str
    host: str
    port: int
    security: Security
    per_day: int
    hint: str


_APP_PASSWORD = "an app password, not the one you log in to the web page with"  # noqa: S105

# Hosts, ports and limits: each provider's own help pages for mail clients; the limits
# are far below the published ones, for letters that a person wrote.
PRESETS: dict[str, Preset] = {
    "gmail": Preset(
        "Gmail",
        "smtp.gmail.com",
        465,
        Security.TLS,
        20,
        f"Gmail wants {_APP_PASSWORD}: turn on 2-Step Verification, then create one at"
        " myaccount.google.com/apppasswords, and store it with: planner login",
    ),
    "workspace": Preset(
        "Google",
        "smtp.gmail.com",
        465,
        Security.TLS,
        20,
        f"Google Workspace wants {_APP_PASSWORD}, if your school allows one; else"
        ' smtp.auth = "xoauth2" with smtp.password_command.',
    ),
    "microsoft365": Preset(
        "Microsoft",
        "smtp.office365.com",
        587,
        Security.STARTTLS,
        20,
        "Microsoft 365 must allow SMTP AUTH for your mailbox, and switches basic SMTP AUTH"
        ' off by default at the end of December 2026; then smtp.auth = "xoauth2" with'
        " smtp.password_command.",
    ),
    "outlook": Preset(
        "Outlook.com",
        "smtp-mail.outlook.com",
        587,
        Security.STARTTLS,
        20,
        'Outlook.com takes only OAuth: set smtp.auth = "xoauth2" and smtp.password_command.',
    ),
    "icloud": Preset(
        "iCloud",
        "smtp.mail.me.com",
        587,
        Security.STARTTLS,
        20,
        f"iCloud wants {_APP_PASSWORD}: create one at account.apple.com, and store it with:"
        " planner login",
    ),
    "yahoo": Preset(
        "Yahoo",
        "smtp.mail.yahoo.com",
        465,
        Security.TLS,
        20,
        f"Yahoo wants {_APP_PASSWORD}: create one in the account's security page, and store"
        " it with: planner login",
    ),
}


def preset_of(account: Account) -> Preset | None:
    """The well-known provider of an account: as it says, or by its host."""
    named, host = PRESETS.get(account.provider), account.host.casefold()
    return named or next((p for p in PRESETS.values() if p.host == host), None)
