"""What people write about Step 2 in their own words."""

import pytest

from planner.sheets.parsers import vocabulary
from planner.sheets.parsers.cells import BadCellError, Noted


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
