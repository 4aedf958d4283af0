"""Where a letter's state is in the way, something that a user can type leads out of it."""

import re

import pytest

from planner.rules.states import FROZEN, LetterState
from planner.steps.verb import WAYS_OUT, way_out

COMMAND = re.compile(r"planner ([^;]+?)(?=;| or | and |$)")
IN_HAND = {LetterState.CLAIMED, LetterState.COMMITTING}


def test_every_state_has_its_way_out():
    assert {*WAYS_OUT} == {*LetterState}


@pytest.mark.parametrize("state", [s for s in LetterState if s not in IN_HAND])
def test_what_is_said_to_lead_out_of_a_state_can_be_typed_in_it(desk, state):
    commands = COMMAND.findall(way_out(state, 1))
    assert commands
    for command in commands:
        for name in ("planner.sqlite3", "planner.sqlite3.sent"):
            (desk.folder / name).unlink(missing_ok=True)
        if state in FROZEN:
            desk.approved(1)
        else:
            desk.a_list(1)
            desk.good("draft")
        desk.sql(f"UPDATE letters SET state = '{state}'")
        done = desk.type(*command.split())
        known = done.code in {0, 3, 75} or "needs a terminal" in done.err
        assert known, (command, done.err)
        assert "cannot be" not in (done.out + done.err).replace("cannot be reached", "")
