"""Settings become senders, and a greeting of the mail server."""

import pytest

from planner import wiring
from planner.config import load_settings
from planner.errors import PersonNeededError, TryLaterError
from tests.fakes import ScriptedServer

CANARY = "canary-4711-secret"


@pytest.fixture
def settings(desk):
    return desk.with_login


def test_without_a_mail_server_it_says_so(settings, desk):
    desk.configure()
    text = (desk.folder / "config.toml").read_text().replace('host = "127.0.0.1"\n', "")
    (desk.folder / "config.toml").write_text(text)
    with pytest.raises(PersonNeededError, match="neither provider nor host"):
        wiring.sender_factory(load_settings(desk.folder / "config.toml"))


def test_a_greeting_logs_in_once_asks_whether_letters_are_taken_and_sends_nothing(
    settings, monkeypatch
):
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", CANARY)
    with ScriptedServer() as server:
        facts, address, refusal = wiring.greet(settings(port=server.port))
        assert (facts.auth_methods, facts.size_limit) == (("plain", "login"), 1000000)
        assert (address, refusal) == ("robin@applicant.example", None)
    assert [line for line in server.log if "AUTH" not in line] == [
        "EHLO [127.0.0.1]",
        "MAIL FROM:<robin@applicant.example>",
        "RCPT TO:<robin@applicant.example>",
        "RSET",
        "QUIT",
    ]
    assert server.verbs().count("AUTH") == 1


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ({"AUTH": "535 5.7.8 no"}, PersonNeededError),
        ({"EHLO": "501 5.5.4 Invalid domain name"}, PersonNeededError),
        ({"CONNECT": "554 no"}, TryLaterError),
        ({"AUTH": "454 4.7.0 Too many login attempts"}, TryLaterError),
    ],
)
def test_a_greeting_that_fails_says_whether_a_person_is_needed(
    settings, monkeypatch, script, error
):
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", CANARY)
    with ScriptedServer(script) as server, pytest.raises(error) as caught:
        wiring.greet(settings(port=server.port), lambda cause, account: f"{cause} {account.port}")
    assert caught.value.hint.endswith(str(server.port)), "the hint is that of the cause"


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("550 5.7.1 not yours", PersonNeededError),
        ("450 4.2.1 later", TryLaterError),
        ("drop", TryLaterError),
    ],
)
def test_a_server_that_takes_no_letter_is_known_before_one_is_sent(
    settings, monkeypatch, verb, answer, error
):
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", CANARY)
    with ScriptedServer({verb: answer}) as server:
        _, _, refusal = wiring.greet(settings(port=server.port))
    assert type(refusal) is error
    assert refusal.hint
    assert "DATA" not in server.verbs()


@pytest.mark.parametrize("answer", ["drop", "500 what?"])
def test_nothing_depends_on_how_the_question_is_taken_back(settings, monkeypatch, answer):
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", CANARY)
    with ScriptedServer({"RSET": answer}) as server:
        assert wiring.greet(settings(port=server.port)).refusal is None


def test_the_logs_of_runs_are_beside_the_database_or_beside_the_config_of_a_servers(desk):
    from types import SimpleNamespace

    ws = wiring.Workspace(str(desk.folder / "config.toml"))
    assert ws.logged_beside == (ws.store.path or desk.folder / "planner")
    ws.store.close()
    ws.store = SimpleNamespace(path=None)
    assert ws.logged_beside == desk.folder / "planner"
