"""An honest little SMTP server that does what a script says, and keeps a log."""

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass, field

OK = {
    "CONNECT": "220 fake.example ESMTP",
    "EHLO": "250-fake.example\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN",
    "AUTH": "235 2.7.0 welcome",
    "STARTTLS": "220 go ahead",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go ahead",
    "DOT": "250 2.0.0 queued",
    "RSET": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}
DROP, RESET, STALL, SLOW = "drop", "reset", "stall", "slow"


@dataclass
class ScriptedServer:
    """A context manager: a server on 127.0.0.1 at `port`.

    `script` gives for a verb (CONNECT, EHLO, MAIL, ..., BODY, DOT) another reply, or one
    of DROP, RESET, STALL, SLOW; a list is used up one answer at a time, then the usual one.
    `log` holds every line that came, `answers` what was said, `accepted` the messages that got a 2xx after the dot.
    """

    script: dict = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    log: list = field(default_factory=list)
    accepted: list = field(default_factory=list)
    answers: list = field(default_factory=list)

    def __enter__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._open, self._threads, self._ending = [], [], threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ending.set()
        self._thread.join(timeout=5)
        self._socket.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)

    def verbs(self):
        """The commands that came, without their arguments."""
        return [line.split(" ")[0].split(":")[0].upper() for line in self.log]

    def _accept(self):
        self._socket.settimeout(0.05)
        while not self._ending.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        self._open.append(connection)
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError, ValueError):
            stack.callback(connection.close)
            connection.settimeout(10)
            if self.implicit:
                connection = self._wrapped(connection, stack)
            self._talk(connection, stack)

    def _wrapped(self, connection, stack):
        connection = self.tls.wrap_socket(connection, server_side=True)
        stack.callback(connection.close)
        self._open.append(connection)
        return connection

    def _talk(self, connection, stack):
        reader = stack.enter_context(connection.makefile("rb"))
        if not self._answer(connection, "CONNECT"):
            return
        while line := reader.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            self.log.append(text)
            verb = text.split(" ")[0].split(":")[0].upper()
            if not self._answer(connection, verb):
                return
            if verb == "QUIT":
                return
            if verb == "STARTTLS":
                connection = self._wrapped(connection, stack)
                reader = stack.enter_context(connection.makefile("rb"))
            taking = verb == "DATA" and self._said[:3] == "354"
            if taking and not self._take_message(connection, reader):
                return

    def _take_message(self, connection, reader):
        message = b""
        while (line := reader.readline()) != b".\r\n":
            if not line:
                return False
            message += line[1:] if line.startswith(b"..") else line
            if "BODY" in self.script and not self._answer(connection, "BODY"):
                return False
        self.log.append(".")
        answer = self._next("DOT")
        if answer[:1] == "2":
            self.accepted.append(message)
        return self._say(connection, answer)

    def _next(self, verb):
        answer = self.script.get(verb, OK.get(verb, "502 5.5.1 what?"))
        if isinstance(answer, list):
            return answer.pop(0) if answer else OK[verb]
        return answer

    def _answer(self, connection, verb):
        return self._say(connection, self._next(verb))

    def _say(self, connection, answer):
        self._said = answer
        if answer == RESET:
            linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        if answer in (DROP, RESET):
            connection.close()
            return False
        if answer == STALL:
            self._ending.wait(10)
            return False
        if answer == SLOW:
            self._ending.wait(0.5)
            answer = "250 2.0.0 at last"
        connection.sendall(answer.encode() + b"\r\n")
        self.answers.append(answer)
        return True
