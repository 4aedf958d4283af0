"""Measures the review page with 600 letters: how soon it is up, and how soon it answers.

Run it by hand: `python tests/bench/page_bench.py`.  Wall time and the time of the processor
are shown, because only the latter means anything on a machine that does other work.
"""

import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.send_bench import BIN, keep_state
from tests.builders import surname
from tests.desk import CONFIG, TRANSCRIPT
from tests.page import review_page

LETTERS, READ = 600, 120


def lay_out():
    """A config and drafts to interviewed programs, each with a reason of its own."""
    config = {"url": "sqlite:///planner.sqlite3", "port": 1, "more": "", "transcript": TRANSCRIPT}
    Path("config.toml").write_text(CONFIG.format(s1=228, score="score = 248", **config))
    with Path("list.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Program", "Specialty", "Director", "PD Email", "Status"])
        for n in range(LETTERS):
            who = surname(n)
            rows.writerow(
                [f"{who} Hospital", "IM", f"Ada {who}", f"pd@e{n}.example", "interviewed"]
            )
    for words in (["import", "list.csv"], ["draft", "--allow-mass"]):
        subprocess.run([BIN / "planner", *words], check=True, stdout=subprocess.DEVNULL)


def start(*words):
    """Seconds until the first line of a command, which is then ended."""
    began = time.perf_counter()
    command = [BIN / "planner", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        run.stdout.readline()
        took = time.perf_counter() - began
        run.kill()
    return took


def answers():
    """The seconds of each answer, wall and processor, by what was asked."""
    found = defaultdict(list)
    with review_page() as page:

        def ask(name, do):
            wall, own = time.perf_counter(), time.process_time()
            answer = do()
            found[name].append((time.perf_counter() - wall, time.process_time() - own))
            return answer

        page.enter()
        for n in range(1, READ):
            form = ask("a letter", lambda n=n: page.post(f"/letters/{n}/read")).json["version"]
            ask("it was seen", lambda n=n, v=form: page.post(f"/letters/{n}/shown", version=v))
            text = {"subject": "Update", "body": "Dear Dr. Abara,\n\nMy score is 248.\n"}
            ask("as one types", lambda n=n, t=text: page.post(f"/letters/{n}/try", **t))
            ask("the counts", lambda: page.get("/standing"))
        for n in range(1, READ, 10):
            version = page.post(f"/letters/{n}/read").json["version"]
            ask("approve", lambda n=n, v=version: page.post(f"/letters/{n}/approve", version=v))
            ask("the list", lambda: page.get("/list"))
    return found


def main():
    os.chdir(tempfile.mkdtemp(prefix="planner-bench-"))
    keep_state(Path.cwd())
    lay_out()
    starts = [start("review", "--web") / start("status") for _ in range(7)]
    print(f"up, times of status: {statistics.median(starts):.2f}")
    for name, times in answers().items():
        shown = [
            sorted(column)[int(len(times) * 0.95)] * 1000 for column in zip(*times, strict=True)
        ]
        print(f"{name:14} 95th percentile: {shown[0]:6.1f} ms, {shown[1]:6.1f} ms of the processor")


if __name__ == "__main__":
    main()
