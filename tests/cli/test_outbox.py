"""`planner outbox retry` and `resolve`: a person's word, where nobody else knows."""

import pytest


@pytest.fixture
def unknown(desk):
    """Two letters: of the first nobody knows whether it arrived."""
    desk.approved(2)
    desk.sql("UPDATE letters SET state = 'unknown' WHERE id = 1")
    return desk


@pytest.mark.parametrize(
    ("word", "state"),
    [("--delivered", "sent"), ("--not-delivered", "draft"), ("--bounced", "refused")],
)
def test_a_person_says_what_became_of_a_letter(unknown, word, state):
    unknown.good("outbox", "resolve", "1", word)
    assert unknown.states() == [state, "approved"]
    events = unknown.good("outbox", "show", "1", "--json").json["letters"][0]["events"]
    assert (events[-1]["command"], events[-1]["to"]) == ("outbox resolve", state)
    assert "says the user" in events[-1]["why"]


def test_what_is_known_is_not_resolved(unknown):
    done = unknown.type("outbox", "resolve", "2", "--delivered")
    assert (done.code, "it is approved; it cannot be resolved" in done.out) == (3, True)


def test_a_letter_that_was_sent_counts_as_refused_only_when_a_person_insists(unknown):
    unknown.good("outbox", "resolve", "1", "--delivered")
    done = unknown.type("outbox", "resolve", "1", "--bounced")
    assert (done.code, "for a person to say" in done.err) == (3, True)
    assert unknown.states()[0] == "sent"
    unknown.good("outbox", "resolve", "1", "--bounced", "--yes")
    assert unknown.states()[0] == "refused"


def test_what_happened_must_be_said(unknown):
    done = unknown.type("outbox", "resolve", "1")
    assert (done.code, "--delivered, --not-delivered" in done.err) == (2, True)


def test_a_deferred_letter_is_due_now_and_no_other(unknown):
    unknown.sql(
        "UPDATE letters SET state = 'deferred', next_attempt_at = '2099-01-01 00:00:00.000000'"
        " WHERE id = 2"
    )
    unknown.good("outbox", "retry", "2")
    assert unknown.letters()[1]["next_attempt_at"] < "2027"
    done = unknown.type("outbox", "retry", "1")
    assert (done.code, "it is unknown" in done.out) == (3, True)


def test_status_names_the_command_for_what_nobody_knows(unknown):
    blocks = {b["code"]: b["command"] for b in unknown.good("status", "--json").json["blocked_by"]}
    assert blocks["unknown"].startswith("planner outbox resolve")
