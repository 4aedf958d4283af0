"""Rows that are not programs, and titles that apply to the rows below them."""

import pytest

from tests.sheets.reading import ALL, listing, records

HEADER = "Program,Specialty,City,PD,PD Email,Status\n"
ELM = "Elm,IM,Dayton,Ana Lee,pd@elm.example,applied\n"
OAK = "Oak,IM,Troy,Bo Berg,pd@oak.example,invited\n"


def read(text, **options):
    """(programs, remarks by code, doubts by code) of a list."""
    found = listing(text, **options)
    programs = [r.values.get("program") for r in found.records]
    return programs, {i.code: i for i in found.remarks}, {i.code: i for i in found.doubts}


@pytest.mark.parametrize(
    "row",
    [
        "INTERNAL MEDICINE,,,,,",
        "Total: 39,,,,,",
        "TOTAL,,,,,39",
        "TOTAL: 39 programs,,,,,",
        "Grand total,,39,,,12",
        "Tier 1 (reach),,,,,",
        "SAFETY,,,,,",
        "Dream programs,,,,,",
        "West Coast,,,,,",
        "Legend: green = interview,,,,,",
        "green = interview,,,,,",
        "Last updated 11/3/2026,,,,,",
        "---,---,---,---,---,---",
        ":--,:--,--:,---,---,---",
        "=====,,,,,",
        ",,,,,applied",
        ",,,,,FALSE",
        ",IM,,,,applied",
        "_____,,,,,",
    ],
)
def test_a_row_that_is_no_program_is_passed_over_and_counted(row):
    programs, remarks, doubts = read(f"{HEADER}{ELM}{row}\n{OAK}", specialty=ALL.named("IM"))
    assert programs == ["Elm", "Oak"]
    assert not doubts
    passed = remarks["passed_over"]
    assert passed.line == 3
    assert "1 row is not a program" in passed.message


def test_rows_of_boxes_and_defaults_filled_down_are_counted_once():
    rows = "".join(f",,,,,applied,FALSE,{n},46354\n" for n in range(3, 900))
    header = "Program,Specialty,City,PD,PD Email,Status,Rejected,#,Serial\n"
    programs, remarks, _ = read(f"{header}Elm,IM,Dayton,Ana Lee,pd@elm.example,,,1,46354\n{rows}")
    assert programs == ["Elm"]
    assert "897 rows are not programs" in remarks["passed_over"].message
    assert 'line 3 "applied, FALSE, 3, 46354"' in remarks["passed_over"].message


def test_a_title_over_boxes_is_a_title():
    header = "Program,City,PD,PD Email,Applied,Rejected,#\n"
    full = "Elm,Dayton,Ana Lee,pd@elm.example,TRUE,FALSE,1\n"
    programs, remarks, _ = read(header + full + "West Coast,,,,FALSE,FALSE,46354\n" + full)
    assert programs == ["Elm", "Elm"]
    assert remarks["passed_over"].line == 3


@pytest.mark.parametrize(
    "text",
    [
        "Program\nElm\nOak\n",
        "Program,City\nElm,\nOak,Troy\n",
        "Program,City,Notes\nElm,Troy,\nOak,,\n",
        "Program,City\nSafety Harbor Hospital,\nTarget Medical Center,\n",
        "Program,City,PD,PD Email\nElm,Troy,Ana Lee,a@x.example\n,,,b@x.example\n",
        "Program Code,Date,Program Name,Location\n1601140C0,9/27/2023,Elm,OOS\n,9/27/2023,Oak,\n",
    ],
)
def test_a_short_row_of_a_short_list_is_a_program(text):
    assert len(records(text, specialty=ALL.named("IM"))) == 2


@pytest.mark.parametrize(
    "row",
    [
        "Program,Specialty,City,PD,PD Email,Status",
        "PROGRAM,SPECIALTY,CITY,PD,PD EMAIL,STATUS",
        "Program,Specialty,City",
        "Program Name,Speciality,Town,Program Director,PD E-mail,Stage",
        "Program,,,,,",
        "\ufeffProgram,Specialty,City,PD,PD Email,Status",
    ],
)
def test_the_header_over_again_is_passed_over_in_any_wording(row):
    assert read(f"{HEADER}{ELM}{row}\n{OAK}") == (["Elm", "Oak"], {}, {})


def test_another_table_below_is_said_and_not_read():
    below = "Name,State,Coordinator,PC Email,,\nAsh,OH,Cat Dee,pc@ash.example,,\n"
    programs, _, doubts = read(f"{HEADER}{ELM}\n{below}")
    assert programs == ["Elm"]
    assert doubts["second_table"].line == 4
    assert "a second table with other columns begins here" in doubts["second_table"].message


