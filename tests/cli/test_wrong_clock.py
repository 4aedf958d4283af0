"""A clock that was wrong, before or behind, stops nothing once it is right; what waits is shown."""

from datetime import date, timedelta

import pytest

from planner import wiring
from planner.rules.calendar import noon
from tests.cli.test_send import Passing, slow_by
from tests.fakes import ScriptedServer

NOW, LATER = date(2026, 10, 20), date(2026, 11, 10)


def sent(desk, server, *words, day=NOW, per_minute=1, per_day=2):
    desk.configure(port=server.port)
    path = desk.folder / "config.toml"
    text = path.read_text().replace("per_minute = 0", f"per_minute = {per_minute}")
    path.write_text(text.replace("per_day = 0", f"per_day = {per_day}"))
    desk.day = day
    return desk.type("send", *words, "--yes")


def test_departures_after_now_count_as_now(desk, monkeypatch):
    with ScriptedServer() as server:
        desk.configure(port=server.port)
        desk.approved(4)
        assert sent(desk, server, 1, day=LATER).code == 0
        desk.day = NOW
        clock = Passing(desk, monkeypatch)
        again = sent(desk, server, 2)
        assert again.code == 0, again.out
        assert 45 <= clock.slept <= 75  # as after any letter
        full = sent(desk, server)
    assert (full.code, desk.states()) == (75, ["sent", "sent", "approved", "approved"])
    assert "Today's allowance of 2 is used up; 2 wait until Wed 2026-10-21" in full.out
    assert desk.sql("SELECT count(*) FROM attempts WHERE at > '2026-10-21'") == [(0,)]


@pytest.mark.parametrize("reply", ["450 4.2.1 later", "421 4.7.0 slow down", "550 5.4.5 quota"])
@pytest.mark.parametrize("wrong", [LATER, NOW - timedelta(days=3)])
def test_what_a_server_put_off_while_the_clock_was_wrong_leaves_once_it_is_right(
    desk, reply, wrong
):
    with ScriptedServer({"RCPT": [reply]}) as server:
        desk.configure(port=server.port)
        desk.approved(1)
        first = sent(desk, server, day=wrong, per_minute=0)
        assert (first.code, server.accepted) == (75, [])
        assert sent(desk, server, day=NOW, per_minute=0).code == 0
    assert desk.states() == ["sent"]


def test_a_letter_that_made_the_account_back_off_is_there_when_the_clock_goes_back(desk):
    with ScriptedServer({"MAIL": ["421 4.7.0 slow down"]}) as server:
        desk.configure(port=server.port)
        desk.approved(1)
        assert sent(desk, server, per_minute=0).code == 75
        back = sent(desk, server, day=NOW - timedelta(days=1), per_minute=0)
    assert (back.code, desk.states()) == (0, ["sent"]), back.out


def test_a_clock_that_goes_back_by_minutes_shows_what_rests_and_until_when(desk, monkeypatch):
    with ScriptedServer({"MAIL": ["421 4.7.0 slow down"]}) as server:
        desk.configure(port=server.port)
        desk.approved(1)
        assert sent(desk, server, per_minute=0).code == 75
        monkeypatch.setattr(wiring, "now", lambda: noon(NOW) - timedelta(minutes=10))
        said = desk.type("send", "--yes")
        shown = desk.good("status").out
    assert (said.code, server.accepted) == (75, [])
    assert "Sending is paused, because the server said: 421 4.7.0" in " ".join(said.out.split())
    assert "Sending is paused until" in shown


def test_a_check_says_that_a_clock_that_is_right_now_keeps_nothing(desk):
    with ScriptedServer() as server:
        desk.configure(port=server.port)
        desk.approved(1)
        sent(desk, server, day=LATER)
    desk.day = NOW
    said = " ".join(desk.type("db", "check").out.split())
    assert "letter 1: it happened at 2026-11-10" in said
    assert "is right now, nothing waits for it any longer" in said


EARLIER = NOW - timedelta(days=8)
STILL_LATER = "450 4.2.1 later"


def tried(desk, server, *days):
    """Send on each of these days, while the server puts everything off; gives what was said."""
    return [sent(desk, server, day=day, per_minute=0).out for day in days]


