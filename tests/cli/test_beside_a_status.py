"""What follows after the first word of a status reaches the plan."""

import pytest

HEADER = "Program,Specialty,City,State,PD,PD Email,Status"


def brought(desk, *cells, code=0):
    rows = (
        f'Saint-Élan {n},IM,Cañon City,CO,Ana Núñez,nunez{n}@elan.example,"{cell}"'
        for n, cell in enumerate(cells, 1)
    )
    (desk.folder / "list.csv").write_text("\n".join((HEADER, *rows)) + "\n", "utf-8")
    done = desk.type("import", "list.csv", "--json")
    assert done.code == code, done.err
    return done.json


def decided(desk):
    return [
        (p["decision"], p["rule"])
        for p in sorted(desk.good("plan", "--json").json["programs"], key=lambda p: p["id"])
    ]


def test_who_was_told_or_wants_no_mail_gets_no_letter(desk):
    brought(
        desk,
        "Interviewed 10/2; emailed 10/10",
        "Interviewed 10/3 - PD said do not email",
        "Interviewed 10/5",
    )
    assert decided(desk) == [
        ("excluded", "already_told"),
        ("excluded", "contact_refused"),
        ("email", "early_interviewed"),
    ]


@pytest.mark.parametrize(
    "cell", ["Interviewed 10/5 but they filled all spots", "WL then released 10/12"]
)
def test_what_is_left_open_holds_the_letter(desk, cell):
    brought(desk, cell)
    desk.good("draft")
    assert "note_contradicts" in {f["code"] for f in desk.letters()[0]["findings"]}
    assert desk.type("approve", "1", "--unseen").code == 3


def test_a_waitlist_with_a_day_is_no_interview(desk):
    brought(desk, "waitlist (IV) 10/3")
    (program,) = desk.good("programs", "list", "--json").json["programs"]
    assert (program["status"], program["interview_date"]) == ("waitlisted", None)
    assert decided(desk) == [("email", "early_on_hold")]


def test_the_same_cell_again_changes_nothing(desk):
    cells = ("Interviewed 10/2; emailed 10/10", "Interviewed 10/3 - PD said do not email")
    brought(desk, *cells)
    again = brought(desk, *cells)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_a_status_that_says_it_later_changes_the_program(desk):
    brought(desk, "Interviewed 10/2")
    found = brought(desk, "Interviewed 10/2; emailed 10/10, no emails please")
    assert {c["field"] for c in found["changes"]} >= {"told_on", "contact_policy"}
    assert decided(desk) == [("excluded", "contact_refused")]
