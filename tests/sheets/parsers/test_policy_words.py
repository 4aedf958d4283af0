"""What people write about Step 2 in their own words."""

import pytest

from planner.sheets.parsers import vocabulary
from planner.sheets.parsers.cells import BadCellError, Noted
from tests.sheets.reading import records


def policy(text):
    found = vocabulary.step2_policy(text)
    return str(found.value if isinstance(found, Noted) else found)


@pytest.mark.parametrize(
    "text",
    ["wants score", "Wants CK", "needs score", "send when released", "wants it", "asked for it"]
    + ["They want the score", "needs Step 2 CK score", "Please send it once it is out"]
    + ["wants my CK score by January", "score wanted", "send score as soon as available"],
)
def test_they_asked_for_it(text):
    assert policy(text) == "requested"


@pytest.mark.parametrize(
    "text",
    ["None stated", "no mention", "nothing on site", "not mentioned", "Nothing listed on website"]
    + ["not stated on FREIDA", "no info", "silent", "none listed", "No policy found"],
)
def test_nothing_is_known_of_it(text):
    assert policy(text) == "unknown"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("none", "none"),
        ("needed", "mentioned"),
        ("required", "mentioned"),
        ("needed to rank", "required_to_rank"),
        ("wants it before ranking", "required_to_rank"),
        ("not needed", "none"),
    ],
)
def test_near_words_mean_what_they_meant(text, value):
    assert policy(text) == value


@pytest.mark.parametrize(
    "text", ["I want to send it", "not wanted", "wants no score", "unwanted", "not", "needs a visa"]
)
def test_other_words_are_asked_about(text):
    with pytest.raises(BadCellError) as caught:
        policy(text)
    assert "requested (they asked for it)" in caught.value.expected


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("won't rank without it", "required_to_rank"),
        ("not ranked without CK", "required_to_rank"),
        ("not for ranking", "none"),
        ("preferred, not required", "mentioned"),
        ("not required but recommended", "mentioned"),
        ("nobody asked", "unknown"),
        ("not requested", "unknown"),
        ("didn't say", "unknown"),
        ("?", "unknown"),
        ("needed for IV", "mentioned"),
        ("req'd", "mentioned"),
        ("obligatorio", "mentioned"),
        ("nicht erforderlich", "none"),
        ("recommandé", "mentioned"),
    ],
)
def test_more_of_what_people_write_about_a_policy(text, policy):
    found = vocabulary.step2_policy(text)
    assert str(getattr(found, "value", found)) == policy


@pytest.mark.parametrize(
    "text",
    ["required for ranking?", "asked, sent 10/3", "I asked", "my request", "rank #3", "ranked high"]
    + ["ROL certified", "maybe required"],
)
def test_what_is_no_policy_is_not_taken_for_one(text):
    with pytest.raises(BadCellError):
        vocabulary.step2_policy(text)


@pytest.mark.parametrize(
    ("text", "locked"),
    [("certified 2/25", True), ("2/25", True), ("ROL in", True), ("done", True), ("yes", True)]
    + [("not yet", False), ("in progress", False), ("draft", False), ("no", False)],
)
def test_a_list_is_locked_by_its_day_or_the_word_for_it(text, locked):
    assert vocabulary.locked(text) is locked


@pytest.mark.parametrize("text", ["by 3/3", "maybe", "?"])
def test_a_list_may_not_be_locked_yet(text):
    with pytest.raises(BadCellError):
        vocabulary.locked(text)


@pytest.mark.parametrize("text", ["gold?", "yes?", "silver (?)"])
def test_a_signal_that_is_not_certain_is_asked_about(text):
    with pytest.raises(BadCellError):
        vocabulary.signal(text)


@pytest.mark.parametrize("text", ["not sent", "didn't signal", "not used"])
def test_a_signal_that_was_not_sent_is_none(text):
    assert str(vocabulary.signal(text)) == "none"


@pytest.mark.parametrize(
    ("cell", "tie"),
    [("not home", None), ("no", None), ("no but rotated there", "no but rotated there"),
     ("Away Aug", "Away Aug"), ("yes", "Home")],
)  # fmt: skip
def test_a_denied_tie_is_none(cell, tie):
    (found,) = records(f"Program,Specialty,Home\nElm,IM,{cell}\n")
    assert found.values.get("connection") == tie
    (unsure,) = records("Program,Specialty,Home\nElm,IM,maybe\n")
    assert [e.code for e in unsure.errors] == ["bad_yes_no"]
