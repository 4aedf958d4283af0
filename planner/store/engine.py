"""SQLAlchemy over the file: the engine with explicit transactions, and Alembic's migrations."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from planner.errors import PlannerError
from planner.resources import resource
from planner.store import file
from planner.store.sqlite import sqlite3

Transaction = sa.Connection

# Execution options of a connection: its transactions write; they do not enforce references.
WRITING = "planner_writing"
UNREFERENCED = "planner_unreferenced"


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
        writing = options.get(WRITING, False)
        if options.get(UNREFERENCED, False):
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # has no effect later
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def driver(tx: Transaction) -> sqlite3.Connection:
    """The driver's own connection within a transaction, for `intake`."""
    found: sqlite3.Connection = tx.connection.driver_connection  # type: ignore[assignment]
    return found


def migrate(path: Path, revision: str = "head") -> None:
    """Run the migrations up to a revision, in one transaction.

    A migration may make a table anew, so references are not enforced meanwhile, but
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


SCRIPT_HEAD = "-- What the migrations leave behind; `make schema` writes it, a test compares it."


def schema_script(path: Path) -> str:
    """The statements that make an empty database into one like the file at `path`."""
    engine = make_engine(path)
    with engine.connect() as connection:
        made = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'table' DESC, rowid"
        ).scalars()
        lines = [line.rstrip() for statement in made for line in f"{statement};".splitlines()]
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    stamp = f"INSERT INTO alembic_version (version_num) VALUES ('{revision}');"  # noqa: S608
    return "\n".join([SCRIPT_HEAD, *lines, stamp, ""])


def migrated_script() -> str:
    """`schema_script` of a database that the migrations have just made."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.sqlite3"
        migrate(path)
        return schema_script(path)


if __name__ == "__main__":
    print(migrated_script(), end="")  # noqa: T201 - what `make schema` keeps
