"""From the words of a list to who gets a letter: what is not understood causes no letter."""

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
        assert "has passed; counted as interviewed" in " ".join(said.split())
    desk.good("programs", "set", "1", "status=interviewed")
    assert "has passed; counted" not in desk.good("plan").out


def greeted(desk):
    """The first line of each letter, by its program."""
    letters = desk.good("preview", "--json").json["letters"]
    return {
        x["program"]: x["body"].partition("\n")[0].partition(" and Selection")[0] for x in letters
    }


@pytest.mark.parametrize(
    ("cell", "greeting"),
    [
        ("see website", "Dear Program Director,"),
        ("Patel - APD", "Dear Program Director,"),
        ("Dr. Patel - new as of July!", "Dear Dr. Patel"),
        ("Dr. Patel (interim PD as of 7/26)", "Dear Dr. Patel"),
        ("Jane Doe -> left, now John Roe", "Dear Program Director,"),
        ("Jane Doe MD PhD (PD), John Roe DO (APD)", "Dear Dr. Doe"),
        ("Dr. Lee 👩‍⚕️", "Dear Dr. Lee"),
        ("Dr. ???", "Dear Program Director,"),
        ("DR. SMITH", "Dear Dr. Smith"),
        ("dr lee", "Dear Dr. Lee"),
        ("JANE DOE MD", "Dear Dr. Doe"),
        ("nan", "Dear Program Director,"),
        ("Vacant (Ana Lee left)", "Dear Program Director,"),
        ("Ana Lee <ana@elm.example>", "Dear Dr. Lee"),
        ("Pat O&#39;Brien", "Dear Dr. O'Brien"),
        ("Smith / Jones", "Dear Dr. Smith"),
        ("van der Berg", "Dear Dr. van der Berg"),
        ("Wu J", "Dear Dr. Wu"),
    ],
)
@pytest.mark.parametrize("header", ["PD", "PD Last Name", "program_director_last_name"])
def test_a_letter_greets_a_person_or_the_program_director(desk, header, cell, greeting):
    brought(
        desk,
        f'Program,Specialty,{header},PD Email,Status\nElm,IM,"{cell}",pd@elm.example,waitlisted\n',
    )
    desk.good("draft")
    assert greeted(desk) == {"Elm": greeting}
    assert "bad_salutation" not in {f["code"] for f in desk.letters()[0]["findings"]}


@pytest.mark.parametrize(
    "cell", ["{{last}}", "Program Director", "Dr. Patel?", "Mu?oz", "Ana Lee XYZ"]
)
@pytest.mark.parametrize("header", ["PD", "PD Last Name", "Coordinator"])
def test_what_is_neither_a_name_nor_a_remark_stops_its_row(desk, header, cell):
    done = brought(desk, f"Program,Specialty,{header}\nElm,IM,{cell}\n", code=1)
    assert "bad_name" in done.out


