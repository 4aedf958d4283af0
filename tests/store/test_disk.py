"""The disk fails at each commit of a delivery: full, too small a file, locked, read-only.

Every run is `planner send` over SMTP; the server's own log is the judge.
"""

import gc
import os
import re
import resource
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from planner import wiring
from planner.store import file
from planner.store import journal as journal_module
from planner.store.durability import pragmas
from planner.store.journal import open_journal
from planner.store.sqlite import sqlite3
from tests.fakes import Faulty, ScriptedServer

pytestmark = pytest.mark.long

MESSAGE_ID = re.compile(r"Message-ID: (<[^>]+>)")
MARKED = {"committing", "unknown", "sent"}


class Watched(ScriptedServer):
    """Does something once before it answers a verb; at each dot it looks for the mark.

    `unmarked` are messages whose dot came without it, in the database or in the journal.
    """

    def __enter__(self):
        self.moment, self.act, self.database, self.unmarked = "", None, None, []
        return super().__enter__()

    def _next(self, verb):
        if verb == "DOT":
            self._look(self._threads.index(threading.current_thread()))
        if verb == self.moment:
            self.moment = ""
            self.act()
        return super()._next(verb)

    def _look(self, session):
        body = (e.text for e in self.events if (e.session, e.kind) == (session, "body"))
        message = [found[1] for line in body if (found := MESSAGE_ID.match(line))][-1]
        with closing(sqlite3.connect(self.database)) as db:
            query = "SELECT state FROM letters WHERE message_id = ?"
            state = db.execute(query, (message,)).fetchone()[0]
        last = {line["message_id"]: line["state"] for line in lines(self.database)}
        if (state, last.get(message)) != ("committing", "committing"):
            self.unmarked.append((message, state, last.get(message)))

    def delivered(self):
        """The Message-ID of everything that was taken, in order."""
        return [MESSAGE_ID.search(message.decode())[1] for message in self.accepted]


def served(script):
    """A server with a copy of the script, which it uses up."""
    return Watched({verb: list(answers) for verb, answers in (script or {}).items()})


def lines(database):
    found = journal_module.read(open_journal(database))
    return [line for line in found if line and "uid" not in line]


class Fine:
    """A disk with nothing wrong; `fail` and `mend` are for the others to fill in."""

    def __init__(self, place):
        self.place = place

    def __enter__(self):
        self.place.mkdir()
        return self

    def __exit__(self, *_):
        self.mend()

    def mend(self):
        pass


def mounted(*words):
    try:
        subprocess.run(["mount", *words], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine lets nobody mount")


def unmounted(place):
    gc.collect()  # what a command that failed had open
    subprocess.run(["umount", place], check=True)


class Full(Fine):
    """A small disk of memory, filled up to its last unit."""

    def __enter__(self):
        super().__enter__()
        mounted("-t", "tmpfs", "-o", "size=4m", "tmpfs", self.place)
        return self

    def __exit__(self, *_):
        unmounted(self.place)

    def fail(self):
        # What is just being written gives its room back at its end, so fill that, too.
        quiet = 0
        with (self.place / "filler").open("wb", buffering=0) as filler:
            while quiet < 10:
                quiet = 0 if self.took_all(filler) else quiet + 1
                time.sleep(0.005)

    @staticmethod
    def took_all(filler):
        """Take what room there is; whether there was any."""
        before = filler.tell()
        with suppress(OSError):
            while filler.write(bytes(4096)):
                pass
        return filler.tell() > before

    def mend(self):
        (self.place / "filler").unlink(missing_ok=True)


class Short(Fine):
    """No file may be longer than this (ulimit -f): what a quota does, without any mount."""

    size = 4096

    def fail(self):
        self.before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.size, self.before[1]))

    def mend(self):
        if hasattr(self, "before"):
            resource.setrlimit(resource.RLIMIT_FSIZE, self.before)


class Locked(Fine):
    """Another connection is in the middle of writing."""

    def fail(self):
        self.other = sqlite3.connect(
            self.place / "planner.sqlite3", isolation_level=None, check_same_thread=False
        )
        self.other.execute("BEGIN IMMEDIATE")

    def mend(self):
        if hasattr(self, "other"):
            self.other.close()


