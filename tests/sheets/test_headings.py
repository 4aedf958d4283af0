"""What headers mean, as people write them, and when the cells decide."""

import pytest

from planner.errors import ConfigError, PlannerError
from planner.sheets import headings
from planner.sheets.columns import IGNORED, NUMBERS, letter_of, understand, wishes
from planner.sheets.headings import choose, meanings_of, target_of
from tests.sheets.reading import listing, records, refused


def meaning(header, *texts):
    found = choose(header, texts)
    return found and str(found.target)


@pytest.mark.parametrize(
    "header",
    ["Interview Status", "IV status", "Current Status", "App Status", "Program Status"]
    + ["Invite Status", "Decision", "Outcome", "Result", "My status", "Status (app)", "Response"],
)
def test_a_header_that_may_be_a_status_is_one_where_its_cells_are(header):
    assert meaning(header, "Rejected", "II 10/5", "") == "status"
    assert meaning(header, "ask my wife", "think it over", "Rejected") is None


@pytest.mark.parametrize("header", ["LOI Status", "Accreditation Status", "Visa status"])
def test_a_status_of_something_else_is_none_of_ours(header):
    assert target_of(header) is None


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Invited", "invited"),
        ("Interview invite received?", "invited"),
        ("II date", "invited"),
        ("Interviewed?", "interviewed"),
        ("Waitlisted (Y/N)", "waitlisted"),
        ("Rejected", "rejected"),
        ("Pre-interview rejection", "rejected"),
        ("Date rejected", "rejected"),
        ("Date of rejection", "rejected"),
        ("Did they reject me?", "rejected"),
        ("II rescinded", "rejected"),
        ("W/D", "withdrawn"),
        ("Pulled out on", "withdrawn"),
        ("Withdrew on", "withdrawn"),
        ("On hold", "on_hold"),
    ],
)
@pytest.mark.parametrize("mark", ["TRUE", "x", "✅", "10/20"])
def test_a_column_of_marks_under_a_stage_is_that_stage(header, target, mark):
    assert meaning(header, mark, "", "FALSE") == target
    assert meaning(header) == target
    assert meaning(header, "Rejected", "waitlisted") == "status"


@pytest.mark.parametrize(
    ("header", "texts", "target"),
    [
        ("Interview", ["11/3/2026", "Dec 4"], "interview_date"),
        ("Interview", ["yes", "no"], "invited"),
        ("Interview", ["Rejected", "invited 10/3"], "status"),
        ("PD contact", ["ann@elm.example"], "director_email"),
        ("PD contact", ["Ann Lee, MD"], "director"),
        ("Contact", ["office@elm.example"], "coordinator_email"),
        ("Contact", ["Cat Dee"], "coordinator_name"),
        ("ID", ["1400521057"], "acgme_id"),
        ("ID", ["7", "8"], None),
        ("ERAS/AAMC ID", ["1400521057.0"], "acgme_id"),
        ("ERAS", ["Yes", "Yes"], None),
        ("NRMP", ["1601140C0"], "nrmp_code"),
        ("NRMP", ["Yes", "No"], None),
        ("Step 2 CK", ["required", "preferred"], "step2_policy"),
        ("Step 2 CK", ["sent 10/7", "sent 10/9"], None),
        ("Applied", ["ERAS", "ResidencyCAS"], "application_service"),
    ],
)
def test_cells_decide_where_a_header_may_mean_several_things(header, texts, target):
    assert meaning(header, *texts) == target


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("program_director_last_name", "director_last_name"),
        ("ProgramDirectorFirstName", "director_first_name"),
        ("Program Director's E-Mail Address", "director_email"),
        ("Email (PD)", "director_email"),
        ("Residency Coordinator Email", "coordinator_email"),
        ("Name of coordinator", "coordinator_name"),
        ("contact_first_name", "contact_first"),
        ("Program email", "coordinator_email"),
        ("specialty_title", "specialty"),
        ("Hospital name", "institution"),
        ("Program City", "city"),
        ("Location (city, state)", "location"),
        ("Interview Date & Time", "interview_date"),
        ("Date emailed", "told_on"),
        ("Email sent?", "told_on"),
        ("Requires Step 2 CK?", "step2_policy"),
        ("Step 2 needed to rank", "needed_to_rank"),
        ("Need Step 2 to rank?", "needed_to_rank"),
        ("Step2CK required for rank list", "needed_to_rank"),
        ("Step 2 requirement", "step2_policy"),
        ("CK needed?", "step2_policy"),
        ("ACGME #", "acgme_id"),
        ("Program #", "nrmp_code"),
        ("ACGME Program Number", "acgme_id"),
        ("Signal level", "signal"),
        ("Rank list certified?", "rank_list_locked"),
        ("Reason for applying", "reason"),
        ("Admin email", "coordinator_email"),
        ("Home program", "tie"),
        ("Interview scheduled for", "interview_date"),
        ("IV booked", "interview_date"),
        ("speciality_name", "specialty"),
        ("Why here", "reason"),
        ("Signal tier", "signal"),
        ("DNC", "no_contact"),
    ],
)
def test_headers_as_people_name_them_are_known(header, target):
    assert target_of(header) == target


