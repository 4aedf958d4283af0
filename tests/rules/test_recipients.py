"""Whom a letter goes to, and when two addresses are one mailbox."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.facts import ContactPolicy, Status
from planner.rules.recipients import fold_address, refusals, refused_at
from tests.builders import a_program


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


SHARED = "Señor.Pd@Élan.example"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": Status.REJECTED, "director_email": SHARED}, "rejected"),
        ({"status": Status.WITHDRAWN, "coordinator_email": SHARED}, "withdrawn"),
        ({"contact_policy": ContactPolicy.NONE, "director_email": SHARED}, "wants no email"),
    ],
)
def test_an_address_at_which_another_program_said_no_is_named(fields, why):
    said_no = replace(a_program(7, program="Saint-Élan", coordinator_email=""), **fields)
    found = refused_at(refusals([said_no, a_program(8)]), a_program(8), [SHARED.lower()])
    assert found == [f"{SHARED.lower()} is also the address of #7 Saint-Élan ({why})"]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.NOT_APPLIED},
        {"status": Status.INTERVIEWED},
        {"status": Status.REJECTED, "specialty": "Family Medicine"},
        {"status": Status.REJECTED, "director_email": ""},
    ],
)
def test_other_programs_at_an_address_say_nothing(fields):
    other = replace(a_program(7, coordinator_email=""), **{"director_email": SHARED, **fields})
    assert refused_at(refusals([other]), a_program(8), [SHARED]) == []


def test_a_program_does_not_stand_in_its_own_way():
    mine = a_program(7, status=Status.REJECTED, director_email=SHARED)
    assert refused_at(refusals([mine]), mine, [SHARED]) == []
