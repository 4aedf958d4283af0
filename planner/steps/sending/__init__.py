"""Sending: approved letters leave, each once, and each outcome is recorded as it happens.

The flow, told once, in the order of the code:

    fetch what is due: recover what a dead sender left, void, check the gates   due.py
    for each session, one letter after another:                                 workers.py
        1. wait until pace, send window and rest of the account allow it        run.py
        2. claim the letter, if its gates are open now; its Date is fixed       record.py
        3. deliver it up to the final dot: until here a loss costs nothing      mail/delivery.py
        4. mark it, if its gates are still open: from here only an answer tells record.py
        5. send the dot and wait for the answer                                 mail/delivery.py
        6. record what became of it, and what that means for others             record.py
    release what is still in our hands, and report                              report.py

A run that watches waits and begins again, until nothing is left that may leave by itself.
Before each claim and each mark the config is read again; where it was changed, the letter
under delivery is held against it, and the run begins again by what it says now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.errors import PlannerError
from planner.rules.stops import stop_by, stopped_by_user
from planner.steps.sending.due import Due, fetch_due, open_due, preview_due
from planner.steps.sending.handing import (
    Handed,
    export_letters,
    hand_over,
    read_note,
    write_files,
)
from planner.steps.sending.report import LetterResult, RunTotals, SendReport
from planner.steps.sending.run import Renewal, SenderFactory, SendOptions, SendRun
from planner.steps.sending.test_copies import refuse_address, send_copies
from planner.steps.sending.workers import DeliveryWorkers
from planner.store.commits import Commits

__all__ = (
    "Due",
    "Handed",
    "LetterResult",
    "Renewal",
    "SendOptions",
    "SendReport",
    "SendRun",
    "SenderFactory",
    "export_letters",
    "hand_over",
    "open_due",
    "preview_due",
    "read_note",
    "refuse_address",
    "send",
    "send_copies",
    "write_files",
)


async def send(run: SendRun, commits: Commits, make_senders: SenderFactory, due: Due) -> SendReport:
    """Send what may go; with `watch`, continue until nothing is waiting.

    `due` is what `fetch_due` gave in a transaction of `commits`.  Where the config was
    changed meanwhile, the run goes on by what it says now.
    """
    totals = RunTotals()
    workers = DeliveryWorkers(run, commits, totals)
    while True:
        await workers.work(make_senders, due)
        renewal = workers.renewal if totals.stopped is None else None
        if renewal is None and not await _has_waited(workers):
            return totals.report()
        try:
            if renewal := renewal or await run.reread():
                run, make_senders = renewal
                workers = DeliveryWorkers(run, commits, totals)
                run.tell("The config was changed; from here on the run goes by what it says now.")
            due = await _fetch_again(run, commits, totals.list_due())
            workers.tell_held([*due.noted, *due.held])
        except PlannerError as error:
            totals.stop(stop_by(error))
            return totals.report()


async def _has_waited(workers: DeliveryWorkers) -> bool:
    """Wait until there is something to do again by itself; False where the run is over."""
    run, totals = workers.run, workers.totals
    again = totals.goes_on_at()
    if again is None or not run.options.watch:
        return False
    totals.left = len(totals.list_due())
    workers.show_waiting(again)
    await run.nap(again)
    totals.stopped = stopped_by_user() if run.stop() else None
    return totals.stopped is None


async def _fetch_again(run: SendRun, commits: Commits, numbers: Sequence[int]) -> Due:
    """What is due by now, of those letters only that were shown when the run began."""
    rest = replace(run, options=run.options._replace(ids=numbers, limit=None))
    return await commits.run(lambda unit: fetch_due(unit.tx, rest))
