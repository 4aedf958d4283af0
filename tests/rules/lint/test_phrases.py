"""The phrases: each finds its examples, passes its near misses, and can be searched fast."""

from functools import cache

import pytest

from planner.rules.clues import clues_of
from planner.rules.lint import TABLE
from planner.rules.lint.phrases import all_phrases, clues_in, phrases, words_sought

PHRASES = all_phrases()
IDS = [f"{phrase.code}-{phrase.hits[0]}" for phrase in PHRASES]


clues = cache(clues_in)


def spans(phrase, way, text):
    low = text.lower()
    return list(way.spans(text if phrase.as_written else low, clues(low, own=phrase.own)))


@pytest.mark.parametrize("phrase", PHRASES, ids=IDS)
def test_a_phrase_finds_its_hits_and_passes_its_near_misses(phrase):
    for text in phrase.hits:
        assert any(spans(phrase, way, text) for way in phrase.ways), text
    for text in phrase.near:
        assert not any(spans(phrase, way, text) for way in phrase.ways), text
    assert phrase.near


@pytest.mark.parametrize("phrase", PHRASES, ids=IDS)
def test_each_way_of_a_phrase_is_needed_by_a_hit(phrase):
    for way in phrase.ways:
        assert any(spans(phrase, way, text) for text in phrase.hits), way.source


def test_each_phrase_has_a_row_in_the_table():
    assert {phrase.code for phrase in PHRASES} <= {row.code for row in TABLE}
    assert phrases("promise")
    assert {"rank", "promise", "attached"} <= words_sought()


def test_clues_spare_no_pattern_that_would_have_matched():
    every = [text for phrase in PHRASES for text in phrase.hits]
    for phrase in PHRASES:
        for way in phrase.ways:
            for text in every:
                written = text if phrase.as_written else text.lower()
                assert bool(way.pattern.search(written)) == bool(spans(phrase, way, text))


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("i (?:will|shall) rank(?:ing)? you", {" rank"}),
        ("(?:gold|silver) x?", {"gold", "silver"}),
        ("(?:gold|x?)", set()),
        ("[abc]+|def", set()),
        (r"\bab+cde\d{2,3}f", {"cde"}),
        ("(?P<a>one|two)(?!three)", {"one", "two"}),
        ("(?:(?:a|bc)d|ef)g{0,2}", {"ef", "d"}),
        (r"a{2,}?bc*?\(", {"b"}),
        (r"TODO[^\]]", {"todo"}),
        (r"\.{4,}", set()),
    ],
)
def test_clues_are_what_a_pattern_cannot_do_without(pattern, wanted):
    assert clues_of(pattern) == wanted


def test_a_pattern_that_is_not_balanced_is_refused():
    with pytest.raises(ValueError, match="unbalanced"):
        clues_of("a)b")
