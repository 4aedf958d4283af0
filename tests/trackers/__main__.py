"""Show a tracker with its truth, or judge a range: `python -m tests.trackers --help`."""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.trackers import files
from tests.trackers.judge import DRAFTS, by_kind, judged
from tests.trackers.maker import tracker


def say(text=""):
    sys.stdout.write(f"{text}\n")


def show(made):
    """The cells as text, and what is true of each row."""
    say(f"seed {made.seed}; " + "; ".join(made.habits))
    if made.specialty:
        say(f"imported with --specialty {made.specialty!r}")
    say()
    say(files.text_of(made).replace("\r\n", "\n").replace("\r", "\n"))
    for truth in made.truths:
        told = f", told {truth.told}" if truth.told else ""
        when = f" on {truth.interview_date}" if truth.interview_date else ""
        say(
            f"line {truth.line}: {truth.name}; {truth.specialty}; {truth.city} {truth.state};"
            f" {'/'.join(sorted(truth.statuses))}{when}{told}{', no mail' if truth.closed else ''};"
            f" signal {truth.signal}; Dr. {truth.last or '-'}; to {truth.to or '-'}"
            f" cc {truth.cc or '-'}" + (f"; MUST STOP: {truth.stop}" if truth.stop else "")
        )


def judge(seeds, *, stops, drafts):
    """Judge trackers one after the other; gives whether all was well."""
    rows = right = letters = asked = 0
    failures, why = [], Counter()
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            verdict = judged(tracker(seed), Path(folder), drafts=drafts)
        rows, right, letters = (
            rows + verdict.rows,
            right + verdict.right,
            letters + verdict.letters,
        )
        failures += verdict.failures
        asked += bool(verdict.asked)
        for line, text in verdict.stopped:
            why[text.split(":")[0]] += 1
            if stops:
                say(f"stopped: seed {seed}, line {line}: {text}")
    for failure in failures:
        say(failure)
    say(
        f"{len(seeds)} trackers, {rows} rows, {right} right ({right / rows:.1%}), {letters} letters"
    )
    say(f"{asked} trackers asked what a column means; {sum(why.values())} rows stopped")
    for text, count in [*by_kind(failures), *why.most_common(25)]:
        say(f"{count:6} {text[:150]}")
    return not failures


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.trackers", description=__doc__)
    parser.add_argument("--seed", type=int, help="show this tracker, and judge it")
    parser.add_argument("--write", metavar="FOLDER", help="write the file of --seed there")
    parser.add_argument("--judge", metavar="FIRST-LAST", help="judge all trackers of these seeds")
    parser.add_argument("--stops", action="store_true", help="print each row that stopped")
    parser.add_argument("--drafts", type=int, default=DRAFTS, help="letters to read of each")
    given = parser.parse_args()
    if given.seed is None and given.judge is None:
        parser.error("give --seed or --judge")
    seeds = [given.seed]
    if given.judge:
        first, _, last = given.judge.partition("-")
        seeds = range(int(first), int(last or first) + 1)
    else:
        show(tracker(given.seed))
        if given.write:
            say(f"written to {files.written(tracker(given.seed), given.write)}")
    return 0 if judge(seeds, stops=given.stops, drafts=given.drafts) else 1


if __name__ == "__main__":
    sys.exit(main())
