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

# How long a transaction waits for more jobs: this fraction of the time that the last
# transaction took, and at most this many seconds.
GATHER = 0.5
LONGEST_GATHER = 0.05
# The sessions take turns: while one half waits for its commit, the other talks to the server.
# All in one transaction would wait for each other's jobs, and take a quarter longer.
SHIFTS = 2


class GroupCommits(Commits):
    """`Commits` for several sessions; the jobs of half of them share a transaction."""

    def __init__(self, store: Store, *, sessions: int) -> None:
        super().__init__(store)
        self._enough = -(-sessions // SHIFTS)
        self._took = 0.0  # seconds that the last transaction took
        self._complete: asyncio.Future[None] | None = None  # enough of them wait

    async def run(self, job: Job[T], *, marks: bool = False) -> T:
        """`Commits.run`; the job may share its transaction with others."""
        complete, enough = self._complete, len(self._waiting) + 1 >= self._enough
        if complete is not None and enough and not complete.done():
            complete.set_result(None)
        return await super().run(job, marks=marks)

    async def _serve(self) -> None:
        """Run waiting jobs in one transaction; if one of them fails, run them one by one."""
        while self._waiting:
            await self._gather()
            began = time.monotonic()
            orders, self._waiting = self._waiting[: self._enough], self._waiting[self._enough :]
            if not await self._transact(orders):
                for order in orders:  # so that a failure is only its own
                    await self._transact([order])
                    await pause()
            self._took = time.monotonic() - began
            await pause()  # the callers go on before the file is locked again

    async def _gather(self) -> None:
        """Wait for a moment, or until enough sessions wait."""
        if len(self._waiting) >= self._enough:
            return
        self._complete = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait([self._complete], timeout=min(self._took * GATHER, LONGEST_GATHER))
        except asyncio.CancelledError:
            pass  # the loop ends, but what waits is still written
        finally:
            self._complete = None
