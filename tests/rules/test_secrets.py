"""What cannot be a token or a password is recognized by its form."""

import pytest

from planner.rules.secrets import why_no_password, why_no_token


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ya29.a0Af_B~c-/+==", ""),
        ("EwBIA8l6BAAU!*$", ""),
        ('{"access_token": "x"}', "JSON"),
        ("[1]", "JSON"),
        ("Bearer x", "Bearer"),
        ("two words", "spaces"),
        ("two\twords", "spaces"),
        ("nul\0", "control"),
        ("tökén", "ASCII"),
        ('"quoted"', "quotes"),
        ("<html>", "angle brackets"),
    ],
)
def test_what_cannot_be_a_token_is_known(text, why):
    assert why in why_no_token(text)
    assert bool(why_no_token(text)) is bool(why)


@pytest.mark.parametrize(("text", "good"), [("abcd efgh", True), ("ñ€", True), ("a\nb", False)])
def test_a_password_may_hold_all_but_line_breaks(text, good):
    assert (why_no_password(text) == "") is good
