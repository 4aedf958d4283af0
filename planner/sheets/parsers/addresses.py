"""Mail addresses in cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.rules.addresses import LONGEST_PLAIN, normalized
from planner.sheets.parsers.cells import ZERO_WIDTH, BadCellError, Noted
from planner.sheets.parsers.domains import meant_by


def email(text: str) -> str | Noted:
    """A mail address, by its syntax alone.  Raises BadCellError."""
    address = ZERO_WIDTH.sub("", text)
    if named := re.fullmatch(r"[^<>]*<([^<>]+)>[ ;,]*", address):
        address = named[1]
    address = re.sub("(?i)^mailto:", "", address.strip()).strip("<> ;,")
    try:
        found = normalized(address)
    except ValueError as error:
        raise BadCellError(
            "bad_email", f"expected one address such as pd@hospital.example ({error})"
        ) from None
    user, _, domain = found.rpartition("@")
    if meant := meant_by(domain):
        return Noted(
            found, "unusual_domain", f"is {domain} right? {user}@{meant} looks more likely"
        )
    return found


# Possessive are single characters only: before Python 3.11.5 a possessive group may match
# what it does not (https://github.com/python/cpython/issues/106052).
_PLAIN_ADDRESSES = re.compile(
    r"(?:(?:[A-Za-z0-9_+-]++(?:\.[A-Za-z0-9_+-]++)*"
    r"@(?:[a-z0-9]++(?:-[a-z0-9]++)*\.)+[a-z]{2,24}+)?\n)*"
)
_DOMAINS = re.compile(r"@(.*)")


def plain_emails(texts: Sequence[str]) -> bool:
    """The fast lane of `email`."""
    joined = "\n".join(texts) + "\n"
    return (
        joined.count("\n") == len(texts)
        and max(map(len, texts)) <= LONGEST_PLAIN
        and _PLAIN_ADDRESSES.fullmatch(joined) is not None
        and not any(map(meant_by, set(_DOMAINS.findall(joined))))
    )
