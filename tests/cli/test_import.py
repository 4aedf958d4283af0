"""`planner import`: what it writes, what it refuses, what it says."""

import time

import pytest

from tests.desk import HEADER

CODES = ["Program", "NRMP Code", "ACGME ID", "City", "Status", "PD Email", "Why", "Notes"]


def counts(done):
    names = ("read", "new", "changed", "unchanged", "merged", "rejected")
    return tuple(done.json[name] for name in names)


def imported(desk, *rows, header=CODES, options=(), code=0):
    desk.sheet(*rows, header=header)
    done = desk.type("import", "list.csv", "--specialty", "IM", "--json", *options)
    assert done.code == code, done.err
    document = done.json
    parts = [document[n] for n in ("new", "changed", "unchanged", "merged", "rejected")]
    assert document["read"] == sum(parts)
    return done


def programs(desk):
    return desk.good("programs", "list", "--json").json["programs"]


def test_the_same_file_twice_is_nothing_new_and_nothing_changed(desk):
    rows = [{"Program": "Elm", "City": "Dayton"}, {"Program": "Oak", "Why": "their clinic"}]
    assert counts(imported(desk, *rows)) == (2, 2, 0, 0, 0, 0)
    assert counts(imported(desk, *rows)) == (2, 0, 0, 2, 0, 0)


def test_changes_are_said_field_by_field(desk):
    imported(desk, {"Program": "Elm", "Status": "applied"})
    desk.sheet({"Program": "Elm", "Status": "interviewed"}, header=CODES)
    done = desk.good("import", "list.csv", "--specialty", "IM")
    assert "Elm: status applied -> interviewed" in done.out


def test_an_empty_cell_wipes_nothing_unless_it_is_told_to(desk):
    imported(desk, {"Program": "Elm", "Why": "their clinic"})
    imported(desk, {"Program": "Elm"})
    assert programs(desk)[0]["reason"] == "their clinic"
    imported(desk, {"Program": "Elm"}, options=["--clear-empty"])
    assert programs(desk)[0]["reason"] == ""


def test_what_was_set_by_hand_wins_over_a_file_unless_forced(desk):
    imported(desk, {"Program": "Elm", "Why": "old"})
    desk.good("programs", "set", "Elm", "reason=mine")
    done = imported(desk, {"Program": "Elm", "Why": "theirs"})
    assert [w["code"] for w in done.json["warnings"]] == ["kept_yours"]
    assert programs(desk)[0]["reason"] == "mine"
    imported(desk, {"Program": "Elm", "Why": "theirs"}, options=["--force"])
    assert programs(desk)[0]["reason"] == "theirs"


def test_with_one_bad_row_nothing_is_written(desk):
    done = imported(desk, {"Program": "Elm"}, {"Program": "Oak", "PD Email": "x"}, code=1)
    assert counts(done) == (2, 0, 0, 1, 0, 1)
    assert done.json["written"] is False
    assert programs(desk) == []


def test_bad_rows_may_be_skipped_and_come_back_fixed(desk):
    rows = [{"Program": "Elm"}, {"Program": "Oak", "PD Email": "x"}]
    options = ["--on-error", "skip", "--rejects", "bad.csv"]
    done = imported(desk, *rows, options=options, code=1)
    assert counts(done) == (2, 1, 0, 0, 0, 1)
    text = (desk.folder / "bad.csv").read_text()
    assert "error" in text.splitlines()[0]
    (desk.folder / "bad.csv").write_text(text.replace(",x,", ",pd@oak.example,"))
    again = desk.type("import", "bad.csv", "--specialty", "IM", "--json")
    assert (again.code, again.json["new"]) == (0, 1)


def test_a_program_first_known_by_name_is_found_again_by_its_codes(desk):
    imported(desk, {"Program": "Elm", "City": "Dayton"})
    both = {"Program": "Elm", "City": "Dayton", "NRMP Code": "1601140C0", "ACGME ID": "1400521057"}
    assert counts(imported(desk, both)) == (1, 0, 1, 0, 0, 0)
    renamed = {"Program": "Elm Health", "NRMP Code": "1601140C0"}
    assert counts(imported(desk, renamed)) == (1, 0, 1, 0, 0, 0)
    assert len(programs(desk)) == 1


