"""Recognizes what cannot be a password or a token, so that it is not sent as one."""

from __future__ import annotations

import re

# What cannot be in a token (RFC 6750 allows letters, digits and -._~+/=), and what to call it.
NO_TOKEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[{}\[\]]"), "it is JSON, not the token alone"),
    (re.compile(r"bearer\s", re.IGNORECASE), 'it begins with "Bearer"'),
    (re.compile(r"\s"), "it has spaces in it"),
    (re.compile(r"[\x00-\x1f\x7f]"), "it has control characters inside"),
    (re.compile(r"[^\x21-\x7e]"), "it has characters that are not ASCII"),
    (re.compile(r"[\"'<>]"), "it has quotes or angle brackets"),
)


def why_no_token(text: str) -> str:
    """Say why a text cannot be an access token; "" if it can.

    >>> why_no_token("ya29.a0Af_B~c+/=")
    ''
    >>> why_no_token('{"access_token":')
    'it is JSON, not the token alone'
    """
    return next((word for pattern, word in NO_TOKEN if pattern.search(text)), "")


def why_no_password(text: str) -> str:
    """Say why a text cannot be a password, such as NUL (RFC 4616); "" if it can."""
    return "it has line breaks or NUL inside" if re.search(r"[\x00\r\n]", text) else ""
