"""The benchmarks measure what they say: a run that sends nothing would be the fastest."""

import sqlite3
from contextlib import closing

import pytest

from tests.bench import send_bench

pytestmark = pytest.mark.long


def test_every_measured_run_sends_every_letter(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", "")  # put back after what the benchmark sets
    with send_bench.slow(tmp_path) as port:
        send_bench.lay_out(tmp_path, 3, port)
        for _ in range(2):
            assert send_bench.send(tmp_path, port, 2, own=True) > 0
            with closing(sqlite3.connect(tmp_path / "planner.sqlite3")) as db:
                assert db.execute("SELECT state FROM letters").fetchall() == [("sent",)] * 3
