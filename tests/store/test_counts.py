"""The quick counts agree with counting everything by hand."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.facts import Occasion, OccasionKind, Service
from planner.rules.states import DUE, LetterState
from planner.store import account_usage, counts
from planner.store.database import open_store
from tests.builders import a_program, put

NOW = datetime(2026, 10, 20, 16, 0, tzinfo=UTC)
STATES = st.sampled_from(LetterState)
LETTERS = st.lists(st.tuples(STATES, st.sampled_from([None, "one", "two"])), max_size=8)
FROZEN = (
    "wire = x'00', digest = 'd', message_id = letters.id, owner = 'me', lease_until = '2026-10-20'"
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A database with programs of several services and specialties."""
    folder = tmp_path_factory.mktemp("glance")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        return filled(folder)


@pytest.fixture(autouse=True)
def one_witness(own_home, path, monkeypatch):
    """The database is the same for all tests, and so is its witness."""
    monkeypatch.setenv("XDG_STATE_HOME", str(path.parent / "state"))


def filled(folder):
    store = open_store("sqlite:///list.sqlite3", base=folder)
    services = [None, Service.ERAS, Service.SFMATCH, Service.ERAS]
    specialties = ["Internal Medicine", "Ophthalmology"]
    programs = [
        a_program(n, application_service=services[n % 4], specialty=specialties[n % 2])
        for n in range(1, 9)
    ]
    put(store, *programs)
    with store.begin() as db:
        db.exec_driver_sql(
            "INSERT INTO applicants (id, aamc_id, email) VALUES (1, '1', 'r@x.example')"
        )
    return store.path


def opened(path):
    """A transaction whose work is taken back."""
    return open_store(f"sqlite:///{path}", base=path.parent).begin(keep=False)


@pytest.fixture
def db(path):
    """A transaction that leaves no trace."""
    with opened(path) as tx:
        yield tx


def added(db, letters):
    """Letters in these states, held back for these reasons; the first is of program 1."""
    db.exec_driver_sql("DELETE FROM letters")
    for n, (state, held) in enumerate(letters, 1):
        db.exec_driver_sql(
            "INSERT INTO letters (id, applicant_id, program_id, occasion, season, attempt, letter,"
            " picked, rule, subject, body, sender, to_addresses, cc_addresses, to_key, facts,"
            " content_digest) VALUES (:n, 1, :n, 'result', 2027, 1, 'retake', 'retake', '', '', '',"
            " '', '[]', '[]', :n, '{}', '')",
            {"n": n},
        )
        change = f"UPDATE letters SET {FROZEN}, state = ?, held_because = ? WHERE id = ?"
        db.exec_driver_sql(change, (state.value, held, n))


@given(letters=LETTERS)
def test_the_counts_are_those_of_the_letters_and_add_up(path, letters):
    with opened(path) as db:
        added(db, letters)
        found = counts.count_letters(db)
        states = [state for state, _ in letters]
        assert found == {state: states.count(state) for state in states}
        assert list(found) == [state for state in LetterState if state in states]
        assert sum(found.values()) == len(letters)


@given(letters=LETTERS, states=st.sets(STATES))
def test_what_is_held_is_counted_among_those_states_only(path, letters, states):
    with opened(path) as db:
        added(db, letters)
        reasons = [held for state, held in letters if state in states and held]
        number, first = counts.count_held(db, states)
        assert number == len(reasons)
        assert first in reasons if reasons else first == ""


@pytest.mark.long
@given(letters=LETTERS, states=st.sets(STATES))
def test_services_are_those_of_programs_with_such_a_letter(path, letters, states):
    with opened(path) as db:
        added(db, letters)
        found = counts.list_services(db, states)
        query = "SELECT id, application_service, specialty FROM programs"
        rows = {number: pair for number, *pair in db.exec_driver_sql(query)}
        wanted = {tuple(rows[n]) for n, (state, _) in enumerate(letters, 1) if state in states}
        assert set(found) == wanted
        assert len(found) == len(set(found))


def test_programs_are_counted(db):
    assert counts.count_programs(db) == 8


def test_what_was_used_is_of_one_account_and_since_a_moment(db):
    for minutes in range(5):
        account_usage.count(db, "a", NOW + timedelta(minutes=minutes))
    account_usage.count(db, "b", NOW + timedelta(hours=1))
    assert counts.count_used(db, "a", NOW - timedelta(days=1)) == 5
    assert counts.count_used(db, "a", NOW + timedelta(minutes=1)) == 3
    assert counts.count_used(db, "c", NOW - timedelta(days=1)) == 0


@pytest.mark.parametrize("look", ["count_letters", "count_held", "count_used", "list_services"])
def test_no_look_goes_through_all_letters(db, look):
    statements = []
    driver = db.connection.driver_connection
    driver.set_trace_callback(statements.append)
    if look == "count_letters":
        counts.count_letters(db)
    elif look == "count_used":
        counts.count_used(db, "a", NOW)
    else:
        getattr(counts, look)(db, DUE)
    driver.set_trace_callback(None)
    assert statements
    for statement in statements:
        plan = [row[3] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
        scans = [step for step in plan if step.startswith(("SCAN letters", "SCAN attempts"))]
        assert all("USING" in step for step in scans), (statement, json.dumps(plan))


def test_scores_are_told_by_letters_that_left_and_stated_one(db):
    added(db, [(LetterState.SENT, None)] * 3)
    for number, score in ((1, "248"), (2, "228")):
        facts = json.dumps({"score": score})
        db.exec_driver_sql("UPDATE letters SET facts = ? WHERE id = ?", (facts, number))
    occasion = Occasion(OccasionKind.RESULT, 2027, 1)
    assert counts.list_told_scores(db, occasion) == {"248": [1], "228": [2]}
