"""What sending asks of the database: claim, mark, settle, recover, let go, hand over, count."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from planner.rules.states import LetterState
from planner.store import queue, recovery, refusals, usage
from planner.store.database import open_store
from planner.store.engine import by_hand
from planner.store.journal import data_version
from planner.store.letters import add_draft, get_applicant_id, list_letters, move_letter, thaw
from planner.store.moves import MoveRefusedError
from planner.store.schema import metadata
from planner.store.usage import Pause
from planner.store.writer import Page
from tests.builders import a_draft, a_program, put

NOW = datetime(2026, 10, 20, 16, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
S = LetterState


@pytest.fixture
def page(tmp_path):
    """A page on a database with two approved letters, in one transaction."""
    store = open_store("sqlite:///list.sqlite3", base=tmp_path)
    put(store, a_program(1), a_program(2))
    with store.begin() as tx:
        who = get_applicant_id(tx, "10000001", "robin@applicant.example")
        for program in (1, 2):
            number = add_draft(tx, who, a_letter_to(program), at=NOW, command="draft")
            approve(tx, number)
    with store.begin() as db:
        yield Page(db)
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


def noted(page):
    return [json.loads(line) for line in page.lines]


def state(page, number=1):
    return the(page.tx, number).state


def claim(page, number=1, *, at=NOW, owner="me", date="Tue, 20 Oct 2026 12:00:00 -0400"):
    letter = the(page.tx, number)
    lease = timedelta(hours=2)
    return queue.claim(page, letter, b"x", owner=owner, account="a", at=at, lease=lease, date=date)


def settle(page, claimed, to, **values):
    return queue.settle(page, claimed, to, at=LATER, why="dot: said", **values)


def columns(page, *names, number=1):
    found = f"SELECT {', '.join(names)} FROM letters WHERE id = ?"
    return page.tx.exec_driver_sql(found, (number,)).fetchone()


def counted(page):
    return page.tx.exec_driver_sql("SELECT count(*) FROM attempts").fetchone()[0]


def last_event(page, number=1):
    query = (
        "SELECT from_state, to_state, command, why FROM events WHERE letter_id = ?"
        " ORDER BY id DESC LIMIT 1"
    )
    return page.tx.exec_driver_sql(query, (number,)).fetchone()


def test_a_claim_takes_a_letter_with_token_lease_and_date_and_counts_at_once(page):
    claimed = claim(page)
    assert (claimed.token, claimed.first, claimed.first_attempt_at) == (1, True, NOW)
    assert columns(page, "state", "token", "owner", "lease_until") == (
        "claimed",
        1,
        "me",
        "2026-10-20 18:00:00.000000",
    )
    assert the(page.tx).date_header == claimed.date
    assert the(page.tx).first_attempt_at == NOW
    assert usage.departures(page.tx, "a", NOW - timedelta(days=1), 9) == [NOW]
    assert page.lines == []


def test_a_later_claim_keeps_the_date_and_the_clock_of_the_first(page):
    settle(page, claim(page), S.DEFERRED, next_attempt_at=LATER)
    again = claim(page, at=LATER, date="another day")
    assert (again.token, again.first, again.first_attempt_at) == (2, False, NOW)
    assert again.date == "Tue, 20 Oct 2026 12:00:00 -0400"
    assert the(page.tx).date_header == "Tue, 20 Oct 2026 12:00:00 -0400"
    assert the(page.tx).first_attempt_at == NOW


def test_claiming_twice_is_once(page):
    letter = the(page.tx)
    lease = {"owner": "me", "account": "a", "lease": timedelta(hours=2)}
    first = queue.claim(page, letter, b"x", at=NOW, date="one day", **lease)
    again = queue.claim(page, letter, b"x", at=LATER, date="another", **lease)
    assert (again.token, again.date, again.record) == (1, "one day", first.record)
    assert page.tx.exec_driver_sql("SELECT count(*) FROM attempts").fetchone() == (1,)
    assert last_event(page)[:2] == ("approved", "claimed")


def test_what_kept_a_letter_back_is_forgotten_when_it_is_claimed(page):
    queue.hold(page.tx, 1, "transcript: not there")
    assert the(page.tx).held_because == "transcript: not there"
    claim(page)
    assert the(page.tx).held_because is None
    queue.hold(page.tx, 1, "")
    assert the(page.tx).held_because is None


def test_a_letter_is_present_as_it_stands(page):
    found = queue.present(page.tx, 1)
    assert (found.state, found.digest, found.token) == (S.APPROVED, "d", 0)
    assert found.wire == b"From: x\r\n\r\nB\r\n"


def test_a_mark_is_noted_with_all_that_it_takes_to_know_the_letter(page):
    claimed = claim(page)
    queue.mark(page, claimed, at=LATER)
    assert state(page) is S.COMMITTING
    (line,) = noted(page)
    assert (line["state"], line["message_id"]) == ("committing", "<1.16@x>")
    assert line["at"] == "2026-10-20 17:00:00.000000"
    record = line["record"]
    assert record["letters"]["wire"] == "From: x\r\n\r\nB\r\n"
    assert record["letters"]["date_header"] == claimed.date
    assert record["letters"]["to_addresses"] == ["pd1@x.example"]
    assert record["applicants"]["aamc_id"] == "10000001"
    assert record["programs"]["program"] == "Alder Creek 1"


def test_a_record_has_every_column_that_a_row_needs(page):
    for table, kept in queue.RECORDED.items():
        needed = {
            column.name
            for column in metadata.tables[table].columns
            if not column.nullable and column.server_default is None and not column.primary_key
        }
        made_elsewhere = {"applicant_id", "program_id", "facts"}
        assert needed - made_elsewhere <= set(kept), table


def test_only_who_claimed_a_letter_may_mark_it(page):
    claimed = claim(page)
    queue.mark(page, claimed, at=LATER)
    stale = claim(page, 2)
    recovery.let_go(page.tx, "me", (), at=LATER)
    claim(page, 2, at=LATER)
    with pytest.raises(MoveRefusedError, match="changed meanwhile"):
        queue.mark(page, stale, at=LATER)


def test_marking_twice_is_once(page):
    claimed = claim(page)
    for _ in range(2):
        queue.mark(page, claimed, at=LATER)
    assert (state(page), len(page.lines)) == (S.COMMITTING, 1)
    assert last_event(page)[:2] == ("claimed", "committing")
    assert settle(page, claimed, S.SENT)
    assert not settle(page, claimed, S.SENT), "it was settled before"
    with pytest.raises(MoveRefusedError, match="changed meanwhile"):
        queue.mark(page, claimed, at=LATER)


OUTCOMES = [S.SENT, S.DEFERRED, S.REFUSED, S.UNKNOWN, S.APPROVED]


@pytest.mark.parametrize("to", OUTCOMES)
def test_the_outcome_of_a_marked_letter_lets_go_of_it_and_is_noted(page, to):
    claimed = claim(page)
    queue.mark(page, claimed, at=LATER)
    settle(page, claimed, to, last_reply="said", attempts=1)
    assert columns(page, "state", "owner", "lease_until") == (to, None, None)
    assert last_event(page) == ("committing", to, "send", "dot: said")
    _, line = noted(page)
    assert (line["state"], line["message_id"], line["why"]) == (to, "<1.16@x>", "dot: said")


@pytest.mark.parametrize("to", [S.DEFERRED, S.REFUSED, S.APPROVED])
def test_an_outcome_before_the_mark_is_not_for_the_journal(page, to):
    settle(page, claim(page), to)
    assert (state(page), page.lines) == (to, [])


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("to", [S.DEFERRED, S.REFUSED, S.APPROVED])
def test_settling_twice_is_once(page, to, marked):
    claimed = claim(page)
    if marked:
        queue.mark(page, claimed, at=LATER)
    settle(page, claimed, to)
    event, noted = last_event(page), list(page.lines)
    settle(page, claimed, to)
    assert (last_event(page), page.lines) == (event, noted)


def test_a_letter_that_went_another_way_is_not_settled(page):
    claimed = claim(page)
    queue.mark(page, claimed, at=LATER)
    settle(page, claimed, S.UNKNOWN)
    with pytest.raises(MoveRefusedError):
        settle(page, claimed, S.DEFERRED)
    assert state(page) is S.UNKNOWN


def prepared(page, *, marked, attempts):
    """A letter in our hands at its first or second attempt, with the dot near or not."""
    claimed = claim(page)
    if attempts == 2:
        settle(page, claimed, S.DEFERRED, next_attempt_at=LATER)
        claimed = claim(page, at=LATER)
    if marked:
        queue.mark(page, claimed, at=LATER)
    return claimed


RELEASES = [
    # the dot may be gone, which attempt, the state, and whether Date stays
    (True, 1, S.UNKNOWN, True),
    (True, 2, S.UNKNOWN, True),
    (False, 1, S.APPROVED, False),
    (False, 2, S.APPROVED, True),
]


@pytest.mark.parametrize(("marked", "attempts", "to", "dated"), RELEASES)
def test_a_dead_senders_letter_goes_back_or_is_unknown(page, marked, attempts, to, dated):
    prepared(page, marked=marked, attempts=attempts)
    (before,) = recovery.recover(page.tx, at=LATER, alone=True)
    assert before.state is (S.COMMITTING if marked else S.CLAIMED)
    assert columns(page, "state", "owner", "lease_until") == (to, None, None)
    assert (the(page.tx).date_header is not None, the(page.tx).first_attempt_at) == (
        dated,
        NOW if dated else None,
    )
    assert last_event(page)[2] == "recovery"
    assert counted(page) == attempts - (not marked), "what was not read to its end is not counted"
    assert recovery.recover(page.tx, at=LATER, alone=True) == []


@pytest.mark.parametrize(("marked", "attempts", "to", "dated"), RELEASES)
def test_who_ends_lets_go_of_all_that_is_its_own(page, marked, attempts, to, dated):
    prepared(page, marked=marked, attempts=attempts)
    claim(page, 2, owner="somebody else")
    assert recovery.let_go(page.tx, "me", [1] if marked else [], at=LATER) == [1]
    assert (state(page), state(page, 2)) == (to, S.CLAIMED)
    assert (the(page.tx).date_header is not None) is dated
    assert recovery.let_go(page.tx, "me", [], at=LATER) == []


def test_a_mark_whose_dot_was_never_sent_leaves_the_letter_approved(page):
    prepared(page, marked=True, attempts=1)
    recovery.let_go(page.tx, "me", [], at=LATER)
    assert state(page) is S.APPROVED


def test_a_letter_that_was_approved_anew_starts_as_if_never_tried(page):
    settle(page, claim(page), S.DEFERRED, next_attempt_at=LATER)
    thaw(page.tx, the(page.tx), at=LATER, command="unapprove", why="by the user")
    approve(page.tx, 1, at=LATER)
    assert claim(page, at=LATER).first
    recovery.let_go(page.tx, "me", [], at=LATER)
    assert the(page.tx).date_header is None


def test_others_leases_are_waited_for_where_others_may_live(page):
    claim(page)
    assert recovery.recover(page.tx, at=NOW + timedelta(minutes=119), alone=False) == []
    assert len(recovery.recover(page.tx, at=NOW + timedelta(minutes=121), alone=False)) == 1


def test_a_letter_that_is_handed_over_is_noted_whole_like_a_mark(page):
    queue.hold(page.tx, 1, "still_true: no")
    queue.hand_over(page, the(page.tx), LATER)
    assert columns(page, "state", "held_because") == ("exported", None)
    assert last_event(page)[:3] == ("approved", "exported", "outbox export")
    (line,) = noted(page)
    assert (line["state"], line["record"]["letters"]["message_id"]) == ("exported", "<1.16@x>")
    with pytest.raises(MoveRefusedError, match="cannot become exported"):
        queue.hand_over(page, the(page.tx), LATER)


def test_an_address_is_taken_by_what_left_or_may_have_and_by_nothing_else(page):
    page.tx.exec_driver_sql(
        "UPDATE letters SET to_key = 'pd@x.example', to_addresses = '[\"PD@X.example\"]'"
    )
    assert queue.present(page.tx, 1).taken_by == ""
    claimed = claim(page, 2)
    assert queue.present(page.tx, 1).taken_by == "Alder Creek 2"
    assert queue.present(page.tx, 2).taken_by == "", "not by itself"
    with pytest.raises(MoveRefusedError, match="the database refuses it"):
        claim(page)
    settle(page, claimed, S.REFUSED)
    assert queue.present(page.tx, 1).taken_by == ""
    claim(page)
    assert state(page) is S.CLAIMED


def test_departures_are_the_last_ones_of_one_account_oldest_first(page):
    moments = [NOW + timedelta(minutes=n) for n in range(5)]
    for at in reversed(moments):
        usage.count(page.tx, "a", at)
    usage.count(page.tx, "b", LATER)
    assert usage.departures(page.tx, "a", moments[0], 9) == moments[1:]
    assert usage.departures(page.tx, "a", NOW - timedelta(days=1), 2) == moments[-2:]


def test_an_attempt_that_came_to_nothing_is_not_counted(page):
    claim(page, at=NOW)
    claim(page, 2, at=NOW)
    usage.uncount(page.tx, 1)
    usage.uncount(page.tx, 1)
    assert usage.departures(page.tx, "a", NOW - timedelta(days=1), 9) == [NOW]


def test_an_account_rests_until_the_server_takes_letters_again(page):
    assert usage.paused(page.tx, "a") is None
    usage.pause(page.tx, "a", Pause(LATER, "421 later", 1))
    usage.pause(page.tx, "a", longer := Pause(LATER + timedelta(hours=1), "421 again", 2))
    assert usage.paused(page.tx, "a") == longer
    assert usage.paused(page.tx, "b") is None
    usage.resume(page.tx, "a")
    assert usage.paused(page.tx, "a") is None


# --- refusals that another one shows to be of the sender ------------------------------------


def refused(page, number=1, *, marked, attempts=1, at=NOW):
    """A letter that was refused at the dot or before it."""
    claimed = claim(page, number, at=at)
    if marked:
        queue.mark(page, claimed, at=LATER)
    settle(page, claimed, S.REFUSED, attempts=attempts, last_reply="550 no")
    page.lines.clear()


def taken_back(page, number=1):
    return refusals.take_back(page, number, at=LATER, why="letter 2 was refused, too")


def test_a_letter_that_was_refused_at_the_dot_is_approved_again_and_the_journal_hears_of_it(page):
    refused(page, marked=True)
    assert taken_back(page)
    assert columns(page, "state", "attempts", "first_attempt_at") == ("approved", 0, None)
    assert the(page.tx).date_header is not None, "its bytes were read with this Date"
    assert last_event(page) == ("refused", "approved", "send", "letter 2 was refused, too")
    (line,) = noted(page)
    assert (line["state"], line["message_id"]) == ("approved", "<1.16@x>")
    assert line["about"]["programs"]["program"] == "Alder Creek 1"
    assert counted(page) == 0
    assert claim(page, at=LATER).token == 2


def test_of_one_that_was_refused_before_the_dot_the_journal_knows_nothing_and_hears_nothing(page):
    refused(page, marked=False)
    usage.uncount(page.tx, 1)  # as whoever settled it did
    assert taken_back(page)
    assert columns(page, "state", "date_header", "first_attempt_at") == ("approved", None, None)
    assert (page.lines, counted(page)) == ([], 0)


def test_an_attempt_that_was_its_own_keeps_its_clock_and_its_count(page):
    settle(page, claim(page), S.DEFERRED, attempts=1)
    refused(page, marked=False, attempts=2, at=LATER)
    usage.uncount(page.tx, 1)
    assert taken_back(page)
    letter = the(page.tx)
    assert (letter.attempts, letter.first_attempt_at, counted(page)) == (1, NOW, 1)
    assert letter.date_header is not None


def test_what_a_person_has_taken_up_or_said_is_not_taken_back(page):
    refused(page, marked=True)
    thaw(page.tx, the(page.tx), at=LATER, command="edit", why="taken up")
    assert not taken_back(page)
    assert state(page) is S.DRAFT
    claimed = claim(page, 2)
    queue.mark(page, claimed, at=LATER)
    settle(page, claimed, S.SENT, sent_at=LATER)
    move_letter(page.tx, the(page.tx, 2), S.REFUSED, at=LATER, command="outbox resolve")
    assert not taken_back(page, 2)
    assert state(page, 2) is S.REFUSED


def turned_away(page, into=S.REFUSED, account="a"):
    return [(x.number, x.said, x.domain) for x in refusals.turned_away(page.tx, into, account)]


def test_what_was_turned_away_is_told_latest_first_back_to_what_was_taken(page):
    assert turned_away(page) == []
    refused(page, marked=True)
    refused(page, 2, marked=False)
    assert turned_away(page) == [(2, "dot: said", "x.example"), (1, "dot: said", "x.example")]
    assert turned_away(page, S.DEFERRED) == []
    assert turned_away(page, account="another") == []
    assert taken_back(page)
    assert len(turned_away(page)) == 2, "that it was refused stays true"
    claimed = claim(page)
    queue.mark(page, claimed, at=LATER)
    settle(page, claimed, S.SENT, sent_at=LATER)
    assert turned_away(page) == []


def test_the_version_tells_of_what_others_wrote_and_not_of_ones_own(tmp_path):
    store = open_store("sqlite:///list.sqlite3", base=tmp_path)
    with by_hand(store.engine) as mine:
        before = data_version(mine)
        mine.exec_driver_sql("UPDATE journal SET line = 7")
        assert data_version(mine) == before
        with store.begin() as other:
            other.exec_driver_sql("UPDATE journal SET line = 1")
        assert data_version(mine) != before
