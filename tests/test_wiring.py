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
        wiring.crew(load_settings(desk.folder / "config.toml"))


def test_a_greeting_logs_in_once_and_sends_nothing(settings, monkeypatch):
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", CANARY)
    with ScriptedServer() as server:
        facts = wiring.greet(settings(port=server.port))
        assert (facts.auth_methods, facts.size_limit) == (("plain", "login"), 1000000)
        assert server.verbs().count("AUTH") == 1
        assert "MAIL" not in server.verbs()
    with ScriptedServer({"AUTH": "535 5.7.8 no"}) as server, pytest.raises(PersonNeededError):
        wiring.greet(settings(port=server.port))
    with ScriptedServer({"CONNECT": "554 no"}) as server, pytest.raises(TryLaterError):
        wiring.greet(settings(port=server.port))
