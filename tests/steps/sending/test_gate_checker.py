"""The gates with the real clock: how long a plan is valid, and what closes a gate meanwhile."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.mail.wire import wire_digest
from planner.rules.calendar import EASTERN, noon
from planner.rules.facts import LetterKind, Occasion, OccasionKind, Status
from planner.rules.states import LetterState
from planner.steps.sending.gate_checker import GateChecker
from planner.store import send_queue
from planner.store.commits import UnitOfWork
from planner.store.database import open_store
from planner.store.letters import add_draft, get_applicant_id, list_letters, move_letter
from tests.builders import EARLY, a_draft, a_program, a_situation, put

NOW = noon(EARLY)
WIRE = b"From: robin@applicant.example\r\nMessage-ID: <1@x>\r\n\r\nB\r\n"
OTHER = WIRE.replace(b"<1@x>", b"<2@x>")
SENDER, TO = "robin@applicant.example", ("pd@x.example",)
PROGRAMS = [a_program(n, status=Status.INTERVIEWED) for n in (1, 2)]


@pytest.fixture
def db(tmp_path):
    """A database with an approved letter for each of two programs."""
    store = open_store("sqlite:///list.sqlite3", base=tmp_path)
    put(store, *PROGRAMS)
    with store.begin() as tx:
        who = get_applicant_id(tx, "10000001", SENDER)
        for program in PROGRAMS:
            number = add_draft(tx, who, a_letter_to(program.id), at=NOW, command="draft")
            approve(tx, number)
    with store.begin() as connection:
        yield connection
    store.close()


def a_letter_to(program):
    kind, to = LetterKind.AFTER_INTERVIEW, TO if program == 1 else ("other@x.example",)
    rule = "early_interviewed"
    return a_draft(program, letter=kind, picked=kind, rule=rule, sender=SENDER, to=to)


def approve(db, number):
    (letter,) = list_letters(db, ids=[number])
    wire = WIRE if number == 1 else OTHER
    digest = wire_digest(SENDER, letter.to, wire)
    frozen = {"wire": wire, "digest": digest, "message_id": f"<{number}@x>", "account": "a"}
    values = {**frozen, "approved_at": NOW}
    move_letter(db, letter, LetterState.APPROVED, at=NOW, command="approve", **values)


def known(db):
    return [letter.fact() for letter in list_letters(db)]


def a_checker(db=None, *, now=NOW, version=1, programs=PROGRAMS, **situation):
    gates = GateChecker(a_situation(**situation), "a")
    gates.renew(programs, list_letters(db) if db else [], now, version)
    return gates


def the(db, number=1):
    return list_letters(db, ids=[number])[0]


def closed(gates, db, letter, wire=WIRE):
    return gates.find_closed(letter, send_queue.fetch_current(db, letter.id)._replace(wire=wire))


def test_without_a_plan_nothing_holds():
    assert not GateChecker(a_situation(), "a").holds(NOW, 1)


def test_a_plan_holds_until_midnight_eastern_and_for_its_own_database():
    gates = a_checker()
    midnight = datetime(2026, 10, 21, tzinfo=EASTERN)
    assert gates.holds(NOW, 1)
    assert gates.holds(midnight - timedelta(microseconds=1), 1)
    assert gates.holds((midnight - timedelta(minutes=1)).astimezone(UTC), 1)
    assert not gates.holds(midnight, 1)
    assert not gates.holds(NOW, 2), "somebody else wrote"
    assert not gates.holds(NOW - timedelta(seconds=1), 1), "the clock was set back"
    gates.renew(PROGRAMS, [], midnight, 2)
    assert gates.holds(midnight, 2)


def test_a_date_of_the_calendar_ends_a_plan_within_a_day():
    at_nine = datetime(2027, 3, 3, 21, 0, tzinfo=EASTERN)
    gates = a_checker(now=noon(date(2027, 3, 3)))
    assert gates.holds(at_nine - timedelta(seconds=1), 1)
    assert not gates.holds(at_nine, 1)


@given(st.timedeltas(timedelta(0), timedelta(days=300)), st.timedeltas(timedelta(0)))
def test_whatever_holds_holds_at_every_moment_before(start, later):
    now = NOW + start
    gates = a_checker(now=now)
    assert gates.holds(now, 1)
    if later < timedelta(days=3650) and gates.holds(now + later, 1):
        assert gates.holds(now + later / 2, 1)
        assert later < timedelta(hours=25)


def test_the_lists_of_a_letter_are_those_of_its_programs_match(db):
    gates = a_checker(db)
    assert gates.lists_final(the(db)) == datetime(2027, 3, 3, 21, 0, tzinfo=EASTERN)


def test_gates_are_open_for_what_is_still_as_it_was_approved(db):
    assert closed(a_checker(db), db, the(db)) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"wire": WIRE + b"more"}, "approval: its bytes are not those that were approved"),
        ({"sender": "other@applicant.example"}, "approval: its bytes"),
        ({"to": ("else@x.example",)}, "approval: its bytes"),
        ({"cc": ("else@x.example",)}, "approval: its bytes"),
        ({"digest": "another"}, "approval: its bytes"),
        ({"account": "b"}, "approval: the mail account has changed"),
        ({"picked": LetterKind.IMPROVEMENT}, "still_true: today the letter would be"),
        ({"occasion": Occasion(OccasionKind.RESULT, 2026, 1)}, "still_true: it was written for"),
        ({"occasion": Occasion(OccasionKind.PENDING, 2027, 1)}, "still_true: it was written for"),
    ],
)
def test_what_is_not_as_it_was_approved_is_held(db, change, said):
    wire = change.get("wire", WIRE)
    letter = the(db)._replace(**{k: v for k, v in change.items() if k != "wire"})
    assert closed(a_checker(db), db, letter, wire).startswith(said)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ({"status": Status.REJECTED}, "still_true: the decision is now excluded (not_in_play)"),
        ({"told_on": date(2026, 10, 12)}, "still_true: the decision is"),
        ({"director_email": ""}, "still_true: the decision is"),
    ],
)
def test_a_program_that_moved_since_holds_its_letter(db, program, said):
    moved = [replace(PROGRAMS[0], **program), PROGRAMS[1]]
    assert closed(a_checker(db, programs=moved), db, the(db)).startswith(said)
    assert closed(a_checker(db, programs=moved), db, the(db, 2), OTHER) == ""


def test_the_clock_of_the_plan_is_that_of_the_gates(db):
    gates = a_checker(db)
    assert closed(gates, db, the(db)) == ""
    gates.renew(PROGRAMS, list_letters(db), noon(date(2027, 3, 16)), 2)
    assert closed(gates, db, the(db)).startswith("still_true: the decision is")


def test_an_address_that_got_a_letter_meanwhile_is_seen_without_a_new_plan(db):
    gates = a_checker(db)
    db.exec_driver_sql(f"UPDATE letters SET to_key = '{TO[0]}' WHERE id = 2")
    settings = {"owner": "me", "account": "a", "at": NOW, "lease": timedelta(hours=1), "date": "d"}
    send_queue.claim(UnitOfWork(db), the(db, 2), WIRE, **settings)
    said = closed(gates, db, the(db))
    assert said == "once: the address already got the letter for Alder Creek 2"
