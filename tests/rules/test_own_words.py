"""The applicant's own words: which of them complete a sentence, and which are one."""

import pytest

from planner.rules.own_words import fit_context, fit_reason, fit_tie, sentence_around

PHRASES = [
    ("your addiction medicine clinic.", "your addiction medicine clinic"),
    ("because of your addiction medicine clinic", "your addiction medicine clinic"),
    ("due to its emphasis on primary care", "its emphasis on primary care"),
    ("of your commitment to rural health", "your commitment to rural health"),
    ("The Street Medicine Program for refugees", "the Street Medicine Program for refugees"),
    ("Strong research in health equity", "strong research in health equity"),
    ("Spanish-speaking clinic every week", "your Spanish-speaking clinic every week"),
    ("Spanish taught on every shift", "Spanish taught on every shift"),
    ("the way Dr. Long knows patients by name", "the way Dr. Long knows patients by name"),
    ("the work your residents are doing in Malawi", "the work your residents are doing in Malawi"),
    ("the care your clinic gives to refugees", "the care your clinic gives to refugees"),
    ("how your residents run the code team", "how your residents run the code team"),
    ("opportunity to work in Reno", "the opportunity to work in Reno"),
    ("to be close to my family", "the chance to be close to my family"),
    ("that your residents go to Malawi", "the fact that your residents go to Malawi"),
    ("- its rural\ntrack", "its rural track"),
    ("working with refugees!", "working with refugees"),
    ("the clinic, the ward, etc.", "the clinic, the ward, etc."),
]
OWNED = [
    ("rural training track", "your rural training track"),
    ("Rural training track.", "your rural training track"),
    (
        "because of resident-run clinic in the Évreux district",
        "your resident-run clinic in the Évreux district",
    ),
    ("strong emphasis on teaching", "your strong emphasis on teaching"),
    ("night float system", "your night float system"),
    ("rural track and street clinic", "your rural track and street clinic"),
    ("strong mentorship", "strong mentorship"),
    ("global health electives", "global health electives"),
    ("two rural clinics and a van", "two rural clinics and a van"),
    ("Street Medicine Program for refugees", "Street Medicine Program for refugees"),
    ("Ohio's only rural track", "Ohio's only rural track"),
    ("your residents who teach in Reno", "your residents who teach in Reno"),
    ("research in a rural track", "research in a rural track"),
    ("the way that the chief residents teach", "the way the chief residents teach"),
]
SENTENCES = [
    ("your residents teach from the first year", "Your residents teach from the first year."),
    ("Your senior residents run the codes", "Your senior residents run the codes."),
    ("I really liked the residents.", "I really liked the residents."),
    ("you have a great simulation center", "You have a great simulation center."),
    ("It's the only program with a rural track", "It's the only program with a rural track."),
    ("because your residents teach from the start", "Your residents teach from the start."),
    ("since I rotated there, I know the team", "Since I rotated there, I know the team."),
    ("As a nurse's son I know night shifts", "As a nurse's son I know night shifts."),
    ("The rivers helped, but it was your clinic", "The rivers helped, but it was your clinic."),
    ("Your ICU is resident-led. I like that.", "Your ICU is resident-led. I like that."),
    ("my partner is matched at your hospital", "My partner is matched at your hospital."),
    ("love the culture", "I love the culture."),
    ("born in Ohio and eager to return", "I was born in Ohio and eager to return."),
    ("what are the chances of research?", "What are the chances of research?"),
]


@pytest.mark.parametrize(("typed", "phrase"), PHRASES)
def test_a_fragment_goes_into_a_sentence(typed, phrase):
    fitted = fit_reason(typed)
    assert (fitted.phrase, fitted.sentence) == (phrase, "")


@pytest.mark.parametrize(("typed", "phrase"), OWNED)
def test_a_thing_of_the_program_is_called_yours_where_a_note_left_that_out(typed, phrase):
    assert fit_reason(typed).phrase == phrase


@pytest.mark.parametrize(("typed", "sentence"), SENTENCES)
def test_a_sentence_stands_by_itself(typed, sentence):
    fitted = fit_reason(typed)
    assert (fitted.phrase, fitted.sentence) == ("", sentence)


@pytest.mark.parametrize("typed", ["", " ", "-", "a", "?!", "12"])
def test_what_has_no_word_is_no_reason(typed):
    assert fit_reason(typed) == ("", "", "")


@pytest.mark.parametrize(
    ("typed", "clause"),
    [
        ("grew up in Peoria", "I grew up in Peoria"),
        ("born and raised in Ohio", "I was born and raised in Ohio"),
        ("originally from Fargo", "I am originally from Fargo"),
        ("my sister lives in Dayton", "my sister lives in Dayton"),
        ("sister in Dayton", "I have a sister in Dayton"),
        ("parents near Akron", "my parents live near Akron"),
        ("wife's family in Toledo", "my wife's family lives in Toledo"),
        ("family in Chicago", "I have family in Chicago"),
        ("med school at Reed", "I went to medical school at Reed"),
        ("Ohio native", "I am an Ohio native"),
        ("Texas", "I have ties to Texas"),
        ("yes", ""),
        ("geographic", ""),
        ("OH", ""),
    ],
)
def test_a_tie_is_a_clause_or_is_left_out(typed, clause):
    assert fit_tie(typed) == clause


def test_the_context_ends_as_a_sentence_and_a_fragment_is_doubted():
    assert fit_context("I was ill") == ("", "I was ill.", "")
    assert fit_context("a death in my family").doubt
    assert fit_context("") == ("", "", "")


def test_the_sentence_around_words_is_cut_at_its_ends():
    text = "Dear Dr. Ng,\n\nHello. I met Dr. Ng, and I like ____ most. Bye.\n\nThanks."
    assert sentence_around(text, "____") == "I met Dr. Ng, and I like ____ most."
    assert sentence_around(text, "nothing") == ""
