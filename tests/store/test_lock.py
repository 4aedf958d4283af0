"""One sender at a time, with flock and with its counterpart on Windows."""

import os
import subprocess
import sys
import time

import pytest

from planner import system
from planner.errors import ExitCode, PlannerError, TryLaterError
from planner.store.lock import sender_lock
from planner.system import LOCKED_BYTE
from tests.fakes import Msvcrt

NAME = "Søren's planner of 2027.sqlite3"
HOLDING = """
import sys
from pathlib import Path
if sys.argv[2] == "windows":
    from tests.fakes import Msvcrt
    from planner import system
    system.fcntl, sys.modules["msvcrt"] = None, Msvcrt()
from planner.store.lock import sender_lock
with sender_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["posix", "windows"], name="kind")
def _kind(request, monkeypatch):
    if request.param == "windows":
        monkeypatch.setattr(system, "fcntl", None)
        monkeypatch.setitem(sys.modules, "msvcrt", Msvcrt())
    return request.param


@pytest.fixture
def database(tmp_path):
    return tmp_path / NAME


@pytest.fixture
def holder(database, kind, root):
    """Another process that holds the lock."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    words = [sys.executable, "-c", HOLDING, str(database), kind]
    with subprocess.Popen(words, cwd=root, **pipes) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def refused(database, kind):
    with pytest.raises(kind) as told, sender_lock(database):
        raise AssertionError
    return told


def test_another_process_is_named_and_the_lock_dies_with_it(database, holder):
    told = refused(database, TryLaterError)
    assert told.value.message.endswith(f"(process {holder.pid}).")
    assert (told.value.exit_code, told.value.code) == (ExitCode.TRY_LATER, "locked")
    holder.kill()
    holder.wait()
    with sender_lock(database):
        assert database.with_name(f"{NAME}.lock").read_text() == f"{os.getpid()}\n"


def test_a_lock_is_free_again_after_its_block_and_after_an_error(database, kind):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), sender_lock(database):
            raise ZeroDivisionError
    with sender_lock(database), pytest.raises(TryLaterError), sender_lock(database):
        raise AssertionError


def test_two_names_of_a_file_have_one_lock(database, kind, tmp_path):
    database.touch()
    other = tmp_path / "link.sqlite3"
    other.symlink_to(database)
    with sender_lock(database), pytest.raises(TryLaterError), sender_lock(other):
        raise AssertionError


def test_a_folder_that_is_reached_by_a_link_has_the_same_lock(database, kind, tmp_path):
    database.touch()
    other = tmp_path.parent / f"{tmp_path.name} by a link"
    other.symlink_to(tmp_path)
    with sender_lock(database), pytest.raises(TryLaterError), sender_lock(other / NAME):
        raise AssertionError


def test_a_file_with_two_names_is_refused_by_either_until_there_is_one(database, tmp_path):
    database.touch()
    other = tmp_path / "elsewhere" / NAME
    other.parent.mkdir()
    other.hardlink_to(database)
    for name in (database, other):
        told = refused(name, PlannerError)
        assert told.value.code == "hard_link"
        assert "one file with 2 names" in told.value.message
    other.unlink()
    with sender_lock(database):
        assert list(tmp_path.glob("*.lock"))


def test_the_number_of_a_longer_process_before_does_not_shine_through(database, kind):
    path = database.with_name(f"{NAME}.lock")
    path.write_text("4194304000\n")
    with sender_lock(database):
        assert path.read_text() == f"{os.getpid()}\n"


def test_windows_locks_a_byte_that_nobody_has_to_read(database, monkeypatch):
    msvcrt = Msvcrt()
    monkeypatch.setattr(system, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    with sender_lock(database):
        assert msvcrt.calls == [("lock", LOCKED_BYTE)]
    assert msvcrt.calls == [("lock", LOCKED_BYTE), ("unlock", LOCKED_BYTE)]
    assert database.with_name(f"{NAME}.lock").stat().st_size < 100


def test_a_disk_without_locks_is_a_sentence(database, monkeypatch):
    class Unlocked:
        LOCK_EX = LOCK_NB = 0

        @staticmethod
        def flock(*_):
            raise OSError(37, "No locks available")

    monkeypatch.setattr(system, "fcntl", Unlocked)
    told = refused(database, PlannerError)
    assert "cannot be locked: No locks available. Without" in told.value.message
    assert told.value.hint.startswith("Move the database to a local disk")


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path, kind):
    missing = tmp_path / "gone" / NAME
    with pytest.raises(PlannerError, match="Cannot write the lock file"), sender_lock(missing):
        raise AssertionError


def test_a_holder_without_a_name_is_unknown(database, kind):
    path = database.with_name(f"{NAME}.lock")
    with sender_lock(database):
        path.write_text("")
        started = time.monotonic()
        with pytest.raises(TryLaterError, match=r"process unknown"), sender_lock(database):
            raise AssertionError
        assert time.monotonic() - started < 5
