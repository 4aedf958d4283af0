"""The log of a `send`: it shows what a night of --watch did, and holds nothing private."""

import re
import stat

import pytest

from tests.cli.test_send import Passing, ready
from tests.fakes import ScriptedServer

# One line of a log without its time and the session's number.
pytestmark = pytest.mark.sqlite_only  # the logs are beside the file

LINE = re.compile(r"^\S+ \S+ (?P<where>[\w.]+): (?:session \d+: )?(?P<text>.*)$")


def logs(desk):
    return sorted(desk.folder.glob("planner.sqlite3.send-*.log"))


def told(desk):
    """What stands in the last log, line by line."""
    lines = logs(desk)[-1].read_text("utf-8").splitlines()
    return [LINE.match(line)["text"] for line in lines]


def in_order(lines, *wanted):
    """Whether each pattern is found, each behind the one before."""
    rest = iter(lines)
    return [w for w in wanted if not any(re.search(w, line) for line in rest)]


def test_a_night_of_watching_can_be_explained(desk, monkeypatch):
    script = {"RCPT": ["450 4.2.1 greylisted"], "MAIL": [None, "421 4.7.0 slow down"]}
    with ScriptedServer(script) as server:
        ready(desk, server, 2)
        Passing(desk, monkeypatch)
        assert desk.type("send", "--yes", "--watch").code == 0
    assert desk.states() == ["sent", "sent"]
    missing = in_order(
        told(desk),
        r"letter 1: approved -> claimed, by send",
        r"connecting to 127\.0\.0\.1:\d+ \(security: none\)",
        r"> RCPT TO:<pd1@elm1\.example>",
        r"< 450 4\.2\.1 greylisted",
        r"letter 1: claimed -> deferred, by send: see the reply",
        r"letter 1: next attempt at 2026-10-2\d \d\d:\d\d:\d\d[+-]",
        r"< 421 4\.7\.0 slow down",
        r"rests until 2026-10-2\d \d\d:\d\d:\d\d[+-]\d\d:\d\d, strike 1",
        r"; waiting until ",
        r"-> claimed, by send",
        r"marked: from here on",
        r"> \.$",
        r"< 250 2\.0\.0 queued",
        r"committing -> sent",
    )
    assert not missing


def test_the_log_is_private_and_has_neither_letter_nor_password(desk, monkeypatch):
    body = "I am writing to share my new Step 2 CK score"
    with ScriptedServer({"DOT": [f"554 5.7.1 spam: {body} of 248"]}) as server:
        desk.with_login(port=server.port)
        monkeypatch.setenv("PLANNER_SMTP_PASSWORD", "Søren's canary=4711")
        desk.approved(2)
        desk.type("send", "--yes")
    (path,) = logs(desk)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8")
    assert "> AUTH PLAIN [secret]" in text
    assert "canary" not in text
    for letter in desk.letters():
        shown = desk.good("preview", letter["id"], "--json").json["letters"][0]["body"]
        assert not [x for x in shown.splitlines() if len(x) > 11 and x in text]


@pytest.mark.parametrize("words", [["--dry-run"], []])
def test_a_run_with_nothing_to_tell_leaves_no_file(desk, words):
    desk.a_list(1)
    desk.type("send", "--yes", *words)
    assert logs(desk) == []


def test_each_run_has_its_own_and_only_the_newest_are_kept(desk):
    for day in range(1, 29):
        (desk.folder / f"planner.sqlite3.send-2025-10-{day:02}-093000-17.log").write_text("old")
    with ScriptedServer() as server:
        ready(desk, server, 1)
        desk.good("send", "--yes")
    assert len(logs(desk)) == 20
    assert "2025" not in logs(desk)[-1].name


def test_a_log_that_cannot_be_written_is_said_and_the_letters_leave(desk, monkeypatch):
    from planner import logs as module

    def full(*_):
        raise OSError(28, "No space left on device")

    with ScriptedServer() as server:
        ready(desk, server, 1)
        monkeypatch.setattr(module.RunLog, "_open", full)
        done = desk.good("send", "--yes")
    assert "could not be written: No space left on device." in done.err
    assert desk.states() == ["sent"]


def test_verbose_shows_the_dialogue_and_keeps_stdout_for_json(desk):
    with ScriptedServer() as server:
        ready(desk, server, 1)
        done = desk.good("--verbose", "send", "--yes", "--json")
    assert done.json["sent"] == 1
    assert "mail.dialogue: session" in done.err
    assert "> MAIL FROM:<" in done.err
    assert "database" in desk.good("--verbose", "status").err
    assert desk.good("status").err == ""
