"""An SMTP server on loopback that answers each command after a delay; for the benchmarks.

Usage: slow_server.py SECONDS [CERTIFICATE.pem].  Prints its port, and on stderr, when its input
ends, how many messages it has taken.  With a certificate it offers STARTTLS, and AUTH
behind it.
"""

import asyncio
import ssl
import sys


class Talk(asyncio.Protocol):
    """One session; `taken` counts the messages of all."""

    taken = 0

    def __init__(self, delay, context):
        self.delay, self.context = delay, context
        self.loop = asyncio.get_running_loop()
        self.buffer, self.body, self.secure, self.asks = b"", False, False, 0

    def connection_made(self, transport):
        self.transport = transport
        if not self.secure:
            self.say("220 slow.example ESMTP")

    def say(self, *lines, then=None):
        text = "".join(f"{line}\r\n" for line in lines).encode()

        def answer():
            if not self.transport.is_closing():
                self.transport.write(text)
                if then:
                    then()

        self.loop.call_later(self.delay, answer)

    def data_received(self, data):
        self.buffer += data
        if self.body:
            if b"\r\n.\r\n" in self.buffer[-5:] or b"\r\n.\r\n" in self.buffer:
                self.body, self.buffer = False, b""
                Talk.taken += 1
                self.say("250 2.0.0 taken")
            return
        *lines, self.buffer = self.buffer.split(b"\r\n")
        for line in lines:
            self.command(line.decode("ascii", "replace"))

    def command(self, line):
        verb = line.split(" ")[0].split(":")[0].upper()
        if self.asks:  # the lines of AUTH LOGIN
            self.asks -= 1
            self.say("334 UGFzc3dvcmQ6" if self.asks else "235 2.7.0 welcome")
        elif verb == "EHLO":
            offers = ["250-slow.example", "250-8BITMIME"]
            if self.context and not self.secure:
                offers.append("250-STARTTLS")
            offers.append("250 AUTH PLAIN LOGIN" if self.secure else "250 HELP")
            self.say(*offers)
        elif verb == "STARTTLS":
            self.say("220 go ahead", then=self.protect)
        elif verb == "AUTH" and line.upper() == "AUTH LOGIN":
            self.asks = 2
            self.say("334 VXNlcm5hbWU6")
        elif verb == "AUTH":
            self.say("235 2.7.0 welcome")
        elif verb == "DATA":
            self.body = True
            self.say("354 go ahead")
        elif verb == "QUIT":
            self.say("221 2.0.0 bye", then=self.transport.close)
        else:
            self.say("250 2.0.0 ok")

    def protect(self):
        async def work():
            self.secure = True
            self.transport = await self.loop.start_tls(
                self.transport, self, self.context, server_side=True
            )

        self.loop.create_task(work())


async def serve(delay, certificate):
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Talk(delay, context), "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    sys.stderr.write(f"{Talk.taken} messages were taken\n")


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
