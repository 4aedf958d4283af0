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
from planner.store.writer import Writer


async def send(postman: Postman, writer: Writer, crew: Crew, ready: Sequence[Gated]) -> SendReport:
    """Send what may go, and with `watch` go on until nothing waits any more.

    `ready` is what `postman.make_ready` gave on the writer's page.
    """
    shift = Shift(postman, {d.letter.id: d for d in postman.noted})
    await shift.work(writer, crew, ready)
    while (again := shift.goes_on_at()) is not None:
        shift.say_waiting(again)
        await postman.nap(again)
        if postman.stop():
            shift.stopped = by_user()
            break
        shift.stopped = None
        # Only letters that were shown when the run began.
        postman.options = postman.options._replace(ids=shift.still_due(), limit=None)
        ready = await writer.write(lambda page: postman.make_ready(page.db))
        shift.known |= {d.letter.id: d for d in postman.noted}
        await shift.work(writer, crew, ready)
    return shift.report()
