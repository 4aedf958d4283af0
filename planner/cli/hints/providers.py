"""What to say about the provider of an address: what it lets a program do, and what to type."""

from __future__ import annotations

from typing import NamedTuple

from planner.mail.mx import Answer, Exchangers, find_exchangers
from planner.mail.providers import (
    Provider,
    find_by_domain,
    find_by_exchangers,
    find_slip,
    is_behind_gateway,
)

BY_HAND = "If programs may not send, planner hand opens each letter in your own mail program."
LOGIN = "Store the password with planner login, never in a file; planner doctor tests it."
UNKNOWN = (
    "planner does not know its provider. Set smtp.host (the provider's help pages name the server"
    " for outgoing mail), then run planner doctor."
)
SCHOOL = (
    "If you read it in Outlook, smtp.provider is microsoft365; if in Gmail, it is workspace."
    " Its IT service decides whether programs may send."
)


class About(NamedTuple):
    """What is known of an address: its provider's key in the config, and sentences."""

    provider: str
    lines: list[str]


def about_address(address: str) -> About:
    """Find the provider of an address by its domain, or else by its mail servers."""
    domain = address.rpartition("@")[2]
    if provider := find_by_domain(domain):
        return _known(address, provider, f"{domain} is {provider.name}.")
    slip = find_slip(domain)
    doubt = [f"Did you mean {slip}?"] if slip else []
    found = find_exchangers(domain)
    if provider := find_by_exchangers(found.names):
        known = _known(address, provider, f"{domain} gets its mail through {provider.name}.")
        return About(known.provider, [*doubt, *known.lines])
    return About("", [*doubt, *_unknown(domain, found)])


def _known(address: str, provider: Provider, how: str) -> About:
    login = [LOGIN] if provider.by_password and provider.key else []
    by_hand = [] if provider.key in OWN_MAILBOXES else [BY_HAND]
    return About(provider.key, [f"{how} {provider.allows}", *login, *by_hand])


# Whose owner decides alone whether programs may send.
OWN_MAILBOXES = frozenset({"gmail", "icloud", "yahoo"})


def _unknown(domain: str, found: Exchangers) -> list[str]:
    match found.answer:
        case Answer.NO_DOMAIN:
            return [f"There is no domain {domain}: check the address."]
        case Answer.NO_MAIL:
            return [f"The domain {domain} has no mail server: check the address."]
        case Answer.NOT_ASKED:
            text = f"The name servers could not be asked who keeps the mail of {domain}."
            return [f"{text} {SCHOOL}", BY_HAND]
        case Answer.FOUND if is_behind_gateway(found.names):
            return [f"{domain} is behind a mail filter. {SCHOOL}", BY_HAND]
        case Answer.FOUND:
            return [UNKNOWN, BY_HAND]
