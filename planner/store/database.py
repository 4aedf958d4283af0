"""Opening the database: file modes, durability, migrations on first use, clear refusals."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError

from planner.errors import ConfigError, PlannerError, TryLaterError
from planner.resources import resource
from planner.store.durability import pragmas
from planner.store.lock import sender_lock
from planner.store.schema import REVISION

Transaction = sa.Connection

WRITING = "planner_writing"


class Store:
    """An opened database with the present schema.

    `reading()` and `writing()` give a transaction for the functions of this package;
    neither may be held open while the network is waited for.
    """

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self._reader = engine
        self._writer = engine.execution_options(**{WRITING: True})
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that sees one state of the database and writes nothing."""
        with _in_words(self.path), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that is committed at the end, or leaves no trace."""
        with _in_words(self.path), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def rehearsing(self) -> Iterator[Transaction]:
        """A writing transaction that is always rolled back."""
        with _in_words(self.path), self._writer.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            finally:
                transaction.rollback()

    @contextmanager
    def sender_lock(self) -> Iterator[None]:
        """Be the only one who sends from this database.  Raises TryLaterError."""
        with sender_lock(self.path):
            yield

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()


def open_store(url: str, *, base: Path) -> Store:
    """Open the database of `database.url`, creating or migrating it where needed.

    A relative SQLite path is relative to `base`, the config file's folder.  Raises
    ConfigError for a URL that is not SQLite's or a database of a newer version,
    PlannerError where the file cannot be used.
    """
    path = sqlite_path(url, base=base)
    fresh = not path.exists() or path.stat().st_size == 0
    if fresh:
        _create_private(path)
    engine = make_engine(path)
    with _in_words(path), engine.connect() as connection:
        found = None if fresh else _revision(connection, path)
    if found != REVISION:
        _bring_up(engine, path, found)
    return Store(engine, path)


def sqlite_path(url: str, *, base: Path) -> Path:
    """The file that a `sqlite:///...` URL means.  Raises ConfigError for any other URL."""
    prefix = "sqlite:///"
    if not url.startswith(prefix) or not url.removeprefix(prefix).strip("/ "):
        raise ConfigError(
            "database.url is not a SQLite file; this version keeps its data in one.",
            hint='Write database.url = "sqlite:///planner.sqlite3".',
        )
    return base / Path(url.removeprefix(prefix)).expanduser()


def make_engine(path: Path) -> sa.Engine:
    """An engine for the file, with the pragmas and explicit BEGINs that durability needs."""
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        poolclass=sa.pool.NullPool,
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(dbapi: sqlite3.Connection, _record: Any) -> None:
        # The driver's own BEGIN would come too late; `begin` below replaces it.
        dbapi.isolation_level = None
        for name, value in pragmas(sqlite3.sqlite_version_info[:3]):
            _apply(dbapi, name, value)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _apply(dbapi: sqlite3.Connection, name: str, value: str) -> None:
    """Apply a pragma.  A file that may only be read keeps its journal mode."""
    try:
        dbapi.execute(f"PRAGMA {name}={value}")
    except sqlite3.OperationalError:
        if name != "journal_mode":
            raise


def _create_private(path: Path) -> None:
    """Make an empty file that only its owner can read; so too the folder, if it is new."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise PlannerError(
            f"Cannot create the database {path}: {error.strerror}.",
            hint="Make the folder writable, or name another place in database.url.",
            code="read_only",
        ) from error


def _revision(connection: sa.Connection, path: Path) -> str | None:
    """The revision of the schema; None for a database without tables.

    Raises PlannerError for a database that belongs to something else.
    """
    names = set(
        connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
    )
    if "alembic_version" in names:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if found is not None:
            return str(found)
    if names - {"alembic_version"}:
        raise ConfigError(
            f"{path} belongs to another program (its tables are not planner's).",
            hint="Name another file in database.url; it will be created.",
            code="foreign_database",
        )
    return None


def _bring_up(engine: sa.Engine, path: Path, found: str | None) -> None:
    """Migrate to the present revision, after a copy of what is there."""
    versions = {file.stem for file in (resource("migrations") / "versions").glob("[0-9]*.py")}
    if found is not None and found not in versions:
        raise ConfigError(
            f"The database {path} was made by a newer planner (schema {found}; this one"
            f" knows {REVISION}).",
            hint="Install that version again: pip install --upgrade step2-planner.",
            code="newer_database",
        )
    with sender_lock(path), _in_words(path):
        if found is not None:
            _set_aside(path, found)
        _migrate(engine)


def _set_aside(path: Path, revision: str) -> Path:
    """Copy the database to `<file>.before-<...>`, consistently, for its owner only."""
    copy = path.with_name(f"{path.name}.from-{revision}.bak")
    number = 1
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.name}.from-{revision}.{number}.bak")
    os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    source, target = sqlite3.connect(path), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    return copy


def _migrate(engine: sa.Engine, revision: str = "head") -> None:
    from alembic import command

    with engine.execution_options(**{WRITING: True}).begin() as connection:
        command.upgrade(alembic_config(connection), revision)


def alembic_config(connection: sa.Connection | None = None) -> Any:
    """Alembic's configuration, without an ini file; env.py uses the connection given."""
    from alembic.config import Config

    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(resource("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn the database's own errors into sentences with a way out."""
    try:
        yield
    except OperationalError as error:
        raise _explained(str(error.orig), path) from error
    except DatabaseError as error:
        if "not a database" in str(error.orig) or "malformed" in str(error.orig):
            raise PlannerError(
                f"{path} is not a usable SQLite database ({error.orig}).",
                hint="Restore it from a copy, or name another file in database.url.",
                code="damaged_database",
            ) from error
        raise


def _explained(text: str, path: Path) -> PlannerError:
    if "locked" in text or "busy" in text:
        return TryLaterError(
            f"The database {path} is busy: another program is writing to it.",
            hint="Close it (a database browser, perhaps) and run the same command again.",
            code="busy",
        )
    if "readonly" in text or "unable to open" in text:
        return PlannerError(
            f"The database {path} cannot be written ({text}). Nothing was changed.",
            hint="Make the file and its folder writable, or move them; see database.url.",
            code="read_only",
        )
    if "full" in text or "disk I/O" in text:
        return PlannerError(
            f"The disk under {path} is full or failing ({text}). Nothing was changed.",
            hint="Free some space, then run the same command again.",
            code="disk",
        )
    return PlannerError(
        f"The database {path} refused: {text}.",
        hint="Put back a copy of it (*.bak, or your own), or name another file in database.url.",
        code="database",
    )
