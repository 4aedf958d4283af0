"""Cities and states from one cell."""

import pytest

from planner.sheets.parsers.places import place


@pytest.mark.parametrize(
    "text", ["{}, OH", "{},OH", "{} OH", "{} (OH)", "{}/OH", "{} - OH", "{} – Ohio", "{} | Ohio"]
)
@pytest.mark.parametrize("city", ["Dayton", "Winston-Salem", "Truth or Consequences", "Cañon City"])
def test_a_state_is_found_behind_what_people_put_before_it(text, city):
    assert place(text.format(city)) == (city, "OH")


def test_a_state_that_is_named_twice_is_named_once():
    assert place("Winston-Salem, North Carolina, NC") == ("Winston-Salem", "NC")
    assert place("New York, New York, NY") == ("New York", "NY")


@pytest.mark.parametrize(
    "text", ["Dayton", "Tri-Cities", "Dayton (main campus)", "IS/OOS", "east - west"]
)
def test_what_names_no_state_is_no_place(text):
    assert place(text) is None
