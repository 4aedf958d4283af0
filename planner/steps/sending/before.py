"""What is looked at before a run begins: what is due, what must be waited for, where copies go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from planner.rules import gates
from planner.steps.sending.due import Due, fetch_due
from planner.steps.sending.report import SendReport
from planner.steps.sending.run import SendRun
from planner.steps.workspace import Workspace
from planner.store import programs, usage
from planner.store.commits import Commits
from planner.store.usage import Pause


def look_due(run: SendRun) -> Due:
    """What is due, for who only looks: nothing of it is kept.  The sender's lock must be held."""
    with run.store.begin(keep=False) as tx:
        return fetch_due(tx, run)


@contextmanager
def opened(run: SendRun) -> Iterator[tuple[Commits, Due]]:
    """The sender's own connection, and what is due there.  The sender's lock must be held."""
    with run.store.commits(run.sessions) as commits:
        yield commits, commits.run_blocking(lambda unit: fetch_due(unit.tx, run))


def not_now(run: SendRun, due: Due) -> SendReport | None:
    """How a run would end that could not begin at once; None where it may, or is to wait.

    No one is asked whether to send what could not leave anyway.
    """
    if not due.going or run.options.watch:
        return None
    now = run.clock()
    with run.store.read() as tx:
        wait = run.pacer.find_wait(tx, now)
    if wait is None or (stop := wait.stop(now, len(due.going))) is None:
        return None
    return SendReport(due.results, stop)


class PaceNow(NamedTuple):
    """What has left lately, oldest first, and the rest of the account, if it has one."""

    recent: Sequence[datetime]
    rest: Pause | None


def read_pace(run: SendRun, now: datetime) -> PaceNow:
    """What the plan of the next letters follows from."""
    with run.store.read() as tx:
        rest = usage.paused(tx, run.account)
        return PaceNow(run.pacer.list_recent(tx, now), rest if rest and rest.until > now else None)


def copy_gap(ws: Workspace, address: str) -> str:
    """Why no copy to oneself may go to an address: a program has it; empty if it may."""
    with ws.store.read() as tx:
        return gates.copy_gap(address, programs.every(tx))
