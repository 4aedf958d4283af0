"""`planner db`: what it checks, how it reports it, and its exit codes."""

import shutil

import pytest

from tests.fakes import ScriptedServer

pytestmark = pytest.mark.sqlite_only

CHECKS = ["file", "settings", "modes", "counts", "digests", "events", "clock", "journal"]


@pytest.fixture
def sent(desk):
    """Two letters were sent; before that a copy of the database was made."""
    with ScriptedServer() as server:
        desk.configure(port=server.port)
        desk.approved(2)
        shutil.copy("planner.sqlite3", "copy")
        desk.good("send", "--yes")
        yield desk


def put_back(desk):
    for path in desk.folder.glob("planner.sqlite3-*"):
        path.unlink()
    shutil.copy("copy", "planner.sqlite3")


def test_a_healthy_database_passes_every_check(sent):
    lines = sent.good("db", "check").out.splitlines()
    # The folder's name may be longer than a line.
    lines = [line for line in lines if not line.startswith(" ")]
    assert [line.split(":")[0] for line in lines] == [f"ok     {name}" for name in CHECKS]
    assert "counts: 2 letters, 2 of them in a known state" in lines[3]
    assert lines[-1] == "ok     journal: 4 lines"


def test_the_document_has_a_row_for_each_check_and_stands_alone(sent):
    sent.sql("UPDATE letters SET state = 'unknown' WHERE id = 2")
    done = sent.type("db", "check", "--json")
    assert done.code == 1
    assert [check["name"] for check in done.json["checks"]] == CHECKS
    assert {frozenset(check) for check in done.json["checks"]} == {
        frozenset(("name", "ok", "wrong"))
    }
    (broken,) = [check for check in done.json["checks"] if not check["ok"]]
    text = "letter 2: its state is unknown, but its events end with sent"
    assert broken == {"name": "events", "ok": False, "wrong": [text]}
    assert "FAILED events" in done.err


def test_a_violation_is_told_with_its_letter_and_the_way_out(sent):
    sent.sql("UPDATE letters SET digest = 'd' WHERE id = 2")
    done = sent.type("db", "check")
    assert done.code == 1
    assert "FAILED digests" in done.out
    assert "- letter 2: its bytes are not those that were approved" in done.out
    assert "-> planner unapprove ID, then read and approve it again" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_of_many_violations_the_first_five_are_told_and_the_others_counted(desk):
    desk.approved(8)
    desk.sql("UPDATE letters SET digest = 'd'")
    said = desk.type("db", "check").out
    assert said.count("its bytes are not those") == 5
    assert "- and 3 more" in said
    document = desk.type("db", "check", "--json").json
    assert len(document["checks"][4]["wrong"]) == 8


def test_a_file_that_is_no_database_any_more_is_a_sentence(sent):
    path = sent.folder / "planner.sqlite3"
    data = bytearray(path.read_bytes())
    data[4096 : 16 * 4096] = bytes(15 * 4096)
    path.write_bytes(data)
    done = sent.type("db", "check")
    assert done.code == 1
    assert "Sorry" not in done.err
    assert "copy" in done.err + done.out


def test_status_and_doctor_and_check_agree_on_a_database_that_is_behind(sent):
    put_back(sent)
    check = sent.type("db", "check")
    assert check.code == 1
    assert "FAILED journal" in check.out
    assert "-> planner db reconcile" in check.out
    blocks = sent.good("status", "--json").json["blocked_by"]
    assert blocks[0]["code"] == "older_copy"
    assert "FAILED outbox: journal" in sent.type("doctor", "--offline").out


def test_reconcile_says_what_it_took_and_then_that_there_is_no_more(sent):
    put_back(sent)
    first = sent.good("db", "reconcile")
    assert first.out.splitlines() == [
        "letter 1, Elm 1 Hospital: approved -> sent",
        "letter 2, Elm 2 Hospital: approved -> sent",
        "4 lines taken from the journal; 2 letters changed.",
        "The journal was rewritten; the old one is planner.sqlite3.sent.before-6.",
    ]
    second = sent.good("db", "reconcile")
    assert second.out == "The database, its journal and its witness agree.\n"
    sent.good("db", "check")


def test_the_document_of_reconcile_names_each_letter_with_before_and_after(sent):
    put_back(sent)
    done = sent.good("db", "reconcile", "--json")
    assert (done.json["lines"], done.json["damaged"]) == (4, 0)
    assert done.json["letters"][0] == {
        "id": 1,
        "program": "Elm 1 Hospital",
        "before": "approved",
        "state": "sent",
    }
    assert "2 letters changed" in done.err


def test_a_letter_that_is_unknown_after_it_needs_a_person(sent):
    journal = sent.folder / "planner.sqlite3.sent"
    marks = [line for line in journal.read_bytes().splitlines(keepends=True) if b"record" in line]
    journal.write_bytes(b"".join(marks))
    put_back(sent)
    done = sent.type("db", "reconcile")
    assert done.code == 3
    assert "-> planner outbox resolve ID --delivered (or --not-delivered)" in done.out
    assert sent.states() == ["unknown", "unknown"]


def test_a_sender_at_work_is_not_disturbed(desk):
    from planner.store.lock import sender_lock

    desk.approved(1)
    with sender_lock(desk.folder / "planner.sqlite3"):
        assert desk.type("db", "reconcile").code == 75
        desk.good("db", "check")


def test_a_journal_that_cannot_be_opened_is_a_sentence(desk):
    desk.approved(1)
    (desk.folder / "planner.sqlite3.sent").mkdir()
    for command in ("send --yes", "status", "db check", "draft", "db reconcile"):
        done = desk.type(*command.split())
        assert "Sorry" not in done.err, command
        assert "planner.sqlite3.sent" in done.err + done.out, command
