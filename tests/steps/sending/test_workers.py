"""The workers of a run, with senders that misbehave in ways that no server could."""

import asyncio
import os
import signal
from datetime import timedelta

import pytest

from planner import wiring
from planner.errors import BusyError
from planner.rules.calendar import noon
from planner.rules.retries import Fate, Outcome, Reply, Step
from planner.rules.smtp_replies import judge
from planner.store.group_commits import GroupCommits
from planner.store.transitions import MoveRefusedError
from tests.fakes import Faulty

SENT = Outcome(Fate.SENT, Step.DOT, Reply(250, "2.0.0 queued"))
BUSY = judge(Step.DOT, Reply(421, "4.7.0 slow down"))


class Courier:
    """A sender that delivers at once; `before` and `after` are what happens around the mark."""

    def __init__(self, before=None, after=None):
        self.delivered, self.closed = [], 0
        self.before, self.after = before or self.nothing, after or self.nothing

    async def nothing(self, wire):
        return None

    async def deliver(self, *, sender, recipients, wire, mark):
        await self.before(wire)
        await mark()
        await self.after(wire)
        self.delivered.append(recipients[0])
        return SENT

    async def close(self):
        self.closed += 1


@pytest.fixture
def send(desk, monkeypatch):
    """Sends two letters with a courier; gives how it ended."""

    def sent(courier, count=2):
        monkeypatch.setattr(wiring, "sender_factory", lambda _: lambda number: [courier] * number)
        desk.approved(count)
        return desk.type("send", "--yes", "--json")

    return sent


async def twice_told_to_stop(_wire):
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0)
    await asyncio.sleep(60)


def test_told_twice_before_the_mark_a_letter_is_approved_as_before(desk, send):
    courier = Courier(before=twice_told_to_stop)
    done = send(courier)
    assert (done.code, done.json["remaining"]) == (130, 2)
    assert desk.states() == ["approved", "approved"]
    assert desk.sql("SELECT date_header, first_attempt_at FROM letters WHERE id = 1") == [
        (None, None)
    ]
    assert courier.closed == 1


def test_told_twice_after_the_mark_nobody_knows_what_became_of_the_letter(desk, send):
    done = send(Courier(after=twice_told_to_stop))
    assert (done.code, done.json["unknown"], done.json["remaining"]) == (130, 1, 1)
    assert desk.states() == ["unknown", "approved"]


def test_told_once_nothing_more_is_begun(desk, send):
    async def told(_wire):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)

    done = send(Courier(before=told))
    assert (done.code, done.json["sent"], done.json["remaining"]) == (130, 1, 1)
    assert "Stopping after the letters in progress" in done.err


def test_a_mistake_of_the_program_lets_go_of_the_letter_before_it_is_told(desk, send):
    async def broken(_wire):
        raise RuntimeError("a mistake")

    done = send(Courier(before=broken))
    assert (done.code, done.json["error"]["code"]) == (1, "bug")
    assert desk.states() == ["approved", "approved"]


def test_a_gate_that_closes_while_others_leave_holds_the_letter(desk, send):
    async def told_elsewhere(_wire):
        desk.good("outbox", "record", "2", "--on", "2026-10-19")

    done = send(Courier(before=told_elsewhere))
    assert (done.json["sent"], done.json["held"]) == (1, 1)
    assert "already_told" in done.json["letters"][1]["reason"]
    assert "already_told" in desk.letters()[1]["held_because"]


def at_the(number, act):
    """Act at one letter of several, counted from 1."""
    seen = []

    async def acting(_wire):
        seen.append(_wire)
        if len(seen) == number:
            await act()

    return acting


def test_each_letter_is_claimed_marked_and_recorded_before_the_next_one(desk, send):
    assert send(Courier(), 3).json["sent"] == 3
    assert desk.sql("SELECT letter_id, to_state FROM events WHERE command = 'send'") == [
        (number, state) for number in (1, 2, 3) for state in ("claimed", "committing", "sent")
    ]


def test_the_mark_is_there_before_the_dot_and_the_next_letter_waits_unclaimed(desk, send):
    seen = []

    async def look(_wire):
        seen.append(desk.states())

    assert send(Courier(before=look, after=look), 3).json["sent"] == 3
    assert seen[2:4] == [["sent", "claimed", "approved"], ["sent", "committing", "approved"]]


class Ticking:
    """A clock that somebody sets forward."""

    def __init__(self, desk, monkeypatch):
        self.now = noon(desk.day)
        monkeypatch.setattr(wiring, "now", lambda: self.now)


def test_after_a_long_wait_the_window_is_asked_again(desk, send, monkeypatch):
    clock = Ticking(desk, monkeypatch)

    async def sleep_on():
        clock.now += timedelta(hours=8)

    config = desk.folder / "config.toml"
    config.write_text(config.read_text().replace('"always"', '"08:00-17:00"'))
    courier = Courier(after=at_the(2, sleep_on))
    done = send(courier, 3)
    assert (done.code, len(courier.delivered)) == (75, 2)
    assert "The send window is closed" in done.err
    assert desk.states() == ["sent", "sent", "approved"]


