"""Values in the database that planner never writes: named, whoever wrote them."""

import sqlite3
from contextlib import closing

import pytest

from planner.store.programs import FIELDS

pytestmark = pytest.mark.sqlite_only

ODD = ("zzz", "", None, b"\x00\xff", -1, 1e300, "2026-13-45", "[1,2", "{}")
# What may be in a column of text is anything that is text.
LOOK = (
    ["status"],
    ["plan"],
    ["programs", "list"],
    ["draft"],
    ["send", "--dry-run"],
    ["db", "check"],
)


def put(path, table, column, value):
    """Store a value as another program could, which heeds no constraint; whether it took it."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA ignore_check_constraints = 1")
        try:
            with other:
                other.execute(f"UPDATE {table} SET {column} = ?", (value,))
        except sqlite3.IntegrityError:
            return False
    return True


@pytest.mark.long
@pytest.mark.parametrize(
    ("table", "column"),
    [*(("programs", name) for name in FIELDS if name != "id"), ("programs", "set_by_user")]
    + [("lineage", name) for name in ("generation", "commands", "line", "link", "pending")],
)
def test_no_value_of_another_program_is_taken_for_a_bug(desk, table, column):
    desk.approved(2)
    path = desk.folder / "planner.sqlite3"
    before = path.read_bytes()
    for value in ODD:
        path.write_bytes(before)
        if put(path, table, column, value):
            for words in LOOK:
                assert "bug" not in desk.type(*words).err, (value, words)


def test_the_program_and_the_field_are_named(desk):
    desk.a_list(2)
    put(desk.folder / "planner.sqlite3", "programs", "status", "hired")
    done = desk.type("plan")
    assert done.code == 1
    assert "Program #1 has status 'hired' in the database, which planner never writes" in done.err
    assert "Put a copy of the database back" in done.err
