"""The sender's own connection: each job is one durable transaction, with its journal lines.

This is the plain way: one job after another, which is all that one session needs.  For several
sessions, `group_commits.py` shares transactions behind the same two methods.

Everything runs in the event loop: a job takes microseconds, and handing a commit to a thread
and back takes longer than the commit itself on a common disk.  Only another process's lock can
take long, and the other sessions go on while we wait for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Self, TypeVar

import sqlalchemy as sa

from planner.errors import StorageError
from planner.rules.states import DELIVERED, LetterState
from planner.store import file
from planner.store.database import Store
from planner.store.engine import Transaction, make_manual
from planner.store.journal import Journal, Line, chained, in_text, linked, open_journal, read_tail
from planner.store.lineage import (
    Standing,
    advance,
    data_version,
    missing,
    read_standing,
    refuse_contradicted,
    refuse_older,
    write_line,
)
from planner.store.witness import Testimony, Witness

T = TypeVar("T")
X = TypeVar("X")

# A letter of which this is the last word may have been delivered.
MARKED = frozenset({LetterState.COMMITTING, LetterState.UNKNOWN})

# Seconds between two checks of whether another process has released its lock.
LOOK = 0.01
# SQLite's page cache.  With its default of 2 MiB, a list of 1,000 letters falls out of the
# cache between two commits, and each write takes three times as long.
CACHE_KIB = 64 * 1024


@dataclass(slots=True)
class UnitOfWork:
    """What a job works with: a transaction, and the journal lines to write after its commit."""

    tx: Transaction
    lines: list[Line] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    committed: bool = False
    _at: datetime | None = None
    _version: int | None = None

    def now(self, clock: Callable[[], datetime]) -> datetime:
        """Return the time of this transaction, the same for all jobs that share it."""
        if self._at is None:
            self._at = clock()
        return self._at

    def version(self) -> int:
        """`lineage.data_version` of this transaction."""
        if self._version is None:
            self._version = data_version(self.tx)
        return self._version

    def note(self, line: Line) -> None:
        """Add a line to the journal; it is numbered in this transaction."""
        self.lines.append(line)


Job = Callable[[UnitOfWork], T]


@dataclass(slots=True)
class Order:
    """A job and the promise of its result; `marks`: its journal line must be on disk, too."""

    job: Job[Any]
    marks: bool
    promise: asyncio.Future[Any]
    result: Any = None


class Commits:
    """A context manager; hold the sender's lock for as long as it is open.

    Only one thread uses it, in one event loop after another.  Entering raises StorageError
    if the file cannot be written durably, and OlderCopyError if the database, its journal
    and its witness do not agree.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Order] = []
        self._serving: asyncio.Task[None] | None = None
        self.count = 0  # commits made

    def __enter__(self) -> Self:
        path = self._store.path
        with ExitStack() as stack, self._store.in_words():
            self._tx = stack.enter_context(make_manual(self._store.engine))
            self._patience = _own_patience(self._tx) if path else 0.0
            if path:
                file.refuse_undurable(self._tx, path)
            standing = refuse_older(self._tx, self._store.name, path)
            refuse_contradicted(self._tx, self._store.name, path)
            self._witness = Witness(standing.uid)
            self._witness.prepare()
            self._journal: Journal | None = None
            if path:
                self._journal = stack.enter_context(Journal(path, standing.uid))
                if rest := missing(read_tail(open_journal(path)), standing):
                    self._journal.append(rest)
            self._opened = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        with self._opened:
            if self._waiting:  # jobs left behind by an event loop that has ended
                asyncio.run(self._serve())

    async def run(self, job: Job[T], *, marks: bool = False) -> T:
        """Run a job, and return its result once it is committed durably.

        With `marks`, its lines must also be in the journal.  Raises what the job raised, or
        StorageError if the commit failed; then nothing was written.  With `marks`, StorageError
        may also mean that only the journal failed: a job must be safe to run again.  It runs
        even if its caller was cancelled, and runs twice if another job of its transaction
        fails, so it may change nothing but the database.
        """
        loop = asyncio.get_running_loop()
        promise: asyncio.Future[T] = loop.create_future()
        self._waiting.append(Order(job, marks, promise))
        # A task of its own, so that a cancelled caller does not cancel it.
        if self._serving is None or self._serving.done():
            self._serving = loop.create_task(self._serve())
        return await promise

    def run_blocking(self, job: Job[T], *, marks: bool = False) -> T:
        """`run`, for a caller without an event loop."""
        return asyncio.run(self.run(job, marks=marks))

    async def _serve(self) -> None:
        """Run the waiting jobs, each in a transaction of its own."""
        while self._waiting:
            await self._transact([self._waiting.pop(0)])

    async def _transact(self, orders: Sequence[Order]) -> bool:
        """Run jobs in one transaction, write their lines, and resolve their promises.

        Returns False if one of several failed; then nothing was written or resolved.
        """
        unit, began = UnitOfWork(self._tx), False
        begin = "BEGIN IMMEDIATE" if self._store.path else "BEGIN"
        try:
            with self._store.in_words():
                await self._past_locks(partial(self._tx.exec_driver_sql, begin))
                began = True
                if not self._store.path:
                    unit.version()  # locks first what every command locks first: no deadlock
                for order in orders:
                    order.result = order.job(unit)
                standing = self._advance(unit)
                unwritten = await self._past_locks(partial(self._commit, unit, standing))
        except BaseException as error:
            if unit.committed:  # interrupted just after it
                _tell(orders, RuntimeError("the transaction broke off"))
                raise
            if began:
                with contextlib.suppress(sa.exc.DBAPIError):
                    self._tx.exec_driver_sql("ROLLBACK")
            # A full, locked or read-only file fails every job, and so does an interruption.
            of_one_job = isinstance(error, Exception) and not isinstance(error, StorageError)
            if len(orders) > 1 and of_one_job:
                return False
            _tell(orders, error)
            return True
        # Only a mark needs its line on disk; other lines may be written with the next job's.
        _tell((order for order in orders if order.marks), unwritten)
        _tell(orders)
        return True

    def _advance(self, unit: UnitOfWork) -> Standing:
        """Raise the generation and link the lines, in the transaction that they describe."""
        advance(unit.tx)
        standing = read_standing(unit.tx)
        if not unit.lines or self._journal is None:
            return standing
        number, link = standing.line, standing.link
        for line in unit.lines:
            text = in_text(line)
            number, link = number + 1, chained(link, [text])
            unit.linked.append(linked(text, number, link))
        # Lines that could not be written yet go first; all of them must survive a crash.
        write_line(unit.tx, number, link, [*self._journal.unwritten, *unit.linked])
        return replace(standing, line=number, link=link)

    def _commit(self, unit: UnitOfWork, standing: Standing) -> Exception | None:
        """Commit, then write the lines; returns the error if they could not be written."""
        with _undisturbed():
            self._tx.exec_driver_sql("COMMIT")
            unit.committed = True
            self.count += 1
            try:
                if self._journal:
                    self._journal.append(unit.linked)
            except Exception as error:  # noqa: BLE001 - the job's caller gets it
                return error
            finally:
                self._witness.note(_testimony(standing, unit.lines))
        return None

    async def _past_locks(self, act: Callable[[], X]) -> X:
        """Begin or commit, waiting while another process holds the lock.

        Cancellation is ignored here, so that no transaction is left half done.
        """
        until = time.monotonic() + self._patience
        while True:
            try:
                return act()
            except sa.exc.OperationalError as error:
                if not file.is_busy(str(error.orig)) or time.monotonic() > until:
                    raise
            await pause(LOOK)


