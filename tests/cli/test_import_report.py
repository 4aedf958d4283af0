"""The report of an import: what it says first, what it folds, and what one can type next."""

import re
import shlex

import pytest

STATUSES = "expected one of: applied, invited"


def told(desk, text, *options, name="tracker.csv"):
    """Import a text; gives what was said, in one line without breaks."""
    (desk.folder / name).write_text(text)
    done = desk.type("import", name, "--specialty", "IM", *options)
    assert max(map(len, done.out.splitlines())) <= 80 or "\n  -> planner import" in done.out
    return " ".join(done.out.split()), done


def test_what_could_cost_most_comes_first(desk):
    text = (
        "Program,IV Date,PD,PD Email,NRMP Code,Status,Top\n"
        "Sacred Heart of the Upper Peninsula,2/30/2026,Patel?,nowhere,12,Interviw,maybe\n"
    )
    said, _ = told(desk, text)
    codes = ["bad_status", "bad_nrmp_code", "bad_email", "bad_name", "bad_date", "bad_yes_no"]
    assert re.findall(r"\[(\w+)\]", said) == codes


def test_a_conflict_about_the_status_comes_before_one_about_an_address(desk):
    text = "Program,PD Email,Status\nÉlan,a@elan.example,\nÉlan,b@elan.example,\n{}"
    other = "Oak,,applied\nOak,,rejected\n"
    said, _ = told(desk, text.format(other))
    assert said.index("Status 'rejected'") < said.index("PD Email 'b@elan.example'")


@pytest.mark.parametrize("count", [1, 5, 6])
def test_up_to_six_different_cells_are_all_examples(desk, count):
    rows = "".join(f"Elm {n},hm {n}\n" for n in range(count))
    said, _ = told(desk, f"Program,Status\n{rows}")
    assert said.count(", Status 'hm") == count
    assert "and line" not in said
    assert STATUSES in said


def test_the_rest_is_told_by_line_and_value(desk):
    rows = "".join(f"Elm {n},hm {n}\n" for n in range(43))
    said, _ = told(desk, f"Program,Status\n{rows}Oak,hm 42\n")
    assert "Not a status (44) [bad_status]" in said
    assert (
        "and line 42, Status 'hm 40'; line 43, Status 'hm 41'; lines 44, 45, Status 'hm 42'" in said
    )


@pytest.mark.parametrize("count", [7, 40, 41])
def test_all_cells_that_must_be_fixed_are_shown_up_to_some_forty(desk, count):
    rows = "".join(f"Elm {n},hm {n}\n" for n in range(count))
    said, _ = told(desk, f"Program,Status\n{rows}")
    assert said.count(", Status 'hm") == count
    assert "--all" not in said


def test_what_is_expected_is_said_once_where_it_is_the_same(desk):
    rows = "".join(f"Elm {n},hm {n}\n" for n in range(4))
    said, _ = told(desk, f"Program,Status\n{rows}")
    assert said.count(STATUSES) == 1


def test_good_rows_that_were_stopped_are_called_fine(desk):
    said, done = told(desk, "Program,Status\nElm,applied\nOak,hm\nAsh,\nFir,applied\n")
    assert "4 rows read: 3 are fine, 1 needs a fix; nothing was written yet." in said
    assert "unchanged" not in said
    assert done.code == 1


def test_each_command_after_an_arrow_can_be_typed(desk):
    _, done = told(
        desk, "Program,My stage,Status\nElm,1,applied\nOak,2,hm\n", "--map", "My stage=notes"
    )
    commands = [line[5:] for line in done.out.splitlines() if line.startswith("  -> planner ")]
    assert len(commands) == 2
    words = shlex.split(commands[1])
    assert words[-4:] == ["--on-error", "skip", "--rejects", "bad.csv"]
    after = desk.type(*words[1:])
    assert "2 rows read: 1 new, 1 left out, to be fixed." in after.out
    bad = desk.folder / "bad.csv"
    bad.write_text(bad.read_text("utf-8-sig").replace("hm", "waitlisted"))
    (again,) = [line[5:] for line in after.out.splitlines() if line.startswith("  -> planner ")]
    assert "1 row read: 1 new." in desk.good(*shlex.split(again)[1:]).out


def test_a_file_that_says_nothing_new_is_told_in_a_line(desk):
    text = "Program,Status\nElm,applied\nÅkerlund Peña,waitlisted\nOak,\n"
    told(desk, text)
    said, done = told(desk, text)
    assert "Nothing new: all 3 rows are as before." in said
    assert len(done.out.splitlines()) == 5
    told(desk, "Program\nSolo\n")
    assert "Nothing new: the 1 row is as before." in told(desk, "Program\nSolo\n")[0]


def test_rows_that_stop_are_never_called_as_before(desk):
    told(desk, "Program,Where it stands\nElm,good\n")
    said, _ = told(desk, "Program,Where it stands\nElm,Rejected\n")
    assert "as before" not in said
    assert "1 row read: each is fine by itself; nothing was written yet." in said


