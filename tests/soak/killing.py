"""Senders that are killed, stopped and interrupted at random, and what must hold afterwards.

A `Campaign` is a folder with approved letters and the senders that are started there, each
a process of its own.  A `MailServer` that survives them all remembers what it took.  A
variant (see `VARIANTS`) harms the senders until every letter is settled; then the judges
compare what was approved, what the server has, what the database says and what the journal
says.  All choices come from one seed; how far a sender is at a given millisecond does not.
"""

import asyncio
import contextlib
import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from planner.mail.wire import wire_digest
from planner.store.sqlite import sqlite3
from tests.builders import surname
from tests.desk import CONFIG, HEADER, TRANSCRIPT

WITHIN = 60  # seconds for whatever must happen
DATABASE = "planner.sqlite3"
FILE = f"sqlite:///{DATABASE}"
# A command in a process of its own, in the season of the letters.
PLANNER = (
    "import sys; import planner.wiring as w;"
    "from planner.rules.calendar import noon; from datetime import date;"
    "w.now = lambda: noon(date(2026, 10, 20));"
    "from planner.cli import main; main(sys.argv[1:])"
)
OPEN = {"approved", "claimed", "committing", "deferred"}
SETTLED = {"sent", "unknown"}
LOCKED = "Another planner is at work on this database (process {})"
BLOWS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
BUSY = "is busy: another program is writing to it"

# What a server sees of a letter, in order; a sender waits for it after each of QUIET.
PHASES = ("mail", "rcpt", "data", "body", "dot", "accepted", "answered")
QUIET = ("mail", "rcpt", "data", "dot", "accepted")
STARTING, ENDING = ("start", "connect"), "quit"
# How many seconds later at most: a start, a mark and a record take longer than an answer.
LATER = {"start": 0.25, "body": 0.012, "answered": 0.012, "quit": 0.03}


def within(condition, what, said=str):
    """Wait until something holds; `said` gives what else to tell where it does not."""
    end = time.monotonic() + WITHIN
    while not condition():
        assert time.monotonic() < end, f"not within {WITHIN} s: {what}\n{said()}"
        time.sleep(0.001)


class Moment(NamedTuple):
    """The `number`-th time that the server sees a phase, and so many seconds later.

    `held`: until it is over the server does not go on with that letter.
    """

    phase: str
    number: int
    later: float
    held: bool


class Taken(NamedTuple):
    """A message that the server answers for."""

    message_id: str
    envelope: tuple[str, ...]
    wire: bytes


