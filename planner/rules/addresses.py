"""Checks email addresses by their syntax alone; nothing is looked up."""

from __future__ import annotations

import re
from functools import lru_cache

# What almost every address looks like; any other one goes to a library that is slower to load
# than all the rest of a command.
PLAIN = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
LONGEST_PLAIN = 64  # octets; RFC 5321 section 4.5.3.1 allows more


@lru_cache(maxsize=20_000)
def normalized(text: str) -> str:
    """Return the address in the form for an envelope, with the domain in lowercase.

    Raises ValueError with the reason if the text is not an address.
    """
    if len(text) <= LONGEST_PLAIN and PLAIN.fullmatch(text):
        user, _, domain = text.rpartition("@")
        return f"{user}@{domain.lower()}"
    if "=?" in text:
        raise ValueError("=? has no place in an address")
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(text, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    return valid.normalized


def ascii_domain(domain: str) -> str:
    """Encode a domain for the wire (IDNA 2008).  Raises ValueError if that is impossible."""
    if domain.isascii():
        return domain
    import idna  # slow to load, and hardly ever needed

    return idna.encode(domain, uts46=True).decode("ascii")
