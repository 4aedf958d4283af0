"""Letters as files for the user's own mail program."""

import stat

import pytest

from planner.errors import PlannerError, UnknownNameError
from planner.steps.sending.handing import export_letters
from planner.steps.sending.run import SendOptions


def export(outbox, folder, *numbers):
    return export_letters(outbox.run(options=SendOptions(ids=numbers)), folder)


def test_each_letter_is_a_private_file_that_opens_as_a_draft(outbox, tmp_path):
    folder = tmp_path / "Briefe für später"
    verbs = export(outbox, folder, 3, 1)
    assert [(verb.letter.id, verb.done) for verb in verbs] == [(1, True), (3, True)]
    assert sorted(file.name for file in folder.iterdir()) == ["letter-0001.eml", "letter-0003.eml"]
    data = (folder / "letter-0003.eml").read_bytes()
    assert data.startswith(b"X-Unsent: 1\r\nFrom: robin@applicant.example\r\nSubject: 3\r\n")
    assert stat.S_IMODE((folder / "letter-0003.eml").stat().st_mode) == 0o600
    assert outbox.states() == ["exported", "approved", "exported"]


def test_the_journal_knows_of_it_before_there_is_a_file(outbox, tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(PlannerError, match="Cannot write to"):
        export(outbox, tmp_path / "taken", 2)
    assert outbox.states()[1] == "exported"
    assert '"exported"' in outbox.store.path.with_name("list.sqlite3.sent").read_text()


def test_a_letter_that_was_exported_is_written_again_and_moves_no_more(outbox, tmp_path):
    export(outbox, tmp_path / "a", 1)
    (verb,) = export(outbox, tmp_path / "b", 1)
    assert verb.done
    assert (tmp_path / "a/letter-0001.eml").read_bytes() == (
        tmp_path / "b/letter-0001.eml"
    ).read_bytes()
    events = "SELECT count(*) FROM events WHERE to_state = 'exported'"
    assert outbox.sql(events) == [(1,)]


def test_what_may_not_leave_is_refused_with_the_reason_and_the_others_are_written(outbox, tmp_path):
    outbox.sql("UPDATE programs SET told_on = '2026-10-19' WHERE id = 1")
    outbox.sql("UPDATE letters SET state = 'cancelled' WHERE id = 2")
    held, cancelled, done = export(outbox, tmp_path / "out", 1, 2, 3)
    assert "already_told" in held.reason
    assert (cancelled.done, cancelled.reason) == (False, "it is cancelled")
    assert done.done
    assert outbox.states() == ["approved", "cancelled", "exported"]


def test_a_letter_that_the_server_deferred_is_left_to_the_server(outbox, tmp_path):
    outbox.sql("UPDATE letters SET state = 'deferred', attempts = 1 WHERE id = 1")
    (verb,) = export(outbox, tmp_path / "out", 1)
    assert (verb.done, "deferred" in verb.reason) == (False, True)
    assert outbox.states()[0] == "deferred"


def test_a_number_that_no_letter_has_is_refused_and_nothing_is_exported(outbox, tmp_path):
    with pytest.raises(UnknownNameError):
        export(outbox, tmp_path / "out", 1, 99)
    assert outbox.states() == ["approved"] * 3
