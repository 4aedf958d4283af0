"""The table of moves."""

from planner.rules.states import GONE, MOVES, LetterState, may_move


def test_every_state_is_in_the_table_and_can_be_left():
    assert set(MOVES) == set(LetterState)
    assert all(MOVES.values())


def test_every_state_can_be_reached_from_a_draft():
    reached, waiting = set(), [LetterState.DRAFT]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting.extend(MOVES[state])
    assert reached == set(LetterState)


def test_only_a_mark_leads_to_sent_unless_a_person_says_so():
    to_sent = {s for s in LetterState if may_move(s, LetterState.SENT)}
    assert to_sent == {LetterState.COMMITTING, LetterState.UNKNOWN, LetterState.EXPORTED}


def test_what_was_sent_never_becomes_due_again_by_itself():
    assert MOVES[LetterState.SENT] == {LetterState.REFUSED}
    assert not may_move(LetterState.UNKNOWN, LetterState.APPROVED)
    assert LetterState.DEFERRED not in GONE