async def pause(seconds: float = 0) -> None:
    """Let other tasks run; a cancellation only ends the pause early."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(seconds)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Delay signals, so that an interruption cannot come between a commit and its lines.

    Blocking them is not enough: another thread may get them, and Python handles them here.
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
    """Make SQLite report a lock at once; returns the seconds that it would have waited.

    Without cache spills, SQLite takes no new lock between BEGIN and COMMIT.
    """
    milliseconds = tx.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    tx.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
    tx.exec_driver_sql("PRAGMA cache_spill = OFF")
    tx.exec_driver_sql("PRAGMA busy_timeout = 0")
    return float(milliseconds) / 1000


def _tell(orders: Iterable[Order], failure: BaseException | None = None) -> None:
    """Resolve the promises of callers that still wait."""
    for order in orders:
        if order.promise.done():
            continue
        if failure is not None:
            order.promise.set_exception(failure)
        else:
            order.promise.set_result(order.result)


def _testimony(standing: Standing, lines: Iterable[Line]) -> Testimony:
    """What the witness is told of a commit: how far it goes, and the last word on each letter."""
    last = {str(line["message_id"]): line.get("state") for line in lines if "message_id" in line}
    left = {message for message, state in last.items() if state in DELIVERED}
    marked = {message for message, state in last.items() if state in MARKED}
    return Testimony(
        standing.generation,
        standing.line,
        frozenset(left),
        marked=frozenset(marked),
        settled=frozenset(last.keys() - left - marked),
    )
