"""An empty status is reported once, and for a question mark the message says what to write."""

import pytest

HEADER = "Program,Specialty,City,State,PD,PD Email,{0}"


def brought(desk, *rows, header="Status", code=0, options=()):
    lines = (f"{name},IM,Cañon City,CO,Ana Núñez,pd@elan.example,{status}"
             for name, status in rows)  # fmt: skip
    text = "\n".join((HEADER.format(header), *lines)) + "\n"
    (desk.folder / "list.csv").write_text(text, "utf-8")
    done = desk.type("import", "list.csv", "--json", *options)
    assert done.code == code, done.err
    return done.json


def said(found):
    return [(w["line"], w["message"]) for w in found["warnings"] if w["code"] == "no_status"]


ROWS = [("Élan Hospital", "Rejected"), ("Oak Ridge", ""), ("Ash Grove", ""), ("Fir", "applied")]


@pytest.mark.parametrize("header", ["Status", "Interview Status", "Decision"])
def test_programs_without_a_status_are_counted_once_with_examples(desk, header):
    ((line, message),) = said(brought(desk, *ROWS, header=header))
    assert line == 3
    assert message.startswith("2 programs have no status, and count as applied")
    assert 'line 3 "Oak Ridge"; line 4 "Ash Grove"' in message


def test_one_is_said_as_one(desk):
    ((_, message),) = said(brought(desk, *ROWS[:2]))
    assert message.startswith("1 program has no status, and counts as applied")


def test_where_nobody_has_a_status_the_file_is_asked_about_as_before(desk):
    assert said(brought(desk, ("Oak Ridge", ""), ("Ash Grove", ""))) == []


def test_an_empty_cell_of_a_program_that_is_known_says_nothing_new(desk):
    brought(desk, ("Oak Ridge", "invited"), ("Fir", "applied"))
    assert said(brought(desk, ("Oak Ridge", ""), ("Fir", "invited"))) == []


def test_a_second_row_of_a_program_need_not_say_it_again(desk):
    assert said(brought(desk, ("Oak Ridge", "invited"), ("Oak Ridge", ""), ("Fir", "WL"))) == []


def test_boxes_that_are_not_ticked_are_no_empty_status(desk):
    (desk.folder / "list.csv").write_text(
        "Program,Specialty,City,Invited,Rejected\nOak,IM,Ada,TRUE,FALSE\nAsh,IM,Rye,FALSE,FALSE\n"
    )
    assert said(desk.good("import", "list.csv", "--json").json) == []


@pytest.mark.parametrize("cell", ["?", "??", "unknown", "Unsure", "not sure?", "IDK", "don’t know"])
def test_who_does_not_know_is_told_what_to_write(desk, cell):
    (error,) = brought(desk, ("Oak Ridge", cell), ("Fir", "WL"), code=1)["errors"]
    assert (error["code"], error["line"], error["value"]) == ("bad_status", 2, cell)
    assert "applied, like an empty cell, if you have not heard" in error["message"]
    assert "Do not email" in error["message"]