def test_several_columns_of_a_status_are_joined():
    (found,) = records("Program,App Status,Interview Status\nElm,Submitted,Waitlisted\n")
    assert found.values["status"] == "waitlisted"
    (found,) = records("Program,Status,Outcome\nElm,Interviewed,Rejected 12/1\n")
    assert found.values["status"] == "rejected"
    assert "two_statuses" in {w.code for w in found.warnings}


def test_two_columns_of_one_field_are_named_by_their_letters_too():
    error = refused("Program,Email,Email\nElm,a@x.example,b@x.example\n")
    assert '"Email" (B) and "Email" (C)' in error.message
    assert '--ignore "column 3"' in error.hint
    found = records("Program,Email,Email\nElm,a@x.example,b\n", mapping={"column 3": IGNORED})
    assert found[0].values["coordinator_email"] == "a@x.example"


def test_a_column_may_be_named_by_its_place():
    (found,) = records("Program,\nElm,Troy\n", mapping={"column 2": "city"})
    assert found.values["city"] == "Troy"


def test_a_column_without_a_header_is_listed_with_what_it_holds():
    found = listing("Program,,State\nElm,near the lake,OH\n")
    (warning,) = found.warnings
    assert (warning.column, warning.value) == ("column 2", "near the lake")
    assert next(iter(found.records)).extra == {"column 2": "near the lake"}


def test_row_numbers_of_a_data_frame_are_left_out():
    found = listing(",Program,State\n0,Elm,OH\n1,Oak,PA\n2,Ash,NY\n")
    assert found.columns[0].target == NUMBERS
    assert found.warnings == ()
    assert all(record.extra == {} for record in found.records)


def test_what_the_command_says_of_a_column_wins_over_its_header():
    wanted = wishes({"City": "state", "Column 2": "notes"})
    columns = understand(["City", "How"], [["Troy", "x"]], wanted, "list.csv")
    assert [(c.target, c.how) for c in columns] == [("state", "you"), ("notes_too", "you")]
    with pytest.raises(ConfigError, match="nowhere"):
        understand(["Where"], [], wishes({"Nowhere": "city"}), "list.csv")


def test_a_field_that_two_headers_claim_by_name_is_an_error():
    with pytest.raises(PlannerError, match="two columns for status"):
        records("Program,Status,Application Status\nElm,applied,invited\n")


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_have_letters(place, letter):
    assert letter_of(place) == letter


@pytest.mark.parametrize(
    "rows",
    [
        "Program,,Director,,Coordinator,\nName,City,Name,Email,Name,Email\n",
        "My list of 2027,,,,,\nProgram,,Director,,Coordinator,\nName,City,Name,Email,Name,Email\n",
        "General,,Program Director,,Residency Office,\nProgram,City,Name,Email,PC,PC Email\n",
        ",,PD,,PC,\nProgram,City,Name,Email,Name,Email\n",
    ],
)
def test_a_header_of_two_rows_is_joined(rows):
    found = listing(f"{rows}Elm,Dayton,Ana Lee,ana@elm.example,Cat Dee,cat@elm.example\n")
    (record,) = found.records
    assert record.values == {
        "program": "Elm",
        "city": "Dayton",
        "director_first_name": "Ana",
        "director_last_name": "Lee",
        "director_email": "ana@elm.example",
        "coordinator_name": "Cat Dee",
        "coordinator_email": "cat@elm.example",
    }
    assert (record.extra, found.warnings) == ({}, ())


