"""Every finding has words for people."""

from planner.cli.hints.findings import FIXES
from planner.rules.lint import TABLE
from planner.rules.lint.titles import TITLES


def test_every_finding_has_a_title_and_no_two_have_the_same():
    assert TITLES.keys() == FIXES.keys()
    assert TITLES.keys() >= {row.code for row in TABLE}
    assert len(set(TITLES.values())) == len(TITLES)


def test_a_title_is_words_and_no_code():
    assert not [title for title in TITLES.values() if "_" in title or title.endswith(".")]
