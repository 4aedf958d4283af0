"""Our end of a session, over a real connection with the test at the other end."""

import asyncio
import itertools
import socket
import time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.mail.line import LONGEST_LINE, LONGEST_REPLY, Line, LineLostError
from planner.rules.retries import Reply

SOON = 20  # seconds; nothing here needs them
BRIEF = 0.03  # seconds to wait for what never comes


def on_a_line(work):
    """Run `work(line, peer)`; `peer` is the socket at the other end."""

    async def run():
        with socket.create_server(("127.0.0.1", 0)) as listening:
            ours = socket.create_connection(listening.getsockname())
            peer, _ = listening.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.settimeout(5)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
        with peer:
            try:
                return await work(Line(transport), peer)
            finally:
                transport.abort()
                await asyncio.sleep(0)

    return asyncio.run(run())


async def heard_after(line, peer, *pieces):
    """Send pieces, each read by itself, and give all replies and what came of the line."""
    for piece in pieces:
        peer.sendall(piece)
        await line.look()
        await line.look()
    replies = []
    while reply := line.heard():
        replies.append(reply)
    return replies


def replies_to(*pieces):
    return on_a_line(lambda line, peer: heard_after(line, peer, *pieces))


@pytest.mark.parametrize(
    ("said", "replies"),
    [
        (b"250 2.1.0 ok\r\n", [(250, "2.1.0 ok")]),
        (b"250-one\r\n250-two\r\n250 three\r\n", [(250, "one\ntwo\nthree")]),
        (b"250-  one \t\r\n250\ttwo\r\n", []),
        (b"250-  one \t\r\n250   two\r\n", [(250, "one\ntwo")]),
        (b"250 ok\n", [(250, "ok")]),
        (b"250-one\n250 two\r\n354 go\n", [(250, "one\ntwo"), (354, "go")]),
        (b"250 ok\r\r\n", [(250, "ok")]),
        (b"250\r\n", [(250, "")]),
        (b"250 \r\n", [(250, "")]),
        (b"250-\r\n250-\r\n250\r\n", [(250, "\n\n")]),
        (b"250 " + b"x" * (LONGEST_LINE - 4) + b"\r\n", [(250, "x" * (LONGEST_LINE - 4))]),
        (b"250 caf\xc3\xa9\r\n", [(250, "café")]),
        (b"250 caf\xe9\r\n", [(250, "caf\\xe9")]),
        (b"250 a\x1b[2Jb\x00c\x07\r\n", [(250, "a\x1b[2Jb\x00c\x07")]),
        (b"250 a\rb\r\n", [(250, "a\rb")]),
        (b"000 \r\n999 what\r\n", [(0, ""), (999, "what")]),
        (b"250 one\r\n250 two\r\n", [(250, "one"), (250, "two")]),
        (b"250 ok\r\n250 half", [(250, "ok")]),
        (b"250-half\r\n", []),
    ],
)
def test_replies_are_cut_out_of_what_comes(said, replies):
    assert replies_to(said) == [Reply(code, text) for code, text in replies]


