"""What a server's answer means, and when to try again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.retries import (
    GIVE_UP_AFTER,
    NEVER_REACHED,
    STOPS,
    Cause,
    Fate,
    Outcome,
    Reply,
    Step,
    delay,
    is_doubtful,
    next_attempt,
    rest,
    rests_until,
    was_wrong,
)
from planner.rules.smtp_replies import judge

NOW = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("step", "code", "text", "fate"),
    [
        ("dot", 250, "2.0.0 ok", "sent"),
        ("dot", 451, "4.3.0 later", "deferred"),
        ("dot", 554, "5.6.0 no", "refused"),
        ("dot", 354, "odd", "unknown"),
        ("dot", 421, "4.3.2 closing", "back_off"),
        ("dot", 550, "5.4.5 Daily user sending limit exceeded", "quota"),
        ("rcpt", 550, "5.1.1 no such user", "refused"),
        ("rcpt", 452, "too many recipients", "back_off"),
        ("rcpt", 450, "4.2.1 greylisted", "deferred"),
        ("mail", 451, "4.7.0 slow down", "back_off"),
        ("mail", 432, "concurrent connections", "back_off"),
        ("mail", 550, "5.2.1 no", "sender"),
        ("rcpt", 451, "4.7.1 later", "deferred"),
        ("data", 503, "5.5.1 RCPT first", "sender"),
        ("mail", 530, "5.7.0 authentication required", "login"),
        ("mail", 550, "Daily sending quota exceeded", "quota"),
        ("rcpt", 552, "5.2.2 mailbox quota exceeded", "refused"),
        ("rcpt", 552, "5.2.2 daily message limit of this mailbox", "refused"),
        ("data", 250, "what?", "deferred"),
        ("auth", 535, "5.7.8 bad credentials", "login"),
        ("auth", 504, "5.5.4 not known", "login"),
        ("auth", 454, "4.7.0 temporary", "back_off"),
        ("auth", 451, "later", "unreachable"),
        ("tls", 454, "no TLS now", "login"),
        ("connect", 554, "no service", "unreachable"),
        ("connect", 421, "busy", "back_off"),
    ],
)
def test_replies_are_read_by_their_first_digit_and_what_agrees_with_it(step, code, text, fate):
    assert judge(Step(step), Reply(code, text)).fate == fate


@pytest.mark.parametrize(
    ("step", "fate"),
    [
        ("connect", "unreachable"),
        ("auth", "unreachable"),
        ("tls", "login"),
        ("mail", "deferred"),
        ("body", "deferred"),
        ("dot", "unknown"),
    ],
)
def test_silence_means_not_delivered_before_the_dot_and_unknown_after_it(step, fate):
    assert judge(Step(step), None).fate == fate


@given(st.integers(0, 999), st.text(max_size=30))
def test_after_the_dot_only_a_2xx_is_sent_and_before_it_nothing_is(code, text):
    after = judge(Step.DOT, Reply(code, text)).fate
    assert (after is Fate.SENT) == (200 <= code < 300)
    for step in (Step.MAIL, Step.RCPT, Step.DATA, Step.BODY):
        assert judge(step, Reply(code, text)).fate not in {Fate.SENT, Fate.UNKNOWN}


def test_an_enhanced_code_of_another_class_is_not_believed():
    assert Reply(550, "4.7.1 odd").enhanced == ""
    assert judge(Step.RCPT, Reply(550, "4.7.1 odd")).fate is Fate.REFUSED
    assert Reply(550, "5.1.1 gone").enhanced == "5.1.1"


def test_a_policy_refusal_is_one_of_class_5_7():
    assert judge(Step.RCPT, Reply(550, "5.7.1 not here")).policy_refusal
    assert not judge(Step.RCPT, Reply(550, "5.1.1 gone")).policy_refusal
    assert not judge(Step.DOT, None).policy_refusal


def test_a_strangers_text_is_shown_without_control_characters():
    shown = str(judge(Step.RCPT, Reply(550, "5.1.1 a\nb\x1b[2J"), "about x"))
    assert shown == "550 5.1.1 a b\\x1b[2J (about x)"
    assert str(judge(Step.DOT, None)) == "no answer"
    assert str(judge(Step.DOT, None, "it hung")) == "it hung"


def test_waiting_doubles_up_to_an_hour_within_a_fifth():
    minutes = [delay(n, 0.5) / timedelta(minutes=1) for n in range(1, 9)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]
    assert delay(1, 0) == timedelta(seconds=48)
    assert delay(1, 1) == timedelta(seconds=72)


def when(first=NOW, final=NOW + timedelta(days=90), attempts=1):
    return next_attempt(
        NOW, attempts=attempts, first_attempt_at=first, lists_final=final, chance=0.5
    )


def test_after_72_hours_or_past_the_lists_nothing_more_is_tried():
    assert when() == NOW + timedelta(minutes=1)
    assert when(first=NOW - timedelta(hours=71, minutes=30), attempts=9) is None
    assert when(final=NOW + timedelta(seconds=30)) is None


@given(st.integers(-1, 5000), st.floats(0, 1))
def test_a_wait_is_never_shorter_than_a_minute_nor_longer_than_an_hour_by_more_than_a_fifth(
    attempts, chance
):
    assert timedelta(seconds=48) <= delay(attempts, chance) <= timedelta(minutes=72)
    assert delay(attempts, chance) <= delay(attempts + 1, chance)


@given(
    attempts=st.integers(1, 60),
    hours=st.floats(0, 100),
    final=st.floats(-1, 100),
    chance=st.floats(0, 1),
)
def test_what_is_tried_again_is_due_before_72_hours_are_over_and_lists_are_final(
    attempts, hours, final, chance
):
    first, lists = NOW - timedelta(hours=hours), NOW + timedelta(hours=final)
    found = next_attempt(
        NOW, attempts=attempts, first_attempt_at=first, lists_final=lists, chance=chance
    )
    due = NOW + delay(attempts, chance)
    assert found == (due if due < first + GIVE_UP_AFTER and due < lists else None)


@pytest.mark.parametrize("fate", sorted(STOPS - {Fate.QUOTA}))
def test_an_account_rests_longer_each_time_in_a_row(fate):
    minutes = [rest(fate, n, 0.5) / timedelta(minutes=1) for n in range(1, 9)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (rest(fate, 1, 0), rest(fate, 1, 1)) == (timedelta(seconds=48), timedelta(seconds=72))


@pytest.mark.parametrize("strikes", [1, 3, 9])
def test_too_many_logins_let_the_account_rest_for_an_hour_at_once(strikes):
    found = rest(Fate.BACK_OFF, strikes, 0.5, cause=Cause.LOGINS_LIMITED)
    assert found == timedelta(minutes=60)


@pytest.mark.parametrize("cause", [None, *Cause])
def test_who_has_answered_was_reached(cause):
    reply = Reply(554, "no service")
    assert Outcome(Fate.UNREACHABLE, Step.CONNECT, reply, "", cause).was_reached
    silent = Outcome(Fate.UNREACHABLE, Step.CONNECT, None, "", cause)
    assert silent.was_reached is (cause not in NEVER_REACHED)


@given(st.integers(1, 100), st.floats(0, 1))
def test_a_quota_rests_as_long_as_it_is_counted_however_often(strikes, chance):
    assert rest(Fate.QUOTA, strikes, chance) == timedelta(hours=24)
    assert rest(Fate.QUOTA, strikes, chance, cause=Cause.QUOTA_DAY) == timedelta(hours=24)
    assert rest(Fate.QUOTA, strikes, chance, cause=Cause.QUOTA_HOUR) == timedelta(hours=1)


@pytest.mark.parametrize("step", Step)
def test_a_body_was_taken_where_its_dot_was_answered_or_may_have_been(step):
    assert Outcome(Fate.DEFERRED, step).body_was_taken is (step is Step.DOT)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("until", "began", "on"),
    [
        (HOUR, None, True),
        (HOUR, -HOUR, True),
        (HOUR, timedelta(minutes=14), True),
        (20 * HOUR, 19 * HOUR, False),
        (20 * DAY, None, False),
        (-HOUR, -DAY, False),
    ],
)
def test_a_rest_is_on_unless_it_is_over_or_of_a_wrong_clock(until, began, on):
    assert rests_until(NOW + until, NOW, None if began is None else NOW + began) is on


@pytest.mark.parametrize(
    ("noted", "before", "wrong"),
    [
        (-DAY, None, False),
        (-DAY, -2 * DAY, False),
        (-DAY, -DAY, False),
        (-2 * DAY, -DAY, True),
        (-4 * 365 * DAY, -DAY, True),
        (DAY, None, True),
        (timedelta(minutes=5), -DAY, False),
    ],
)
def test_a_moment_after_now_or_before_what_preceded_it_is_of_a_wrong_clock(noted, before, wrong):
    before = None if before is None else NOW + before
    assert was_wrong(NOW + noted, before, NOW) is wrong


@pytest.mark.parametrize(
    ("first", "ask"), [(-HOUR, False), (-25 * HOUR, True), (-4 * DAY, True), (DAY, True)]
)
def test_who_was_first_tried_today_is_asked_about_by_nobody(first, ask):
    assert is_doubtful(NOW + first, NOW) is ask
