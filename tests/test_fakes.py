"""The scripted server follows its script, and its log, which other tests rely on, is true."""

import socket
import ssl
import time
from contextlib import closing

import pytest

from tests.certificates import Authority, self_signed
from tests.fakes import (
    ACCEPT,
    DEAF,
    DRIBBLE,
    DROP,
    OK,
    RESET,
    SLOW,
    STALL,
    Event,
    ScriptedServer,
)

VERBS = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT")
LINES = {
    "EHLO": b"EHLO me\r\n",
    "MAIL": b"MAIL FROM:<a@x.example>\r\n",
    "RCPT": b"RCPT TO:<b@x.example>\r\n",
    "DATA": b"DATA\r\n",
    "DOT": b"Subject: x\r\n\r\n..a dot\r\n.\r\n",
}
MESSAGE = b"Subject: x\r\n\r\n.a dot\r\n"


class Client:
    """Speaks raw bytes to the server, one command at a time."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._buffer = b""

    def close(self):
        self.socket.close()

    def protect(self, trusted):
        context = ssl.create_default_context(cafile=trusted)
        self.socket = context.wrap_socket(self.socket, server_hostname="127.0.0.1")

    def line(self):
        """The next line, or what came of it."""
        while b"\n" not in self._buffer and (data := self.socket.recv(4096)):
            self._buffer += data
        line, end, self._buffer = self._buffer.partition(b"\n")
        return (line + end).decode()

    def reply(self):
        """All lines of the next reply."""
        text = line = self.line()
        while line[3:4] == "-":
            line = self.line()
            text += line
        return text

    def say(self, data):
        self.socket.sendall(data)

    def up_to(self, verb):
        """Go on to a verb, and send it; its answer is still to come."""
        for passed in VERBS[: VERBS.index(verb)]:
            self.reply()
            self.say(LINES[VERBS[VERBS.index(passed) + 1]])


@pytest.fixture
def meet():
    """Start a server and talk to it; all ends with the test."""
    opened = []

    def met(script=None, *, protected="", **options):
        server = ScriptedServer(script or {}, **options).__enter__()
        opened.append(server.__exit__)
        client = Client(server.port)
        opened.insert(0, lambda *_: client.close())
        if protected:
            client.protect(protected)
        return server, client

    yield met
    for close in opened:
        close(None, None, None)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("tls"))


def what_comes(server, verb):
    with closing(Client(server.port)) as client:
        client.up_to(verb)
        return client.line()


def events(server, *kinds):
    return [(event.kind, event.text) for event in server.events if event.kind in kinds]


def test_it_takes_a_message_and_has_it_all_in_its_log(meet):
    server, client = meet()
    client.up_to("DOT")
    assert client.reply() == "250 2.0.0 queued\r\n"
    client.say(b"QUIT\r\n")
    assert client.reply() == "221 2.0.0 bye\r\n"
    assert client.line() == "", "it hangs up behind QUIT"
    assert server.accepted == [MESSAGE], "without the stuffing of its dots"
    assert server.verbs() == ["EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT"]
    assert server.log[1] == "MAIL FROM:<a@x.example>"
    assert server.answers[-3:] == ["354 go ahead", "250 2.0.0 queued", "221 2.0.0 bye"]
    assert server.packets[0] == b"EHLO me\r\n"
    assert server.wait_for(server.over)
    assert server.sessions == 1
    assert events(server, "body") == [
        ("body", "Subject: x\r\n"),
        ("body", "\r\n"),
        ("body", "..a dot\r\n"),
    ]
    assert [kind for kind, _ in events(server, "accepted", "heard", "said")][-5:] == [
        *("heard", "accepted", "said"),  # the dot, then the decision, then its answer
        *("heard", "said"),
    ]


@pytest.mark.parametrize("verb", VERBS)
def test_it_says_what_the_script_says(meet, verb):
    server, client = meet({verb: ["421-4.3.2 closing\r\n421 now"]})
    client.up_to(verb)
    assert client.reply() == "421-4.3.2 closing\r\n421 now\r\n"
    assert server.accepted == []


@pytest.mark.parametrize("verb", VERBS)
def test_it_drops_in_good_order(meet, verb):
    server, client = meet({verb: DROP})
    client.up_to(verb)
    assert client.line() == ""
    assert server.wait_for(server.over)
    assert events(server, "did", "left", "over") == [("did", DROP), ("over", "")]
    assert server.accepted == []


@pytest.mark.parametrize("verb", VERBS)
def test_it_resets(verb):
    with ScriptedServer({verb: RESET}) as server, pytest.raises(ConnectionResetError):
        what_comes(server, verb)
    assert events(server, "did") == [("did", RESET)]
    assert server.accepted == []


@pytest.mark.parametrize("fault", [STALL, DEAF])
@pytest.mark.parametrize("verb", VERBS)
def test_it_says_nothing_more(meet, verb, fault):
    server, client = meet({verb: fault})
    client.up_to(verb)
    assert server.wait_for(lambda: events(server, "did") == [("did", fault)])
    client.say(b"NOOP\r\n")
    client.socket.settimeout(0.02)
    with pytest.raises(TimeoutError):
        client.line()
    assert server.accepted == []


def test_one_that_stalls_still_listens_and_sees_us_leave(meet):
    server, client = meet({"EHLO": STALL})
    client.up_to("EHLO")
    client.say(b"x" * 20_000_000)
    client.close()
    assert server.wait_for(server.over)
    assert events(server, "did", "left") == [("did", STALL), ("left", "")]


def test_one_that_is_deaf_takes_nothing_more(meet):
    server, client = meet({"EHLO": DEAF})
    client.up_to("EHLO")
    client.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.say(b"x" * 20_000_000)
    assert sum(map(len, server.packets)) < 100_000


@pytest.mark.parametrize("verb", VERBS)
def test_it_is_late_with_the_usual_answer(meet, verb):
    _, client = meet({verb: SLOW}, delay=0.03)
    client.up_to(verb)
    started = time.monotonic()
    assert client.reply()[:2] in {"22", "25", "35"}
    assert time.monotonic() - started > 0.02


@pytest.mark.parametrize("verb", VERBS)
def test_it_gives_the_usual_answer_byte_by_byte(meet, verb):
    server, client = meet({verb: DRIBBLE})
    client.up_to(verb)
    text = client.reply()
    assert text.startswith(OK.get(verb, "250-fake.example"))
    assert server.wait_for(lambda: len(events(server, "said")[VERBS.index(verb) :]) == len(text))


def test_parts_are_sent_each_by_itself_with_pauses_between_them(meet):
    server, client = meet({"EHLO": ("250 2.0", 0.02, b".0 \xff\r\n", "4", DROP)})
    client.up_to("EHLO")
    assert client.socket.recv(4096) in {b"220 fake.example ESMTP\r\n250 2.0", b"250 2.0"}
    assert client.socket.recv(4096).startswith(b".0 \xff\r\n")
    assert client.line() in {"", "4"}
    said = [text for _, text in events(server, "said")]
    assert said[1:] == ["250 2.0", ".0 \ufffd\r\n", "4"]


def test_an_answer_may_be_made_of_the_usual_one(meet):
    _, client = meet({"MAIL": lambda usual: f"{usual}\r\n250 early"})
    client.up_to("MAIL")
    assert [client.reply(), client.reply()] == ["250 2.1.0 ok\r\n", "250 early\r\n"]


def test_a_list_is_used_up_then_it_is_the_usual_answer(meet):
    _, client = meet({"RSET": [None, "450 later", ()]})
    client.reply()
    said = []
    for _ in range(2):
        client.say(b"RSET\r\n")
        said.append(client.reply())
    client.say(b"RSET\r\nRSET\r\n")  # the first of them gets no answer
    assert [*said, client.reply()] == ["250 2.0.0 ok\r\n", "450 later\r\n", "250 2.0.0 ok\r\n"]


def test_what_is_said_before_the_dot_takes_no_message(meet):
    server, client = meet({"BODY": "250 2.0.0 early", "DOT": "554 5.6.0 no"})
    client.up_to("DATA")
    assert client.reply()[:3] == "354"
    client.say(b"Subject: x\r\n")
    assert client.reply() == "250 2.0.0 early\r\n"
    client.say(b"\r\n.\r\n")
    assert client.reply() == "554 5.6.0 no\r\n"
    assert server.accepted == []


@pytest.mark.parametrize("ending", [DROP, RESET])
def test_it_may_leave_in_the_body(meet, ending):
    server, client = meet({"BODY": ending})
    client.up_to("DATA")
    client.reply()
    client.say(b"Subject: x\r\n")
    assert server.wait_for(server.over)
    assert "." not in server.log
    assert server.accepted == []


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        ("250 2.0.0 queued", True),
        ("251-2.0.0 queued\r\n251 elsewhere", True),
        (("2", "50 ", "cut off", DROP), True),
        ((ACCEPT, DROP), True),
        ((ACCEPT, "554 5.6.0 no\r\n"), True),
        ((0.001, "250 ok\r\n"), True),
        (SLOW, True),
        (DRIBBLE, True),
        ("354 more", False),
        ("450 later", False),
        ("554 no", False),
        ("what?", False),
        (("25", DROP), False),
        ((DROP,), False),
        ((), False),
    ],
)
def test_a_message_is_taken_if_the_answer_to_the_dot_says_so(meet, answer, taken):
    server, client = meet({"DOT": answer}, delay=0.001)
    client.up_to("DOT")
    client.close()
    assert server.wait_for(server.over)
    assert (server.accepted == [MESSAGE]) is taken
    assert (events(server, "accepted") == [("accepted", "")]) is taken


def test_data_without_a_go_ahead_takes_no_message(meet):
    server, client = meet({"DATA": "250 what?"})
    client.up_to("DOT")
    client.reply()
    assert client.reply()[:3] == "502", "a line of the message is no command"
    assert server.accepted == []


def test_it_asks_for_the_password_of_a_login(meet):
    server, client = meet({"PASSWORD": ["535 5.7.8 no"]})
    client.reply()
    for last in ("535", "235"):
        client.say(b"AUTH LOGIN cm9iaW4=\r\n")
        assert client.reply() == "334 UGFzc3dvcmQ6\r\n"
        client.say(b"c2VjcmV0\r\n")
        assert client.reply()[:3] == last
    client.say(b"AUTH PLAIN AHJvYmluAHNlY3JldA==\r\n")
    assert client.reply()[:3] == "235"
    assert server.verbs().count("AUTH") == 3


def test_a_bare_login_is_asked_for_the_user_and_then_for_the_password(meet):
    _, client = meet({"USERNAME": [None, "535 5.7.8 who?"], "PASSWORD": ["535 5.7.8 no"]})
    client.reply()
    for line, said in [
        (b"AUTH LOGIN", "334 VXNlcm5hbWU6"),
        (b"cm9iaW4=", "334 UGFzc3dvcmQ6"),
        (b"c2VjcmV0", "535 5.7.8 no"),
        (b"AUTH LOGIN", "334 VXNlcm5hbWU6"),
        (b"cm9iaW4=", "535 5.7.8 who?"),
        (b"NOOP", "502 5.5.1 what?"),
    ]:
        client.say(line + b"\r\n")
        assert client.reply() == f"{said}\r\n"


def test_it_offers_starttls_and_a_login_only_behind_it(meet, certificate):
    server, client = meet(tls=certificate.context)
    client.up_to("EHLO")
    assert client.reply() == "250-fake.example\r\n250-SIZE 1000000\r\n250 STARTTLS\r\n"
    client.say(b"STARTTLS\r\n")
    assert client.reply()[:3] == "220"
    client.protect(certificate.file)
    client.say(b"EHLO me\r\n")
    assert client.reply() == "250-fake.example\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN\r\n"
    heard = [(e.text, e.secure) for e in server.events if e.kind == "heard"]
    assert heard == [("EHLO me", False), ("STARTTLS", False), ("EHLO me", True)]


def test_a_refused_starttls_is_none(meet, certificate):
    _, client = meet({"STARTTLS": "454 4.7.0 not now"}, tls=certificate.context)
    client.reply()
    client.say(b"STARTTLS\r\nRSET\r\n")
    assert [client.reply()[:3], client.reply()[:3]] == ["454", "250"]


def test_it_may_begin_with_tls(meet, certificate):
    server, client = meet(tls=certificate.context, implicit=True, protected=certificate.file)
    client.up_to("EHLO")
    assert "AUTH PLAIN LOGIN" in client.reply()
    assert {event.secure for event in server.events} == {True}
    client.close()
    assert server.wait_for(server.over)
    assert events(server, "left") == [("left", "")]


@pytest.mark.parametrize("fault", [DROP, RESET, STALL, DEAF, "220 no TLS here"])
def test_there_may_be_no_handshake(meet, certificate, fault):
    server, client = meet({"TLS": fault}, tls=certificate.context, implicit=True)
    client.socket.settimeout(0.05)
    with pytest.raises((OSError, ssl.SSLError)):
        client.protect(certificate.file)
    assert server.log == []


def test_an_authority_vouches_for_servers(meet, tmp_path):
    authority = Authority(tmp_path)
    _, client = meet(tls=authority.certificate().context, implicit=True, protected=authority.file)
    assert client.reply()[:3] == "220"


@pytest.mark.parametrize(("host", "days"), [("127.0.0.2", 1), ("127.0.0.1", -1)])
def test_a_certificate_may_be_anothers_or_over(meet, tmp_path, host, days):
    made = Authority(tmp_path).certificate(host, days=days)
    with pytest.raises(ssl.SSLCertVerificationError):
        meet(tls=made.context, implicit=True, protected=made.file)


def test_sessions_are_told_apart_and_notes_belong_to_the_last(meet):
    server, client = meet()
    client.reply()
    with closing(Client(server.port)) as other:
        other.reply()
        other.say(b"NOOP\r\n")
        other.reply()
        server.note("here")
        client.say(b"RSET\r\n")
        client.reply()
        assert not server.over()
    heard = [(e.session, e.text) for e in server.events if e.kind == "heard"]
    assert heard == [(1, "NOOP"), (0, "RSET")]
    assert Event(1, secure=False, kind="noted", text="here") in server.events
    assert server.sessions == 2


@pytest.mark.parametrize("fault", [STALL, DEAF, (30.0, "250 ok"), ()])
def test_what_it_waits_for_ends_with_the_test(fault):
    started = time.monotonic()
    with ScriptedServer({"EHLO": fault}) as server, closing(Client(server.port)) as client:
        client.up_to("EHLO")
        server.wait_for(lambda: server.log)
        server.__exit__()
        assert server.over()
    assert time.monotonic() - started < 5


def test_a_client_that_never_shakes_hands_does_not_keep_it(certificate):
    started = time.monotonic()
    silent = ScriptedServer(tls=certificate.context, implicit=True)
    with silent as server, closing(Client(server.port)):
        server.wait_for(lambda: server.sessions)
        server.hang_up()
        assert server.wait_for(server.over)
    assert time.monotonic() - started < 5


def test_waiting_for_what_never_happens_ends(meet):
    server, _ = meet()
    assert not server.wait_for(lambda: False, within=0.01)
