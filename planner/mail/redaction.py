"""Turns what a server said into text without our secret, to be shown and stored."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

HIDDEN = b"[secret]"
SHORTEST = 4  # a shorter secret would match everywhere
# What may be the beginning of a login or token, because a server may quote only a part of it.
RUN = re.compile(rb"[A-Za-z0-9+/._~-]{12,}")


def shown(said: bytes) -> str:
    r"""Decode bytes, and escape what is not UTF-8.

    >>> shown(b"535 \xcd\xfc\xc1\xcb")
    '535 \\xcd\\xfc\\xc1\\xcb'
    """
    return said.decode("utf-8", "backslashreplace")


class Redactor:
    """Removes one account's secret from whatever a server says.

    Some servers quote a command that they do not know, or the password itself, and not only
    when they answer a login.  `logins` are the credentials that may be sent as base64.
    """

    def __init__(self, secret: str = "", logins: Iterable[str] = ()) -> None:
        self._whole: tuple[bytes, ...] = ()
        self._forms: re.Pattern[bytes] | None = None
        if len(secret) >= SHORTEST:
            encoded = {_base64(text) for text in (secret, *logins)}
            forms = sorted({*encoded, *_spellings(secret)}, key=len, reverse=True)
            self._whole = tuple(form.lower() for form in forms)
            self._forms = re.compile(b"|".join(map(re.escape, forms)), re.IGNORECASE)

    def text(self, said: bytes) -> str:
        """Return what was said as text without the secret."""
        if self._forms is not None:
            said = RUN.sub(self._cut_off, self._forms.sub(HIDDEN, said))
        return shown(said)

    def _cut_off(self, match: re.Match[bytes]) -> bytes:
        begun = match[0].rstrip(b".").lower()
        return HIDDEN if any(form.startswith(begun) for form in self._whole) else match[0]


def _base64(text: str) -> bytes:
    return base64.b64encode(text.encode()).rstrip(b"=")


def _spellings(secret: str) -> set[bytes]:
    """Return the secret in the encodings that a server may quote it in."""
    found = {secret.encode()}
    for encoding in ("latin-1", "cp1252"):
        try:
            found.add(secret.encode(encoding))
        except UnicodeEncodeError:
            continue
    return found
