"""Copies of a database, its journal or both that are put back: what was done since is not undone."""

import re
import shutil

import pytest

from tests.fakes import ACCEPT, DROP, ScriptedServer

pytestmark = pytest.mark.sqlite_only  # of a server, see tests/store/test_restored_server.py

DATABASE, JOURNAL = "planner.sqlite3", "planner.sqlite3.sent"


@pytest.fixture
def server():
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def ready(desk, server):
    """A desk with four approved letters, and a way to their server."""
    desk.configure(port=server.port)
    desk.approved(4)
    return desk


def copied(desk, *names):
    """Copies of some files, or of their absence; gives how to put them back."""
    data = {
        name: (desk.folder / name).read_bytes() for name in names if (desk.folder / name).exists()
    }

    def put_back(*only):
        for name in only or names:
            path = desk.folder / name
            if name not in data:
                path.unlink(missing_ok=True)
                continue
            new = path.with_name("new")
            new.write_bytes(data[name])
            new.chmod(0o600)
            new.replace(path)

    return put_back


def is_refused(desk):
    done = desk.type("send", "--yes", "--json")
    return (done.code, done.json["error"]["code"]) == (3, "older_copy")


def once(server):
    receivers = re.findall(rb"^To: .+$", b"\n".join(server.accepted), re.MULTILINE)
    assert len(receivers) == len(server.accepted)
    return len(receivers) == len(set(receivers))


@pytest.mark.parametrize("sent_before", [False, True])
def test_both_files_of_a_folder_that_was_put_back_send_nothing_a_second_time(
    ready, server, sent_before
):
    if sent_before:
        ready.good("send", 1, "--yes")
    put_back = copied(ready, DATABASE, JOURNAL)
    ready.good("send", "--yes")
    put_back()
    assert is_refused(ready)
    assert "FAILED journal" in ready.type("db", "check").out
    assert ready.type("status").code in {0, 3}
    ready.type("db", "reconcile")
    ready.type("send", "--yes")
    assert (len(server.accepted), once(server), ready.states()) == (4, True, ["sent"] * 4)


def test_both_files_that_are_put_back_during_a_run_send_nothing_a_second_time(ready, server):
    put_back = copied(ready, DATABASE, JOURNAL)

    def answer(usual):
        if len(server.accepted) == 1:
            put_back()
        return usual

    server.script = {"RCPT": answer}
    ready.type("send", "--yes")
    server.script = {}
    assert is_refused(ready)
    ready.type("db", "reconcile")
    ready.type("approve", "1-4", "--unseen")
    ready.type("send", "--yes")
    assert once(server)


def test_a_journal_that_is_put_back_by_itself_is_noticed_before_the_next_letter(ready, server):
    ready.good("send", 1, "--yes")
    put_back = copied(ready, DATABASE, JOURNAL)
    ready.good("send", 2, "--yes")
    put_back(JOURNAL)
    assert is_refused(ready)
    ready.good("db", "reconcile")
    ready.type("draft")
    ready.type("approve", "3-4", "--unseen")
    ready.good("send", 3, "--yes")
    put_back(DATABASE)
    assert is_refused(ready)
    ready.type("db", "reconcile")
    ready.type("send", "--yes")
    assert ready.states()[:3] == ["sent"] * 3
    assert once(server)


def test_a_journal_that_is_lost_is_said_to_be_and_written_anew(ready, server):
    ready.good("send", 1, "--yes")
    (ready.folder / JOURNAL).unlink()
    assert is_refused(ready)
    assert "FAILED journal" in ready.type("db", "check").out
    ready.type("db", "reconcile")
    assert (ready.folder / JOURNAL).exists()
    assert ready.good("db", "check")


