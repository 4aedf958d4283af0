"""Test copies: what is sent, what counts against the pace, and what ends them."""

import asyncio
from email import message_from_bytes, policy

import pytest

from planner.errors import ConfigError, ExitCode, PersonNeededError
from planner.rules.pace import Pace
from planner.rules.retries import Cause, Fate, Outcome, Reply, Step
from planner.rules.stops import StopKind
from planner.steps.sending.test_copies import refuse_address, send_copies

ME = "robin@applicant.example"
OTHER = "robin.sample+a-long-tag-of-my-own@applicant.example"
TAKEN = Outcome(Fate.SENT, Step.DOT, Reply(250, "2.0.0 queued"))
NO = Outcome(Fate.REFUSED, Step.RCPT, Reply(550, "5.1.1 no such user"))
FULL = Outcome(Fate.REFUSED, Step.RCPT, Reply(552, "5.2.2 mailbox full"))
BUSY = Outcome(Fate.BACK_OFF, Step.MAIL, Reply(421, "4.7.0 slow down"))


def copies(outbox, sender, **how):
    run = outbox.run(**how)
    due = outbox.due(run)
    work = send_copies(run, lambda _: [sender], due, address=OTHER, name="Robín Šample-Ünsöld")
    return asyncio.run(work)


def test_each_copy_goes_to_oneself_alone_and_is_marked_as_a_test(outbox, courier):
    sender = courier()
    report = copies(outbox, sender)
    assert {to for recipients, _ in sender.delivered for to in recipients} == {OTHER}
    message = message_from_bytes(sender.delivered[1][1], policy=policy.default)
    assert message["To"] == OTHER
    assert message["Subject"].startswith("[TEST]")
    assert [str(result.state) for result in report.results] == ["sent"] * 3
    assert (report.copies, report.stop, sender.closed) == (True, None, 1)
    assert outbox.told[2] == "copy of letter 3, Hôpital de l'Île-aux-Coudres: sent"


def test_they_change_no_letter_and_count_against_the_day(outbox, courier):
    copies(outbox, courier(TAKEN, NO, FULL))
    assert outbox.states() == ["approved"] * 3
    assert outbox.sql("SELECT letter_id FROM attempts") == [(None,)], "only what was taken"


def test_a_held_letter_has_no_copy_and_is_told_of(outbox, courier):
    outbox.sql("UPDATE programs SET told_on = '2026-10-19' WHERE id = 1")
    sender = courier()
    report = copies(outbox, sender)
    assert len(sender.delivered) == 2
    assert [bool(result.reason) for result in report.results] == [True, False, False]


def test_two_that_are_refused_in_the_same_words_end_them(outbox, courier):
    sender = courier(NO, NO)
    report = copies(outbox, sender)
    assert (report.stop.kind, report.stop.cause) == (StopKind.SENDER, Cause.SAME_TWICE)
    assert [str(result.state) for result in report.results] == ["refused", "refused", "approved"]


def test_two_that_are_refused_in_other_words_do_not(outbox, courier):
    assert copies(outbox, courier(NO, FULL, NO)).stop is None


def test_an_account_that_must_slow_down_ends_them(outbox, courier):
    report = copies(outbox, courier(TAKEN, BUSY))
    assert report.stop.kind is StopKind.BACK_OFF
    assert [str(result.state) for result in report.results] == ["sent", "approved", "approved"]


def test_an_allowance_that_is_used_up_ends_them_and_says_how_many_wait(outbox, courier):
    report = copies(outbox, courier(), pace=Pace(per_minute=0, per_day=1, window=None))
    assert report.stop.kind is StopKind.LONG_WAIT
    assert "; 2 wait until" in report.stop.text


def test_who_asks_to_stop_gets_no_more_of_them(outbox, courier):
    sender = courier()
    report = copies(outbox, sender, stop=lambda: len(sender.delivered) == 1)
    assert (report.stop.kind, len(sender.delivered)) == (StopKind.USER, 1)


def test_a_config_that_changes_ends_them_because_the_letters_may_change_with_it(outbox, courier):
    sender = courier()

    async def reread():
        return object() if len(sender.delivered) == 1 else None

    report = copies(outbox, sender, reread=reread)
    assert (len(sender.delivered), report.stop.exit_code) == (1, ExitCode.TRY_LATER)
    assert "The config was changed" in report.stop.text


def test_a_config_that_is_of_no_use_ends_them_with_its_sentence(outbox, courier):
    async def reread():
        raise ConfigError("config.toml is not valid TOML.")

    sender = courier()
    report = copies(outbox, sender, reread=reread)
    assert (sender.delivered, report.stop.text) == ([], "config.toml is not valid TOML.")


def test_where_nothing_may_go_no_session_is_opened(outbox):
    outbox.sql("UPDATE letters SET state = 'cancelled'")
    run = outbox.run()
    due = outbox.due(run)
    report = asyncio.run(send_copies(run, lambda _: 1 / 0, due, address=OTHER, name="R"))
    assert (report.results, report.copies) == ([], True)


def test_an_address_of_the_list_is_refused_and_ones_own_is_not(outbox):
    with pytest.raises(PersonNeededError, match=r"of #2 Alder Creek; copies") as refused:
        refuse_address(outbox, "Director2@ALDER.example", own=ME)
    assert (refused.value.code, refused.value.facts) == ("not_yourself", {"own": ME})
    refuse_address(outbox, ME, own=ME)
