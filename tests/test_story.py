"""The main job, end to end: from a list to letters in a mailbox."""

import email
import mailbox
import os
import re
import subprocess
import sys
import venv
from email import policy

import pexpect
import pytest

from planner.cli.practice import PORT
from planner.config import load_settings
from planner.mail.loopback import LoopbackServer
from tests.fakes import ScriptedServer


def test_letters_arrive_exactly_as_they_were_read_and_never_twice(desk):
    with LoopbackServer(desk.folder / "mailbox") as server:
        desk.configure(port=server.port)
        desk.a_list(3)
        desk.good("draft")
        for number in (1, 2, 3):
            desk.good("preview", number)
        desk.good("approve", "1-3")
        wires = {}
        for letter in desk.letters():
            desk.good("preview", letter["id"], "--format", "eml", "-o", "out")
            wires[letter["message_id"]] = (
                desk.folder / f"out/letter-{letter['id']:04d}.eml"
            ).read_bytes()
        sent = desk.good("send", "--yes", "--json").json
        again = desk.good("send", "--yes", "--json").json
    assert (sent["sent"], again["sent"]) == (3, 0)
    assert desk.states() == ["sent"] * 3
    box = mailbox.Maildir(desk.folder / "mailbox")
    arrived = [bytes(m).replace(b"\r\n", b"\n") for m in box]
    assert len(arrived) == 3
    for raw in arrived:
        message = email.message_from_bytes(raw, policy=policy.default)
        date, _, rest = raw.partition(b"\n")
        assert date.startswith(b"Date: ")
        assert rest == wires[message["Message-ID"]].replace(b"\r\n", b"\n")


def test_the_demo_delivers_and_a_second_send_sends_nothing(desk):
    done = desk.good("demo", "--keep", "play")
    assert "29 letters arrived, 29 of them byte for byte as approved." in done.out
    assert "Sorry" not in done.err
    config = desk.folder / "play" / "config.toml"
    letters = desk.good("--config", config, "outbox", "list", "--json").json["letters"]
    assert {letter["id"] for letter in letters if letter["findings"]} == set(), "a false alarm"
    again = desk.good("--config", config, "send", "--yes", "--json").json
    assert again == {
        "sent": 0,
        "deferred": 0,
        "refused": 0,
        "unknown": 0,
        "held": 0,
        "remaining": 0,
        "letters": [],
    }
    assert load_settings(config).account.port == PORT, "where planner demo --serve listens"
    assert "another terminal: planner demo --serve" in done.out
    assert desk.type("demo", "--keep", "play").code == 2, "a folder that is in use is left alone"


def test_the_demo_fits_a_terminal_of_eighty_columns(desk):
    command = [sys.executable, "-m", "planner", "demo"]
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    child = pexpect.spawn(
        command[0],
        command[1:],
        cwd=str(desk.folder),
        encoding="utf-8",
        timeout=60,
        dimensions=(1000, 80),
        env={
            **environment,
            "TERM": "xterm",
            "NO_COLOR": "1",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )
    said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", child.read()).replace("\r\n", "\n")
    lines = [line.rpartition("\r")[2] for line in said.splitlines()]
    assert "letters arrived" in said
    assert [line for line in lines if len(line) > 80 and not line.startswith("$ ")] == []


def test_what_was_promised_is_told_in_the_same_thread(desk):
    with ScriptedServer() as server:
        pending = "expected_on = 2027-01-13"
        desk.configure(port=server.port, score=pending, transcript="")
        desk.sheet(
            {
                "Program": "Elm",
                "Specialty": "IM",
                "PD Email": "pd@elm.example",
                "Step 2 Policy": "requested",
            },
            header=["Program", "Specialty", "PD Email", "Step 2 Policy"],
        )
        desk.good("import", "list.csv")
        desk.good("draft")
        desk.good("approve", "1", "--unseen")
        desk.good("send", "--yes")
        desk.configure(port=server.port)
        desk.good("draft")
        desk.good("approve", "2", "--unseen")
        desk.good("send", "--yes")
    first, second = (email.message_from_bytes(m, policy=policy.default) for m in server.accepted)
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Subject"] == f"Re: {first['Subject']}"
    assert desk.type("draft").out.startswith("Nothing to draft; 1 letter")


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """The built wheel in an environment of its own."""
    from pathlib import Path

    root = Path(__file__).resolve().parent.parent
    folder = tmp_path_factory.mktemp("wheel")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, root]
    subprocess.run(build, check=True, capture_output=True, env=environment, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    # The dependencies come from this environment; only planner itself is the wheel's.
    venv.create(folder / "env", system_site_packages=False, with_pip=False)
    (purelib,) = (folder / "env/lib").glob("python3*/site-packages")
    here = next(p for p in sys.path if p.endswith("site-packages"))
    (purelib / "dependencies.pth").write_text(f"{here}\n")
    unpack = [sys.executable, "-m", "zipfile", "-e", wheel, purelib]
    subprocess.run(unpack, check=True, capture_output=True)
    return folder / "env/bin/python"


def test_an_installed_wheel_has_its_pages_its_phrases_and_the_example_config(installed, tmp_path):
    code = (
        "from planner.cli.page import page; from planner.rules.lint.phrases import all_phrases;"
        "from planner.options.example import example; from planner.resources import resource;"
        "assert page([], 'Ünïted').count('Ünïted') == 2; assert all_phrases();"
        "assert resource('config.example.toml').read_text('utf-8') == example()"
    )
    subprocess.run([installed, "-c", code], cwd=tmp_path, check=True)


def test_an_installed_wheel_has_templates_and_migrations_and_runs_the_demo(installed, tmp_path):
    code = (
        "import planner.resources as r, planner.cli as c;"
        "assert 'env' in r.__file__, r.__file__;"
        "print(r.resource('templates'), r.resource('migrations'));"
        "raise SystemExit(c.run(['demo']))"
    )
    done = subprocess.run(
        [installed, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "_data/templates" in done.stdout
    assert "29 letters arrived" in done.stdout
