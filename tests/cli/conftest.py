"""Commands typed in a real pseudo-terminal."""

import os
import sys

import pexpect
import pytest

SCRIPT = """
import sys
from datetime import date
from planner import wiring
from planner.cli import run
from planner.rules.calendar import noon
wiring.now = lambda: noon(date(2026, 10, 20))
sys.exit(int(run(sys.argv[1:])))
"""


def interrupt(child, said):
    """Press Ctrl-C until it is heard: one that comes before the reading begins is lost."""
    for _ in range(10):
        child.sendintr()
        if child.expect([said, pexpect.TIMEOUT], timeout=2) == 0:
            break
    child.expect(pexpect.EOF)


@pytest.fixture
def terminal(desk, root):
    """Starts `planner review` in a terminal of a size; all of them are ended with the test."""
    started = []

    def opened(*words, rows=60, columns=200, editor="true", command="review", **environment):
        child = pexpect.spawn(
            sys.executable,
            ["-c", SCRIPT, command, *words],
            cwd=str(desk.folder),
            encoding="utf-8",
            timeout=20,
            dimensions=(rows, columns),
            env={
                **{
                    k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")
                },
                "PYTHONPATH": str(root),
                "TERM": "xterm",
                "EDITOR": editor,
                **environment,
            },
        )
        started.append(child)
        return child

    yield opened
    for child in started:
        child.close(force=True)
