"""A date in the notes, when the date of the interview is missing."""

import pytest

from tests.sheets.reading import records

HEADER = "Program,Status,Interview date,Comments\n"


def offered(status, day, notes):
    (found,) = records(f'{HEADER}Saint-Élan,{status},{day},"{notes}"\n')
    assert found.values.get("interview_date", "") == day
    return [w.message for w in found.warnings if w.code == "day_in_notes"]


@pytest.mark.parametrize(
    ("notes", "day"),
    [
        ("11/6 – very friendly", "2026-11-06"),
        ("10/30", "2026-10-30"),
        ("IV 12/11", "2026-12-11"),
        ("Interview on Nov 13 - asked about step 2", "2026-11-13"),
        ("(virtual) 1/8, 8am ET", "2027-01-08"),
    ],
)
@pytest.mark.parametrize("status", ["Interviewed", "Invited"])
def test_a_day_at_the_head_of_the_notes_is_offered(notes, day, status):
    (message,) = offered(status, "", notes)
    assert f"(interview_date={day})" in message


@pytest.mark.parametrize(
    ("status", "day", "notes"),
    [
        ("Interviewed", "2026-11-05", "11/6 – very friendly"),
        ("Waitlisted", "", "11/6 – very friendly"),
        ("Interviewed", "", "sent thanks 11/7"),
        ("Interviewed", "", "11/6 or 11/7, to be seen"),
        ("Interviewed", "", "2/30 was a joke"),
        ("Interviewed", "", "24/7 coverage"),
        ("Interviewed", "", "very friendly"),
    ],
)
def test_any_other_day_is_not(status, day, notes):
    assert offered(status, day, notes) == []


def noted(notes, status="", code="status_in_notes"):
    (found,) = records(f'Program,Status,Comments\nSaint-Élan,{status},"{notes}"\n')
    return [w.message for w in found.warnings if w.code == code]


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ("waitlisted after II season, 11/16", "waitlisted"),
        ("They put me on the wait-list (email 11/3)", "waitlisted"),
        ("app on hold per PC", "on_hold"),
        ("invited 11/3, need to pick", "invited"),
        ("interviewed on Nov 5", "interviewed"),
    ],
)
def test_a_status_that_stands_in_the_notes_alone_is_offered(notes, said):
    (message,) = noted(notes)
    assert message == f"the notes say {said}, and the row counts as applied"


@pytest.mark.parametrize(
    "notes",
    [
        "not waitlisted",
        "no waitlist, nice people",
        "hold that thought",
        "friend was invited, I was not",
        "interviewed well known faculty",
        "they invited questions",
    ],
)
def test_notes_about_others_offer_no_status(notes):
    assert noted(notes) == []


def test_a_status_that_a_column_gives_is_not_offered_again():
    assert noted("waitlisted 11/16", "Waitlisted") == noted("waitlisted 11/16", "Rejected") == []


@pytest.mark.parametrize(
    "notes",
    [
        "PD wants my Step 2 score when out",
        "Dr. Lille asked me to send Step 2 as soon as it's out",
        "they wrote: keep us updated",
        "PC: send us your score when you get it",
        "asked for my CK score",
        "PD wants score",
        "they would love to see the new score",
        "requested updated Step 2",
        "PD told me to send them the new score",
        "they asked to hear when CK comes",
        "resend when ck is in",
        "WL - PC said update me w/ CK",
        "wants step 2",
        "PC: send score once out",
        "PC asked to know once CK is out",
        "let us know your CK",
        "reach out when scores are out",
        "requesting step 2",
        "they need my step 2",
        "PD: email me your score",
        "I was told to send CK asap",
        "please forward CK when available",
        "notify them when ck released",
        "they’d like my score",
        "bitte Score nachreichen",
        "PD wollen Step 2",
    ],
)
def test_notes_that_say_they_asked_are_offered_as_a_policy(notes):
    (message,) = noted(notes, code="asked_in_notes")
    assert "step2_policy=requested" in message


@pytest.mark.parametrize(
    "notes",
    [
        "they asked about Step 2",
        "I asked for the date",
        "would like to see the city",
        "my mom wants my score",
        "I will send score once out",
        "need to send score once out",
        "todo: email score when out",
        "remember to send ck when out",
        "wait until ck is out",
        "they release invites when scores are in",
        "waiting for my CK",
        "asked to hear about my research",
        "update me on parking",
        "no need to send step 2",
        "they don't want step 2",
        "send thank you when done",
        "score comes out 12/2",
    ],
)
def test_who_only_asks_about_it_has_not_asked_for_it(notes):
    assert noted(notes, code="asked_in_notes") == []