def test_a_group_of_columns_names_its_parts():
    rows = "Program,City,Interview,,Signal\n,,Date,Status,\n"
    (record,) = records(f"{rows}Elm,Troy,11/3,Invited,gold\n")
    assert record.values["interview_date"] == "2026-11-03"
    assert (record.values["status"], record.values["signal"]) == ("invited", "gold")


@pytest.mark.parametrize(
    "text",
    [
        "Program,City\nHome,Troy\n",
        "Program,City,,\nElm,Troy,Name,Email\n",
    ],
)
def test_a_row_of_a_program_is_no_second_header(text):
    assert len(records(text)) == 1


def test_a_header_merged_over_both_rows_stands_there_once():
    text = (
        "Program,City,Director,,What I like\nProgram,City,Name,Email,What I like\n"
        "Elm,Troy,Ana Lee,ana@elm.example,their Peña clinic\n"
    )
    (found,) = records(text, mapping={"What I like": "reason"})
    assert found.values["reason"] == "their Peña clinic"
    assert found.values["director_email"] == "ana@elm.example"


def test_a_header_of_two_rows_may_hold_columns_that_are_not_known():
    rows = "Program,,,Status,,\nName,City,Specialty,Applied,Rejected?,Vibe\n"
    found = listing(f"{rows}Elm,Troy,IM,x,,good\nOak,Ada,IM,x,x,meh\n")
    assert [r.values["program"] for r in found.records] == ["Elm", "Oak"]
    assert [r.values["status"] for r in found.records] == ["applied", "rejected"]


@pytest.mark.parametrize(
    "row", ["Elm,Troy,IM,Applied,Interview", "Home,Away,IM,x,", "Elm,Geo,IM,11/3,Signal"]
)
def test_a_program_whose_cells_are_words_of_headers_stays_one(row):
    assert len(records(f"Program,City,Specialty,,\n{row}\n")) == 1


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Don't email", "no_contact"),
        ("No emails", "no_contact"),
        ("Please do not contact", "no_contact"),
        ("Emailed PD", "told_on"),
        ("Email sent to PD", "told_on"),
        ("Score update sent", "told_on"),
        ("Step 2 CK score sent?", "told_on"),
        ("Date emailed", "told_on"),
        ("Sent update?", "told_on"),
        ("Date of contact", "told_on"),
        ("Last contact date", "told_on"),
        ("Interview Day", "interview_date"),
        ("ST", "state"),
        ("Where", "location"),
        ("Signals", "signal"),
        ("Gold/Silver", "signal"),
        ("Status (as of 11/24)", "status"),
        ("Remarks", "notes"),
    ],
)
def test_sentences_and_short_names_that_head_a_column_are_known(header, target):
    assert target_of(header) == target


@pytest.mark.parametrize(
    "header",
    [
        "Thank you sent",
        "Letter sent",
        "Last updated",
        "LOI sent",
        "Updated",
        "Sent",
        "Transcript sent",
    ],
)
def test_other_things_that_were_sent_do_not_tell_the_score(header):
    assert target_of(header) != "told_on"


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("City (as of 11/24)", "city"),
        ("City[1]", "city"),
        ("(new) City", "city"),
        ("Ci(x)ty", None),
    ],
)
def test_a_remark_in_a_header_stands_apart_and_is_not_cut_out_of_a_word(header, meant):
    found = meanings_of(header)
    assert (found[0].target if found else None) == meant


GROUPS = "PROGRAM,,,PEOPLE,,STAGES,,,MINE\n"
PARTS = "#,Hospital / Program,ACGME,Program Director,Email,Applied,WL,Told them?,Warum?\n"
ROW = "{n},Saint-Élan Lakeside,1402600{n:03},Ana Núñez,nunez{n}@elan.example,✓,{wl},,the clinic\n"


