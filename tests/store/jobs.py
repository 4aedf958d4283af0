"""Jobs for the tests of commits, which write to a table of their own."""

import asyncio
from contextlib import closing, contextmanager

from planner.store import file
from planner.store.database import open_store
from planner.store.journal import open_journal, read
from planner.store.sqlite import sqlite3


def empty(path):
    open_store(f"sqlite:///{path}", base=path.parent)
    with closing(file.connect(path)) as db:
        db.execute("CREATE TABLE notes (what INTEGER UNIQUE NOT NULL)")
    return path


def opened(path, **options):
    """What writes into a database."""
    return open_store(f"sqlite:///{path}", base=path.parent).commits(**options)


def written(path):
    with closing(sqlite3.connect(path)) as db:
        return [what for (what,) in db.execute("SELECT what FROM notes ORDER BY rowid")]


def lines(path):
    """(number, what) of every line of the journal."""
    return [
        (line["n"], line["what"]) for line in read(open_journal(path)) if line and "what" in line
    ]


def write(what, *, fail=None):
    """A job that writes a row and a line, and may fail after that."""

    def job(unit):
        unit.tx.exec_driver_sql("INSERT INTO notes (what) VALUES (?)", (what,))
        unit.note({"what": what})
        if fail is not None:
            raise fail
        return what

    return job


async def together(commits, jobs, **options):
    """All jobs at once; gives what each returned or raised."""
    orders = (commits.run(job, **options) for job in jobs)
    return await asyncio.gather(*orders, return_exceptions=True)


@contextmanager
def locked(database):
    """Somebody else writes meanwhile, so that a transaction cannot begin; `go` lets it."""
    with closing(sqlite3.connect(database, check_same_thread=False)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        go = once(lambda: other.execute("ROLLBACK"))
        yield go
        go()


def once(act):
    left = iter([act])
    return lambda: next(left, lambda: None)()


async def begun(commits, job):
    """A job whose transaction waits to begin, so that others that come wait for the next."""
    first = asyncio.ensure_future(commits.run(job))
    await asyncio.sleep(0.02)
    return first
