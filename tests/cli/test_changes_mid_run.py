"""Changes while letters are being sent: no outdated letter leaves, or the command says so.

Changes come from another terminal while the server holds one step of a delivery.  From the
greeting to the go-ahead for the body the letter is claimed; at the dot it has its mark.
"""

import asyncio
import io
import re
import sys
from dataclasses import fields
from datetime import date

import pytest

from planner import config, wiring
from planner.cli import run
from planner.errors import PlannerError
from planner.rules.facts import Program
from planner.steps.sending import SendOptions, preview_due
from planner.steps.sending.due import fetch_due
from planner.steps.sending.record import HeldBackError, SendRecorder
from planner.wiring import Workspace
from tests.fakes import ScriptedServer
from tests.test_laws import OTHER

pytestmark = pytest.mark.long

BEFORE_THE_MARK = ["CONNECT", "MAIL", "RCPT", "DATA"]
NEW = {
    "Program": "Elm 1 Hospital",
    "Specialty": "IM",
    "Director": "Ada Bergström",
    "PD Email": "pd1@elm1.example",
    "PC Email": "pc1@elm1.example",
    "Status": "interviewed",
}


@pytest.fixture(autouse=True)
def no_editor(monkeypatch):
    """Nobody is in the middle of writing a config here."""
    monkeypatch.setattr(config, "SETTLED", 0.001)


def elsewhere(*words):
    """Run a command as from another terminal, while the sender waits for its server."""
    said, before = io.StringIO(), (sys.stdout, sys.stderr)
    sys.stdout = sys.stderr = said
    try:
        code = run([str(word) for word in words])
    finally:
        sys.stdout, sys.stderr = before
    return int(code), " ".join(said.getvalue().split())


class Held(ScriptedServer):
    """A server that does something before it answers to a verb, once for each letter."""

    def acts(self, desk, verb, *acts):
        """Do the n-th act while the n-th letter is in the hands of the sender."""
        self.said = [None] * len(acts)

        def answer(usual):
            held = desk.sql("SELECT id FROM letters WHERE state IN ('claimed', 'committing')")
            for (number,) in held:
                if number <= len(acts) and self.said[number - 1] is None:
                    self.said[number - 1] = acts[number - 1]() or (0, "")
            return usual

        self.script = {verb: answer}
        return self


def sent(desk, server, *words, count=2):
    desk.configure(port=server.port)
    desk.approved(count)
    return desk.type("send", "--yes", *words)


def rewrite(desk, *pairs):
    """Change the config as an editor does."""
    path = desk.folder / "config.toml"
    text = path.read_text()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text)


def receivers(server):
    return {n for n in range(1, 20) for m in server.accepted if b"To: pd%d@" % n in m}


def imported(desk, **changes):
    return elsewhere("import", desk.sheet({**NEW, **changes}, name="mended.csv"), "--force")


# A fact of a letter, the command that changes it, and what the sender says of it.
FACTS = {
    "To": (["programs", "set", "#{n}", "director_email=new@elm.example"], "to: pd{n}@elm{n}"),
    "name": (["programs", "set", "#{n}", "director_last_name=Berg"], "-> Dear Dr. Berg"),
    "Cc": (["programs", "set", "#{n}", "coordinator_email=pc@elm.example"], "cc: pc{n}@elm{n}"),
    "program": (["programs", "set", "#{n}", "program=Ulmen-Klinik Österöd"], "Ulmen-Klinik"),
    "status": (["programs", "set", "#{n}", "status=rejected"], "salutation"),
    "policy": (["programs", "set", "#{n}", "contact_policy=none"], "the decision is now excluded"),
    "notes": (["programs", "set", "#{n}", "notes=PD said do not email"], "notes against"),
    "told": (["outbox", "record", "#{n}", "--on", "2026-10-12"], "already_told"),
}
ALL = len(FACTS)


def changes():
    """A change for each letter, in the order of their numbers."""
    return [
        lambda n=n, words=words: elsewhere(*(word.format(n=n) for word in words))
        for n, (words, _) in enumerate(FACTS.values(), 1)
    ]