def grouped(groups=GROUPS, **options):
    rows = "".join(ROW.format(n=n, wl="hold" if n == 2 else "✓") for n in (1, 2, 3))
    return listing(groups + PARTS + rows, specialty=None, **options)


def test_of_two_rows_a_header_that_says_enough_needs_no_group():
    columns = grouped().columns
    assert [c.header for c in columns] == [
        *("#", "Hospital / Program", "ACGME", "Program Director", "Email"),
        *("Applied", "WL", "Told them?", "Warum?"),
    ]
    assert [str(c.target) for c in columns] == [
        *(NUMBERS, "program", "acgme_id", "director", "director_email"),
        *("applied", "waitlisted", "told_on", "None"),
    ]


@pytest.mark.parametrize("office", ["Secretary", "Residency Office", "Front desk"])
def test_of_two_rows_a_name_below_an_unknown_group_is_not_the_programs(office):
    rows = f"Programme,,,Director,,{office},\nHospital,City,State,Name,Email,Name,Email\n"
    (found,) = records(f"{rows}Elm,Troy,NY,Ana Lee,ana@elm.example,Cat Dee,cat@elm.example\n")
    assert "program" not in found.values
    assert found.values["institution"] == "Elm"
    assert found.values["coordinator_email"] == "cat@elm.example"


def test_of_two_rows_the_first_name_without_a_known_group_is_the_programs():
    rows = "General,,Director,,Office,\nName,City,Name,Email,Name,Email\n"
    (found,) = records(f"{rows}Elm,Troy,Ana Lee,ana@elm.example,Cat Dee,cat@elm.example\n")
    assert (found.values["program"], found.values["director_last_name"]) == ("Elm", "Lee")


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Programme", "program"),
        ("Programme Name", "program"),
        ("PROGRAMME DIRECTOR", "director"),
        ("Programme Director's Email", "director_email"),
        ("Secretary", "coordinator_name"),
        ("Programme secretary e-mail", "coordinator_email"),
    ],
)
def test_headers_as_the_british_write_them_are_known(header, target):
    assert choose(header, ["Ana Lee"] if "mail" not in header.casefold() else []).target == target


def test_of_two_rows_the_lower_name_can_be_used_alone():
    found = grouped(mapping={"Email": "coordinator_email", "Warum?": "reason"})
    assert [c.target for c in found.columns if c.how == "you"] == ["coordinator_email", "reason"]


@pytest.mark.parametrize(
    "legend", ["Legend:,red = rejected,green = interview", "red: no,blue: yes"]
)
def test_a_legend_right_above_the_header_is_no_part_of_it(legend):
    found = listing(f"{legend}\nProgram,PC,Email,PD,Email\nElm,,c@elm.example,Ana Lee,\n")
    assert [c.header for c in found.columns][:3] == ["Program", "PC", "Email"]


def test_of_two_columns_for_codes_the_one_that_holds_them_is_taken():
    rows = "".join(f"{n},Elm {n},1402600{n:03}\n" for n in range(1, 5))
    found = listing(f"Program #,Program,ACGME\n{rows}")
    assert [c.target for c in found.columns] == [NUMBERS, "program", "acgme_id"]


def test_of_two_columns_for_one_field_the_emptier_is_offered_to_be_left_out():
    error = refused("Program,PD email,Director email\nElm,,a@elm.example\nOak,,b@oak.example\n")
    assert '--ignore "column 2"' in error.hint


def test_a_few_ticks_make_a_column_of_a_stage_though_words_stand_beside_them():
    found = records("Program,Specialty,WL\nElm,FM,✓\nOak,FM,hold\nAsh,FM,hold\nFir,FM,2\n")
    assert [r.values.get("status") for r in found] == [*("waitlisted", "on_hold")] + [
        *("on_hold", "waitlisted")
    ]


def test_no_other_name_of_a_column_hides_what_its_words_mean():
    """The words "Turned down" are a stage; as a name of the notes they would hold no letter."""
    for alias, target in headings.HEADERS.items():
        stage = headings._stage_of(headings.words_of(alias))
        assert stage in (None, target), alias
