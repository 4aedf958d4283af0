"""An honest little SMTP server that does what a script says, and keeps a log."""

import asyncio
import contextlib
import fcntl
import os
import re
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import NamedTuple

from planner import files, system

OK = {
    "CONNECT": "220 fake.example ESMTP",
    "STARTTLS": "220 2.0.0 go ahead",
    "TLS": "",
    "AUTH": "235 2.7.0 welcome",
    "PASSWORD": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go ahead",
    "BODY": "",
    "DOT": "250 2.0.0 queued",
    "RSET": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}
ASKS_USER = "334 VXNlcm5hbWU6"  # AUTH LOGIN: first the user name, then the password
ASKS_PASSWORD = "334 UGFzc3dvcmQ6"
OFFERS = ("SIZE 1000000", "AUTH PLAIN LOGIN")

DROP, RESET = "drop", "reset"  # hang up: in good order, or with a RST
STALL, DEAF = "stall", "deaf"  # say nothing any more; read nothing any more either
SLOW, DRIBBLE = "slow", "dribble"  # the usual answer: late, or byte by byte
ACCEPT = "accept"  # keep the message, whatever is said of it
ENDS = frozenset({DROP, RESET, STALL, DEAF})


class Event(NamedTuple):
    """One entry of the log: what a session `heard`, `said` or `did`, and what a test noted.

    `body` is a line of a message, `left` a client that hung up, `over` the session's end.
    """

    session: int
    secure: bool
    kind: str
    text: str = ""


@dataclass
class ScriptedServer:
    """A context manager: a server on 127.0.0.1 at `port`.

    `script` gives for a verb another answer than the usual one.  Beside the commands, the
    verbs are CONNECT (the greeting), TLS (the handshake), USERNAME (the line after a bare AUTH
    LOGIN), PASSWORD (any other line after a 334), BODY (said after its first line) and DOT.  An answer is a text, one of the words above,
    a tuple of such words, of seconds to wait, and of texts that are sent as they are and each
    by itself, or a function that makes an answer of the usual one.  None is the usual one; a
    list is used up one answer at a time, then it is the usual one.

    With `tls` it offers STARTTLS, and AUTH behind it; with `implicit` it begins with TLS.
    `events` is the log; `log` has the lines that were heard, `answers` those that were said,
    `packets` what came in one piece, `accepted` the messages that were taken at the dot.
    """

    script: dict = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    offers: tuple = OFFERS
    delay: float = 0.5
    events: list = field(default_factory=list)
    packets: list = field(default_factory=list)
    accepted: list = field(default_factory=list)

    def __post_init__(self):
        self.play(self.script)

    def play(self, script):
        """Go by this script from now on."""
        self.script = {v: list(a) if isinstance(a, list) else a for v, a in script.items()}

    def begin_again(self, script, *, tls=None, implicit=False, offers=OFFERS):
        """Be another server at the same port, with an empty log."""
        for talk in self._talks:
            talk.hang_up()
        for thread in self._threads:
            thread.join(timeout=5)
        for kept in (self._talks, self._threads, self.events, self.packets, self.accepted):
            kept.clear()
        self.play(script)
        self.tls, self.implicit, self.offers = tls, implicit, offers

    def __enter__(self):
        self.ending = threading.Event()
        self._talks, self._threads = [], []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        with contextlib.suppress(OSError):  # wakes the one that waits for clients
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        self._thread.join(timeout=5)
        self._socket.close()
        self.hang_up()
        for thread in self._threads:
            thread.join(timeout=5)

    def hang_up(self):
        """End every session, whatever it is waiting for, and begin no other."""
        self.ending.set()
        for talk in self._talks:
            talk.hang_up()

    @property
    def log(self):
        """Every line that was heard; of a message only its dot."""
        return [event.text for event in self.events if event.kind == "heard"]

    @property
    def answers(self):
        """Every line that was said."""
        return "".join(event.text for event in self.events if event.kind == "said").splitlines()

    @property
    def sessions(self):
        """How many sessions there were."""
        return len(self._talks)

    def verbs(self):
        """The commands that came, without their arguments."""
        return [verb_of(line) for line in self.log]

    def note(self, text):
        """Put a word of the test into the log, in the session that was opened last."""
        self.events.append(Event(self.sessions - 1, secure=False, kind="noted", text=text))

    def over(self):
        """Whether every session has ended."""
        return sum(event.kind == "over" for event in self.events) == self.sessions

    def wait_for(self, condition, within=10):
        """Wait until something is true of the server; says whether it became so."""
        until = time.monotonic() + within
        while not (found := condition()) and time.monotonic() < until:
            time.sleep(0.001)
        return bool(found)

    async def parted(self, within=10):
        """Wait, on the client's loop, until all sessions are over and its sockets closed."""
        until = time.monotonic() + within
        while not self.over() and time.monotonic() < until:
            await asyncio.sleep(0.001)
        for _ in range(20):  # what has come of it takes the loop a few rounds
            await asyncio.sleep(0)

    def _next(self, verb):
        """What the script wants said to a verb; None: the usual."""
        answer = self.script.get(verb)
        if isinstance(answer, list):
            return answer.pop(0) if answer else None
        return answer

    def _accept(self):
        while True:
            connection, _ = self._socket.accept()
            if self.ending.is_set():
                connection.close()
                return
            talk = _Talk(self, len(self._talks), connection)
            self._talks.append(talk)
            self._threads.append(threading.Thread(target=talk.run, daemon=True))
            self._threads[-1].start()


