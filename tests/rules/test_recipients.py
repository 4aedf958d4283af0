"""Whom a letter goes to, and when two addresses are one mailbox."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.recipients import fold_address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PD@Elm.Example", " pd@elm.example "),
        ("pd@müller.example", "pd@xn--mller-kva.example"),
        ("pd@MÜLLER.example", "PD@XN--MLLER-KVA.EXAMPLE"),
        ("pd@mu\u0308ller.example", "pd@m\u00fcller.example"),
        ("jose\u0301@elm.example", "jos\u00e9@elm.example"),
    ],
)
def test_one_mailbox_has_one_form_however_it_is_spelled(one, other):
    assert fold_address(one) == fold_address(other)


@pytest.mark.parametrize("other", ["pd2@elm.example", "pd@elm2.example", "p.d@elm.example", ""])
def test_other_mailboxes_have_another_form(other):
    assert fold_address("pd@elm.example") != fold_address(other)


@given(st.text(max_size=80))
def test_whatever_stands_there_has_a_form_that_stays_as_it_is(text):
    assert fold_address(fold_address(text)) == fold_address(text)