def test_two_nrmp_codes_are_two_programs_even_with_one_acgme_id(desk):
    tracks = [
        {"Program": "Elm", "NRMP Code": "1601140C0", "ACGME ID": "1400521057"},
        {"Program": "Elm", "NRMP Code": "1601140P0", "ACGME ID": "1400521057"},
    ]
    assert counts(imported(desk, *tracks)) == (2, 2, 0, 0, 0, 0)


def test_a_record_that_fits_two_programs_names_both(desk):
    imported(
        desk,
        {"Program": "Elm", "NRMP Code": "1601140C0"},
        {"Program": "Oak", "ACGME ID": "1400521057"},
    )
    one_of_both = {"Program": "Ash", "NRMP Code": "1601140C0", "ACGME ID": "1400521057"}
    done = imported(desk, one_of_both, code=1)
    (error,) = done.json["errors"]
    assert error["code"] == "fits_two"
    assert "#1 Elm" in error["message"]
    assert "#2 Oak" in error["message"]


def test_plain_repeats_are_merged_and_differing_extras_are_only_warned_of(desk):
    header = [*CODES, "Cohort"]
    rows = [{"Program": "Elm", "Cohort": "a"}] * 2 + [{"Program": "Elm", "Cohort": "b"}]
    done = imported(desk, *rows, header=header)
    assert counts(done) == (3, 1, 0, 0, 2, 0)
    assert [w["code"] for w in done.json["warnings"]] == ["unknown_column", "kept_first"]
    assert programs(desk)[0]["extra"] == {"Cohort": "a"}


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [("Status", "applied", "rejected"), ("PD Email", "a@x.example", "b@x.example")],
)
def test_a_real_conflict_names_both_lines(desk, field, one, other):
    done = imported(desk, {"Program": "Elm", field: one}, {"Program": "Elm", field: other}, code=1)
    (error,) = done.json["errors"]
    assert (error["code"], error["line"]) == ("conflict", 3)
    assert "line 2 says" in error["message"]


def test_a_row_without_a_name_or_a_specialty_says_what_is_missing(desk):
    desk.sheet({"City": "Dayton"}, {"Program": "Elm"}, header=CODES)
    done = desk.type("import", "list.csv", "--json")
    found = {(e["line"], e["code"]) for e in done.json["errors"]}
    assert found == {(2, "no_program"), (2, "no_specialty"), (3, "no_specialty")}


def test_an_institution_stands_in_for_a_name(desk):
    imported(desk, {"Institution": "Elm Health"}, header=["Institution", "Program"])
    assert programs(desk)[0]["program"] == "Elm Health"


def test_several_files_are_one_transaction(desk):
    desk.sheet({"Program": "Elm"}, header=CODES, name="a.csv")
    desk.sheet({"Program": "Oak", "PD Email": "x"}, header=CODES, name="b.csv")
    done = desk.type("import", "a.csv", "b.csv", "--specialty", "IM", "--json")
    assert done.code == 1
    assert done.json["errors"][0]["file"] == "b.csv"
    assert programs(desk) == []


def test_a_used_fact_that_changes_voids_the_approval_and_says_so(desk):
    desk.approved(2)
    desk.sheet({"Program": "Elm 1 Hospital", "Specialty": "IM", "Director": "Bo Berg"})
    done = desk.good("import", "list.csv")
    assert "No longer approved, because their facts changed: letter 1" in done.out
    assert desk.states() == ["draft", "approved"]


def test_notes_and_facts_that_the_letter_did_not_use_void_nothing(desk):
    desk.approved(1)
    desk.good("programs", "set", "Elm 1", "notes=called them", "city=Troy", "signal=gold")
    assert desk.states() == ["approved"]


