"""All addresses of a host are tried in parallel: the first to answer wins, the others close."""

import asyncio
import contextlib
import errno
import itertools
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.mail.dial import Address, NotConnectedError, dial, interleaved

FOUR, SIX = socket.AF_INET, socket.AF_INET6
KIND = (socket.SOCK_STREAM, socket.IPPROTO_TCP)


def address(family, number):
    return Address(family, *KIND, (str(number), 25))


@contextlib.contextmanager
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


@contextlib.contextmanager
def swallowing():
    """An address that never answers: its backlog is full."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(server.getsockname())
        yield server.getsockname()


def refusing():
    """An address without a server."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()


def open_files():
    return len(list(Path("/dev/fd").iterdir()))


def dialed(monkeypatch, *addresses, timeout=20):
    """The port that was reached, by a name with these addresses."""
    found = [(FOUR, *KIND, "", where) for where in addresses]
    real = socket.getaddrinfo

    def getaddrinfo(host, *args, **options):
        return found if host == "mail.x.example" else real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(
        asyncio.BaseEventLoop, "getaddrinfo", lambda *_, **__: asyncio.sleep(0, found)
    )

    async def work():
        before = open_files()
        try:
            made = await dial("mail.x.example", 25, timeout=timeout)
        except NotConnectedError:
            assert open_files() <= before, "no socket is left open"
            raise
        with made:
            assert open_files() <= before + 1, "only one socket is left open"
            return made.getpeername()

    return asyncio.run(work())


def test_the_first_address_is_taken_where_it_answers(monkeypatch):
    with listening() as one, listening() as two:
        assert dialed(monkeypatch, one, two) == one


@pytest.mark.parametrize("dead", [1, 2, 3])
def test_addresses_that_swallow_us_are_passed_by(monkeypatch, dead):
    with swallowing() as silent, listening() as living:
        assert dialed(monkeypatch, *[silent] * dead, living) == living


def test_addresses_that_refuse_are_passed_by_at_once(monkeypatch):
    with listening() as living:
        assert dialed(monkeypatch, refusing(), refusing(), living) == living


def test_where_none_answers_it_says_how_long_it_waited(monkeypatch):
    words = r"does not answer, after 0\.4 s"
    with (
        swallowing() as one,
        swallowing() as two,
        pytest.raises(NotConnectedError, match=words) as caught,
    ):
        dialed(monkeypatch, one, two, timeout=0.4)
    assert caught.value.cause == "no_answer"


def test_where_all_refuse_it_is_said(monkeypatch):
    with pytest.raises(NotConnectedError, match="connection refused") as caught:
        dialed(monkeypatch, refusing(), refusing())
    assert caught.value.cause == "connection_refused"


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENETUNREACH, "no_network"),
        (errno.EHOSTUNREACH, "no_network"),
        (errno.ECONNREFUSED, "connection_refused"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_refusaltells_more_than_a_network_that_is_away(monkeypatch, number, cause, first):
    refused, other = refusing(), ("127.0.0.1", 9)
    real = socket.socket.connect

    def connect(self, where):
        if where == other:
            raise OSError(number, os.strerror(number))
        return real(self, where)

    monkeypatch.setattr(socket.socket, "connect", connect)
    both = (refused, other) if first else (other, refused)
    with pytest.raises(NotConnectedError) as caught:
        dialed(monkeypatch, *both)
    assert caught.value.cause == "connection_refused"
    with pytest.raises(NotConnectedError) as caught:
        dialed(monkeypatch, other)
    assert caught.value.cause == cause


def test_two_that_answer_at_the_same_moment_leave_one(monkeypatch):
    """The slower one has its answer before it can be called off."""
    with listening() as one, listening() as two:
        monkeypatch.setattr("planner.mail.dial.HEAD_START", 0)
        assert dialed(monkeypatch, one, two) in {one, two}


@given(st.lists(st.sampled_from([FOUR, SIX]), max_size=8))
def test_families_take_turns_and_no_address_is_lost(families):
    given_ = [address(family, number) for number, family in enumerate(families)]
    found = interleaved(given_)
    assert sorted(found) == sorted(given_)
    assert found[:1] == given_[:1], "the resolver says who is first"
    for family in (FOUR, SIX):
        assert [a for a in found if a.family == family] == [a for a in given_ if a.family == family]
    both = 2 * min(families.count(FOUR), families.count(SIX))
    assert all(a.family != b.family for a, b in itertools.pairwise(found[:both]))
