"""The journal beside the database: lines are appended whole, and read after any crash."""

import errno
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import StorageError
from planner.store import journal as module
from planner.store.journal import (
    TAIL,
    Journal,
    chained,
    in_text,
    linked,
    open_journal,
    read,
    read_tail,
)

UID = "0123456789abcdef"


@pytest.fixture
def database(tmp_path):
    return tmp_path / "list.sqlite3"


def line(n, **more):
    return {"n": n, "state": "sent", **more}


def append(journal, lines):
    """Lines that follow from those that are there."""
    link, texts = read_tail(journal._path).link, []
    for one in lines:
        text = in_text({name: value for name, value in one.items() if name != "n"})
        link = chained(link, [text])
        texts.append(linked(text, one["n"], link))
    journal.append(texts)


def opened(database):
    return Journal(database, UID)


def found_in(database):
    """Every line but the head, without its link; None for one that cannot be read."""
    lines = [line for line in read(open_journal(database)) if line is None or "uid" not in line]
    return [line and {k: v for k, v in line.items() if k != "link"} for line in lines]


def numbers(database):
    """The number of each line; None for one that cannot be read."""
    return [found and found["n"] for found in found_in(database)]


def last_number(path):
    return read_tail(path).number


def test_lines_are_read_as_they_were_written_and_none_before_there_are_any(database):
    assert list(read(open_journal(database))) == []
    assert last_number(open_journal(database)) == 0
    with opened(database) as journal:
        append(journal, [line(1, why="naïve\n\x00"), line(2)])
        append(journal, [])
        append(journal, [line(3)])
    with opened(database) as journal:
        append(journal, [line(4)])
    assert found_in(database) == [line(1, why="naïve\n\x00"), *map(line, (2, 3, 4))]
    assert last_number(open_journal(database)) == 4


def test_it_is_its_owners_alone_and_lies_beside_the_real_file(database, tmp_path):
    link = tmp_path / "elsewhere" / "link.sqlite3"
    link.parent.mkdir()
    link.symlink_to(database)
    with opened(link) as journal:
        append(journal, [line(1)])
    assert open_journal(link) == tmp_path / "list.sqlite3.sent"
    assert stat.S_IMODE(open_journal(database).stat().st_mode) == 0o600


def test_an_append_is_on_the_disk_when_it_returns_with_one_wait_for_all_its_lines(
    database, monkeypatch
):
    synced, fsync = [], os.fsync

    def counted(handle):
        synced.append(os.fstat(handle).st_size)
        fsync(handle)

    with opened(database) as journal:
        monkeypatch.setattr(module.os, "fsync", counted)
        append(journal, [line(1), line(2)])
        size = open_journal(database).stat().st_size
        append(journal, [])
    assert synced == [size]


class Failing:
    """Makes a call of `os` write a part, or nothing, and fail; so many times."""

    def __init__(self, monkeypatch, name, times=1, part=0):
        real, self.times = getattr(os, name), times

        def called(handle, *arguments):
            if self.times:
                self.times -= 1
                if part:
                    os.pwrite(handle, arguments[0][:part], os.fstat(handle).st_size)
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(handle, *arguments)

        monkeypatch.setattr(module.os, name, called)


@pytest.mark.parametrize(("name", "part"), [("write", 0), ("write", 9), ("fsync", 0)])
def test_a_new_journal_on_a_full_disk_is_begun_by_the_next_that_opens_it(
    database, monkeypatch, name, part
):
    Failing(monkeypatch, name, part=part)
    with pytest.raises(StorageError, match="No space"), opened(database):
        pass
    assert open_journal(database).read_bytes() == b""
    with opened(database) as journal:
        append(journal, [line(1)])
    assert numbers(database) == [1]


@pytest.mark.parametrize(("name", "part"), [("write", 0), ("write", 9), ("fsync", 0)])
def test_what_could_not_be_written_leaves_no_trace_and_goes_first_the_next_time(
    database, monkeypatch, name, part
):
    with opened(database) as journal:
        append(journal, [line(1)])
        before = open_journal(database).read_bytes()
        Failing(monkeypatch, name, times=2, part=part)
        for n in (2, 3):
            with pytest.raises(StorageError, match="No space"):
                append(journal, [line(n)])
            assert open_journal(database).read_bytes() == before
        append(journal, [line(4)])
    assert numbers(database) == [1, 2, 3, 4]


def test_half_a_line_that_cannot_be_taken_back_stays_on_a_line_of_its_own(database, monkeypatch):
    with opened(database) as journal:
        append(journal, [line(1)])
        Failing(monkeypatch, "write", part=9)
        Failing(monkeypatch, "ftruncate")
        with pytest.raises(StorageError, match="No space"):
            append(journal, [line(2)])
        append(journal, [line(3)])
    assert numbers(database) == [1, None, 2, 3]


def test_a_write_that_takes_a_part_goes_on_with_the_rest(database, monkeypatch):
    write = os.write
    monkeypatch.setattr(module.os, "write", lambda handle, data: write(handle, data[:7]))
    with opened(database) as journal:
        append(journal, [line(1), line(2)])
    assert numbers(database) == [1, 2]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (b"", 0),
        (b"\n\n", 0),
        (b'{"n": 1}\n', 1),
        (b'{"n": 1}\n{"n": 2', 1),
        (b'{"n": 1}\n{"n": 2}', 2),
        (b'{"n": 1}\n\n{"n": 2}\n\n', 2),
        (b'{"n": 7}\n\x00\xff\xfe\n', 7),
        (b'{"n": 7}\n{"n": "8"}\n{"m": 9}\n[10]\n11\nnull\n', 7),
        (b"no journal at all", 0),
    ],
)
def test_the_last_whole_line_counts(database, text, last):
    open_journal(database).write_bytes(text)
    assert last_number(open_journal(database)) == last


@given(cut=st.integers(0, 400), count=st.integers(1, 5))
def test_wherever_a_crash_cuts_it_whole_lines_stay_and_it_goes_on(tmp_path_factory, cut, count):
    database = tmp_path_factory.mktemp("cut") / "list.sqlite3"
    with opened(database) as journal:
        append(journal, [line(n, why="w" * 9 * n) for n in range(1, count + 1)])
    whole = open_journal(database).read_bytes()
    open_journal(database).write_bytes(whole[:cut])
    # A line of which nothing but its end of line is lost is still whole.
    left = max(0, sum(len(part) <= cut for part in heads(whole)) - 1)  # but for the head
    assert last_number(open_journal(database)) == left
    with opened(database) as journal:
        append(journal, [line(left + 1)])
    found = numbers(database)
    assert [n for n in found if n] == list(range(1, left + 2))
    assert found.count(None) == (whole[:cut] not in {*heads(whole), *heads(whole, b"\n"), b""})


def heads(whole, end=b""):
    """What is there after each line, without its end of line or with it."""
    lines = whole.split(b"\n")[:-1]
    return [b"\n".join(lines[:n]) + end for n in range(1, len(lines) + 1)]


def test_its_end_is_found_without_reading_all_of_it(database):
    with opened(database) as journal:
        append(journal, [line(n, why="w" * 1000) for n in range(1, 2 * TAIL // 1000)])
        append(journal, [line(9999)])
    assert open_journal(database).stat().st_size > TAIL
    assert last_number(open_journal(database)) == 9999


def test_a_long_line_at_its_end_counts_like_any_other(database):
    with opened(database) as journal:
        append(journal, [line(1), line(2, record="w" * TAIL)])
    assert last_number(open_journal(database)) == 2