def test_a_list_without_any_program_says_so(desk):
    said, _ = told(desk, "Program,City,Status\nTotal: 5,,\n")
    assert "None of its rows is a program." in said


def test_each_column_has_a_line_with_an_example(desk):
    text = "Program,Result,Vibe\nINTERNAL MEDICINE,,\nUniversité Peña,Waitlisted 10/3,good\n"
    _, done = told(desk, text, "--map", "Vibe=notes")
    lines = [line.split("  ") for line in done.out.splitlines()]
    table = [[part.strip() for part in parts if part] for parts in lines]
    assert ["Program", "program", "Université Peña"] in table
    assert ["Result", "status", "status words", "Waitlisted 10/3"] in table
    assert ["Vibe", "notes", "you", "good"] in table


def test_what_the_cells_decided_can_be_undone_as_it_is_said(desk):
    text = "Program,Result\nElm,Rejected\n"
    said, _ = told(desk, text)
    assert '--ignore "Result", or --map "Result=FIELD"' in said
    told(desk, text.replace("Elm", "Oak"), "--ignore", "Result")
    told(desk, text.replace("Elm", "Ash"), "--map", "Result=notes")
    found = desk.good("programs", "list", "--json").json["programs"]
    assert [p["status"] for p in found] == ["rejected", "applied", "applied"]


def test_a_suggestion_is_told_once_and_unknown_columns_only_with_the_columns(desk):
    said, _ = told(desk, "Program,PD Emial,Cohort\nElm,ada@elm.example,2027\n")
    assert said.count("PD Emial=director_email") == 1
    assert "unknown_column" not in said
    assert "Cohort (kept, unused) 2027" in said


def test_the_words_of_a_reason_are_said_to_go_into_letters(desk):
    said, _ = told(desk, "Program,Why here?\nElm,their street clinic\n")
    assert '"Why here?" goes into letters: planner reasons' in said
    assert "goes into letters" not in told(desk, "Program\nElm\n")[0]


def test_the_same_change_is_said_once_and_a_status_before_extras(desk):
    rows = [f"Elm {n},applied" for n in range(20)]
    told(desk, "\n".join(["Program,Status", *rows, ""]))
    rows = [f"{row},good" for row in rows]
    rows[19] = "Elm 19,waitlisted,good"
    said, _ = told(desk, "\n".join(["Program,Status,Vibe", *rows, ""]))
    one = "- Elm 19: status applied -> waitlisted"
    assert one in said
    assert said.index(one) < said.index("- Vibe (empty) -> good (20 programs): Elm 0; Elm 1;")


def test_a_twin_that_is_not_stored_is_not_offered_to_merge_yet(desk):
    told(desk, "Program,City,PD\nSt. Mary's Hospital,Akron,Ada Abara\n")
    twin = "Program,City,PD\nSaint Mary Medical Center,Akron,Ada Abara\n"
    later = "The numbers of new programs, as in merge, are valid once the import is written."
    said, _ = told(desk, twin, "--try")
    assert "planner programs merge 1 2" in said
    assert later in said
    said, _ = told(desk, twin)
    assert "planner programs merge 1 2" in said
    assert later not in said


READINGS = (
    *("Interviewed 11/5 - great day", "rejected 10/20", "rej via Thalamus 11/2", "R 11/1"),
    *(
        "Rejected 10/22, form mail",
        "declined me 11/9",
        "turned down 11/10",
        "rejected 11/12 (mass)",
    ),
    *("rejected 11/13 sniff", "II 11/20 - Ångström wrote", "waitlisted 11/3"),
)


def test_statuses_are_shown_by_what_they_were_read_as(desk):
    rows = "".join(f'Elm {n},"{text}"\n' for n, text in enumerate(READINGS))
    said, _ = told(desk, f"Program,Status\n{rows}", "--try")
    assert "Status taken as rejected (8): line 3 'rejected 10/20'; line 4" in said
    assert "; and 3 more (--all shows them)" in said
    assert "Status taken as interviewed: line 2 'Interviewed 11/5 - great day'" in said
    assert "Status taken as waitlisted: line 12" in said
    said, _ = told(desk, f"Program,Status\n{rows}", "--try", "--all")
    assert "more (--all" not in said
    for line, text in enumerate(READINGS, 2):
        assert f"line {line} '{text}'" in said


