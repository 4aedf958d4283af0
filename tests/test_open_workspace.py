"""A workspace that stays open sees what others write, and composes anew only when it must."""

from datetime import timedelta

from planner import steps, wiring
from planner.open_workspace import OpenWorkspace
from planner.steps.compose import OF_PROGRAMS
from planner.steps.letter_facts import LetterFacts
from planner.wiring import Workspace


def composed(ws):
    with ws.store.read() as tx:
        return ws.composer(tx)


def test_what_was_composed_is_kept_until_somebody_writes(desk):
    desk.drafted(2)
    ws = OpenWorkspace(Workspace())
    first = composed(ws)
    assert composed(ws) is first
    desk.good("programs", "set", "1", "contact_policy=none")
    assert composed(ws) is not first


def test_who_writes_gets_one_of_its_own(desk):
    desk.drafted(1)
    ws = OpenWorkspace(Workspace())
    kept = composed(ws)
    with ws.store.begin(keep=False) as tx:
        assert ws.composer(tx) is not kept


def test_a_write_that_changes_nothing_of_it_keeps_it_unless_another_came_between(desk):
    desk.drafted(2)
    ws = OpenWorkspace(Workspace())
    letters = steps.preview.list_waiting(ws)
    first = composed(ws)
    with ws.same_composer():
        steps.review.note_shown(ws, letters[:1])
    assert composed(ws) is first
    with ws.same_composer():
        desk.good("programs", "set", "1", "contact_policy=none")
        steps.review.note_shown(ws, letters[1:])
    assert composed(ws) is not first


def test_a_new_day_is_a_new_plan(desk):
    desk.drafted(1)
    ws = OpenWorkspace(Workspace())
    first = composed(ws)
    desk.day = desk.day.replace(day=desk.day.day + 1)
    assert composed(ws) is not first


def test_an_approval_composes_with_what_is_known_at_its_own_moment(desk, monkeypatch):
    desk.drafted(2)
    ws = OpenWorkspace(Workspace())
    first = composed(ws)
    planned = first.plan
    later = first.situation.now + timedelta(minutes=30)
    monkeypatch.setattr(wiring, "now", lambda: later)
    with ws.store.begin(keep=False) as tx:
        begun = ws.composer(tx, unwritten=True)
    assert begun.plan is planned
    assert begun.situation.now == later


def test_an_approval_by_somebody_else_is_seen_by_who_writes(desk):
    desk.drafted(2)
    ws = OpenWorkspace(Workspace())
    first = composed(ws)
    desk.good("programs", "set", "1", "contact_policy=none")
    with ws.store.begin(keep=False) as tx:
        assert ws.composer(tx, unwritten=True).plan is not first.plan


def test_letters_that_moved_are_known_as_if_all_had_been_read_again(desk):
    desk.drafted(3)
    ws = OpenWorkspace(Workspace())
    kept = composed(ws)
    _ = kept.plan, kept.campaign
    (letter,) = steps.preview.list_waiting(ws)[:1]
    steps.review.note_shown(ws, [letter])
    kept = composed(ws)
    with ws.same_composer() as moved:
        moved.append(steps.review.approve_opened(ws, letter).letter)
    known = composed(ws)
    assert known.programs is kept.programs  # nothing was read again
    with ws.store.read() as tx:
        fresh = ws.workspace.composer(tx)
    assert known.letters == fresh.letters
    assert known.plan == fresh.plan
    assert known.first_choices == fresh.first_choices


def test_what_is_kept_when_a_letter_moves_is_what_the_programs_alone_decide():
    assert set(vars(LetterFacts)) >= OF_PROGRAMS
    assert not OF_PROGRAMS & {"plan", "campaign", "_first_letters"}
