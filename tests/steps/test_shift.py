"""A shift, with senders that misbehave in ways that no server can."""

import asyncio
import os
import signal
from datetime import timedelta

import pytest

from planner import files, wiring
from planner.errors import BusyError
from planner.rules.calendar import noon
from planner.rules.retries import Fate, Outcome, Reply, Step
from planner.rules.smtp_replies import judge
from planner.store.moves import MoveRefusedError
from planner.store.writer import Writer
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


def at_the(number, act):
    """Act at one letter of several, counted from 1."""
    seen = []

    async def acting(_wire):
        seen.append(_wire)
        if len(seen) == number:
            await act()

    return acting


def test_a_server_that_answers_at_once_gets_the_next_letter_from_the_commit_of_a_mark(desk, send):
    assert send(Courier(), 4).json["sent"] == 4
    assert desk.sql("SELECT letter_id, to_state FROM events WHERE command = 'send'") == [
        (1, "claimed"),
        (1, "committing"),
        *[(1, "sent"), (2, "claimed")],
        *[(2, "committing"), (3, "claimed")],
        *[(2, "sent"), (3, "committing"), (4, "claimed")],
        *[(3, "sent"), (4, "committing")],
        (4, "sent"),
    ]


def test_a_server_that_takes_its_time_gets_one_letter_after_another(desk, send, monkeypatch):
    seen = []

    async def look(_wire):
        seen.append(desk.states())

    monkeypatch.setattr("planner.steps.shift.QUICK", -1)
    assert send(Courier(after=look), 3).json["sent"] == 3
    assert seen[1] == ["sent", "committing", "approved"]


class Ticking:
    """A clock that somebody sets forward."""

    def __init__(self, desk, monkeypatch):
        self.now = noon(desk.day)
        monkeypatch.setattr(wiring, "now", lambda: self.now)


def test_a_letter_that_was_claimed_and_left_lying_is_given_back(desk, send, monkeypatch):
    clock = Ticking(desk, monkeypatch)
    states = []

    async def stall():
        clock.now += timedelta(seconds=2)
        while (found := desk.states())[2] == "claimed":
            await asyncio.sleep(0.01)
        states.extend(found)
        desk.good("unapprove", "3")

    done = send(Courier(after=at_the(2, stall)), 3)
    assert states == ["sent", "committing", "approved"]
    assert (done.json["sent"], done.json["held"]) == (2, 1)
    assert desk.states() == ["sent", "sent", "draft"]
    assert desk.sql("SELECT letter_id FROM attempts") == [(1,), (2,)]
    assert ("claimed", "approved", "not begun in time") in desk.sql(
        "SELECT from_state, to_state, why FROM events WHERE letter_id = 3"
    )


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


def test_a_letter_that_no_session_ever_began_has_no_date_and_no_clock(desk, monkeypatch):
    async def told():
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)

    desk.a_list(5)
    desk.good("draft")
    for numbers in ("3-5", "1-2"):
        desk.good("approve", numbers, "--unseen")
        courier = Courier(after=at_the(2, told))
        monkeypatch.setattr(wiring, "crew", lambda _, c=courier: lambda number: [c] * number)
        assert desk.type("send", "--yes").code == 130
    assert desk.states() == ["sent"] * 4 + ["approved"]
    claims = "SELECT count(*) FROM events WHERE letter_id = 5 AND to_state = 'claimed'"
    assert desk.sql(claims) == [(2,)]
    assert desk.sql("SELECT date_header, first_attempt_at FROM letters WHERE id = 5") == [
        (None, None)
    ]


def test_a_mark_whose_line_failed_once_is_made_and_its_next_letter_leaves(desk, send, monkeypatch):
    async def fail_once():
        await asyncio.sleep(0.1)  # the outcome of the last letter is written
        monkeypatch.setattr(files, "os", Faulty("fsync"))

    assert send(Courier(before=at_the(3, fail_once)), 5).json["sent"] == 5


