"""The sender's commits: one transaction per job, failures that stay with their job, marks."""

import asyncio
import signal
import threading
from contextlib import closing
from pathlib import Path

import platformdirs
import pytest

from planner.errors import BusyError, PlannerError, StorageError
from planner.store import file
from planner.store import journal as journal_module
from planner.store.database import open_store
from planner.store.journal import look_through, open_journal
from planner.store.lineage import OlderCopyError, read_standing
from planner.store.sqlite import sqlite3
from tests.store.jobs import begun, empty, lines, locked, opened, together, write, written

SOON = ("busy_timeout", "5")


@pytest.fixture
def database(tmp_path):
    """An empty database with a table to write into."""
    return empty(tmp_path / "list.sqlite3")


def test_what_a_job_returns_is_there_once_it_is_committed(database):
    with opened(database) as commits:
        assert commits.run_blocking(write(7)) == 7
        assert written(database) == [7]
        assert asyncio.run(commits.run(write(8))) == 8
    assert (written(database), commits.count) == ([7, 8], 2)


def test_jobs_that_come_one_after_another_have_a_commit_each(database):
    async def five():
        return [await commits.run(write(n)) for n in range(5)]

    with opened(database, sessions=1) as commits:
        assert asyncio.run(five()) == list(range(5))
    assert commits.count == 5


def test_what_a_loop_leaves_is_written_at_the_end(database):
    async def left():
        for n in range(4):
            asyncio.ensure_future(commits.run(write(n)))
        await asyncio.sleep(0)  # all are ordered, and none is begun
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    with opened(database) as commits:
        asyncio.run(left())
        assert written(database) == []
    assert written(database) == [0, 1, 2, 3]


@pytest.mark.parametrize("sessions", [1, 2])
def test_a_job_is_done_though_nobody_waits_for_it_any_more(database, sessions):
    async def impatient():
        with locked(database):
            order = await begun(commits, write(1))
            other = asyncio.ensure_future(commits.run(write(2)))
            await asyncio.sleep(0)
            order.cancel()
        return await other

    with opened(database, sessions=sessions) as commits:
        assert asyncio.run(impatient()) == 2
    assert written(database) == [1, 2]


@pytest.mark.parametrize("sessions", [1, 2])
def test_a_loop_that_ends_leaves_no_transaction_half_done(database, sessions):
    async def leave():
        await begun(commits, write(1))
        asyncio.ensure_future(commits.run(write(2)))
        await asyncio.sleep(0)

    with opened(database, sessions=sessions) as commits:
        with locked(database) as go:
            threading.Timer(0.1, go).start()
            asyncio.run(leave())
        assert written(database) == [1, 2]
        assert commits.run_blocking(write(3)) == 3
    assert written(database) == [1, 2, 3]
    assert lines(database) == [(1, 1), (2, 2), (3, 3)]


@pytest.mark.parametrize("begun_before", [False, True])
@pytest.mark.parametrize("sessions", [1, 2])
def test_what_is_written_while_a_loop_ends_is_written(database, begun_before, sessions):
    """As a run that is told to stop twice lets go of its letters."""

    async def cleaning_up():
        try:
            await asyncio.sleep(60)
        finally:
            await commits.run(write(2))

    async def leave():
        asyncio.ensure_future(cleaning_up())
        await asyncio.sleep(0)
        if begun_before:
            await begun(commits, write(1))
        else:
            asyncio.ensure_future(commits.run(write(1)))
            await asyncio.sleep(0)  # its transaction is the loop's next step

    with opened(database, sessions=sessions) as commits, locked(database) as go:
        threading.Timer(0.1, go).start()
        asyncio.run(leave())
    assert written(database) == [1, 2]


def test_an_interruption_comes_after_a_commit_and_its_lines(database, monkeypatch):
    append = journal_module.Journal.append

    def interrupted(journal, lines):
        signal.raise_signal(signal.SIGTERM)
        append(journal, lines)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(journal_module.Journal, "append", interrupted)
    before = signal.signal(signal.SIGTERM, stop)
    try:
        with pytest.raises(KeyboardInterrupt), opened(database) as commits:
            commits.run_blocking(write(1), marks=True)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (written(database), lines(database)) == ([1], [(1, 1)])


def test_a_commit_waits_for_who_reads_and_is_made_once(database):
    async def read_meanwhile():
        with closing(sqlite3.connect(database)) as reader:
            reader.isolation_level = None
            (mode,) = reader.execute("PRAGMA journal_mode").fetchone()
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM notes").fetchall()
            order = asyncio.ensure_future(commits.run(write(1)))
            await asyncio.sleep(0.1)
            assert order.done() is (mode == "wal"), "only without WAL a reader is in the way"
            reader.execute("ROLLBACK")
        return await order

    with opened(database) as commits:
        assert asyncio.run(read_meanwhile()) == 1
        assert commits.count == 1
    assert (written(database), lines(database)) == ([1], [(1, 1)])


