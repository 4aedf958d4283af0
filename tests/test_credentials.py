"""Where the secret comes from, and that it goes nowhere else."""

import sys
import types

import pytest

from planner import credentials
from planner.errors import PersonNeededError
from tests.fakes import ScriptedServer

CANARY = "canary-4711-secret"


@pytest.fixture
def settings(desk):
    return desk.with_login


def command(code):
    return f"password_command = [{sys.executable!r}, '-c', {code!r}]"


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
    with pytest.raises(PersonNeededError, match="did not take part") as caught:
        credentials.store_secret(settings(), CANARY)
    assert CANARY not in caught.value.message


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