class ReadOnly(Fine):
    """A disk that the kernel makes read-only under open files, as it does after an error."""

    def __enter__(self):
        super().__enter__()
        self.image = self.place.with_suffix(".img")
        with self.image.open("wb") as image:
            image.truncate(4 * 1024 * 1024)
        make = ["mkfs.ext4", "-q", "-F", "-O", "^has_journal", self.image]
        try:
            subprocess.run(make, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("there is no mkfs.ext4")
        mounted("-o", "loop,errors=remount-ro", self.image, self.place)
        number = self.place.stat().st_dev
        device = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve().name
        assert device.startswith("loop")
        self.error = Path(f"/sys/fs/ext4/{device}/trigger_fs_error")
        if not os.access(self.error, os.W_OK):
            unmounted(self.place)
            pytest.skip("this machine lets nobody have an error")
        return self

    def __exit__(self, *_):
        unmounted(self.place)

    def fail(self):
        self.error.write_text("1")

    def mend(self):
        unmounted(self.place)
        subprocess.run(["mount", "-o", "loop", self.image, self.place], check=True)


DISKS = {"full": Full, "short": Short, "locked": Locked, "read_only": ReadOnly}
CODES = {"full": 1, "short": 1, "locked": 75, "read_only": 1}
WORDS = {
    "full": r"is full or failing \(.+\)",
    "short": r"is full or failing \(.+\)",
    "locked": "is busy: another program is writing to it",
    # With WAL the file that refuses is open already: to SQLite that is a disk that fails.
    "read_only": r"cannot be written \(.+\)|is full or failing \(.+\)",
}


def said(done, disk):
    """Whether the reason was told, with what to do about it."""
    words = rf"The (disk|database) .+({WORDS[disk]})|The journal next to .+ cannot be written: .+"
    return re.search(rf"({words}).*?\. -> \w", done.err) is not None


@pytest.fixture
def hurried(monkeypatch):
    """Waits that take a minute take no time."""
    version = sqlite3.sqlite_version_info[:3]
    quick = (("busy_timeout", "5"), *pragmas(version)[1:])
    monkeypatch.setattr(file, "pragmas", lambda _: quick)
    monkeypatch.setattr("planner.steps.sending.record.RECORD_WAITS", (0.001, 0.001))


@pytest.fixture
def run(desk, hurried):
    """A desk with approved letters on a disk of a kind, and a server that watches."""

    @contextmanager
    def prepared(name, script=None, letters=2, **smtp):
        with DISKS.get(name, Fine)(desk.folder / "disk") as disk, served(script) as server:
            server.database = disk.place / "planner.sqlite3"
            more = "".join(f"{key} = {value}\n" for key, value in smtp.items())
            desk.url = "sqlite:///disk/planner.sqlite3"
            desk.configure(port=server.port, more=more)
            desk.approved(letters)
            yield SimpleNamespace(desk=desk, disk=disk, server=server)
            judge(desk, server)

    return prepared


def at(run, moment, monkeypatch):
    """Let the disk fail at a moment: before the first claim, or before a verb is answered."""
    if moment != "claim":
        run.server.moment, run.server.act = moment, run.disk.fail
        return
    crew = wiring.sender_factory

    def failing(settings):
        monkeypatch.setattr(wiring, "sender_factory", crew)
        run.disk.fail()
        return crew(settings)

    monkeypatch.setattr(wiring, "sender_factory", failing)


def send(run):
    done = run.desk.type("send", "--yes", "--json")
    document = done.json
    total = sum(document[k] for k in document if k != "letters")
    assert total == len(document["letters"]), "the counts add up"
    assert "Traceback" not in done.err + done.out
    assert "Sorry" not in done.err
    return done


def judge(desk, server):
    """What must hold whatever has happened."""
    assert server.unmarked == []
    taken = server.delivered()
    assert len(taken) == len(set(taken)), "nothing left twice"
    states = {letter["message_id"]: letter["state"] for letter in desk.letters()}
    assert {states[message] for message in taken} <= MARKED
    assert {message for message, state in states.items() if state == "sent"} <= set(taken)
    desk.good("db", "check")


FAULTS = [
    # moment, what the server says, and how many letters are taken, unknown or remain
    ("claim", {}, (0, 0, 2)),
    ("DATA", {}, (0, 0, 2)),
    ("RCPT", {"RCPT": ["550 5.1.1 no such user"]}, (0, 0, 2)),
    ("DOT", {}, (1, 1, 1)),
]


@pytest.mark.parametrize("disk", DISKS)
@pytest.mark.parametrize(("moment", "script", "counts"), FAULTS)
def test_a_disk_that_fails_at_a_commit_doubles_and_loses_nothing(
    run, disk, moment, script, counts, monkeypatch
):
    taken, unknown, remaining = counts
    with run(disk, script) as it:
        at(it, moment, monkeypatch)
        done = send(it)
        assert len(it.server.accepted) == taken
        assert it.server.log.count(".") == unknown
        assert (done.json["unknown"], done.json["remaining"]) == (unknown, remaining)
        assert done.code == (3 if unknown else CODES[disk])
        assert said(done, disk), done.err
        it.disk.mend()
        again = send(it)
        assert again.json["sent"] == remaining
        assert it.desk.states() == ["unknown"] * unknown + ["sent"] * remaining
        assert send(it).json["letters"] == []


@pytest.mark.parametrize("disk", DISKS)
def test_a_disk_that_fails_from_the_start_is_a_sentence_and_touches_no_letter(run, disk):
    with run(disk) as it:
        it.desk.good("send", "--dry-run")
        it.disk.fail()
        done = it.desk.type("send", "--yes")
        assert (done.code, it.server.log) == (CODES[disk], [])
        assert " -> " in done.err + done.out
        assert "Sorry" not in done.err
        it.disk.mend()
        assert send(it).json["sent"] == 2


@pytest.mark.parametrize("disk", ["full", "short", "locked"])
def test_an_answer_is_recorded_as_soon_as_the_disk_is_well_again(run, disk, monkeypatch):
    from planner.wiring import send_run

    waits = []

    async def sleep(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            it.disk.mend()

    def patient(app, options, **callbacks):
        return send_run(app, options, **callbacks, sleep=sleep)

    monkeypatch.setattr("planner.steps.sending.record.RECORD_WAITS", (1.0, 2.0, 4.0))
    monkeypatch.setattr("planner.wiring.send_run", patient)
    with run(disk) as it:
        at(it, "DOT", monkeypatch)
        done = send(it)
        assert (done.code, done.json["sent"], waits) == (0, 2, [1.0, 2.0])
        assert "Trying to record letter 1: 250 2.0.0 queued" in done.err
        assert it.desk.letters()[0]["last_reply"] == "250 2.0.0 queued"


@pytest.mark.parametrize("disk", ["full", "locked", "read_only"])
@pytest.mark.parametrize("moment", ["DATA", "DOT"])
def test_sessions_side_by_side_all_end_and_the_next_run_settles_everything(
    run, disk, moment, monkeypatch
):
    with run(disk, letters=6, connections=3) as it:
        at(it, moment, monkeypatch)
        done = send(it)
        assert done.code in {CODES[disk], 3}
        assert said(done, disk), done.err
        it.disk.mend()
        send(it)
        states = it.desk.states()
        assert set(states) <= {"sent", "unknown"}
        assert states.count("sent") >= 3, "only what was under way may be unknown"
        assert it.server.log.count(".") == len(it.server.accepted)


LOCKING = """
import sqlite3, sys
db = sqlite3.connect("disk/planner.sqlite3", isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


def test_another_program_that_shuts_even_readers_out_is_waited_for(run):
    with run("fine") as it:
        others = []

        def shut():
            words = [sys.executable, "-c", LOCKING]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            others.append(subprocess.Popen(words, cwd=it.desk.folder, **pipes))
            assert others[0].stdout.readline() == b"locked\n"

        it.server.moment, it.server.act = "DOT", shut
        assert send(it).code == 3
        others[0].communicate()
        assert send(it).json["sent"] == 1
        assert it.desk.states() == ["unknown", "sent"]


@pytest.mark.parametrize("name", ["write", "fsync"])
def test_a_mark_that_is_not_in_the_journal_does_not_count(run, name, monkeypatch):
    with run("fine") as it:
        faulty = Faulty(name)
        it.server.moment = "DATA"
        it.server.act = lambda: faulty.take_over(monkeypatch)
        done = send(it)
        assert (done.code, done.json["remaining"], it.server.log.count(".")) == (1, 2, 0)
        assert "cannot be written: No space left on device" in done.err
        assert "-> Free some space" in done.err
        assert it.desk.states() == ["approved", "approved"]
        assert it.desk.letters()[0]["attempts"] == 0
        assert send(it).json["sent"] == 2


def test_a_journal_that_may_not_grow_lets_no_letter_leave(run):
    with run("short") as it:
        journal = open_journal(it.server.database)
        blank = b" " * 1_000_000 + b"\n"  # longer than any other file
        journal.write_bytes(blank)
        journal.chmod(0o600)
        it.disk.size = len(blank) + 100
        it.server.moment, it.server.act = "DATA", it.disk.fail
        done = send(it)
        it.disk.mend()
        assert (done.code, it.server.log.count(".")) == (1, 0)
        assert "The journal next to" in done.err
        assert journal.read_bytes() == blank, "half a line was taken back"
        assert it.desk.states() == ["approved", "approved"]
        assert send(it).json["sent"] == 2


def test_a_mark_that_can_neither_count_nor_be_taken_back_is_unknown_and_has_no_dot(
    run, monkeypatch
):
    with run("locked") as it:
        faulty = Faulty("fsync", before=it.disk.fail)
        it.server.moment = "DATA"
        it.server.act = lambda: faulty.take_over(monkeypatch)
        assert send(it).code == 1
        it.disk.mend()
        assert (send(it).json["unknown"], it.server.log.count(".")) == (1, 1)
        assert it.desk.states() == ["unknown", "sent"]
        assert it.server.delivered() == [it.desk.letters()[1]["message_id"]]


def test_an_outcome_that_the_journal_could_not_take_goes_with_the_next_line(run, monkeypatch):
    with run("fine") as it:
        faulty = Faulty("write")
        it.server.moment = "DOT"
        it.server.act = lambda: faulty.take_over(monkeypatch)
        assert send(it).json["sent"] == 2
        found = [(line["n"], line["state"]) for line in lines(it.server.database)]
        assert found == [(1, "committing"), (2, "sent"), (3, "committing"), (4, "sent")]


def test_a_line_that_a_crash_tore_is_passed_over_and_the_next_begins_on_its_own(run):
    with run("fine") as it:
        it.desk.good("send", "1", "--yes")
        with open_journal(it.server.database).open("ab") as end:
            end.write(b'{"n": 3, "at": "2026-10-')
        assert send(it).json["sent"] == 1
        found = list(journal_module.read(open_journal(it.server.database)))
        assert [line and line["n"] for line in found] == [0, 1, 2, None, 3, 4]
        assert "4 lines, 1 torn by a crash" in it.desk.good("db", "check").out


HALF = """
import os, sqlite3
db = sqlite3.connect("disk/planner.sqlite3", isolation_level=None)
db.execute("PRAGMA journal_mode = DELETE")
db.execute("PRAGMA cache_size = 1")
db.execute("BEGIN IMMEDIATE")
db.execute("UPDATE letters SET subject = 'Half done'")
db.execute("UPDATE programs SET notes = hex(randomblob(9000))")
os._exit(0)
"""


def test_half_a_transaction_on_a_disk_that_is_read_only_is_not_taken_for_the_database(run):
    with run("fine") as it:
        subprocess.run([sys.executable, "-c", HALF], cwd=it.desk.folder, check=True)
        assert (it.disk.place / "planner.sqlite3-journal").exists()
        mounted("--bind", it.disk.place, it.disk.place)
        subprocess.run(["mount", "-o", "remount,ro,bind", it.disk.place], check=True)
        try:
            done = it.desk.type("outbox", "list", "--json")
        finally:
            unmounted(it.disk.place)
        assert "Half done" not in done.out
        assert "Restore it from a copy" not in done.err


def test_a_new_database_on_a_full_disk_is_told_of_as_that(desk):
    with Full(desk.folder / "disk") as disk:
        desk.url = "sqlite:///disk/planner.sqlite3"
        desk.configure()
        disk.fail()
        done = desk.type("status", "--json")
        assert "The output could not be written" not in done.err
        assert done.json["error"]["hint"]
