"""Cities and states from one cell."""

import pytest

from planner.sheets.parsers.places import place
from tests.sheets.reading import records


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("West Virginia", ("", "WV")),
        ("Ohio", ("", "OH")),
        ("New York", None),
        ("Washington", None),
        ("New York NY", ("New York", "NY")),
        ("Washington D.C.", ("Washington", "DC")),
        ("washington dc", None),
        ("Washington DC", ("Washington", "DC")),
        ("District of Columbia", ("", "DC")),
        ("OH - Dayton", ("Dayton", "OH")),
        ("OH, Dayton", ("Dayton", "OH")),
        ("MI (Ann Arbor)", ("Ann Arbor", "MI")),
        ("NY, NY", ("NY", "NY")),
        ("London, ON, Canada", ("London", "ON")),
        ("Virginia Beach VA", ("Virginia Beach", "VA")),
    ],
)
def test_a_state_alone_or_in_front_is_no_city(text, found):
    assert place(text) == found


@pytest.mark.parametrize("cell", ["Dayton, OH (near mom)", "Dayton OH - 2h drive", "Dayton, OH!"])
def test_a_remark_behind_a_place_stays_as_written(cell):
    (found,) = records(f'Program,Specialty,Location\nElm,IM,"{cell}"\n')
    assert (found.values["city"], found.values["state"]) == ("Dayton", "OH")
    assert found.extra["Location (as written)"] == cell
