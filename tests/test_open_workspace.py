"""A workspace that stays open sees what others write, and composes anew only when it must."""

from planner import steps
from planner.open_workspace import OpenWorkspace
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
