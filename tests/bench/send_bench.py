"""Measures how long sending takes, compared with other tools; run by `make bench`.

In turn and several times, each as a process of its own: `planner send` on approved letters,
with every durable commit made; `mailmerge` as its users run it; and bare aiosmtplib with
finished messages, which writes nothing down.  Against Postfix's smtp-sink, against a server
that answers each command after 20 ms, and against the same with STARTTLS and AUTH.  Prints
the median of the ratios, round by round.
"""

import argparse
import csv
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
CONFIG = """
[applicant]
name = "Robin Sample"
aamc_id = "10000001"
email = "robin@applicant.example"
[step1]
result = 228
[step2_ck]
score = 248
test_date = 2026-09-01
released_on = 2026-10-01
at_submission = "not_reported"
[transcript]
eras = 2026-10-02
[smtp]
host = "127.0.0.1"
port = {port}
username = "robin"
{security}
per_minute = 0
per_day = 0
window = "always"
connections = {connections}
"""
PLAIN = 'security = "none"\nauth = "none"'
SECURE = 'security = "starttls"\nca_file = "certificate.pem"'
# The clock goes on from a day in the season; and which SQLite: None keeps pysqlite3 out
# where it is installed.
PLANNER = """
import sys
if {own}: sys.modules["pysqlite3"] = None
import planner.wiring
from datetime import UTC, date, datetime
from planner.rules.calendar import noon
ahead = noon(date(2026, 10, 20)) - datetime.now(UTC)
planner.wiring.now = lambda: datetime.now(UTC) + ahead
from planner.cli import main
main(sys.argv[1:])
"""
TEMPLATE = """TO: {{email}}
SUBJECT: Step 2 CK update: Robin Sample
FROM: Robin Sample <robin@applicant.example>

Dear Dr. {{name}},

Thank you again for the interview at {{program}}. I would like to add one thing to my file:
my USMLE Step 2 CK score is 248, and my USMLE transcript in ERAS has been updated. I am as
enthusiastic about training with you as I was that day.

Thank you, and please pass on my regards to everyone I met.

Sincerely,
Robin Sample
AAMC ID 10000001
"""


def planner(folder, *words, own=False):
    code = PLANNER.format(own=own)
    return [sys.executable, "-c", code, "--config", str(folder / "config.toml"), *words]


def configure(folder, port, connections, security=PLAIN):
    text = CONFIG.format(port=port, connections=connections, security=security)
    (folder / "config.toml").write_text(text)


def keep_state(folder):
    """Let planner have its witnesses in a folder, and not in the user's own."""
    os.environ["XDG_STATE_HOME"] = str(folder / "state")


def put_back(folder):
    """The database as it was laid out, with its witness."""
    keep_state(folder)
    for left in folder.glob("planner.sqlite3*"):
        left.unlink()
    shutil.rmtree(folder / "state", ignore_errors=True)
    shutil.copytree(folder / "base", folder, dirs_exist_ok=True)


def lay_out(folder, count, port):
    """Approved letters in base/, the same people for mailmerge, the bytes for bare.py.

    base/ has the database and its witness, which would notice an older copy of the one without
    the other.  An approval is bound to the account, and so to the server's port.
    """
    keep_state(folder)
    configure(folder, port, 1)
    people = [
        {
            "program": f"Elm {n} Hospital",
            "name": "Abara" + "".join("abcdefghij"[int(digit)] for digit in str(n)),
            "email": f"pd{n}@elm{n}.example",
        }
        for n in range(1, count + 1)
    ]
    with (folder / "list.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Program", "Specialty", "Director", "PD Email", "Status"])
        for p in people:
            row = (p["program"], "IM", f"Ada {p['name']}", p["email"], "interviewed")
            writer.writerow(row)
    with (folder / "mailmerge_database.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, people[0])
        writer.writeheader()
        writer.writerows(people)
    (folder / "mailmerge_template.txt").write_text(TEMPLATE)
    for words in (
        ["import", "list.csv"],
        ["draft"],
        ["approve", "--unseen", f"1-{count}"],
    ):
        quiet = subprocess.DEVNULL
        subprocess.run(planner(folder, *words, own=True), cwd=folder, check=True, stdout=quiet)
    (folder / "base").mkdir()
    for kept in ("planner.sqlite3", "state"):
        shutil.move(folder / kept, folder / "base" / kept)
    with closing(sqlite3.connect(folder / "base" / "planner.sqlite3")) as db:
        rows = db.execute("SELECT sender, to_addresses, cc_addresses, wire FROM letters").fetchall()
    letters = [(s, json.loads(to) + json.loads(cc), wire.decode()) for s, to, cc, wire in rows]
    (folder / "letters.json").write_text(json.dumps(letters))


@contextmanager
def smtp_sink(_folder):
    """Postfix's own test server."""
    port = 20_000 + os.getpid() % 20_000
    sink = ["smtp-sink", *(["-u", "nobody"] if os.geteuid() == 0 else []), f"127.0.0.1:{port}"]
    with subprocess.Popen([*sink, "1000"]) as process:
        try:
            time.sleep(0.5)
            yield port
        finally:
            process.terminate()


@contextmanager
def slow(folder, *, secure=False):
    """A server that answers each command after 20 ms."""
    words = [sys.executable, HERE / "slow_server.py", "0.02"]
    words += [folder / "certificate.pem"] if secure else []
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


def timed(folder, words, *, typed="", **environment):
    """Wall seconds of a process that must succeed."""
    began = time.perf_counter()
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        start_new_session=True,  # a password is read from the input, not from a terminal
        check=False,
        timeout=600,
    )
    if done.returncode != 0:
        sys.exit(f"{words[0]} ended with {done.returncode}: {done.stdout[-500:]}{done.stderr}")
    return time.perf_counter() - began


