"""What a list shows of a letter is what the whole letter says, even where somebody damaged it."""

from contextlib import closing

import pytest

from planner.rules.letters import ListedLetter
from planner.store.database import open_store
from planner.store.letters import list_for_overview, list_letters
from planner.store.sqlite import sqlite3

pytestmark = pytest.mark.sqlite_only  # whose columns take any value

DAMAGE = {
    1: ("findings", "'[{'"),
    2: ("findings", "'[5]'"),
    3: ("overrides", "'\"text\"'"),
    4: ("state", "'garbage'"),
    5: ("letter", "7"),
    6: ("content_digest", "x'00ff'"),
    7: ("body", "x'00ff'"),
}


def test_a_list_shows_what_the_letters_say(desk):
    desk.drafted(len(DAMAGE) + 1)
    with closing(sqlite3.connect(desk.folder / "planner.sqlite3")) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for number, (column, value) in DAMAGE.items():
            db.execute(f"UPDATE letters SET {column} = {value} WHERE id = ?", [number])
        db.commit()
    with open_store(desk.url, base=desk.folder).read() as tx:
        whole, listed = list_letters(tx), list_for_overview(tx)
    assert sum(bool(letter.damage) for letter in whole) == len(DAMAGE)
    assert listed == [
        ListedLetter._make(getattr(letter, name) for name in ListedLetter._fields)
        for letter in whole
    ]
