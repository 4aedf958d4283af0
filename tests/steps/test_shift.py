"""A shift, with senders that misbehave in ways that no server can."""

import asyncio
import os
import signal

import pytest

from planner import wiring
from planner.rules.retries import Fate, Outcome, Reply, Step
from planner.store.moves import MoveRefusedError

SENT = Outcome(Fate.SENT, Step.DOT, Reply(250, "2.0.0 queued"))


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
        monkeypatch.setattr(wiring, "crew", lambda _: lambda number: [courier] * number)
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
    assert "Stopping once what is under way is done" in done.err


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


def test_the_next_letter_is_claimed_with_the_mark_and_the_outcome_shares_its_commit(desk, send):
    assert send(Courier(), 3).json["sent"] == 3
    assert desk.sql("SELECT letter_id, to_state FROM events WHERE command = 'send'") == [
        (1, "claimed"),
        *[(1, "committing"), (2, "claimed")],
        *[(1, "sent"), (2, "committing"), (3, "claimed")],
        *[(2, "sent"), (3, "committing")],
        (3, "sent"),
    ]


def test_a_session_that_waits_for_its_answer_keeps_no_letter_from_the_others(desk, monkeypatch):
    others, told = Courier(), asyncio.Event()

    async def until_the_others_are_done(_wire):
        await asyncio.wait_for(told.wait(), 10)

    async def count(_wire):
        if len(others.delivered) == 2:
            told.set()

    others.after, slow = count, Courier(after=until_the_others_are_done)
    monkeypatch.setattr(wiring, "crew", lambda _: lambda _number: [slow, others])
    desk.configure(more="connections = 2")
    desk.approved(4)
    assert desk.type("send", "--yes", "--json").json["sent"] == 4
    assert (len(slow.delivered), len(others.delivered)) == (1, 3)


def test_a_gate_that_closes_behind_a_claim_holds_the_letter_before_its_dot(desk, send):
    async def told_elsewhere(_wire):
        assert desk.states() == ["committing", "claimed"]
        desk.good("outbox", "record", "2", "--on", "2026-10-19")

    courier = Courier(after=told_elsewhere)
    done = send(courier)
    assert (done.json["sent"], done.json["held"], len(courier.delivered)) == (1, 1, 1)
    assert "already_told" in done.json["letters"][1]["reason"]
    letter = desk.letters()[1]
    assert (letter["state"], letter["attempts"]) == ("approved", 0)
    assert "already_told" in letter["held_because"]
    assert desk.sql("SELECT date_header FROM letters WHERE id = 2") == [(None,)]
    assert desk.sql("SELECT letter_id FROM attempts") == [(1,)]


def test_a_change_that_closes_no_gate_holds_up_nothing(desk, send):
    async def note(_wire):
        desk.good("programs", "set", "2", "notes=call them")

    assert send(Courier(after=note), 3).json["sent"] == 3


def test_a_letter_that_was_claimed_and_not_begun_counts_for_nothing(desk, send):
    async def told(_wire):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)

    done = send(Courier(after=told))
    assert (done.code, desk.states()) == (130, ["sent", "approved"])
    assert desk.sql("SELECT letter_id FROM attempts") == [(1,)]
    assert desk.sql("SELECT date_header, owner, lease_until FROM letters WHERE id = 2") == [
        (None, None, None)
    ]
    assert desk.good("db", "check").code == 0


def test_an_outcome_of_a_letter_that_is_not_ours_any_more_stops_the_run(desk, send):
    async def taken(_wire):
        desk.sql("UPDATE letters SET token = token + 1 WHERE id = 1 AND state = 'committing'")

    done = send(Courier(after=taken), 3)
    assert done.code == 3
    assert "changed meanwhile" in done.err
    assert desk.states() == ["unknown", "sent", "approved"], "the second was on its way"


def test_a_claim_that_the_database_refuses_is_told_and_the_next_letter_goes(
    desk, send, monkeypatch
):
    from planner.store import queue

    claim = queue.claim

    def refused(page, letter, *rest, **how):
        if letter.id == 1:
            raise MoveRefusedError("once: the database refuses it")
        return claim(page, letter, *rest, **how)

    monkeypatch.setattr(queue, "claim", refused)
    done = send(Courier())
    assert (done.json["held"], done.json["sent"]) == (1, 1)
    assert done.json["letters"][0]["reason"] == "once: the database refuses it"
