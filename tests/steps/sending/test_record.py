"""What a run writes down: claims, marks, outcomes, and letters that are given back."""

import asyncio
from datetime import timedelta

import pytest

from planner.errors import BusyError
from planner.rules.pace import Pace
from planner.rules.retries import Fate, Outcome, Reply, Step
from planner.rules.states import LetterState
from planner.steps.sending.due import fetch_due
from planner.steps.sending.record import LEASE, Delivery, HeldBackError, SendRecorder
from planner.steps.sending.report import LetterResult
from planner.steps.sending.run import Wait
from planner.store.transitions import MoveRefusedError

SENT = Outcome(Fate.SENT, Step.DOT, Reply(250, "2.0.0 queued"))
NO_USER = Outcome(Fate.REFUSED, Step.RCPT, Reply(550, "5.1.1 no such user"))
WORDLESS = Outcome(Fate.REFUSED, Step.DOT, Reply(550, "Message not taken"))


@pytest.fixture
def recorder(outbox):
    """What records for a run that has looked at what is due."""
    run = outbox.run()
    with run.store.commits() as commits:
        commits.run_blocking(lambda unit: fetch_due(unit.tx, run))
        yield SendRecorder(run, commits)


def claimed(recorder, outbox, number=1):
    found = asyncio.run(recorder.claim(outbox.letter(number)))
    assert isinstance(found, Delivery), found
    return found


def ended(recorder, outbox, outcome, number=1, *, marked=True):
    """A letter that was claimed, perhaps marked, and whose delivery ended so."""
    delivery = claimed(recorder, outbox, number)
    if marked:
        asyncio.run(recorder.mark(delivery))
    delivery.outcome = outcome
    return delivery


def test_a_claimed_letter_is_in_hand_with_a_lease_and_its_date(recorder, outbox):
    delivery = claimed(recorder, outbox)
    assert recorder.in_hand == {1: delivery}
    assert delivery.claimed.date == "Tue, 20 Oct 2026 16:00:00 +0000"
    assert outbox.states() == ["claimed", "approved", "approved"]
    assert outbox.sql("SELECT owner FROM letters WHERE id = 1") == [(recorder.run.owner,)]
    assert timedelta(hours=1) < LEASE


def test_a_letter_whose_gate_is_closed_is_not_claimed(recorder, outbox):
    letter = outbox.letter(2)
    outbox.sql("UPDATE programs SET told_on = '2026-10-19' WHERE id = 2")
    held = asyncio.run(recorder.claim(letter))
    assert isinstance(held, LetterResult)
    assert "already_told" in held.reason
    assert "already_told" in outbox.letter(2).held_because
    assert recorder.in_hand == {}


def test_a_letter_that_changed_meanwhile_is_not_claimed(recorder, outbox):
    letter = outbox.letter(2)
    outbox.sql("UPDATE letters SET state = 'cancelled' WHERE id = 2")
    found = asyncio.run(recorder.claim(letter))
    assert (found.state, found.reason) == (
        LetterState.CANCELLED,
        "it changed while sending went on; it is cancelled now",
    )


def test_while_the_pace_says_wait_no_letter_is_claimed(outbox):
    run = outbox.run(pace=Pace(per_minute=1, per_day=0, window=None))
    with run.store.commits() as commits:
        recorder = SendRecorder(run, commits)
        first = claimed(recorder, outbox)
        wait = asyncio.run(recorder.claim(outbox.letter(2)))
    assert isinstance(wait, Wait)
    assert wait.until - first.claimed.at == timedelta(minutes=1)
    assert outbox.states() == ["claimed", "approved", "approved"]


def test_a_mark_is_in_the_database_and_in_the_journal(recorder, outbox):
    delivery = claimed(recorder, outbox)
    asyncio.run(recorder.mark(delivery))
    assert delivery.marked
    assert outbox.states()[0] == "committing"
    assert '"committing"' in outbox.store.path.with_name("list.sqlite3.sent").read_text()


def test_a_gate_that_closes_behind_the_claim_forbids_the_mark_and_the_letter_goes_back(
    recorder, outbox
):
    delivery = claimed(recorder, outbox)
    outbox.sql("UPDATE programs SET told_on = '2026-10-19' WHERE id = 1")
    with pytest.raises(HeldBackError, match="already_told") as held:
        asyncio.run(recorder.mark(delivery))
    assert not delivery.marked
    asyncio.run(recorder.release(delivery, held.value))
    letter = outbox.letter()
    assert (letter.state, letter.date_header, letter.attempts) == ("approved", None, 0)
    assert "already_told" in letter.held_because
    assert (outbox.sql("SELECT * FROM attempts"), recorder.in_hand) == ([], {})


def test_a_plan_that_is_made_again_does_not_take_what_is_claimed_for_told(recorder, outbox):
    deliveries = [claimed(recorder, outbox, number) for number in (1, 2)]
    outbox.sql("UPDATE programs SET notes = 'Anruf: Frau Österöd' WHERE id = 3")
    for delivery in deliveries:
        asyncio.run(recorder.mark(delivery))
    assert outbox.states() == ["committing", "committing", "approved"]