def test_the_report_groups_issues_and_fits_eighty_columns(desk):
    rows = [
        {"Program": f"Elm {n}", "Specialty": "IM", "PD Email": "nowhere at all"} for n in range(30)
    ]
    desk.sheet(*rows)
    done = desk.type("import", "list.csv")
    assert done.code == 1
    assert "Not an address (30) [bad_email]: expected one address" in done.out
    assert "19, 20, 21 and 10 more, PD Email 'nowhere at all'" in " ".join(done.out.split())
    assert max(map(len, done.out.splitlines())) <= 80
    assert "take the good rows" not in done.out
    (desk.folder / "list.csv").rename(desk.folder / "bad.csv")
    with (desk.folder / "bad.csv").open("a") as file:
        file.write("Ash,IM\n")
    for name, kept in (("bad.csv", "rejects.csv"), ("list.csv", "bad.csv")):
        (desk.folder / name).write_bytes((desk.folder / "bad.csv").read_bytes())
        assert f"--on-error skip --rejects {kept}\n" in desk.type("import", name).out


def test_an_option_to_copy_stays_on_its_line(desk):
    (desk.folder / "list.csv").write_text("Program,Specialty,PD Emial\nElm,IM,pd@elm.example\n")
    assert '--map "PD Emial=director_email"' in desk.good("import", "list.csv").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.csv"], "No such file"),
        (["list.csv", "--specialty", "wizardry"], "not known"),
        (["list.csv", "--map", "x"], "is not COLUMN=FIELD"),
        (["list.csv", "--map", "x=y"], "known field"),
        (["list.csv", "--rejects", "no/such/folder.csv"], "Cannot write"),
    ],
)
def test_a_mistake_in_the_command_is_a_sentence_with_a_hint(desk, words, said):
    desk.sheet({"Program": "Elm", "PD Email": "x"}, header=HEADER)
    done = desk.type("import", *words)
    assert done.code in (1, 2)
    assert said in done.err
    assert "->" in done.err


def test_a_crowd_kept_sheet_comes_in_with_all_its_flaws(desk):
    # In small: a zero-width space inside codes, two date styles, repeats, an empty code.
    rows = [
        ("1601140C0", "9/27/2023", "Lehigh", "OOS"),
        ("1978140C3\u200b", "9/27/2023", "Farmington Hills", "IS"),
        ("1978140C3\u200b", "September 28, 2023", "Farmington Hills", "OOS"),
        ("", "9/27/2023", "Detar", ""),
        ("1903999P0", "9/27/2023", "Transitional", ""),
    ]
    header = ["Program Code", "Date", "Program Name", "Location"]
    done = imported(desk, *(dict(zip(header, row, strict=True)) for row in rows), header=header)
    assert counts(done) == (5, 4, 0, 0, 1, 0)
    found = {p["program"]: (p["nrmp_code"], p["specialty"]) for p in programs(desk)}
    assert found == {
        "Lehigh": ("1601140C0", "Internal Medicine"),
        "Farmington Hills": ("1978140C3", "Internal Medicine"),
        "Detar": ("", "Internal Medicine"),
        "Transitional": ("1903999P0", "Transitional Year"),
    }


def test_required_names_each_of_its_rows(desk):
    rows = [{"Program": f"Elm {n}", "Step 2 Policy": "required"} for n in range(5)]
    done = imported(desk, *rows, header=["Program", "Step 2 Policy"])
    found = [(w["line"], w["code"]) for w in done.json["warnings"]]
    assert found == [(line, "required_to_apply") for line in range(2, 7)]


def test_contact_rows_fold_by_their_role_each_in_its_place(desk):
    header = ["Program", "Role", "Name", "Email"]
    rows = [
        {"Program": "Elm", "Role": "PD", "Name": "Maria de la Cruz, MD", "Email": "pd@elm.example"},
        {
            "Program": "Elm",
            "Role": "Program Coordinator",
            "Name": "Ann Lee",
            "Email": "pc@elm.example",
        },
        {"Program": "Elm", "Role": "Chair", "Name": "Bo Berg", "Email": "bo@elm.example"},
    ]
    done = imported(desk, *rows, header=header)
    assert counts(done) == (3, 1, 0, 0, 2, 0)
    (elm,) = programs(desk)
    assert (elm["director_first_name"], elm["director_last_name"]) == ("Maria", "de la Cruz")
    assert (elm["director_email"], elm["coordinator_email"]) == ("pd@elm.example", "pc@elm.example")
    assert elm["coordinator_name"] == "Ann Lee"
    assert elm["extra"] == {"Other contact: Chair": "Bo Berg <bo@elm.example>"}
    assert [w["code"] for w in done.json["warnings"]] == ["other_role"]