@pytest.mark.sqlite_only  # on a server a lease is waited for
def test_a_mark_whose_line_failed_ends_the_run_without_a_dot_and_the_next_run_sends(
    desk, send, monkeypatch
):
    async def fail_once():
        Faulty("fsync").take_over(monkeypatch)

    courier = Courier(before=at_the(2, fail_once))
    done = send(courier, 3)
    assert (len(courier.delivered), desk.states()) == (1, ["sent", "approved", "approved"])
    assert "journal" in done.err
    assert desk.good("send", "--yes", "--json").json["sent"] == 2
    assert desk.good("db", "check").code == 0


def saying(outcome, *, first=None, then=None):
    """A courier whose server answers the dot so; it waits for `first`, and sets `then`."""

    class Answering(Courier):
        async def deliver(self, *, recipients, mark, **_):
            await mark()
            if first is not None:
                await first.wait()
            if then is not None:
                then.set()
            self.delivered.append(recipients[0])
            return outcome

    return Answering()


def test_a_login_that_failed_is_not_tried_again_because_another_session_was_too_many(
    desk, monkeypatch
):
    refused, wrong = asyncio.Event(), judge(Step.AUTH, Reply(535, "5.7.8 wrong password"))
    couriers = [saying(wrong, then=refused), saying(BUSY, first=refused)]
    monkeypatch.setattr(wiring, "sender_factory", lambda _: lambda number: couriers[:number])
    desk.configure(more="connections = 2")
    desk.approved(2)
    done = desk.type("send", "--yes", "--watch")
    assert (done.code, len(couriers[0].delivered)) == (3, 1)
    assert "did not let us in" in done.out


def test_an_account_is_asked_to_slow_down_once_though_it_is_written_twice(desk, monkeypatch):
    begun = asyncio.Event()
    couriers = [saying(BUSY, first=begun), saying(SENT, then=begun)]
    run = GroupCommits.run

    async def busy(self, job, **how):
        if getattr(getattr(job, "func", None), "__name__", "") == "_record":
            raise BusyError("busy")
        return await run(self, job, **how)

    monkeypatch.setattr(GroupCommits, "run", busy)
    monkeypatch.setattr("planner.steps.sending.record.RECORD_WAITS", (0.001,))
    monkeypatch.setattr(wiring, "sender_factory", lambda _: lambda number: couriers[:number])
    desk.configure(more="connections = 2")
    desk.approved(2)
    desk.type("send", "--yes")
    assert sorted(desk.states()) == ["approved", "sent"]
    assert desk.sql("SELECT strikes FROM pauses") == [(1,)], "the acceptance came before"


def test_a_session_that_waits_for_its_answer_keeps_no_letter_from_the_others(desk, monkeypatch):
    others, told = Courier(), asyncio.Event()

    async def until_the_others_are_done(_wire):
        await asyncio.wait_for(told.wait(), 10)

    async def count(_wire):
        if len(others.delivered) == 2:
            told.set()

    others.after, slow = count, Courier(after=until_the_others_are_done)
    monkeypatch.setattr(wiring, "sender_factory", lambda _: lambda _number: [slow, others])
    desk.configure(more="connections = 2")
    desk.approved(4)
    assert desk.type("send", "--yes", "--json").json["sent"] == 4
    assert (len(slow.delivered), len(others.delivered)) == (1, 3)


def test_a_gate_that_closes_behind_a_claim_holds_the_letter_before_its_dot(desk, send):
    async def told_elsewhere():
        assert desk.states() == ["sent", "claimed", "approved"]
        desk.good("outbox", "record", "2", "--on", "2026-10-19")

    courier = Courier(before=at_the(2, told_elsewhere))
    done = send(courier, 3)
    assert (done.json["sent"], done.json["held"], len(courier.delivered)) == (2, 1, 2)
    assert "already_told" in done.json["letters"][1]["reason"]
    letter = desk.letters()[1]
    assert (letter["state"], letter["attempts"]) == ("approved", 0)
    assert "already_told" in letter["held_because"]
    assert desk.sql("SELECT date_header FROM letters WHERE id = 2") == [(None,)]
    assert desk.sql("SELECT letter_id FROM attempts") == [(1,), (3,)]


def test_a_change_that_closes_no_gate_holds_up_nothing(desk, send):
    async def note(_wire):
        desk.good("programs", "set", "2", "notes=call them")

    assert send(Courier(after=note), 3).json["sent"] == 3


def test_an_outcome_of_a_letter_that_is_not_ours_any_more_stops_the_run(desk, send):
    async def taken():
        desk.sql("UPDATE letters SET token = token + 1 WHERE state = 'committing'")

    done = send(Courier(after=at_the(1, taken)))
    assert done.code == 3
    assert "changed in the meantime" in done.err
    assert desk.states() == ["unknown", "approved"]


@pytest.mark.sqlite_only  # on a server a lease is waited for
def test_a_claim_that_the_database_refuses_is_told_and_the_next_letter_goes(
    desk, send, monkeypatch
):
    from planner.store import send_queue

    claim = send_queue.claim

    def refused(unit, letter, *rest, **how):
        if letter.id == 1:
            raise MoveRefusedError("once: the database refuses it")
        return claim(unit, letter, *rest, **how)

    monkeypatch.setattr(send_queue, "claim", refused)
    done = send(Courier())
    assert (done.json["held"], done.json["sent"]) == (1, 1)
    assert done.json["letters"][0]["reason"] == "once: the database refuses it"
