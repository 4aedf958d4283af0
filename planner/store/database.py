"""Opens the database, creating or migrating it first, and begins its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from planner.errors import ConfigError
from planner.store import file, journal, lineage, server, upgrade, witness
from planner.store.engine import WRITING, Transaction, make_engine, make_server_engine
from planner.store.lock import sender_lock
from planner.store.upgrade import REVISION
from planner.store.witness import Testimony, Witness

if TYPE_CHECKING:
    from planner.store.commits import Commits

LOOKS = 5  # attempts to see a database that others write to in one consistent state


class Store:
    """An opened database with the present schema.

    `read()` and `begin()` open a transaction for the functions of this package; never hold
    one open while waiting for the network.  `path` is the file of a SQLite database, or None
    for a PostgreSQL server; `name` is how messages name the database.
    """

    def __init__(self, engine: sa.Engine, name: str, path: Path | None = None) -> None:
        self.engine, self.name, self.path = engine, name, path
        self._writing = engine.execution_options(**{WRITING: True})

    @property
    def has_one_sender(self) -> bool:
        """Whether only the holder of the sender's lock can send."""
        return self.path is not None

    def in_words(self) -> AbstractContextManager[None]:
        """Turn the database's own errors into sentences with a way out."""
        return server.in_words(self.name) if self.path is None else file.in_words(self.path)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction that sees one state of the database and writes nothing."""
        with self.in_words(), self.engine.connect() as tx:
            yield tx

    @contextmanager
    def begin(self, *, keep: bool = True, reconciling: bool = False) -> Iterator[Transaction]:
        """Open a transaction that is committed at the end, or leaves no trace after an error.

        There is one at a time; a second writer waits.  Without `keep`, it is always rolled
        back.  Raises OlderCopyError if the database, its journal and its witness do not
        agree, except when `reconciling`.
        """
        with self.in_words(), self._writing.begin() as tx:
            standing = lineage.read_standing(tx, alone=True)
            if not reconciling:
                lineage.refuse_older(tx, self.name, self.path)
            if standing.generation == 0:
                self.make_witness(standing)
            generation = lineage.advance(tx, command=True)
            yield tx
            if not keep:
                tx.rollback()
        if keep and not reconciling:
            Witness(standing.uid).note(Testimony(generation, standing.line))

    def make_witness(self, standing: lineage.Standing) -> None:
        """Make the witness of a new database, unless there is one.  Raises StorageError."""
        own = Witness(standing.uid)
        if not own.path.exists():
            place = str(self.path.resolve()) if self.path else ""
            own.replace(Testimony(standing.generation, standing.line, database=place))

    def find_older(self) -> lineage.OlderCopyError | None:
        """Say how the database, its journal and its witness disagree; None if they agree.

        If somebody writes while we look, we look again.
        """
        for _ in range(LOOKS):
            with self.read() as tx:
                before = lineage.read_standing(tx)
            said, tail = lineage.look(before.uid, self.path)
            with self.read() as tx:
                after = lineage.read_standing(tx)
            if before.generation == after.generation:
                what = lineage.compare(after, said, tail)
                return lineage.OlderCopyError(self.name, what) if what else None
        return None  # a writer this busy has checked before it wrote

    def commits(self, sessions: int = 1) -> Commits:
        """Return the committer for this many sessions; hold the sender's lock while using it."""
        from planner.store.commits import Commits
        from planner.store.group_commits import GroupCommits

        return Commits(self) if sessions == 1 else GroupCommits(self, sessions=sessions)

    def sender_lock(self) -> AbstractContextManager[None]:
        """Become the only sender of this file.  Raises TryLaterError if there is another one.

        Senders that share a server need no lock: each claims letters that no other has.
        """
        return nullcontext() if self.path is None else sender_lock(self.path)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_store(url: str, *, base: Path) -> Store:
    """Open the database of `database.url`, creating or migrating it where needed.

    A relative SQLite path starts from `base`, the config file's folder.  Raises ConfigError
    if the URL names neither SQLite nor PostgreSQL or the database is of a newer version, and
    PlannerError if the database cannot be used.
    """
    store = _store_of(url, base=base)
    if store.path is not None and not (store.path.exists() and store.path.stat().st_size):
        file.create_private(store.path)
    with store.read() as tx:
        found = upgrade.read_revision(tx, store.name)
    if found != REVISION:
        _bring_up(store, found)
    return store


def _store_of(url: str, *, base: Path) -> Store:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        parsed = sa.make_url("unknown://")
    if parsed.drivername == "postgresql+psycopg":
        return Store(make_server_engine(parsed), parsed.render_as_string(hide_password=True))
    prefix = "sqlite:///"
    if not url.startswith(prefix) or not url.removeprefix(prefix).strip("/ "):
        raise ConfigError(
            "database.url is neither a SQLite file nor a PostgreSQL database.",
            hint='Write database.url = "sqlite:///planner.sqlite3", or'
            ' "postgresql+psycopg://user@host/name".',
        )
    path = base / Path(url.removeprefix(prefix)).expanduser()
    return Store(make_engine(path), str(path), path)


def _bring_up(store: Store, found: str | None) -> None:
    """Create the tables, or copy the database and migrate it to the present revision."""
    if found is not None and found not in upgrade.known_revisions():
        raise ConfigError(
            f"The database {store.name} was made by a newer planner (schema {found}; this one"
            f" knows {REVISION}).",
            code="newer_database",
        )
    with store.sender_lock(), store.in_words():
        if found is not None and store.path is not None:
            file.set_aside(store.path, found)
        upgrade.migrate(store.engine)
        if found is None and store.path is not None:
            _go_on_from_former(store, store.path)
    with store.read() as tx:
        standing = lineage.read_standing(tx)
    store.make_witness(standing)


def _go_on_from_former(store: Store, path: Path) -> None:
    """Take the id of the database that was here before, if its journal or a witness has it.

    Letters have left from that one, so the new one must count as an older copy of it.
    """
    if uid := journal.read_tail(journal.open_journal(path)).uid or witness.find(path):
        with store.begin(reconciling=True) as tx:
            lineage.rename(tx, uid)