def test_a_role_column_takes_first_and_last_names_too(desk):
    header = ["Program", "Role", "First Name", "Last Name", "E-mail"]
    row = {"Program": "Elm", "Role": "Director", "First Name": "Di", "Last Name": "Dunn"}
    imported(desk, row, header=header)
    assert (programs(desk)[0]["director_first_name"], programs(desk)[0]["director_last_name"]) == (
        "Di",
        "Dunn",
    )


def test_the_columns_that_are_known_can_be_listed(desk):
    said = desk.good("import", "--columns").out
    assert "director_email  (an address)" in said
    assert "also: PD Email, Program Director Email" in said
    assert "Gold Signal" in said
    assert max(map(len, said.splitlines())) <= 80


def test_a_whole_name_column_can_be_mapped(desk):
    desk.sheet({"Program": "Elm", "Boss": "Dr. Ana Lee"}, header=["Program", "Boss"])
    desk.good("import", "list.csv", "--specialty", "IM", "--map", "Boss=director")
    assert programs(desk)[0]["director_last_name"] == "Lee"


def test_how_each_column_was_understood_is_said(desk):
    header = ["program", "PD", "Cohort"]
    desk.sheet({"program": "Elm", "PD": "Ana Lee", "Cohort": "2027"}, header=header)
    said = desk.good("import", "list.csv", "--specialty", "IM").out
    assert "list.csv: UTF-8, separated by commas; header in line 1" in said
    assert "program  program         Elm" in said
    assert "PD       director        Ana Lee" in said
    assert "Cohort   (kept, unused)  2027" in said


def test_five_hundred_bad_cells_are_summarised_and_all_of_them_kept(desk):
    rows = [{"Program": f"Elm {n}", "PD Email": "nowhere", "Cohort": "2027"} for n in range(500)]
    header = ["Program", "PD Email", "Cohort"]
    desk.sheet(*rows, header=header)
    words = ["import", "list.csv", "--specialty", "IM", "--rejects", "bad.csv"]
    done = desk.type(*words)
    assert done.code == 1
    assert len(done.out.splitlines()) < 40
    assert "Not an address (500) [bad_email]" in done.out
    assert "The rows to fix are in bad.csv" in done.out
    bad = (desk.folder / "bad.csv").read_text("utf-8-sig").splitlines()
    assert len(bad) == 501
    assert bad[0] == "Program,PD Email,Cohort,error"
    assert "expected one address" in bad[1]
    assert len(desk.type(*words, "--json").json["errors"]) == 500


def test_rejected_rows_lose_no_cell_even_one_beyond_the_header(desk):
    (desk.folder / "list.csv").write_text("Program,State\nElm,OH,lost\n")
    done = desk.type("import", "list.csv", "--specialty", "IM", "--rejects", "bad.csv")
    assert done.code == 1
    assert "Elm,OH,lost," in (desk.folder / "bad.csv").read_text()


def test_the_command_for_fixed_rows_repeats_the_options(desk):
    desk.sheet(
        {"Program": "Elm"}, {"Program": "Oak", "Town": "x" * 30_000}, header=["Program", "Town"]
    )
    options = ["--specialty", "IM", "--map", "Town=institution"]
    done = desk.type("import", "list.csv", *options, "--on-error", "skip", "--rejects", "bad.csv")
    assert "planner import bad.csv --specialty IM --map Town=institution" in done.out


def test_the_list_itself_is_never_the_place_for_rejects(desk):
    desk.sheet({"Program": "Elm", "PD Email": "x"}, header=CODES)
    done = desk.type("import", "list.csv", "--specialty", "IM", "--rejects", "list.csv")
    assert (done.code, "the list itself" in done.err) == (2, True)
    assert "Elm" in (desk.folder / "list.csv").read_text()


