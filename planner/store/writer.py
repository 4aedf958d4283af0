"""One thread that writes for all: whatever waits shares one durable transaction.

Parallel sessions each want a commit before their next step on the network.  A commit takes
as long as the disk does, so jobs that come meanwhile wait together and share the next one.
No job sees half of another, and one that fails takes nothing of the others with it.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from planner.errors import PlannerError
from planner.store import file
from planner.store.journal import Journal, Line, next_number, refuse_behind

T = TypeVar("T")


@dataclass(slots=True)
class Page:
    """What a job writes on: the database, and lines for the journal after the commit."""

    db: sqlite3.Connection
    lines: list[Line] = field(default_factory=list)

    def note(self, line: Line) -> None:
        """Add a line to the journal, numbered in this transaction."""
        self.lines.append({"n": next_number(self.db), **line})


Job = Callable[[Page], T]


@dataclass(slots=True)
class _Order:
    """A job with the promise of its result; a mark needs its line on the disk, too."""

    job: Job[Any]
    marks: bool
    result: Future[Any] = field(default_factory=Future)


class Writer:
    """A context manager; the sender's lock must be held for as long as it is open.

    Raises PlannerError on entering where the file cannot be written durably, and
    JournalAheadError where the journal knows of more than the database.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._started: Future[None] = Future()
        self.commits = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.result()
        return self

    def __exit__(self, *_: object) -> None:
        self._orders.put(None)
        self._thread.join()

    def submit(self, job: Job[T], *, marks: bool = False) -> Future[T]:
        """Order a job; its result is there once it is committed durably.

        `marks`: the job's lines must be in the journal before it counts as done.  The
        result raises what the job raised, or PlannerError where the commit failed; then
        nothing was written, or with `marks` no word of it may be acted upon.
        """
        order = _Order(job, marks)
        self._orders.put(order)
        return order.result

    async def write(self, job: Job[T], *, marks: bool = False) -> T:
        """`submit`, and wait for the result without holding up the loop."""
        return await asyncio.wrap_future(self.submit(job, marks=marks))

    def _run(self) -> None:
        try:
            with (
                file.in_words(self._database),
                closing(file.connect(self._database)) as db,
                Journal(self._database) as journal,
            ):
                file.refuse_undurable(db, self._database)
                refuse_behind(db, self._database)
                self._started.set_result(None)
                self._serve(db, journal)
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)

    def _serve(self, db: sqlite3.Connection, journal: Journal) -> None:
        ending = False
        while not ending:
            waiting = [self._orders.get()]
            while not self._orders.empty():
                waiting.append(self._orders.get())
            ending = None in waiting
            orders = [o for o in waiting if o and o.result.set_running_or_notify_cancel()]
            if orders:
                self._commit(db, journal, orders)

    def _commit(self, db: sqlite3.Connection, journal: Journal, orders: list[_Order]) -> None:
        """Do the jobs in one transaction, then write their lines, then say so."""
        page = Page(db)
        outcomes: list[tuple[_Order, Any, BaseException | None]] = []
        try:
            with file.in_words(self._database):
                db.execute("BEGIN IMMEDIATE")
                outcomes = [(order, *_done(page, order.job)) for order in orders]
                db.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - whoever ordered is told of it
            if db.in_transaction:
                db.execute("ROLLBACK")
            for order in orders:
                order.result.set_exception(error)
            return
        self.commits += 1
        unwritten = self._append(journal, page.lines)
        for order, result, failure in outcomes:
            if failure := failure or (unwritten if order.marks else None):
                order.result.set_exception(failure)
            else:
                order.result.set_result(result)

    def _append(self, journal: Journal, lines: list[Line]) -> PlannerError | None:
        try:
            journal.append(lines)
        except OSError as error:
            return PlannerError(
                f"The journal beside {self._database} cannot be written: {error.strerror}.",
                hint="Free some space or make the folder writable, then run planner send again.",
                code="disk",
            )
        return None


def _done(page: Page, job: Job[Any]) -> tuple[Any, BaseException | None]:
    """A job's result or failure; what a failed one wrote is taken back."""
    noted = len(page.lines)
    page.db.execute("SAVEPOINT job")
    try:
        result = job(page)
    except sqlite3.OperationalError:
        raise  # the file itself: full, locked, read-only; nobody's job can be done
    except Exception as error:  # noqa: BLE001 - whoever ordered is told of it
        page.db.execute("ROLLBACK TO job")
        page.db.execute("RELEASE job")
        del page.lines[noted:]
        return None, error
    page.db.execute("RELEASE job")
    return result, None