def greeting(offers):
    """The answer to EHLO that makes these offers."""
    *lines, last = ("fake.example", *offers)
    return "".join(f"250-{line}\r\n" for line in lines) + f"250 {last}"


def verb_of(line):
    """The command in a line, without its arguments."""
    return line.split(" ")[0].split(":")[0].upper()


class _Talk:
    """One session of the server, in a thread of its own."""

    def __init__(self, server, number, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(10)
        self._server, self._number, self._connection = server, number, connection
        self._secure, self._buffer, self._said = False, b"", ""
        self._hung_up = False

    def run(self):
        try:
            with contextlib.suppress(OSError, ValueError):
                self._talk()
        finally:
            self._connection.close()
            self._note("over")

    def hang_up(self):
        """End what waits for the client, from another thread."""
        self._hung_up = True
        with contextlib.suppress(OSError):  # past the TLS layer, which another thread uses
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)

    def _note(self, kind, text=""):
        self._server.events.append(Event(self._number, self._secure, kind, text))

    def _talk(self):
        if self._server.implicit and not self._protect():
            return
        if not self._do(self._answer_to("CONNECT")):
            return
        verb, before = None, ""
        while verb != "QUIT" and (line := self._line()):
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            self._note("heard", text)
            asked = verb in {"AUTH", "USERNAME", "PASSWORD"} and self._said.startswith("334")
            if asked:
                verb = "USERNAME" if before.upper() == "AUTH LOGIN" else "PASSWORD"
            else:
                verb = verb_of(text)
            before = text
            if not self._do(self._answer_to(verb, text)):
                return
            if verb == "STARTTLS" and self._said.startswith("220") and not self._protect():
                return
            if verb == "DATA" and self._said.startswith("354") and not self._take_message():
                return

    def _protect(self):
        answer = self._answer_to("TLS")
        if not all(isinstance(part, float) for part in answer):
            self._receive()  # the client's hello
        if not self._do(answer) or self._said:
            return False
        self._connection = self._server.tls.wrap_socket(
            self._connection, server_side=True, do_handshake_on_connect=False
        )
        if self._hung_up:  # while neither of the two sockets could be shut down
            return False
        self._connection.do_handshake()
        self._secure, self._buffer = True, b""
        return True

    def _take_message(self):
        message = b""
        while (line := self._line()) != b".\r\n":
            if not line:
                return False
            self._note("body", line.decode("utf-8", "replace"))
            if not message and not self._do(self._answer_to("BODY")):
                return False
            message += line[1:] if line.startswith(b".") else line
        self._note("heard", ".")
        answer = self._answer_to("DOT")
        if takes(answer):
            self._server.accepted.append(message)
            self._note("accepted")
        return self._do(answer)

    def _line(self):
        """The next line; nothing after the last one."""
        while b"\n" not in self._buffer:
            if not (data := self._receive()):
                return b""
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line + b"\n"

    def _receive(self):
        try:
            data = self._connection.recv(65536)
        except ConnectionError:
            data = b""
        if data:
            self._server.packets.append(data)
        elif not self._server.ending.is_set():
            self._note("left")
        return data

    def _answer_to(self, verb, line=""):
        """What is said and done at a verb, as a tuple."""
        usual, answer = self._usual(verb, line), self._server._next(verb)
        if callable(answer):
            answer = answer(usual)
        if answer is None:
            return _lines(usual)
        if answer == SLOW:
            return (self._server.delay, *_lines(usual))
        if answer == DRIBBLE:
            return tuple("".join(_lines(usual)))
        if isinstance(answer, tuple):
            return answer
        return (answer,) if answer in ENDS else _lines(answer)

    def _usual(self, verb, line):
        if verb == "EHLO":
            return greeting(self._offers())
        if verb == "AUTH" and line.upper() == "AUTH LOGIN":
            return ASKS_USER
        if verb == "USERNAME" or (verb == "AUTH" and line.upper().startswith("AUTH LOGIN")):
            return ASKS_PASSWORD
        return OK.get(verb, "502 5.5.1 what?")

    def _offers(self):
        if self._secure or not self._server.tls:
            return self._server.offers
        return (*(o for o in self._server.offers if not o.startswith("AUTH")), "STARTTLS")

    def _do(self, answer):
        """Say it, or do it; whether the session goes on."""
        self._said = ""
        return all(self._part(part) for part in answer if part != ACCEPT)

    def _part(self, part):
        if part in ENDS:
            self._note("did", part)
            self._end(part)
            return False
        if isinstance(part, float):
            self._server.ending.wait(part)
        else:
            self._say(_encoded(part))
        return True

    def _say(self, data):
        self._connection.sendall(data)
        text = data.decode("utf-8", "replace")
        self._said += text
        self._note("said", text)

    def _end(self, how):
        if how == RESET:
            linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        elif how == DROP:
            self.hang_up()
        elif how == DEAF:
            self._server.ending.wait(10)
        else:
            while self._receive():
                pass


