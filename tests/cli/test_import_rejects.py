"""A row in a file of rejects stands alone: what its list says around it comes along."""

import csv
import shlex

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

HEADER = ("Program", "Specialty", "City", "PD", "PD Email", "Status", "Interview Date", "Notes")
RED, GREEN = "FFFF9999", "FF99FF99"
SKIP = ("--on-error", "skip", "--rejects", "bad.csv")
BAD, FIXED = "2/30", "10/3"  # under Interview Date; a day before the tests' one


def row(name, **cells):
    """A row with a bad date, whose program has a director and an address."""
    said = {"Specialty": "IM", "City": "Æro", "PD": f"Ana {name}", "Interview Date": BAD, **cells}
    said |= {"Program": name, "PD Email": f"pd@{name.lower()}.example"}
    return [said.get(column) for column in HEADER]


def book(desk, *rows, fills=None, struck=(), comments=None, header=HEADER, merged=()):
    made = Workbook()
    page = made.active
    for texts in (header, *rows):
        page.append(texts)
    for number, color in (fills or {}).items():
        for cell in page[number]:
            cell.fill = PatternFill("solid", fgColor=color)
    for ref in struck:
        page[ref].font = Font(strike=True)
    for ref, text in (comments or {}).items():
        page[ref].comment = Comment(text, "me")
    for cells in merged:
        page.merge_cells(cells)
    made.save(desk.folder / "list.xlsx")


def printed(done):
    """The import that a report says to type for the fixed rows."""
    line = next(x for x in done.out.splitlines() if "-> planner import bad.csv" in x)
    return shlex.split(line.partition("-> planner ")[2])


def left_out(desk, *words, name="list.xlsx"):
    done = desk.type("import", name, *words, *SKIP)
    assert done.code == 1
    return done


def fix(desk, old=BAD, new=FIXED):
    path = desk.folder / "bad.csv"
    path.write_text(path.read_text("utf-8-sig").replace(old, new), "utf-8")


