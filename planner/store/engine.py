"""SQLAlchemy over the file: transactions that begin when we say so, and Alembic's migrations."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from planner.errors import PlannerError
from planner.resources import resource
from planner.store import file
from planner.store.sqlite import sqlite3

Transaction = sa.Connection

# Execution options of a connection: its transactions write; they do not enforce references.
WRITING = "planner_writing"
UNREFERENCED = "planner_unreferenced"
# Its user says BEGIN, COMMIT and ROLLBACK in so many words.
BY_HAND = "planner_by_hand"


def make_engine(path: Path) -> sa.Engine:
    """An engine for the file, with the pragmas and explicit BEGINs that durability needs."""
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
        writing = options.get(WRITING, False)
        if options.get(UNREFERENCED, False):
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # has no effect later
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@contextmanager
def by_hand(path: Path) -> Iterator[Transaction]:
    """A connection whose transactions the caller begins and commits.

    A COMMIT that meets a lock may be tried again; of one that SQLAlchemy has tried it says
    that the transaction is over.
    """
    with make_engine(path).connect().execution_options(**{BY_HAND: True}) as connection:
        yield connection


class _Elements(FunctionElement[str]):
    """The elements of a JSON list, a row each, in a column `value`."""

    name = "json_elements"
    inherit_cache = True


@compiles(_Elements, "sqlite")
def _elements_in_sqlite(element: _Elements, compiler: Any, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(_Elements, "postgresql")
def _elements_in_postgresql(element: _Elements, compiler: Any, **kw: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **kw)} AS JSON))"


def among(column: sa.ColumnElement[Any], values: Collection[Any]) -> sa.ColumnElement[bool]:
    """`column IN (...)` for a list of any length, which travels as one parameter.

    A server takes some ten thousand parameters at most, and each number of them would be a
    statement of its own.
    """
    return among_listed(column, as_list(values))


def among_listed(column: sa.ColumnElement[Any], listed: Any) -> sa.ColumnElement[bool]:
    """`among` for a parameter that holds such a list already; see `as_list`."""
    elements = _Elements(listed).table_valued("value")
    kind = sa.Integer if isinstance(column.type, sa.Integer) else sa.Text
    return column.in_(sa.select(sa.cast(elements.c.value, kind)))


def as_list(values: Iterable[Any]) -> str:
    """A list as the one parameter of `among_listed`."""
    return json.dumps(list(values))


def migrate(path: Path, revision: str = "head") -> None:
    """Run the migrations up to a revision, in one transaction.

    A migration may make a table again, so references are not enforced meanwhile, but
    looked at before the commit (sqlite.org/lang_altertable.html, section 7).  Raises
    PlannerError where one leads nowhere.
    """
    from alembic import command

    engine = make_engine(path).execution_options(**{WRITING: True, UNREFERENCED: True})
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)
        if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise PlannerError(
                f"The database {path} has {len(lost)} rows that point nowhere; it was not migrated.",
                hint="Restore it from a copy.",
                code="damaged_database",
            )


def alembic_config(connection: sa.Connection | None = None) -> Any:
    """Alembic's configuration, without an ini file; env.py uses the connection given."""
    from alembic.config import Config

    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(resource("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
