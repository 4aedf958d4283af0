"""The durability settings depend on the SQLite version, and are really in force."""

import pytest

from planner.store.database import open_store
from planner.store.durability import pragmas, wal_is_safe


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_wal_is_used_only_where_its_reset_is_fixed(version, safe):
    assert wal_is_safe(version) is safe
    settings = dict(pragmas(version))
    assert settings["journal_mode"] == ("WAL" if safe else "DELETE")
    assert settings["synchronous"] == ("FULL" if safe else "EXTRA")


def test_an_opened_database_has_these_settings(tmp_path):
    from planner.store.sqlite import sqlite3

    store = open_store("sqlite:///x.sqlite3", base=tmp_path)
    wanted = dict(pragmas(sqlite3.sqlite_version_info[:3]))
    levels = {"FULL": 2, "EXTRA": 3}
    with store.read() as tx:
        journal = tx.exec_driver_sql("PRAGMA journal_mode").scalar()
        synchronous = tx.exec_driver_sql("PRAGMA synchronous").scalar()
        whole = tx.exec_driver_sql("PRAGMA fullfsync").scalar()
        keys = tx.exec_driver_sql("PRAGMA foreign_keys").scalar()
    store.close()
    assert (journal.upper(), synchronous, whole, keys) == (
        wanted["journal_mode"],
        levels[wanted["synchronous"]],
        1,
        1,
    )
