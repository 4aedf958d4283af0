"""If a letter's state prevents a command, the hint says what to type to get out of it."""

import re

import pytest

from planner.cli.hints.states import NEXT_COMMAND, next_command
from planner.rules.states import FROZEN, LetterState

COMMAND = re.compile(r"planner ([^;]+?)(?=;| or | and |$)")
IN_HAND = {LetterState.CLAIMED, LetterState.COMMITTING}


def test_every_state_has_its_next_command():
    assert {*NEXT_COMMAND} == {*LetterState}


UNKNOWN_USER = "550 5.1.1 no such user (about pd1@elm1.example)"
SAID = [(state, None) for state in LetterState if state not in IN_HAND]


@pytest.mark.parametrize(("state", "said"), [*SAID, (LetterState.REFUSED, UNKNOWN_USER)])
def test_what_is_said_to_lead_out_of_a_state_can_be_typed_in_it(desk, state, said):
    commands = COMMAND.findall(next_command(state, 1, said))
    assert commands
    for command in commands:
        desk.start_over()
        desk.configure()
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


@pytest.mark.parametrize(
    ("said", "fixes"),
    [
        (UNKNOWN_USER, True),
        ("552 5.2.2 mailbox full (about pd1@elm1.example)", False),
        ("550 5.7.1 not here", False),
        ("bounced", False),
        (None, False),
    ],
)
def test_only_an_address_that_does_not_exist_is_to_be_fixed(said, fixes):
    told = next_command(LetterState.REFUSED, "2-3", said)
    assert ("Fix its address" in told) is fixes
    assert ("planner outbox show 2-3" in told) is not fixes
    assert "planner leave-out --undo 2-3 and planner draft" in told


def test_a_refused_letter_that_is_asked_for_has_the_way_out_that_fits_it(desk):
    desk.approved(1)
    desk.sql(f"UPDATE letters SET state = 'refused', last_reply = '{UNKNOWN_USER}'")
    for words in (("approve", 1), ("unapprove", 1), ("outbox", "retry", 1)):
        said = " ".join(desk.type(*words).out.split())
        assert "Fix its address" in said
