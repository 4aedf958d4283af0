"""What each system does in its own way, tried on this one."""

import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from planner import system
from tests.fakes import Msvcrt


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (r"C:\tools\tok.exe", ["C:\\tools\\tok.exe"]),
        (
            r'"C:\Program Files\Zoë\tok.exe" --for o\'brien "a b"',
            ["C:\\Program Files\\Zoë\\tok.exe", "--for", "o\\'brien", "a b"],
        ),
        (r"\\server\share\tok.cmd #1", ["\\\\server\\share\\tok.cmd", "#1"]),
    ],
)
def test_on_windows_a_backslash_in_a_command_is_a_part_of_a_path(written, words, monkeypatch):
    monkeypatch.setattr(system, "WINDOWS", True)
    assert system.words_of(written) == words


@pytest.mark.parametrize("word", ["planner", "a b", r"C:\Users\list.csv", "Łódź", "o'brien", "a&b"])
def test_a_word_is_quoted_as_the_system_types_it(word, monkeypatch):
    assert shlex.split(system.quoted(word)) == [word]
    monkeypatch.setattr(system, "WINDOWS", True)
    assert system.quoted(word) in {word, f'"{word}"'}
    assert (system.quoted(word) == word) is (word in {"planner", r"C:\Users\list.csv"})


def test_who_waits_for_a_lock_gets_it_and_who_does_not_is_told(tmp_path, monkeypatch):
    for fcntl in (system.fcntl, None):
        monkeypatch.setattr(system, "fcntl", fcntl)
        monkeypatch.setitem(sys.modules, "msvcrt", Msvcrt())
        first, second = (os.open(tmp_path / "x", os.O_RDWR | os.O_CREAT) for _ in range(2))
        system.lock(first)
        with pytest.raises(BlockingIOError):
            system.lock(second)
        os.close(first)
        system.lock(second, wait=True)
        os.close(second)


def test_modes_mean_nothing_on_windows(tmp_path, monkeypatch):
    path = tmp_path / "planner.sqlite3"
    path.touch(0o666)
    path.chmod(0o666)
    assert not system.is_private(path)
    monkeypatch.setattr(system, "WINDOWS", True)
    assert system.is_private(path)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "iso8859-2"])
@pytest.mark.parametrize("words", [("programs", "list"), ("programs", "list", "--json")])
def test_what_is_piped_is_utf8_whatever_the_machine_speaks(desk, encoding, words):
    desk.a_list(1, Program="Szpital w Łodzi — 総合病院")
    done = subprocess.run(
        [sys.executable, "-m", "planner", *words],
        capture_output=True,
        check=True,
        cwd=desk.folder,
        env={
            **os.environ,
            "PYTHONIOENCODING": encoding,
            "PYTHONPATH": str(Path(system.__file__).parents[1]),
        },
    )
    assert "Szpital w Łodzi" in done.stdout.decode("utf-8")


def test_the_signals_that_end_a_run_are_those_that_the_system_has():
    assert [s.name for s in system.ENDING] == ["SIGINT", "SIGTERM", "SIGHUP"]
    code = "import signal; del signal.SIGHUP; from planner import system; print(system.HANG_UP)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"


def test_a_lost_line_is_told_in_the_same_words_on_windows(monkeypatch):
    for kind in system.LOST:
        number = {"ConnectionAbortedError": errno.ECONNABORTED}.get(kind.__name__)
        number = number or next(n for n in errno.errorcode if type(OSError(n, "x")) is kind)
        error = kind(number, "Der Zielcomputer verweigerte die Verbindung")
        here = system.why(error)
        with monkeypatch.context() as patch:
            patch.setattr(system, "WINDOWS", True)
            assert system.why(kind(22, "Zielcomputer")) == here
            assert system.why(OSError(22, "Das Netz fehlt")) == "das netz fehlt"
