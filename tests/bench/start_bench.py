"""Measures how soon a command answers, and if that depends on the list; run by `make bench`.

Paired, whole processes in turn: `planner --help` and `--version` beside importing click,
`status` and `outbox list` beside importing SQLAlchemy, `status` with 100,000 letters beside
100.  Then, within one process, the claim of a letter out of 1,000 and out of 100,000.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from planner.store import account_usage, file, send_queue
from planner.store.database import open_store
from planner.store.letters import list_letters
from tests.bench.send_bench import BIN, keep_state, lay_out, put_back

SEED = 100  # letters that real commands make; the others are copies of them


def measured(command):
    began = time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def paired(title, ours, theirs, runs):
    """The median ratio of ours to theirs, run by run."""
    measured(ours), measured(theirs)
    ratios = [measured(ours) / measured(theirs) for _ in range(runs)]
    print(f"{title:58}{statistics.median(ratios):6.2f}", flush=True)


def copied(db, table, changed):
    """Columns of a table, and what a copy has in each."""
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    return ", ".join(names), ", ".join(changed.get(name, name) for name in names)


def multiply(path, count):
    """Make so many letters out of the first ones, each with a program and events of its own."""
    with closing(file.connect(path)) as db:
        db.execute("BEGIN")
        for step in range(SEED, count, SEED):
            program = {"id": f"id + {step}", "name_key": f"name_key || '{step}'"}
            names, values = copied(db, "programs", program)
            db.execute(
                f"INSERT INTO programs ({names}) SELECT {values} FROM programs WHERE id <= {SEED}"
            )
            letter = {
                "id": f"id + {step}",
                "program_id": f"program_id + {step}",
                "message_id": f"'{step}' || message_id",
                "to_key": f"'{step}' || to_key",
            }
            names, values = copied(db, "letters", letter)
            db.execute(
                f"INSERT INTO letters ({names}) SELECT {values} FROM letters WHERE id <= {SEED}"
            )
        db.execute("COMMIT")


def made(folder, count):
    """A folder with a config and so many approved letters."""
    folder.mkdir()
    lay_out(folder, SEED, 1)
    put_back(folder)
    multiply(folder / "planner.sqlite3", count)
    return folder


def claim_seconds(folder, count=200):
    """What a claim takes, the gates' look-ups included; the median of so many."""
    keep_state(folder)
    now = datetime.now(UTC)

    def claim(unit, letter):
        began = time.perf_counter()
        unit.version()
        account_usage.find_pause(unit.tx, "robin")
        current = send_queue.fetch_current(unit.tx, letter.id)
        send_queue.claim(
            unit,
            letter,
            current.wire,
            owner="bench",
            account="robin",
            at=now,
            lease=timedelta(hours=2),
            date="Tue, 20 Oct 2026 12:00:00 -0400",
        )
        return time.perf_counter() - began

    store = open_store("sqlite:///planner.sqlite3", base=folder)
    with store.read() as tx:
        letters = list_letters(tx, ids=range(1, count + 1))
    with store.commits() as commits:
        return statistics.median(
            commits.run_blocking(partial(claim, letter=letter)) for letter in letters
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    python, planner = sys.executable, BIN / "planner"
    with tempfile.TemporaryDirectory() as name:
        small, middle, large = (
            made(Path(name) / str(count), count) for count in (100, 1_000, 100_000)
        )

        def at(folder, *words):
            return [planner, "--config", folder / "config.toml", *words]

        click, alchemy = ([python, "-c", f"import {m}"] for m in ("click", "sqlalchemy"))
        paired("planner --help / import click", [planner, "--help"], click, given.runs)
        paired("planner --version / import click", [planner, "--version"], click, given.runs)
        paired("planner status / import sqlalchemy", at(small, "status"), alchemy, given.runs)
        listed = at(small, "outbox", "list")
        paired("planner outbox list / import sqlalchemy", listed, alchemy, given.runs)
        ours, theirs = at(large, "status"), at(small, "status")
        paired("status, 100,000 letters / 100", ours, theirs, given.runs)
        few, many = claim_seconds(middle), claim_seconds(large)
        print(f"{'a claim, 100,000 letters / 1,000':58}{many / few:6.2f}")


if __name__ == "__main__":
    main()