@pytest.mark.parametrize(
    ("name", "rows", "advice"),
    [
        ("tracker.csv", "Elm,Troy\nOak,Ames\n", "Add --specialty and its name, such as"),
        ("tracker.csv", "Ålm Psychiatry,Troy\nOak,Ames\n", 'Add --specialty "Psychiatry"'),
        ("my EM list.csv", "Elm,Troy\nOak,Ames\n", 'Add --specialty "Emergency Medicine"'),
        ("tracker.csv", "Elm FM,Troy\nOak Psychiatry,Ames\n", "Give each row its specialty"),
        ("my EM list.csv", "Elm FM,Troy\nOak,Ames\n", 'Add --specialty "Family Medicine"'),
        ("a.csv", "Elm,Troy\n,\nFM (backup),\nOak,Ames\n", "Give each row its specialty"),
    ],
)
def test_the_specialty_that_is_offered_fits(desk, name, rows, advice):
    lines = [f"{row},Ana Peña" for row in rows.splitlines() if row != ","]
    lines = [line.replace("(backup),,Ana Peña", "(backup),,") for line in lines]
    (desk.folder / name).write_text("\n".join(["Program,City,PD", *lines, ""]))
    said = " ".join(desk.type("import", name).out.split())
    assert f"-> {'All of one specialty? ' if 'Add' in advice else ''}{advice}" in said
    assert said.count("--specialty") == ("Add" in advice)


def test_with_all_each_cell_is_shown_with_what_was_expected(desk):
    rows = "".join(f"Elm {n},{n}\n" for n in range(10, 40))
    said, _ = told(desk, f"Program,NRMP Code\n{rows}", "--all")
    assert said.count(", NRMP Code '") == 30
    assert "and line" not in said


def test_rows_that_differ_in_fields_of_any_cost_are_one_kind(desk):
    text = (
        "Program,City,PD First Name,PD Last Name,Vibe,Program Id\n"
        "Granby,Troy,Thi Lan,Nguyễn,calm,1400521057\n"
        "Granby Hill,Troy,Thi,Nguyễn,loud,1400521057\n"
    )
    said, _ = told(desk, text)
    assert said.count("[kept_first]") == 1
    assert said.index("'Granby Hill'") < said.index("'Thi'") < said.index("'loud'")


def test_several_files_are_told_apart(desk):
    (desk.folder / "a.csv").write_text("Program,Status\nElm,hm\n")
    (desk.folder / "b.csv").write_text("Program,Status\nOak,hm\nTotal: 5,\n")
    done = desk.type("import", "a.csv", "b.csv", "--specialty", "IM")
    assert "a.csv, line 2, Status 'hm'" in done.out
    assert "b.csv, line 2, Status 'hm'" in done.out
    assert "b.csv: 1 row " in done.out


def test_the_examples_of_the_report_hold():
    import doctest

    from planner.cli import import_examples

    found = doctest.testmod(import_examples)
    assert (found.failed, found.attempted > 1) == (0, True)


def test_a_coordinators_cell_without_a_name_is_not_told_as_one_of_the_greeting(desk):
    text = "Program,PD,Coordinator,PC Email\nElm,Ada Abara,Residency Office,office@elm.example\n"
    said, _ = told(desk, text)
    assert "Not a coordinator's name; the greeting is not affected [nobody]" in said
    assert "Dear Program Director" not in said
    assert "planner programs set PROGRAM coordinator_name=NAME" in said


def test_a_directors_cell_without_a_name_is_told_beside_a_coordinators(desk):
    text = "Program,PD,Coordinator\nElm,Vacant (Ana Lee left),Residency Office\n"
    said, _ = told(desk, text)
    assert 'the letter says "Dear Program Director" [nobody]' in said
    assert "Not a coordinator's name" in said
    assert said.index("director_last_name=NAME") < said.index("coordinator_name=NAME")


def test_dates_with_the_day_first_come_with_what_to_add_and_it_works(desk):
    text = "Program,Interview date,Emailed on\nElm,23/10/2026,5/11/2026\nOak,3/11/2026,\n"
    said, _ = told(desk, text)
    advice = '-> Does the day come first there? Add --map "Interview date=interview_day_first"'
    assert advice in said
    maps = re.findall(r'--map "([^"]+day_first)"', said)
    options = [word for each in dict.fromkeys(maps) for word in ("--map", each)]
    said, done = told(desk, text, *options)
    assert done.code == 0
    assert "Interview date interview_date, day first you" in said
    assert "[bad_date]" not in said
    assert "[day_first]" not in said
    again, _ = told(desk, f"{text}Ash,30/10/2026,\n")
    assert "interview_date, day first as before" in again


def test_other_cells_that_are_no_date_come_without_that_advice(desk):
    said, _ = told(desk, "Program,Interview date\nElm,soon\nOak,11/3/2026\n")
    assert "[bad_date]" in said
    assert "day come first" not in said


def test_the_command_for_unknown_columns_also_names_the_one_of_specialties(desk):
    text = "Program,Branch,Reply\nElm,Int Med,Regret mail\nOak,Neurology,Rejection mail\n"
    (desk.folder / "branches.csv").write_text(text)
    done = desk.type("import", "branches.csv")
    command = "planner import branches.csv --map Branch=specialty --map Reply=status"
    assert command in done.out
    again = desk.type(*shlex.split(command)[1:])
    assert again.code == 0
