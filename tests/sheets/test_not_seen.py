"""A "no" under Interviewed beside an interview date that has passed."""

import pytest

from tests.sheets.reading import records

HEADER = "Program,Specialty,PD Email,Invited,IV date,IV done\n"


def warned(day, done):
    rows = f'"Saint-Élan, Lakeside",FM,a@elan.example,TRUE,{day},{done}\nOak,FM,,TRUE,11/2,TRUE\n'
    found, _ = records(HEADER + rows)
    return [w for w in found.warnings if w.code == "note_contradicts"]


@pytest.mark.parametrize("done", ["FALSE", "no", "☐", "no - rescheduled"])
def test_an_interview_that_is_said_not_to_have_been_is_asked_about(done):
    (warning,) = warned("11/4", done)
    assert warning.column == "IV done"
    assert "interview_date is 2026-11-04" in warning.message


@pytest.mark.parametrize(("day", "done"), [("12/9", "FALSE"), ("", "FALSE"), ("11/4", "TRUE")])
def test_a_no_is_right_where_the_day_is_to_come_or_unknown(day, done):
    assert warned(day, done) == []
