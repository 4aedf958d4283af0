"""A PostgreSQL server of the tests' own: on a socket in a folder, gone with the run."""

import functools
import os
import secrets
import shutil
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from planner.store.database import open_store
from planner.store.lineage import read_standing, rename
from planner.store.witness import Testimony, Witness

# A run of tests loses nothing by a crash: what it is not durable for makes it quick.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}


@functools.cache
def programs():
    """The folder of the server's programs, the newest ones; None where there are none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda x: int(x.parts[4])
    )
    if found:
        return found[-1].parent
    there = shutil.which("postgres")
    return Path(there).parent if there else None


def why_not():
    """Why no server can be started here; empty where one can."""
    if programs() is None:
        return "PostgreSQL is not installed (on Debian: apt-get install postgresql)"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed (pip install 'step2-planner[postgres]')"
    return ""


class Server:
    """A server with a database of the present schema, of which copies are quick."""

    TEMPLATE = "planner_template"

    def __init__(self):
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._made = 0
        # The server refuses to run as root; then it is the user that its package made.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder.chmod(0o755)
        (self._folder / "socket").mkdir()
        (self._folder / "socket").chmod(0o777)
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run(
            "initdb", "--pgdata", self.data, "--auth=trust", "--username=planner", "--no-sync"
        )
        options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        options += f" -c unix_socket_directories='{self._folder / 'socket'}'"
        self._run(
            "pg_ctl", "--pgdata", self.data, "--wait", "--log", self._folder / "log", "-o", options,
            "start",
        )  # fmt: skip
        self._execute(f"CREATE DATABASE {self.TEMPLATE}")
        from planner.store.database import open_store

        open_store(self.url(self.TEMPLATE), base=self._folder).close()

    @property
    def data(self):
        """The folder of the databases."""
        return self._folder / "data"

    def url(self, name):
        """How a database is opened."""
        return f"postgresql+psycopg://planner@/{name}?host={self._folder / 'socket'}"

    def empty(self):
        """The URL of a new database without tables."""
        return self._another("CREATE DATABASE {}")

    def fresh(self):
        """The URL of a new database with the present schema."""
        url = self._another("CREATE DATABASE {} TEMPLATE " + self.TEMPLATE)
        with closing(open_store(url, base=self._folder)) as store:
            begin_anew(store)
        return url

    def copy(self, url):
        """The URL of a copy of a database, as a backup of it would be; nobody may be connected."""
        return self._another("CREATE DATABASE {} TEMPLATE " + _name(url))

    def put_back(self, url, copy):
        """Put a copy in the place of a database."""
        self.drop(url)
        self._execute(f"CREATE DATABASE {_name(url)} TEMPLATE {_name(copy)}")

    def _another(self, statement):
        self._made += 1
        name = f"test_{self._made}"
        self._execute(statement.format(name))
        return self.url(name)

    def drop(self, url):
        """Take a database away."""
        self._execute(f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")

    def stop(self):
        """End the server and take its folder away."""
        self._run("pg_ctl", "--pgdata", self.data, "--mode=immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _execute(self, statement):
        import psycopg

        socket = str(self._folder / "socket")
        with psycopg.connect(
            host=socket, user="planner", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def _run(self, program, *words):
        command = [str(programs() / program), *map(str, words)]
        done = subprocess.run(
            command, user=self._user, cwd="/", text=True, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def _name(url):
    return url.partition("?")[0].rpartition("/")[2]


def begin_anew(store):
    """Let a copy be a database of its own, with a witness in the present home."""
    with store.begin(reconciling=True) as tx:
        rename(tx, secrets.token_hex(8))
    with store.read() as tx:
        standing = read_standing(tx)
    Witness(standing.uid).replace(Testimony(standing.generation, standing.line))


@functools.cache
def shared():
    """The server of this process, started by who first asks."""
    if reason := why_not():
        pytest.skip(reason)
    return Server()


def stop():
    """End the server of this process, if one was started."""
    if shared.cache_info().currsize:
        shared().stop()
        shared.cache_clear()