def test_a_workbook_is_read_and_its_sheet_can_be_named(desk):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Program", "IV Date"])
    book.active.append(["Elm", 46315])
    second = book.create_sheet("Later")
    second.append(["Program", "State"])
    second.append(["Oak", "OH"])
    book.save("list.xlsx")
    assert 'sheet "Sheet"' in desk.good("import", "list.xlsx", "--specialty", "IM").out
    assert programs(desk)[0]["interview_date"] == "2026-10-20"
    desk.good("import", "list.xlsx", "--specialty", "IM", "--sheet", "Later")
    assert [p["program"] for p in programs(desk)] == ["Elm", "Oak"]
    done = desk.type("import", "list.xlsx", "--sheet", "Never")
    assert (done.code, '"Later"' in done.err) == (2, True)


def test_programs_can_be_filtered_and_sorted(desk):
    desk.a_list(3)
    desk.good("programs", "set", "2", "status=rejected")
    desk.good("programs", "set", "3", "city=Akron")
    listed = desk.good("programs", "list", "--status", "interviewed", "--json").json["programs"]
    assert [p["id"] for p in listed] == [1, 3]
    listed = desk.good("programs", "list", "--decision", "email", "--json").json["programs"]
    assert [p["id"] for p in listed] == [1, 3]
    listed = desk.good("programs", "list", "--sort", "city", "--json").json["programs"]
    assert [p["id"] for p in listed] == [3, 1, 2]
    assert desk.good("programs", "list", "--specialty", "FM").out.startswith("None of your 3")


def test_an_export_comes_back_unchanged(desk):
    desk.a_list(3)
    desk.good("programs", "set", "2", "reason==SUM(A1)", "told_on=2026-10-03", "top_choice=yes")
    for name in ("out.csv", "out.xlsx"):
        assert "3 programs written" in desk.good("programs", "export", name).out
        assert counts(desk.good("import", name, "--json")) == (3, 0, 0, 3, 0, 0)
    assert "'=SUM(A1)" in desk.good("programs", "export", "-").out
    assert desk.type("programs", "export", "list.csv").code == 2
    desk.good("programs", "export", "list.csv", "--force")


def test_a_program_cannot_be_set_to_be_anothers_twin_by_name(desk):
    desk.a_list(2)
    done = desk.type("programs", "set", "2", "program=Elm 1 Hospital")
    assert (done.code, "That would be #1" in done.err) == (2, True)


def test_a_progress_bar_appears_after_a_second_and_only_on_a_terminal(monkeypatch, capsys):
    import sys
    import time

    from planner.cli.app import progress

    clock = iter([0.0, 0.5, 1.5, 2.5])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress("Reading") as step:
        for part in (0.1, 0.5, 1.0):
            step(part, "list.csv, line 1,000")
    shown = capsys.readouterr().err.split("\r")
    assert len(shown) == 3
    assert "[############............]  50% list.csv, line 1,000" in shown[1]
    assert max(map(len, shown)) <= 80


def test_a_no_takes_back_what_an_earlier_import_said(desk):
    header = ["Program", "Gold Signal", "Geo"]
    imported(desk, {"Program": "Elm", "Gold Signal": "yes", "Geo": "yes"}, header=header)
    imported(desk, {"Program": "Elm"}, header=header)
    assert (programs(desk)[0]["signal"], programs(desk)[0]["connection"]) == ("gold", "Geo")
    imported(desk, {"Program": "Elm", "Gold Signal": "no", "Geo": "0"}, header=header)
    assert (programs(desk)[0]["signal"], programs(desk)[0]["connection"]) == ("none", "")


def test_clear_empty_wipes_what_special_columns_and_extras_gave(desk):
    header = ["Program", "PD", "Location", "Geo", "Gold Signal", "Do not email", "Cohort"]
    full = dict(
        zip(header, ["Elm", "Ann Lee", "Troy, NY", "yes", "yes", "yes", "2027"], strict=True)
    )
    imported(desk, full, header=header)
    imported(desk, {"Program": "Elm", "Location": "Troy, NY"}, header=header)
    assert programs(desk)[0]["director_last_name"] == "Lee"
    done = imported(
        desk, {"Program": "Elm", "Location": "Troy, NY"}, header=header, options=["--clear-empty"]
    )
    assert counts(done) == (1, 0, 1, 0, 0, 0)
    (elm,) = programs(desk)
    cleared = ["director_first_name", "director_last_name", "connection"]
    assert [elm[name] for name in cleared] == ["", "", ""]
    assert (elm["signal"], elm["contact_policy"], elm["extra"]) == ("none", "open", {})


