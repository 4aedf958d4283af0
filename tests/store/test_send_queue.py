"""What sending does in the database: claim, mark, record, release, recover, export, count."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from planner.rules.states import LetterState
from planner.store import account_usage, recovery, refusals, send_queue
from planner.store.account_usage import Pause
from planner.store.commits import UnitOfWork
from planner.store.database import open_store
from planner.store.engine import make_manual
from planner.store.letters import add_draft, get_applicant_id, list_letters, move_letter, thaw
from planner.store.lineage import data_version
from planner.store.schema import metadata
from planner.store.transitions import MoveRefusedError
from tests.builders import a_draft, a_program, put

NOW = datetime(2026, 10, 20, 16, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
S = LetterState


@pytest.fixture
def unit(tmp_path):
    """A unit of work on a database with two approved letters, in one transaction."""
    store = open_store("sqlite:///list.sqlite3", base=tmp_path)
    put(store, a_program(1), a_program(2))
    with store.begin() as tx:
        who = get_applicant_id(tx, "10000001", "robin@applicant.example")
        for program in (1, 2):
            number = add_draft(tx, who, a_letter_to(program), at=NOW, command="draft")
            approve(tx, number)
    with store.begin() as db:
        yield UnitOfWork(db)
    store.close()


def a_letter_to(program):
    to, facts = (f"pd{program}@x.example",), {"score": "248"}
    return a_draft(program, to=to, cc=("pc@x.example",), facts=facts)


def approve(db, number, at=NOW):
    move_letter(
        db,
        the(db, number),
        S.APPROVED,
        at=at,
        command="approve",
        wire=b"From: x\r\n\r\nB\r\n",
        digest="d",
        message_id=f"<{number}.{at:%H}@x>",
        account="a",
        approved_at=at,
    )


def the(db, number=1):
    return list_letters(db, ids=[number])[0]


def noted(unit):
    return [json.loads(json.dumps(line)) for line in unit.lines]


def state(unit, number=1):
    return the(unit.tx, number).state


def claim(unit, number=1, *, at=NOW, owner="me", date="Tue, 20 Oct 2026 12:00:00 -0400"):
    letter = the(unit.tx, number)
    lease = timedelta(hours=2)
    return send_queue.claim(
        unit, letter, b"x", owner=owner, account="a", at=at, lease=lease, date=date
    )


def settle(unit, claimed, to, **values):
    return send_queue.record_outcome(unit, claimed, to, at=LATER, why="dot: said", **values)


def columns(unit, *names, number=1):
    found = f"SELECT {', '.join(names)} FROM letters WHERE id = ?"
    return unit.tx.exec_driver_sql(found, (number,)).fetchone()


def counted(unit):
    return unit.tx.exec_driver_sql("SELECT count(*) FROM attempts").fetchone()[0]


def last_event(unit, number=1):
    query = (
        "SELECT from_state, to_state, command, why FROM events WHERE letter_id = ?"
        " ORDER BY id DESC LIMIT 1"
    )
    return unit.tx.exec_driver_sql(query, (number,)).fetchone()


def test_a_claim_takes_a_letter_with_token_lease_and_date_and_counts_at_once(unit):
    claimed = claim(unit)
    assert (claimed.token, claimed.first, claimed.first_attempt_at) == (1, True, NOW)
    assert columns(unit, "state", "token", "owner", "lease_until") == (
        "claimed",
        1,
        "me",
        "2026-10-20 18:00:00.000000",
    )
    assert the(unit.tx).date_header == claimed.date
    assert the(unit.tx).first_attempt_at == NOW
    assert account_usage.list_departures(unit.tx, "a", NOW - timedelta(days=1), 9) == [NOW]
    assert unit.lines == []


def test_a_later_claim_keeps_the_date_and_the_clock_of_the_first(unit):
    settle(unit, claim(unit), S.DEFERRED, next_attempt_at=LATER)
    again = claim(unit, at=LATER, date="another day")
    assert (again.token, again.first, again.first_attempt_at) == (2, False, NOW)
    assert again.date == "Tue, 20 Oct 2026 12:00:00 -0400"
    assert the(unit.tx).date_header == "Tue, 20 Oct 2026 12:00:00 -0400"
    assert the(unit.tx).first_attempt_at == NOW


def test_claiming_twice_is_once(unit):
    letter = the(unit.tx)
    lease = {"owner": "me", "account": "a", "lease": timedelta(hours=2)}
    first = send_queue.claim(unit, letter, b"x", at=NOW, date="one day", **lease)
    again = send_queue.claim(unit, letter, b"x", at=LATER, date="another", **lease)
    assert (again.token, again.date, again.record) == (1, "one day", first.record)
    assert unit.tx.exec_driver_sql("SELECT count(*) FROM attempts").fetchone() == (1,)
    assert last_event(unit)[:2] == ("approved", "claimed")


def test_what_kept_a_letter_back_is_forgotten_when_it_is_claimed(unit):
    send_queue.hold(unit.tx, 1, "transcript: not there")
    assert the(unit.tx).held_because == "transcript: not there"
    claim(unit)
    assert the(unit.tx).held_because is None
    send_queue.hold(unit.tx, 1, "")
    assert the(unit.tx).held_because is None


def test_a_letter_is_present_as_it_stands(unit):
    found = send_queue.fetch_current(unit.tx, 1)
    assert (found.state, found.digest, found.token) == (S.APPROVED, "d", 0)
    assert found.wire == b"From: x\r\n\r\nB\r\n"


def test_a_mark_is_noted_with_all_that_it_takes_to_know_the_letter(unit):
    claimed = claim(unit)
    send_queue.mark(unit, claimed, at=LATER)
    assert state(unit) is S.COMMITTING
    (line,) = noted(unit)
    assert (line["state"], line["message_id"]) == ("committing", "<1.16@x>")
    assert line["at"] == "2026-10-20 17:00:00.000000"
    record = line["record"]
    assert record["letters"]["wire"] == "From: x\r\n\r\nB\r\n"
    assert record["letters"]["date_header"] == claimed.date
    assert record["letters"]["to_addresses"] == ["pd1@x.example"]
    assert record["applicants"]["aamc_id"] == "10000001"
    assert record["programs"]["program"] == "Alder Creek 1"


def test_a_record_has_every_column_that_a_row_needs(unit):
    for table, kept in send_queue.RECORDED.items():
        needed = {
            column.name
            for column in metadata.tables[table].columns
            if not column.nullable and column.server_default is None and not column.primary_key
        }
        made_elsewhere = {"applicant_id", "program_id", "facts"}
        assert needed - made_elsewhere <= set(kept), table


def test_only_who_claimed_a_letter_may_mark_it(unit):
    claimed = claim(unit)
    send_queue.mark(unit, claimed, at=LATER)
    stale = claim(unit, 2)
    recovery.let_go(unit.tx, "me", (), at=LATER)
    claim(unit, 2, at=LATER)
    with pytest.raises(MoveRefusedError, match="changed in the meantime"):
        send_queue.mark(unit, stale, at=LATER)


def test_marking_twice_is_once(unit):
    claimed = claim(unit)
    for _ in range(2):
        send_queue.mark(unit, claimed, at=LATER)
    assert (state(unit), len(unit.lines)) == (S.COMMITTING, 1)
    assert last_event(unit)[:2] == ("claimed", "committing")
    assert settle(unit, claimed, S.SENT)
    assert not settle(unit, claimed, S.SENT), "it was settled before"
    with pytest.raises(MoveRefusedError, match="changed in the meantime"):
        send_queue.mark(unit, claimed, at=LATER)


OUTCOMES = [S.SENT, S.DEFERRED, S.REFUSED, S.UNKNOWN, S.APPROVED]


@pytest.mark.parametrize("to", OUTCOMES)
def test_the_outcome_of_a_marked_letter_lets_go_of_it_and_is_noted(unit, to):
    claimed = claim(unit)
    send_queue.mark(unit, claimed, at=LATER)
    settle(unit, claimed, to, last_reply="said", attempts=1)
    assert columns(unit, "state", "owner", "lease_until") == (to, None, None)
    assert last_event(unit) == ("committing", to, "send", "dot: said")
    _, line = noted(unit)
    assert (line["state"], line["message_id"], line["why"]) == (to, "<1.16@x>", "dot: said")


@pytest.mark.parametrize("to", [S.DEFERRED, S.REFUSED, S.APPROVED])
def test_an_outcome_before_the_mark_is_not_for_the_journal(unit, to):
    settle(unit, claim(unit), to)
    assert (state(unit), unit.lines) == (to, [])


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("to", [S.DEFERRED, S.REFUSED, S.APPROVED])
def test_settling_twice_is_once(unit, to, marked):
    claimed = claim(unit)
    if marked:
        send_queue.mark(unit, claimed, at=LATER)
    settle(unit, claimed, to)
    event, noted = last_event(unit), list(unit.lines)
    settle(unit, claimed, to)
    assert (last_event(unit), unit.lines) == (event, noted)


def test_a_letter_that_went_another_way_is_not_settled(unit):
    claimed = claim(unit)
    send_queue.mark(unit, claimed, at=LATER)
    settle(unit, claimed, S.UNKNOWN)
    with pytest.raises(MoveRefusedError):
        settle(unit, claimed, S.DEFERRED)
    assert state(unit) is S.UNKNOWN


def prepared(unit, *, marked, attempts):
    """A letter in our hands at its first or second attempt, with the dot near or not."""
    claimed = claim(unit)
    if attempts == 2:
        settle(unit, claimed, S.DEFERRED, next_attempt_at=LATER)
        claimed = claim(unit, at=LATER)
    if marked:
        send_queue.mark(unit, claimed, at=LATER)
    return claimed


RELEASES = [
    # the dot may be gone, which attempt, the state, and whether Date stays
    (True, 1, S.UNKNOWN, True),
    (True, 2, S.UNKNOWN, True),
    (False, 1, S.APPROVED, False),
    (False, 2, S.APPROVED, True),
]


@pytest.mark.parametrize(("marked", "attempts", "to", "dated"), RELEASES)
def test_a_dead_senders_letter_goes_back_or_is_unknown(unit, marked, attempts, to, dated):
    prepared(unit, marked=marked, attempts=attempts)
    (before,) = recovery.recover(unit.tx, at=LATER, alone=True)
    assert before.state is (S.COMMITTING if marked else S.CLAIMED)
    assert columns(unit, "state", "owner", "lease_until") == (to, None, None)
    assert (the(unit.tx).date_header is not None, the(unit.tx).first_attempt_at) == (
        dated,
        NOW if dated else None,
    )
    assert last_event(unit)[2] == "recovery"
    assert counted(unit) == attempts - (not marked), "what was not read to its end is not counted"
    assert recovery.recover(unit.tx, at=LATER, alone=True) == []


@pytest.mark.parametrize(("marked", "attempts", "to", "dated"), RELEASES)
def test_who_ends_lets_go_of_all_that_is_its_own(unit, marked, attempts, to, dated):
    prepared(unit, marked=marked, attempts=attempts)
    claim(unit, 2, owner="somebody else")
    assert recovery.let_go(unit.tx, "me", [1] if marked else [], at=LATER) == [1]
    assert (state(unit), state(unit, 2)) == (to, S.CLAIMED)
    assert (the(unit.tx).date_header is not None) is dated
    assert recovery.let_go(unit.tx, "me", [], at=LATER) == []


def test_a_mark_whose_dot_was_never_sent_leaves_the_letter_approved(unit):
    prepared(unit, marked=True, attempts=1)
    recovery.let_go(unit.tx, "me", [], at=LATER)
    assert state(unit) is S.APPROVED


def test_a_letter_that_was_approved_again_starts_with_no_attempts(unit):
    settle(unit, claim(unit), S.DEFERRED, next_attempt_at=LATER)
    thaw(unit.tx, the(unit.tx), at=LATER, command="unapprove", why="by the user")
    approve(unit.tx, 1, at=LATER)
    assert claim(unit, at=LATER).first
    recovery.let_go(unit.tx, "me", [], at=LATER)
    assert the(unit.tx).date_header is None


@pytest.mark.parametrize("wrong", [NOW - timedelta(days=9), NOW + timedelta(days=9)])
def test_a_first_attempt_is_known_as_that_whatever_the_clock_of_the_approval_said(unit, wrong):
    thaw(unit.tx, the(unit.tx), at=NOW, command="unapprove", why="by the user")
    approve(unit.tx, 1, at=wrong)
    claim(unit)
    recovery.recover(unit.tx, at=LATER, alone=True)
    assert columns(unit, "date_header", "first_attempt_at") == (None, None)


def test_others_leases_are_waited_for_where_others_may_live(unit):
    claim(unit)
    assert recovery.recover(unit.tx, at=NOW + timedelta(minutes=119), alone=False) == []
    assert len(recovery.recover(unit.tx, at=NOW + timedelta(minutes=121), alone=False)) == 1


def test_a_letter_that_is_handed_over_is_noted_whole_like_a_mark(unit):
    send_queue.hold(unit.tx, 1, "still_true: no")
    send_queue.export(unit, the(unit.tx), LATER, command="hand")
    assert columns(unit, "state", "held_because") == ("exported", None)
    assert last_event(unit)[:3] == ("approved", "exported", "hand")
    (line,) = noted(unit)
    assert (line["state"], line["record"]["letters"]["message_id"]) == ("exported", "<1.16@x>")
    with pytest.raises(MoveRefusedError, match="cannot become exported"):
        send_queue.export(unit, the(unit.tx), LATER, command="hand")


def test_an_address_is_taken_by_what_left_or_may_have_and_by_nothing_else(unit):
    unit.tx.exec_driver_sql(
        "UPDATE letters SET to_key = 'pd@x.example', to_addresses = '[\"PD@X.example\"]'"
    )
    assert send_queue.fetch_current(unit.tx, 1).taken_by == ""
    claimed = claim(unit, 2)
    assert send_queue.fetch_current(unit.tx, 1).taken_by == "Alder Creek 2"
    assert send_queue.fetch_current(unit.tx, 2).taken_by == "", "not by itself"
    with pytest.raises(MoveRefusedError, match="the database refuses it"):
        claim(unit)
    settle(unit, claimed, S.REFUSED)
    assert send_queue.fetch_current(unit.tx, 1).taken_by == ""
    claim(unit)
    assert state(unit) is S.CLAIMED


def test_departures_are_the_last_ones_of_one_account_oldest_first(unit):
    moments = [NOW + timedelta(minutes=n) for n in range(5)]
    for at in reversed(moments):
        account_usage.count(unit.tx, "a", at)
    account_usage.count(unit.tx, "b", LATER)
    assert account_usage.list_departures(unit.tx, "a", moments[0], 9) == moments[1:]
    assert account_usage.list_departures(unit.tx, "a", NOW - timedelta(days=1), 2) == moments[-2:]


def test_an_attempt_that_came_to_nothing_is_not_counted(unit):
    claim(unit, at=NOW)
    claim(unit, 2, at=NOW)
    account_usage.uncount(unit.tx, 1)
    account_usage.uncount(unit.tx, 1)
    assert account_usage.list_departures(unit.tx, "a", NOW - timedelta(days=1), 9) == [NOW]


def test_an_account_rests_until_the_server_takes_letters_again(unit):
    assert account_usage.find_pause(unit.tx, "a") is None
    account_usage.pause(unit.tx, "a", Pause(LATER, "421 later", 1))
    account_usage.pause(unit.tx, "a", longer := Pause(LATER + timedelta(hours=1), "421 again", 2))
    assert account_usage.find_pause(unit.tx, "a") == longer
    assert account_usage.find_pause(unit.tx, "b") is None
    account_usage.resume(unit.tx, "a")
    assert account_usage.find_pause(unit.tx, "a") is None


@pytest.mark.parametrize(
    ("began", "on"),
    [(NOW, True), (NOW + timedelta(minutes=10), True), (NOW + timedelta(hours=1), False)],
)
def test_a_rest_that_began_well_after_now_was_noted_by_a_clock_that_was_wrong(unit, began, on):
    assert account_usage.find_rest(unit.tx, "a", NOW) is None
    send_queue.record_outcome(unit, claim(unit), S.APPROVED, at=began, why="rcpt: 421 later")
    rest = Pause(began + timedelta(hours=1), "421 later", 1)
    account_usage.pause(unit.tx, "a", rest)
    assert account_usage.find_rest(unit.tx, "a", NOW) == (rest if on else None)


# --- refusals that another one shows to be of the sender ------------------------------------


def refused(unit, number=1, *, marked, attempts=1, at=NOW):
    """A letter that was refused at the dot or before it."""
    claimed = claim(unit, number, at=at)
    if marked:
        send_queue.mark(unit, claimed, at=LATER)
    settle(unit, claimed, S.REFUSED, attempts=attempts, last_reply="550 no")
    unit.lines.clear()


def taken_back(unit, number=1):
    return refusals.take_back(unit, number, at=LATER, why="letter 2 was refused, too")


def test_a_letter_that_was_refused_at_the_dot_is_approved_again_and_the_journal_hears_of_it(unit):
    refused(unit, marked=True)
    assert taken_back(unit)
    assert columns(unit, "state", "attempts", "first_attempt_at") == ("approved", 0, None)
    assert the(unit.tx).date_header is not None, "its bytes were read with this Date"
    assert last_event(unit) == ("refused", "approved", "send", "letter 2 was refused, too")
    (line,) = noted(unit)
    assert (line["state"], line["message_id"]) == ("approved", "<1.16@x>")
    assert line["about"]["programs"]["program"] == "Alder Creek 1"
    assert counted(unit) == 0
    assert claim(unit, at=LATER).token == 2


def test_of_one_that_was_refused_before_the_dot_the_journal_knows_nothing_and_hears_nothing(unit):
    refused(unit, marked=False)
    account_usage.uncount(unit.tx, 1)  # as whoever settled it did
    assert taken_back(unit)
    assert columns(unit, "state", "date_header", "first_attempt_at") == ("approved", None, None)
    assert (unit.lines, counted(unit)) == ([], 0)


def test_an_attempt_that_was_its_own_keeps_its_clock_and_its_count(unit):
    settle(unit, claim(unit), S.DEFERRED, attempts=1)
    refused(unit, marked=False, attempts=2, at=LATER)
    account_usage.uncount(unit.tx, 1)
    assert taken_back(unit)
    letter = the(unit.tx)
    assert (letter.attempts, letter.first_attempt_at, counted(unit)) == (1, NOW, 1)
    assert letter.date_header is not None


def test_a_letter_that_is_given_back_twice_is_given_back_once(unit):
    claimed = claim(unit)
    for _ in range(2):
        send_queue.release(unit, claimed, at=LATER, why="the server said nothing")
    assert (state(unit), counted(unit)) == (S.APPROVED, 0)
    assert the(unit.tx).date_header is None, "its first attempt came to nothing"


def test_an_account_that_does_not_rest_may_be_told_that_its_rest_is_over(unit):
    account_usage.resume(unit.tx, "a")
    assert account_usage.find_pause(unit.tx, "a") is None


def test_what_a_person_has_taken_up_or_said_is_not_taken_back(unit):
    refused(unit, marked=True)
    thaw(unit.tx, the(unit.tx), at=LATER, command="edit", why="taken up")
    assert not taken_back(unit)
    assert state(unit) is S.DRAFT
    claimed = claim(unit, 2)
    send_queue.mark(unit, claimed, at=LATER)
    settle(unit, claimed, S.SENT, sent_at=LATER)
    move_letter(unit.tx, the(unit.tx, 2), S.REFUSED, at=LATER, command="outbox resolve")
    assert not taken_back(unit, 2)
    assert state(unit, 2) is S.REFUSED


def turned_away(unit, into=S.REFUSED, account="a"):
    return [(x.number, x.said, x.domain) for x in refusals.list_refused(unit.tx, into, account)]


def test_what_was_turned_away_is_told_latest_first_back_to_what_was_taken(unit):
    assert turned_away(unit) == []
    refused(unit, marked=True)
    refused(unit, 2, marked=False)
    assert turned_away(unit) == [(2, "dot: said", "x.example"), (1, "dot: said", "x.example")]
    assert turned_away(unit, S.DEFERRED) == []
    assert turned_away(unit, account="another") == []
    assert taken_back(unit)
    assert len(turned_away(unit)) == 2, "that it was refused stays true"
    claimed = claim(unit)
    send_queue.mark(unit, claimed, at=LATER)
    settle(unit, claimed, S.SENT, sent_at=LATER)
    assert turned_away(unit) == []


def test_the_version_tells_of_what_others_wrote_and_not_of_ones_own(tmp_path):
    store = open_store("sqlite:///list.sqlite3", base=tmp_path)
    with make_manual(store.engine) as mine:
        before = data_version(mine)
        mine.exec_driver_sql("UPDATE lineage SET line = 0")
        assert data_version(mine) == before
        with store.begin() as other:
            other.exec_driver_sql("UPDATE lineage SET line = 0")
        assert data_version(mine) != before


def test_who_has_an_address_is_found_by_the_index_of_what_has_left(unit):
    """However many letters there are; a list of the season has them all in one other index."""
    statements, driver = [], unit.tx.connection.driver_connection
    driver.set_trace_callback(statements.append)
    send_queue.fetch_current(unit.tx, 1)
    driver.set_trace_callback(None)
    (statement,) = statements
    plan = [row[3] for row in unit.tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    assert any("USING INDEX uq_letters_address_once" in step for step in plan), plan