@pytest.mark.parametrize("verb", BEFORE_THE_MARK)
def test_a_fact_that_changes_before_the_mark_holds_its_letter_and_no_other(desk, verb):
    with Held() as server:
        done = sent(desk, server.acts(desk, verb, *changes()), count=ALL + 1)
    assert (receivers(server), done.code) == ({ALL + 1}, 3), done.out
    shown, states = " ".join(done.out.split()), desk.states()
    for n, (code, said) in enumerate(server.said, 1):
        why = list(FACTS.values())[n - 1][1].format(n=n)
        assert (code, f"Letter {n} (" in said, "is being sent as it" in said) == (0, True, True)
        assert "then holds it back" in said
        assert why in said
        (told,) = [x for x in shown.split("held back: ") if x.startswith(f"letter {n}, ")]
        assert why in told
        assert states[n - 1] == ("draft" if "no longer approved" in told else "approved")
    assert desk.good("db", "check")


def test_a_fact_that_changes_after_the_mark_comes_too_late_and_the_command_says_so(desk):
    with Held() as server:
        done = sent(desk, server.acts(desk, "DOT", *changes()), count=ALL)
    assert (done.code, desk.states()) == (0, ["sent"] * ALL), done.out
    for n, (code, said) in enumerate(server.said, 1):
        assert (code, f"Letter {n} (" in said) == (0, True), said
        assert "can no longer be stopped and goes out as it was approved" in said
        assert list(FACTS.values())[n - 1][1].format(n=n) in said


@pytest.mark.parametrize(("verb", "leaves"), [("RCPT", False), ("DOT", True)])
def test_an_import_says_what_it_changes_under_a_letter(desk, verb, leaves):
    with Held() as server:
        sent(desk, server.acts(desk, verb, lambda: imported(desk)))
    ((code, said),) = server.said
    assert (code, 1 in receivers(server)) == (0, leaves)
    assert ("can no longer be stopped" if leaves else "is being sent as it was approved") in said
    assert "Dr. Bergström" in said


IN_HAND = {
    "cancel": ["cancel", 1],
    "unapprove": ["unapprove", 1],
    "leave-out": ["leave-out", 1],
    "edit": ["edit", 1, "--subject", "Something else"],
    "merge": ["programs", "merge", 2, 1],
    "remove": ["programs", "remove", 1],
}


@pytest.mark.parametrize("verb", ["RCPT", "DOT"])
def test_what_acts_on_a_letter_under_way_is_refused_and_says_so(desk, verb):
    def every():
        return {command: elsewhere(*words) for command, words in IN_HAND.items()}

    with Held() as server:
        done = sent(desk, server.acts(desk, verb, every))
    assert (done.code, desk.states()) == (0, ["sent", "sent"])
    for command, (code, said) in server.said[0].items():
        assert code == 3, (command, said)
        assert re.search("is being sent|is on its way|it has left, or may have", said), said
        assert "A sender is working on it" in said


@pytest.mark.parametrize(
    "words", [["programs", "set", 1, "notes=rang them"], ["status"], ["draft"]]
)
def test_what_changes_nothing_of_a_letter_holds_up_nothing(desk, words):
    with Held() as server:
        done = sent(desk, server.acts(desk, "RCPT", lambda: elsewhere(*words)))
    ((code, said),) = server.said
    assert (code, done.code, desk.states()) == (0, 0, ["sent", "sent"])
    assert "Letter 1" not in said


CONFIG = {
    "name": [("Robin Sample", "Robin B. Sample")],
    "email": [("robin@applicant.example", "robin.sample@applicant.example")],
    "score": [("score = 248", "score = 243")],
    "no score": [("score = 248\n", "expected_on = 2027-01-13\n")],
    "released": [("released_on = 2026-10-01", "released_on = 2026-10-30")],
    "transcript": [("eras = 2026-10-02", "eras = 2026-12-02")],
    "account": [('host = "127.0.0.1"', 'host = "localhost"')],
}


STEPS = [("RCPT", key) for key in CONFIG] + [(verb, "score") for verb in ("CONNECT", "DATA")]