def _lines(text):
    return (f"{text}\r\n",) if text else ()


def _encoded(text):
    return text if isinstance(text, bytes) else text.encode()


def takes(answer):
    """Whether an answer to the dot takes the message."""
    texts = [_encoded(p) for p in answer if not isinstance(p, float) and p not in ENDS]
    return ACCEPT in answer or bool(re.match(rb"2\d\d", b"".join(texts)))


class Faulty:
    """`os` for the journal: the first call of a name fails, then it works again."""

    def __init__(self, name, before=lambda: None):
        self.name, self.fails, self.before = name, True, before

    def __getattr__(self, name):
        return self._call if name == self.name else getattr(os, name)

    def take_over(self, monkeypatch):
        """Be the `os` of whatever writes files."""
        for module in (files, system):
            monkeypatch.setattr(module, "os", self)

    def _call(self, *args):
        if self.fails:
            self.fails = False
            self.before()
            raise OSError(28, "No space left on device")
        return getattr(os, self.name)(*args)


class Msvcrt:
    """`msvcrt` of Windows on Linux: locks of bytes that belong to an open file, not a process."""

    LK_UNLCK, LK_LOCK, LK_NBLCK = 0, 1, 2

    def __init__(self):
        self.calls = []

    def locking(self, handle, mode, size):
        """Lock or free `size` bytes from where the file stands.  Raises PermissionError."""
        place = os.lseek(handle, 0, os.SEEK_CUR)
        kind = fcntl.F_UNLCK if mode == self.LK_UNLCK else fcntl.F_WRLCK
        wanted = struct.pack("hhqqi4x", kind, os.SEEK_SET, place, size, 0)
        try:
            fcntl.fcntl(handle, fcntl.F_OFD_SETLK, wanted)
        except BlockingIOError:
            raise PermissionError(13, "Permission denied") from None
        self.calls.append(("unlock" if mode == self.LK_UNLCK else "lock", place))
