"""`planner import --try`: it says what an import would do, and does nothing."""

import pytest

TRACKER = (
    "Program,Specialty,City,State,PD,PD Email,PC Email,Status\n"
    "Université Peña Hospital,IM,Ann Arbor,MI,José Muñoz,jose@pena.example,pc@pena.example,"
    "interviewed\n"
    "Oak Ridge,IM,Akron,OH,see website,pd@oak.example,,waitlisted\n"
    "Fir Hill,IM,Troy,NY,Di Dunn,dunn@fir.example,,rejected\n"
)


def tried(desk, text, *options, code=0, name="tracker.csv"):
    (desk.folder / name).write_text(text)
    done = desk.type("import", name, "--try", *options)
    assert done.code == code, done.out + done.err
    return done


def stored(desk):
    return desk.good("programs", "list", "--json").json["programs"]


def test_a_try_shows_the_first_programs_as_they_would_be_written_to(desk):
    said = tried(desk, TRACKER).out
    assert "Today, 2 of 3 programs would get a letter:" in said
    first = said.index("  Université Peña Hospital, Ann Arbor, MI\n    Dear Dr. Muñoz,\n")
    assert first < said.index("    To jose@pena.example; Cc pc@pena.example\n")
    assert "  Oak Ridge, Akron, OH\n    Dear Program Director,\n    To pd@oak.example\n" in said
    assert "Fir Hill" not in said.partition("Today")[2]
    assert stored(desk) == []


def test_a_try_and_a_dry_run_are_the_same(desk):
    (desk.folder / "tracker.csv").write_text(TRACKER)
    one, other = (desk.good("import", "tracker.csv", word) for word in ("--try", "--dry-run"))
    assert one.out == other.out


def test_a_try_says_what_the_import_then_does(desk, root):
    (desk.folder / "list.csv").write_bytes((root / "planner/demo/programs.csv").read_bytes())
    found = desk.good("import", "list.csv", "--try", "--json").json
    real = desk.good("import", "list.csv", "--json").json
    assert len(found.pop("preview")) == 3
    assert real.pop("preview") == []
    assert {**found, "written": True} == real


def test_a_try_reports_what_a_real_import_reports_but_for_its_end(desk):
    desk.approved(2)
    text = "Program,Specialty,Director,PD Email\nElm 1 Hospital,IM,Bo Berg,\nAsh,IM,,pd@gmial.com\n"
    tried_text = tried(desk, text).out
    assert desk.states() == ["approved", "approved"]
    real = desk.good("import", "tracker.csv").out
    assert "No longer approved, because their facts changed: letter 1" in tried_text
    shared = real.partition("\n\nNext: planner draft, then read and approve them again")[0]
    assert tried_text.startswith(shared)
    assert "-> planner import tracker.csv\n" in tried_text


def test_the_outlook_is_what_the_letters_become(desk, root):
    (desk.folder / "list.csv").write_bytes((root / "planner/demo/programs.csv").read_bytes())
    preview = desk.good("import", "list.csv", "--try", "--json").json["preview"]
    desk.good("import", "list.csv")
    desk.good("draft", "--allow-mass")
    letters = {x["program"]: x for x in desk.good("preview", "--json").json["letters"]}
    assert len(preview) == 3
    for prospect in preview:
        letter = letters[prospect["program"]]
        assert letter["body"].startswith(f"{prospect['salutation']}\n")
        assert prospect["place"] in letter["subject"] + letter["body"]
        assert [letter[n] for n in ("to", "cc", "letter")] == [
            prospect[n] for n in ("to", "cc", "letter")
        ]


def test_without_a_score_salutation_and_place_are_shown_all_the_same(desk):
    desk.configure(score="")
    said = tried(desk, TRACKER).out
    assert "Université Peña Hospital, Ann Arbor, MI\n    Dear Dr. Muñoz,\n" in said
    assert "No letter: " in said


def test_where_nobody_would_be_written_to_each_has_its_reason(desk):
    found = tried(desk, TRACKER.replace("interviewed", "rejected").replace("waitlisted", "W"))
    assert "Today, none of 3 would get a letter:" in found.out
    assert found.out.count("No letter: Not in play") == 3
    preview = tried(desk, TRACKER.replace("interviewed", "rejected"), "--json").json["preview"]
    assert [p["letter"] for p in preview] == ["improvement"]


def test_only_programs_of_the_file_are_shown(desk):
    desk.a_list(3)
    said = tried(desk, TRACKER).out
    assert "Elm 1 Hospital" not in said
    assert "Today, 2 of 3 programs" in said
    assert len(stored(desk)) == 3


def test_with_bad_rows_the_good_ones_are_shown(desk):
    found = tried(desk, TRACKER + "Ash,IM,,,,,,hm\n", code=1)
    assert "4 rows read: 3 are fine, 1 needs a fix" in found.out
    assert "Université Peña Hospital, Ann Arbor, MI" in found.out
    assert (
        "would get a letter" not in tried(desk, "Program,Specialty,Status\nAsh,IM,hm\n", code=1).out
    )


def test_a_program_called_as_its_specialty_goes_by_its_institution(desk):
    text = (
        "Program,Institution,Specialty,City,PD Email,Status\n"
        "Internal Medicine,Mercy Health,IM,Erie,pd@mercy.example,waitlisted\n"
    )
    assert '  Mercy Health, Erie ("Internal Medicine" in your list)\n' in tried(desk, text).out


def test_where_no_plan_can_be_made_the_report_is_given_all_the_same(desk):
    desk.configure(more="[cycle]\nseason = 2041")
    done = tried(desk, TRACKER)
    assert "No plan can be made yet" in done.out
    assert "3 rows read: 3 new." in done.out


@pytest.mark.parametrize("options", [(), ("--on-error", "skip", "--rejects", "bad.csv")])
def test_what_was_tried_can_be_done_by_what_is_said(desk, options):
    import shlex

    done = tried(desk, TRACKER, "--ignore", "PC Email", *options)
    command = done.out.rpartition("-> planner ")[2]
    assert "--try" not in command
    desk.good(*shlex.split(command))
    assert [p["coordinator_email"] for p in stored(desk)] == ["", "", ""]
