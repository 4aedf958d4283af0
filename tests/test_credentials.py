"""Where the secret comes from, and that it is never shown."""

import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
import types

import pexpect
import pytest

from planner import credentials
from planner.errors import PersonNeededError
from tests.fakes import ScriptedServer

CANARY = "canary-4711-secret"


@pytest.fixture
def settings(desk):
    return desk.with_login


def command(code):
    return f"password_command = {json.dumps([sys.executable, '-c', code])}"


def with_command(settings, code):
    return settings(more=command(code))


class FakeKeyring(types.ModuleType):
    """A keyring in memory, with the names that we use of the real one."""

    def __init__(self):
        super().__init__("keyring")
        self.kept = {}
        self.errors = types.ModuleType("keyring.errors")
        self.errors.KeyringError = type("KeyringError", (Exception,), {})
        self.errors.PasswordDeleteError = type(
            "PasswordDeleteError", (self.errors.KeyringError,), {}
        )

    def get_password(self, service, name):
        return self.kept.get((service, name))

    def set_password(self, service, name, password):
        self.kept[service, name] = password

    def delete_password(self, service, name):
        if self.kept.pop((service, name), None) is None:
            raise self.errors.PasswordDeleteError


@pytest.fixture
def keyring(monkeypatch):
    fake = FakeKeyring()
    monkeypatch.setitem(sys.modules, "keyring", fake)
    monkeypatch.setitem(sys.modules, "keyring.errors", fake.errors)
    return fake


def test_the_environment_comes_first_then_the_command_then_the_keyring(settings, keyring):
    found = with_command(settings, "print('from-command')")
    credentials.store_secret(found, "from-keyring")
    assert (
        credentials.secret(found, {"PLANNER_SMTP_PASSWORD": "from-environment"})
        == "from-environment"
    )
    assert credentials.secret(found, {}) == "from-command"
    assert credentials.secret(settings(), {}) == "from-keyring"


def test_what_was_stored_can_be_taken_out_again(settings, keyring):
    found = settings()
    credentials.store_secret(found, CANARY)
    credentials.store_secret(found, None)
    credentials.store_secret(found, None)
    with pytest.raises(PersonNeededError, match="no password for") as caught:
        credentials.secret(found, {})
    assert "planner login" in caught.value.hint


@pytest.mark.parametrize(
    "code", [f"print({CANARY!r}); raise SystemExit(1)", "print()", "raise SystemExit(3)"]
)
def test_a_command_that_gives_no_password_is_named_and_its_output_shown_nowhere(settings, code):
    with pytest.raises(PersonNeededError, match="password_command") as caught:
        credentials.secret(with_command(settings, code), {})
    assert CANARY not in f"{caught.value.message}{caught.value.hint}"


def test_a_command_with_an_empty_first_line_is_told_so(settings):
    with pytest.raises(PersonNeededError, match="printed an empty first line") as caught:
        credentials.secret(with_command(settings, f"print(); print({CANARY!r})"), {})
    assert CANARY not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize(
    ("given", "found"), [(f"{CANARY}\n", CANARY), (f" {CANARY}  ", f" {CANARY}  ")]
)
def test_a_password_is_taken_as_it_is_but_for_the_end_of_its_line(settings, given, found):
    assert credentials.secret(settings(), {"PLANNER_SMTP_PASSWORD": given}) == found


@pytest.mark.parametrize("given", ["\n", f"{CANARY}\nmore", f"{CANARY}\0"])
def test_what_cannot_be_a_password_is_not_taken_for_one(settings, given):
    with pytest.raises(PersonNeededError, match="cannot be a password") as caught:
        credentials.secret(settings(), {"PLANNER_SMTP_PASSWORD": given})
    assert CANARY not in f"{caught.value.message}{caught.value.hint}"


def test_a_command_that_is_not_there_is_named(settings):
    missing = settings(more='password_command = "no-such-command-at-all"')
    with pytest.raises(PersonNeededError, match="could not be run: No such file"):
        credentials.secret(missing, {})


def test_without_the_keyring_package_it_is_said_what_to_install(settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(PersonNeededError, match="one more package"):
        credentials.store_secret(settings(), CANARY)


def test_a_broken_keyring_is_told_and_is_no_password(settings, keyring, monkeypatch):
    def broken(*_):
        raise keyring.errors.KeyringError(CANARY)

    monkeypatch.setattr(keyring, "get_password", broken)
    monkeypatch.setattr(keyring, "set_password", broken)
    with pytest.raises(PersonNeededError, match="no password for"):
        credentials.secret(settings(), {})
    with pytest.raises(PersonNeededError, match="The system keyring could not") as caught:
        credentials.store_secret(settings(), CANARY)
    assert CANARY not in caught.value.message


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("NoKeyringError", "This computer has no system keyring that planner can use."),
        ("KeyringLocked", "The system keyring is locked"),
        ("OtherError", r"could not be used \(OtherError\)"),
    ],
)
def test_a_keyring_that_cannot_be_used_is_told_before_a_secret_is_asked_for(
    settings, keyring, monkeypatch, name, said
):
    def broken(*_):
        raise type(name, (keyring.errors.KeyringError,), {})(CANARY)

    credentials.refuse_without_keyring(settings())
    monkeypatch.setattr(keyring, "get_password", broken)
    with pytest.raises(PersonNeededError, match=said) as caught:
        credentials.refuse_without_keyring(settings())
    assert "smtp.password_command" in caught.value.hint


