"""Alembic over a database: a new one is made and an old one brought up by the same steps."""

from __future__ import annotations

import io
from typing import Any

import sqlalchemy as sa

from planner.errors import ConfigError, PlannerError
from planner.resources import resource
from planner.store.engine import UNREFERENCED, WRITING, Transaction
from planner.store.schema import letters

# The revision that this code works with: the newest file in migrations/versions.
REVISION = "0002_lineage"
# The last revision of before the migrations were written anew as one: the same tables.
FORMER = "0006_imports_remembered"

FIRST = "0001_programs_letters_events"

_journal = sa.table("journal", sa.column("id"), sa.column("line"))
_version = sa.table("alembic_version", sa.column("version_num"))


def read_revision(tx: Transaction, name: str) -> str | None:
    """The revision of a database; None for one without tables.

    Raises ConfigError for a database that belongs to something else; `name` is what it
    is called.
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
    """The revisions that this planner can bring up."""
    versions = (resource("migrations") / "versions").glob("[0-9]*.py")
    return {FORMER, *(found.stem for found in versions)}


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Run the migrations up to a revision, in one transaction.

    With SQLite a migration may make a table again, so references are not enforced meanwhile,
    but looked at before the commit (sqlite.org/lang_altertable.html, section 7).  Raises
    PlannerError if one leads nowhere.
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
                f"The database has {len(lost)} rows that point nowhere; it was not migrated.",
                hint="Restore it from a copy.",
                code="damaged_database",
            )


def _adopt(tx: Transaction) -> None:
    """Let a database of `FORMER` go on as one of the first revision."""
    if not sa.inspect(tx).has_table(_version.name):
        return
    former = sa.update(_version).where(_version.c.version_num == FORMER)
    if tx.execute(former.values(version_num=FIRST)).rowcount:
        # An override stood for all findings of a code once; such ones cover nothing.
        as_object = sa.cast(letters.c.overrides, sa.Text).like("{%")
        tx.execute(sa.update(letters).where(as_object).values(overrides=[]))
        if tx.scalar(sa.select(_journal.c.id)) is None:
            tx.execute(sa.insert(_journal).values(id=1, line=0))


def alembic_config(tx: Transaction | None = None) -> Any:
    """Alembic's configuration, without an ini file; env.py uses the connection given."""
    from alembic.config import Config

    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(resource("migrations")).replace("%", "%%"))
    config.attributes["connection"] = tx
    return config
