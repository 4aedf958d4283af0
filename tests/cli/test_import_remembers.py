"""What an import remembers for the next one: columns, the programs of a file, its warnings."""

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.sheets.columns import BEFORE, CONFIG, YOU, wishes

HEAD = "Program,City,State,PD Email,IV status\n"
ELM = "Élm Valley Hospital–Dayton,Dayton,OH,pd@elm.example,Waitlisted\n"
OAK = "Oak Ridge Medical Center,Akron,OH,pd@oak.example,Interviewed\n"
AS_BEFORE = "as before: what you said"
MAP = ("--map", "IV status=status")


def take(desk, text, *options, name="tracker.csv"):
    (desk.folder / name).parent.mkdir(exist_ok=True)
    (desk.folder / name).write_text(text)
    return desk.type("import", name, "--specialty", "IM", *options)


def given_back(desk, text, *options, name="tracker.csv"):
    return json.loads(take(desk, text, *options, "--json", name=name).out)


def listed(desk):
    return desk.type("programs", "list", "--json").json["programs"]


def statuses(desk):
    return {program["program"]: program["status"] for program in listed(desk)}


# A header of which only a person knows what it means.
ODD = HEAD.replace("IV status", "How it stands")


def test_a_map_holds_for_the_next_import_and_a_rejection_is_understood(desk):
    take(desk, ODD + ELM, "--map", "How it stands=status")
    done = take(desk, ODD + ELM.replace("Waitlisted", "Rejected"))
    assert "as before" in done.out
    assert statuses(desk) == {"Élm Valley Hospital–Dayton": "rejected"}


def test_an_ignored_column_stays_ignored_in_a_file_of_another_name(desk):
    take(desk, HEAD + ELM, "--ignore", "PD Email")
    done = take(desk, HEAD + OAK, name="other.csv")
    assert "(left out)" in done.out
    assert [program["director_email"] for program in listed(desk)] == ["", ""]


@pytest.mark.parametrize("options", [("--try",), ()])
def test_what_was_not_written_is_not_remembered(desk, options):
    bad = "" if options else "Ash,Troy,OH,nowhere,Rejected\n"
    take(desk, HEAD + ELM + bad, "--map", "IV status=notes", *options)
    assert "as before" not in take(desk, HEAD + ELM).out


def test_a_new_word_wins_over_the_old_one_and_is_remembered_instead(desk):
    take(desk, HEAD + ELM, "--map", "IV status=notes")
    take(desk, HEAD + ELM, *MAP)
    assert "as before" in take(desk, HEAD + ELM.replace("Waitlisted", "Rejected")).out
    assert set(statuses(desk).values()) == {"rejected"}


@pytest.mark.parametrize("place", ["column 5", "column E"])
def test_a_column_named_by_its_place_is_remembered_by_its_header(desk, place):
    take(desk, HEAD + ELM, "--map", f"{place}=notes")
    moved = "Vibe," + HEAD + "calm," + ELM
    told = [line.split() for line in take(desk, moved).out.splitlines()]
    assert ["IV", "status", "notes", "as", "before", "Waitlisted"] in told


NAMELESS = HEAD.strip() + ",\n" + ELM.strip() + ",told me to wait\n" + OAK.strip() + ",{}\n"


def test_a_column_without_a_header_is_known_again_by_its_place_and_first_cell(desk):
    alarm = NAMELESS.format("rejected my friend")
    assert take(desk, alarm).code != 0
    assert take(desk, alarm, "--ignore", "column 6").code == 0
    again = take(desk, alarm + "Fir,Erie,OH,f@fir.example,applied,no mail please\n")
    assert again.code == 0
    assert "column 6   (left out)      as before" in again.out
    asked = take(desk, alarm.replace("told me to wait", "rejected, says Åsa"))
    assert asked.code != 0
    assert "unknown_column_matters" in asked.out
    assert "column 6: told me to wait (ignored)" in desk.type("import", "--forget-map").out


def test_a_column_without_a_header_is_known_again_in_the_rejects_of_its_file(desk):
    text = NAMELESS.format("rejected my friend").replace("pd@oak.example", "nowhere")
    options = ("--on-error", "skip", "--rejects", "bad.csv")
    take(desk, text, "--ignore", "column 6", *options)
    fixed = (desk.folder / "bad.csv").read_text("utf-8-sig").replace("nowhere", "pd@oak.example")
    assert take(desk, fixed, name="fixed.csv").code == 0


