"""Every cause that stops a run because of its sender has its own hint of what to do next."""

import pytest

from planner.cli.hints.smtp import HINTS, hint_for
from planner.mail.account import Account, Auth
from planner.rules.retries import Cause
from planner.rules.smtp_replies import OURS, QUOTAS

ANY = Account("smtp.school.example", 587, username="robin@school.example")
TO_PLANNER = ("planner ", "smtp.", "applicant.")


@pytest.mark.parametrize("cause", sorted({*OURS, *QUOTAS, Cause.SAME_TWICE}))
def test_each_cause_that_is_the_senders_says_what_to_do(cause):
    hint = hint_for(cause, ANY)
    assert any(word in hint for word in TO_PLANNER)
    assert hint.endswith(".")
    assert "leave-out" not in hint
    assert "its address" not in hint


def test_no_two_causes_of_the_sender_have_the_same_hint_but_those_of_one_kind():
    hints = [hint_for(cause, ANY) for cause in OURS - {Cause.BLOCKED}]
    assert len(hints) == len({*hints})


@pytest.mark.parametrize(
    ("cause", "changes", "words"),
    [
        (Cause.SEND_AS, {}, "The login robin@school.example may not send as applicant.email"),
        (Cause.SEND_AS, {"username": ""}, "This account may not send"),
        (Cause.SEND_AS, {"provider": "icloud"}, "a custom domain must be set up"),
        (Cause.SEND_AS, {"host": "smtp.mail.me.com"}, "a custom domain must be set up"),
        (Cause.SEND_AS, {"provider": "gmail"}, '"Send mail as"'),
        (Cause.RELAY, {"auth": Auth.NONE}, 'smtp.auth = "password"'),
        (Cause.RELAY, {}, "the mailbox robin@school.example"),
        (Cause.CLIENT_NAME, {}, "Set smtp.client_name to the full name of this computer"),
        (Cause.CLIENT_NAME, {"client_name": "laptop"}, '(now "laptop")'),
        (Cause.SUSPENDED, {}, "ask the provider"),
        (Cause.SUSPENDED, {"provider": "outlook"}, "Log in to Outlook.com in a browser"),
        (Cause.SUSPENDED, {"provider": "microsoft365"}, "your school's IT"),
    ],
)
def test_a_hint_depends_on_the_account(cause, changes, words):
    assert words in hint_for(cause, ANY._replace(**changes))


def test_where_nothing_is_known_nothing_is_said():
    assert hint_for(None, ANY) == ""
    assert hint_for(Cause.RECIPIENT, ANY) == ""
    assert Cause.RECIPIENT not in HINTS
