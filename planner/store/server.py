"""A PostgreSQL server: its errors in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from planner.errors import StorageError


@contextmanager
def in_words(name: str) -> Iterator[None]:
    """Turn the server's own errors into sentences that say what to do about database `name`."""
    try:
        yield
    except sa.exc.OperationalError as error:
        said = " ".join(str(error.orig).split()).rstrip(".?!")
        raise StorageError(
            f"The database {name} cannot be used: {said}.",
            hint="Is the server up, and are the name, user and password in database.url right?",
            code="database",
        ) from error
