"""`planner outbox`: settling unknown letters, exporting letters to files, and failed letters."""

import csv
import os
import re
import stat
import sys
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pexpect
import pytest

from planner.steps.sending import handing
from planner.store.journal import read
from planner.store.sqlite import sqlite3
from tests.fakes import ScriptedServer

SCRIPT = """
import sys
from datetime import date
from planner import wiring
from planner.cli import run
from planner.rules.calendar import noon
wiring.now = lambda: noon(date(2026, 10, 20))
sys.exit(int(run(sys.argv[1:])))
"""


@pytest.fixture
def unknown(desk):
    """Two letters: of the first nobody knows whether it arrived."""
    desk.approved(2)
    desk.sql("UPDATE letters SET state = 'unknown' WHERE id = 1")
    return desk


@pytest.mark.parametrize(
    ("word", "state"),
    [("--delivered", "sent"), ("--not-delivered", "draft"), ("--bounced", "refused")],
)
def test_a_person_says_what_became_of_a_letter(unknown, word, state):
    unknown.good("outbox", "resolve", "1", word)
    assert unknown.states() == [state, "approved"]
    events = unknown.good("outbox", "show", "1", "--json").json["letters"][0]["events"]
    assert (events[-1]["command"], events[-1]["to"]) == ("outbox resolve", state)
    assert "as you said" in events[-1]["why"]


def test_a_letter_was_either_delivered_or_not(unknown):
    done = unknown.type("outbox", "resolve", "1", "--not-delivered", "--delivered")
    assert (done.code, "Only one of them" in done.err) == (2, True)
    assert unknown.type("outbox", "resolve", "1").code == 2
    assert unknown.states()[0] == "unknown"


def test_what_is_known_is_not_resolved(unknown):
    done = unknown.type("outbox", "resolve", "2", "--delivered")
    assert (done.code, "it is approved; it cannot be resolved" in done.out) == (3, True)


def test_a_letter_that_was_sent_counts_as_refused_only_when_a_person_insists(unknown):
    unknown.good("outbox", "resolve", "1", "--delivered")
    done = unknown.type("outbox", "resolve", "1", "--bounced")
    assert (done.code, "only you can say" in done.err) == (3, True)
    assert unknown.states()[0] == "sent"
    unknown.good("outbox", "resolve", "1", "--bounced", "--yes")
    assert unknown.states()[0] == "refused"


def test_what_happened_must_be_said(unknown):
    done = unknown.type("outbox", "resolve", "1")
    assert (done.code, "--delivered, --not-delivered" in done.err) == (2, True)


def test_a_deferred_letter_is_due_now_and_no_other(unknown):
    unknown.sql(
        "UPDATE letters SET state = 'deferred', next_attempt_at = '2099-01-01 00:00:00.000000'"
        " WHERE id = 2"
    )
    unknown.good("outbox", "retry", "2")
    assert unknown.letters()[1]["next_attempt_at"] < "2027"
    done = unknown.type("outbox", "retry", "1")
    assert (done.code, "it is unknown" in done.out) == (3, True)


def test_status_names_the_command_for_what_nobody_knows(unknown):
    blocks = {b["code"]: b["command"] for b in unknown.good("status", "--json").json["blocked_by"]}
    assert blocks["unknown"].startswith("planner outbox resolve")


def events(desk, number):
    """(from, to, command) of everything that happened to a letter."""
    letter = desk.good("outbox", "show", number, "--json").json["letters"][0]
    return [(e["from"], e["to"], e["command"]) for e in letter["events"]]


def test_the_times_of_a_letter_are_in_the_zone_of_the_config_and_say_so(desk):
    desk.approved(1)
    said = desk.good("outbox", "show", "1").out
    assert re.search(r"2026-10-20 12:00:00 EDT \S+: draft -> approved", said)
    desk.configure(more='timezone = "America/Los_Angeles"')
    said = desk.good("outbox", "show", "1").out
    assert "2026-10-20 09:00:00 PDT" in said


