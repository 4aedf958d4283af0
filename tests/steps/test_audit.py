"""Each invariant that is broken by hand is found by its own check and no other."""

from contextlib import closing
from datetime import timedelta
from itertools import pairwise

import pytest

from planner.cli.hints.checks import INVARIANTS
from planner.rules.calendar import noon
from planner.steps.audit import audit_all
from planner.store import file
from planner.store.durability import pragmas
from planner.store.sqlite import sqlite3
from planner.wiring import Workspace
from tests.builders import EARLY
from tests.fakes import DROP, ScriptedServer

pytestmark = pytest.mark.sqlite_only

CHECKS = ["file", "settings", "modes", "counts", "digests", "events", "clock", "journal"]


def moved(letter, *states, command="x"):
    """A statement that writes events of a letter through these states, and leaves it there."""
    rows = ", ".join(
        f"({letter}, '2026-10-19 00:00:00.000000', {old}, {new}, '{command}')"
        for old, new in pairwise("NULL" if state is None else f"'{state}'" for state in states)
    )
    return f"INSERT INTO events (letter_id, at, from_state, to_state, command) VALUES {rows};"


def left(letter, state):
    """A statement that sets the state alone."""
    return f"UPDATE letters SET state = '{state}' WHERE id = {letter};"


@pytest.fixture
def approved(desk):
    """Three approved letters."""
    desk.approved(3)
    return desk


def audited(desk, now=None):
    """What is wrong, by check."""
    ws = Workspace("config.toml")
    if now is not None:
        ws.now = lambda: now
    found = list(audit_all(ws))
    ws.store.close()
    assert [finding.name for finding in found] == CHECKS
    assert {finding.name for finding in found} <= set(INVARIANTS)
    return {finding.name: finding.wrong for finding in found if not finding.ok}


def harm(desk, script):
    """Do something to the database that it would not let anybody do."""
    with closing(sqlite3.connect(desk.folder / "planner.sqlite3")) as db:
        triggers = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.executescript(script)


def test_a_new_database_is_whole(desk):
    assert audited(desk) == {}


def test_a_database_after_all_that_can_happen_to_letters_is_whole(desk):
    dots = [None, DROP, "554 5.6.0 no", "451 4.3.0 later", "421 4.3.2 closing"]
    with ScriptedServer({"DOT": dots}) as server:
        desk.configure(port=server.port)
        desk.approved(9)
        desk.good("outbox", "export", "9", "--eml", "out")
        desk.good("cancel", "7")
        desk.good("unapprove", "8")
        desk.good("leave-out", "8")
        desk.type("send", "--yes")
        states = ["sent", "unknown", "refused", "deferred", *["approved"] * 2]
        assert desk.states() == [*states, "cancelled", "left_out", "exported"]
        assert audited(desk) == {}
        desk.good("outbox", "resolve", "2", "--not-delivered")
        desk.good("outbox", "resolve", "1,9", "--bounced", "--yes")
        desk.good("outbox", "retry", "4")
        desk.good("edit", "3", "--subject", "Again")
        desk.good("leave-out", "8", "--undo")
        desk.good("programs", "set", "6", "director_last_name=Berg")
        assert desk.states()[5] == "draft"
        assert audited(desk) == {}


OTHER_BYTES = "CAST(replace(CAST(wire AS TEXT), '248', '268') AS BLOB)"
BACKWARDS = """
UPDATE events SET to_state = 'approved' WHERE letter_id = 1 AND from_state IS NULL;
UPDATE events SET from_state = 'approved', to_state = 'draft' WHERE from_state = 'draft'
    AND letter_id = 1;
UPDATE letters SET state = 'draft' WHERE id = 1;
"""
ORPHANED = "PRAGMA foreign_keys = OFF; DELETE FROM programs WHERE id = 2"
HARM = [
    # what is done, which check finds it, and what it says
    (f"UPDATE letters SET wire = {OTHER_BYTES} WHERE id = 2", "digests", "letter 2: its bytes"),
    ("UPDATE letters SET to_addresses = '[]' WHERE id = 2", "digests", "letter 2: damaged"),
    ("UPDATE letters SET message_id = '<a@b>' WHERE id = 2", "digests", "letter 2: damaged"),
    ("UPDATE letters SET to_key = 'a@b.example' WHERE id = 2", "digests", "letter 2: damaged"),
    (
        "UPDATE letters SET date_header = 'Mon, 01 Jan 2024 00:00:00 +0000' WHERE id = 3",
        "digests",
        "letter 3: damaged in the database: date_header",
    ),
    ("UPDATE letters SET cc_addresses = '[]' WHERE id = 3", "digests", "letter 3: its bytes"),
    ("UPDATE letters SET sender = 'x@x.example' WHERE id = 1", "digests", "letter 1: its bytes"),
    ("UPDATE letters SET digest = 'd' WHERE id = 1", "digests", "letter 1: its bytes"),
    (left(2, "sent"), "events", "letter 2: its state is sent, but its events end with approved"),
    (
        "DELETE FROM events WHERE letter_id = 3 AND to_state = 'approved'",
        "events",
        "letter 3: its state is approved, but its events end with draft",
    ),
    (
        "DELETE FROM events WHERE letter_id = 3 AND from_state IS NULL",
        "events",
        "letter 3: an event moves it from draft, but it was None",
    ),
    (
        "DELETE FROM events WHERE letter_id = 1",
        "events",
        "letter 1: its state is approved, but its events end with None",
    ),
    (BACKWARDS, "events", "letter 1: it begins as approved"),
    (
        moved(2, "approved", "sent") + left(2, "sent"),
        "events",
        "letter 2: an event moves it from approved to sent",
    ),
    (
        moved(2, "approved", "left_out", command="db reconcile") + left(2, "left_out"),
        "events",
        "letter 2: an event moves it from approved to left_out",
    ),
    (
        "UPDATE events SET at = '2027-01-01 00:00:00.000000' WHERE letter_id = 2",
        "clock",
        "letter 2: it happened at 2027-01-01",
    ),
    (ORPHANED, "file", "row 2 of letters points to no row of programs"),
]


