"""The gates before anything leaves, each by itself."""

from datetime import date

import pytest

from planner.config import load_settings
from planner.rules.facts import LetterKind, Occasion, OccasionKind, Service, Status
from planner.rules.gates import Approval, closed, copy_gap, still_the_example
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


def test_a_release_that_is_still_to_come_is_blamed_and_not_the_transcript():
    ahead = an_applicant(step2={"released_on": date(2027, 2, 1)})
    assert "transcript: step2_ck.released_on is 2027-02-01" in gate(applicant=ahead)


def test_a_pending_letter_needs_no_transcript():
    pending = GOOD._replace(kind=LetterKind.SCORE_PENDING)
    assert "transcript" not in gate(pending, applicant=sent_on(None))


def test_a_letter_that_was_approved_for_the_director_is_held_once_only_the_coordinator_may_hear():
    program = a_program(
        specialty="Plastic Surgery (Integrated)",
        status=Status.INTERVIEWED,
        coordinator_email="office@alder.example",
    )
    old = GOOD._replace(to=("Director1@ALDER.example", "office@alder.example"))
    assert gate(old, program).startswith("addressee: Plastic Surgery (Integrated) allows no")
    assert gate(old._replace(to=("office@alder.example",)), program) == ""
    before = a_program(specialty="Plastic Surgery (Integrated)", top_choice=True)
    approved = old._replace(picked=LetterKind.IMPROVEMENT, kind=LetterKind.IMPROVEMENT)
    assert gate(approved, before) == ""


def test_each_service_has_its_own_date():
    program = a_program(status=Status.INTERVIEWED, application_service=Service.OTHER)
    assert "their own service" in gate(program=program, applicant=sent_on(date(2026, 10, 2)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"intact": False}, "not those that were approved"),
        ({"same_account": False}, "changed since approval"),
        ({"occasion": Occasion(OccasionKind.RESULT, 2027, 2)}, "another season"),
        ({"picked": LetterKind.STRONG_SCORE}, "today the letter would be after_interview"),
        ({"address_taken_by": "Elm"}, "already got the letter for Elm"),
    ],
)
def test_an_approval_holds_only_for_what_was_approved(change, said):
    assert said in gate(GOOD._replace(**change))


def test_a_reviewers_own_choice_of_a_letter_is_no_change():
    assert gate(GOOD._replace(kind=LetterKind.STRONG_SCORE)) == ""


def test_a_program_that_has_moved_is_held():
    assert "still_true: the decision is now excluded" in gate(
        program=a_program(status=Status.WITHDRAWN)
    )


def test_inside_results_week_nothing_leaves():
    # The lists stay open here, so that only the ban can hold the letter.
    calendars = {
        match: c._replace(results_from=c.applications_open)
        for match, c in a_situation().calendars.items()
    }
    assert gate(calendars=calendars).startswith("results_week: contact is banned")


EXAMPLE = {
    "name": ("Jane Roe", "jane  roe"),
    "aamc_id": ("12345678",),
    "email": ("jane.roe@mail.example", "me@MAIL.example"),
}


@pytest.mark.parametrize("key", EXAMPLE)
def test_nothing_leaves_in_the_name_id_or_address_of_the_example(key):
    for value in EXAMPLE[key]:
        said = f"example: still from the example config: applicant.{key}"
        assert gate(applicant=an_applicant(**{key: value})) == said


def test_every_part_that_is_still_the_example_is_named():
    whole = {key: values[0] for key, values in EXAMPLE.items()}
    assert still_the_example(an_applicant(**whole)) == ("name", "aamc_id", "email")
    assert still_the_example(an_applicant()) == ()


def test_the_example_is_that_of_the_shipped_config(root):
    who = load_settings(root / "config.example.toml").applicant
    assert still_the_example(who) == ("name", "aamc_id", "email")


@pytest.mark.parametrize("kind", [LetterKind.RETAKE, LetterKind.CONTEXT, LetterKind.SCORE_POSTED])
def test_a_letter_whose_claim_is_false_is_held_whoever_chose_it(kind):
    assert gate(GOOD._replace(kind=kind)).startswith(f"claim: the letter {kind} would not be true")


LIST = [
    a_program(7, director_email="PD@Müller.example", coordinator_email="office@müller.example"),
    a_program(8, director_email="", coordinator_email="not an address"),
]


@pytest.mark.parametrize(
    "address", ["pd@müller.example", " pd@xn--mller-kva.EXAMPLE", "OFFICE@müller.example"]
)
def test_no_copy_to_oneself_goes_to_an_address_of_the_list_however_it_is_spelled(address):
    assert copy_gap(address, LIST).endswith("is an address of #7 Alder Creek 7")


def test_a_copy_may_go_to_any_other_address():
    assert copy_gap("robin@applicant.example", LIST) == ""
    assert copy_gap("", LIST) == ""
