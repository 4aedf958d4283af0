"""Two senders on one PostgreSQL server share the work: each letter leaves once, by one of them."""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from planner.rules.states import LetterState
from planner.store import recovery, send_queue
from planner.store.commits import UnitOfWork
from planner.store.database import open_store
from planner.store.engine import WRITING
from planner.store.letters import list_letters, update_letter
from planner.store.transitions import MoveRefusedError
from tests.fakes import ScriptedServer

pytestmark = pytest.mark.outside

COUNT = 24
NOW = datetime(2026, 10, 20, 16, tzinfo=UTC)
PLANNER = [sys.executable, "-c", "import sys; from planner.cli import run; sys.exit(run())"]


@pytest.fixture
def shared(desk, request):
    """A desk whose database is on a server; letters approved, for a day when they may leave."""
    if request.config.getoption("--engine") != "postgresql":
        from tests import postgresql

        desk.url = postgresql.shared().fresh()
        desk.configure()
    return desk


@pytest.fixture
def server():
    with ScriptedServer({}) as running:
        yield running


def receivers(server):
    """The To line of everything that was taken."""
    return [re.search(rb"^To: (.+?)\r$", m, re.MULTILINE)[1].decode() for m in server.accepted]


def sender(desk):
    """Another `planner send` as a process of its own, on the desk's day."""
    code = (
        "import sys; from datetime import date; from planner import wiring;"
        " from planner.rules.calendar import noon; from planner.cli import run;"
        f" wiring.now = lambda: noon(date.fromisoformat('{desk.day.isoformat()}'));"
        " sys.exit(run(['send', '--yes', '--json']))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=desk.folder,
        env={**os.environ, "HOME": str(desk.folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_two_at_once_send_each_letter_once_and_both_have_a_part(shared, server):
    shared.configure(port=server.port, more="connections = 2")
    shared.approved(COUNT)
    both = [sender(shared), sender(shared)]
    said = [process.communicate(timeout=120) for process in both]
    assert [p.returncode for p in both] == [0, 0], [
        x for out, _ in said for x in json.loads(out)["letters"] if x["reason"]
    ]
    assert sorted(receivers(server)) == sorted(f"pd{n}@elm{n}.example" for n in range(1, COUNT + 1))
    assert shared.states() == ["sent"] * COUNT
    sent = [json.loads(out)["sent"] for out, _ in said]
    assert (sum(sent), min(sent) > 0) == (COUNT, True)


def test_a_letter_that_another_sender_holds_is_left_to_it_until_its_lease_ends(shared):
    shared.approved(2)
    with closing(open_store(shared.url, base=shared.folder)) as store, store.begin() as tx:
        (letter, _) = list_letters(tx)
        at = letter.approved_at
        held = {"state": LetterState.CLAIMED, "owner": "elsewhere", "token": letter.token + 1}
        # The lease is by the server's clock, whatever this machine's says.
        in_an_hour = datetime.now(UTC) + timedelta(hours=1)
        update_letter(tx, letter.id, lease_until=in_an_hour, **held)
        assert recovery.recover(tx, at=at + timedelta(days=365 * 60), alone=False) == []
        assert recovery.recover(tx, at=at - timedelta(days=365 * 60), alone=False) == []
        update_letter(tx, letter.id, lease_until=at - timedelta(days=365 * 20))
        assert [x.id for x in recovery.recover(tx, at=at, alone=False)] == [letter.id]


def test_who_claims_passes_by_what_another_is_about_to_claim_and_waits_for_nobody(shared):
    shared.approved(2)
    with (
        closing(open_store(shared.url, base=shared.folder)) as store,
        store.engine.execution_options(**{WRITING: True}).begin() as one,
        store.engine.execution_options(**{WRITING: True}).begin() as other,
    ):
        assert send_queue.is_free(one, 1)
        began = time.monotonic()
        assert (send_queue.is_free(other, 1), send_queue.is_free(other, 2)) == (False, True)
        assert time.monotonic() - began < 1


def test_a_claim_is_refused_while_another_sender_makes_one(shared):
    shared.approved(1)
    with (
        closing(open_store(shared.url, base=shared.folder)) as store,
        store.engine.execution_options(**{WRITING: True}).begin() as one,
        store.engine.execution_options(**{WRITING: True}).begin() as other,
    ):
        (letter,) = list_letters(other)
        assert send_queue.is_free(one, letter.id)
        with pytest.raises(MoveRefusedError, match="taken by another sender"):
            send_queue.claim(
                UnitOfWork(other),
                letter,
                b"",
                owner="me",
                account="robin",
                at=NOW,
                lease=timedelta(minutes=30),
                date="",
            )