@pytest.mark.parametrize(("script", "check", "said"), HARM)
def test_harm_is_found_by_its_own_check_and_the_letter_is_named(approved, script, check, said):
    harm(approved, script)
    wrong = audited(approved)
    assert list(wrong) == [check]
    assert wrong[check][0].startswith(said)


def test_what_the_journal_said_explains_a_state(approved):
    said = {"command": "db reconcile"}
    harm(approved, moved(2, "approved", "sent", **said) + left(2, "sent"))
    harm(approved, "DELETE FROM events WHERE letter_id = 3;")
    harm(approved, moved(3, None, "unknown", **said) + left(3, "unknown"))
    assert audited(approved) == {}


def test_the_date_of_a_letter_that_only_the_journal_saw_leave_is_believed(approved):
    date = "UPDATE letters SET date_header = 'Mon, 01 Jan 2024 00:00:00 +0000' WHERE id = 2;"
    harm(approved, left(2, "sent") + moved(2, "approved", "sent", command="db reconcile") + date)
    assert audited(approved) == {}


def test_a_state_that_does_not_exist_spoils_the_sum(approved):
    harm(
        approved,
        "PRAGMA ignore_check_constraints = ON; UPDATE letters SET state = 'lost' WHERE id = 2",
    )
    wrong = audited(approved)
    assert wrong.keys() == {"file", "counts", "digests", "events"}
    assert wrong["counts"] == ("3 letters, 2 of them in a known state",)


@pytest.mark.parametrize("name", ["", ".sent", ".lock", ".from-0001_words.bak"])
def test_files_that_others_may_read_are_named(approved, name):
    path = approved.folder / f"planner.sqlite3{name}"
    path.touch()
    path.chmod(0o644)
    said = audited(approved)["modes"]
    assert said[0].startswith(f"planner.sqlite3{name} has mode 644")
    path.chmod(0o600)
    assert audited(approved) == {}


def test_a_clock_that_was_set_back_is_noticed(approved):
    wrong = audited(approved, noon(EARLY) - timedelta(days=1))
    assert [text.split(":")[0] for text in wrong["clock"]] == ["letter 1", "letter 2", "letter 3"]


def test_a_journal_that_knows_more_is_named(approved):
    journal = approved.folder / "planner.sqlite3.sent"
    journal.write_bytes(b'{"n": 2}\n')
    journal.chmod(0o600)
    assert "2 more lines" in audited(approved)["journal"][0]


def test_settings_that_another_program_forced_are_named(approved, monkeypatch):
    version = sqlite3.sqlite_version_info[:3]
    quick = (("busy_timeout", "5"), *pragmas(version)[1:])
    monkeypatch.setattr(file, "pragmas", lambda _: quick)
    mode = {"WAL": "DELETE", "DELETE": "WAL"}[dict(quick)["journal_mode"]]
    with closing(sqlite3.connect(approved.folder / "planner.sqlite3")) as other:
        other.execute(f"PRAGMA journal_mode = {mode}")
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM letters").fetchone()
        wrong = audited(approved)
    assert f"journal_mode is {mode.lower()}" in wrong["settings"][0]


def test_a_violation_hides_no_other(approved):
    harm(approved, moved(1, "sent", "refused") * 30 + left(2, "draft"))
    wrong = audited(approved)["events"]
    assert len([text for text in wrong if text.startswith("letter 1: ")]) == 31
    assert wrong[-1] == "letter 2: its state is draft, but its events end with approved"


FROM_REFUSED = moved(2, "approved", "claimed", "refused") + left(2, "refused")


@pytest.mark.parametrize(
    ("script", "check"),
    [
        (moved(2, "approved", "lost"), "events"),
        (f"{FROM_REFUSED} UPDATE letters SET wire = NULL WHERE id = 2", "digests"),
        ("UPDATE letters SET to_addresses = 'nonsense' WHERE id = 2", "digests"),
    ],
)
def test_what_cannot_even_be_read_is_a_violation_and_stops_no_other_check(approved, script, check):
    harm(approved, script)
    wrong = audited(approved)
    assert list(wrong) == [check]
    assert wrong[check][0].startswith("letter 2: ")
