"""`planner send`: gates, outcomes, exit codes; over real SMTP on loopback."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from planner import wiring
from planner.mail import smtp
from planner.rules.calendar import noon
from planner.store.database import open_store
from tests.cli.conftest import interrupt
from tests.fakes import DROP, SLOW, STALL, ScriptedServer


@pytest.fixture
def server():
    with ScriptedServer() as running:
        yield running


def sent(desk, server, *words, **config):
    desk.configure(port=server.port, **config)
    done = desk.type("send", "--yes", "--json", *words)
    document = done.json
    if "error" not in document:
        total = sum(document[k] for k in document if k not in {"letters", "dry_run"})
        assert total == len(document["letters"]), "the counts add up"
    return done


def ready(desk, server, count=2, **fields):
    desk.configure(port=server.port)
    desk.approved(count, **fields)


def test_each_outcome_is_recorded_with_the_servers_words(desk, server):
    ready(desk, server)
    assert sent(desk, server).json["sent"] == 2
    letter = desk.letters()[0]
    assert letter["last_reply"] == "250 2.0.0 queued"
    assert letter["sent_at"].startswith("2026-10-20")
    assert letter["attempts"] == 1


def test_without_a_terminal_nobody_says_yes(desk, server):
    ready(desk, server)
    done = desk.type("send")
    assert done.code == 3
    assert "--yes" in done.err
    assert server.accepted == []


def test_a_dry_run_looks_at_everything_and_connects_to_nobody(desk, server):
    ready(desk, server)
    done = desk.good("send", "--dry-run")
    assert "would send 2 letters" in done.out
    assert server.log == []


def test_only_these_and_at_most_so_many(desk, server):
    ready(desk, server, 4)
    assert sent(desk, server, "--limit", "1").json["sent"] == 1
    assert sent(desk, server, "3-4").json["sent"] == 2
    assert desk.states() == ["sent", "approved", "sent", "sent"]


def test_a_copy_to_oneself_touches_no_letter(desk, server):
    ready(desk, server)
    done = desk.type("send", "--yes", "--reflect", "me@applicant.example")
    assert done.code == 0, done.err
    assert desk.states() == ["approved", "approved"]
    assert len(server.accepted) == 2
    for message in server.accepted:
        assert b"Subject: [TEST]" in message
        assert b"elm1" not in message.split(b"\r\n\r\n")[0]
    assert [x for x in server.log if x.startswith("RCPT")] == ["RCPT TO:<me@applicant.example>"] * 2
    assert desk.good("status", "--json").json["allowance"]["used"] == 2
    assert "2 used (2 test copies to yourself), no daily cap" in desk.good("status").out


def test_a_closed_transcript_gate_holds_the_letter_with_its_reason(desk, server):
    ready(desk, server)
    done = sent(desk, server, transcript="")
    assert (done.code, done.json["held"]) == (3, 2)
    assert "transcript.eras is not set" in done.json["letters"][0]["reason"]
    assert server.accepted == []
    blocks = desk.good("status", "--json").json["blocked_by"]
    assert "transcript" in [b["code"] for b in blocks]


def test_a_decision_that_is_no_longer_true_holds_the_letter(desk, server):
    ready(desk, server)
    desk.day = date(2027, 2, 10)
    done = sent(desk, server)
    assert (done.code, done.json["held"]) == (3, 2)
    assert "still_true" in done.json["letters"][0]["reason"]


def test_another_mail_account_voids_the_approval_with_a_diff(desk, server):
    ready(desk, server, 1)
    with ScriptedServer() as other:
        done = sent(desk, other)
    assert (done.code, done.json["held"]) == (3, 1)
    assert f"127.0.0.1:{server.port} ->" in done.json["letters"][0]["reason"]
    assert desk.states() == ["draft"]
    assert other.log == []


def test_bytes_that_were_tampered_with_are_held(desk, server):
    ready(desk, server, 1)
    desk.other_bytes(b"248", b"268")
    assert "not those that were approved" in sent(desk, server).json["letters"][0]["reason"]


def test_a_refused_letter_is_refused_and_the_next_one_goes_on(desk):
    with ScriptedServer({"RCPT": ["550 5.1.1 no such user"]}) as server:
        ready(desk, server)
        done = sent(desk, server)
    assert (done.code, done.json["refused"], done.json["sent"]) == (1, 1, 1)
    assert "550 5.1.1 no such user" in desk.letters()[0]["last_reply"]
    assert "pd1@elm1.example" in desk.letters()[0]["last_reply"], "it says which address"


def test_a_fixed_address_starts_again(desk):
    with ScriptedServer({"RCPT": ["550 5.1.1 no such user"]}) as server:
        ready(desk, server, 1)
        sent(desk, server)
        desk.good("programs", "set", "Elm 1", "director_email=new@elm1.example")
        desk.good("leave-out", "--undo", 1)
        desk.good("draft")
        desk.good("approve", 1, "--unseen")
        assert sent(desk, server).json["sent"] == 1
    assert b"To: new@elm1.example" in server.accepted[0]


def test_a_deferred_letter_waits_and_goes_when_it_is_due(desk):
    with ScriptedServer({"RCPT": ["450 4.2.1 later"]}) as server:
        ready(desk, server, 1)
        done = sent(desk, server)
        assert (done.code, done.json["deferred"]) == (75, 1)
        waiting = sent(desk, server)
        assert (waiting.code, waiting.json["deferred"]) == (75, 1), "not due yet"
        desk.day = date(2026, 10, 21)
        assert sent(desk, server).json["sent"] == 1
    first_date = server.accepted[0].split(b"\r\n")[0]
    assert first_date.startswith(b"Date: Tue, 20 Oct 2026"), "Date stays that of the first attempt"


def test_an_unknown_outcome_is_unknown_and_never_sent_again_by_itself(desk):
    with ScriptedServer({"DOT": [DROP]}) as server:
        ready(desk, server, 1)
        done = sent(desk, server)
        assert (done.code, done.json["unknown"]) == (3, 1)
        assert sent(desk, server).json["letters"] == []
    assert desk.good("status", "--json").json["blocked_by"][0]["code"] == "unknown"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ({"CONNECT": "554 5.3.2 no"}, 75),
        ({"MAIL": "421 4.3.2 closing"}, 75),
        ({"MAIL": "550 5.4.5 Daily sending quota exceeded"}, 75),
        ({"MAIL": "530 5.7.0 who are you"}, 3),
    ],
)
def test_what_concerns_the_account_stops_the_run_and_spends_nothing(desk, script, code):
    with ScriptedServer(script) as server:
        ready(desk, server)
        done = sent(desk, server)
    assert (done.code, done.json["remaining"]) == (code, 2)
    assert desk.states() == ["approved", "approved"]
    assert server.verbs().count("MAIL") <= 1


def test_what_to_do_next_is_said_with_its_time(desk):
    with ScriptedServer({"MAIL": ["421 4.7.0 too fast"]}) as server:
        ready(desk, server)
        done = desk.type("send", "--yes")
    assert done.code == 75
    said = " ".join(done.out.split())
    times = ("12:01", "12:02")  # in the zone of the send window, rounded up
    assert any(f"-> Run planner send again at {t} (America/New_York)" in said for t in times)


def test_three_refusals_for_policy_in_a_row_stop_the_run(desk):
    answers = [f"550 5.7.1 {words}" for words in ("not here", "go away", "no thanks", "no", "no")]
    with ScriptedServer({"RCPT": answers}) as server:
        ready(desk, server, 5)
        done = sent(desk, server)
    assert (done.code, done.json["refused"], done.json["remaining"]) == (3, 3, 2)


def test_a_server_that_is_away_is_said_to_be(desk):
    desk.configure(port=1)
    desk.approved(1)
    done = desk.type("send", "--yes")
    assert done.code == 75
    assert "cannot be reached" in done.out
    assert desk.states() == ["approved"]


def test_the_daily_cap_ends_the_run_with_what_remains(desk, server):
    desk.configure(port=server.port)
    desk.approved(3)
    config = (desk.folder / "config.toml").read_text().replace("per_day = 0", "per_day = 2")
    (desk.folder / "config.toml").write_text(config)
    done = desk.type("send", "--yes")
    assert done.code == 75
    assert "2 today, 1 tomorrow from 12:00 (America/New_York)" in done.out
    assert "2 of 2 left in 24 hours" in done.out
    assert "Today's allowance of 2 is used up; 1 wait" in done.out
    assert len(server.accepted) == 2


def test_an_unknown_letter_cannot_be_made_to_leave_again_by_editing_it(desk):
    with ScriptedServer({"DOT": [DROP]}) as server:
        ready(desk, server, 1)
        sent(desk, server)
        done = desk.type("edit", 1, "--subject", "again")
    assert done.code == 3
    assert "it has left, or may have" in done.err
    assert desk.states() == ["unknown"]


def test_a_change_from_another_terminal_is_told_and_the_run_goes_on(desk):
    class Meddling(ScriptedServer):
        def _next(self, verb):
            if verb == "DOT" and not self.accepted:
                # While the first letter is on its way, another terminal takes the last back.
                script = "import sys; from planner.cli import main; main(['unapprove', '3'])"
                environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
                subprocess.run(
                    [sys.executable, "-c", script], cwd=desk.folder, env=environment, check=True
                )
            return super()._next(verb)

    with Meddling() as server:
        ready(desk, server, 3)
        done = sent(desk, server)
    assert (done.code, done.json["sent"], done.json["held"]) == (3, 2, 1)
    assert "changed while sending went on; it is a draft now" in done.json["letters"][2]["reason"]
    assert desk.states() == ["sent", "sent", "draft"]


def test_a_first_attempt_that_reached_nobody_fixes_no_date_and_starts_no_clock(desk):
    with ScriptedServer({"CONNECT": [DROP], "RCPT": ["450 4.2.1 later"]}) as server:
        ready(desk, server, 1)
        assert sent(desk, server).json["remaining"] == 1
        desk.day = date(2026, 10, 24)
        assert sent(desk, server).json["deferred"] == 1
        desk.day = date(2026, 10, 25)
        assert sent(desk, server).json["sent"] == 1
    assert server.accepted[0].startswith(b"Date: Sat, 24 Oct 2026")


def test_a_letter_that_was_given_up_says_so(desk):
    with ScriptedServer({"RCPT": "450 4.2.1 later"}) as server:
        ready(desk, server, 1)
        sent(desk, server)
        desk.day = date(2026, 10, 24)
        done = sent(desk, server)
    assert (done.code, done.json["refused"]) == (1, 1)
    assert "given up" in desk.letters()[0]["last_reply"]


@pytest.mark.sqlite_only
def test_an_answer_that_cannot_be_recorded_at_once_is_recorded_later(desk, server, monkeypatch):
    from planner.steps.sending.workers import DeliveryWorkers
    from planner.store import file
    from planner.store.sqlite import sqlite3

    monkeypatch.setattr(file, "pragmas", lambda _: (("busy_timeout", "10"),))
    monkeypatch.setattr(file, "refuse_undurable", lambda *_: None)
    ready(desk, server, 1)
    other = sqlite3.connect(desk.folder / "planner.sqlite3", isolation_level=None)
    deliver, waits = DeliveryWorkers._deliver, []

    async def locked_afterwards(self, *args):
        ended = await deliver(self, *args)
        other.execute("BEGIN IMMEDIATE")
        return ended

    async def unlock(seconds):
        waits.append(seconds)
        other.execute("ROLLBACK")

    monkeypatch.setattr(DeliveryWorkers, "_deliver", locked_afterwards)
    monkeypatch.setattr("planner.wiring.send_run", slow_by(unlock))
    done = sent(desk, server)
    other.close()
    assert (done.code, done.json["sent"], waits) == (0, 1, [1.0])
    assert "Trying to record letter 1: 250 2.0.0 queued" in done.err


def slow_by(sleep):
    from planner.wiring import send_run

    def made(app, options, **callbacks):
        return send_run(app, options, **{"sleep": sleep, **callbacks})

    return made


@pytest.mark.sqlite_only  # on a server a lease is waited for
def test_a_rehearsal_changes_nothing(desk, server):
    ready(desk, server, 2)
    lease = "owner = 'gone', lease_until = '2030-01-01 00:00:00'"
    desk.sql(f"UPDATE letters SET state = 'committing', {lease} WHERE id = 2")
    dry = sent(desk, server, "--dry-run", score="score = 252")
    assert dry.code == 3
    assert desk.states() == ["approved", "committing"]
    sent(desk, server, "--reflect", "me@applicant.example")
    assert desk.states() == ["approved", "committing"]
    assert sent(desk, server).json["unknown"] == 1
    last = desk.type("send")
    assert last.code == 3
    assert "1 may or may not have been delivered" in last.out


def test_copies_to_oneself_keep_the_pace_and_name_what_is_held(desk, server):
    ready(desk, server, 3)
    desk.good("programs", "set", "Elm 1", "told_on=2026-10-19")
    config = (desk.folder / "config.toml").read_text().replace("per_day = 0", "per_day = 1")
    (desk.folder / "config.toml").write_text(config)
    done = desk.type("send", "--yes", "--json", "--reflect", "me@applicant.example")
    assert done.code == 3
    document = done.json
    assert (document["sent"], document["held"], document["remaining"]) == (1, 1, 1)
    assert len(server.accepted) == 1


def test_a_reader_that_leaves_does_not_stop_the_letters(desk, server):
    ready(desk, server, 3)
    code = (
        "import planner.wiring as w;"
        "from planner.rules.calendar import noon; from datetime import date;"
        "w.now = lambda: noon(date(2026, 10, 20));"
        "from planner.cli import main; main(['send', '--yes', '--json'])"
    )
    done = subprocess.run(
        ["bash", "-c", '"$0" -c "$1" 2>/dev/null | true', sys.executable, code],
        cwd=desk.folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.returncode == 0
    assert desk.states() == ["sent"] * 3


def test_watching_waits_for_the_pace_and_goes_on(desk, server, monkeypatch):
    from planner.steps.sending.run import SendRun

    desk.configure(port=server.port)
    desk.approved(2)
    config = (desk.folder / "config.toml").read_text().replace("per_day = 0", "per_day = 1")
    (desk.folder / "config.toml").write_text(config)

    async def a_day_goes_by(self, until):
        assert until - self.clock() == timedelta(hours=24)
        desk.day = date(2026, 10, 21)

    monkeypatch.setattr(SendRun, "nap", a_day_goes_by)
    done = desk.type("send", "--yes", "--watch")
    assert done.code == 0, done.err
    assert "1 today, 1 tomorrow" in done.out
    assert desk.states() == ["sent", "sent"]


def test_the_story_of_a_letter_can_be_read(desk, server):
    ready(desk, server, 1)
    sent(desk, server)
    said = desk.good("outbox", "show", 1).out
    moves = ["new -> draft", "draft -> approved", "approved -> claimed", "committing -> sent"]
    assert [m for m in moves if m in said] == moves
    assert "250 2.0.0 queued" in said
    assert "sent" in desk.good("outbox", "list", "--state", "sent").out


def test_a_closed_window_ends_the_run(desk, server):
    ready(desk, server, 1)
    config = (desk.folder / "config.toml").read_text().replace('"always"', '"08:00-09:00"')
    (desk.folder / "config.toml").write_text(config)
    done = desk.type("send", "--yes")
    assert done.code == 75
    assert "The send window is closed" in done.out


@pytest.mark.sqlite_only
def test_a_second_sender_says_who_is_at_work(desk, server):
    from planner.store.lock import sender_lock

    ready(desk, server)
    with sender_lock(desk.folder / "planner.sqlite3"):
        done = desk.type("send", "--yes")
    assert done.code == 75
    assert f"process {os.getpid()}" in done.err


@pytest.mark.sqlite_only  # on a server a lease is waited for
def test_what_a_killed_sender_left_is_recovered_at_the_next_start(desk, server):
    ready(desk, server)
    lease = "owner = 'gone', lease_until = '2030-01-01 00:00:00'"
    desk.sql(f"UPDATE letters SET state = 'claimed', {lease} WHERE id = 1")
    desk.sql(f"UPDATE letters SET state = 'committing', {lease} WHERE id = 2")
    done = sent(desk, server)
    assert done.json["sent"] == 1
    assert desk.states() == ["sent", "unknown"]


def test_nothing_to_send_says_what_to_read(desk):
    desk.a_list(1)
    desk.good("draft")
    done = desk.good("send")
    assert "Nothing to send" in done.out
    assert "planner review" in done.out


def test_two_programs_with_one_address_get_one_letter(desk, server):
    desk.configure(port=server.port)
    desk.a_list(2, **{"PD Email": "shared@elm.example", "PC Email": ""})
    desk.good("draft")
    desk.good("approve", "1", "--unseen")
    assert sent(desk, server).json["sent"] == 1
    assert desk.good("draft", "--json").json["new"] == []


def test_what_cannot_leave_is_said_by_its_number(desk, server):
    ready(desk, server, 3)
    desk.good("unapprove", 1)
    sent(desk, server, "2")
    done = sent(desk, server, "1,2")
    assert (done.code, done.json["held"]) == (3, 2)
    assert [x["reason"] for x in done.json["letters"]] == ["it is a draft", "it is sent"]
    assert "-> To read it: planner review 1; to say no: planner leave-out 1" in done.err
    assert "-> If it came back: planner outbox resolve 2 --bounced" in done.err
    assert sent(desk, server, "99").code == 2


def test_a_limit_counts_only_what_may_go(desk, server):
    ready(desk, server, 3)
    desk.good("programs", "set", "Elm 1", "told_on=2026-10-19")
    done = sent(desk, server, "--limit", "1")
    assert (done.json["sent"], done.json["held"]) == (1, 1)
    assert desk.states() == ["approved", "sent", "approved"]


def test_failed_connections_use_up_no_allowance(desk):
    desk.configure(port=1)
    desk.approved(1)
    desk.type("send", "--yes")
    assert desk.good("status", "--json").json["allowance"]["used"] == 0


def test_a_missing_password_is_said_before_anything_is_touched(desk, server):
    ready(desk, server, 1)
    config = (desk.folder / "config.toml").read_text().replace('auth = "none"\n', "")
    (desk.folder / "config.toml").write_text(config)
    done = desk.type("send", "--yes")
    assert done.code == 3
    assert "planner login" in done.err
    assert desk.states() == ["approved"]


def test_what_is_held_back_says_what_to_type(desk, server):
    ready(desk, server, 3)
    desk.good("programs", "set", "Elm 2", "told_on=2026-10-19")
    desk.good("programs", "set", "Elm 3", "told_on=2026-10-19")
    for words in (["--dry-run"], ["--yes"]):
        done = desk.type("send", *words)
        said = " ".join(done.out.split())
        assert done.code == 3
        assert "planner outbox show 2-3; to withdraw it: planner cancel 2-3" in said
    assert "set [transcript]" in " ".join(sent(desk, server, transcript="").err.split())


def test_a_fact_that_changed_since_is_told_and_the_letter_read_again(desk, server):
    ready(desk, server, 1)
    done = sent(desk, server, score="score = 252")
    assert (done.code, done.json["held"]) == (3, 1)
    assert "score: 248 -> 252" in done.json["letters"][0]["reason"]


# A real process at the desk, in the demo's season.
SCRIPT = (
    "import planner.wiring as w;"
    "from planner.rules.calendar import noon; from datetime import date;"
    "w.now = lambda: noon(date(2026, 10, 20));"
    "from planner.cli import main; main(['send', '--yes'])"
)


ON_ITS_OWN_TERMINAL = (
    "import fcntl, os, signal, termios;"
    "os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "signal.signal(signal.SIGHUP, signal.{});"
)


def environment():
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def script_of(desk, server):
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=desk.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


PATIENCE = 60  # seconds; a machine may have more to do than this test


def wait_for(condition):
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.025)


def test_ctrl_c_ends_the_run_after_the_letter_under_way(desk):
    with ScriptedServer({"RCPT": [SLOW]}) as server:
        ready(desk, server)
        process = script_of(desk, server)
        wait_for(lambda: "RCPT" in server.verbs())
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert len(server.accepted) == 1
    assert desk.states() == ["sent", "approved"]


def test_a_second_ctrl_c_after_the_dot_leaves_the_letter_unknown(desk):
    with ScriptedServer({"DOT": [STALL]}) as server:
        ready(desk, server)
        process = script_of(desk, server)
        wait_for(lambda: "." in server.log)
        process.send_signal(signal.SIGINT)
        wait_for(lambda: "press again" in process.stderr.readline())
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert desk.states() == ["unknown", "approved"]
    assert "1 unknown, 0 held, 1 remaining" in out


def test_a_second_ctrl_c_while_the_server_is_left_is_no_harm(desk):
    with ScriptedServer({"RCPT": [SLOW], "QUIT": [STALL]}) as server:
        ready(desk, server)
        process = script_of(desk, server)
        wait_for(lambda: "RCPT" in server.verbs())
        process.send_signal(signal.SIGINT)
        wait_for(lambda: "QUIT" in server.verbs())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err.count("Traceback")) == (130, 0)
    assert "1 sent, 0 deferred" in out
    assert desk.states() == ["sent", "approved"]


@pytest.mark.parametrize(
    ("hearing", "states"),
    [
        ("SIG_DFL", ["sent", "approved"]),
        ("SIG_IGN", ["sent", "sent"]),  # as nohup has it
    ],
)
def test_a_terminal_that_is_closed_ends_the_run_after_the_letter_under_way(desk, hearing, states):
    with ScriptedServer({"DOT": [SLOW]}) as server:
        ready(desk, server)
        ours, its = os.openpty()
        process = subprocess.Popen(
            [sys.executable, "-c", ON_ITS_OWN_TERMINAL.format(hearing) + SCRIPT],
            cwd=desk.folder,
            env=environment(),
            stdin=its,
            stdout=its,
            stderr=its,
        )
        os.close(its)
        wait_for(lambda: "." in server.log)
        os.close(ours)
        assert process.wait(PATIENCE) == 130
    assert desk.states() == states


def test_an_answer_that_was_heard_as_all_broke_off_is_written_down(desk, monkeypatch):
    real = smtp.deliver

    async def broken_off(*args, **options):
        outcome = await real(*args, **options)
        asyncio.current_task().cancel()  # as a second Ctrl-C does, at the worst moment
        return outcome

    monkeypatch.setattr(smtp, "deliver", broken_off)
    with ScriptedServer({"DOT": ["554 5.6.0 not this one"]}) as server:
        ready(desk, server)
        desk.type("send", "--yes")
    assert desk.states() == ["refused", "approved"]


def test_a_third_ctrl_c_leaves_no_letter_in_our_hands(desk):
    with ScriptedServer({"DOT": ["250 2.0.0 queued", STALL], "QUIT": STALL}) as server:
        desk.configure(port=server.port, more="connections = 2")
        desk.approved(2)
        process = script_of(desk, server)
        # A session whose answer is still on its way when all breaks off would say no QUIT.
        wait_for(lambda: sorted(desk.states()) == ["committing", "sent"])
        process.send_signal(signal.SIGINT)
        wait_for(lambda: "press again" in process.stderr.readline())
        process.send_signal(signal.SIGINT)
        wait_for(lambda: "QUIT" in server.verbs())
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert sorted(desk.states()) == ["sent", "unknown"]


CTRL_C_AT_THE_END = (
    "import os, signal; from planner.store.commits import Commits; leave = Commits.__exit__;"
    "Commits.__exit__ = lambda *a: (os.kill(os.getpid(), signal.SIGINT), leave(*a))[1];"
)


def test_ctrl_c_while_the_database_is_closed_after_a_run_is_no_harm(desk, server):
    ready(desk, server)
    done = subprocess.run(
        [sys.executable, "-c", CTRL_C_AT_THE_END + SCRIPT],
        cwd=desk.folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    assert desk.states() == ["sent", "sent"]


def test_sigterm_before_the_first_letter_ends_with_130(desk):
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; from planner import wiring;" + SLEEPING],
        cwd=desk.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "here\n"
    process.terminate()
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (130, "planner: Interrupted.\n")


# A command that takes its time before anything leaves.
SLEEPING = (
    "wiring.now = lambda: (print('here', flush=True), time.sleep(10));"
    "from planner.cli import main; main(['send', '--yes'])"
)


@pytest.mark.sqlite_only  # on a server a lease is waited for
def test_a_killed_sender_neither_loses_nor_doubles_a_letter(desk):
    with ScriptedServer({"DOT": [STALL]}) as server:
        ready(desk, server, 3)
        process = script_of(desk, server)
        wait_for(lambda: "." in server.log)
        process.kill()
        process.communicate(timeout=PATIENCE)
        server.script = {}
        done = sent(desk, server)
    assert done.json["sent"] == 2
    assert desk.states() == ["unknown", "sent", "sent"]
    ids = [m.split(b"Message-ID: ")[1].split(b"\r\n")[0] for m in server.accepted]
    assert len(ids) == len(set(ids)) == 2


def test_the_document_is_the_only_thing_on_stdout(desk, server):
    ready(desk, server)
    done = sent(desk, server)
    assert json.loads(done.out)["sent"] == 2
    assert "2 sent" in done.err


def paced(desk, **changes):
    """Change keys of [smtp] in the config."""
    path = desk.folder / "config.toml"
    lines = [
        f"{key} = {changes.pop(key)}" if (key := line.partition(" ")[0]) in changes else line
        for line in path.read_text().splitlines()
    ]
    path.write_text("\n".join([*lines, *(f"{key} = {value}" for key, value in changes.items())]))


class Passing:
    """A clock that goes on when somebody sleeps, and not before."""

    def __init__(self, desk, monkeypatch):
        self.now, self.slept = noon(desk.day), 0.0
        monkeypatch.setattr(wiring, "now", lambda: self.now)
        monkeypatch.setattr("planner.wiring.send_run", slow_by(self.sleep))

    async def sleep(self, seconds):
        self.slept += seconds
        self.now += timedelta(seconds=seconds)


def test_letters_leave_a_minute_apart_and_the_plan_says_how_many_when(desk, server, monkeypatch):
    ready(desk, server, 3)
    paced(desk, per_minute=1, per_day=2, window='"08:00-17:00"')
    clock = Passing(desk, monkeypatch)
    done = desk.type("send", "--yes")
    assert done.code == 75
    assert "2 today, 1 tomorrow from 12:00 (America/New_York)" in done.out
    assert 45 <= clock.slept <= 75
    assert len(server.accepted) == 2


@pytest.mark.long
def test_watching_goes_on_over_days_until_all_have_left(desk, server, monkeypatch):
    ready(desk, server, 5)
    paced(desk, per_minute=1, per_day=2, window='"08:00-17:00"')
    clock = Passing(desk, monkeypatch)
    done = desk.type("send", "--yes", "--watch")
    assert done.code == 0, done.err
    assert desk.states() == ["sent"] * 5
    days = [m.split(b"\r\n")[0][6:22] for m in server.accepted]
    assert days == [b"Tue, 20 Oct 2026"] * 2 + [b"Wed, 21 Oct 2026"] * 2 + [b"Thu, 22 Oct 2026"]
    assert clock.now.date() == date(2026, 10, 22)


def test_an_account_that_was_asked_to_slow_down_rests_across_runs(desk, monkeypatch):
    with ScriptedServer({"MAIL": ["421 4.7.0 too fast", "421 4.7.0 still"]}) as server:
        ready(desk, server, 1)
        clock = Passing(desk, monkeypatch)
        first = desk.type("send", "--yes")
        assert (first.code, clock.slept) == (75, 0)
        blocks = desk.good("status", "--json").json["blocked_by"]
        assert [b["code"] for b in blocks if b["code"] == "account_rests"] == ["account_rests"]
        assert desk.type("send", "--yes").code == 75, "it waits for a minute, and tries once"
        assert 48 <= clock.slept <= 72
        assert desk.type("send", "--yes", "--watch").code == 0, "the second rest is longer"
        assert 48 + 96 <= clock.slept <= 72 + 144
    assert len(server.accepted) == 1


def test_a_daily_quota_rests_for_a_day_and_watching_waits_for_it(desk, monkeypatch):
    with ScriptedServer({"MAIL": ["550 5.4.5 Daily sending quota exceeded"]}) as server:
        ready(desk, server, 2)
        clock = Passing(desk, monkeypatch)
        assert desk.type("send", "--yes", "--watch").code == 0
        assert 24 * 3600 <= clock.slept < 24 * 3600 + 60
    assert desk.states() == ["sent", "sent"]


def test_watching_tries_a_deferred_letter_again_when_it_is_due(desk, monkeypatch):
    with ScriptedServer({"RCPT": ["450 4.2.1 later", "450 4.2.1 later"]}) as server:
        ready(desk, server, 1)
        clock = Passing(desk, monkeypatch)
        assert desk.type("send", "--yes", "--watch").code == 0
        assert 48 + 96 <= clock.slept <= 72 + 144
    assert desk.letters()[0]["attempts"] == 3


def test_watching_ends_where_all_that_is_left_is_held(desk, monkeypatch):
    with ScriptedServer({"RCPT": ["450 4.2.1 later"]}) as server:
        ready(desk, server, 1)
        clock = Passing(desk, monkeypatch)
        assert desk.type("send", "--yes").code == 75
        desk.good("outbox", "record", "1", "--on", "2026-10-19")
        clock.now += timedelta(minutes=2)
        done = desk.type("send", "--yes", "--watch")
    assert (done.code, clock.slept) == (3, 0)
    assert "already_told" in done.out


def test_a_letter_that_an_ended_sender_held_is_told_of_and_leaves(desk, server):
    ready(desk, server, 2)
    held = "state = 'claimed', owner = 'x', lease_until = '2026-10-20 18:00:00.000000', token = 1"
    desk.sql(f"UPDATE letters SET {held} WHERE id = 2")
    done = desk.type("send", "--yes")
    assert "A sender was stopped before anything was sent: letter 2 can be sent again." in done.out
    assert (done.code, desk.states()) == (0, ["sent", "sent"])


def test_what_is_deferred_says_when_it_is_tried_again(desk):
    with ScriptedServer({"RCPT": ["450 4.2.1 later"]}) as server:
        ready(desk, server, 1)
        done = desk.type("send", "--yes")
    words, day = " ".join(done.out.split()), f"{noon(desk.day).astimezone():%Y-%m-%d}"
    assert f"deferred: 450 4.2.1 later (about pd1@elm1.example); next attempt {day}" in words
    assert "-> planner send tries what is deferred again when it is due" in words


def test_a_letter_in_the_hands_of_a_sender_says_who_must_end_first(desk, server):
    ready(desk, server, 1)
    lease = datetime.now(UTC) + timedelta(hours=1)  # a server goes by its own clock
    held = f"state = 'claimed', owner = 'x', lease_until = '{lease:%Y-%m-%d %H:%M:%S}.000000'"
    desk.sql(f"UPDATE letters SET {held}")
    with open_store(desk.url, base=desk.folder).sender_lock():
        done = desk.type("unapprove", "1")
    assert done.code == 3
    assert "it is being sent; it cannot be unapproved now" in done.out
    assert "A sender is working on it: stop that first" in " ".join(done.out.split())


def test_with_a_pace_no_letter_is_claimed_before_its_time(desk, monkeypatch):
    seen = []

    class Looking(ScriptedServer):
        def _next(self, verb):
            if verb == "DOT":
                seen.append(
                    [state for (state,) in desk.sql("SELECT state FROM letters ORDER BY id")]
                )
            return super()._next(verb)

    with Looking() as server:
        ready(desk, server, 2)
        paced(desk, per_minute=1)
        Passing(desk, monkeypatch)
        assert desk.type("send", "--yes").code == 0
    assert seen == [["committing", "approved"], ["sent", "committing"]]


def test_watching_sends_only_what_was_shown_when_it_began(desk, server, monkeypatch):
    ready(desk, server, 3)
    desk.good("unapprove", 3)
    paced(desk, per_day=1)
    clock, approved = Passing(desk, monkeypatch), []

    async def and_approve(seconds):
        await clock.sleep(seconds)
        approved or approved.append(desk.good("approve", 3, "--unseen"))

    monkeypatch.setattr("planner.wiring.send_run", slow_by(and_approve))
    assert desk.type("send", "--yes", "--watch").code == 0
    assert desk.states() == ["sent", "sent", "approved"]


@pytest.mark.parametrize(
    "script",
    [
        {"MAIL": ["250 2.1.0 ok", DROP]},
        {"MAIL": ["250 2.1.0 ok", "421 4.4.2 idle for too long"]},
        {"DOT": ["250 2.0.0 queued\r\n421 4.4.2 idle for too long"]},
    ],
)
def test_a_session_that_the_server_closed_meanwhile_is_opened_again(desk, script):
    with ScriptedServer(script) as server:
        ready(desk, server, 3)
        done = sent(desk, server)
    assert (done.code, done.json["sent"]) == (0, 3)
    assert server.verbs().count("EHLO") == 2
    assert [letter["attempts"] for letter in desk.letters()] == [1, 1, 1]


def test_eight_sessions_share_their_commits(desk, server, monkeypatch):
    from planner.store.commits import Commits

    leave, commits = Commits.__exit__, []

    def counted(self, *problem):
        leave(self, *problem)
        commits.append(self.count)

    monkeypatch.setattr(Commits, "__exit__", counted)
    ready(desk, server, 40)
    done = sent(desk, server, more="connections = 8")
    assert (
        done.json["sent"] == len({m.split(b"Message-ID: ")[1][:40] for m in server.accepted}) == 40
    )
    assert server.verbs().count("EHLO") == 8
    assert commits[0] <= 0.9 * 40


def test_a_run_on_a_terminal_shows_how_far_it_is(desk):
    import pexpect

    with ScriptedServer({"RCPT": [SLOW, SLOW]}) as server:
        ready(desk, server, 2)
        code = SCRIPT.replace("'--yes'", "'--limit', '2'")
        shown = pexpect.spawn(
            sys.executable, ["-c", code], cwd=desk.folder, env=environment(), timeout=10
        )
        shown.expect("Send 2 letters")
        shown.sendline("y")
        for text in ("1 sent, 1 left", "2 sent, 0 left", "2 sent, 0 deferred", pexpect.EOF):
            shown.expect(text)
        shown.close()
    assert shown.exitstatus == 0


# --- what a run says ------------------------------------------------------------------------


def test_on_a_weekend_nobody_is_asked_to_send_what_could_not_leave(desk, server):
    import pexpect

    ready(desk, server, 3)
    paced(desk, window='"08:00-17:00"')
    code = SCRIPT.replace("date(2026, 10, 20)", "date(2026, 10, 24)").replace(", '--yes'", "")
    shown = pexpect.spawn(
        sys.executable, ["-c", code], cwd=desk.folder, env=environment(), timeout=10
    )
    shown.expect(pexpect.EOF)
    shown.close()
    said = " ".join(shown.before.decode().split())
    assert "Send 3 letters?" not in said
    wait = "The send window is closed; 3 wait until Mon 2026-10-26 08:00 (America/New_York)."
    assert wait in said
    assert "Run planner send again at Mon 2026-10-26 08:00 (America/New_York)" in said
    assert (shown.exitstatus, desk.states()) == (75, ["approved"] * 3)
    assert server.sessions == 0


def test_copies_are_not_offered_either_while_the_window_is_closed(desk, server):
    ready(desk, server, 1)
    paced(desk, window='"08:00-09:00"')
    done = desk.type("send", "--reflect", "me@applicant.example")
    assert (done.code, server.sessions) == (75, 0)
    assert "The send window is closed; 1 waits until" in done.out


def test_what_was_not_asked_for_is_told_of_and_counted_apart(desk, server):
    ready(desk, server, 3)
    done = desk.type("send", "--yes", "--limit", "1")
    assert "1 sent, 0 deferred, 0 refused, 0 unknown, 0 held, 0 remaining" in done.out
    assert "2 more approved letters were not part of this run." in done.out
    done = desk.type("send", "--yes", "2")
    assert "1 more approved letter was not part of this run." in done.out
    assert "not part of this run" not in desk.type("send", "--yes").out


def test_a_rest_is_named_with_its_end_by_status_and_by_the_plan(desk, monkeypatch):
    with ScriptedServer({"MAIL": ["421 4.7.0 too fast"]}) as server:
        ready(desk, server, 1)
        desk.type("send", "--yes")
        rest = re.compile(
            r"Sending is paused until 12:0[12] \(America/New_York\), because the server said:"
            r" 421 4\.7\.0 too fast\."
        )
        status = " ".join(desk.good("status").out.split())
        assert rest.search(status)
        assert "Approved letters wait to be sent" not in status, "they cannot be sent yet"
        assert rest.search(" ".join(desk.good("send", "--dry-run").out.split()))
        assert "paused" in desk.good("status", "--json").json["blocked_by"][0]["text"]


def test_a_rest_of_a_day_ends_the_next_run_before_it_asks(desk):
    with ScriptedServer({"MAIL": "550 5.4.5 Daily user sending limit exceeded"}) as server:
        ready(desk, server, 2)
        desk.type("send", "--yes")
        again = desk.type("send")
    said = " ".join(again.out.split())
    assert (again.code, server.sessions) == (75, 1)
    assert "2 wait until Wed 2026-10-21 12:00 (America/New_York)" in said


def test_every_time_of_one_answer_is_in_one_zone(desk, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        with ScriptedServer({"RCPT": ["450 4.2.1 later"]}) as server:
            ready(desk, server, 3)
            paced(desk, per_day=1, window='"08:00-17:00"')
            said = " ".join(desk.type("send", "--yes").out.split())
    finally:
        monkeypatch.undo()
        time.tzset()
    assert said.count("(America/New_York)") >= 3
    assert "JST" not in said
    assert "20:" not in said
    assert "21:" not in said


# --- what concerns the sender ---------------------------------------------------------------

DENIED = "554 5.2.252 SendAsDenied; not allowed to send as robin@applicant.example"


def test_what_was_refused_for_the_senders_sake_leaves_once_that_is_right(desk):
    with ScriptedServer({"DOT": [DENIED]}) as server:
        ready(desk, server, 3)
        paced(desk, per_day=3)
        assert desk.type("send", "--yes").code == 3
        assert desk.type("send", "--yes").code == 0
    assert desk.states() == ["sent"] * 3
    assert [letter["attempts"] for letter in desk.letters()] == [1, 1, 1]


@pytest.mark.parametrize(
    ("script", "copies", "words"),
    [
        ({"DOT": DENIED}, 1, "the same mailbox"),
        ({"MAIL": "550 5.4.5 Daily sending quota exceeded"}, 0, "used up its daily quota"),
        ({"DOT": "550 5.7.1 not from you"}, 2, "Two copies in a row were refused"),
        ({"RCPT": "550 5.1.1 no such user"}, 0, "Check the address after --reflect"),
    ],
)
def test_copies_to_oneself_stop_for_the_same_reasons_and_say_nothing_of_letters(
    desk, script, copies, words
):
    with ScriptedServer(script) as server:
        ready(desk, server, 5)
        done = desk.type("send", "--yes", "--reflect", "me@applicant.example")
    said = " ".join(done.out.split())
    assert words in said, said
    assert server.log.count(".") == copies
    assert "leave-out" not in said
    assert "Fix its address" not in said
    assert (done.code != 0, desk.states()) == (True, ["approved"] * 5)
    counted = copies if "Two copies" in words else 0
    assert desk.good("status", "--json").json["allowance"]["used"] == counted


def test_a_rehearsal_of_copies_sends_none(desk, server):
    ready(desk, server, 1)
    done = desk.good("send", "--reflect", "me@applicant.example", "--dry-run", "--yes")
    assert "nothing was sent" in done.out
    assert server.sessions == 0


def test_a_clock_of_giving_up_does_not_run_while_the_account_is_refused(desk):
    script = {"DOT": [DENIED], "RCPT": [None, "450 4.2.1 later"]}
    with ScriptedServer(script) as server:
        ready(desk, server, 1, **{"PC Email": ""})
        sent(desk, server)
        desk.day = date(2026, 10, 24)
        assert sent(desk, server).json["deferred"] == 1, "its 72 hours begin here"


# --- what concerns one recipient ------------------------------------------------------------


def test_greylisting_defers_one_letter_for_72_hours_and_holds_up_no_other(desk, monkeypatch):
    def greylisted(usual):
        return "451 4.7.1 Greylisted" if "pd2" in server.log[-1] else usual

    monkeypatch.setattr("planner.steps.sending.run.NAP", 60)
    with ScriptedServer({"RCPT": greylisted}) as server:
        ready(desk, server, 3, **{"PC Email": ""})
        clock = Passing(desk, monkeypatch)
        assert desk.type("send", "--yes").code == 75
        assert desk.states() == ["sent", "deferred", "sent"]
        done = desk.type("send", "--yes", "--watch")
    assert (done.code, desk.states()) == (1, ["sent", "refused", "sent"])
    assert "given up: 72 hours" in " ".join(done.out.split())
    assert timedelta(hours=70) < clock.now - noon(desk.day) < timedelta(hours=73)
    assert desk.letters()[1]["attempts"] > 50


def test_a_letter_that_does_not_count_still_keeps_its_distance(desk, monkeypatch):
    with ScriptedServer({"RCPT": ["550 5.1.1 no such user"] * 2}) as server:
        ready(desk, server, 3, **{"PC Email": ""})
        paced(desk, per_minute=1, per_day=1)
        clock = Passing(desk, monkeypatch)
        done = desk.type("send", "--yes")
    assert (done.code, desk.states()) == (1, ["refused", "refused", "sent"])
    assert 2 * 45 <= clock.slept <= 2 * 75


def test_ctrl_c_at_the_question_ends_its_line_and_sends_nothing(desk, server, terminal):
    desk.configure(port=server.port)
    desk.approved(1)
    child = terminal("1", command="send")
    child.expect(r"Send 1 letter\? \[y/N\]: ")
    interrupt(child, r"\r\nplanner: Interrupted\.")
    assert desk.states() == ["approved"]


def test_who_was_told_this_very_score_gets_no_second_letter_unless_a_person_says_so(desk, server):
    ready(desk, server, 1)
    desk.good("send", "--yes")
    desk.configure(port=server.port, score="score = 248\nfailed_attempts = 1")
    desk.good("draft")
    done = desk.type("approve", 2, "--unseen")
    assert (done.code, "told_before" in done.out) == (3, True), done.out
    desk.type("send", "--yes")
    assert len(server.accepted) == 1
