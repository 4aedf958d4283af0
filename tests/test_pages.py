"""A reason as a person reads it: codes as words, days as people write them, all else as it is."""

import pytest

from planner.pages import plainly


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("the score is strong_asset", "the score is strong asset"),
        (
            "Step 2 policy is required_to_rank, now on_hold",
            "Step 2 policy is required to rank, now on hold",
        ),
        ("though rule early_small_list wants", "though rule early small list wants"),
        ("interviewed on 2026-12-11", "interviewed on Dec 11, 2026"),
    ],
)
def test_codes_and_days_become_words(text, read):
    assert plainly(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "step2_ck.expected_on is not set",
        'IM wants no email (after_interview = "none")',
        "write to strong_asset_pd@elm.example",
        "file-2026-13-45.csv",
        "0 programs",
    ],
)
def test_what_is_to_be_typed_stays_as_it_is(text):
    assert plainly(text) == text
