"""One writer for all sessions: whatever waits shares one durable transaction.

Parallel sessions each want a commit before their next step on the network.  A commit takes
as long as the disk does, so jobs that come meanwhile wait together and share the next one.
No job sees half of another, and one that fails takes nothing of the others with it.

All of it is done in the event loop: a job takes microseconds, and to hand a commit to a thread
and back takes longer than the commit does on a common disk.  Only somebody else's lock may take
long, and that is waited for while the sessions go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Self, TypeVar

import sqlalchemy as sa

from planner.errors import StorageError
from planner.store import file
from planner.store.database import Store
from planner.store.engine import Transaction, by_hand
from planner.store.journal import (
    Journal,
    Line,
    data_version,
    in_text,
    known,
    numbered,
    refuse_behind,
    refuse_contradicted,
    set_known,
)

T = TypeVar("T")
X = TypeVar("X")

# For so much of the time that the last transaction took, and at most so many seconds, the
# next one waits for jobs of sessions that have none in it yet; in practice all that are awake
# come within it.
GATHER = 0.5
LONGEST_GATHER = 0.05
# Seconds that an outcome waits for a commit that somebody else needs; then it has its own.
LINGER = 0.005
# Seconds between looks whether somebody else's lock is gone.
LOOK = 0.01
# Of SQLite's pages: with its own 2 MiB a list of 1,000 letters falls out of the cache
# between two commits, and each write takes three times as long.
CACHE_KIB = 64 * 1024


@dataclass(slots=True)
class Page:
    """What a job writes on: the database, and lines for the journal after the commit."""

    tx: Transaction
    lines: list[str] = field(default_factory=list)
    committed: bool = False
    _at: datetime | None = None
    _version: int | None = None

    def now(self, clock: Callable[[], datetime]) -> datetime:
        """The moment of this transaction by a clock: one for all jobs that share it."""
        if self._at is None:
            self._at = clock()
        return self._at

    def version(self) -> int:
        """`journal.data_version` of this transaction."""
        if self._version is None:
            self._version = data_version(self.tx)
        return self._version

    def note(self, line: Line) -> None:
        """Add a line to the journal; it is numbered in this transaction."""
        self.lines.append(in_text(line))


Job = Callable[[Page], T]


@dataclass(slots=True)
class _Order:
    """A job with the promise of its result; a mark needs its line on the disk, too.

    A `patient` job does not hold up its session.
    """

    job: Job[Any]
    marks: bool
    patient: bool
    promise: asyncio.Future[Any]
    result: Any = None


class Writer:
    """A context manager; the sender's lock must be held for as long as it is open.

    One thread uses it, in one event loop after another.  `sessions` is how many may wait for
    a commit at once.  Raises StorageError on entering where the file cannot be written
    durably, and JournalAheadError where the journal knows of more than the database.
    """

    def __init__(self, store: Store, *, sessions: int = 1) -> None:
        self._store = store
        self._sessions = sessions
        self._waiting: list[_Order] = []
        self._took = 0.0  # seconds that the last transaction took
        self.commits = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._moment: asyncio.TimerHandle | None = None  # when the next transaction begins
        self._work: asyncio.Task[None] | None = None  # the transaction under way

    def __enter__(self) -> Self:
        path = self._store.path
        with ExitStack() as stack, self._store.in_words():
            self._tx = stack.enter_context(by_hand(self._store.engine))
            self._journal = stack.enter_context(Journal(path)) if path else None
            self._patience = _own_patience(self._tx) if path else 0.0
            if path:
                file.refuse_undurable(self._tx, path)
            refuse_behind(self._tx, path)
            refuse_contradicted(self._tx, path)
            self._opened = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        with self._opened:
            if self._waiting:  # of a loop that has ended
                asyncio.run(self._serve())

    async def write(self, job: Job[T], *, marks: bool = False) -> T:
        """Have a job done; what it returns is there once it is committed durably.

        `marks`: its lines must be in the journal before it counts as done.  Raises what the
        job raised, or StorageError where the commit failed; then nothing was written.  With
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

    def do(self, job: Job[T], *, marks: bool = False) -> T:
        """`write`, for who has no loop."""
        return asyncio.run(self.write(job, marks=marks))

    def _ordered(
        self, job: Job[T], *, marks: bool = False, patient: bool = False
    ) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # the last one has ended, and with it what it was to do
            self._loop, self._moment, self._work = loop, None, None
        promise: asyncio.Future[T] = loop.create_future()
        self._waiting.append(_Order(job, marks, patient, promise))
        if self._work is None:
            self._gather(loop)
        return promise

    def _gather(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin if every session waits, else in a moment: others may come meanwhile."""
        pressing = sum(not order.patient for order in self._waiting)
        if pressing >= self._sessions:
            self._begin(loop)
            return
        wait = min(self._took * GATHER, LONGEST_GATHER) if pressing else LINGER
        until = loop.time() + wait
        if self._moment is None or until < self._moment.when():
            self._forget_moment()
            self._moment = loop.call_at(until, self._begin, loop)

    def _forget_moment(self) -> None:
        if self._moment is not None:
            self._moment.cancel()
            self._moment = None

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._forget_moment()
        self._work = loop.create_task(self._serve())
        self._work.add_done_callback(partial(self._go_on, loop))

    def _go_on(self, loop: asyncio.AbstractEventLoop, _done: asyncio.Task[None]) -> None:
        self._work = None
        if self._waiting:
            self._gather(loop)

    async def _serve(self) -> None:
        """Do all that waits in one transaction; one by one where a job of several fails."""
        began = time.monotonic()
        orders, self._waiting = self._waiting, []
        try:
            if not await self._commit(orders):
                for order in orders:  # what it takes with it is its own
                    await self._commit([order])
                    await _pause()  # whoever was told goes on before the file is locked again
        except BaseException:
            _tell(orders, RuntimeError("the transaction broke off"))
            raise
        finally:
            self._took = time.monotonic() - began

    async def _commit(self, orders: Sequence[_Order]) -> bool:
        """Do jobs in one transaction, write their lines, and tell.

        False where one of several failed.
        """
        page, unwritten, began = Page(self._tx), None, False
        begin = "BEGIN IMMEDIATE" if self._store.path else "BEGIN"
        try:
            with self._store.in_words():
                await self._past_locks(partial(self._tx.exec_driver_sql, begin))
                began = True
                for order in orders:
                    order.result = order.job(page)
                _number(page)
                unwritten = await self._past_locks(partial(self._finish, page))
        except BaseException as error:
            if page.committed:  # interrupted right behind it
                raise
            if began:
                with contextlib.suppress(sa.exc.DBAPIError):
                    self._tx.exec_driver_sql("ROLLBACK")
            # A file that is full, locked or read-only fails all of them, and so does an end.
            of_one_job = isinstance(error, Exception) and not isinstance(error, StorageError)
            if len(orders) > 1 and of_one_job:
                return False
            _tell(orders, error)
            return True
        # Only a mark needs its line; else the journal may well know less than the database.
        _tell((order for order in orders if order.marks), unwritten)
        _tell(orders)
        return True

    def _finish(self, page: Page) -> Exception | None:
        """Commit, and write the lines; gives why they could not be written."""
        with _undisturbed():
            self._tx.exec_driver_sql("COMMIT")
            page.committed = True
            self.commits += 1
            try:
                if self._journal:
                    self._journal.append(page.lines)
            except Exception as error:  # noqa: BLE001 - whoever ordered is told of it
                return error
        return None

    async def _past_locks(self, act: Callable[[], X]) -> X:
        """Begin or commit, once no lock of somebody else's stands in the way.

        Not even the end of the loop leaves a transaction half done.
        """
        until = time.monotonic() + self._patience
        while True:
            try:
                return act()
            except sa.exc.OperationalError as error:
                if not file.is_busy(str(error.orig)) or time.monotonic() > until:
                    raise
            await _pause(LOOK)


async def _pause(seconds: float = 0) -> None:
    """Let the sessions go on, even where all is to end."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(seconds)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals wait: an interruption must not come between a commit and its lines.

    To block them would not do: another thread may get them, and Python handles them in this.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is ever interrupted
        return
    came: list[int] = []
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda number, _: came.append(number)) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
        for one in came:
            signal.raise_signal(one)


def _own_patience(tx: Transaction) -> float:
    """Have SQLite say at once that there is a lock; gives the seconds that it was to wait.

    No lock is taken between BEGIN and COMMIT, for no page leaves the cache.
    """
    milliseconds = tx.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    tx.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
    tx.exec_driver_sql("PRAGMA cache_spill = OFF")
    tx.exec_driver_sql("PRAGMA busy_timeout = 0")
    return float(milliseconds) / 1000


def _tell(orders: Iterable[_Order], failure: BaseException | None = None) -> None:
    """Tell whoever waits, if anybody still does."""
    for order in orders:
        if order.promise.done():
            continue
        if failure is not None:
            order.promise.set_exception(failure)
        else:
            order.promise.set_result(order.result)


def _number(page: Page) -> None:
    """Number the lines in the transaction that they tell of."""
    if page.lines:
        before = known(page.tx)
        page.lines[:] = [numbered(line, n) for n, line in enumerate(page.lines, before + 1)]
        set_known(page.tx, before + len(page.lines))
