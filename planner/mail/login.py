"""Logs in with a single AUTH command, however the server reacts.

aiosmtplib's own login has three faults: it sends the user name with `AUTH LOGIN`, so a server
that ignores it gets the password as the user name; it puts a token of any length into the
command; and it drops what a server says about a token.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from planner.mail.account import Account
from planner.rules.retries import Reply
from planner.rules.sessions import asks_for_user

CONTINUE = 334
# Octets of a command with its line end (RFC 5321 section 4.5.3.1.4); a response on its own
# line may be longer (RFC 4954 section 4).
LONGEST_COMMAND = 512
# What ends an exchange in which the server reports an error.
ACKNOWLEDGED = {"xoauth2": b"", "oauthbearer": base64.b64encode(b"\1")}  # RFC 7628 section 3.2.3
GIVE_UP = b"*"  # RFC 4954 section 4

Say = Callable[..., Awaitable[Reply]]


class Ended(NamedTuple):
    """The last answer to a login, and what the server reported about the token before it."""

    reply: Reply
    told: str = ""


def responses(account: Account, secret: str) -> dict[str, str]:
    """Return the credentials by method, before they are encoded in base64."""
    user = account.username
    name = user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801 section 4
    where = f"host={account.host}\1port={account.port}"
    return {
        "plain": f"\0{user}\0{secret}",
        "xoauth2": f"user={user}\1auth=Bearer {secret}\1\1",
        "oauthbearer": f"n,a={name},\1{where}\1auth=Bearer {secret}\1\1",
    }


async def log_in(
    say: Say, method: str, *, account: Account, secret: str, show: Callable[[bytes], str]
) -> Ended:
    """Log in by a method; `say` sends a line and returns the reply, `show` makes bytes text."""
    if method == "login":
        return Ended(await _in_two_steps(say, account.username, secret))
    response = base64.b64encode(responses(account, secret)[method].encode())
    return await _with_response(say, method, response, show)


async def _in_two_steps(say: Say, user: str, password: str) -> Reply:
    """Do AUTH LOGIN: send the user name, then the password, each only when asked for it."""
    reply = await say(b"AUTH", b"LOGIN")
    if reply.code != CONTINUE:
        return reply
    first = question(reply)
    reply = await say(base64.b64encode(user.encode()))
    if reply.code != CONTINUE or asks_for_user(question(reply), first):
        return reply
    return await say(base64.b64encode(password.encode()))


async def _with_response(
    say: Say, method: str, response: bytes, show: Callable[[bytes], str]
) -> Ended:
    """Do another method: one response, in the command or, if it is too long, after it."""
    command = (b"AUTH", method.upper().encode())
    given = len(b" ".join((*command, response))) + 2 <= LONGEST_COMMAND
    reply = await say(*command, response) if given else await say(*command)
    # An empty challenge asks for a response that the server did not get, or ignored.
    if reply.code == CONTINUE and not (_challenge(reply) if given else _report(reply, show)):
        reply = await say(response)
    if reply.code != CONTINUE:
        return Ended(reply)
    told = _report(reply, show)
    try:
        return Ended(await say(ACKNOWLEDGED.get(method, GIVE_UP)), told)
    except OSError:  # the server hung up, but its report is an answer
        if not told:
            raise
        return Ended(reply, told)


def question(reply: Reply) -> str:
    """Decode what a challenge asks for.

    >>> question(Reply(334, "VXNlcm5hbWU6"))
    'Username:'
    """
    return _challenge(reply).decode("utf-8", "replace")


def _challenge(reply: Reply) -> bytes:
    """Return the challenge in a 334 reply, undecoded if it is not valid base64."""
    said = reply.text.strip().encode()
    try:
        return base64.b64decode(said + b"=" * (-len(said) % 4), validate=True)
    except binascii.Error:
        return said


def _report(reply: Reply, show: Callable[[bytes], str]) -> str:
    """Return what a JSON challenge reports about a token (RFC 7628 section 3.2.2), or ""."""
    try:
        found = json.loads(show(_challenge(reply)))
    except ValueError:
        return ""
    if not isinstance(found, dict):
        return ""
    said = [f"{key} {value}" for key, value in found.items() if isinstance(value, str | int)]
    return f"the server says about the token: {', '.join(said)[:300]}"