@pytest.mark.parametrize("reply", ["235 2.7.0 ok", "535 5.7.8 no", "drop", "garbage"])
@pytest.mark.parametrize("verbose", [[], ["--verbose"]])
def test_a_canary_password_reaches_no_output_and_no_file(
    desk, settings, monkeypatch, reply, verbose
):
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", CANARY)
    with ScriptedServer({"AUTH": reply}) as server:
        settings(port=server.port)
        desk.approved(1)
        done = desk.type(*verbose, "send", "--yes")
        doctor = desk.type(*verbose, "doctor")
        assert "AUTH" in server.verbs()
    import base64

    encoded = base64.b64encode(f"\0robin@applicant.example\0{CANARY}".encode()).decode()
    written = b"".join(p.read_bytes() for p in desk.folder.rglob("*") if p.is_file())
    for said in (done.out, done.err, doctor.out, doctor.err, written.decode("utf-8", "replace")):
        assert CANARY not in said
        assert encoded not in said


def refused(settings, code, monkeypatch, *, seconds=60):
    monkeypatch.setattr(credentials, "COMMAND_SECONDS", seconds)
    with pytest.raises(PersonNeededError) as caught:
        credentials.secret(with_command(settings, code), {})
    assert CANARY not in f"{caught.value.message}{caught.value.hint}"
    assert (caught.value.code, bool(caught.value.hint)) == ("password_command", True)
    return caught.value.message


ENDLESS = f"""
import sys
while True:
    sys.stdout.write({CANARY!r} * 1000)
"""
# A child of the command that writes its number down, and would live for a minute.
PARENT = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path({path!r}).write_text(str(child.pid))
{then}
"""


def has_ended(pid, seconds):
    """Whether a process has ended, or does so within some seconds: a signal takes a moment."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], seconds)[0])
    finally:
        os.close(process)


def test_a_command_that_prints_without_end_is_killed(settings, monkeypatch):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    assert "printed more than 64 KiB" in refused(settings, ENDLESS, monkeypatch)
    assert time.monotonic() - began < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KiB


def test_a_command_that_does_not_end_is_killed(settings, monkeypatch):
    code = f"import time; print({CANARY!r}, flush=True); time.sleep(60)"
    assert "took too long" in refused(settings, code, monkeypatch, seconds=0.5)


def test_a_command_that_closes_its_output_and_goes_on_is_killed(settings, monkeypatch):
    code = f"import os, time; print({CANARY!r}, flush=True); os.close(1); time.sleep(60)"
    assert "took too long" in refused(settings, code, monkeypatch, seconds=0.5)


@pytest.mark.parametrize(
    ("then", "seconds", "said"),
    [("time.sleep(60)", 1, "took too long"), ("while True: print('x' * 999)", 60, "64 KiB")],
)
def test_its_children_are_killed_with_it(settings, monkeypatch, tmp_path, then, seconds, said):
    code = PARENT.format(path=str(tmp_path / "pid"), then=then)
    assert said in refused(settings, code, monkeypatch, seconds=seconds)
    assert has_ended(int((tmp_path / "pid").read_text()), 20)


def test_a_child_that_it_leaves_running_is_not_waited_for(settings, tmp_path):
    code = PARENT.format(path=str(tmp_path / "pid"), then="print('from-command')")
    assert credentials.secret(with_command(settings, code), {}) == "from-command"
    child = int((tmp_path / "pid").read_text())
    assert not has_ended(child, 0)
    os.kill(child, signal.SIGKILL)


def test_bytes_that_are_not_text_are_a_sentence(settings, monkeypatch):
    code = "import os; os.write(1, b'\\xff\\xfe\\x9f')"
    assert "not UTF-8 text" in refused(settings, code, monkeypatch)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("pass word\\r\\n", "pass word"),
        ("secret", "secret"),
        ("p\\u00e4ss\\nuser: robin\\n", "p\u00e4ss"),
        (" kept \\n", " kept "),
    ],
)
def test_the_first_line_is_the_password_without_its_end(settings, printed, found):
    code = f"import sys; sys.stdout.buffer.write('{printed}'.encode())"
    assert credentials.secret(with_command(settings, code), {}) == found


def test_what_it_says_on_standard_error_goes_nowhere(root):
    code = f"import sys; sys.stderr.write({CANARY!r}); print('x')"
    script = "import sys; from planner.subprocesses import run_bounded as run\n"
    script += f"print(run([sys.executable, '-c', {code!r}], seconds=20, most=99))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("(b'x\\n', 0)\n", "")


ASKS = """
tty = open("/dev/tty", "r+b", buffering=0)
tty.write(b"passphrase? ")
print(tty.readline().decode().strip())
"""
ON_A_TERMINAL = """
import sys
from planner.subprocesses import run_bounded
for _ in range(2):
    print("got", run_bounded(["{python}", "-c", {asks!r}], seconds=20, most=99))
print("then", input())
"""


def test_a_command_may_ask_on_the_terminal_and_gives_it_back(root):
    script = ON_A_TERMINAL.format(python=sys.executable, asks=ASKS)
    environment = {**os.environ, "PYTHONPATH": str(root)}
    child = pexpect.spawn(
        sys.executable, ["-c", script], env=environment, timeout=20, encoding="utf-8"
    )
    for answer in ("one", "two"):
        child.expect_exact("passphrase? ")
        child.sendline(answer)
        child.expect_exact(f"got (b'{answer}\\n', 0)")
    child.sendline("three")
    child.expect_exact("then three")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
