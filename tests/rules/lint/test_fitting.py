"""Own words, names and places of the applicant in a rendered letter: what does not fit is found."""

from datetime import date

import pytest

from planner.letters import Templates
from planner.rules.facts import LetterKind, Status
from planner.rules.lint import OVERRIDABLE, lint
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.specialties import shipped
from planner.rules.wording import facts_for
from tests.builders import a_case, a_program, an_applicant

TEMPLATES = Templates()


def found(kind="strong_score", applicant=None, **fields):
    """The findings in a shipped letter, by their codes."""
    given = {"program": "Cedar Hospital", "reason": "your addiction medicine clinic", **fields}
    if kind == "after_interview":
        given |= {"status": Status.INTERVIEWED, "interview_date": date(2026, 10, 12)}
    program = a_program(**given)
    case = a_case(program, applicant=applicant)
    text = TEMPLATES.render(LetterKind(kind), facts_for(case, specialties=shipped(), voice="1"))
    page = Page(LetterKind(kind), text.subject, text.body, (program.director_email,), case)
    return {f.code: f for f in lint(page, Campaign((program,), shipped()))}


@pytest.mark.parametrize(
    "name",
    ["Internal Medicine", "Internal Medicine - Categorical", "Categorical", "Medicine/Boston"],
)
def test_a_name_that_is_only_a_specialty_or_a_track_is_no_place(name):
    assert found(program=name)["no_place"].text == name
    assert "no_place" not in found(program=name, institution="Pine Valley Hospital")
    assert "no_place" in found(program=name, institution="Internal Medicine Residency Program")
    assert "no_place" in OVERRIDABLE


@pytest.mark.parametrize("name", ["Elm", "Larkfield Family Medicine", "Neurology at Elm"])
def test_a_name_with_something_of_its_own_is_a_place(name):
    assert "no_place" not in found(program=name)


@pytest.mark.parametrize(
    ("reason", "stands"),
    [
        ("to be close to my family", "the chance to be close to my family. ("),
        ("that your residents go to Malawi", "the fact that your residents go to Malawi. ("),
        ("love the street medicine clinic", "I love the street medicine clinic. ("),
        ("- critical care - research - rural", "critical care - research - rural. (it is a list"),
        ("the clinic + research in Dayton", "the clinic + research in Dayton. (it is shorthand"),
        ("working with underserved patients!", "underserved patients. (it has ! or ?"),
        ("ICU training", "ICU training. (it has 2 words"),
        ("your " + "very " * 30 + "good clinic", "good clinic. (it has 33 words"),
        ("the free clinic 🏥 downtown", "(it is shorthand"),
        ("they have a good ICU", "They have a good ICU. (it talks about them"),
    ],
)
def test_a_reason_that_does_not_fit_is_shown_as_it_would_stand(reason, stands):
    finding = found(reason=reason)["reason_does_not_fit"]
    assert stands in finding.text
    assert finding.place == "reason"


@pytest.mark.parametrize(
    "reason",
    [
        "your addiction medicine clinic",
        "Because of the Street Medicine Program.",
        "I rotated in your ICU in August.",
        "since your residents teach from the first year",
        "you have a clinic for refugees",
        "three words fit",
        "your " + "very " * 27 + "good clinic",
        "the VA clinic, the county hospital and the free clinic",
    ],
)
def test_a_reason_that_fits_has_no_finding(reason):
    assert "reason_does_not_fit" not in found(reason=reason)


@pytest.mark.parametrize(
    "reason",
    ["talk with Dr. Ng about rural care", "Great city with a lake", "friend in the program"],
)
def test_a_single_thing_without_an_article_is_questioned(reason):
    assert "(it lacks a word such as a" in found(reason=reason)["reason_does_not_fit"].text


@pytest.mark.parametrize(
    "reason",
    [
        "rural training track",
        "your street clinic",
        "strong mentorship from faculty",
        "research in cardiology",
        "teaching at the bedside",
        "global health electives",
        "Dr. Ng's rural track",
        "training near a big city",
        "care for patients in a shelter",
        "friends in the program",
    ],
)
def test_a_thing_that_stands_by_itself_is_not_questioned(reason):
    assert "reason_does_not_fit" not in found(reason=reason)


