"""Sending: approved letters leave, each outcome recorded as it happens.

The flow, told once: under the sender's lock what is due is made ready (`readiness`): what
a dead sender left is recovered, approvals whose facts changed are taken back, gates are
looked at.  Then sessions work side by side through what may go (`shift`).  A run that
watches makes ready and sends again, until nothing waits any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.steps.departures import Gated, SendReport, by_user
from planner.steps.postman import Crew, Postman
from planner.steps.shift import Shift
from planner.steps.tally import Tally
from planner.store.writer import Writer


async def send(postman: Postman, writer: Writer, crew: Crew, ready: Sequence[Gated]) -> SendReport:
    """Send what may go, and with `watch` go on until nothing waits any more.

    `ready` is what `postman.make_ready` gave on the writer's page.
    """
    tally = Tally()
    shift = Shift(postman, tally)
    while True:
        tally.note(postman.noted)
        await shift.work(writer, crew, ready)
        again = tally.goes_on_at()
        if again is None or not postman.options.watch:
            return tally.report()
        due = tally.still_due()
        tally.left = len(due)
        shift.say_waiting(again)
        await postman.nap(again)
        if postman.stop():
            tally.stopped = by_user()
            return tally.report()
        tally.stopped = None
        # Only letters that were shown when the run began.
        postman.options = postman.options._replace(ids=due, limit=None)
        ready = await writer.write(lambda page: postman.make_ready(page.tx))
