"""A day that stands in the notes, where the day of the interview is wanting."""

import pytest

from tests.sheets.reading import records

HEADER = "Program,Status,Interview date,Comments\n"


def offered(status, day, notes):
    (found,) = records(f'{HEADER}Saint-Élan,{status},{day},"{notes}"\n')
    assert found.values.get("interview_date", "") == day
    return [w.message for w in found.warnings if w.code == "day_in_notes"]


@pytest.mark.parametrize(
    ("notes", "day"),
    [
        ("11/6 – very friendly", "2026-11-06"),
        ("10/30", "2026-10-30"),
        ("IV 12/11", "2026-12-11"),
        ("Interview on Nov 13 - asked about step 2", "2026-11-13"),
        ("(virtual) 1/8, 8am ET", "2027-01-08"),
    ],
)
@pytest.mark.parametrize("status", ["Interviewed", "Invited"])
def test_a_day_at_the_head_of_the_notes_is_offered(notes, day, status):
    (message,) = offered(status, "", notes)
    assert f"(interview_date={day})" in message


@pytest.mark.parametrize(
    ("status", "day", "notes"),
    [
        ("Interviewed", "2026-11-05", "11/6 – very friendly"),
        ("Waitlisted", "", "11/6 – very friendly"),
        ("Interviewed", "", "sent thanks 11/7"),
        ("Interviewed", "", "11/6 or 11/7, to be seen"),
        ("Interviewed", "", "2/30 was a joke"),
        ("Interviewed", "", "24/7 coverage"),
        ("Interviewed", "", "very friendly"),
    ],
)
def test_any_other_day_is_not(status, day, notes):
    assert offered(status, day, notes) == []
