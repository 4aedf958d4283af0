"""Measures how long an import takes, compared with other tools; run by `make bench`.

For each number of rows, in turn and several times, each as a process of its own into a
new database: the sqlite3 shell's .import of the raw text (the limit: no check, no
identity), sqlite-utils insert --csv (what one would pick instead), planner import, and
planner import of the same file over itself.  Prints medians, and ratios to sqlite-utils.
"""

import argparse
import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

HEADER = [
    "Program Name",
    "Specialty",
    "ACGME ID",
    "NRMP Code",
    "Institution",
    "City",
    "State",
    "PD First Name",
    "PD Last Name",
    "PD Email",
    "Coordinator",
    "Coordinator Email",
    "Status",
    "Interview Date",
    "Step 2 Policy",
    "Signal",
    "Reason",
    "Notes",
]
SPECIALTIES = {"140": "Internal Medicine", "120": "Family Medicine", "400": "Psychiatry"}
FIRST = ["Ana", "Ben", "Chloé", "Dev", "Elena", "Femi", "Grace", "Hugo", "Inés", "Jonas"]
LAST = ["Abara", "Berg", "Castillo", "Duarte", "Ekström", "Fofana", "García", "Huang", "Okafor"]
STATUSES = ["applied", "Applied", "Interviewed", "IV done", "Waitlist", ""]
REASONS = ["", "your clinic for refugees, which I came to know as a student"]
BIN = Path(sys.executable).parent


def rows(count):
    """Realistic rows: two in a hundred repeat the program before them with another contact."""
    rng = random.Random(20261120)
    row = {}
    for number in range(count):
        if number % 50 == 49:
            yield {**row, "Coordinator": "", "Coordinator Email": ""}
            continue
        code, specialty = rng.choice(list(SPECIALTIES.items()))
        status = rng.choice(STATUSES)
        day = date(2026, 10, 1) + timedelta(days=rng.randrange(90))
        domain = f"h{number % 4999}.example"
        row = {
            "Program Name": f"Hospital {number} Medical Center",
            "Specialty": specialty,
            "ACGME ID": f"{code}{number:07d}",
            "NRMP Code": f"{number % 10_000:04d}{code}C{number // 10_000}",
            "Institution": f"University Health {number % 997}",
            "City": f"City {number % 311}",
            "State": rng.choice(["OH", "PA", "NY", "CA", "TX"]),
            "PD First Name": rng.choice(FIRST),
            "PD Last Name": rng.choice(LAST),
            "PD Email": f"director.{number}@{domain}",
            "Coordinator": f"{rng.choice(FIRST)} {rng.choice(LAST)}",
            "Coordinator Email": f"residency{number}@{domain}",
            "Status": status,
            "Interview Date": f"{day.month}/{day.day}/{day.year}" if status.startswith("I") else "",
            "Step 2 Policy": rng.choice(["", "required", "preferred", "none"]),
            "Signal": rng.choice(["", "yes", "gold"]),
            "Reason": rng.choice(REASONS),
            "Notes": rng.choice(["", "called, they were friendly"]),
        }
        yield row


def write(path, count):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows(count))


def measured(command, folder):
    """(wall seconds, peak memory in MiB) of a process that must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], cwd=folder, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def commands(file):
    """What is compared, by name, in the order in which it runs."""
    planner = [BIN / "planner", "import", file]
    found = {
        "sqlite3 .import": ["sqlite3", "raw.db", ".mode csv", f".import {file} rows"],
        "sqlite-utils": [BIN / "sqlite-utils", "insert", "utils.db", "rows", file, "--csv"],
        "planner": planner,
        "planner again": planner,
    }
    if shutil.which("sqlite3") is None:
        del found["sqlite3 .import"]
    return found


def compare(count, runs, config):
    """Run everything in turn, and print a table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_STATE_HOME"] = str(folder / "state")  # witnesses, not in the user's own
        file = folder / "list.csv"
        write(file, count)
        figures = {}
        for _ in range(runs):
            for left in folder.glob("*.db*"):
                left.unlink()
            for left in folder.glob("planner.sqlite3*"):
                left.unlink()
            shutil.copy(config, folder / "config.toml")
            for title, command in commands(file).items():
                figures.setdefault(title, []).append(measured(command, folder))
    base = [wall for wall, _ in figures["sqlite-utils"]]
    print(f"\n{count:,} rows, {runs} runs\n{'':16} {'seconds':>8} {'ratio':>6} {'MiB':>6}")
    for title, pairs in figures.items():
        walls = [wall for wall, _ in pairs]
        ratio = statistics.median(w / b for w, b in zip(walls, base, strict=True))
        memory = statistics.median(peak for _, peak in pairs)
        print(f"{title:16} {statistics.median(walls):8.2f} {ratio:6.2f} {memory:6.0f}")
    return statistics.median(wall for wall, _ in figures["planner"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--million", action="store_true", help="also a million rows (minutes)")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    config = Path(__file__).resolve().parents[2] / "config.example.toml"
    compare(1_000, 3 * given.runs, config)
    hundred = compare(100_000, given.runs, config)
    if given.million:
        million = compare(1_000_000, 1, config)
        print(f"\na million takes {million / hundred:.1f} times a hundred thousand")


if __name__ == "__main__":
    main()
