"""What well-known providers allow programs to do with a mailbox, and until when.

A provider is recognized by the domain of an address, or by the domain's mail servers (MX).
Each row is from the provider's own help pages, read in November 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from planner.mail.account import Account, provider_of
from planner.rules.near import one_slip_from
from planner.rules.season_dates import Deadline


class Provider(NamedTuple):
    """A mail provider: its key in PRESETS ("" if it has none), and how to recognize it.

    `allows` says what a program may do there; `by_password` says whether a password of any
    kind can ever be enough.
    """

    key: str
    name: str
    domains: frozenset[str]
    exchangers: tuple[str, ...]  # the ends of its mail servers' names
    allows: str
    by_password: bool = True


# Microsoft's message MC786329 to administrators, January 2026.
MICROSOFT_PASSWORDS_UNTIL = date(2026, 12, 31)

# The first one that fits counts.
PROVIDERS = (
    Provider(
        "gmail",
        "Gmail",
        frozenset({"gmail.com", "googlemail.com"}),
        ("gmail-smtp-in.l.google.com",),
        "It requires an app password, not your usual one: turn on 2-Step Verification, then"
        " create one at myaccount.google.com/apppasswords.",
    ),
    Provider(
        "workspace",
        "Google Workspace",
        frozenset(),
        (".google.com", ".googlemail.com"),
        "It accepts an app password if your school or employer allows 2-Step Verification and app"
        " passwords; many do not. Without one, an access token, or letters by hand.",
    ),
    Provider(
        "outlook",
        "Outlook.com",
        frozenset(
            {"outlook.com", "hotmail.com", "live.com", "msn.com", "hotmail.co.uk", "live.co.uk"}
        ),
        (".olc.protection.outlook.com",),
        "It does not accept passwords from programs, not even app passwords: only an access token, or"
        " letters by hand.",
        by_password=False,
    ),
    Provider(
        "microsoft365",
        "Microsoft 365",
        frozenset(),
        (".mail.protection.outlook.com", ".mx.microsoft"),
        "Passwords work until the end of December 2026, and only where your school allows SMTP"
        " AUTH for your mailbox; after that they are off, unless its administrator turns them on"
        " again. Otherwise an access token that your school has consented to, or letters by hand.",
    ),
    Provider(
        "icloud",
        "iCloud Mail",
        frozenset({"icloud.com", "me.com", "mac.com"}),
        (".mail.icloud.com",),
        "It requires an app-specific password: create one at account.apple.com. With a domain of your"
        " own, smtp.username is your Apple address.",
    ),
    Provider(
        "yahoo",
        "Yahoo Mail",
        frozenset({"yahoo.com", "ymail.com", "rocketmail.com", "myyahoo.com"}),
        (".yahoodns.net",),
        "It requires an app password: create one on the security page of your account.",
    ),
    Provider(
        "",
        "Proton Mail",
        frozenset({"proton.me", "protonmail.com", "pm.me", "protonmail.ch"}),
        (".protonmail.ch",),
        "It accepts programs only through Proton Mail Bridge, an app on your own computer that comes"
        " with paid plans: its window shows smtp.host, smtp.port and the password. Without it,"
        " letters by hand.",
    ),
)
# Spam filters, which may be in front of any provider.
GATEWAYS = (".pphosted.com", ".ppe-hosted.com", ".mimecast.com", ".barracudanetworks.com")


def find_by_domain(domain: str) -> Provider | None:
    """Return the provider that this domain belongs to; None if it is not a known one."""
    return next((p for p in PROVIDERS if domain.casefold() in p.domains), None)


def find_by_exchangers(names: Iterable[str]) -> Provider | None:
    """Return the provider that these mail servers belong to; None if it is not a known one."""
    hosts = [f".{name.casefold().rstrip('.')}" for name in names]
    return next((p for p in PROVIDERS if any(host.endswith(p.exchangers) for host in hosts)), None)


def is_behind_gateway(names: Iterable[str]) -> bool:
    """Whether a spam filter receives the mail, so that the provider behind it is not known."""
    return any(f".{name.casefold().rstrip('.')}".endswith(GATEWAYS) for name in names)


def find_slip(domain: str) -> str | None:
    """Return the provider's domain that was probably meant, if this one is a typo; else None."""
    return one_slip_from(domain.casefold(), [d for p in PROVIDERS for d in sorted(p.domains)])


def find_provider(account: Account) -> Provider | None:
    """Return the provider of a configured account; None if it is not a known one."""
    key = provider_of(account)
    return next((p for p in PROVIDERS if key and p.key == key), None)


def find_gap(account: Account) -> str:
    """Say why this account's login cannot work; "" if it may."""
    provider = find_provider(account)
    if provider is None or provider.by_password or not account.auth.by_password:
        return ""
    return f'{provider.name} does not accept passwords, and smtp.auth is "{account.auth}"'


def find_deadlines(account: Account) -> Iterator[Deadline]:
    """Yield what will change for this account, and when."""
    if account.auth.by_password and provider_of(account) == "microsoft365":
        yield Deadline(
            "microsoft365-passwords",
            MICROSOFT_PASSWORDS_UNTIL,
            "Microsoft 365 stops taking passwords from mail programs, by default",
            "An administrator of your school may allow them again; otherwise sign in with a token,"
            " or send letters by hand.",
        )