def test_what_reaches_a_salutation_by_another_way_is_held(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.sql("UPDATE programs SET director_last_name = 'website' WHERE id = 1")
    desk.good("draft")
    assert greeted(desk) == {"Elm 1 Hospital": "Dear Dr. website,"}
    done = desk.type("approve", "1", "--unseen")
    assert (done.code, "bad_salutation" in done.out) == (3, True)
    desk.good(
        "approve", "1", "--unseen", "--override", "bad_salutation", "--because", "he is so called"
    )


def test_first_and_last_name_of_a_contact_are_one_coordinator(desk):
    brought(
        desk,
        "program_name,specialty_title,program_director_first_name,program_director_last_name,"
        "program_director_email,contact_first_name,contact_last_name,contact_email\n"
        "Elm Valley,Internal Medicine,Ada,Abara,pd@elm.example,Cat,Dee,pc@elm.example\n",
    )
    (elm,) = desk.good("programs", "list", "--json").json["programs"]
    assert (elm["director_first_name"], elm["director_last_name"]) == ("Ada", "Abara")
    assert (elm["coordinator_name"], elm["coordinator_email"]) == ("Cat Dee", "pc@elm.example")


def test_a_double_last_name_beside_a_first_name_stays(desk):
    brought(
        desk,
        "Program,Specialty,PD First Name,PD Last Name\n"
        "Elm,IM,Ana,Garcia Lopez\nOak,IM,John,John Smith\nAsh,IM,,John Smith\n",
    )
    found = desk.good("programs", "list", "--json").json["programs"]
    assert [(p["director_first_name"], p["director_last_name"]) for p in found] == [
        ("Ana", "Garcia Lopez"),
        ("John", "Smith"),
        ("John", "Smith"),
    ]


def test_an_address_in_the_cell_of_a_name_is_taken_only_where_no_column_has_them(desk):
    brought(desk, "Program,Specialty,PD,Status\nElm,IM,Ana Lee <ana@elm.example>,waitlisted\n")
    assert desk.good("programs", "list", "--json").json["programs"][0]["director_email"] == (
        "ana@elm.example"
    )
    done = brought(
        desk,
        "Program,Specialty,PD,PD Email\nOak,IM,Bo Berg <bo@oak.example>,\n",
    )
    assert "address_in_name" in done.out
    found = desk.good("programs", "list", "--json").json["programs"]
    assert [p["director_email"] for p in found] == ["ana@elm.example", ""]


DATED = "Program,Specialty,PD,PD Email,Status,Interview Date,Told on,Why\n"


@pytest.mark.parametrize("day", ["11/2/2022", "1/1/1900", "11/3/62"])
def test_an_interview_of_another_year_is_warned_of_and_its_letter_is_held(desk, day):
    done = brought(
        desk,
        f"{DATED}Elm,IM,Ana Lee,ana@elm.example,interviewed,{day},,your ferry clinic\n",
        "--json",
    )
    (warning,) = [w for w in done.json["warnings"] if w["code"] == "outside_season"]
    assert (warning["line"], warning["column"]) == (2, "Interview Date")
    assert "type the right date" in warning["message"]
    if day != "11/3/62":  # one to come has no letter that names it
        desk.good("draft")
        refused = desk.type("approve", "1", "--unseen")
        assert "interview_outside_season" in refused.out + refused.err
        assert desk.states() == ["draft"]


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        ("8/12/2026", "is August 12, before applications open on 2026-09-23: is it December 8?"),
        ("8/30/2026", "is August 30, before applications open on 2026-09-23; type the right date"),
        ("12/8/2026", ""),
        ("9/23/2026", ""),
    ],
)
def test_an_interview_before_applications_open_is_asked_about(desk, day, asked):
    row = f"Elm,IM,Ana Lee,ana@elm.example,invited,{day},,your ferry clinic\n"
    said = [
        w["message"]
        for w in brought(desk, DATED + row, "--json").json["warnings"]
        if w["code"] == "outside_season"
    ]
    assert len(said) == bool(asked)
    assert all(asked in message for message in said)


def test_a_date_beside_a_status_is_asked_the_same(desk):
    done = brought(
        desk,
        "Program,Specialty,Status\nElm,IM,Interviewed 10/5/2022\nOak,IM,Interviewed Mon 10/6/2026\n",
        "--json",
    )
    assert [w["line"] for w in done.json["warnings"] if w["code"] == "outside_season"] == [2]


def test_programs_set_asks_of_a_date_what_an_import_asks(desk):
    desk.a_list(1)
    for value, said in (
        ("interview_date=11/2/2022", "is outside this season"),
        ("interview_date=Mon 11/3/2026", "is a Tuesday, and Monday may mean"),
        ("told_on=1/15/2027", "is in the future; they count as told"),
    ):
        assert said in " ".join(desk.good("programs", "set", "1", value).out.split())
    assert "expected one day" in desk.type("programs", "set", "1", "interview_date=Nov 3-4").err
    assert "Note" not in desk.good("programs", "set", "1", "interview_date=10/5/2026").out


def test_one_who_will_have_been_told_is_not_written_to_and_that_is_said(desk):
    done = brought(
        desk, f"{DATED}Elm,IM,Ana Lee,ana@elm.example,waitlisted,,1/15/2027,your ferry\n", "--json"
    )
    assert [w["code"] for w in done.json["warnings"]] == ["told_in_future"]
    assert written_to(desk) == set()
    assert "told_on 2027-01-15 is in the future" in " ".join(desk.good("plan").out.split())
