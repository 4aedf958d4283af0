"""The settings with which a commit to a SQLite file survives a power cut.

Sources: sqlite.org/pragma.html and sqlite.org/wal.html; the "WAL-reset" fix is in
3.51.3 and was backported to 3.50.7 and 3.44.6.
"""

from __future__ import annotations

Version = tuple[int, int, int]

WAL_FIXED_FROM: Version = (3, 51, 3)
WAL_BACKPORTS: tuple[Version, ...] = ((3, 50, 7), (3, 44, 6))


def wal_is_safe(version: Version) -> bool:
    """Whether this SQLite has the WAL-reset fix."""
    backported = any(version[:2] == v[:2] and version >= v for v in WAL_BACKPORTS)
    return version >= WAL_FIXED_FROM or backported


def pragmas(version: Version) -> tuple[tuple[str, str], ...]:
    """Return (name, value) of each setting of a connection, in the order to apply them."""
    journal = (
        (("journal_mode", "WAL"), ("synchronous", "FULL"))
        if wal_is_safe(version)
        else (("journal_mode", "DELETE"), ("synchronous", "EXTRA"))
    )
    # Only macOS has fullfsync: its plain fsync may leave a commit in the drive's cache.
    return (("busy_timeout", "10000"), *journal, ("fullfsync", "ON"), ("foreign_keys", "ON"))