def test_a_mark_whose_line_cannot_be_written_fails_and_the_line_goes_with_the_next(
    database, monkeypatch
):
    failing = iter([True])
    fsync = journal_module.os.fsync

    def broken(handle):
        if next(failing, False):
            raise OSError(28, "No space left on device")
        fsync(handle)

    with opened(database, sessions=3) as commits:
        monkeypatch.setattr(journal_module.os, "fsync", broken)
        jobs = [commits.run(write(1), marks=True), commits.run(write(2))]

        async def both():
            return await asyncio.gather(*jobs, return_exceptions=True)

        mark, other = asyncio.run(both())
        assert isinstance(mark, StorageError)
        assert "journal" in mark.message
        assert mark.hint
        assert (other, lines(database)) == (2, [])
        assert commits.run_blocking(write(3), marks=True) == 3
    assert lines(database) == [(1, 1), (2, 2), (3, 3)]
    assert written(database) == [1, 2, 3]


@pytest.mark.parametrize("sessions", [1, 9])
@pytest.mark.parametrize("together_with", [0, 3])
def test_a_locked_file_fails_every_job_and_changes_nothing(
    database, together_with, sessions, monkeypatch
):
    monkeypatch.setattr(file, "pragmas", lambda v, real=file.pragmas: (SOON, *real(v)[1:]))
    with (
        opened(database, sessions=sessions) as commits,
        closing(sqlite3.connect(database)) as other,
    ):
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        jobs = [write(n) for n in range(1 + together_with)]
        assert {type(x) for x in asyncio.run(together(commits, jobs))} == {BusyError}
        other.execute("ROLLBACK")
        assert commits.run_blocking(write(9)) == 9
    assert (written(database), lines(database)) == ([9], [(1, 9)])


def test_it_is_refused_where_the_journal_knows_more(database):
    open_journal(database).write_bytes(b'{"n": 3}\n')
    with pytest.raises(OlderCopyError, match="has 3 more lines"), opened(database):
        pass


def test_lines_that_a_crash_kept_from_the_journal_are_written_by_the_next(database):
    with opened(database) as commits:
        commits.run_blocking(write(1))
        before = open_journal(database).read_bytes()
        commits.run_blocking(write(2))
    for left in (before, before + b'{"n": 2, "li'):
        open_journal(database).write_bytes(left)
        with opened(database):
            assert lines(database)[-1] == (2, 2)
    with opened(database) as commits:
        commits.run_blocking(write(3))
    assert [n for n, _ in lines(database)] == [1, 2, 3]
    assert look_through(open_journal(database)).broken == 0


def test_lines_of_earlier_transactions_that_are_gone_are_not_passed_over(database):
    with opened(database) as commits:
        before = open_journal(database).read_bytes()
        for what in (1, 2):
            commits.run_blocking(write(what))
    open_journal(database).write_bytes(before)
    with (
        pytest.raises(OlderCopyError, match="older, or belongs to another database"),
        opened(database),
    ):
        pass


def test_a_hole_in_the_journal_is_found_before_anything_is_sent(database):
    with opened(database) as commits:
        for what in (1, 2, 3):
            commits.run_blocking(write(what))
    path = open_journal(database)
    head, first, _, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(head + first + last)
    with pytest.raises(OlderCopyError, match="damaged before its line 3"), opened(database):
        pass


def test_a_commit_that_the_witness_never_heard_of_is_no_contradiction(database):
    (before,) = [path.read_bytes() for path in witnesses()]
    with opened(database) as commits:
        commits.run_blocking(write(1))
    (witness,) = witnesses()
    assert witness.read_bytes() != before
    witness.write_bytes(before)
    with opened(database) as commits:
        commits.run_blocking(write(2))


def test_nothing_is_sent_where_the_witness_cannot_be_written(database):
    (witness,) = witnesses()
    data = witness.read_bytes()
    witness.unlink()
    witness.symlink_to("/dev/full/none")
    with pytest.raises(PlannerError) as refused, opened(database):
        pass
    assert "witness" in refused.value.message
    witness.unlink()
    witness.write_bytes(data)
    with opened(database) as commits:
        assert commits.run_blocking(write(1)) == 1


def witnesses():
    return list(Path(platformdirs.user_state_dir("planner")).glob("*.witness"))


def test_it_is_refused_where_a_commit_might_not_last(database, monkeypatch):
    def lax(path, connect=file.connect, **options):
        db = connect(path, **options)
        db.execute("PRAGMA synchronous=OFF")
        return db

    monkeypatch.setattr(file, "connect", lax)
    with pytest.raises(StorageError, match="durably: synchronous is 0"), opened(database):
        pass


def test_numbers_go_on_where_the_last_writer_ended(database):
    for start in (0, 10):
        with opened(database, sessions=4) as commits:
            asyncio.run(together(commits, [write(start + n) for n in range(3)]))
            commits.run_blocking(lambda unit: unit.tx.exec_driver_sql("SELECT 1").fetchone())
    assert [n for n, _ in lines(database)] == [1, 2, 3, 4, 5, 6]
    with open_store(f"sqlite:///{database}", base=database.parent).read() as tx:
        assert read_standing(tx).line == 6
