"""A whole run: what leaves, what is reported, and how `send --watch` goes on."""

import asyncio
from datetime import timedelta

from planner.rules.retries import Cause, Fate, Outcome, Reply, Step
from planner.rules.stops import StopKind
from planner.steps.sending import send
from planner.steps.sending.due import fetch_due
from planner.steps.sending.run import SendOptions

SENT = Outcome(Fate.SENT, Step.DOT, Reply(250, "2.0.0 queued"))
LATER = Outcome(Fate.DEFERRED, Step.RCPT, Reply(450, "4.2.1 busy"), cause=Cause.GREYLISTED)
BUSY = Outcome(Fate.BACK_OFF, Step.MAIL, Reply(421, "4.7.0 slow down"))


def whole_run(outbox, sender, *, watch=False, **how):
    """What a run reports that sends all that is due."""

    async def sleep(seconds):
        outbox.now += timedelta(seconds=seconds)

    run = outbox.run(options=SendOptions(watch=watch), sleep=sleep, **how)
    with run.store.commits(run.sessions) as commits:
        due = commits.run_blocking(lambda unit: fetch_due(unit.tx, run))
        return asyncio.run(send(run, commits, lambda number: [sender] * number, due))


def states(report):
    return [str(result.state) for result in report.results]


def test_every_letter_leaves_once_with_its_date_to_whom_it_is_for(outbox, courier):
    sender = courier()
    report = whole_run(outbox, sender)
    assert states(report) == outbox.states() == ["sent"] * 3
    assert [recipients for recipients, _ in sender.delivered] == [
        (f"director{n}@klinik{n}.example",) for n in (1, 2, 3)
    ]
    assert all(wire.startswith(b"Date: Tue, 20 Oct 2026") for _, wire in sender.delivered)
    assert (report.stop, report.exit_code, sender.closed) == (None, 0, 1)
    assert outbox.told[0] == "sent: letter 1, Sankt-Georgs-Klinik Österöd"


def test_several_sessions_share_what_waits(outbox, courier):
    senders = courier()
    assert states(whole_run(outbox, senders, connections=3)) == ["sent"] * 3
    assert len({wire for _, wire in senders.delivered}) == senders.closed == 3


def test_what_was_put_off_is_left_to_another_run(outbox, courier):
    report = whole_run(outbox, courier(LATER))
    assert states(report) == ["deferred", "sent", "sent"]
    assert (report.results[0].next_attempt_at - outbox.now, report.exit_code) == (
        timedelta(minutes=1),
        75,
    )


def test_a_run_that_watches_sends_it_when_it_is_due(outbox, courier):
    begun = outbox.now
    report = whole_run(outbox, courier(LATER), watch=True)
    assert states(report) == outbox.states() == ["sent"] * 3
    assert outbox.now - begun == timedelta(minutes=1)


def test_a_run_that_watches_waits_for_an_account_that_rests(outbox, courier):
    shown, begun = [], outbox.now
    report = whole_run(outbox, courier(SENT, BUSY), watch=True, show=shown.append)
    assert states(report) == ["sent"] * 3
    assert outbox.now - begun == timedelta(minutes=1)
    assert "1 sent, 2 left; waiting until 12:01 (America/New_York)" in shown


def test_a_letter_that_is_approved_while_a_run_watches_is_not_part_of_it(outbox, courier):
    outbox.sql("UPDATE letters SET state = 'draft' WHERE id = 3")

    class Approving(courier):
        async def deliver(self, **how):
            outcome = await super().deliver(**how)
            outbox.sql("UPDATE letters SET state = 'approved' WHERE id = 3")
            return outcome

    report = whole_run(outbox, Approving(LATER), watch=True)
    assert states(report) == ["sent", "sent"]
    assert outbox.states() == ["sent", "sent", "approved"]


def test_a_person_who_ends_the_wait_is_told_what_is_left(outbox, courier):
    sender = courier(LATER)
    report = whole_run(outbox, sender, watch=True, stop=lambda: len(sender.delivered) == 3)
    assert states(report) == ["deferred", "sent", "sent"]
    assert (report.stop.kind, report.exit_code) == (StopKind.USER, 130)
