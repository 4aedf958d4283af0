"""`planner assess`: what it says of names that are none."""

import pytest


@pytest.mark.parametrize(
    ("typed", "meant"), [("EMM", "Emergency Medicine"), ("Dermatolgy", "Dermatology")]
)
def test_a_specialty_that_was_nearly_named_is_asked_about(desk, typed, meant):
    for words in (["assess", typed], ["programs", "list", "--specialty", typed]):
        done = desk.type(*words)
        assert done.code == 2
        assert f"Did you mean {meant}?" in " ".join(done.err.split())
    assert "planner rules score" in desk.type("assess", "Beekeeping").err
