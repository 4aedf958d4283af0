"""What an import leaves for the next one, as it is stored."""

from hypothesis import given
from hypothesis import strategies as st

from planner.store import remembered
from planner.store.database import open_store
from planner.store.remembered import FormerImport


@given(st.sets(st.integers(1, 300)))
def test_ids_come_back_from_their_ranges(ids):
    assert list(FormerImport(remembered.as_ranges(sorted(ids))).ids) == sorted(ids)


def test_programs_of_one_import_take_one_range():
    assert remembered.as_ranges(range(1, 100_001)) == "1-100000"


def test_the_last_import_of_a_name_is_the_one_that_is_known(tmp_path):
    store = open_store("sqlite:///list.sqlite3", base=tmp_path)
    with store.begin() as db:
        assert remembered.get_former_import(db, "list.csv") == FormerImport()
        remembered.note_import(db, "list.csv", FormerImport("1-3", frozenset({"a"})))
        remembered.note_import(db, "list.csv", FormerImport("2", frozenset({"b"})))
        assert remembered.get_former_import(db, "list.csv") == FormerImport("2", frozenset({"b"}))
