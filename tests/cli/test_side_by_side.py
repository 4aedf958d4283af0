"""Parallel sessions: if there are too many, fewer are used; simultaneous messages show once."""

import re
import threading
from datetime import timedelta

import pytest

from planner import wiring
from planner.rules.calendar import noon
from tests.fakes import ScriptedServer

CROWD = "432 4.3.2 Concurrent connections limit exceeded."


class Crowded(ScriptedServer):
    """A server that suffers so many messages at once, and says so at a verb to any other."""

    def most(self, number, verb="DOT", words=CROWD):
        self.number, self.verb, self.words = number, verb, words
        self.busy, self.refused, self.guard = 0, 0, threading.Lock()
        self.script = {verb: self.answer}
        return self

    def answer(self, usual):
        with self.guard:
            self.busy += 1
            full = self.busy > self.number
            self.refused += full
        self.ending.wait(0.02)
        with self.guard:
            self.busy -= 1
        return self.words if full else usual


def sent_by(desk, server, letters, connections, *words):
    desk.configure(port=server.port, more=f"connections = {connections}")
    desk.approved(letters)
    return desk.type("send", "--yes", *words)


@pytest.mark.long
@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("DOT", CROWD),
        ("DOT", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded"),
        ("MAIL", "421 4.7.0 Too many concurrent SMTP connections; please try again later."),
        ("EHLO", "421 4.7.0 mx.example Error: too many connections from 127.0.0.1"),
    ],
)
def test_too_many_sessions_are_made_fewer_and_every_letter_leaves(desk, verb, words):
    with Crowded().most(3, verb, words) as server:
        done = sent_by(desk, server, 20, 8)
    assert (done.code, desk.states()) == (0, ["sent"] * 20), done.out
    assert len({re.search(rb"Message-ID: (\S+)", m)[1] for m in server.accepted}) == 20
    assert len(server.accepted) == 20
    assert desk.sql("SELECT count(*) FROM pauses") == [(0,)]
    assert desk.good("db", "check")


def test_one_session_that_is_too_many_lets_the_account_rest(desk):
    with ScriptedServer({"DOT": CROWD}) as server:
        done = sent_by(desk, server, 3, 4)
    assert (done.code, desk.states()) == (75, ["approved"] * 3)
    assert "accepts no more sessions at the same time" in " ".join(done.out.split())
    assert "smtp.connections should be 1" in " ".join(done.out.split())
    assert desk.sql("SELECT strikes FROM pauses") == [(1,)]


def test_a_crowd_that_is_refused_is_told_letter_by_letter(desk):
    with Crowded().most(1) as server:
        done = sent_by(desk, server, 4, 2)
    assert done.code == 0
    assert ("not yet: letter" in done.out) == (server.refused > 0)


class Together(ScriptedServer):
    """A server that answers a verb only once so many sessions have come to it."""

    def meet(self, verb, number, answer):
        self.meeting = threading.Barrier(number)
        self.script = {verb: lambda _: self.meeting.wait(10) is None or answer}
        return self


def test_what_is_said_to_all_sessions_at_one_moment_is_one_strike(desk):
    with Together().meet("RCPT", 6, "421 4.7.0 slow down") as server:
        done = sent_by(desk, server, 6, 6)
    assert (done.code, desk.states()) == (75, ["approved"] * 6)
    assert desk.sql("SELECT strikes FROM pauses") == [(1,)]


def test_a_letter_that_was_taken_beside_it_does_not_end_a_rest(desk):
    answers = ["421 4.7.0 slow down", None]
    with Together().meet("DOT", 2, None) as server:
        server.script = {"DOT": lambda _: (server.meeting.wait(10), answers.pop(0))[1]}
        done = sent_by(desk, server, 2, 2)
    assert (done.code, sorted(desk.states())) == (75, ["approved", "sent"])
    assert desk.sql("SELECT strikes FROM pauses") == [(1,)]
    assert "Sending is paused until 12:0" in desk.type("status").out


def test_the_rest_after_the_next_refusal_is_longer_and_a_letter_that_leaves_ends_it(
    desk, monkeypatch
):
    now = [noon(desk.day)]
    monkeypatch.setattr(wiring, "now", lambda: now[0])
    with ScriptedServer({"MAIL": ["421 4.7.0 slow", "421 4.7.0 slow"]}) as server:
        desk.configure(port=server.port)
        desk.approved(1)
        strikes = []
        for _ in range(3):
            desk.type("send", "--yes")
            strikes.append(desk.sql("SELECT strikes FROM pauses"))
            now[0] += timedelta(minutes=5)
    assert strikes == [[(1,)], [(2,)], []]
    assert desk.states() == ["sent"]


def test_refusals_in_the_same_words_side_by_side_are_all_taken_back(desk):
    words = "550 5.7.1 Delivery not authorized, message refused"
    with Together().meet("DOT", 4, words) as server:
        done = sent_by(desk, server, 4, 4)
    assert (done.code, desk.states()) == (3, ["approved"] * 4), done.out
    assert desk.good("status", "--json").json["allowance"]["used"] == 0
    assert desk.good("db", "check")
