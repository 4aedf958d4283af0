"""`planner import`: what it writes, what it refuses, what it says."""

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


def test_bad_rows_may_be_skipped_and_come_back_mended(desk):
    rows = [{"Program": "Elm"}, {"Program": "Oak", "PD Email": "x"}]
    options = ["--on-error", "skip", "--rejects", "bad.csv"]
    done = imported(desk, *rows, options=options, code=1)
    assert counts(done) == (2, 1, 0, 0, 0, 1)
    text = (desk.folder / "bad.csv").read_text()
    assert "error" in text.splitlines()[0]
    (desk.folder / "bad.csv").write_text(text.replace(",x,", ",pd@oak.example,"))
    again = desk.type("import", "bad.csv", "--specialty", "IM", "--json")
    assert (again.code, again.json["new"]) == (0, 1)


def test_a_dry_run_reports_the_same_and_writes_nothing(desk):
    rows = [{"Program": "Elm"}, {"Program": "Oak"}]
    dry = imported(desk, *rows, options=["--dry-run"])
    assert programs(desk) == []
    assert counts(dry) == counts(imported(desk, *rows))


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
    assert "Approvals void, because their facts changed: letter 1" in done.out
    assert desk.states() == ["draft", "approved"]


def test_notes_and_facts_that_the_letter_did_not_use_void_nothing(desk):
    desk.approved(1)
    desk.good("programs", "set", "Elm 1", "notes=called them", "reason=their clinic", "signal=gold")
    assert desk.states() == ["approved"]


def test_the_report_groups_issues_and_fits_eighty_columns(desk):
    rows = [
        {"Program": f"Elm {n}", "Specialty": "IM", "PD Email": "nowhere at all"} for n in range(30)
    ]
    desk.sheet(*rows)
    done = desk.type("import", "list.csv")
    assert done.code == 1
    assert "bad_email (30):" in done.out
    assert "and lines 7, 8, 9" in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    assert "--on-error skip --rejects bad.csv" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.csv"], "No such file"),
        (["list.csv", "--specialty", "wizardry"], "not known"),
        (["list.csv", "--map", "x"], "no COLUMN=FIELD"),
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


def test_required_is_explained_once(desk):
    rows = [{"Program": f"Elm {n}", "Step 2 Policy": "required"} for n in range(5)]
    done = imported(desk, *rows, header=["Program", "Step 2 Policy"])
    assert [w["code"] for w in done.json["warnings"]] == ["required_to_apply"]