class MailServer:
    """A context manager: an honest SMTP server on loopback, in a thread of its own.

    `taken` has every message whose dot came, before its 250 goes out.  At every step it may
    take a little time.
    """

    def __enter__(self):
        self.begin(random.Random(0))  # noqa: S311 - no secret
        self._sessions = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail server")
        self._thread.start()
        self.port = self._have(self._open())
        return self

    def __exit__(self, *_):
        self.go_on()
        self._have(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WITHIN)
        self._loop.close()

    def begin(self, chance):
        """Forget what was taken."""
        self.taken, self._chance = [], chance
        self.expect(None)

    def settle(self):
        """Wait until every session is over, and so all is taken whose dot came."""
        within(lambda: not self._sessions, "the server's sessions are over")

    def expect(self, moment):
        """Count from now on, and set `reached` at a moment."""
        self._moment, self._held = None, False
        self._seen, self.reached = Counter(), threading.Event()
        self._moment = moment  # last, for the other thread looks at it first

    def go_on(self):
        """Whatever was awaited is over."""
        self._held = False

    def _have(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN)

    async def _open(self):
        self._server = await asyncio.start_server(self._session, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    async def _close(self):
        self._server.close()
        for session in self._sessions:
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    async def _session(self, reader, writer):
        session = asyncio.current_task()
        self._sessions.add(session)
        try:
            with contextlib.suppress(ConnectionError):
                await self._talk(reader, writer)
        finally:
            writer.close()
            self._sessions.discard(session)

    async def _talk(self, reader, writer):
        envelope = []
        await self._say(writer, "connect", "220 soak.example ESMTP")
        while line := await reader.readline():
            verb = line[:4].decode("ascii").upper()
            address = re.findall(r"<(.*)>", line.decode("ascii"))
            if verb == "EHLO":
                # An offer that is not taken up, as most servers make it.
                await self._say(writer, "ehlo", "250-PIPELINING\r\n250 SIZE 1000000")
            elif verb in {"MAIL", "RCPT"}:
                envelope = address if verb == "MAIL" else envelope + address
                await self._say(writer, verb.lower(), "250 2.1.0 ok")
            elif verb == "DATA":
                await self._say(writer, "data", "354 go ahead")
                if not await self._take(reader, writer, tuple(envelope)):
                    return
            elif verb == "QUIT":
                await self._say(writer, "quit", "221 2.0.0 bye")
                return
            else:
                await self._say(writer, "other", "502 5.5.1 what?")

    async def _take(self, reader, writer, envelope):
        """A message; False where the line was lost before its dot."""
        lines = [await reader.readline()]
        await self._phase("body")
        while lines[-1].endswith(b"\n") and lines[-1] != b".\r\n":
            lines.append(await reader.readline())
        if lines.pop() != b".\r\n":
            return False
        await self._phase("dot")
        wire = b"".join(line[1:] if line.startswith(b"..") else line for line in lines)
        self.taken.append(Taken(message_id_of(wire), envelope, wire))
        await self._say(writer, "accepted", "250 2.0.0 taken")
        await self._phase("answered")
        return True

    async def _say(self, writer, phase, text):
        await self._phase(phase)
        writer.write(f"{text}\r\n".encode())
        await writer.drain()

    async def _phase(self, name):
        if self._chance.random() < 0.1:
            await asyncio.sleep(self._chance.random() * 0.008)
        self._seen[name] += 1
        if self._moment and self._moment[:2] == (name, self._seen[name]):
            self._held = self._moment.held
            self.reached.set()
            while self._held:
                await asyncio.sleep(0.001)


def message_id_of(wire):
    """The Message-ID of a message."""
    found = re.findall(rb"(?m)^Message-ID: *(?:\r\n )?(\S+)\r$", wire.partition(b"\r\n\r\n")[0])
    return found[0].decode("ascii") if len(found) == 1 else f"{len(found)} Message-IDs"


class Planner:
    """A context manager: a command in a process of its own, which ends with the block."""

    def __init__(self, folder, *words):
        self.words = " ".join(words)
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        # Nothing of the surroundings: no config, no home; logs of bugs stay in the folder.
        surroundings = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "COLUMNS": "80",
            "LC_ALL": "C.UTF-8",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", PLANNER, *words],
            cwd=folder,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
        )
        self.pid, self.was_killed = self._process.pid, False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.signal(signal.SIGKILL)
        self._process.wait(WITHIN)
        self._output.close()

    @property
    def is_alive(self):
        return self._process.poll() is None

    def signal(self, number):
        """Send a signal, if it still lives."""
        self.was_killed = self.was_killed or number == signal.SIGKILL
        self._process.send_signal(number)

    def code(self):
        """Its exit code, once it has ended; -9 where it was killed."""
        try:
            return self._process.wait(WITHIN)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it does not end: planner {self.words}\n{self.said()}") from None

    def said(self):
        """All that it said so far, stdout and stderr."""
        return os.pread(self._output.fileno(), 1 << 24, 0).decode()

    def document(self):
        """The JSON document that it printed."""
        (line,) = (line for line in self.said().splitlines() if line.startswith("{"))
        return json.loads(line)

    def has_said(self, text):
        """Whether it said this, wherever its lines were broken."""
        return " ".join(text.split()) in " ".join(self.said().split())


def write_config(folder, port, connections=1, url=FILE):
    """An account at the server, and letters side by side if more than one connection is meant."""
    more = f"connections = {connections}"
    text = CONFIG.format(
        url=url,
        port=port,
        s1=228,
        score="score = 248",
        transcript=TRANSCRIPT,
        more=more,
    )
    (folder / "config.toml").write_text(text)


