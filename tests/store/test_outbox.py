"""Letters in the database: guarded moves, events, and what SQLite itself refuses."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from planner.rules.states import LetterState
from planner.store import recovery, send_queue
from planner.store.commits import UnitOfWork
from planner.store.database import open_store
from planner.store.letters import (
    add_draft,
    get_applicant_id,
    list_events,
    list_letters,
    move_letter,
    read_frozen,
    update_letter,
)
from planner.store.schema import UtcTime
from planner.store.transitions import MoveRefusedError
from tests.builders import a_draft, a_program, put

NOW = datetime(2026, 10, 20, 16, 0, tzinfo=UTC)
FROZEN = {"wire": b"x", "digest": "d", "account": "a", "approved_at": NOW}


@pytest.fixture
def store(tmp_path):
    opened = open_store("sqlite:///list.sqlite3", base=tmp_path)
    put(opened, a_program(1), a_program(2))
    yield opened
    opened.close()


def added(tx, **draft):
    who = get_applicant_id(tx, "10000001", "robin@applicant.example")
    number = add_draft(tx, who, a_draft(**draft), at=NOW, command="draft")
    return list_letters(tx, ids=[number])[0]


def approved(tx, **draft):
    letter = added(tx, **draft)
    moved(tx, letter, "approved", message_id=f"<{letter.id}@x>", **FROZEN)
    return list_letters(tx, ids=[letter.id])[0]


def moved(tx, letter, state, **values):
    move_letter(tx, letter, LetterState(state), at=NOW, command="test", **values)


def claimed(tx, letter, date="Tue, 20 Oct 2026 12:00:00 -0400"):
    unit, lease = UnitOfWork(tx), timedelta(minutes=30)
    send_queue.claim(unit, letter, b"x", owner="me", account="a", at=NOW, lease=lease, date=date)
    return list_letters(tx, ids=[letter.id])[0]


def test_a_move_is_written_with_its_event(store):
    with store.begin() as tx:
        letter = approved(tx)
        story = list_events(tx, letter.id)
    assert [(e.from_state, e.to_state, e.command) for e in story] == [
        (None, "draft", "draft"),
        ("draft", "approved", "test"),
    ]
    assert story[0].at == NOW


def test_a_move_that_the_table_forbids_is_refused(store):
    with store.begin() as tx:
        letter = added(tx)
        with pytest.raises(MoveRefusedError, match="cannot become sent"):
            moved(tx, letter, "sent")


def test_a_letter_that_changed_meanwhile_is_left_alone(store):
    with store.begin() as tx:
        letter = approved(tx)
        moved(tx, claimed(tx, letter), "deferred", owner=None, lease_until=None)
        with pytest.raises(MoveRefusedError, match="changed in the meantime"):
            claimed(tx, letter)


def test_a_claim_has_a_new_token_and_the_date_of_the_first_attempt_stays(store):
    with store.begin() as tx:
        first = claimed(tx, approved(tx))
        moved(tx, first, "deferred", owner=None, lease_until=None)
        second = claimed(tx, list_letters(tx, ids=[first.id])[0], date="another day")
    assert (first.token, second.token) == (1, 2)
    assert second.date_header == "Tue, 20 Oct 2026 12:00:00 -0400"


def test_the_database_refuses_a_second_letter_for_a_program_and_occasion(store):
    with store.begin() as tx:
        added(tx)
        with pytest.raises(sa.exc.IntegrityError, match="UNIQUE"):
            added(tx)


def test_the_database_refuses_a_second_letter_to_an_address(store):
    with store.begin() as tx:
        claimed(tx, approved(tx))
        second = approved(tx, program=2, to=("PD@x.example",))
        with pytest.raises(MoveRefusedError, match="once: the database refuses it"):
            claimed(tx, second)


def test_the_database_refuses_a_state_that_does_not_exist(store):
    with store.begin() as tx:
        letter = added(tx)
        with pytest.raises(sa.exc.IntegrityError, match="ck_letters_state"):
            update_letter(tx, letter.id, state="lost")


def test_the_database_refuses_to_send_what_is_not_frozen(store):
    with pytest.raises(sa.exc.IntegrityError, match="ck_letters_frozen"), store.begin() as tx:
        moved(tx, added(tx), "approved")


@pytest.mark.parametrize("verb", ["UPDATE events SET why = 'x'", "DELETE FROM events"])
def test_what_happened_cannot_be_rewritten(store, verb):
    with store.begin() as tx:
        added(tx)
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            tx.exec_driver_sql(verb)


def test_a_fixed_aamc_id_is_still_the_same_applicant(store):
    with store.begin() as tx:
        first = get_applicant_id(tx, "10000001", "robin@applicant.example")
        assert get_applicant_id(tx, "10000011", "robin@applicant.example") == first
        assert get_applicant_id(tx, "10000001", "new@applicant.example") == first
        assert get_applicant_id(tx, "10000099", "other@applicant.example") != first


def test_what_a_dead_sender_left_goes_back_or_becomes_unknown(store):
    with store.begin() as tx:
        holding = claimed(tx, approved(tx))
        marked = claimed(tx, approved(tx, program=2, to=("b@x.example",)))
        moved(tx, marked, "committing")
        assert recovery.recover(tx, at=NOW, alone=False) == [], "its lease still runs"
        recovery.recover(tx, at=NOW, alone=True)
        states = {x.id: x.state for x in list_letters(tx)}
    assert states == {holding.id: "approved", marked.id: "unknown"}


def test_a_lease_that_is_over_is_enough_where_others_may_live(store):
    with store.begin() as tx:
        claimed(tx, approved(tx))
        assert len(recovery.recover(tx, at=NOW + timedelta(hours=1), alone=False)) == 1


def test_a_failed_transaction_leaves_no_trace(store):
    with pytest.raises(MoveRefusedError), store.begin() as tx:
        moved(tx, added(tx), "sent")
    with store.read() as tx:
        assert list_letters(tx) == []


def test_a_letter_without_frozen_bytes_says_so(store):
    with store.begin() as tx, pytest.raises(MoveRefusedError, match="not frozen"):
        read_frozen(tx, added(tx).id)


def test_a_moment_without_a_zone_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="without a time zone"):
        UtcTime().process_bind_param(datetime(2026, 1, 1), None)
