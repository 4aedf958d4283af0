"""Who may speak to the page: a browser on this machine that was given the key.

Any page of the network can make a browser send requests to a server on loopback, and a name
of its own can be made to point there (DNS rebinding).  So every request must name this
server as its host, every change must come from this page, and nothing but the empty page is
given without a key.  The key is given once, for a token that stands in the fragment of the
link: a fragment is sent to no server and kept in no log.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

KEY = b"x-planner-key"
LIMIT = 4_000_000  # bytes of a request: a letter of 200,000 characters, however they are spelled
OPEN_PATHS = frozenset({"/", "/review.css", "/review.js"})  # what holds nothing of the applicant
TOKEN_PATH = "/key"  # noqa: S105 - where the token is exchanged

HEADERS = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            b" base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class Guard:
    """Lets through to `app` what may pass; everything else gets a sentence and a status."""

    def __init__(self, app: App, port: int) -> None:
        self.app = app
        self.hosts = frozenset(f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost"))
        self.origins = frozenset(b"http://" + host for host in self.hosts)
        self.token = secrets.token_urlsafe(32)
        self.key = secrets.token_urlsafe(32)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return  # no websocket is spoken here

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        if refusal := self.refusal(scope):
            await _answer(send_guarded, *refusal)
        else:
            await self.app(scope, _limited(scope, receive), send_guarded)

    def refusal(self, scope: Message) -> tuple[int, str] | None:
        """Status and sentence of a request that may not pass; None if it may."""
        headers = scope["headers"]
        if [value.lower() for value in _values(headers, b"host")] not in ([h] for h in self.hosts):
            return 421, "This server answers at 127.0.0.1 only."
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "Only GET and POST are understood here."
        if scope["method"] == "POST" and not self._comes_from_the_page(headers):
            return 403, "Changes are made from the page itself only."
        if scope["method"] == "POST" and _is_long(_value(headers, b"content-length")):
            return 413, "That is longer than a letter can be."
        if scope["path"] in OPEN_PATHS or scope["path"] == TOKEN_PATH:
            return None
        if not _same(_value(headers, KEY), self.key):
            return 401, "This page has no key. Open the link that the command printed."
        return None

    def _comes_from_the_page(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        site = _value(headers, b"sec-fetch-site")
        return (
            _value(headers, b"origin") in self.origins
            and site in (b"", b"same-origin")
            and _value(headers, b"content-type") == b"application/json"
        )

    def exchange(self, token: str) -> str | None:
        """The key for the token; None for another one, or if it was given before."""
        if not self.token or not _same(token.encode(), self.token):
            return None
        self.token = ""
        return self.key


def _same(given: bytes, own: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(given, own.encode())


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value for key, value in headers if key.lower() == name]


def _value(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    """The value of a header; empty if it is missing, or there more than once."""
    found = _values(headers, name)
    return found[0] if len(found) == 1 else b""


def _is_long(length: bytes) -> bool:
    return len(length) > len(str(LIMIT)) or int(length or 0) > LIMIT


def _limited(scope: Message, receive: Receive) -> Receive:
    """What reads a body, as far as one may be long; a length need not be said."""
    left = LIMIT

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return {"type": "http.disconnect"} if left < 0 else message

    return limited


async def _answer(send: Send, status: int, text: str) -> None:
    body = (text + "\n").encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
