"""The SQLite module to use: `pysqlite3` if it is installed, or else Python's own.

The extra `fast` installs a SQLite with the WAL-reset fix, so that a commit waits for the disk
once instead of four times; see `durability.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

__all__ = ["sqlite3"]
