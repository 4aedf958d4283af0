"""`planner tour`: the demo's data on the page, on the demo's day, and nothing of it stays."""

import os
import re
import subprocess
import sys

import pytest

pytest.importorskip("starlette", reason="the page's parts are not installed: make .venv/.ready")

from tests.page import Page


def test_the_tour_shows_made_up_drafts_that_cannot_leave(own_home, tmp_path):
    opener = tmp_path / "xdg-open"
    opener.write_text("#!/bin/sh\n")
    opener.chmod(0o700)
    with subprocess.Popen(
        [sys.executable, "-m", "planner", "tour"],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(tmp_path),
        },
    ) as tour:
        try:
            page = Page(re.search(r"http://\S+", tour.stdout.readline())[0], None)
            page.enter()
            listed = page.get("/list").json
            assert listed["html"].count('class="row"') >= 60
            assert "Robin Sample" in listed["welcome"]
            page.post("/letters/1/approve", version=page.seen(1)["version"])
            assert "1 letter from" in page.get("/send").json["html"]
            page.post("/end")
            said = tour.stdout.read()
            assert tour.wait(20) == 0
        finally:
            tour.kill()
    assert "planner init" in said
    assert "planner send delivers" not in said
    assert not list(tmp_path.glob("planner-*"))
    assert not (own_home / "planner.sqlite3").exists()
