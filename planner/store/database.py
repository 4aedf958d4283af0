"""Opening the database: created or migrated on first use, and one transaction at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import ConfigError
from planner.resources import resource
from planner.store import file
from planner.store.file import REVISION, in_words
from planner.store.lock import sender_lock

if TYPE_CHECKING:
    import sqlalchemy as sa

    from planner.store.engine import Transaction
    from planner.store.writer import Writer


class Store:
    """An opened database with the present schema.

    `read()` and `begin()` give a transaction for the functions of this package;
    neither may be held open while the network is waited for.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _reader(self) -> sa.Engine:
        from planner.store.engine import make_engine

        return make_engine(self.path)

    @cached_property
    def _writer(self) -> sa.Engine:
        from planner.store.engine import WRITING

        return self._reader.execution_options(**{WRITING: True})

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one state of the database and writes nothing."""
        with in_words(self.path), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def begin(self, *, keep: bool = True, reconciling: bool = False) -> Iterator[Transaction]:
        """A transaction that is committed at the end, or leaves no trace.

        Without `keep` what it writes is always taken back.  Raises JournalAheadError where
        the journal knows of more than the database, except for who comes to reconcile them.
        """
        from planner.store import journal

        with in_words(self.path), self._writer.begin() as connection:
            if not reconciling:
                journal.refuse_behind(connection, self.path)
            yield connection
            if not keep:
                connection.rollback()

    def writer(self, sessions: int = 1) -> Writer:
        """What writes for so many sessions; the sender's lock must be held."""
        from planner.store.writer import Writer

        return Writer(self.path, sessions=sessions)

    @contextmanager
    def sender_lock(self) -> Iterator[None]:
        """Be the only one who sends from this database.  Raises TryLaterError."""
        with sender_lock(self.path):
            yield

    def close(self) -> None:
        """Close every connection."""
        if "_reader" in self.__dict__:
            self._reader.dispose()


def open_store(url: str, *, base: Path) -> Store:
    """Open the database of `database.url`, creating or migrating it where needed.

    A relative SQLite path is relative to `base`, the config file's folder.  Raises
    ConfigError for a URL that is not SQLite's or a database of a newer version,
    PlannerError where the file cannot be used.
    """
    path = file.sqlite_path(url, base=base)
    found = None
    if not path.exists() or path.stat().st_size == 0:
        file.create_private(path)
    else:
        with in_words(path), closing(file.connect(path)) as connection:
            found = file.revision(connection, path)
    if found is None:
        with sender_lock(path):
            file.fill(path)
    elif found != REVISION:
        _bring_up(path, found)
    return Store(path)


def _bring_up(path: Path, found: str) -> None:
    """Migrate to the present revision, after a copy of what is there."""
    versions = {x.stem for x in (resource("migrations") / "versions").glob("[0-9]*.py")}
    if found not in versions:
        raise ConfigError(
            f"The database {path} was made by a newer planner (schema {found}; this one"
            f" knows {REVISION}).",
            hint="Install that version again: pip install --upgrade step2-planner.",
            code="newer_database",
        )
    from planner.store.engine import migrate

    with sender_lock(path), in_words(path):
        file.set_aside(path, found)
        migrate(path)
