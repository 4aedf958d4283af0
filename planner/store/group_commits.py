"""Group commit: jobs that sessions submit at the same time share one durable transaction.

Each of several sessions needs a commit before its next step on the network.  A commit waits
for the disk, so the jobs that arrive meanwhile share the next one.  No job sees another one
half done, and a job that fails takes no other with it.  Without this, eight sessions at a
server that takes 20 ms per command need 1.2 to 1.7 times as long.
"""

from __future__ import annotations

import asyncio
import time

from planner.store.commits import Commits, Job, T, pause
from planner.store.database import Store

# How long a transaction waits for jobs of the remaining sessions: this fraction of the time
# that the last transaction took, and at most this many seconds.  In practice, every session
# that is awake makes it.
GATHER = 0.5
LONGEST_GATHER = 0.05


class GroupCommits(Commits):
    """`Commits` for several sessions, each of which may wait for one job."""

    def __init__(self, store: Store, *, sessions: int) -> None:
        super().__init__(store)
        self._sessions = sessions
        self._took = 0.0  # seconds that the last transaction took
        self._complete: asyncio.Future[None] | None = None  # every session waits

    async def run(self, job: Job[T], *, marks: bool = False) -> T:
        """`Commits.run`; the job may share its transaction with others."""
        complete, everyone = self._complete, len(self._waiting) + 1 >= self._sessions
        if complete is not None and everyone and not complete.done():
            complete.set_result(None)
        return await super().run(job, marks=marks)

    async def _serve(self) -> None:
        """Run all waiting jobs in one transaction; if one of them fails, run them one by one."""
        while self._waiting:
            await self._gather()
            began = time.monotonic()
            orders, self._waiting = self._waiting, []
            if not await self._transact(orders):
                for order in orders:  # so that a failure is only its own
                    await self._transact([order])
                    await pause()  # its caller goes on before the file is locked again
            self._took = time.monotonic() - began

    async def _gather(self) -> None:
        """Wait for a moment, or until every session waits."""
        if len(self._waiting) >= self._sessions:
            return
        self._complete = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait([self._complete], timeout=min(self._took * GATHER, LONGEST_GATHER))
        except asyncio.CancelledError:
            pass  # the loop ends, but what waits is still written
        finally:
            self._complete = None
