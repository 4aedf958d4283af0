"""By what a coordinator files an email: name, position, AAMC ID."""

import pytest

from planner.rules.naming import filed_as
from planner.rules.specialties import shipped
from tests.builders import a_case, a_program, an_applicant

LONG = "Maria-Magdalena Wojciechowska-Fitzgerald Hernández"
UNKNOWN = "Interprofessional Rural Ambulatory and Community Health Medicine"


@pytest.mark.parametrize("specialty", ["Obstetrics and Gynecology", UNKNOWN])
def test_a_long_subject_has_a_short_specialty_where_there_is_one(specialty):
    applicant = an_applicant(name=LONG)
    said = filed_as(a_case(a_program(specialty=specialty), applicant=applicant), shipped())
    assert LONG in said
    assert (specialty in said) is (specialty == UNKNOWN)
