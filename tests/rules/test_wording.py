"""The facts of a letter: plain text, independent of the day when they are computed."""

from datetime import date

import pytest

from planner.rules.facts import AddressChoice, Service, Status
from planner.rules.specialties import shipped
from planner.rules.wording import changed_facts, envelope_facts, facts_for, transcript_phrase
from tests.builders import a_case, a_pending_applicant, a_program, an_applicant


def facts(program=None, **situation):
    return facts_for(a_case(program, **situation), specialties=shipped())


def test_the_committee_is_greeted_only_before_an_interview():
    assert facts()["salutation"] == "Dear Dr. Abara and Selection Committee Members,"
    interviewed = a_program(status=Status.INTERVIEWED)
    assert facts(interviewed)["salutation"] == "Dear Dr. Abara,"
    assert facts(a_program(director_last_name=""))["salutation"] == "Dear Program Director,"


@pytest.mark.parametrize(
    ("service", "phrase"),
    [
        ("eras", "my USMLE transcript in ERAS"),
        ("residencycas", "my USMLE transcript in ResidencyCAS"),
        ("sfmatch", "my USMLE transcript in SF Match"),
        ("other", "my USMLE transcript"),
    ],
)
def test_the_right_service_is_named(service, phrase):
    assert transcript_phrase(Service(service)) == phrase


def test_a_program_that_is_only_called_by_its_specialty_goes_by_its_institution():
    assert facts(a_program(program="Categorical Medicine", institution="Elm"))["place"] == "Elm"
    assert facts(a_program(institution="Elm"))["place"] == "Alder Creek 1"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Abbot Valley Medical Center Program", "Abbot Valley Medical Center"),
        ("Saint-Élan Hospital (Residency) Program", "Saint-Élan Hospital"),
        ("Elm Hospital, Residency Training Program", "Elm Hospital"),
        ("Larkfield Family Medicine Residency Program", "Larkfield Family Medicine"),
        ("Vesper Family Medicine Residency", "Vesper Family Medicine"),
        ("Elm Hospital - Internal Medicine", "Elm Hospital"),
        ("Elm Hospital/IM (Categorical)", "Elm Hospital"),
        ("Elm University Internal Medicine Residency Program", "Elm University"),
        ("University of Lake Tern (Lakeside) Program", "the University of Lake Tern (Lakeside)"),
        ("Univ. of N. Vale", "the Univ. of N. Vale"),
        ("Oak St. Clinic, P.C.", "Oak St. Clinic, P.C."),
        ("Internal Medicine Program", "Elm Health"),
        ("Internal Medicine - Categorical", "Elm Health"),
        ("Internal Medicine (Categorical)", "Elm Health"),
        ("Categorical", "Elm Health"),
        ("Family Medicine/Mesa", "Elm Health"),
        ("Anesthesiology/Research", "Elm Health"),
        ("Med-Prelim/Neurology", "Elm Health"),
        ("Program", "Elm Health"),
    ],
)
def test_a_letter_leaves_out_what_catalogs_put_behind_a_name(name, place):
    assert facts(a_program(program=name, institution="Elm Health"))["place"] == place


def test_a_specialty_without_an_institution_keeps_its_name():
    found = facts(a_program(program="Psychiatry Residency Program"))
    assert found["place"] == "Psychiatry Residency Program"


def test_text_is_on_one_line_and_dates_are_written_out():
    program = a_program(
        status=Status.INTERVIEWED,
        interview_date=date(2026, 10, 5),
        reason="the clinic\nby the bay.",
    )
    found = facts(program)
    assert found["interview_date"] == "October 5, 2026"
    assert found["reason"] == "the clinic by the bay"


def test_the_day_of_an_interview_to_come_is_no_fact():
    assert facts(a_program(interview_date=date(2026, 12, 5)))["interview_date"] == ""


def test_a_pending_score_has_an_expected_range_if_one_was_given():
    given = facts(applicant=a_pending_applicant(expected_range=(245, 255)))
    assert (given["score"], given["expected_range"]) == ("", "in the 245-255 range")
    assert facts(applicant=a_pending_applicant())["expected_range"] == ""


@pytest.mark.parametrize("said", ["I was ill", "I was ill.", "I was ill!"])
def test_the_sentence_of_context_ends_as_a_sentence(said):
    found = facts(applicant=an_applicant(application={"drop_context": said}))
    assert found["drop_context"] in {"I was ill.", "I was ill!"}


def test_changes_are_seen_only_in_facts_that_were_given():
    assert changed_facts({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"}) == {"b": ("2", "3")}
    assert changed_facts({"a": "1"}, {}) == {"a": ("1", "")}


def test_the_envelope_follows_from_addresses_and_the_choice():
    program = a_program(director_email="pd@x.example", coordinator_email="pc@x.example")
    both = envelope_facts(program, AddressChoice.BOTH)
    assert both == {"to": "pd@x.example", "cc": "pc@x.example"}
    director = envelope_facts(program, AddressChoice.DIRECTOR)
    assert director == {"to": "pd@x.example", "cc": ""}, "an address that is not used is no fact"
