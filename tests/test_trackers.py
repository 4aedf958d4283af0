"""Realistic trackers are imported correctly, or refused with a sentence; no letter goes wrong."""

import pytest

from tests.trackers.judge import by_kind, judged
from tests.trackers.maker import tracker

pytestmark = pytest.mark.long

SEEDS, GROUP = 220, 55
WANTED = 0.95  # of all rows, without an edit of the file


@pytest.mark.parametrize("first", range(0, SEEDS, GROUP))
def test_what_a_tracker_says_is_what_becomes_of_it(first, tmp_path):
    verdicts = []
    for seed in range(first, first + GROUP):
        folder = tmp_path / str(seed)
        folder.mkdir()
        verdicts.append(judged(tracker(seed), folder))
    failures = [failure for verdict in verdicts for failure in verdict.failures]
    assert not failures, "\n".join([str(by_kind(failures)), *map(str, failures)])
    rows, right = sum(v.rows for v in verdicts), sum(v.right for v in verdicts)
    stopped = [f"seed {v.seed}, line {line}: {why}" for v in verdicts for line, why in v.stopped]
    assert right + len(stopped) == rows
    assert right / rows >= WANTED, "\n".join(stopped)
    assert sum(v.letters for v in verdicts) > GROUP, "hardly anything was written"
