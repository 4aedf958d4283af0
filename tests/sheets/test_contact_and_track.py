"""Channels other than email, email only before the interview, and the track of a position."""

import pytest

from tests.sheets.reading import records


def only(cells, *more):
    """The one record of a list with these cells beside a program's."""
    head, row = ",".join(cells), ",".join(cells.values())
    lines = (f"Program,{head}", f"Elm Hospital,{row}", *more)
    (record,) = records("\n".join(lines) + "\n")
    assert not record.errors
    return record


@pytest.mark.parametrize(
    ("cell", "policy", "channel"),
    [
        ("ERAS only", "channel", "ERAS only"),
        ("Thalamus", "channel", "Thalamus"),
        ("via Thalamus messages", "channel", "via Thalamus messages"),
        ("message through their portal", "channel", "message through their portal"),
        ("channel", "channel", None),
        ("No emails", "none", None),
        ("no post-interview communication", "not_after_interview", None),
        ("No contact after the interview please", "not_after_interview", None),
        ("do not email after your IV", "not_after_interview", None),
        ("not_after_interview", "not_after_interview", None),
        ("if asked", "if_asked", None),
    ],
)
def test_a_contact_policy_names_another_way_or_mail_before_the_interview_alone(
    cell, policy, channel
):
    record = only({"Specialty": "IM", "Contact Policy": cell})
    assert record.values["contact_policy"] == policy
    assert record.values.get("contact_channel") == channel


@pytest.mark.parametrize(
    ("cells", "specialty", "track"),
    [
        ({"Specialty": "Medicine-Preliminary"}, "Internal Medicine", "preliminary"),
        ({"Specialty": "Prelim Surgery"}, "Surgery-General", "preliminary"),
        ({"Specialty": "IM", "Track": "Prelim"}, "Internal Medicine", "preliminary"),
        ({"Specialty": "IM", "Track": "C"}, "Internal Medicine", "categorical"),
        # The letter of the code says it already, and says it better.
        ({"Specialty": "Prelim IM", "NRMP Code": "1999140C0"}, "Internal Medicine", None),
        ({"Specialty": "Prelim", "NRMP Code": "1999440P0"}, "Surgery-General", None),
    ],
)
def test_a_track_comes_from_its_column_or_the_name_of_the_specialty(cells, specialty, track):
    record = only(cells)
    assert (record.values["specialty"], record.values.get("track")) == (specialty, track)


def test_what_is_no_track_is_kept_as_a_remark():
    record = only({"Specialty": "IM", "Track": "global health"})
    assert record.extra == {"Track": "global health"}
    assert [w.code for w in record.warnings] == ["no_track"]


def test_a_preliminary_year_and_the_residency_of_one_hospital_are_two_programs():
    found = records(
        "Program,Specialty,City\nElm,Internal Medicine,Troy\nElm,Medicine-Preliminary,Troy\n"
    )
    assert len({record.name_key for record in found}) == 2
