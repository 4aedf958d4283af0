"""Mail addresses by their syntax."""

import pytest

from planner.rules.addresses import normalized


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("pd@hospital.example", "pd@hospital.example"),
        ("First.Last+x@Hospital.EXAMPLE", "First.Last+x@hospital.example"),
        ("dürr@klinik.example", "dürr@klinik.example"),
        ("o'neil@hospital.example", "o'neil@hospital.example"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_lower_case(typed, kept):
    assert normalized(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "pd",
        "pd@",
        "@x.example",
        "a@b",
        "a..b@x.example",
        "a b@x.example",
        "=?utf-8?q?a?=@x.example",
        "a@x.example\nBcc: b@x.example",
        "a@x..example",
        "a@-x.example",
        "x" * 70 + "@x.example",
    ],
)
def test_what_is_no_address_is_refused_with_a_reason(typed):
    with pytest.raises(ValueError, match=r"\w"):
        normalized(typed)


def test_a_domain_beyond_ascii_goes_over_the_wire_as_its_registry_has_it():
    from planner.rules.addresses import ascii_domain

    assert ascii_domain("elm.example") == "elm.example"
    assert ascii_domain("straße.example") == "xn--strae-oqa.example", "IDNA 2008, not strasse"