def test_clear_empty_leaves_what_another_row_of_the_program_gives(desk):
    rows = [
        {"Program": "Elm", "PD Email": "pd@elm.example", "PC Email": ""},
        {"Program": "Elm", "PD Email": "", "PC Email": "pc@elm.example"},
    ]
    header = ["Program", "PD Email", "PC Email"]
    imported(desk, *rows, header=header)
    done = imported(desk, *rows, header=header, options=["--clear-empty"])
    assert counts(done) == (2, 0, 0, 1, 1, 0)


def test_a_new_director_does_not_keep_the_old_ones_first_name(desk):
    header = ["Program", "PD"]
    imported(desk, {"Program": "Elm", "PD": "Ann Bee"}, header=header)
    imported(desk, {"Program": "Elm", "PD": "Dr. Ng"}, header=header)
    (elm,) = programs(desk)
    assert (elm["director_first_name"], elm["director_last_name"]) == ("", "Ng")
    rows = [{"Program": "Oak", "PD": "Dr. Ng"}, {"Program": "Oak", "PD": "Ann Bee"}]
    imported(desk, *rows, header=header)
    assert programs(desk)[1]["director_first_name"] == ""


def test_one_address_for_both_is_kept_once_whichever_rows_give_it(desk):
    header = ["Program", "PD Email", "PC Email"]
    rows = [
        {"Program": "Elm", "PD Email": "a@elm.example"},
        {"Program": "Elm", "PC Email": "A@elm.example"},
    ]
    imported(desk, *rows, header=header)
    assert programs(desk)[0]["coordinator_email"] == ""
    assert counts(imported(desk, *rows, header=header)) == (2, 0, 0, 1, 1, 0)


def test_rejects_of_files_with_other_headers_for_one_field_come_back(desk):
    desk.sheet({"Program": "Elm", "PD Email": "x"}, header=["Program", "PD Email"], name="a.csv")
    header = ["Program Name", "Director E-mail"]
    desk.sheet({"Program Name": "Oak", "Director E-mail": "y"}, header=header, name="b.csv")
    done = desk.type("import", "a.csv", "b.csv", "--specialty", "IM", "--rejects", "bad.csv")
    assert "b.csv, line 2, Director E-mail" in done.out
    bad = desk.folder / "bad.csv"
    text = bad.read_text("utf-8-sig")
    assert text.splitlines()[0] == "Program,PD Email,error"
    bad.write_text(text.replace(",x,", ",x@elm.example,").replace(",y,", ",y@oak.example,"))
    assert "2 new" in desk.good("import", "bad.csv", "--specialty", "IM").out


def test_the_same_nrmp_code_under_two_acgme_ids_is_two_programs_that_can_be_set(desk):
    rows = [
        {"Program": "Elm", "NRMP Code": "1601140C0", "ACGME ID": "1400521057"},
        {"Program": "Elm", "NRMP Code": "1601140C0", "ACGME ID": "1400521099"},
    ]
    assert counts(imported(desk, *rows))[1] == 2
    desk.good("programs", "set", "2", "status=invited")


def test_a_column_of_ones_own_called_error_is_kept(desk):
    imported(desk, {"Program": "Elm", "Error": "mine"}, header=["Program", "Error"])
    assert programs(desk)[0]["extra"] == {"Error": "mine"}


def test_a_row_that_comes_again_and_again_costs_no_more_each_time(desk):
    row = {"Program": "Elm Hospital", "Specialty": "IM", "Status": "interviewed"}

    def seconds(count):
        name, began = desk.sheet(*[row] * count), time.process_time()
        done = desk.type("import", name, "--dry-run")
        assert "merged into others" in done.out, done.err
        return time.process_time() - began

    seconds(10)
    few, many = seconds(2_000), seconds(16_000)
    assert many < 16 * few + 1, "eight times as many would take 64 times as long"
