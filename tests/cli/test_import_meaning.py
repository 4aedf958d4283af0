"""From the words of a list to who is written to: what is not understood writes to no one."""

import pytest

LETTERS = "email"


def written_to(desk):
    """The programs that today's plan would write to, by name."""
    plan = desk.good("plan", "--json").json["programs"]
    return {p["program"] for p in plan if p["decision"] == LETTERS}


def brought(desk, text, *options, code=0):
    (desk.folder / "tracker.csv").write_text(text)
    done = desk.type("import", "tracker.csv", *options)
    assert done.code == code, done.out + done.err
    return done


def test_a_rejection_in_a_box_is_no_letter(desk):
    brought(
        desk,
        "Program,Specialty,Location,PD,PD email,Invited,IV Date,Interviewed,Waitlisted,Rejected,"
        "Email sent?\n"
        'Elm Valley,EM,"Dayton, OH",Dr. Ng,ng@elm.example,TRUE,10/3/2026,TRUE,FALSE,FALSE,10/12/2026\n'
        'Oak Ridge,EM,"Akron, OH",Dr. Oh,oh@oak.example,FALSE,,FALSE,FALSE,TRUE,FALSE\n'
        'Ash Grove,EM,"Erie, PA",Dr. Ito,ito@ash.example,TRUE,10/6/2026,TRUE,FALSE,FALSE,FALSE\n',
    )
    assert written_to(desk) == {"Ash Grove"}
    found = desk.good("programs", "list", "--json").json["programs"]
    assert [p["status"] for p in found] == ["interviewed", "rejected", "interviewed"]
    assert found[0]["told_on"] == "2026-10-12"


@pytest.mark.parametrize("header", ["Interview Status", "Current Status", "Decision", "Outcome"])
def test_a_rejection_in_a_column_of_another_name_is_no_letter(desk, header):
    brought(
        desk,
        f"Program Name,Specialty,Program Director Email,{header},Why\n"
        "Elm Valley,IM,pd@elm.example,Rejected,your clinic for refugees\n"
        "Oak Ridge,IM,pd@oak.example,Waitlisted 10/3,your street clinic\n",
    )
    assert written_to(desk) == {"Oak Ridge"}


def test_an_unknown_column_with_a_rejection_stops_the_import_even_where_bad_rows_are_skipped(desk):
    text = "Program,Specialty,PD Email,Where it stands\nElm,IM,pd@elm.example,Rejected\n"
    for options in ((), ("--on-error", "skip", "--rejects", "bad.csv")):
        done = brought(desk, text, *options, code=1)
        assert '--map "Where it stands=status"' in done.out
        assert '--ignore "Where it stands"' in done.out
    assert desk.good("programs", "list", "--json").json["programs"] == []
    brought(desk, text, "--map", "Where it stands=status")
    assert written_to(desk) == set()
    done = brought(desk, text, "--ignore", "Where it stands")
    assert "Where it stands  (left out)" in done.out


def test_a_column_of_marks_can_be_named_a_stage(desk):
    text = "Program,Specialty,PD Email,Ghosted\nElm,IM,pd@elm.example,TRUE\n"
    brought(desk, text, code=1)
    brought(desk, text, "--map", "Ghosted=rejected")
    assert desk.good("programs", "list", "--json").json["programs"][0]["status"] == "rejected"


def test_where_no_column_gives_a_status_one_line_says_so(desk):
    text = "Program,Specialty,PD Email\n" + "".join(
        f"Elm {n},IM,pd{n}@elm.example\n" for n in range(39)
    )
    done = brought(desk, text)
    assert "the 39 new programs count as applied" in " ".join(done.out.split())
    assert '--map "Their Header=status"' in " ".join(done.out.split())
    assert done.out.index("count as applied") < done.out.index("39 rows read")
    assert "count as applied" not in brought(desk, text).out


def test_a_status_goes_back_when_its_box_is_no_longer_ticked(desk):
    text = "Program,Specialty,PD Email,Invited,Rejected\nElm,IM,pd@elm.example,TRUE,{0}\n"
    brought(desk, text.format("TRUE"))
    brought(desk, text.format("FALSE"))
    assert desk.good("programs", "list", "--json").json["programs"][0]["status"] == "invited"


def test_the_remark_of_a_status_follows_its_cell(desk):
    text = "Program,Specialty,Status\nElm,IM,{0}\n"
    for cell, extra in (
        ("Waitlisted 10/3", {"Status (as written)": "Waitlisted 10/3"}),
        ("", {"Status (as written)": "Waitlisted 10/3"}),
        ("Interviewed", {}),
    ):
        brought(desk, text.format(cell))
        assert desk.good("programs", "list", "--json").json["programs"][0]["extra"] == extra
    brought(desk, text.format("IV 12/4"))
    desk.good("programs", "export", "out.csv")
    done = desk.good("import", "out.csv", "--json").json
    assert (done["new"], done["changed"], done["warnings"]) == (0, 0, [])


def test_an_interview_whose_day_has_gone_by_is_remarked_in_plan_and_why(desk):
    brought(desk, "Program,Specialty,PD Email,Status,IV Date\nElm,IM,pd@elm.example,invited,10/6\n")
    for said in (desk.good("plan").out, desk.good("why", "1").out):
        assert "has gone by; counted as interviewed" in " ".join(said.split())
    desk.good("programs", "set", "1", "status=interviewed")
    assert "has gone by" not in desk.good("plan").out