@pytest.mark.parametrize("connection", ["grew up here", "I was born here", "studied here"])
def test_a_connection_to_here_is_questioned_because_the_letter_is_sent_from_elsewhere(connection):
    finding = found(connection=connection)["reason_does_not_fit"]
    assert "here. (you do not write from there" in finding.text
    assert finding.place == "connection"


@pytest.mark.parametrize("connection", ["grew up in Ohio", "family here", "", "where I was born"])
def test_a_connection_to_a_place_is_not(connection):
    assert "reason_does_not_fit" not in found(connection=connection)


def test_a_reason_from_a_life_here_is_questioned_too():
    lived = found(reason="I was born here and want to stay")["reason_does_not_fit"]
    assert "name the place" in lived.text
    assert "reason_does_not_fit" not in found(reason="your care for the many elders here")


def test_an_impression_is_looked_at_like_a_reason():
    finding = found("after_interview", impression="great vibes + nice PD")["reason_does_not_fit"]
    assert finding.place == "impression"
    assert finding.text.startswith("I keep thinking back to great vibes + nice PD.")
    assert "reason_does_not_fit" not in found("after_interview", impression="the ICU rounds I saw")


@pytest.mark.parametrize(
    "said",
    ["a death in my family", "because of illness", "I was ill. It was bad.", "Family matter."],
)
def test_the_context_of_a_score_is_one_sentence_with_a_verb(said):
    who = an_applicant(application={"drop_context": said})
    assert "context_not_a_sentence" in found("context", applicant=who)
    assert "context_not_a_sentence" not in found("strong_score", applicant=who)
    assert "context_not_a_sentence" in OVERRIDABLE


@pytest.mark.parametrize(
    "said",
    [
        "I took the exam in the week of a death in my family",
        "My mother died two days before the exam.",
        "After Dr. Ng left, I was ill for a month.",
    ],
)
def test_a_whole_sentence_is_a_context(said):
    who = an_applicant(application={"drop_context": said})
    assert "context_not_a_sentence" not in found("context", applicant=who)


@pytest.mark.parametrize("name", ["P", "SMITH", "smith", "Gabriel García Márquez"])
def test_a_last_name_that_may_be_none_is_shown(name):
    assert found(director_last_name=name)["odd_salutation"].text.startswith(f"Dear Dr. {name} ")


@pytest.mark.parametrize(
    "name", ["Ng", "de la Cruz", "van der Berg", "García Márquez", "O’Brien-Smith", "McDonald"]
)
def test_a_last_name_as_people_have_it_is_not_odd(name):
    assert "odd_salutation" not in found(director_last_name=name)


@pytest.mark.parametrize("name", ["Program Director", "?", "TBD", "PD"])
def test_a_title_in_place_of_a_name_counts_as_not_known(name):
    assert {"odd_salutation", "bad_salutation"}.isdisjoint(found(director_last_name=name))


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("ST. LUKE'S UNIVERSITY HOSPITAL", "St. Luke's University Hospital"),
        ("mercy general hospital", "Mercy General Hospital"),
    ],
)
def test_a_name_in_one_case_comes_with_a_suggestion(name, better):
    assert better in found(program=name)["odd_case"].text
    assert "odd_case" not in found(program=better)


def test_names_that_are_short_capitals_are_not_in_one_case():
    assert "odd_case" not in found(program="UCSF")
    assert found(applicant=an_applicant(name="JO ROE"))["odd_case"].text == "JO ROE (or Jo Roe)"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("your residents' average Step 2 CK of 248, like mine", "score_repeated"),
        ("a culture in which my 228 on Step 1 would not matter", "score_mismatch"),
        ("your residents' average of 255", "score_mismatch"),
    ],
)
def test_a_number_in_ones_own_words_counts_as_anywhere_else(reason, code):
    assert code in found(reason=reason)


def test_step_1_in_the_context_counts_and_beds_do_not():
    who = an_applicant(application={"drop_context": "I was ill, and my Step 1 was 231."})
    assert "score_mismatch" in found("context", applicant=who)
    assert {"score_mismatch", "score_repeated"}.isdisjoint(found(reason="your 248-bed hospital"))