def test_one_of_two_columns_with_one_header_is_remembered_by_its_place(desk):
    text = HEAD.strip() + ",IV status\n" + ELM.strip() + ",Ünsure\n"
    take(desk, text, "--ignore", "column 6")
    again = take(desk, text)
    assert again.code == 0
    assert statuses(desk) == {"Élm Valley Hospital–Dayton": "waitlisted"}
    assert "Nothing new" in again.out


def without(desk, text, *options, name="tracker.csv"):
    """Import a list without saying a specialty."""
    (desk.folder / name).write_text(text)
    return desk.type("import", name, *options)


def specialties(desk):
    return {(p["program"], p["specialty"]) for p in listed(desk)}


def test_the_specialty_of_a_file_is_remembered_by_its_name_and_shown(desk):
    without(desk, HEAD + ELM, "--specialty", "Psychiatry")
    again = without(desk, HEAD + ELM + OAK)
    assert again.code == 0
    said = "Rows without a specialty count as Psychiatry, as before"
    assert said in " ".join(again.out.split())
    assert {specialty for _, specialty in specialties(desk)} == {"Psychiatry"}
    assert said not in " ".join(without(desk, HEAD + ELM, "--specialty", "Psychiatry").out.split())
    assert "1 file: tracker.csv (Psychiatry)" in desk.type("import", "--forget-map").out
    assert without(desk, HEAD + "Fir,Erie,OH,f@fir.example,applied\n").code != 0


def test_the_rejects_of_a_file_get_its_remembered_specialty(desk):
    without(desk, HEAD + ELM, "--specialty", "Psychiatry")
    bad = HEAD + ELM + OAK.replace("pd@oak", "nowhere")
    done = without(desk, bad, "--on-error", "skip", "--rejects", "bad.csv")
    assert "planner import bad.csv --specialty Psychiatry" in done.out


def test_rows_of_known_programs_keep_their_specialty_in_any_file(desk):
    without(desk, HEAD + ELM, "--specialty", "FM")
    without(desk, HEAD + OAK, "--specialty", "IM", name="im.csv")
    moved = HEAD + ELM.replace("Waitlisted", "Rejected") + OAK
    done = without(desk, moved, name="other.csv")
    assert done.code == 0
    assert specialties(desk) == {
        ("Élm Valley Hospital–Dayton", "Family Medicine"),
        ("Oak Ridge Medical Center", "Internal Medicine"),
    }
    assert statuses(desk)["Élm Valley Hospital–Dayton"] == "rejected"


def test_a_specialty_that_was_set_by_hand_makes_no_twin_of_its_row(desk):
    take(desk, HEAD + ELM)
    desk.good("programs", "set", "1", "specialty=Family Medicine")
    done = take(desk, HEAD + ELM)
    assert "Nothing new" in done.out
    assert specialties(desk) == {("Élm Valley Hospital–Dayton", "Family Medicine")}


@pytest.mark.parametrize("other", ["Dayton,KY,pd@elm.example", "Dayton,OH,im@elm.example"])
def test_another_state_or_director_under_one_name_is_another_program(desk, other):
    without(desk, HEAD + ELM, "--specialty", "FM")
    row = ELM.replace("Dayton,OH,pd@elm.example", other)
    without(desk, HEAD + row, "--specialty", "IM", name="im.csv")
    assert {specialty for _, specialty in specialties(desk)} == {
        "Family Medicine",
        "Internal Medicine",
    }


def test_a_name_that_two_known_programs_have_is_asked_about(desk):
    without(desk, HEAD + ELM, "--specialty", "FM")
    other = ELM.replace("pd@elm.example", "im@elm.example")
    without(desk, HEAD + other, "--specialty", "IM", name="im.csv")
    bare = HEAD + ELM.replace("pd@elm.example", "")
    assert "[no_specialty]" in without(desk, bare, name="other.csv").out