@pytest.mark.parametrize(("verb", "key"), STEPS)
def test_a_config_that_changes_before_the_mark_holds_all_that_it_changes(desk, verb, key):
    with Held() as server:
        done = sent(desk, server.acts(desk, verb, lambda: rewrite(desk, *CONFIG[key])))
    assert (done.code, server.accepted) == (3, []), done.out
    shown = " ".join(done.out.split())
    assert "held back: letter 1, " in shown
    assert "held back: letter 2, " in shown
    assert "The config was changed; from here on the run goes by what it says now." in shown
    assert not {"sent", "claimed", "committing"} & set(desk.states())


def test_a_config_that_changes_after_the_mark_holds_the_next_letter(desk):
    with Held() as server:
        done = sent(desk, server.acts(desk, "DOT", lambda: rewrite(desk, *CONFIG["score"])))
    assert (done.code, receivers(server)) == (3, {1}), done.out
    assert "held back: letter 2, " in " ".join(done.out.split())


def test_a_config_that_changes_nothing_of_a_letter_sends_on_by_its_new_pace(desk):
    with Held() as server:
        server.acts(desk, "RCPT", lambda: rewrite(desk, ("per_day = 0", "per_day = 2")))
        done = sent(desk, server, count=3)
    assert (done.code, desk.states()) == (75, ["sent", "sent", "approved"]), done.out
    assert "Today's allowance of 2 is used up" in done.out


@pytest.mark.parametrize("verb", ["RCPT", "DOT"])
def test_a_config_that_is_of_no_use_stops_the_run_with_its_sentence(desk, verb):
    with Held() as server:
        server.acts(desk, verb, lambda: rewrite(desk, ("score = 248", "score = 24x")))
        done = sent(desk, server)
    good = ("score = 24x", "score = 248")
    rewrite(desk, good)
    assert desk.states() == (["sent", "approved"] if verb == "DOT" else ["approved"] * 2)
    assert done.code == 2
    assert "is not valid TOML" in " ".join(done.out.split())
    assert "Traceback" not in done.out + done.err


def test_another_database_stops_the_run(desk):
    with Held() as server:
        server.acts(desk, "RCPT", lambda: rewrite(desk, (desk.url, "sqlite:///other.sqlite3")))
        done = sent(desk, server)
    rewrite(desk, ("sqlite:///other.sqlite3", desk.url))
    assert (done.code, desk.states()) == (2, ["approved", "approved"])
    assert "database.url" in done.out


def test_a_config_that_is_away_for_a_moment_is_one_that_is_being_replaced(desk):
    path = desk.folder / "config.toml"

    def replace():
        text = path.read_text()
        path.unlink()
        path.write_text(text)

    with Held() as server:
        done = sent(desk, server.acts(desk, "RCPT", replace))
    assert (done.code, desk.states()) == (0, ["sent", "sent"])
    assert "The config was changed" not in done.out


@pytest.mark.parametrize("key", ["score", "email"])
def test_copies_to_oneself_end_when_the_config_changes(desk, key):
    with ScriptedServer() as server:

        def answer(_usual):
            if server.accepted == []:
                rewrite(desk, *CONFIG[key])

        server.script = {"RCPT": answer}
        done = sent(desk, server, "--reflect", "robin@applicant.example", count=3)
    assert (done.code, len(server.accepted)) == (75, 1), done.out
    assert "The config was changed while copies were sent" in " ".join(done.out.split())
    assert desk.states() == ["approved"] * 3


def test_a_run_that_watches_over_days_goes_by_the_config_of_its_last_claim(desk, monkeypatch):
    from tests.cli.test_send import Passing, slow_by

    with Held({"RCPT": ["451 4.3.0 later"]}) as server:
        desk.configure(port=server.port)
        desk.approved(2)
        clock = Passing(desk, monkeypatch)

        async def sleep(seconds):
            if "score = 243" not in (desk.folder / "config.toml").read_text():
                rewrite(desk, ("score = 248", "score = 243"))
            await clock.sleep(seconds)

        monkeypatch.setattr("planner.wiring.send_run", slow_by(sleep))
        done = desk.type("send", "--yes", "--watch")
    assert desk.day == date(2026, 10, 20)
    assert (done.code, desk.states(), receivers(server)) == (3, ["draft", "sent"], {2}), done.out
    assert "score: 248 -> 243" in " ".join(done.out.split())