def test_a_plan_made_anew_after_half_a_mark_does_not_take_its_own_letter_for_told(
    desk, send, monkeypatch
):
    async def fail_once():
        await asyncio.sleep(0.1)
        note = lambda: desk.sql("UPDATE programs SET notes = 'x' WHERE id = 3")
        monkeypatch.setattr(files, "os", Faulty("fsync", before=note))

    assert send(Courier(before=at_the(3, fail_once)), 4).json["sent"] == 4


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
    monkeypatch.setattr(wiring, "crew", lambda _: lambda number: couriers[:number])
    desk.configure(more="connections = 2")
    desk.approved(2)
    done = desk.type("send", "--yes", "--watch")
    assert (done.code, len(couriers[0].delivered)) == (3, 1)
    assert "did not let us in" in done.out


def test_an_account_is_asked_to_slow_down_once_though_it_is_written_twice(desk, monkeypatch):
    begun = asyncio.Event()
    couriers = [saying(BUSY, first=begun), saying(SENT, then=begun)]
    order = Writer.write

    async def busy(self, job, **how):
        if getattr(job, "keywords", {}).get("done") is not None:
            raise BusyError("busy")
        return await order(self, job, **how)

    monkeypatch.setattr(Writer, "write", busy)
    monkeypatch.setattr("planner.steps.shift.RECORD_WAITS", (0.001,))
    monkeypatch.setattr(wiring, "crew", lambda _: lambda number: couriers[:number])
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
    monkeypatch.setattr(wiring, "crew", lambda _: lambda _number: [slow, others])
    desk.configure(more="connections = 2")
    desk.approved(4)
    assert desk.type("send", "--yes", "--json").json["sent"] == 4
    assert (len(slow.delivered), len(others.delivered)) == (1, 3)


def test_a_gate_that_closes_behind_a_claim_holds_the_letter_before_its_dot(desk, send):
    async def told_elsewhere():
        assert desk.states() == ["sent", "committing", "claimed"]
        desk.good("outbox", "record", "3", "--on", "2026-10-19")

    courier = Courier(after=at_the(2, told_elsewhere))
    done = send(courier, 3)
    assert (done.json["sent"], done.json["held"], len(courier.delivered)) == (2, 1, 2)
    assert "already_told" in done.json["letters"][2]["reason"]
    letter = desk.letters()[2]
    assert (letter["state"], letter["attempts"]) == ("approved", 0)
    assert "already_told" in letter["held_because"]
    assert desk.sql("SELECT date_header FROM letters WHERE id = 3") == [(None,)]
    assert desk.sql("SELECT letter_id FROM attempts") == [(1,), (2,)]


def test_a_change_that_closes_no_gate_holds_up_nothing(desk, send):
    async def note(_wire):
        desk.good("programs", "set", "2", "notes=call them")

    assert send(Courier(after=note), 3).json["sent"] == 3


def test_a_letter_that_was_claimed_and_not_begun_counts_for_nothing(desk, send):
    async def told():
        assert desk.states() == ["sent", "committing", "claimed"]
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)

    done = send(Courier(after=at_the(2, told)), 3)
    assert (done.code, desk.states()) == (130, ["sent", "sent", "approved"])
    assert desk.sql("SELECT letter_id FROM attempts") == [(1,), (2,)]
    assert desk.sql("SELECT date_header, owner, lease_until FROM letters WHERE id = 3") == [
        (None, None, None)
    ]
    assert desk.good("db", "check").code == 0


def test_an_outcome_of_a_letter_that_is_not_ours_any_more_stops_the_run(desk, send):
    async def taken():
        desk.sql("UPDATE letters SET token = token + 1 WHERE state = 'committing'")

    done = send(Courier(after=at_the(1, taken)))
    assert done.code == 3
    assert "changed meanwhile" in done.err
    assert desk.states() == ["unknown", "approved"]


def test_so_it_is_where_the_next_letter_is_on_its_way_already(desk, send):
    async def taken():
        desk.sql("UPDATE letters SET token = token + 1 WHERE state = 'committing'")

    done = send(Courier(after=at_the(2, taken)), 4)
    assert (done.code, desk.states()) == (3, ["sent", "unknown", "sent", "approved"])
    assert "changed meanwhile" in done.err


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