@pytest.mark.parametrize("wrong", [EARLIER, LATER])
@pytest.mark.parametrize("verb", ["RCPT", "DOT"])
def test_a_letter_first_tried_by_a_wrong_clock_has_its_72_hours_once_the_clock_is_right(
    desk, wrong, verb
):
    with ScriptedServer({verb: STILL_LATER}) as server:
        desk.configure(port=server.port)
        desk.approved(1)
        tried(desk, server, wrong, NOW, NOW + timedelta(days=2))
        assert desk.states() == ["deferred"]
        tried(desk, server, NOW + timedelta(days=4))
    assert desk.states() == ["refused"]
    assert "given up" in desk.letters()[0]["last_reply"]


@pytest.mark.parametrize(("verb", "kept"), [("RCPT", False), ("DOT", True)])
@pytest.mark.parametrize("wrong", [EARLIER, LATER])
def test_a_date_of_a_wrong_clock_is_written_again_unless_a_server_has_read_it(
    desk, wrong, verb, kept
):
    with ScriptedServer({verb: [STILL_LATER]}) as server:
        desk.configure(port=server.port)
        desk.approved(1)
        tried(desk, server, wrong, NOW)
        assert desk.states() == ["sent"]
        (message,) = server.accepted
    day = wrong if kept else NOW
    assert f"Date: {day:%a, %d %b %Y} ".encode() in message
    assert "FAILED digests" not in desk.type("db", "check").out


def test_copies_to_oneself_keep_their_pace_from_now_on_once_the_clock_is_right(desk, monkeypatch):
    with ScriptedServer() as server:
        desk.configure(port=server.port)
        desk.approved(2)
        copies = ("--reflect", "robin@applicant.example")
        assert sent(desk, server, 1, *copies, day=LATER, per_day=0).code == 0
        desk.day = NOW
        clock = Passing(desk, monkeypatch)
        done = sent(desk, server, 1, *copies, per_day=0)
    assert (done.code, len(server.accepted)) == (0, 2), done.out
    assert 45 <= clock.slept <= 75


def test_a_clock_that_is_set_right_amid_a_delivery_gives_nothing_up(desk, monkeypatch):
    with ScriptedServer() as server:

        def answer(_usual):
            monkeypatch.setattr(wiring, "now", lambda: noon(NOW))
            return STILL_LATER

        server.script = {"RCPT": answer}
        desk.configure(port=server.port)
        desk.approved(1)
        monkeypatch.setattr(wiring, "now", lambda: noon(EARLIER))
        sent(desk, server, day=NOW, per_minute=0)
        assert desk.states() == ["deferred"]


@pytest.mark.parametrize("hours", [1, 5, 20])
@pytest.mark.parametrize("reply", ["450 4.2.1 later", "421 4.7.0 slow down", "550 5.4.5 quota"])
def test_what_was_put_off_by_a_clock_that_was_hours_ahead_waits_for_none_of_them(
    desk, monkeypatch, hours, reply
):
    with ScriptedServer({"RCPT": [reply]}) as server:
        desk.configure(port=server.port)
        desk.approved(1)
        monkeypatch.setattr(wiring, "now", lambda: noon(NOW) + timedelta(hours=hours))
        assert sent(desk, server, per_minute=0).code == 75
        monkeypatch.setattr(wiring, "now", lambda: noon(NOW))
        assert "paused" not in desk.type("status").out
        assert sent(desk, server, per_minute=0).code == 0
    assert desk.states() == ["sent"]


def test_a_run_that_waits_notices_that_the_clock_was_set_back(desk, monkeypatch):
    with ScriptedServer() as server:
        desk.configure(port=server.port)
        desk.approved(3)
        desk.day = LATER
        clock = Passing(desk, monkeypatch)
        usual = clock.sleep

        async def sleep(seconds):
            if clock.now > noon(LATER) and clock.slept < 20:
                clock.now = noon(NOW)
            await usual(seconds)

        monkeypatch.setattr("planner.wiring.send_run", slow_by(sleep))
        done = sent(desk, server, "--watch", day=LATER, per_day=0)
    assert (done.code, desk.states()) == (0, ["sent"] * 3), done.out
    assert clock.slept < 4 * 75
