"""From a file to records: encodings, separators, headers, and one issue for each bad cell."""

import pytest

from planner.errors import ConfigError, PlannerError
from planner.rules.facts import Signal, Status
from planner.sheets.listing import read_listing
from planner.sheets.reader import open_table
from tests.sheets.reading import ALL, listing, records, refused


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_found_by_content(separator, end):
    text = end.join(separator.join(r) for r in (["Program", "State"], ["Elm", "OH"], ["Oak", "PA"]))
    found = records(text)
    assert [r.values["program"] for r in found] == ["Elm", "Oak"]
    assert [r.line for r in found] == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_in_each_of_its_encodings(encoding):
    found = listing("Program,City\nKlinik,München\n".encode(encoding))
    assert next(iter(found.records)).values["city"] == "München"
    assert found.warnings == ()


def test_what_is_no_utf_8_is_read_as_windows_1252_and_that_is_said():
    found = listing("Program,Director\nElm,Ana Muñoz\n".encode("cp1252"))
    assert next(iter(found.records)).values["director_last_name"] == "Muñoz"
    assert [w.code for w in found.warnings] == ["encoding_assumed"]


def test_quoted_cells_may_hold_separators_and_line_breaks_and_lines_are_physical():
    found = records('Program,Notes\n"Elm, Ohio","one\ntwo"\nOak,x\n')
    assert found[0].values == {"program": "Elm, Ohio", "notes": "one\ntwo"}
    assert [r.line for r in found] == [2, 4]


def test_title_lines_blank_lines_and_repeated_headers_are_passed_over():
    text = "My list 2027,\n,\nProgram,State\nElm,OH\n,\nProgram,State\nOak,PA\n"
    assert [(r.line, r.values["program"]) for r in records(text)] == [(4, "Elm"), (7, "Oak")]


def test_headers_match_without_regard_to_case_spacing_and_invisible_marks():
    found = records("PROGRAM\u200b  name,pd_EMAIL\nElm,pd@x.example\n")[0]
    assert found.values == {"program": "Elm", "director_email": "pd@x.example"}


def test_a_column_that_nothing_matches_is_kept_and_a_guess_is_only_suggested():
    found = listing("Program,Statuss\nElm,applied\n")
    assert next(iter(found.records)).extra == {"Statuss": "applied"}
    assert [c.header for c in found.header.unknown] == ["Statuss"]
    assert "Did you mean status?" in found.warnings[0].message


def test_map_names_a_column_and_wins():
    found = records("Where,Program\nDayton,Elm\n", mapping={"where": "city"})[0]
    assert found.values["city"] == "Dayton"
    with pytest.raises(ConfigError, match="does not have"):
        records("Program\nElm\n", mapping={"Nowhere": "city"})


def test_two_columns_for_one_field_are_an_error_that_names_both():
    error = refused("Program,PD Email,Director E-mail\nElm,a@x.example,b@x.example\n")
    assert "PD Email" in error.message
    assert "Director E-mail" in error.message


def test_connections_are_joined_and_a_yes_becomes_the_columns_word():
    found = records("Program,Geo,Home,Ties,Away\nElm,yes,no,my aunt,x\n")[0]
    assert found.values["connection"] == "Geo; my aunt; Away"


@pytest.mark.parametrize(
    ("gold", "silver", "signal"),
    [("yes", "", "gold"), ("", "yes", "silver"), ("x", "x", "gold"), ("no", "yes", "silver")],
)
def test_a_yes_under_gold_or_silver_is_that_signal(gold, silver, signal):
    found = records(f"Program,Gold Signal,Silver Signal\nElm,{gold},{silver}\n")[0]
    assert found.values["signal"] == Signal(signal)


def test_a_location_is_split_and_anything_else_there_is_an_extra_with_a_warning():
    found = records('Program,Location\nElm,"Ann Arbor, MI"\nOak,OOS\n')
    assert (found[0].values["city"], found[0].values["state"]) == ("Ann Arbor", "MI")
    assert found[1].extra == {"Location": "OOS"}
    assert [w.code for w in found[1].warnings] == ["not_a_location"]


