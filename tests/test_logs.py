"""Logs are private, kept for a while, have one line per record, and never stop the program."""

import io
import logging
import os
import re
import stat
import sys

import pytest

from planner import logs
from planner.logs import DATED, KEPT, on_stderr, run_log

log = logging.getLogger("planner.mail.of.a.test")


def written(folder):
    (path,) = folder.glob("*.log")
    return path.read_text("utf-8")


def test_a_run_has_a_private_file_of_its_own(tmp_path):
    before = os.umask(0)
    with run_log(tmp_path / "my list.sqlite3") as mine:
        log.debug("Dr. %s, letter %d", "Núñez-O'Brien", 17)
    os.umask(before)
    assert re.fullmatch(re.escape("my list.sqlite3") + DATED, mine.path.name)
    assert stat.S_IMODE(mine.path.stat().st_mode) == 0o600
    at, _, text = mine.path.read_text("utf-8").partition(" mail.of.a.test: ")
    assert text == "Dr. Núñez-O'Brien, letter 17\n"
    assert len(at) == len("2026-10-14 09:30:00.123-04:00")


def test_a_run_that_says_nothing_leaves_nothing(tmp_path):
    with run_log(tmp_path / "x.db"):
        pass
    assert not list(tmp_path.iterdir())


def test_nothing_is_logged_when_the_run_is_over(tmp_path):
    with run_log(tmp_path / "x.db"):
        log.debug("within")
    log.debug("behind")
    assert "behind" not in written(tmp_path)
    assert logging.getLogger("planner").level == logging.NOTSET


def test_what_strangers_say_stays_in_its_line(tmp_path, monkeypatch):
    # Nor into the report of the test, which cannot travel with half a character in it.
    monkeypatch.setattr(logging.getLogger("planner"), "propagate", False)
    with run_log(tmp_path / "x.db"):
        log.debug("%s", "250 ok\x1b[2J\n2026-10-14 09:30:00 a line of ours?\udcff\u202e")
    text = written(tmp_path)
    assert text.count("\n") == 1
    assert r"ok\x1b[2J 2026" in text
    assert text.endswith("ours?\\udcff\\u202e\n")


def test_the_newest_files_are_kept_and_no_others_are_touched(tmp_path):
    for day in range(1, 29):
        (tmp_path / f"x.db.send-2026-10-{day:02}-093000-17.log").write_text("old")
    others = ["x.db.send-notes.log", "y.db.send-2026-10-01-093000-17.log", "x.db"]
    for name in others:
        (tmp_path / name).write_text("mine")
    with run_log(tmp_path / "x.db") as mine:
        log.debug("x")
    kept = sorted(path.name for path in tmp_path.glob("x.db.send-2*.log"))
    assert len(kept) == KEPT
    assert mine.path.name in kept
    assert kept[0] == "x.db.send-2026-10-10-093000-17.log"
    assert [(tmp_path / name).read_text() for name in others] == ["mine"] * 3


@pytest.mark.parametrize("where", ["no folder", "a full disk"])
def test_a_log_that_cannot_be_written_stops_nothing(tmp_path, monkeypatch, where, capsys):
    folder = tmp_path / "gone" if where == "no folder" else tmp_path
    if where == "a full disk":

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(logs.files, "open_private", full)
    with run_log(folder / "x.db") as mine:
        log.debug("x")
        log.debug("y")
    assert mine.problem in {"No such file or directory", "No space left on device"}
    assert capsys.readouterr() == ("", "")


def test_verbose_tells_on_stderr_and_on_nothing_else(capsys):
    with on_stderr():
        log.debug("within")
    log.debug("behind")
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), "mail.of.a.test: within" in err) == ("", 1, True)


def test_verbose_goes_on_where_nobody_reads(monkeypatch):
    class Gone(io.StringIO):
        def write(self, _):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    with on_stderr():
        log.debug("x")


def test_other_programs_parts_are_not_logged(tmp_path):
    with run_log(tmp_path / "x.db"):
        log.debug("ours")
        logging.getLogger("sqlalchemy.engine").debug("SELECT 1")
    assert "SELECT" not in written(tmp_path)
