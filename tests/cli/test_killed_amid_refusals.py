"""A sender that is killed while every letter is refused in the same words."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.fakes import ScriptedServer

# A killed sender's letters are free at once, for its lock is.
pytestmark = [pytest.mark.long, pytest.mark.sqlite_only]

WORDLESS = "550 5.7.1 Delivery not authorized, message refused"
SCRIPT = (
    "import planner.wiring as w;"
    "from planner.rules.calendar import noon; from datetime import date;"
    "w.now = lambda: noon(date(2026, 10, 20));"
    "from planner.cli import main; main(['send', '--yes'])"
)


class Deadly(ScriptedServer):
    """A server that kills its client at the nth time of a verb, before or behind the answer."""

    def strike(self, verb, number, pause):
        self.verb, self.number, self.pause, self.sender = verb, number, pause, None
        return self

    def _next(self, verb):
        if verb == self.verb:
            self.number -= 1
            if self.number == 0:
                os.kill(self.sender.pid, signal.SIGKILL)
        return WORDLESS if verb == "DOT" else None

    def _part(self, part):
        went_on = super()._part(part)
        if self.number == 1 and self.pause is not None and part == f"{WORDLESS}\r\n":
            time.sleep(self.pause)  # for what is written down meanwhile
            os.kill(self.sender.pid, signal.SIGKILL)
            self.number = 0
        return went_on


def sender(desk):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=desk.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.mark.parametrize(
    ("verb", "number", "pause"),
    [
        ("DOT", 1, None),  # before the first answer
        ("DOT", 2, None),  # before the one that tells
        ("MAIL", 2, None),  # the first one is on the disk, or about to be
        ("DATA", 3, None),
        ("DOT", 2, 0.0),  # right behind the first
        ("DOT", 3, 0.0),  # right behind the second
        ("DOT", 3, 0.01),
        ("DOT", 3, 0.03),
    ],
)
def test_no_letter_is_lost_and_none_is_refused_for_good(desk, verb, number, pause):
    with Deadly().strike(verb, number, pause) as server:
        desk.configure(port=server.port)
        desk.approved(5)
        server.sender = sender(desk)
        server.sender.communicate(timeout=20)
        assert server.sender.returncode in {-signal.SIGKILL, 3}
        server.number = -1
        ends = [desk.type("send", "--yes").code for _ in range(2)]
        assert desk.good("db", "check")
    assert ends == [3, 3]
    states = desk.states()
    assert len(states) == 5
    assert {*states} <= {"approved", "unknown"}, states
    assert states.count("unknown") <= 1, "at most the one whose answer was on its way"
    assert server.accepted == []
    assert desk.good("status", "--json").json["allowance"]["used"] == states.count("unknown")