def test_notes_that_were_called_notes_once_are_not_asked_about_again(desk):
    text = HEAD.replace("IV status", "Remarks") + ELM.replace(
        "Waitlisted", "they rejected my friend"
    )
    asked = take(desk, text)
    assert asked.code != 0
    assert "unknown_column_matters" in asked.out
    assert take(desk, text, "--map", "Remarks=notes").code == 0
    assert take(desk, text).code == 0


def test_a_file_that_is_not_there_leaves_no_database(desk):
    assert desk.type("import", "nowhere.csv").code != 0
    assert not list(desk.folder.glob("*.sqlite3"))


def test_forget_map_with_a_file_starts_afresh_and_without_one_only_forgets(desk):
    take(desk, HEAD + ELM, "--map", "IV status=notes")
    assert AS_BEFORE not in take(desk, HEAD + ELM, "--forget-map").out
    take(desk, HEAD + ELM, "--map", "IV status=notes")
    assert "ivstatus (notes)" in desk.type("import", "--forget-map").out
    assert AS_BEFORE not in take(desk, HEAD + ELM).out
    assert "about 1 file: tracker.csv (Internal" in desk.type("import", "--forget-map").out
    assert "Nothing was remembered" in desk.type("import", "--forget-map").out


def test_an_import_without_a_file_is_an_error_of_usage(desk):
    done = desk.type("import")
    assert done.code == 2
    assert "FILE" in done.err


def test_two_columns_for_one_field_stop_and_say_that_one_was_remembered(desk):
    take(desk, HEAD + ELM, "--map", "PD Email=coordinator_email")
    done = take(desk, HEAD.replace("IV status", "Coordinator Email") + ELM)
    assert done.code != 0
    assert "two columns for coordinator_email" in done.err
    assert "--forget-map" in done.err


def test_a_row_that_is_gone_is_listed_with_what_to_type(desk):
    take(desk, HEAD + ELM + OAK)
    done = take(desk, HEAD + ELM)
    said = " ".join(done.out.split())
    assert "1 of yours is no longer in this file, and stays: #2 Oak Ridge" in said
    assert "planner programs remove 2" in said
    assert given_back(desk, HEAD + ELM)["absent"] == [
        {
            "file": "tracker.csv",
            "id": 2,
            "program": "Oak Ridge Medical Center",
            "status": "interviewed",
        }
    ]


@pytest.mark.parametrize(
    "settled", [("programs", "remove", "2"), ("programs", "set", "2", "status=withdrawn")]
)
def test_a_program_that_was_settled_is_listed_no_more(desk, settled):
    take(desk, HEAD + ELM + OAK)
    desk.type(*settled)
    assert given_back(desk, HEAD + ELM)["absent"] == []


def test_a_file_of_another_name_does_not_make_programs_absent_but_another_folder_does(desk):
    take(desk, HEAD + ELM + OAK)
    assert given_back(desk, HEAD + ELM, name="surgery.csv")["absent"] == []
    assert len(given_back(desk, HEAD + ELM, name="later/tracker.csv")["absent"]) == 1


def test_a_program_whose_row_is_bad_is_not_called_absent(desk):
    take(desk, HEAD + ELM + OAK)
    bad = OAK.replace("pd@oak.example", "nowhere")
    assert given_back(desk, HEAD + ELM + bad, "--on-error", "skip")["absent"] == []
    assert len(given_back(desk, HEAD + ELM)["absent"]) == 1


def test_rows_that_only_lost_what_was_said_of_their_columns_are_not_called_absent(desk):
    text = 'Program,Gebiet,Gegend,PD Email\nÉlm–Dayton,Psychiatry,"Dayton, OH",pd@elm.example\n'
    assert take(desk, text, "--map", "Gebiet=specialty", "--map", "Gegend=location").code == 0
    done = given_back(desk, text, "--forget-map")
    assert (done["new"], done["absent"]) == (1, [])
    assert "other_specialty" in {w["code"] for w in done["warnings"]}


def test_a_box_that_is_not_ticked_says_nothing_against_what_was_set_by_hand(desk):
    text = HEAD.replace("IV status", "Gold signal") + ELM.replace("Waitlisted", "FALSE")
    assert take(desk, text).code == 0
    desk.good("programs", "set", "1", "signal=gold")
    assert "kept_yours" not in {w["code"] for w in given_back(desk, text)["warnings"]}
    assert listed(desk)[0]["signal"] == "gold"


