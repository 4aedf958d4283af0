"""A letter that a dead sender holds can be taken back at once; a live sender keeps it."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.store.database import open_store
from tests.cli.test_send import ready, script_of, wait_for
from tests.fakes import STALL, ScriptedServer

# On a server a lease is waited for, by the server's clock: one that is over, one that is not,
# and one of a clock that was wrong, for none is this long.
OVER, WRONG = "2020-01-01 00:00:00", "2096-01-01 00:00:00"
RUNNING = f"{datetime.now(UTC) + timedelta(hours=2):%Y-%m-%d %H:%M:%S}"


def held(desk, number, state="claimed", lease=OVER):
    """Leave a letter as a sender that was killed leaves it."""
    desk.sql(
        f"UPDATE letters SET state = '{state}', owner = 'gone', lease_until = '{lease}', token = 1"
        f" WHERE id = {number}"
    )
    steps = [("approved", "claimed"), ("claimed", "committing")]
    for old, new in steps[: 1 + (state == "committing")]:
        desk.sql(
            "INSERT INTO events (letter_id, at, from_state, to_state, command, why)"
            f" VALUES ({number}, '2026-10-20 15:59:00', '{old}', '{new}', 'send', '')"
        )


TAKEN_BACK = [
    ("cancel", ["cancel", 1], "cancelled"),
    ("unapprove", ["unapprove", 1], "draft"),
    ("edit", ["edit", 1, "--subject", "Step 2 CK update from Robin Sample"], "draft"),
    ("programs set", ["programs", "set", 1, "director_last_name=Berg"], "draft"),
    ("programs remove", ["programs", "remove", 1], "cancelled"),
    ("outbox record", ["outbox", "record", 1, "--on", "2026-10-12"], "approved"),
    ("status", ["status"], "approved"),
]


@pytest.mark.parametrize("words", [pytest.param(x[1:], id=x[0]) for x in TAKEN_BACK])
def test_a_command_recovers_what_a_dead_sender_held_before_it_does_its_own(desk, words):
    typed, state = words
    desk.approved(2)
    held(desk, 1)
    done = desk.good(*typed)
    assert desk.states() == [state, "approved"], done.out
    assert desk.good("db", "check")
    events = desk.good("outbox", "show", 1, "--json").json["letters"][0]["events"]
    assert ("claimed", "approved", "recovery") in [
        (e["from"], e["to"], e["command"]) for e in events
    ]


@pytest.mark.parametrize("state", ["claimed", "committing"])
def test_a_lease_that_a_wrong_clock_has_made_endless_is_over(desk, state):
    desk.approved(1)
    held(desk, 1, state, WRONG)
    desk.good("status")
    assert desk.states() == ["approved" if state == "claimed" else "unknown"]


def test_status_says_which_letters_were_given_back(desk):
    desk.approved(3)
    held(desk, 1)
    held(desk, 2)
    said = desk.good("status").out
    assert "A sender was stopped before anything was sent: letters 1-2 approved again." in said
    assert "in the hands of a sender" not in said
    held(desk, 3)
    assert desk.good("status", "--json").json["given_back"] == [3]


def test_what_was_marked_is_unknown_and_only_a_person_says_what_became_of_it(desk):
    desk.approved(1)
    held(desk, 1, "committing")
    done = desk.type("cancel", 1)
    assert (done.code, desk.states()) == (3, ["unknown"])
    assert "it is unknown; it cannot be cancelled" in done.out
    assert "planner outbox resolve 1" in " ".join(done.out.split())


@pytest.mark.parametrize("state", ["claimed", "committing"])
@pytest.mark.parametrize("words", [["cancel", 1], ["unapprove", 1], ["status"]])
def test_a_sender_that_lives_keeps_what_it_holds(desk, state, words):
    desk.approved(1)
    held(desk, 1, state, RUNNING)
    with open_store(desk.url, base=desk.folder).sender_lock():
        done = desk.type(*words)
        assert desk.states() == [state]
    assert "is being sent" in done.out or "1 being sent right now" in done.out


@pytest.mark.sqlite_only  # on a server a lease is waited for
def test_after_kill_9_amid_a_letter_it_can_be_cancelled_and_never_leaves(desk):
    with ScriptedServer({"RCPT": [STALL]}) as server:
        ready(desk, server, 2)
        process = script_of(desk, server)
        wait_for(lambda: "RCPT" in server.verbs())
        assert "it is being sent" in desk.type("cancel", 1).out
        process.kill()
        process.communicate(timeout=10)
        assert "letter 1, Elm 1 Hospital: cancelled" in desk.good("cancel", 1).out
        server.script = {}
        desk.good("send", "--yes")
    assert desk.states() == ["cancelled", "sent"]
    assert [message.count(b"pd2@") for message in server.accepted] == [1]


@pytest.mark.sqlite_only
def test_a_folder_that_cannot_be_written_leaves_status_readable(desk):
    desk.approved(1)
    held(desk, 1)
    (desk.folder / "planner.sqlite3.lock").unlink(missing_ok=True)
    (desk.folder / "planner.sqlite3.lock").mkdir()
    assert "1 being sent right now" in desk.good("status").out