# The database and the templates stop a run; of the matches one stands for all.
LEFT_OUT = {"database", "letters", "import", "smtp.timeouts", "cycle.sfmatch", "cycle.sau"}
KEYS = [
    (section, str(key), value)
    for section, keys in OTHER.items()
    if section not in LEFT_OUT
    for key, value in keys.items()
]


def with_key(text, section, key, value):
    """A config in which one key has another value."""
    lines = [line for line in text.splitlines() if not line.startswith(f"{key} =")]
    if f"[{section}]" not in lines:
        lines.append(f"[{section}]")
    at = lines.index(f"[{section}]")
    return "\n".join([*lines[: at + 1], f"{key} = {value}", *lines[at + 1 :]])


AS_APPROVED = [
    (
        "INSERT INTO events (letter_id, at, from_state, to_state, command)"
        " SELECT id, now(), state, 'approved', 'test' FROM letters WHERE state <> 'approved'"
    ),
    "DELETE FROM attempts",
    "UPDATE letters SET state = 'approved', owner = NULL, lease_until = NULL",
    "UPDATE letters SET date_header = NULL, first_attempt_at = NULL, held_because = NULL",
]


@pytest.fixture
def kept(desk):
    """Approved letters, and how to have them back as they were."""
    desk.configure(port=1)
    desk.approved(2)
    if not desk.url.startswith("sqlite"):
        return lambda: list(map(desk.sql, AS_APPROVED))
    files = {
        path: path.read_bytes() for path in [*desk.folder.glob("planner.*"), *desk.witnesses()]
    }

    def again():
        for left in [*desk.folder.glob("planner.*"), *desk.witnesses()]:
            if left.is_file():
                left.unlink()
        for path, content in files.items():
            path.write_bytes(content)
            path.chmod(0o600)

    return again


def held_at_the_mark(change):
    """What a letter is held for at its mark, when the config changed behind its claim."""
    ws = Workspace("config.toml")
    run = wiring.send_run(ws, SendOptions())
    with ws.store.commits() as commits:
        due = commits.run_blocking(lambda unit: fetch_due(unit.tx, run))
        recorder = SendRecorder(run, commits)
        delivery = asyncio.run(recorder.claim(due.going[0]))
        change()
        try:
            asyncio.run(recorder.mark(delivery))
        except (HeldBackError, PlannerError) as held:
            return str(held)
        finally:
            ws.store.close()
    return ""


def held_at_the_start():
    """What the same letter is held for by a run that begins with that config."""
    ws = Workspace("config.toml")
    try:
        wiring.sender_factory(ws.settings)
        due = preview_due(wiring.send_run(ws, SendOptions()))
        first = next(result for result in due.considered if result.letter.id == 1)
        return first.reason
    except PlannerError as error:
        return str(error)
    finally:
        ws.store.close()


def test_each_key_of_the_config_does_at_the_mark_what_it_does_at_the_start(desk, kept):
    path, held = desk.folder / "config.toml", 0
    text = path.read_text()
    for section, key, value in KEYS:
        changed = with_key(text, section, key, value)
        kept()
        path.write_text(changed)
        at_start = held_at_the_start()
        kept()
        path.write_text(text)
        at_mark = held_at_the_mark(lambda changed=changed: path.write_text(changed))
        assert at_mark == at_start, (section, key)
        held += bool(at_mark)
    assert held > 10, "keys that matter were among them"


