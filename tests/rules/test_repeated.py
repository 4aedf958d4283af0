"""The same refusal to two letters in a row: which words are the same, and what follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.repeated import Earlier, alike, common_cause, domain_of, wording
from planner.rules.retries import Cause, Fate, Outcome, Reply, Step
from planner.rules.smtp_replies import judge


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("550 5.7.1 <a@x.example>: not here", "550 5.7.1 <b@y.example>: not here"),
        ("550 refused, id 1MXgBz-1rfgHd0-00", "550 refused, id 2MYhCz-4sdfGe1-11"),
        ("550 refused x12-20020a.45 - gsmtp", "550 refused q7-1a2b3c.99 - gsmtp"),
        ("554 mx1.x.example refuses (about a@x.example)", "554 mx7.y.example refuses (about b@y)"),
        ("dot: 550 No. [192.0.2.1]", "dot: 550 no [2001:db8::2]"),
        ("550 see https://x.example/a?b=1 please", "550 see https://y.example/ please"),
        ("550 refused by oFqJsVmNLpz", "550 refused by KmLpTqXcVbn"),
    ],
)
def test_names_numbers_and_ids_make_no_difference(one, other):
    assert wording(one) == wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("550 refused", "554 refused"),
        ("550 5.7.1 refused", "550 5.6.0 refused"),
        ("rcpt: 550 refused", "rcpt: 550 not here"),
        ("550 5.1.1 user unknown", "550 5.1.1 user gone"),
    ],
)
def test_other_codes_and_other_words_do(one, other):
    assert wording(one) != wording(other)


def test_what_is_no_reply_has_words_too():
    assert wording("bounced, again") == ("bounced", "again")
    assert wording("") == ()


def test_a_domain_is_compared_without_regard_to_case():
    assert domain_of("PD@Elm.Example") == domain_of("pc@elm.example") == "elm.example"


def before(*pairs):
    return [Earlier(number, said, domain) for number, (said, domain) in enumerate(pairs, 1)]


def test_two_domains_that_hear_the_same_have_it_in_common():
    found = alike("550 no", "a.example", before(("550 no", "b.example"), ("550 no", "a.example")))
    assert [x.number for x in found] == [1, 2]


@pytest.mark.parametrize(
    "earlier",
    [
        before(),
        before(("550 never", "b.example")),
        before(("550 never", "b.example"), ("550 no", "c.example")),
        before(("550 no", "a.example")),
    ],
)
def test_other_words_between_or_the_same_domain_tell_nothing(earlier):
    assert alike("550 no", "a.example", earlier) == []


@pytest.mark.parametrize(
    ("text", "fate", "cause"),
    [
        ("5.7.1 not here", Fate.SENDER, Cause.SAME_TWICE),
        ("5.1.1 user unknown", None, None),
        ("5.2.2 mailbox full", None, None),
        ("5.7.1 Relay access denied", None, None),
    ],
)
def test_what_surely_is_a_recipients_stays_so_however_often(text, fate, cause):
    found = common_cause(judge(Step.RCPT, Reply(550, text)))
    assert (found and found.fate, found and found.cause) == (fate, cause)


def test_a_passing_refusal_that_another_domain_hears_too_is_the_accounts():
    found = common_cause(judge(Step.RCPT, Reply(451, "4.7.1 Greylisted")))
    assert (found.fate, found.cause) == (Fate.BACK_OFF, Cause.PUT_OFF_TWICE)


@given(st.sampled_from(Fate))
def test_silence_and_whatever_was_no_refusal_have_nothing_in_common(fate):
    assert common_cause(Outcome(fate, Step.DOT)) is None
    kept = common_cause(Outcome(fate, Step.DOT, Reply(250, "ok")))
    assert (kept is not None) == (fate in {Fate.REFUSED, Fate.DEFERRED})