@pytest.mark.parametrize("row", ["State,Count", "Name,Date,Time", "City,Total,"])
def test_another_table_is_known_by_what_heads_its_columns(row):
    programs, _, doubts = read(f"{HEADER}{ELM}\n{row}\nOH,1,2\n")
    assert (programs, doubts["second_table"].line) == (["Elm"], 4)


def test_rows_with_a_name_and_nothing_else_are_listed_where_others_have_more():
    names = "Oak Hill,,,\nAsh-Grove Peña,,,\nFir,,,\nYew,,,\n"
    programs, remarks, _ = read(
        f"Program,City,PD,PD Email\nElm,Troy,Ana Lee,a@x.example\n{names}",
        specialty=ALL.named("IM"),
    )
    assert len(programs) == 5
    assert remarks["only_name"].line == 3
    assert "4 rows hold only a name" in remarks["only_name"].message
    assert "only_name" not in read("Program\nElm\nOak\n", specialty=ALL.named("IM"))[1]


def test_a_legend_beside_the_list_is_no_program():
    header = "Program,Specialty,City,PD,PD Email,Status,,Legend,Count\n"
    rows = (
        "Elm,IM,Dayton,Ana Lee,a@x.example,applied,,Rejected,\n,,,,,,,Invited,3\n,,,,,,,Status,5\n"
    )
    programs, remarks, _ = read(header + rows, mapping={"Legend": "ignored"})
    assert programs == ["Elm"]
    assert "2 rows are not programs" in remarks["passed_over"].message


def statuses(text, **options):
    return [r.values.get("status") for r in records(text, **options)]


def test_a_title_that_is_a_status_holds_for_the_rows_below_it():
    header = "Program,Specialty,City,PD Email\n"
    rows = [
        "Elm,IM,Dayton,a@x.example",
        "REJECTED (2),,,",
        "Oak,IM,Troy,b@x.example",
        ",,,",
        "Ash,IM,Akron,c@x.example",
        "Interviews:,,,",
        "Fir,IM,Erie,d@x.example",
        "Texas,,,",
        "Yew,IM,Dallas,e@x.example",
    ]
    text = header + "\n".join(rows)
    assert statuses(text) == [None, "rejected", "rejected", "invited", None]
    _, remarks, _ = read(text)
    assert "count as" in remarks["section"].message


def test_a_status_of_its_own_is_joined_with_that_of_the_title():
    text = f"{HEADER}{ELM}Rejected,,,,,\n{OAK}"
    assert statuses(text) == ["applied", "rejected"]


def test_a_title_that_is_a_specialty_holds_for_rows_without_one():
    text = (
        "Program,City,PD,PD Email\nFAMILY MEDICINE,,,\nElm,Troy,Ana Lee,a@x.example\n"
        "Emergency Medicine,,,\nOak,Erie,Bo Berg,b@x.example\n"
    )
    found = records(text, specialty=ALL.named("IM"))
    assert [r.values["specialty"] for r in found] == ["Family Medicine", "Emergency Medicine"]


def test_each_row_that_is_no_program_is_named_up_to_eight():
    titles = "".join(f"Region {n},,,,,\n{ELM}{OAK}" for n in range(9))
    _, remarks, _ = read(f"{HEADER}{titles}TOTAL,,,,,39\n")
    message = remarks["passed_over"].message
    assert message.startswith("10 rows are not programs and were skipped: line 2")
    assert 'line 23 "Region 7" ... and 2 more' in message
    _, remarks, _ = read(f"{HEADER}{ELM * 6}Texas,,,,,\nOhio,,,,,\nIowa,,,,,\nTOTAL,,,,,39\n")
    assert '; line 11 "TOTAL"' in remarks["passed_over"].message


def test_a_title_counts_in_whatever_column_it_stands():
    header = "#,Program,City,PD,PD Email\n"
    rows = (
        "Rejected,,,,\n1,Elm,Troy,Ana Lee,pd@elm.example\nInterviews done,,,,\n2,Oak,Ada,Bo Berg,\n"
    )
    found = [r.values["status"] for r in records(f"{header}{rows}", specialty=ALL.named("IM"))]
    assert found == ["rejected", "interviewed"]


@pytest.mark.parametrize(
    "title",
    ["FM (backup)", "FM – Northeast", "FAMILY MEDICINE: reach", "FM / rural", "FM - my home"],
)
def test_a_title_with_a_remark_behind_its_specialty_holds_too(title):
    text = f"Program,City,PD,PD Email\n{title},,,\nElm,Troy,Ana Lee,a@x.example\n"
    found = records(text, specialty=ALL.named("IM"))
    assert [r.values["specialty"] for r in found] == ["Family Medicine"]