# Another value for each fact of a program; {n} is the program's number.
OTHER_FACTS = {
    "program": "Ulmen Hospital {n}",
    "specialty": "FM",
    "track": "preliminary",
    "acgme_id": "14000000{n:02}",
    "nrmp_code": "12{n:02}140C0",
    "institution": "Example University",
    "city": "Denver",
    "state": "CO",
    "director_first_name": "Grace",
    "director_last_name": "Berg",
    "director_email": "new{n}@elm{n}.example",
    "coordinator_name": "Pat Sample",
    "coordinator_email": "other{n}@elm{n}.example",
    "status": "rejected",
    "interview_date": "2026-10-12",
    "step2_policy": "required_to_rank",
    "top_choice": "yes",
    "signal": "gold",
    "connection": "I grew up two streets from the hospital",
    "reason": "the night float system that your residents described",
    "impression": "the long talk with your chief residents",
    "contact_policy": "none",
    "contact_channel": "a form on the website",
    "application_service": "other",
    "rank_list_locked": "yes",
    "told_on": "2026-10-12",
    "notes": "PD said do not email",
}
OTHER_LISTS = {"extra"}  # columns that planner does not know
IDENTITY = {"program", "specialty", "track", "acgme_id", "nrmp_code", "city", "state"}
BY_IMPORT = [name for name in OTHER_FACTS if name not in IDENTITY]
PROGRAMS = {
    "interviewed": {"status": "interviewed", "impression": "the warm welcome"},
    "waiting": {
        "status": "waitlisted",
        "step2_policy": "requested",
        "reason": "the {n} beds of the clinic in the valley",
    },
}
CHANGES = [("set", name) for name in OTHER_FACTS] + [("import", name) for name in BY_IMPORT]


def test_the_table_of_facts_has_every_fact():
    names = {field.name for field in fields(Program)}
    assert set(OTHER_FACTS) == names - {"id"} - OTHER_LISTS


# What an import asks about first, as of some cells.
FORCED = {name: ("--force",) for name in BY_IMPORT} | {
    "notes": ("--force", "--map", "notes=notes"),
}


def a_row(number, kind, **changed):
    """A program of a list whose columns are called as planner calls them."""
    return {
        "program": f"Elm {number:03} Hospital",
        "specialty": "IM",
        "director_last_name": "Roth",
        "director_email": f"pd{number}@elm{number}.example",
        "coordinator_email": f"pc{number}@elm{number}.example",
        **{name: value.format(n=number) for name, value in PROGRAMS[kind].items()},
        **changed,
    }


def change(desk, number, kind, how, name):
    """Change a fact by a command from another terminal; gives what that said."""
    value = OTHER_FACTS[name].format(n=number)
    if how == "set":
        return elsewhere("programs", "set", f"#{number}", f"{name}={value}")
    row = a_row(number, kind, **{name: value})
    return elsewhere(
        "import", desk.sheet(row, header=list(row), name="mended.csv"), *FORCED.get(name, ())
    )


def without_numbers(text):
    return re.sub(r"\d+", "N", text)


@pytest.mark.parametrize("kind", PROGRAMS)
def test_each_fact_does_at_the_mark_what_it_does_at_the_start_and_the_command_says_so(desk, kind):
    count = len(CHANGES)
    rows = [a_row(n, kind) for n in range(1, 2 * count + 1)]
    desk.good("import", desk.sheet(*rows, header=list(rows[0])))
    desk.good("draft")
    desk.good("approve", f"1-{2 * count}", "--unseen")
    for n, (how, name) in enumerate(CHANGES, count + 1):  # the second half, before the run
        code, said = change(desk, n, kind, how, name)
        assert code == 0, (name, said)
    ws = Workspace("config.toml")
    run, held = wiring.send_run(ws, SendOptions(allow_mass=True)), 0
    with ws.store.sender_lock(), ws.store.commits() as commits:
        due = commits.run_blocking(lambda unit: fetch_due(unit.tx, run))
        at_start = {x["id"]: x["held_because"] or "" for x in desk.letters()}
        recorder = SendRecorder(run, commits)
        for n, (how, name) in enumerate(CHANGES, 1):
            (letter,) = [x for x in due.going if x.id == n]
            delivery = asyncio.run(recorder.claim(letter))
            code, said = change(desk, n, kind, how, name)
            assert code == 0, (name, said)
            try:
                asyncio.run(recorder.mark(delivery))
                why = ""
            except HeldBackError as error:
                why = str(error)
                asyncio.run(recorder.release(delivery, error))
            assert without_numbers(why) == without_numbers(at_start[n + count]), (how, name)
            assert ("is being sent as it was approved" in said) is bool(why), (how, name, said)
            held += bool(why)
    ws.store.close()
    assert held > count / 3, "facts that matter were among them"