@pytest.mark.parametrize(
    "said",
    [
        *(b"hello", b"", b" 250 ok", b"25 ok", b"2500 ok", b"250ok", b"250_ok", b"-250 ok"),
        *(b"+25 ok", b"\xd9\xa2\xd9\xa5\xd9\xa0 ok", b"\x00250 ok", b"250\x00ok", b"HTTP/1.1 400"),
    ],
)
def test_what_is_no_reply_ends_the_line(said):
    async def work(line, peer):
        peer.sendall(b"220 ok\r\n" + said + b"\r\n250 never taken\r\n")
        assert await line.reply(SOON) == Reply(220, "ok"), "what came before it counts"
        with pytest.raises(LineLostError, match="malformed answer"):
            await line.reply(SOON)
        return line.is_up, line.heard()

    assert on_a_line(work) == (False, None)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"250 " + b"x" * LONGEST_LINE + b"\r\n", "malformed answer: 250 xxx"),
        (b"250 " + b"x" * LONGEST_LINE, "a line without an end"),
        (b"x" * 100_000, "a line without an end"),
        (b"250-" + b"x" * 1000 + b"\r\n", "a reply without an end"),
    ],
)
def test_a_server_cannot_talk_for_ever(said, why):
    async def work(line, peer):
        peer.sendall(said * (LONGEST_REPLY // len(said) + 1) if said.endswith(b"\n") else said)
        with pytest.raises(LineLostError, match=why):
            await line.reply(SOON)

    on_a_line(work)


def test_what_a_server_says_is_shown_without_its_control_characters():
    (reply,) = replies_to(b"550 5.1.1 \x1b]0;pwned\x07 no\xff\r\n")
    assert str(reply) == "550 5.1.1 \\x1b]0;pwned\\x07 no\\xff"
    assert reply.enhanced == "5.1.1"


WHOLE = b"250-fake.example\r\n250-SIZE 1\r\n250 caf\xc3\xa9\r\n354\r\n421 4.3.2 bye\n"


class FakeTransport(asyncio.Transport):
    """One that is only asked for its socket."""

    def set_protocol(self, protocol):
        self.protocol = protocol


@given(st.sets(st.integers(1, len(WHOLE) - 1)))
def test_replies_do_not_depend_on_how_they_were_cut_into_segments(cuts):
    edges = [0, *sorted(cuts), len(WHOLE)]

    async def heard():
        with socket.socket() as unconnected:
            line = Line(FakeTransport({"socket": unconnected}))
        for start, end in itertools.pairwise(edges):
            line.get_buffer(-1)[: end - start] = WHOLE[start:end]
            line.buffer_updated(end - start)
        return [line.heard() for _ in range(4)]

    assert asyncio.run(heard()) == [
        Reply(250, "fake.example\nSIZE 1\ncafé"),
        Reply(354, ""),
        Reply(421, "4.3.2 bye"),
        None,
    ]


def test_segments_over_a_real_connection_are_put_together():
    pieces = [WHOLE[n : n + 3] for n in range(0, len(WHOLE), 3)]
    assert [reply.code for reply in replies_to(*pieces)] == [250, 354, 421]


def test_a_reply_is_waited_for():
    async def work(line, peer):
        asyncio.get_running_loop().call_later(0.01, peer.sendall, b"250 at last\r\n")
        return await line.reply(SOON)

    assert on_a_line(work) == Reply(250, "at last")


def test_replies_that_came_together_are_given_one_by_one():
    async def work(line, peer):
        peer.sendall(b"250 one\r\n250 two\r\n")
        first = await line.reply(SOON)
        unasked = line.spoke_unasked
        return first.text, unasked, (await line.reply(SOON)).text, line.spoke_unasked

    assert on_a_line(work) == ("one", True, "two", False)


def test_the_patience_with_one_reply_does_not_end_the_wait_for_the_next():
    async def waits(line, peer):
        peer.sendall(b"250 one\r\n")
        first = await line.reply(BRIEF)
        loop = asyncio.get_running_loop()
        loop.call_later(2 * BRIEF, peer.sendall, b"250 two\r\n")
        return first.text, (await line.reply(SOON)).text

    assert on_a_line(waits) == ("one", "two")


def test_a_bell_that_rings_while_nobody_waits_ends_nothing():
    async def waits(line, peer):
        peer.sendall(b"250 one\r\n")
        await line.reply(BRIEF)
        await asyncio.sleep(2 * BRIEF)
        peer.sendall(b"250 two\r\n")
        return (await line.reply(SOON)).text

    assert on_a_line(waits) == "two"


def test_a_shorter_patience_counts_after_a_longer_one():
    async def waits(line, peer):
        peer.sendall(b"250 one\r\n")
        await line.reply(SOON)
        with pytest.raises(LineLostError, match=f"silence for {BRIEF} s"):
            await line.reply(BRIEF)

    on_a_line(waits)


def test_a_reply_that_was_heard_counts_though_all_is_broken_off_at_that_moment():
    async def work(line, peer):
        heard = []

        async def session():
            heard.append(await line.reply(SOON))
            await asyncio.sleep(SOON)

        task = asyncio.ensure_future(session())
        await asyncio.sleep(0)
        peer.sendall(b"250 2.0.0 queued\r\n")
        async with asyncio.timeout(SOON):
            while not line.spoke_unasked:  # until it is read, but not yet handed on
                await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return heard

    assert on_a_line(work) == [Reply(250, "2.0.0 queued")]


def test_silence_ends_the_line():
    async def work(line, _):
        started = time.monotonic()
        with pytest.raises(LineLostError, match=f"silence for {BRIEF} s"):
            await line.reply(BRIEF)
        assert time.monotonic() - started < SOON / 2
        assert not line.is_up
        with pytest.raises(LineLostError, match="silence"):
            await line.reply(SOON)
        with pytest.raises(LineLostError, match="silence"):
            line.write(b"NOOP\r\n")

    on_a_line(work)


def test_a_server_that_dribbles_gets_no_more_time():
    async def work(line, peer):
        async def dribble():
            while True:
                peer.sendall(b"2")
                await asyncio.sleep(0.005)

        dribbling = asyncio.create_task(dribble())
        started = time.monotonic()
        with pytest.raises(LineLostError, match="silence"):
            await line.reply(BRIEF)
        dribbling.cancel()
        return time.monotonic() - started

    assert on_a_line(work) >= BRIEF


def test_a_reply_counts_though_the_server_hangs_up_behind_it():
    async def work(line, peer):
        peer.sendall(b"250 ok\r\n")
        peer.close()
        for _ in range(2):  # the words, then the end
            await line.look()
        assert not line.is_up
        assert await line.reply(SOON) == Reply(250, "ok")
        with pytest.raises(LineLostError, match="the server closed the connection"):
            await line.reply(SOON)

    on_a_line(work)


@pytest.mark.parametrize("said", [b"", b"250", b"250 ok", b"250-ok\r\n", b"250-ok\r\n250"])
def test_half_a_reply_is_none_when_the_server_hangs_up(said):
    async def work(line, peer):
        peer.sendall(said)
        peer.close()
        with pytest.raises(LineLostError, match="the server closed the connection"):
            await line.reply(SOON)

    on_a_line(work)


def test_a_broken_connection_is_told_while_we_wait():
    async def work(line, peer):
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        asyncio.get_running_loop().call_later(0.01, peer.close)
        with pytest.raises(LineLostError, match="connection lost: .*reset"):
            await line.reply(SOON)
        return line.is_up

    assert on_a_line(work) is False


@pytest.mark.parametrize("said", [b"2", b"250 ok\r\n", b"250-half\r\n", b"\r", b"\0"])
def test_what_nobody_asked_for_is_noticed(said):
    async def work(line, peer):
        assert not line.spoke_unasked
        peer.sendall(said)
        await line.look()
        return line.spoke_unasked, line.is_up

    assert on_a_line(work) == (True, True)


def test_after_a_reply_nothing_is_unasked():
    async def work(line, peer):
        peer.sendall(b"250-a\r\n250 b\r\n")
        await line.reply(SOON)
        return line.spoke_unasked, line.heard()

    assert on_a_line(work) == (False, None)


@pytest.mark.parametrize("system", ["posix", "windows"])
def test_a_look_sees_what_came_while_the_loop_was_blocked(system, monkeypatch):
    if system == "windows":  # which has no poll
        monkeypatch.setattr("planner.system.select", SimpleNamespace())

    async def work(line, peer):
        peer.sendall(b"554 early\r\n")
        time.sleep(0.001)  # noqa: ASYNC251 - the loop does nothing meanwhile
        assert line.heard() is None
        await line.look()
        return line.heard()

    assert on_a_line(work) == Reply(554, "early")


def test_what_is_written_arrives_as_it_is():
    async def work(line, peer):
        line.write(b"MAIL FROM:<a@x.example>\r\n")
        line.write(b"\x00\xff..\n")
        return peer.recv(100)

    assert on_a_line(work) == b"MAIL FROM:<a@x.example>\r\n\x00\xff..\n"


def test_nothing_is_written_on_a_closed_line():
    async def work(line, peer):
        line._transport.close()
        with pytest.raises(LineLostError, match="the connection is closed"):
            line.write(b"DATA\r\n")
        await asyncio.sleep(0)
        return peer.recv(100)

    assert on_a_line(work) == b""


LOTS = b"x" * 1_000_000


async def fill(line):
    """Write until there is no room."""
    while line._room.is_set():
        line.write(LOTS)


def test_there_is_room_at_first():
    async def work(line, _):
        line.write(b"x")
        await line.drain(0)
        return line.is_up

    assert on_a_line(work)


def test_where_nothing_is_taken_the_line_is_lost():
    async def work(line, _):
        await fill(line)
        with pytest.raises(LineLostError, match=f"the server accepted nothing for {BRIEF} s"):
            await line.drain(BRIEF)

    on_a_line(work)


def test_where_something_is_taken_it_goes_on():
    async def work(line, peer):
        await fill(line)
        peer.setblocking(False)

        async def take():
            loop = asyncio.get_running_loop()
            while await loop.sock_recv(peer, len(LOTS)):
                pass

        taking = asyncio.create_task(take())
        await line.drain(SOON)
        taking.cancel()
        return line.is_up

    assert on_a_line(work) is True


def test_a_loss_ends_the_wait_for_room():
    async def work(line, peer):
        await fill(line)
        asyncio.get_running_loop().call_later(0.01, peer.close)
        with pytest.raises(LineLostError, match="connection"):
            await line.drain(SOON)

    on_a_line(work)


def test_a_reply_given_up_on_by_its_caller_is_still_the_next_one():
    async def work(line, peer):
        waiting = asyncio.create_task(line.reply(SOON))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        peer.sendall(b"250 late\r\n")
        return await line.reply(SOON)

    assert on_a_line(work) == Reply(250, "late")


def test_the_first_reason_of_a_loss_stays():
    async def work(line, peer):
        peer.sendall(b"nonsense\r\n")
        peer.close()
        await asyncio.sleep(0.01)
        with pytest.raises(LineLostError, match="malformed answer: nonsense"):
            await line.reply(SOON)

    on_a_line(work)