def test_a_new_database_in_the_place_of_a_lost_one_sends_nothing_that_may_have_left(desk, server):
    desk.configure(port=server.port)
    desk.a_list(2)
    desk.good("draft")
    desk.good("approve", "1-2", "--unseen")
    server.script = {"DOT": [(ACCEPT, DROP)]}
    assert desk.type("send", 1, "--yes").code == 3
    for name in (DATABASE, JOURNAL):
        (desk.folder / name).unlink()
    refused = desk.type("import", "list.csv", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (3, "older_copy")
    done = desk.type("db", "reconcile")
    said = " ".join(done.out.split())
    assert (done.code, "a letter that left or may have left" in said) == (3, True)
    assert len(server.accepted) == 1


def test_a_letter_that_may_have_left_is_unknown_in_a_copy_of_which_the_journal_is_old(
    ready, server
):
    put_back = copied(ready, DATABASE, JOURNAL)
    server.script = {"DOT": [(ACCEPT, DROP), None]}
    ready.type("send", "1-2", "--yes")
    put_back()
    done = ready.type("db", "reconcile")
    assert done.code == 3
    assert ready.states() == ["unknown", "sent", "draft", "draft"]
    assert "approved -> unknown" in done.out


def test_what_a_person_said_of_an_unknown_letter_stands_when_only_the_journal_is_old(ready, server):
    put_back = copied(ready, JOURNAL)
    server.script = {"DOT": [DROP]}
    ready.type("send", 1, "--yes")
    ready.good("outbox", "resolve", 1, "--not-delivered")
    put_back()
    ready.type("db", "reconcile")
    assert ready.states()[0] == "draft"


@pytest.mark.parametrize(
    "words", [["cancel", 2], ["unapprove", 2], ["programs", "set", 2, "contact_policy=none"]]
)
def test_what_was_withdrawn_since_a_copy_does_not_leave_by_it(ready, server, words):
    ready.good("send", 1, "--yes")
    put_back = copied(ready, DATABASE, JOURNAL)
    ready.good(*words)
    put_back()
    assert is_refused(ready)
    ready.type("db", "reconcile")
    assert "approved" not in ready.states(), "all are to be read again"
    ready.type("send", "--yes")
    assert len(server.accepted) == 1


LINES = {
    "zeros": lambda line: b"\0" * (len(line) - 1) + b"\n",
    "a number that is too large": lambda line: b'{"n": 99999999999999999999999999}\n',
    "a record that is none": lambda _: b'{"n": 3, "state": "committing", "record": 7}\n',
    "a list": lambda _: b"[1, 2]\n",
    "a state that is none": lambda _: b'{"n": 3, "state": {}, "message_id": []}\n',
}


@pytest.mark.parametrize("harm", LINES.values(), ids=LINES)
@pytest.mark.parametrize("without_witness", [False, True])
def test_lines_that_cannot_be_read_are_open_until_a_person_says_so(
    ready, server, harm, without_witness
):
    put_back = copied(ready, DATABASE)
    ready.good("send", "--yes")
    path = ready.folder / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    for at in (3, 4):  # below the head: the mark and the outcome of letter 2
        lines[at] = harm(lines[at])
    path.write_bytes(b"".join(lines))
    if without_witness:
        for witness in ready.witnesses():
            witness.unlink()
    put_back()
    assert is_refused(ready)
    done = ready.type("db", "reconcile")
    assert "bug" not in done.out + done.err
    assert done.code == 3
    ready.type("send", "--yes")
    assert (len(server.accepted), once(server)) == (4, True)


def test_a_copy_that_went_on_elsewhere_and_came_back_knows_what_left_from_here(
    ready, server, monkeypatch, tmp_path
):
    ready.good("send", 1, "--yes")
    elsewhere = copied(ready, DATABASE, JOURNAL)
    ready.good("send", 2, "--yes")
    elsewhere()
    with monkeypatch.context() as other:  # a second computer, with a state folder of its own
        other.setenv("XDG_STATE_HOME", str(tmp_path))
        ready.type("db", "reconcile")
        ready.good("approve", 4, "--unseen")
        ready.good("send", 4, "--yes")
        ready.type("status")
    ready.good("approve", 3, "--unseen")
    assert is_refused(ready)
    done = ready.type("db", "reconcile")
    said = " ".join(done.out.split())
    assert (done.code, "1 letter left or may have left" in said) == (3, True)
    assert "planner outbox record PROGRAM --on DATE" in said
    assert ready.states() == ["sent", "draft", "draft", "sent"]
    assert ready.good("db", "check")


def test_programs_that_got_a_letter_from_another_database_in_this_place_are_named(ready, server):
    copies = ready.folder / "copies"
    copies.mkdir()
    shutil.copy(ready.folder / DATABASE, copies)
    (ready.folder / DATABASE).unlink()
    ready.a_list(2)
    ready.good("draft")
    ready.good("approve", "1-2", "--unseen")
    ready.good("send", 1, "--yes")
    shutil.copy(copies / DATABASE, ready.folder)
    assert is_refused(ready)
    done = ready.type("db", "reconcile")
    said = " ".join(done.out.split())
    assert (done.code, "1 letter left or may have left, to: - Elm 1 Hospital" in said) == (3, True)
    assert "planner outbox record PROGRAM --on DATE" in said
    assert ready.states() == ["draft"] * 4


def test_a_journal_of_another_database_is_not_taken_for_ones_own(ready, server):
    ready.good("send", 1, "--yes")
    path = ready.folder / JOURNAL
    text = path.read_bytes()
    uid = text.split(b'"uid": "')[1][:8]
    path.write_bytes(text.replace(uid, b"01234567"))
    assert is_refused(ready)
    ready.good("db", "reconcile")
    assert len(ready.letters()) == 4
    assert ready.sql("SELECT count(*) FROM programs") == [(4,)]
    ready.type("send", "--yes")
    assert once(server)
