"""The SQLite that is used: that of `pysqlite3` where it is installed, else Python's own.

`planner[fast]` brings one with the WAL-reset fix, so that a commit waits for the disk once
instead of four times; see `durability.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

W = TypeVar("W", bound=StrEnum)

__all__ = ["one_by_one", "sqlite3", "word_of"]


def one_by_one(column: str, words: Iterable[str]) -> str:
    """A condition that `column` is one of the words, for a schema that many rows pass through.

    SQLite makes a small index of an IN list for every statement that meets one; words that
    are compared one by one cost half of a move.  A query that is to use an index with such a
    condition must have it in the same order, so it is sorted.
    """
    return " OR ".join(f"{column} = '{word}'" for word in sorted(words))


def word_of(words: type[W]) -> Callable[[str], W]:
    """What gives a stored word back as one of an enum; a look-up, for rows by the thousand."""
    return {word.value: word for word in words}.__getitem__