def test_a_program_code_is_an_nrmp_code_when_it_has_that_shape():
    found = records("Program,Program Code\nElm,1601140C0\n")[0]
    assert found.values["nrmp_code"] == "1601140C0"
    assert found.values["specialty"] == "Internal Medicine"
    mixed = records("Program,Program Code\nElm,1400521057\nOak,1400521058\nAsh,1601110C0\n")
    assert mixed[0].values["acgme_id"] == "1400521057"
    assert mixed[2].values["nrmp_code"] == "1601110C0"


def test_both_codes_may_stand_in_columns_of_their_own():
    found = records("Program,ACGME ID,Program Code\nElm,1400521057,1601140C0\n")[0]
    assert (found.values["acgme_id"], found.values["nrmp_code"]) == ("1400521057", "1601140C0")


def test_specialty_comes_from_its_column_then_the_code_then_the_option():
    text = (
        "Program,Specialty,ACGME ID\nA,EM,\nB,,1100521057\nC,,\nD,IM,1100521058\nE,Odd,1100521059\n"
    )
    found = records(text, specialty=ALL.named("Psych"))
    names = [r.values["specialty"] for r in found]
    em = "Emergency Medicine"
    assert names == [em, em, "Psychiatry", "Internal Medicine", em]
    assert found[3].warnings[0].code == "specialty_disagrees"
    assert found[4].warnings[0].code == "unknown_specialty"


def test_a_specialty_that_nobody_knows_is_an_error_with_a_guess():
    error = records("Program,Specialty\nElm,Internal Medecine\n")[0].errors[0]
    assert error.code == "bad_specialty"
    assert "Did you mean Internal Medicine" in error.message


def test_every_bad_cell_is_reported_with_line_column_value_and_what_was_expected():
    found = records("Program,PD Email,Interview Date\nElm,nowhere,2/30/2026\n")[0]
    assert [(e.line, e.column, e.value, e.code) for e in found.errors] == [
        (2, "PD Email", "nowhere", "bad_email"),
        (2, "Interview Date", "2/30/2026", "bad_date"),
    ]
    assert all("expected" in e.message for e in found.errors)


def test_a_cell_beyond_the_header_is_an_error_unless_it_is_empty():
    found = records("Program,State\nElm,OH,,\nOak,PA,lost\n")
    assert not found[0].errors
    assert found[1].errors[0].code == "too_many_cells"


def test_director_and_coordinator_with_one_address_keep_it_once():
    found = records("Program,PD Email,PC Email\nElm,a@x.example,A@x.example\n")[0]
    assert "coordinator_email" not in found.values


def test_first_and_last_name_columns_win_over_a_whole_name():
    found = records("Program,PD,PD Last Name\nElm,Ana Lee,Leigh\n")[0]
    assert found.values["director_last_name"] == "Leigh"
    assert found.values["director_first_name"] == "Ana"


def test_missing_words_give_nothing_but_a_fields_own_words_come_first():
    found = records("Program,PD,Signal,Geo,Location,Step 2 Policy\nElm,TBD,none,N/A,N/A,none\n")[0]
    assert found.values["signal"] == Signal.NONE
    assert found.values["step2_policy"] == "none"
    assert "director_last_name" not in found.values
    assert not found.warnings


@pytest.mark.parametrize(
    ("cell", "policy"),
    [
        ("yes", "required_to_rank"),
        ("x", "required_to_rank"),
        ("no", "none"),
        ("preferred", "mentioned"),
    ],
)
def test_a_yes_below_needed_to_rank_is_required_to_rank(cell, policy):
    (record,) = records(f"Program,Step 2 CK needed to rank\nElm,{cell}\n")
    assert record.values["step2_policy"] == policy
    assert not record.warnings


