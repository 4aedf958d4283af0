"""Asks the name servers which servers accept the mail of a domain."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dns.resolver import Resolver

PATIENCE = 4.0  # seconds for all name servers together


class Answer(StrEnum):
    """What the name servers said about a domain."""

    FOUND = "found"
    NO_DOMAIN = "no_domain"
    NO_MAIL = "no_mail"
    NOT_ASKED = "not_asked"  # no network, or no answer in time


class Exchangers(NamedTuple):
    """The names of the servers that accept the mail of a domain."""

    answer: Answer
    names: tuple[str, ...] = ()


def make_resolver() -> Resolver:
    """Return a resolver that asks the name servers of this computer."""
    from dns.resolver import Resolver

    return Resolver()


def find_exchangers(domain: str) -> Exchangers:
    """Ask for the mail servers of a domain; a failure is an answer, too."""
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer

    try:
        found = make_resolver().resolve(domain, "MX", lifetime=PATIENCE)
    except NXDOMAIN:
        return Exchangers(Answer.NO_DOMAIN)
    except NoAnswer:
        return Exchangers(Answer.NO_MAIL)
    except (DNSException, OSError, ValueError):
        return Exchangers(Answer.NOT_ASKED)
    names = tuple(record.exchange.to_text().rstrip(".") for record in found)
    if not any(names):  # RFC 7505: a lone dot means that the domain accepts no mail
        return Exchangers(Answer.NO_MAIL)
    return Exchangers(Answer.FOUND, names)