def rejects(desk):
    with (desk.folder / "bad.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def held(desk):
    """Which programs a decision of the plan is held for, by what."""
    plan = desk.good("plan", "--json").json["programs"]
    return {p["program"]: p["held_by"] for p in plan if p["held_by"]}


@pytest.mark.parametrize(
    "look",
    [
        {"fills": {2: RED, 4: RED}},  # as the rejected rows are
        {"fills": {2: RED}, "legend": "red = rejected"},
        {"struck": ["A2"]},
        {"comments": {"A2": "They rejected me on 10/12"}},
        {"comments": {"D2": "already emailed her my score"}},
    ],
    ids=["a color of rejected rows", "a legend", "struck through", "a comment", "told"],
)
def test_a_row_that_is_fixed_is_held_by_its_look_and_its_comments(desk, look):
    look = dict(look)
    legend = look.pop("legend", None)
    rows = [row("Elm"), row("Oak"), row("Ash", Status="rejected", **{"Interview Date": None})]
    book(desk, *rows, *([[legend]] if legend else []), **look)
    done = left_out(desk)
    fix(desk)
    desk.good(*printed(done))
    assert list(held(desk)) == ["Elm"]


def test_a_row_without_a_look_or_a_comment_gets_no_column_for_it(desk):
    book(desk, row("Elm"), row("Oak"), fills={2: GREEN}, comments={"A4": "rejected me"})
    left_out(desk)
    assert list(rejects(desk)[0]) == [*HEADER, "error"]


def test_a_look_beside_a_remark_of_the_cell_keeps_both_as_the_list_itself_would(desk):
    book(desk, row("Elm", Status="Interviewed 10/3, lovely"), struck=["F2"])
    done = left_out(desk)
    fix(desk)
    desk.good(*printed(done))
    extra = desk.good("programs", "show", "Elm", "--json").json["extra"]
    assert extra == {"Status (as written)": "Interviewed 10/3, lovely (struck through)"}
    book(desk, row("Elm", Status="Interviewed 10/3, lovely", **{"Interview Date": FIXED}))
    desk.good("import", "list.xlsx")  # it is struck no more
    extra = desk.good("programs", "show", "Elm", "--json").json["extra"]
    assert extra == {"Status (as written)": "Interviewed 10/3, lovely"}


@pytest.mark.parametrize(
    ("title", "field", "value"),
    [
        ("FAMILY MEDICINE", "specialty", "Family Medicine"),
        ("Prelim Surgery", "track", "preliminary"),
        ("REJECTED", "status", "rejected"),
        ("Waitlisted (2)", "status", "waitlisted"),
    ],
)
def test_what_a_title_says_stands_in_the_row(desk, title, field, value):
    head = [name for name in HEADER if name not in {"Specialty", "Status"}]
    rows = [
        [dict(zip(HEADER, row(name), strict=True))[column] for column in head]
        for name in ("Elm", "Oak", "Fir")
    ]
    book(desk, [title], *rows, header=head)
    done = left_out(desk, "--specialty", "IM")
    fix(desk)
    desk.good(*printed(done))
    programs = desk.good("programs", "list", "--json").json["programs"]
    assert {p[field] for p in programs} == {value}


def test_a_title_against_a_letter_is_kept_beside_a_status_of_the_row(desk):
    book(desk, ["REJECTED"], row("Elm", Status="interviewd"), row("Oak", Status="wl"))
    done = left_out(desk)
    fix(desk)
    fix(desk, "interviewd", "interviewed")
    desk.good(*printed(done))
    assert {"Elm", "Oak"} <= held(desk).keys()


def test_a_cell_of_its_own_wins_over_a_title(desk):
    book(desk, ["FAMILY MEDICINE"], row("Elm"), row("Oak", Specialty=None))
    left_out(desk)
    assert [line["Specialty"] for line in rejects(desk)] == ["IM", "Family Medicine"]


@pytest.mark.parametrize("names", [["Elm", "Oak"], ["Elm"]])
def test_a_cross_that_means_yes_among_all_rows_means_it_alone(desk, names):
    head = "Program,Specialty,PD Email,Interview Date,Rejected\n"
    bad = "".join(f"{n},IM,pd@{n}.example,{BAD},✗\n" for n in names)
    (desk.folder / "list.csv").write_text(f"{head}{bad}Ash,IM,pd@ash.example,,\n", "utf-8")
    done = left_out(desk, name="list.csv")
    fix(desk)
    desk.good(*printed(done))
    programs = desk.good("programs", "list", "--json").json["programs"]
    assert {p["program"]: p["status"] for p in programs} == {
        "Ash": "applied",
        **dict.fromkeys(names, "rejected"),
    }


def test_a_box_that_is_not_ticked_where_others_are_stays_unticked(desk):
    head = "Program,Specialty,PD Email,Interview Date,Applied\n"
    rows = f"Elm,IM,pd@elm.example,{BAD},\nOak,IM,pd@oak.example,,x\n"
    (desk.folder / "list.csv").write_text(head + rows)
    done = left_out(desk, name="list.csv")
    fix(desk)
    desk.good(*printed(done))
    assert desk.good("programs", "show", "Elm", "--json").json["status"] == "not_applied"


def test_what_merged_cells_say_stands_in_each_row(desk):
    book(desk, row("Elm"), row("Oak", Specialty=None), merged=["B2:B3"])
    left_out(desk)
    assert [line["Specialty"] for line in rejects(desk)] == ["IM", "IM"]


def test_the_address_behind_a_name_comes_along(desk):
    head = ("Program", "Specialty", "PD", "Interview Date")
    book(desk, ("Elm", "IM", "Ana Lee", BAD), ("Oak", "IM", "Bo Berg", BAD), header=head)
    from openpyxl import load_workbook

    made = load_workbook(desk.folder / "list.xlsx")
    made.active["C2"].hyperlink = "mailto:ana@elm.example"
    made.save(desk.folder / "list.xlsx")
    done = left_out(desk)
    fix(desk)
    desk.good(*printed(done))
    programs = desk.good("programs", "list", "--json").json["programs"]
    assert [p["director_email"] for p in programs] == ["ana@elm.example", ""]


def test_a_column_that_only_its_good_cells_explain_is_named_in_the_command(desk):
    good = "".join(f"P{n},IM,pd@p{n}.example,rejected\n" for n in range(6))
    head = "Program,Specialty,PD Email,Decision\n"
    (desk.folder / "list.csv").write_text(f"{head}{good}Elm,IM,pd@elm.example,Rejekted??\n")
    done = left_out(desk, name="list.csv")
    assert printed(done)[2:] == ["--map", "Decision=status"]
    fix(desk, "Rejekted??", "rejected")
    desk.good(*printed(done))
    assert desk.good("programs", "show", "Elm", "--json").json["status"] == "rejected"


def test_a_column_that_was_named_by_its_place_goes_by_its_name_afterward(desk):
    head = "Program,,Specialty,Where I stand,PD Email\n"
    rows = "Elm,,IM,rejected,x\nOak,,IM,interviewed,pd@oak.example\n"
    (desk.folder / "list.csv").write_text(head + rows)
    done = left_out(desk, "--map", "column 4=status", name="list.csv")
    assert printed(done)[2:] == ["--map", "Where I stand=status"]
    fix(desk, ",x,", ",pd@elm.example,")
    desk.good(*printed(done))
    assert desk.good("programs", "show", "Elm", "--json").json["status"] == "rejected"


def test_a_nameless_column_keeps_the_number_that_it_has_in_the_list(desk):
    head = "Program,,Specialty,,PD Email\n"
    rows = "Elm,,IM,rejected,x\nOak,,IM,interviewed,pd@oak.example\n"
    (desk.folder / "list.csv").write_text(head + rows)
    done = left_out(desk, "--map", "column 4=status", name="list.csv")
    fix(desk, ",x,", ",pd@elm.example,")
    desk.good(*printed(done))
    assert desk.good("programs", "show", "Elm", "--json").json["status"] == "rejected"


def test_rows_of_two_files_keep_the_specialty_of_each(desk):
    for name, specialty in (("one.csv", "FM"), ("two.csv", "IM")):
        (desk.folder / name).write_text("Program,PD Email\nFir,pd@fir.example\n")
        desk.good("import", name, "--specialty", specialty)
        (desk.folder / name).write_text(f"Program,PD Email\n{name[:3].title()} Elm,x\n")
    done = desk.type("import", "one.csv", "two.csv", *SKIP)
    fix(desk, ",x,", ",pd@elm.example,")
    desk.good(*printed(done))
    programs = desk.good("programs", "list", "--json").json["programs"]
    found = {p["program"]: p["specialty"] for p in programs if "Elm" in p["program"]}
    assert found == {"One Elm": "Family Medicine", "Two Elm": "Internal Medicine"}
    desk.type("import", "one.csv", "two.csv", *SKIP)
    assert held(desk) == {}


def test_where_rejects_are_offered_the_list_is_said_to_need_the_fixes_too(desk):
    book(desk, row("Elm"), row("Oak", **{"Interview Date": None}))
    for words in ((), SKIP, SKIP[:2]):
        done = desk.type("import", "list.xlsx", *words)
        assert "Will you import list.xlsx again? Then fix the same cells there" in done.out


LIST = "Program,Specialty,City,PD Email,Status,Notes\nOak,IM,Ada,pd@oak.example,waitlisted,\n"
ELM = "Elm,IM,Rye,pd@elm.example,Waitlsted maybe,they emailed me\n"


def listed(desk, rows):
    (desk.folder / "list.csv").write_text(LIST + rows)
    return left_out(desk, name="list.csv")


@pytest.mark.parametrize("known", [False, True], ids=["a new program", "a known one"])
def test_a_row_that_was_fixed_since_holds_nothing_when_its_list_comes_in_again(desk, known):
    if known:
        (desk.folder / "old.csv").write_text(LIST + ELM.replace("Waitlsted maybe", "waitlisted"))
        desk.good("import", "old.csv")
    done = listed(desk, ELM)
    fix(desk, "Waitlsted maybe", "waitlisted")
    desk.good(*printed(done))
    assert held(desk) == {}
    for _ in range(2):
        listed(desk, ELM)
        assert held(desk) == {}


def test_a_row_that_says_something_else_now_holds_again(desk):
    done = listed(desk, ELM)
    fix(desk, "Waitlsted maybe", "waitlisted")
    desk.good(*printed(done))
    listed(desk, ELM.replace("Waitlsted", "Rejekted"))
    assert list(held(desk)) == ["Elm"]


def test_a_row_whose_program_came_in_by_another_file_holds_it(desk):
    listed(desk, ELM)
    (desk.folder / "other.csv").write_text(LIST + ELM.replace("Waitlsted maybe", "waitlisted"))
    desk.good("import", "other.csv")
    listed(desk, ELM)
    assert list(held(desk)) == ["Elm"]


def test_a_row_that_was_not_fixed_the_first_time_is_known_again_after_the_second(desk):
    done = listed(desk, ELM)
    again = desk.type(*printed(done), "--on-error", "skip", "--rejects", "worse.csv")
    assert again.code == 1
    text = (desk.folder / "worse.csv").read_text("utf-8-sig")
    (desk.folder / "worse.csv").write_text(text.replace("Waitlsted maybe", "waitlisted"))
    desk.good("import", "worse.csv")
    listed(desk, ELM)
    assert held(desk) == {}


@pytest.mark.parametrize(
    ("notes", "is_held"),
    [("they rejected me 10/12", True), ("lovely people", False)],
)
def test_the_notes_of_a_left_out_row_hold_the_program_that_it_is_about(desk, notes, is_held):
    (desk.folder / "list.csv").write_text(LIST)
    desk.good("import", "list.csv")
    bad = f"Oak,IM,Ada,not an address,waitlisted,{notes}\n"
    (desk.folder / "list.csv").write_text(LIST.partition("\n")[0] + "\n" + bad)
    left_out(desk, name="list.csv")
    assert bool(held(desk)) is is_held