@pytest.fixture
def asked(unknown, root):
    """Letter 1 was sent; `resolve --bounced` asks on a terminal, and gets these answers."""
    unknown.good("outbox", "resolve", "1", "--delivered")
    children = []

    def answered(*answers):
        child = pexpect.spawn(
            sys.executable,
            ["-c", SCRIPT, "outbox", "resolve", "1-2", "--bounced"],
            cwd=str(unknown.folder),
            encoding="utf-8",
            timeout=20,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        children.append(child)
        for question, answer in zip(("come back", "Are you sure"), answers, strict=False):
            child.expect(rf"{question}.*\[y/N\]")
            child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        return child.exitstatus

    yield answered
    for child in children:
        child.close(force=True)


def test_on_a_terminal_one_is_asked_twice_before_a_sent_letter_counts_as_refused(asked, unknown):
    assert asked("y", "n") != 0
    assert unknown.states() == ["sent", "approved"]
    assert asked("y", "y") == 3, "letter 2 was not sent at all"
    assert unknown.states() == ["refused", "approved"]


def test_what_was_not_sent_is_resolved_without_being_asked(unknown):
    assert unknown.good("outbox", "resolve", "1", "--bounced").out.endswith("bounced\n")


def test_no_letters_and_none_in_a_state_are_said_to_be_none(desk):
    assert desk.good("outbox", "list").out == "No letters.\n  -> planner draft writes them.\n"
    assert desk.good("outbox", "list", "--json").json == {"letters": [], "totals": {}}
    desk.approved(2)
    assert desk.good("outbox", "list", "--state", "sent").out == "No letter is sent.\n2 approved\n"
    empty = {"letters": [], "totals": {"approved": 2}}
    assert desk.good("outbox", "list", "--state", "sent", "--json").json == empty
    assert desk.type("outbox", "list", "--state", "lost").code == 2
    assert desk.type("outbox", "show", "9").code == 2


def test_who_was_told_by_other_means_gets_no_letter(desk):
    desk.approved(3)
    desk.good("unapprove", "2")
    done = desk.good("outbox", "record", "Elm 1", "--on", "2026-10-12")
    assert done.out.splitlines() == [
        "#1 Elm 1 Hospital: told on 2026-10-12.",
        "Letter 1 is approved and will not be sent.",
        "  -> planner cancel 1 takes it off the list",
    ]
    said = desk.good("outbox", "record", "2", "--on", "2026-10-12").out
    assert "Letter 2 is a draft and will not be sent.\n  -> planner leave-out 2" in said
    assert desk.good("plan", "--json").json["totals"]["email"] == 1
    done = desk.type("send", "--dry-run", "--json")
    assert (done.code, done.json["held"], done.json["remaining"]) == (3, 1, 1)
    assert desk.good("programs", "show", "1", "--json").json["told_on"] == "2026-10-12"


@pytest.mark.parametrize(
    "words", [["Oak", "--on", "2026-10-12"], ["Elm", "--on", "soon"], ["Elm 1"]]
)
def test_a_record_of_nobody_or_of_no_day_is_a_mistake(desk, words):
    desk.a_list(2)
    assert desk.type("outbox", "record", *words).code == 2


def file_of(desk, number, folder="out"):
    return desk.folder / folder / f"letter-{number:04d}.eml"


def test_a_letter_is_handed_over_as_a_draft_with_the_approved_bytes(desk):
    desk.approved(2)
    raw = desk.good("preview", "1", "--format", "raw").out
    done = desk.good("outbox", "export", "1", "--eml", "out")
    assert "letter 1, Elm 1 Hospital: in out" in done.out
    assert "-> Send them, then: planner outbox resolve ID --delivered" in done.out
    data = file_of(desk, 1).read_bytes()
    head, _, approved = data.partition(b"\r\n")
    assert head == b"X-Unsent: 1"
    assert approved.decode("ascii").splitlines() == raw.splitlines()
    message = message_from_bytes(data, policy=policy.default)
    assert (message["To"], message["Cc"]) == ("pd1@elm1.example", "pc1@elm1.example")
    assert message["Message-ID"] == desk.letters()[0]["message_id"]
    assert message.defects == []
    assert stat.S_IMODE(file_of(desk, 1).stat().st_mode) == 0o600
    assert stat.S_IMODE(file_of(desk, 1).parent.stat().st_mode) == 0o700
    assert [path.name for path in file_of(desk, 1).parent.iterdir()] == ["letter-0001.eml"]
    assert desk.states() == ["exported", "approved"]
    assert desk.type("send", "--yes", "1").code == 3, "it does not leave twice"


@pytest.mark.sqlite_only
def test_the_move_is_in_the_database_and_in_the_journal_before_a_file_appears(desk, monkeypatch):
    seen = []

    def looked(path, data):
        with closing(sqlite3.connect("planner.sqlite3")) as db:
            seen.append(db.execute("SELECT state FROM letters WHERE id = 1").fetchone()[0])
        _head, *lines = read(Path("planner.sqlite3.sent").resolve())
        seen.extend(line["state"] for line in lines)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(handing, "write_private", looked)
    desk.approved(1)
    done = desk.type("outbox", "export", "1", "--eml", "out")
    assert seen == ["exported", "exported"]
    assert (done.code, "No space left on device" in done.err) == (1, True)
    assert desk.states() == ["exported"]


@pytest.fixture
def unjournaled(desk, monkeypatch):
    """An export of letter 1 while the journal cannot be written; what it said."""
    desk.approved(1)
    fsync, times = os.fsync, iter([False, True, False])  # the head is written

    def full(handle):
        if stat.S_ISREG(os.fstat(handle).st_mode) and next(times, False):
            raise OSError(28, "No space left on device")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)
    return desk.type("outbox", "export", "1", "--eml", "out")


