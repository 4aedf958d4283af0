"""A clock that was wrong, before or behind, stops nothing once it is right; what waits is shown."""

from datetime import date, timedelta

import pytest

from planner import wiring
from planner.rules.calendar import noon
from tests.cli.test_send import Passing
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