def test_a_letter_that_is_taken_is_sent_and_counts(recorder, outbox):
    done = asyncio.run(recorder.record(ended(recorder, outbox, SENT)))
    letter = outbox.letter()
    assert (letter.state, letter.last_reply, letter.attempts) == ("sent", "250 2.0.0 queued", 1)
    assert (done.outcome, done.taken_back, recorder.in_hand) == (SENT, (), {})
    assert outbox.sql("SELECT letter_id FROM attempts") == [(1,)]


def test_a_letter_whose_body_was_not_taken_counts_for_nothing(recorder, outbox):
    asyncio.run(recorder.record(ended(recorder, outbox, NO_USER, marked=False)))
    assert outbox.states()[0] == "refused"
    assert outbox.sql("SELECT letter_id FROM attempts") == []


def test_the_second_refusal_in_the_same_words_shows_that_it_was_no_letters_fault(recorder, outbox):
    first = asyncio.run(recorder.record(ended(recorder, outbox, WORDLESS, 1)))
    assert (first.transition.state, outbox.states()[0]) == ("refused", "refused")
    second = asyncio.run(recorder.record(ended(recorder, outbox, WORDLESS, 2)))
    assert second.outcome.fate is Fate.SENDER
    assert [letter.id for letter in second.taken_back] == [1]
    assert outbox.states() == ["approved"] * 3


def test_an_outcome_that_is_recorded_twice_is_recorded_once(recorder, outbox):
    delivery = ended(recorder, outbox, SENT)
    for _ in range(2):
        asyncio.run(recorder.record(delivery))
    events = "SELECT count(*) FROM events WHERE letter_id = 1 AND to_state = 'sent'"
    assert outbox.sql(events) == [(1,)]
    assert outbox.letter().attempts == 1


def test_a_letter_that_is_one_of_too_many_goes_again(recorder, outbox):
    busy = Outcome(Fate.BACK_OFF, Step.MAIL, Reply(421, "4.7.0 too many sessions"))
    delivery = ended(recorder, outbox, busy, marked=False)
    delivery.goes_again = True
    done = asyncio.run(recorder.record(delivery))
    assert (done.again.id, done.again.state, done.resumes_at) == (1, "approved", None)
    assert outbox.sql("SELECT * FROM pauses") == []


def test_how_often_a_server_was_away_in_a_row_makes_the_wait_longer(recorder, outbox):
    away, waits = Outcome(Fate.UNREACHABLE, Step.CONNECT), []
    for _ in range(3):
        done = asyncio.run(recorder.record(ended(recorder, outbox, away, marked=False)))
        waits.append((done.resumes_at - outbox.now) / timedelta(minutes=1))
    assert waits == [1, 2, 4]


class Locked:
    """Commits that fail so many times, as while somebody else holds the file."""

    def __init__(self, commits, times):
        self.commits, self.times = commits, times

    async def run(self, job, **how):
        if self.times > 0:
            self.times -= 1
            raise BusyError("The database is in use.")
        return await self.commits.run(job, **how)


def test_an_outcome_is_recorded_as_soon_as_the_database_can_be_written(recorder, outbox):
    delivery = ended(recorder, outbox, SENT)
    recorder.commits = Locked(recorder.commits, 3)
    asyncio.run(recorder.record(delivery))
    assert outbox.slept == [1.0, 2.0, 4.0]
    (told,) = outbox.told
    assert "Trying to record letter 1: 250 2.0.0 queued" in told
    assert outbox.states()[0] == "sent"


def test_it_gives_up_after_a_minute_and_the_mark_is_there_for_the_next_start(recorder, outbox):
    delivery = ended(recorder, outbox, SENT)
    recorder.commits = Locked(recorder.commits, 99)
    with pytest.raises(BusyError):
        asyncio.run(recorder.record(delivery))
    assert sum(outbox.slept) == 60
    assert (outbox.states()[0], recorder.in_hand) == ("committing", {1: delivery})


def test_at_the_end_what_is_known_is_recorded_and_the_rest_let_go(recorder, outbox):
    ended(recorder, outbox, SENT, 1)
    asyncio.run(recorder.mark(claimed(recorder, outbox, 2)))
    claimed(recorder, outbox, 3)
    letters = asyncio.run(recorder.release_all())
    assert [str(letter.state) for letter in letters] == ["sent", "unknown", "approved"]
    assert outbox.states() == ["sent", "unknown", "approved"]
    assert outbox.letter(3).date_header is None


def test_a_letter_that_somebody_took_out_of_our_hands_is_left_as_it_is(recorder, outbox):
    delivery = ended(recorder, outbox, SENT)
    outbox.sql("UPDATE letters SET token = token + 1 WHERE id = 1")
    with pytest.raises(MoveRefusedError, match="changed in the meantime"):
        asyncio.run(recorder.record(delivery))
    asyncio.run(recorder.release_all())
    assert outbox.states()[0] == "unknown", "its dot was sent"
