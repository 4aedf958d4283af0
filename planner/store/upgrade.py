"""Runs Alembic on a database: the same migrations create a new one and upgrade an old one."""

from __future__ import annotations

import io
from typing import Any

import sqlalchemy as sa

from planner.errors import ConfigError, PlannerError
from planner.resources import resource
from planner.store.engine import UNREFERENCED, WRITING, Transaction
from planner.store.schema import letters

# The revision that this code works with: the newest file in migrations/versions.
REVISION = "0003_tracks_and_channels"
# The last revision before the migrations were squashed into one, with the same tables.
FORMER = "0006_imports_remembered"

FIRST = "0001_programs_letters_events"

_journal = sa.table("journal", sa.column("id"), sa.column("line"))
_version = sa.table("alembic_version", sa.column("version_num"))


def read_revision(tx: Transaction, name: str) -> str | None:
    """Return the revision of a database, or None if it has no tables.

    Raises ConfigError, with the database's `name`, if it belongs to another program.
    """
    tables = set(sa.inspect(tx).get_table_names())
    if _version.name in tables:
        found = tx.scalar(sa.select(_version.c.version_num))
        if found is not None:
            return str(found)
    if tables - {_version.name}:
        raise ConfigError(
            f"{name} belongs to another program (its tables are not planner's).",
            hint="Name another database in database.url; it will be created.",
            code="foreign_database",
        )
    return None


def known_revisions() -> set[str]:
    """Return the revisions that this planner can upgrade."""
    versions = (resource("migrations") / "versions").glob("[0-9]*.py")
    return {FORMER, *(found.stem for found in versions)}


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Run the migrations up to a revision, in one transaction.

    With SQLite, a migration may recreate a table, so foreign keys are not enforced meanwhile
    but checked before the commit (sqlite.org/lang_altertable.html, section 7).  Raises
    PlannerError if one has no target.
    """
    from alembic import command

    writing = engine.execution_options(**{WRITING: True, UNREFERENCED: True})
    with writing.begin() as tx:
        _adopt(tx)
        command.upgrade(alembic_config(tx), revision)
        if tx.dialect.name == "sqlite" and (
            lost := tx.exec_driver_sql("PRAGMA foreign_key_check").all()
        ):
            raise PlannerError(
                f"The database has {len(lost)} rows with broken references; it was not migrated.",
                hint="Restore it from a copy.",
                code="damaged_database",
            )


def _adopt(tx: Transaction) -> None:
    """Turn a database of revision `FORMER` into one of the first revision."""
    if not sa.inspect(tx).has_table(_version.name):
        return
    former = sa.update(_version).where(_version.c.version_num == FORMER)
    if tx.execute(former.values(version_num=FIRST)).rowcount:
        # An old override was for a code instead of one finding; those no longer count.
        as_object = sa.cast(letters.c.overrides, sa.Text).like("{%")
        tx.execute(sa.update(letters).where(as_object).values(overrides=[]))
        if tx.scalar(sa.select(_journal.c.id)) is None:
            tx.execute(sa.insert(_journal).values(id=1, line=0))


def alembic_config(tx: Transaction | None = None) -> Any:
    """Make Alembic's configuration, without an ini file; env.py uses the connection `tx`."""
    from alembic.config import Config

    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(resource("migrations")).replace("%", "%%"))
    config.attributes["connection"] = tx
    return config