@pytest.mark.sqlite_only
def test_without_its_line_in_the_journal_no_file_appears(desk, unjournaled):
    assert unjournaled.code == 1
    assert "The journal next to" in unjournaled.err
    assert not file_of(desk, 1).exists()
    assert desk.states() == ["exported"]
    desk.good("outbox", "export", "1", "--eml", "out")
    assert file_of(desk, 1).exists()


def test_who_could_not_hand_over_is_told_to_do_that_again(unjournaled):
    assert "planner send" not in unjournaled.err


def test_a_letter_is_written_again_without_another_move(desk):
    desk.approved(1)
    desk.good("outbox", "export", "1", "--eml", "out")
    first, story = file_of(desk, 1).read_bytes(), events(desk, 1)
    file_of(desk, 1).unlink()
    desk.good("outbox", "export", "1", "--eml", "out")
    desk.good("outbox", "export", "1", "--eml", "deep/er")
    assert file_of(desk, 1).read_bytes() == file_of(desk, 1, "deep/er").read_bytes() == first
    assert events(desk, 1) == story
    assert story[-1] == ("approved", "exported", "outbox export")


@pytest.mark.parametrize(
    ("word", "state"),
    [("--delivered", "sent"), ("--not-delivered", "draft"), ("--bounced", "refused")],
)
def test_what_became_of_a_letter_that_was_handed_over_is_for_its_user_to_say(desk, word, state):
    desk.approved(1)
    desk.good("outbox", "export", "1", "--eml", "out")
    block = desk.good("status", "--json").json["blocked_by"][0]
    assert (block["code"], block["command"][:22]) == ("exported", "planner outbox resolve")
    desk.good("outbox", "resolve", "1", word)
    assert desk.states() == [state]
    assert events(desk, 1)[-1] == ("exported", state, "outbox resolve")


