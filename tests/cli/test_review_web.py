"""`planner review --web`: one link, opened privately; it ends with the command."""

import os
import re
import signal
import subprocess
import sys

import pytest

pytest.importorskip("starlette", reason="the page's parts are not installed: make .venv/.ready")

from tests.page import Page


@pytest.fixture
def running(desk):
    """The command itself, and its page."""
    desk.drafted(2)
    (desk.folder / "bin").mkdir()
    opener = desk.folder / "bin/xdg-open"
    opener.write_text(f'#!/bin/sh\necho "$1" > {desk.folder}/opened\n')
    opener.chmod(0o700)
    path = f"{opener.parent}:{os.environ['PATH']}"
    with subprocess.Popen(
        [sys.executable, "-m", "planner", "review", "--web"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1"},
    ) as command:
        try:
            link = re.search(r"http://\S+", command.stdout.readline())[0]
            yield command, Page(link, None)
        finally:
            command.kill()


def test_the_page_ends_the_command_with_what_was_done(running):
    command, page = running
    page.enter()
    page.post("/letters/1/approve", version=page.seen(1)["version"])
    page.post("/letters/2/leave-out", version=page.read(2)["version"])
    page.post("/end")
    said = command.stdout.read()
    assert command.wait(20) == 0
    assert "1 approved, 1 left out." in said
    assert "-> planner send" in said


@pytest.mark.sqlite_only
def test_ctrl_c_ends_the_page_and_what_is_done_stays(running):
    command, page = running
    page.enter()
    page.post("/letters/1/leave-out", version=page.read(1)["version"])
    command.send_signal(signal.SIGINT)
    said = command.stdout.read()
    assert "0 approved, 1 left out." in said
    assert "planner send" not in said, "nothing is approved"
    assert command.wait(20) == 0
    with pytest.raises(ConnectionError):
        page.get("/list")


@pytest.mark.sqlite_only
def test_the_link_is_opened_by_way_of_a_private_file(desk, monkeypatch, capsys, tmp_path):
    """Whoever may list processes sees what a browser is started with."""
    from planner.cli.review_web import _open

    opened = []
    monkeypatch.setattr("click.launch", lambda path: opened.append(path) or 1)
    _open("http://127.0.0.1:1/#to'ken\"", tmp_path)
    (way,) = tmp_path.iterdir()
    assert opened == [str(way)]
    assert "to'ken" not in opened[0]
    assert way.stat().st_mode & 0o777 == 0o600
    assert "url=http://127.0.0.1:1/#to&#x27;ken&quot;" in way.read_text()
    assert "Your browser did not open" in capsys.readouterr().out


@pytest.mark.sqlite_only
def test_without_its_parts_the_command_says_how_to_get_them(desk, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("planner.web")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = desk.type("review", "--web")
    assert done.code == 2
    assert "uvicorn, which is not installed" in done.err
    assert "-m pip install 'step2-planner[web]'" in done.err


@pytest.mark.sqlite_only
def test_a_number_that_is_no_letter_is_said_before_anything_is_opened(desk):
    desk.drafted(1)
    done = desk.type("review", "--web", "7")
    assert done.code == 2
    assert "no letter 7" in done.err
