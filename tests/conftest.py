"""Guards: no test can reach a real home, a real config, or any host but loopback."""

import os
import signal
import socket
import threading
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("planner", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("planner")

# A shell that starts the tests in the background lets them, and all that they start, ignore
# Ctrl-C; some tests press it.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Commands that tests start find what was compiled for the first of them: half of their time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_addoption(parser):
    """`--engine postgresql`: the same tests of behavior on the other engine."""
    parser.addoption(
        "--engine",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="what keeps the data of the tests that type commands; other tests are left out",
    )


def pytest_collection_modifyitems(config, items):
    """On the other engine only what types commands is run again, but for SQLite's own."""
    if config.getoption("--engine") == "sqlite":
        return
    skip = pytest.mark.skip(reason="it is about SQLite's file")
    again = [item for item in items if "database_url" in item.fixturenames]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(again)])
    items[:] = again
    for item in items:
        if "sqlite_only" in item.keywords:
            item.add_marker(skip)


def pytest_sessionfinish(session):
    """A server that a test has started ends with the run."""
    from tests import postgresql

    postgresql.stop()


@pytest.fixture
def database_url(request, own_home):
    """What `database.url` says in a test: a file, or a database of a server of our own."""
    if request.config.getoption("--engine") == "sqlite":
        yield "sqlite:///planner.sqlite3"
        return
    from tests import postgresql

    server = postgresql.shared()
    url = server.fresh()
    yield url
    server.drop(url)


@pytest.fixture(scope="session", autouse=True)
def tables_made_once(tmp_path_factory):
    """Alembic makes the tables of the first new file; the next ones are copies of it.

    To make them takes longer than most tests; tests/test_migrations.py is about that.
    """
    from tests.fresh_tables import copying

    with copying(tmp_path_factory.mktemp("tables") / "template.sqlite3"):
        yield


LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    """A home, a config folder and a working folder of the test's own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in (
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "PLANNER_CONFIG",
        "PLANNER_SMTP_PASSWORD",
        "NO_COLOR",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(home)
    return home


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    """Connecting anywhere else fails the test."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test wanted to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def root() -> Path:
    """The top of the tree."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def desk(own_home, monkeypatch, capsys, database_url):
    """A working folder with a config, and `planner` as typed there on a day in October."""
    from tests.desk import Desk

    return Desk(own_home, monkeypatch, capsys, database_url)