def test_a_folder_that_cannot_be_written_is_a_sentence_and_the_letter_can_be_written_again(desk):
    desk.approved(1)
    (desk.folder / "out").write_text("a file")
    done = desk.type("outbox", "export", "1", "--eml", "out")
    assert done.code == 1
    assert "Cannot write to out: File exists." in done.err
    assert "-> planner outbox export 1" in done.err
    assert "--eml ANOTHER-FOLDER writes them again" in done.err
    assert desk.states() == ["exported"]
    desk.good("outbox", "export", "1", "--eml", "another")
    assert file_of(desk, 1, "another").exists()


def test_where_no_letter_may_be_handed_over_no_folder_is_made(desk):
    desk.a_list(1)
    desk.good("draft")
    assert desk.type("outbox", "export", "1", "--eml", "out").code == 3
    assert not (desk.folder / "out").exists()


def closed_by_transcript(desk):
    desk.configure(transcript="")


def closed_by_record(desk):
    desk.good("outbox", "record", "1", "--on", "2026-10-12")


def closed_by_another_account(desk):
    desk.configure(port=2)


def closed_by_state(desk):
    desk.good("unapprove", "1")


def closed_by_deferral(desk):
    deferred = "state = 'deferred', next_attempt_at = '2026-10-2{}'"
    desk.sql(f"UPDATE letters SET {deferred.format('0 00:00:00')} WHERE id = 1")


def closed_by_a_later_deferral(desk):
    closed_by_deferral(desk)
    desk.sql("UPDATE letters SET next_attempt_at = '2099-01-01 00:00:00', last_reply = '450 later'")


@pytest.mark.parametrize(
    ("close", "said"),
    [
        (closed_by_transcript, "transcript.eras is not set"),
        (closed_by_record, "the decision is now excluded"),
        (closed_by_another_account, "no longer approved: mail account: robin@"),
        (closed_by_state, "it is a draft"),
        (closed_by_deferral, "the server has deferred it; the next run of sending tries it again"),
        (closed_by_a_later_deferral, "planner unapprove 1, then read and approve it again"),
    ],
)
def test_a_closed_gate_keeps_a_letter_from_being_handed_over_too(desk, close, said):
    desk.approved(1)
    close(desk)
    done = desk.type("outbox", "export", "1", "--eml", "out")
    assert done.code == 3
    assert said in " ".join(done.out.split())
    assert "->" in done.out
    assert desk.states() != ["exported"]
    assert not file_of(desk, 1).exists()


def test_one_that_is_refused_keeps_no_other_back(desk):
    desk.approved(3)
    desk.good("unapprove", "2")
    done = desk.type("outbox", "export", "1-3", "--eml", "out")
    assert done.code == 3
    assert "letter 2, Elm 2 Hospital: it is a draft" in done.out
    assert desk.states() == ["exported", "draft", "exported"]
    assert sorted(path.name[-5] for path in file_of(desk, 1).parent.iterdir()) == ["1", "3"]


def test_letters_that_nobody_asked_for_are_not_handed_over_by_the_dozen(desk):
    desk.configure(more="[rules]\nmass_limit = 1")
    desk.a_list(3, Status="waitlisted")
    desk.good("draft", "--allow-mass")
    desk.good("approve", "1-3", "--unseen")
    assert desk.type("outbox", "export", "1-3", "--eml", "out").code == 3
    assert desk.states() == ["approved"] * 3
    desk.good("outbox", "export", "1-3", "--eml", "out", "--allow-mass")
    assert desk.states() == ["exported"] * 3


@pytest.mark.parametrize(
    "words", [[], ["1"], ["--eml", "out"], ["1", "--failed", "x.csv"], ["9", "--eml", "out"]]
)
def test_what_to_export_must_be_said(desk, words):
    desk.approved(1)
    assert desk.type("outbox", "export", *words).code == 2
    assert desk.states() == ["approved"]


def test_a_letter_that_is_handed_over_is_told_of_once(desk):
    desk.approved(2)
    said = desk.good("outbox", "export", "1-2", "--eml", "out").out
    assert said.count("in out") == 2


