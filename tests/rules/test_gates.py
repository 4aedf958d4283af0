"""The gates before anything leaves, each by itself."""

from datetime import date

import pytest

from planner.rules.facts import LetterKind, Occasion, OccasionKind, Service, Status
from planner.rules.gates import Approval, closed
from planner.rules.planning import make_plan
from tests.builders import a_program, a_situation, an_applicant

KIND = LetterKind.AFTER_INTERVIEW
GOOD = Approval(Occasion(OccasionKind.RESULT, 2027, 1), picked=KIND, kind=KIND)


def gate(approval=GOOD, program=None, **situation):
    at = a_situation(**situation)
    plan = make_plan(at, [program or a_program(status=Status.INTERVIEWED)])
    return closed(at, plan.decisions[0], approval)


def sent_on(day):
    return an_applicant(transcript={Service.ERAS: day} if day else {})


def test_with_every_gate_open_nothing_is_said():
    assert gate() == ""


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (None, "transcript.eras is not set"),
        (date(2026, 9, 30), "before the release"),
        (date(2026, 10, 21), "only on 2026-10-21"),
        (date(2026, 10, 1), ""),
        (date(2026, 10, 20), ""),
    ],
)
def test_the_transcript_must_have_been_resent_between_release_and_today(day, said):
    found = gate(applicant=sent_on(day))
    assert said in found
    assert bool(found) == bool(said)


def test_a_release_date_that_is_missing_closes_the_gate():
    unreleased = an_applicant(step2={"released_on": None})
    assert "released_on is not set" in gate(applicant=unreleased)


def test_a_pending_letter_needs_no_transcript():
    pending = GOOD._replace(kind=LetterKind.SCORE_PENDING)
    assert "transcript" not in gate(pending, applicant=sent_on(None))


def test_each_service_has_its_own_date():
    program = a_program(status=Status.INTERVIEWED, application_service=Service.OTHER)
    assert "a service of their own" in gate(program=program, applicant=sent_on(date(2026, 10, 2)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"intact": False}, "not those that were approved"),
        ({"same_account": False}, "another than at approval"),
        ({"occasion": Occasion(OccasionKind.RESULT, 2027, 2)}, "another occasion"),
        ({"picked": LetterKind.STRONG_SCORE}, "today the letter would be after_interview"),
        ({"address_taken_by": "Elm"}, "already got the letter for Elm"),
    ],
)
def test_an_approval_holds_only_for_what_was_approved(change, said):
    assert said in gate(GOOD._replace(**change))


def test_a_reviewers_own_choice_of_a_letter_is_no_change():
    assert gate(GOOD._replace(kind=LetterKind.IMPROVEMENT)) == ""


def test_a_program_that_has_moved_is_held():
    assert "still_true: the decision is excluded" in gate(
        program=a_program(status=Status.WITHDRAWN)
    )


def test_inside_results_week_nothing_leaves():
    # The lists stay open here, so that only the ban can hold the letter.
    calendars = {
        match: c._replace(results_from=c.applications_open)
        for match, c in a_situation().calendars.items()
    }
    assert gate(calendars=calendars).startswith("results_week: contact is banned")