@pytest.mark.long
def test_programs_that_are_gone_are_not_read_whole(desk):
    notes = "liked the café and the walk along the river; " * 60
    rows = [f"Höchst Hospital {n},Troy,OH,,Applied,{notes}\n" for n in range(3_000)]
    head = HEAD.replace("\n", ",Notes\n")
    take(desk, head + "".join(rows))
    tracemalloc.start()
    done = take(desk, head + rows[0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "2999 of yours are no longer in this file" in " ".join(done.out.split())
    assert peak < sum(map(len, rows)) / 2


def test_two_lists_of_one_name_in_one_import_are_one(desk):
    take(desk, HEAD + OAK, name="more/tracker.csv")
    take(desk, HEAD + ELM)
    paths = ("tracker.csv", "more/tracker.csv")
    found = json.loads(desk.type("import", *paths, "--specialty", "IM", "--json").out)
    assert found["absent"] == []


WARNED = HEAD + ELM.replace("pd@elm.example", "a@elm.example; b@elm.example")


def test_warnings_of_last_time_are_folded_and_all_shows_them(desk):
    first = take(desk, WARNED)
    again = take(desk, "\n\n" + WARNED)  # the row has moved, the warning is the same
    assert "two_addresses" in first.out
    assert "two_addresses" not in again.out
    assert "as last time; --all shows" in again.out
    assert "two_addresses" in take(desk, WARNED, "--all").out


def test_a_new_warning_is_shown_beside_folded_ones(desk):
    take(desk, WARNED)
    more = "Oak,Akron,OH,c@oak.example; d@oak.example,Interviewed\n"
    done = take(desk, WARNED + more)
    assert "c@oak.example" in done.out
    assert "as last time" in done.out
    found = given_back(desk, WARNED + more)["warnings"]
    assert {warning["seen"] for warning in found} == {True}


def test_errors_are_never_folded(desk):
    bad = HEAD + ELM.replace("pd@elm.example", "nowhere")
    take(desk, HEAD + ELM)
    assert "bad_email" in take(desk, bad, "--on-error", "skip").out
    assert "bad_email" in take(desk, bad, "--on-error", "skip").out


def test_the_config_names_columns_of_any_file_and_a_word_said_now_wins(desk):
    config = desk.folder / "config.toml"
    config.write_text(
        config.read_text() + '\n[import]\nmap = { "IV status" = "notes", "Elsewhere" = "city" }\n'
        'ignore = ["My notes"]\n'
    )
    assert "config" in take(desk, HEAD + ELM).out
    assert set(statuses(desk).values()) == {"applied"}
    take(desk, HEAD + ELM, *MAP)
    assert set(statuses(desk).values()) == {"waitlisted"}


def test_the_config_refuses_a_field_that_there_is_not(desk):
    config = desk.folder / "config.toml"
    config.write_text(config.read_text() + '\n[import]\nmap = { "IV status" = "stats" }\n')
    done = take(desk, HEAD + ELM)
    assert done.code == 2
    assert '"stats" is not a field' in " ".join(done.err.split())


HEADERS = st.sampled_from(["IV status", "City", "Ort – où?", "column", "My notes"])
TARGETS = st.sampled_from(["status", "notes", "ignored", "city"])


@given(*(st.dictionaries(HEADERS, TARGETS) for _ in range(3)), HEADERS)
def test_the_last_word_always_wins(said, config, before, header):
    found = wishes(said, config, before).of(header, 40)
    expected = [
        (given[header], who)
        for given, who in ((said, YOU), (config, CONFIG), (before, BEFORE))
        if header in given
    ]
    assert found == (expected[0] if expected else None)


def test_a_remark_in_a_name_that_stays_there_changes_nothing_on_its_way_back(desk):
    text = "Program Name,City,PD Email\nÉlm Hospital (R),Dayton,pd@elm.example\n"
    assert take(desk, text).code == 0
    desk.good("programs", "export", "out.csv")
    done = json.loads(desk.type("import", "out.csv", "--json").out)
    assert (done["new"], done["changed"]) == (0, 0)