def test_a_letter_that_a_killed_sender_left_unknown_is_said_to_be_that(desk):
    desk.approved(1)
    lease = "owner = 'gone', lease_until = '2026-10-20 00:00:00'"
    desk.sql(f"UPDATE letters SET state = 'committing', {lease}")
    done = desk.type("outbox", "export", "1", "--eml", "out")
    assert (done.code, desk.states()) == (3, ["unknown"])
    assert "deferred" not in done.out


@pytest.fixture
def failed(desk):
    """Three letters: one refused, one unknown, one sent; cells that a spreadsheet would run."""
    with ScriptedServer({"DOT": ["550 5.1.1 no such user", "drop"]}) as server:
        desk.configure(port=server.port)
        desk.a_list(3)
        desk.good("programs", "set", "1", "notes==1+1", "reason=@them", "city=-Troy")
        desk.good("programs", "set", "1", "institution=+Elm")
        desk.good("draft")
        desk.good("approve", "1-3", "--unseen")
        assert desk.type("send", "--yes").code == 3
        assert desk.states() == ["refused", "unknown", "sent"]
        yield desk


def cells(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_failed_is_listed_with_what_was_said(failed):
    done = failed.good("outbox", "export", "--failed", "failed.csv")
    assert "2 programs written to failed.csv" in done.out
    said = " ".join(done.out.split())
    assert "If an address is wrong, correct it in the file, then planner import failed.csv" in said
    first, second = cells(failed.folder / "failed.csv")
    assert first["error"] == "letter 1 refused: 550 5.1.1 no such user"
    assert second["error"].startswith("letter 2 unknown: no answer after the dot")
    shielded = [first[name] for name in ("notes", "reason", "city", "institution")]
    assert shielded == ["'=1+1", "'@them", "'-Troy", "'+Elm"]


@pytest.mark.parametrize("name", ["failed.csv", "failed.xlsx"])
def test_the_list_of_what_failed_comes_in_again_as_it_went_out(failed, name):
    failed.good("outbox", "export", "--failed", name)
    document = failed.good("import", name, "--json").json
    assert (document["read"], document["unchanged"], document["errors"]) == (2, 2, [])


def test_a_fixed_address_is_the_only_change_that_comes_back(failed):
    failed.good("outbox", "export", "--failed", "failed.csv")
    path = failed.folder / "failed.csv"
    path.write_text(path.read_text("utf-8-sig").replace("pd1@elm1.example", "chair@elm1.example"))
    said = failed.good("import", "failed.csv").out
    assert "1 changed" in said
    (change,) = [line for line in said.splitlines() if "->" in line]
    assert change.endswith("director_email pd1@elm1.example -> chair@elm1.example")
    failed.good("edit", "1", "--subject", "Step 2 CK update")
    assert failed.letters()[0]["to"] == ["chair@elm1.example"]


def test_a_file_that_did_not_come_from_here_is_kept(failed):
    (failed.folder / "mine.csv").write_text("my own notes\n")
    assert failed.type("outbox", "export", "--failed", "mine.csv").code == 2
    assert (failed.folder / "mine.csv").read_text() == "my own notes\n"
    done = failed.good("outbox", "export", "--failed", "mine.csv", "--force")
    assert "What was in it is kept in mine.csv.before." in done.out
    assert (failed.folder / "mine.csv.before").read_text() == "my own notes\n"
    assert failed.type("outbox", "export", "--failed", "mine.txt").code == 2


def test_where_nothing_failed_no_file_is_written(desk):
    desk.approved(1)
    assert "no file was written" in desk.good("outbox", "export", "--failed", "failed.csv").out
    assert not (desk.folder / "failed.csv").exists()


def test_a_day_that_has_begun_elsewhere_only_is_said_to_be_one_of_eastern_time(desk, monkeypatch):
    desk.a_list(1)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    done = desk.type("outbox", "record", 1, "--on", "2026-10-21")
    assert (done.code, "2026-10-21 is in the future (US Eastern)" in done.err) == (2, True)
    desk.good("outbox", "record", 1, "--on", "2026-10-20")