def send(folder, port, connections, security=PLAIN, *, own):
    put_back(folder)
    configure(folder, port, connections, security)
    if not own:  # the first opening turns the file to WAL; that is no part of sending
        subprocess.run(planner(folder, "status"), capture_output=True, check=True)
    words = planner(folder, "send", "--yes", own=own)
    return timed(folder, words, PLANNER_SMTP_PASSWORD="for the benchmark")


def mailmerge(folder, port, *, secure=False):
    server = f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n"
    server += "security = STARTTLS\nusername = robin\n" if secure else ""
    (folder / "mailmerge_server.conf").write_text(server)
    words = [BIN / "mailmerge", "--no-dry-run", "--no-limit"]
    return timed(folder, words, typed="for the benchmark\n")


def bare(folder, port, connections):
    return timed(folder, [sys.executable, HERE / "bare.py", "letters.json", port, connections])


def certificate(folder):
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
    ]
    words += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    both = (folder / "cert.pem").read_text() + (folder / "key.pem").read_text()
    (folder / "certificate.pem").write_text(both)


def fast_sqlite():
    """Whether pysqlite3 is there, so that WAL may be used."""
    words = [sys.executable, "-c", "import pysqlite3"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def scenarios():
    """(title, server, what runs by name); the last two are what ours is compared with."""
    ours = {"planner": partial(send, own=True)}
    if fast_sqlite():
        ours["planner[fast]"] = partial(send, own=False)
    eight = {name: partial(work, connections=8) for name, work in ours.items()}
    one = {name: partial(work, connections=1) for name, work in ours.items()}
    secure = {name: partial(work, connections=8, security=SECURE) for name, work in ours.items()}
    others = {"mailmerge": mailmerge, "bare aiosmtplib": partial(bare, connections=8)}
    yield "smtp-sink, 8 connections", smtp_sink, {**eight, **others}
    yield "20 ms a command, 8 connections", slow, {**eight, **others}
    yield "20 ms a command, 1 connection", slow, {**one, "mailmerge": mailmerge}
    encrypted = {**secure, "mailmerge": partial(mailmerge, secure=True)}
    yield "20 ms, STARTTLS, AUTH, 8 connections", partial(slow, secure=True), encrypted


def compare(folder, title, server, contestants, count, runs):
    """Run everything in turn, and print seconds, and how often ours goes into theirs."""
    figures = {name: [] for name in contestants}
    certificate(folder)
    with server(folder) as port:
        lay_out(folder, count, port)
        for _ in range(runs):
            for name, work in contestants.items():
                figures[name].append(work(folder, port))
    ours = [name for name in figures if name.startswith("planner")]
    heads = "".join(f"{f'/ {our}':>16}" for our in ours)
    print(f"\n{title}, {runs} runs\n{'':18}{'seconds':>9}{heads}")
    for name, walls in figures.items():
        ratios = [
            statistics.median(w / o for w, o in zip(walls, figures[our], strict=True))
            for our in ours
        ]
        line = "".join(f"{ratio:16.2f}" for ratio in ratios)
        print(f"{name:18}{statistics.median(walls):9.2f}{line}", flush=True)


def main():
    # As users have it: compiled modules are kept, and output is buffered.
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--letters", type=int, default=1_000, help="against smtp-sink")
    parser.add_argument("--slow-letters", type=int, default=200, help="at 20 ms a command")
    given = parser.parse_args()
    for title, server, contestants in scenarios():
        count = given.letters if server is smtp_sink else given.slow_letters
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            compare(folder, f"{count:,} letters, {title}", server, contestants, count, given.runs)


if __name__ == "__main__":
    main()
