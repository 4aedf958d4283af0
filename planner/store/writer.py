"""One thread that writes for all: whatever waits shares one durable transaction.

Parallel sessions each want a commit before their next step on the network.  A commit takes
as long as the disk does, so jobs that come meanwhile wait together and share the next one.
No job sees half of another, and one that fails takes nothing of the others with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from planner.store import file
from planner.store.journal import (
    Journal,
    Line,
    in_text,
    known,
    numbered,
    refuse_behind,
    refuse_contradicted,
    set_known,
)
from planner.store.sqlite import sqlite3

T = TypeVar("T")

# For so much of the time that the last commit took, the next one waits for jobs of
# sessions that have none in it yet; in practice all that are awake come within it.
GATHER = 0.5
# Seconds that an outcome waits for a commit that somebody else needs; then it has its own.
LINGER = 0.005
# Of SQLite's pages: with its own 2 MiB a list of 1,000 letters falls out of the cache
# between two commits, and each write takes three times as long.
CACHE_KIB = 64 * 1024


@dataclass(slots=True)
class Page:
    """What a job writes on: the database, and lines for the journal after the commit."""

    db: sqlite3.Connection
    lines: list[str] = field(default_factory=list)
    _at: datetime | None = None
    _version: int | None = None

    def now(self, clock: Callable[[], datetime]) -> datetime:
        """The moment of this transaction by a clock: one for all jobs that share it."""
        if self._at is None:
            self._at = clock()
        return self._at

    def version(self) -> int:
        """`file.version` of this transaction."""
        if self._version is None:
            self._version = file.version(self.db)
        return self._version

    def note(self, line: Line, **ready: Mapping[str, str]) -> None:
        """Add a line to the journal (see `in_text`); it is numbered in this transaction."""
        self.lines.append(in_text(line, **ready))


Job = Callable[[Page], T]


@dataclass(slots=True)
class _Order:
    """A job with the promise of its result; a mark needs its line on the disk, too.

    `loop` is that of whoever waits, or None where a thread does.  A `patient` job does not
    hold up its session.
    """

    job: Job[Any]
    marks: bool
    promise: asyncio.Future[Any] | Future[Any]
    loop: asyncio.AbstractEventLoop | None = None
    patient: bool = False
    result: Any = None
    failure: BaseException | None = None

    def keep(self) -> None:
        """Tell whoever waits, if anybody still does."""
        if self.promise.done():
            return
        if self.failure is not None:
            self.promise.set_exception(self.failure)
        else:
            self.promise.set_result(self.result)


def _keep_all(orders: Iterable[_Order]) -> None:
    for order in orders:
        order.keep()


def _tell(orders: Sequence[_Order], failure: BaseException | None = None) -> None:
    """Tell whoever waits, a loop once for all of its orders."""
    for order in orders:
        order.failure = failure
    for loop in {order.loop for order in orders}:
        waiting = [order for order in orders if order.loop is loop]
        if loop is None:
            _keep_all(waiting)
        else:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(_keep_all, waiting)


class Writer:
    """A context manager; the sender's lock must be held for as long as it is open.

    `sessions` is how many may wait for a commit at once.  Raises PlannerError on entering
    where the file cannot be written durably, and JournalAheadError where the journal knows
    of more than the database.
    """

    def __init__(self, database: Path, *, sessions: int = 1) -> None:
        self._database = database
        self._sessions = sessions
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._started: Future[None] = Future()
        self._took = 0.0  # seconds that the last commit took
        self.commits = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.result()
        return self

    def __exit__(self, *_: object) -> None:
        self._orders.put(None)
        self._thread.join()

    async def write(self, job: Job[T], *, marks: bool = False) -> T:
        """Have a job done; what it returns is there once it is committed durably.

        `marks`: its lines must be in the journal before it counts as done.  Raises what the
        job raised, or PlannerError where the commit failed; then nothing was written.  With
        `marks` it may be that only the journal failed, and all else is written: whoever asks
        again must find that doing it twice is once.  A job is done even if nobody waits for
        it any more, and may be done twice, if another one of its transaction fails: what it
        changes must be in the database only.
        """
        return await self._ordered(job, marks=marks)

    def order(self, job: Job[T]) -> asyncio.Future[T]:
        """`write`, for who goes on meanwhile; it waits a moment for another job's commit.

        It is tried before every job that is given to the writer later.
        """
        return self._ordered(job, patient=True)

    def _ordered(
        self, job: Job[T], *, marks: bool = False, patient: bool = False
    ) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        promise: asyncio.Future[T] = loop.create_future()
        self._orders.put(_Order(job, marks, promise, loop, patient))
        return promise

    def do(self, job: Job[T], *, marks: bool = False) -> T:
        """`write`, for who has no loop."""
        promise: Future[T] = Future()
        self._orders.put(_Order(job, marks, promise))
        return promise.result()

    def _run(self) -> None:
        try:
            with (
                file.in_words(self._database),
                closing(file.connect(self._database)) as db,
                Journal(self._database) as journal,
            ):
                db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
                file.refuse_undurable(db, self._database)
                refuse_behind(db, self._database)
                refuse_contradicted(db, self._database)
                self._started.set_result(None)
                while orders := self._gather():
                    self._serve(db, journal, orders)
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)

    def _gather(self) -> list[_Order]:
        """What waits, and what comes within a moment; nothing once the writer is left."""
        first = self._orders.get()
        if first is None:
            return []
        orders, pressing = [first], int(not first.patient)
        until = time.monotonic() + (self._took * GATHER if pressing else LINGER)
        while pressing < self._sessions:
            try:
                order = self._orders.get(timeout=max(0, until - time.monotonic()))
            except queue.Empty:
                break
            if order is None:
                self._orders.put(None)  # for the next round
                break
            orders.append(order)
            if not order.patient:
                pressing += 1
                if pressing == 1:
                    until = time.monotonic() + self._took * GATHER
        return orders

    def _serve(self, db: sqlite3.Connection, journal: Journal, orders: list[_Order]) -> None:
        """Do all in one transaction; one by one where a job of several fails."""
        began = time.monotonic()
        if not self._commit(db, journal, orders):
            for order in orders:  # what it takes with it is its own
                self._commit(db, journal, [order])
        self._took = time.monotonic() - began

    def _commit(self, db: sqlite3.Connection, journal: Journal, orders: list[_Order]) -> bool:
        """Do jobs in one transaction, tell, and write their lines.

        Whoever made a mark is told only then: the others need not wait for the journal,
        which may well know less than the database.  False where one of several failed.
        """
        page = Page(db)
        try:
            with file.in_words(self._database):
                db.execute("BEGIN IMMEDIATE")
                for order in orders:
                    order.result = order.job(page)
                _number(page)
                db.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - whoever ordered is told of it
            if db.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
            if len(orders) > 1 and not _is_of_the_file(error):
                return False
            _tell(orders, error)
            return True
        self.commits += 1
        marks = [order for order in orders if order.marks]
        _tell([order for order in orders if not order.marks])
        try:
            journal.append(page.lines)
        except Exception as error:  # noqa: BLE001 - whoever ordered is told of it
            _tell(marks, error)
        else:
            _tell(marks)
        return True


def _is_of_the_file(error: BaseException) -> bool:
    """Whether the file itself is full, locked or read-only, so that nobody's job can be done."""
    return isinstance(error.__cause__ or error, sqlite3.OperationalError)


def _number(page: Page) -> None:
    """Number the lines in the transaction that they tell of."""
    if page.lines:
        before = known(page.db)
        page.lines[:] = [numbered(line, n) for n, line in enumerate(page.lines, before + 1)]
        set_known(page.db, before + len(page.lines))