def lay_out(folder, port, count, url=FILE):
    """A folder with so many approved letters."""
    folder.mkdir(mode=0o700)
    write_config(folder, port, url=url)
    with (folder / "list.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for n in range(1, count + 1):
            pd, pc = f"pd{n}@elm{n}.example", f"pc{n}@elm{n}.example"
            rows.writerow(
                [f"Elm {n} Hospital", "IM", f"Ada {surname(n)}", pd, pc, "interviewed", ""]
            )
    for words in (["import", "list.csv"], ["draft"], ["approve", f"1-{count}", "--unseen"]):
        with Planner(folder, *words) as done:
            assert done.code() == 0, done.said()
    return folder


class Approved(NamedTuple):
    """A letter as it was approved."""

    envelope: tuple[str, ...]
    wire: bytes
    digest: str


AS_APPROVED = "message_id, sender, to_addresses, cc_addresses, wire, digest"


def approved_of(rows):
    """{Message-ID: Approved} of rows of letters."""
    return {
        name: Approved((sender, *_listed(to), *_listed(cc)), bytes(wire), digest)
        for name, sender, to, cc, wire, digest in rows
    }


def _listed(addresses):
    """A list, which one engine gives as its text."""
    return json.loads(addresses) if isinstance(addresses, str) else addresses


@dataclass
class Campaign:
    """A context manager: letters that are sent by senders who are not left in peace.

    `stride`: a sender gets as far as so many letters, at most, before something happens.
    `until`: from this moment on (of `time.monotonic`) senders are left in peace.
    """

    folder: Path
    server: MailServer
    seed: int
    stride: int
    connections: int = 1
    until: float = float("inf")
    url: str = FILE
    happened: Counter = field(default_factory=Counter)
    wrong: list = field(default_factory=list)

    def __enter__(self):
        self.chance = random.Random(self.seed)  # noqa: S311 - no secret
        self._deck, self._running = [], contextlib.ExitStack()
        self.approved = self._approved()
        # Letters that were approved at some time, and those that a person is to look up.
        self.ever, self.looked_up, self.lost = dict(self.approved), set(), []
        write_config(self.folder, self.server.port, self.connections, self.url)
        self.server.begin(random.Random(self.seed + 1))  # noqa: S311 - no secret
        return self

    def __exit__(self, *_):
        self._rest()

    # Senders

    def start(self, *words):
        """A process at work in the folder."""
        self.happened["starts"] += 1
        return self._running.enter_context(Planner(self.folder, *words))

    def rounds(self):
        """Yield until every letter is settled; nothing runs when a round begins."""
        for _ in range(20 * len(self.approved)):
            self._rest()
            if not self.left():
                return
            yield
        self.violated("letters never settle", str(Counter(self.states().values())))

    def _rest(self):
        """Nothing runs, and all is taken whose dot came."""
        self.server.go_on()
        self._running.close()
        self.server.settle()

    def next_moment(self, phases=(*STARTING, *PHASES)):
        """A moment at random, counted from now; every phase has its turn."""
        if not self._deck:
            self._deck = self.chance.sample(phases, len(phases))
        phase = self._deck.pop()
        if phase in PHASES and self.left() <= self.stride and self.chance.random() < 0.2:
            phase = ENDING
        most = {"start": 1, "connect": self.connections, ENDING: 1}.get(phase, self.stride)
        later = self.chance.random() * LATER.get(phase, 0.005)
        moment = Moment(phase, self.chance.randint(1, most), later, self.chance.random() < 0.5)
        self.server.expect(moment)
        return moment

    def quiet_moment(self):
        """A moment at which a sender with one connection waits for the server."""
        number = self.chance.randint(1, self.stride)
        moment = Moment(self.chance.choice(QUIET), number, 0, held=True)
        self.server.expect(moment)
        return moment

    def reaches(self, sender, moment):
        """Wait for a moment, False if the sender ends before; what is held stays so."""
        if time.monotonic() > self.until:
            self.server.expect(None)
            return False
        if moment.phase != "start":
            within(
                lambda: self.server.reached.wait(0.01) or not sender.is_alive,
                f"a sender comes to {moment}, or ends",
                sender.said,
            )
            if not self.server.reached.is_set():
                return False
        time.sleep(moment.later)
        return True

    def harm(self, sender, number):
        """Send a signal; then the server goes on, but for one that stops."""
        sender.signal(number)
        self.happened[number.name] += 1
        if number is not signal.SIGSTOP:
            self.server.go_on()

    def harm_early(self, sender):
        """Kill it while it starts, or stop it for a while, or let it be; gives what was done."""
        number = self.chance.choice((signal.SIGKILL, signal.SIGSTOP, None, None))
        if number is not None:
            time.sleep(self.chance.random() * LATER["start"])
            self.harm(sender, number)
        if number is signal.SIGSTOP:
            time.sleep(self.chance.random() * LATER["start"])
            self.harm(sender, signal.SIGCONT)
        return number

    def ends_well(self, sender):
        """It must end by itself, all sent (0) or with letters that a person must look at (3)."""
        if (code := sender.code()) not in {0, 3}:
            self.violated(f"it ends with {code}", sender.said()[-700:])

    def ends_well_or_is_turned_away(self, sender):
        """It must, unless it was killed."""
        if sender.code() == 75:
            self.turned_away(sender)
        elif not sender.was_killed:
            self.ends_well(sender)

    def ends_interrupted(self, sender):
        """It must end with 130 and keep nothing in its hands.

        With nothing in its hands, before or after its work, a signal may also end it at once.
        """
        code, over = sender.code(), sender.has_said("remaining")
        allowed = {130, -signal.SIGINT, -signal.SIGTERM, *((0, 3) if over else ())}
        if code not in allowed or (sender.has_said("Traceback") and not over):
            self.violated(f"an interrupted sender ends with {code}", sender.said()[-700:])
        if held := self.count("claimed", "committing"):
            self.violated(f"an interrupted sender keeps {held} letters", sender.said()[-700:])

    def turned_away(self, sender, holder=None):
        """It must say that another one is at work, and who."""
        self.happened["turned away"] += 1
        self.happened["without a name"] += sender.has_said(LOCKED.format("unknown"))
        who = LOCKED.format(holder.pid) if holder else LOCKED.partition(" (")[0]
        # With a rollback journal nobody can even read while the other is in a commit.
        if sender.code() != 75 or not (sender.has_said(who) or sender.has_said(BUSY)):
            said = f"{sender.code()}: {sender.said()[-700:]}"
            self.violated("a second sender does not say who is at work", said)

    def refuses_to_send(self):
        """A sender must say that the database is older than its journal or its witness."""
        sender = self.start("send", "--yes", "--json")
        if sender.code() != 3 or sender.document()["error"]["code"] != "older_copy":
            said = f"{sender.code()}: {sender.said()[-700:]}"
            self.violated("an older database is not refused", said)

    def reconcile(self):
        """The word of whichever knows most is taken, at the second try if the first is killed.

        Then a person approves again what is void; where something is open, the person looks
        into the Sent folder before that.
        """
        first = self.start("db", "reconcile", "--json")
        time.sleep(self.chance.random() * LATER["start"])
        self.harm(first, signal.SIGKILL)
        second = self.start("db", "reconcile", "--json")
        self.ends_well(second)
        self._rest_of(second)

    def _rest_of(self, reconciled):
        told = reconciled.document() if reconciled.code() in {0, 3} else {}
        is_open = any(told.get(what) for what in ("damaged", "unlearned", "unwitnessed"))
        self.happened["open after a reconcile"] += is_open
        gone = {message.envelope[1:] for message in self.server.taken}
        drafts = []
        for number, to, cc in self._read("id, to_addresses, cc_addresses", "state = 'draft'"):
            recipients = (*json.loads(to), *json.loads(cc))
            if (is_open or recipients in self.looked_up) and recipients in gone:
                self.looked_up.add(recipients)
            else:
                drafts.append(str(number))
        if drafts:
            approving = self.start("approve", *drafts, "--unseen")
            if approving.code() != 0:
                self.violated("what is void is not approved again", approving.said()[-700:])
        self.approved = self._approved()
        self.ever |= self.approved

    def _approved(self):
        return approved_of(self._read(AS_APPROVED, "message_id IS NOT NULL"))

    def _read(self, columns, condition):
        """Rows of letters, read in a copy, so that the next sender finds what was left."""
        with tempfile.TemporaryDirectory() as name:
            look = self.copy(Path(name) / "look")
            with contextlib.closing(sqlite3.connect(look / DATABASE)) as db:
                query = f"SELECT {columns} FROM letters WHERE {condition}"
                return db.execute(query).fetchall()

    def violated(self, what, more=""):
        """Something that must not be."""
        self.wrong.append(f"{what}: {more}" if more else what)

    # What there is

    def copy(self, to):
        """A copy of the database with what belongs to it, as it lies there."""
        to.mkdir()
        for part in self._parts():
            shutil.copy2(part, to)
        return to

    def put_back(self, copy):
        """The copy takes the place of the database; the journal stays."""
        for part in self._parts():
            part.unlink()
        for part in copy.iterdir():
            shutil.copy2(part, self.folder)
        self.happened["copies put back"] += 1

    def copy_all(self, to):
        """Copies of the database, its journal and its witness, each in a folder of its name."""
        self._rest()
        for part, paths in self._all_parts().items():
            (to / part).mkdir(parents=True)
            for path in paths:
                shutil.copy2(path, to / part)
        return to

    def put_back_parts(self, copy, back, lost):
        """Some of them take their places again, and some are lost; nothing runs."""
        self._rest()
        places = {"database": self.folder, "journal": self.folder, "witness": self._state()}
        self.lost += self.journal()  # what it knew is for the judges
        for part in (*back, *lost):
            for path in self._all_parts()[part]:
                path.unlink()
        for part in back:
            for path in (copy / part).iterdir():
                shutil.copy2(path, places[part])
        self.happened["parts put back or lost"] += 1

    def _state(self):
        return self.folder / ".local" / "state" / "planner"

    def _all_parts(self):
        journal = self.folder / f"{DATABASE}.sent"
        return {
            "database": self._parts(),
            "journal": [journal] if journal.exists() else [],
            "witness": list(self._state().glob("*.witness")),
        }

    def _parts(self):
        names = [DATABASE, f"{DATABASE}-wal", f"{DATABASE}-journal"]
        return [part for name in names if (part := self.folder / name).exists()]

    def states(self):
        """{Message-ID: state}, read in a copy, so that the next sender finds what was left."""
        return dict(self._read("message_id, state", "message_id IS NOT NULL"))

    def count(self, *states):
        """How many letters are in one of these states."""
        return sum(state in states for state in self.states().values())

    def left(self):
        """How many letters are not settled."""
        return self.count(*OPEN)

    def journal(self):
        """Every line of the journal that is whole: a kill may tear the last one."""
        return self._lines(self.folder / f"{DATABASE}.sent")

    @staticmethod
    def _lines(path):
        lines = path.read_bytes().splitlines() if path.exists() else []
        found = [json.loads(line) for line in lines if line.endswith(b"}")]
        return [line for line in found if "uid" not in line]

    # Judges

    def judged(self):
        """{what was looked at: what is wrong with it} at the end."""
        self._rest()
        states, taken = self.states(), self.server.taken
        copies = Counter(message.message_id for message in taken)
        receivers = Counter(message.envelope for message in taken)
        # Of what nobody knew any more the person says so; the database does not.
        looked_up = {m.message_id for m in taken if m.envelope[1:] in self.looked_up}
        self.happened += Counter(states.values())
        self.happened["looked up"] = len(self.looked_up)
        self.happened["unknown, never taken"] = sum(
            state == "unknown" and name not in copies for name, state in states.items()
        )
        return {
            "senders": self.wrong,
            "doubled": [f"{receiver} {n} times" for receiver, n in receivers.items() if n > 1],
            "taken, but neither sent nor unknown": [
                f"{name} is {states.get(name)}"
                for name in copies
                if states.get(name) not in SETTLED and name not in looked_up
            ],
            "sent, but never taken": [
                name for name, state in states.items() if state == "sent" and name not in copies
            ],
            "unsettled": [f"{n} is {state}" for n, state in states.items() if state not in SETTLED],
            "other letters than approved": sorted(states.keys() ^ self.approved.keys()),
            "other bytes than approved": [m.message_id for m in taken if not self._exact(m)],
            "taken without a mark": sorted(copies.keys() - self._marked()),
            "more unknown than blows": self._unknown_without_a_blow(),
            "db check": self._looked_after("db", "check"),
            "db reconcile": self._nothing_to_reconcile(),
        }

    def _exact(self, message):
        """Whether it is what was approved, with one Date line before it."""
        letter = self.ever.get(message.message_id)
        date, _, rest = message.wire.partition(b"\r\n")
        dates = re.findall(rb"(?mi)^date:", message.wire.partition(b"\r\n\r\n")[0])
        sender, *recipients = message.envelope
        return (
            letter is not None
            and (message.envelope, rest) == (letter.envelope, letter.wire)
            and date.startswith(b"Date: Tue, 20 Oct 2026")
            and len(dates) == 1
            and wire_digest(sender, recipients, message.wire) == letter.digest
        )

    def _unknown_without_a_blow(self):
        """A blow can hit one letter of each connection."""
        blows = sum(self.happened[number.name] for number in BLOWS)
        unknown = self.happened["unknown"]
        if self.happened["parts put back or lost"]:
            return []  # what became of a letter may be lost with a journal
        return [f"{unknown} after {blows} blows"] if unknown > blows * self.connections else []

    def _marked(self):
        """Letters that were marked, by the journal and all that it was before."""
        kept = [
            line for path in self.folder.glob(f"{DATABASE}.sent*") for line in self._lines(path)
        ]
        return {line["message_id"] for line in (*kept, *self.lost) if line.get("record")}

    def _looked_after(self, *words):
        with Planner(self.folder, *words) as done:
            return [] if done.code() == 0 else [done.said()]

    def _nothing_to_reconcile(self):
        with Planner(self.folder, "db", "reconcile", "--json") as done:
            code, said = done.code(), done.document()
            found = ("lines", "letters", "damaged", "voided", "unlearned", "unwitnessed")
            # Letters that are unknown by a kill are open still.
            ended = code == (3 if said["unknown"] else 0)
            return [] if ended and not any(said[what] for what in found) else [done.said()]


# How senders are harmed; each goes on until every letter is settled.


def kill_one(campaign):
    """Start a sender and kill it at a random moment."""
    moment = campaign.next_moment()
    sender = campaign.start("send", "--yes")
    if campaign.reaches(sender, moment):
        campaign.harm(sender, signal.SIGKILL)
    else:
        campaign.ends_well(sender)


def killed(campaign):
    """One after another."""
    for _ in campaign.rounds():
        kill_one(campaign)


def stopped(campaign):
    """Stopped for a while; a second sender that comes meanwhile is turned away."""
    for _ in campaign.rounds():
        sender = campaign.start("send", "--yes")
        while campaign.reaches(sender, campaign.quiet_moment()):
            campaign.harm(sender, signal.SIGSTOP)
            campaign.turned_away(campaign.start("send", "--yes"), sender)
            if campaign.chance.random() < 0.25:
                campaign.harm(sender, signal.SIGKILL)
                break
            campaign.harm(sender, signal.SIGCONT)
            campaign.server.go_on()
        else:
            campaign.ends_well(sender)


def started_twice(campaign):
    """Two at the same moment: one works, until it is killed; the other is turned away."""
    for _ in campaign.rounds():
        moment, before = campaign.next_moment(), campaign.happened["turned away"]
        both = [campaign.start("send", "--yes") for _ in range(2)]
        harmed = campaign.harm_early(campaign.chance.choice(both))
        within(lambda both=both: sum(s.is_alive for s in both) < 2, "one of two senders ends")
        for sender in both:
            if sender.is_alive and campaign.reaches(sender, moment):
                campaign.harm(sender, signal.SIGKILL)
            else:
                campaign.ends_well_or_is_turned_away(sender)
        away = campaign.happened["turned away"] - before
        if not harmed and campaign.left() and away != 1:
            campaign.violated(f"{away} of two senders are turned away")


def interrupted(campaign):
    """SIGINT or SIGTERM, up to three times: it ends in order, and one leaves no open question."""
    for _ in campaign.rounds():
        unknown = campaign.count("unknown")
        sender = campaign.start("send", "--yes")
        if not campaign.reaches(sender, campaign.next_moment(PHASES)):
            campaign.ends_well(sender)
            continue
        signals = campaign.chance.choices((signal.SIGINT, signal.SIGTERM), k=3)
        signals = signals[: campaign.chance.choice((1, 1, 2, 3))]
        for number in signals:
            campaign.harm(sender, number)
            time.sleep(campaign.chance.random() * 0.02)
        campaign.ends_interrupted(sender)
        if len(signals) == 1 and campaign.count("unknown") > unknown:
            campaign.violated("one signal makes a letter unknown", sender.said()[-700:])


def put_back(campaign):
    """A copy is put back; nothing leaves until the journal's word was taken."""
    _kill_until(campaign, lambda: campaign.left() < len(campaign.approved))
    copy = campaign.copy(campaign.folder / "copy")
    for _ in range(2):
        lines = len(campaign.journal())
        _kill_until(campaign, lambda lines=lines: len(campaign.journal()) > lines)
        if len(campaign.journal()) > lines:
            campaign.put_back(copy)
            campaign.refuses_to_send()
            campaign.reconcile()
    killed(campaign)


# What is put back as it was at one moment: the database, its journal, its witness; and what is
# lost.  Who puts back all three, or leaves none that remembers, is not noticed by anything.
RESTORES = (
    ("database", ""),
    ("database journal", ""),
    ("database witness", ""),
    ("journal", ""),
    ("witness", ""),
    ("journal witness", ""),
    ("", "journal"),
    ("", "witness"),
    ("database", "journal"),
    ("database", "witness"),
    ("database journal", "witness"),
    ("journal", "witness"),
    ("", "journal witness"),
)


def restored(campaign):
    """Senders are killed, and parts of the folder and the witness are put back or lost."""
    copies, deck = [], []
    for number, _ in enumerate(campaign.rounds()):
        if number % 3 == 0:
            copies.append(
                campaign.copy_all(campaign.folder.parent / f"{campaign.folder.name}-copy-{number}")
            )
        kill_one(campaign)
        if number % 2 and time.monotonic() < campaign.until:
            deck = deck or campaign.chance.sample(RESTORES, len(RESTORES))
            back, lost = deck.pop()
            campaign.put_back_parts(campaign.chance.choice(copies), back.split(), lost.split())
            campaign.reconcile()


def _kill_until(campaign, enough):
    for _ in campaign.rounds():
        if enough():
            return
        kill_one(campaign)


class Variant(NamedTuple):
    """How senders are harmed, and over how many connections they send."""

    harm: Callable[[Campaign], None]
    connections: int

    def __str__(self):
        many = "one connection" if self.connections == 1 else f"{self.connections} connections"
        return f"{self.harm.__name__}, {many}"


HARMS = (killed, stopped, started_twice, interrupted, put_back, restored)
VARIANTS = [Variant(harm, connections) for harm in HARMS for connections in (1, 4)]


def play(variant, letters, server, folder, **given):
    """Play a variant with a copy of a folder of letters; gives (judgements, what happened)."""
    shutil.copytree(letters, folder)
    with Campaign(folder, server, connections=variant.connections, **given) as campaign:
        try:
            variant.harm(campaign)
        except AssertionError as error:
            campaign.violated(str(error))
        return campaign.judged(), campaign.happened