def test_a_do_not_email_column_closes_the_program():
    found = records("Program,Do not email,Status\nElm,yes,Waitlist\n")[0]
    assert found.values["contact_policy"] == "none"
    assert found.values["status"] == Status.WAITLISTED


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n", "empty_file"),
        (b",,\n,,\n", "empty_file"),
        (b"Program,State\n", "only_header"),
        (b"Color,Shape\nred,round\n", "no_known_column"),
        (b"PK\x03\x04...", "not_a_spreadsheet"),
        (b"\x00\x01\x02binary", "not_a_spreadsheet"),
        (b"\xd0\xcf\x11\xe0old", "not_a_spreadsheet"),
    ],
)
def test_what_is_no_list_has_an_error_of_its_own(data, code):
    assert refused(data).code == code


def test_a_file_that_is_not_there_is_said_so():
    with pytest.raises(PlannerError, match="No such file"):
        open_table("nowhere.csv")


def test_standard_input_is_a_file_too(monkeypatch):
    import io
    import sys

    stream = io.TextIOWrapper(io.BytesIO(b"Program\nElm\n"))
    monkeypatch.setattr(sys, "stdin", stream)
    found = read_listing(open_table("-"), specialties=ALL)
    assert (found.name, len(list(found.records))) == ("standard input", 1)


def test_a_quotation_mark_that_is_never_closed_is_explained():
    assert refused('Program,Notes\nElm,"' + "x" * 1_100_000).code == "bad_table"


@pytest.mark.parametrize(
    ("cell", "city", "state"),
    [
        ("Ann Arbor, MI", "Ann Arbor", "MI"),
        ("Washington, D.C.", "Washington", "DC"),
        ("Troy, NY 12180", "Troy", "NY"),
        ("Durham, north carolina", "Durham", "NC"),
        ("Dayton OH", "Dayton", "OH"),
        ("New York NY", "New York", "NY"),
        ("Chapel Hill North Carolina", "Chapel Hill", "NC"),
        ("Ann Arbor, Michigan, USA", "Ann Arbor", "MI"),
        ("New York, NY", "New York", "NY"),
    ],
)
def test_a_location_is_a_city_and_a_state(cell, city, state):
    found = records(f'Program,Location\nElm,"{cell}"\n')[0]
    assert (found.values["city"], found.values["state"]) == (city, state)


@pytest.mark.parametrize("cell", ["Ohio,OH", "Washington, WA", "West Virginia, WV"])
def test_a_state_before_its_own_letters_is_no_city(cell):
    found = records(f'Program,Location\nElm,"{cell}"\n')[0]
    assert "city" not in found.values
    assert found.values["state"] in {"OH", "WA", "WV"}


@pytest.mark.parametrize(
    ("columns", "cells", "city", "state"),
    [
        ("City", '"Dayton, OH"', "Dayton", "OH"),
        ("City,State", '"Dayton, OH",', "Dayton", "OH"),
        ("City,State", '"Dayton, OH",Ohio', "Dayton", "OH"),
        ("City,State", '"Dayton, OH",PA', "Dayton, OH", "PA"),
        ("City,State", "Dayton,Bavaria", "Dayton", "Bavaria"),
    ],
)
def test_a_city_may_bring_its_state(columns, cells, city, state):
    found = records(f"Program,{columns}\nElm,{cells}\n")[0]
    assert (found.values["city"], found.values["state"]) == (city, state)


@pytest.mark.parametrize("cell", ["Troy, Is this", "OOS", "Troy, ZZ"])
def test_what_is_no_place_is_no_location(cell):
    found = records(f'Program,Location\nElm,"{cell}"\n')[0]
    assert found.extra == {"Location": cell}


def test_a_location_that_another_column_contradicts_is_kept_as_an_extra():
    found = records('Program,Location,City,State\nElm,"Ann Arbor, MI",Detroit,MI\n')[0]
    assert found.values["city"] == "Detroit"
    assert found.extra == {"Location": "Ann Arbor, MI"}
    assert [w.code for w in found.warnings] == ["not_a_location"]


