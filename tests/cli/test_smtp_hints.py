"""Every cause has a hint that a person can follow, whatever the account."""

import itertools
import re

import pytest

from planner.cli import COMMANDS
from planner.cli.hints.smtp import (
    BY_HAND,
    CONNECTING,
    HINTS,
    LATER,
    LOGIN_NEEDS,
    SEND_AGAIN,
    STOPPED,
    hint_for,
    hint_for_stop,
)
from planner.errors import ExitCode, StorageError
from planner.mail.account import PRESETS, Account, Auth, Security
from planner.options.table import OPTIONS
from planner.rules.retries import Cause
from planner.rules.stops import Stop, StopKind, stop_by
from planner.store.transitions import MoveRefusedError

ACCOUNTS = [
    Account("127.0.0.1", 587, security, "robin@x.example", auth, ca_file, provider=provider)
    for security, auth, provider, ca_file in itertools.product(
        Security, Auth, ["", *PRESETS], ["", "ca.pem"]
    )
]
# What can be put right by a word in the config, or by waiting, and no other way.
WITHOUT_HAND_OVER = {
    Cause.LOGIN_WANTED,
    Cause.PROTECTION_WANTED,
    Cause.USE_PASSWORD,
    Cause.LOGIN_LATER,
    Cause.LOGINS_LIMITED,
}
LOGINS = {cause for cause in CONNECTING if re.search("login|use_|password|token|auth", cause)}


@pytest.mark.parametrize("cause", HINTS)
def test_a_hint_is_a_sentence_and_names_what_there_is(cause):
    for account in ACCOUNTS:
        hint = hint_for(cause, account)
        assert re.match(r"([A-Z'\"]|iCloud|planner).*[^ ]$", hint)
        assert set(re.findall(r"smtp\.([a-z_]+)(?!\S*\.)\b", hint)) <= {*OPTIONS["smtp"], "office"}
        assert set(re.findall(r"planner ([a-z]+)", hint)) <= {*COMMANDS}
        assert LATER not in hint.replace(SEND_AGAIN, ""), "a moment may stand for that word"


@pytest.mark.parametrize("cause", HINTS)
def test_a_known_provider_never_has_a_certificate_of_its_own(cause):
    for account in ACCOUNTS:
        if account.provider:
            assert "ca_file" not in hint_for(cause, account)


@pytest.mark.parametrize("cause", sorted(LOGINS - WITHOUT_HAND_OVER))
def test_a_login_that_may_not_be_had_has_the_way_out(cause):
    for account in ACCOUNTS:
        assert hint_for(cause, account).endswith(BY_HAND)


def test_without_a_cause_there_is_nothing_to_say():
    assert hint_for(None, ACCOUNTS[0]) == ""


def test_a_provider_is_known_by_its_host_as_well():
    by_host = Account("SMTP.Gmail.com", 465, Security.TLS)
    assert hint_for(Cause.PASSWORD_REFUSED, by_host).startswith(LOGIN_NEEDS["gmail"])
    assert "between you and Gmail" in hint_for(Cause.CERTIFICATE_UNTRUSTED, by_host)


def test_every_end_of_a_run_has_a_hint_that_names_a_command():
    assert set(STOPPED) == set(StopKind) - {StopKind.ERROR}
    for kind, hint in STOPPED.items():
        assert hint_for_stop(Stop(kind, ExitCode.TRY_LATER, "over"), ACCOUNTS[0]) == hint
        assert set(re.findall(r"planner ([a-z]+)", hint)) <= {*COMMANDS}


def test_a_known_cause_of_an_end_has_the_better_hint_and_an_error_brings_its_own():
    stop = Stop(StopKind.LOGIN, ExitCode.PERSON_NEEDED, "no", cause=Cause.PASSWORD_REFUSED)
    assert hint_for_stop(stop, ACCOUNTS[0]) == hint_for(Cause.PASSWORD_REFUSED, ACCOUNTS[0])
    full = StorageError("The disk is full.", hint="Free some space.")
    assert hint_for_stop(stop_by(full), ACCOUNTS[0]) == "Free some space."
    moved = MoveRefusedError("Letter 4 is sent.", code="wrong_state", letter=4)
    assert hint_for_stop(stop_by(moved), ACCOUNTS[0]) == "planner outbox show 4 shows its history."


@pytest.mark.parametrize(
    ("host", "asked"),
    [("127.0.0.1", True), ("localhost", True), ("[::1]", True), ("smtp.school.example", False)],
)
def test_a_server_of_this_computer_that_is_not_there_has_to_be_started(host, asked):
    hint = hint_for(Cause.CONNECTION_REFUSED, Account(host, 2525))
    assert ("is planner demo --serve running" in hint) == asked
    other = hint_for(Cause.CONNECTION_REFUSED, Account(host, 2600))
    assert ("is planner demo --serve --port 2600 running" in other) == asked
