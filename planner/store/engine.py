"""Engines for SQLite and PostgreSQL, with explicit BEGINs, and IN lists of any length."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from planner.errors import ConfigError
from planner.store import file
from planner.store.sqlite import sqlite3

Transaction = sa.Connection

# Execution options of a connection: its transactions write; they don't enforce foreign keys.
WRITING = "planner_writing"
UNREFERENCED = "planner_unreferenced"
# Its user issues BEGIN, COMMIT and ROLLBACK explicitly.
BY_HAND = "planner_by_hand"


def make_engine(path: Path) -> sa.Engine:
    """Make an engine for a SQLite file, with the pragmas that durability needs."""
    engine = sa.create_engine(
        "sqlite://",
        module=sqlite3,
        creator=lambda: file.connect(path),
        hide_parameters=True,
        poolclass=sa.pool.NullPool,
    )

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if options.get(BY_HAND, False):
            return
        if options.get(UNREFERENCED, False):
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # has no effect later
        writing = options.get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def make_server_engine(url: sa.URL) -> sa.Engine:
    """Make an engine for a PostgreSQL server.  Raises ConfigError if psycopg is missing."""
    try:
        engine = sa.create_engine(
            url,
            hide_parameters=True,
            poolclass=sa.pool.NullPool,
            connect_args={"connect_timeout": 10},
        )
    except ModuleNotFoundError as error:
        raise ConfigError(
            "A PostgreSQL database needs psycopg, which is not installed.",
            code="no_driver",
        ) from error

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if not options.get(BY_HAND, False) and not options.get(WRITING, False):
            # As in SQLite, a reader sees one state of the database.
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine


@contextmanager
def make_manual(engine: sa.Engine) -> Iterator[Transaction]:
    """Open a connection whose transactions the caller begins and commits.

    A COMMIT that meets a lock may then be tried again; after a failed commit of its own,
    SQLAlchemy considers the transaction over.
    """
    options: dict[str, Any] = {BY_HAND: True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "AUTOCOMMIT"  # so that the driver begins nothing
    with engine.connect() as connection:
        yield connection.execution_options(**options)


def server_time(tx: Transaction, at: datetime) -> datetime:
    """Return the time by the clock that all senders share; with SQLite that is `at`."""
    if tx.dialect.name == "sqlite":
        return at
    now: datetime = tx.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


class _Elements(FunctionElement[str]):
    """The elements of a JSON list, one per row, in a column `value`."""

    name = "json_elements"
    inherit_cache = True


@compiles(_Elements, "sqlite")
def _elements_in_sqlite(element: _Elements, compiler: Any, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(_Elements, "postgresql")
def _elements_in_postgresql(element: _Elements, compiler: Any, **kw: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **kw)} AS JSON))"


def among(column: sa.ColumnElement[Any], values: Collection[Any]) -> sa.ColumnElement[bool]:
    """`column IN (...)` for a list of any length, sent as one parameter.

    A server takes some ten thousand parameters at most, and each count of them would be
    another statement to compile.
    """
    return among_listed(column, as_list(values))


def among_listed(column: sa.ColumnElement[Any], listed: Any) -> sa.ColumnElement[bool]:
    """`among` for a parameter that already holds a list made by `as_list`."""
    elements = _Elements(listed).table_valued("value")
    kind = sa.Integer if isinstance(column.type, sa.Integer) else sa.Text
    return column.in_(sa.select(sa.cast(elements.c.value, kind)))


def as_list(values: Iterable[Any]) -> str:
    """Encode a list as the one parameter of `among_listed`."""
    return json.dumps(list(values))