def test_a_line_break_within_an_id_or_an_address_is_seen():
    found = records(
        'Program,PD Email,ACGME ID\nElm,"a@x.example\nask b","1400521057\n1400521058"\n'
        'Oak,"a@x.example\n","1400521057\n"\n'
    )
    assert [e.code for e in found[0].errors] == ["bad_email", "bad_acgme_id"]
    assert found[1].values["acgme_id"] == "1400521057"
    assert found[1].values["director_email"] == "a@x.example"


def test_signal_columns_take_the_words_of_a_signal_too():
    found = records("Program,Gold Signal,Signal\nElm,silver,yes\n")[0]
    assert found.values["signal"] == "silver"


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"%PDF-1.7 ...", "a PDF file"), (b"\x89PNG\r\n", "a PNG file"), (b"\x1f\x8b\x08", "a gzip")],
)
def test_other_kinds_of_files_are_called_by_their_name(data, said):
    assert said in refused(data).message


def addresses_of(text):
    found = records(text)[0]
    codes = [w.code for w in found.warnings]
    return found.values.get("director_email"), found.values.get("coordinator_email"), codes


@pytest.mark.parametrize(
    ("header", "cell", "director", "coordinator"),
    [
        ("PD Email", "a@x.example; b@x.example", "a@x.example", "b@x.example"),
        ("PD Email", "pc: a@x.example / pd: b@x.example", "b@x.example", "a@x.example"),
        ("Email", "a@x.example, b@x.example", "a@x.example", "b@x.example"),
        ("Coordinator Email", "pd: a@x.example / pc: b@x.example", "a@x.example", "b@x.example"),
    ],
)
def test_of_two_addresses_the_first_is_written_to_and_the_second_gets_a_copy(
    header, cell, director, coordinator
):
    found = addresses_of(f'Program,{header}\nElm,"{cell}"\n')
    assert found == (director, coordinator, ["two_addresses"])


def test_a_second_address_is_left_out_where_the_coordinator_has_one():
    text = 'Program,PD Email,PC Email\nElm,"a@x.example; b@x.example",c@x.example\n'
    assert addresses_of(text) == ("a@x.example", "c@x.example", ["more_addresses"])
    text = 'Program,Coordinator Email\nElm,"a@x.example; b@x.example"\n'
    assert addresses_of(text) == (None, "a@x.example", ["more_addresses"])


@pytest.mark.parametrize("header", ["PD Email", "PC Email", "Email"])
def test_a_cell_that_says_where_an_address_would_be_is_no_error(header):
    found = records(f"Program,{header}\nElm,see website\n")[0]
    assert (found.errors, [w.code for w in found.warnings]) == ((), ["no_address"])
    assert found.extra == {f"{header} (as written)": "see website"}


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("Person to contact for more information about the program:", "coordinator_name"),
        ("Program Director (interim)", "director_last_name"),
        ("Residency Program Manager", "coordinator_name"),
        ("Associate Program Director", ""),
    ],
)
def test_roles_in_more_words_are_understood(role, name):
    found = records(f"Program,Role,Name\nElm,{role},Ann Lee\n")[0]
    assert ("coordinator_name" in found.values) == (name == "coordinator_name")
    assert ("director_last_name" in found.values) == (name == "director_last_name")


def test_an_endless_cell_of_an_unknown_column_is_cut_and_of_a_known_one_refused():
    found = records(f"Program,Raw\nElm,{'x' * 30_000}\n")[0]
    assert len(found.extra["Raw"]) == 1_001
    assert [w.code for w in found.warnings] == ["cut"]
    found = records(f"Program,City\nElm,{'x' * 30_000}\n")[0]
    assert [(e.column, e.code) for e in found.errors] == [("City", "too_long")]
    assert "30,000" in found.errors[0].message
