"""New files for tests: the tables that Alembic made once, copied, with an id of their own."""

import secrets
from contextlib import closing, contextmanager

import pytest
import sqlalchemy as sa

from planner.store import upgrade
from planner.store.engine import WRITING, make_engine
from planner.store.lineage import rename


@contextmanager
def copying(template):
    """Within it, a new SQLite file gets its tables from the file `template`."""
    by_alembic = upgrade.migrate

    def migrate(engine, revision="head"):
        if (
            engine.dialect.name != "sqlite"
            or revision != "head"
            or sa.inspect(engine).get_table_names()
        ):
            by_alembic(engine, revision)
            return
        made = make_engine(template)
        if not template.exists():
            by_alembic(made)
        with closing(made.raw_connection()) as source, closing(engine.raw_connection()) as target:
            source.driver_connection.backup(target.driver_connection)
        with engine.execution_options(**{WRITING: True}).begin() as tx:
            rename(tx, secrets.token_hex(8))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upgrade, "migrate", migrate)
        yield
