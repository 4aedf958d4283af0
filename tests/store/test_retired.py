"""Programs out of the list: they are found by their keys; and what their letters may do."""

import pytest

from planner.rules.identity import name_key
from planner.store import programs, retired
from planner.store.database import open_store
from planner.store.program_bulk import LookupKeys, ProgramBulk
from planner.store.transitions import MoveRefusedError
from tests.builders import EARLY, a_program, put


@pytest.fixture
def db(tmp_path):
    from planner.rules.calendar import noon

    store = open_store("sqlite:///list.sqlite3", base=tmp_path)
    put(store, *(a_program(n, program=f"Elm {n}", city="Troy") for n in range(1, 6)))
    with store.begin() as connection:
        retired.retire(connection, 2, at=noon(EARLY))
        retired.retire(connection, 3, at=noon(EARLY), into=1)
        retired.retire(connection, 4, at=noon(EARLY), into=3)
        retired.retire(connection, 5, at=noon(EARLY), into=2)
        yield connection
    store.close()


def test_the_list_has_only_what_is_in_it(db):
    assert [p.id for p in programs.list_programs(db)] == [1]
    assert [p.id for p in programs.list_removed(db)] == [2]


def test_a_joined_program_stands_for_the_last_one_it_became(db):
    assert [retired.get_survivor(db, n) for n in range(1, 6)] == [1, 2, 1, 1, 2]


@pytest.mark.parametrize(
    ("name", "stands_for", "is_out"),
    [
        ("Elm 1", 1, False),
        ("Elm 2", 2, True),
        ("Elm 3", 1, False),
        ("Elm 4", 1, False),
        ("Elm 5", 2, True),
    ],
)
def test_an_import_finds_them_by_their_keys(db, name, stands_for, is_out):
    key = name_key("Internal Medicine", name, "Troy")
    (entry,) = [e for e in ProgramBulk(db).matching(LookupKeys(names={key})) if e.name_key == key]
    found = entry.joined or entry
    assert (found.id, found.is_out) == (stands_for, is_out)


def test_only_what_was_taken_out_is_brought_back(db):
    for number in (2, 3):
        retired.bring_back(db, number)
    assert [p.id for p in programs.list_programs(db)] == [1, 2]


def test_no_draft_is_made_for_what_is_out(db):
    retired.refuse_retired(db, 1, 7)
    for number, said in ((2, "taken off"), (3, "merged with #1")):
        with pytest.raises(MoveRefusedError, match=said):
            retired.refuse_retired(db, number, 7)
