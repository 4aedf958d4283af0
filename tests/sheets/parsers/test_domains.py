"""Email domains that look like typos."""

import pytest

from planner.sheets.parsers.domains import WELL_KNOWN, meant_by


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("havard.edu", "harvard.edu"),
        ("outlok.com", "outlook.com"),
        ("hospital.nett", "hospital.net"),
        ("hospital.eduu", "hospital.edu"),
        ("hospital.con", "hospital.com"),
    ],
)
def test_a_slip_is_told_with_what_was_probably_meant(typed, meant):
    assert meant_by(typed) == meant


@pytest.mark.parametrize("domain", [*WELL_KNOWN, "umich.edu", "elm.example", "yahoo.co.uk"])
def test_a_domain_that_is_right_is_let_be(domain):
    assert meant_by(domain) is None
