"""A legend of colors in a file that has none: the rows that it means cannot be told apart."""

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from planner.sheets.legends import legend_in, only_sorts
from planner.sheets.listing import read_listing
from planner.sheets.reader import open_table
from tests.sheets.reading import ALL, SEASON, listing

HEAD = "Program,City,PD,PD Email,Status\n"
ROWS = "Saint-Élan,Troy,Ana Núñez,an@elan.example,{}\nOak Ridge,Ada,Bo Berg,bb@oak.example,\n"
LIST = HEAD + ROWS.format("applied")
SAYS_OUT = HEAD + ROWS.format("rejected")
LEGEND = "Legend:,green = interview,red = rejected\n"


def codes(found):
    """The names that the file gives, and what is asked about it as a whole."""
    names = [r.values["program"] for r in found.records]
    return names, [i.code for i in (*found.doubts, *found.remarks) if "color" in i.code]


@pytest.mark.parametrize(
    "text",
    [
        LEGEND + LIST,
        LIST + LEGEND,
        LIST + "Legend:\ngreen = interview\nred = rejected\n",
        LIST + '"Legend: green = interview, red = rejected"\n',
        LIST + "Color code,red: withdrew\n",
        LIST + "red means rejected\n",
        LIST + "rejected = light red\n",
        LIST + "red = nope,,\n",
        LIST + "Key:,strikethrough = rejected\n",
        LIST + "Legend:,orange = do not contact\n",
        LIST.replace("Program,", "Program (red = rejected),"),
        HEAD.replace("\n", ",,Legend\n")
        + ROWS.format("").replace(",\n", ",,,red = no\n", 1)
        + "".join(f"Hospital {n},Ada,Bo Berg,b{n}@oak.example,\n" for n in range(4)),
    ],
)
def test_a_legend_of_colors_stops_a_file_that_has_none(text):
    names, said = codes(listing(text))
    assert names[:2] == ["Saint-Élan", "Oak Ridge"]
    assert said == ["colors_missing"]


def test_the_cells_of_a_legend_are_no_program():
    names, _ = codes(listing(LIST + LEGEND))
    assert names == ["Saint-Élan", "Oak Ridge"]


def test_where_words_say_that_one_is_out_too_it_is_only_asked():
    assert codes(listing(SAYS_OUT + LEGEND))[1] == ["colors_lost"]


@pytest.mark.parametrize("legend", ["green = interview", "blue = dream, yellow = safety"])
def test_a_legend_against_no_letter_is_only_asked(legend):
    assert codes(listing(f'{LIST}"Legend: {legend}"\n'))[1] == ["colors_lost"]


@pytest.mark.parametrize("legend", [LEGEND, "Legend:,green = interview\n"])
def test_who_said_to_go_on_without_colors_is_not_asked(legend):
    assert codes(listing(LIST + legend, without_colors=True))[1] == []


@pytest.mark.parametrize(
    "text",
    [
        LIST,
        LIST + "Total: 2\n",
        LIST.replace("Oak Ridge", "Red = Rejected Hospital"),  # a row of the list
        LIST.replace("Oak Ridge", "Black River"),
        LIST + "Updated 11/5\n",
        LIST + "Notes: Brown is a good program\n",
        LIST + "WHITE PLAINS\n",
        LIST + "Green Bay Hospital,Green Bay,Di Dole,dd@gb.example,\n",
        LIST + "Red Rock Hospital - Reno,Reno,Di Dole,dd@rr.example,\n",
    ],
)
def test_what_is_no_legend_is_not_asked_about(text):
    assert codes(listing(text))[1] == []


def workbook(fills=(), bold=(), legend="red = rejected"):
    book = Workbook()
    page = book.active
    for line in (LIST + legend).splitlines():
        page.append(line.split(","))
    for cell in fills:
        page[cell].fill = PatternFill("solid", fgColor="FFFF9999")
    for cell in bold:
        page[cell].font = Font(bold=True)
    book.save("list.xlsx")
    return read_listing(open_table("list.xlsx"), specialties=ALL, season=SEASON)


@pytest.mark.parametrize(
    ("fills", "legend", "said"),
    [
        ((), "red = rejected", ["colors_missing"]),
        (("A2",), "red = rejected", []),
        (("A4",), "red = rejected", []),  # none is red yet
        (("A2",), "bold = rejected", ["colors_missing"]),  # which no file tells
    ],
)
def test_a_workbook_with_colors_is_read_by_its_legend(fills, legend, said):
    assert codes(workbook(fills, legend=legend))[1] == said


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("red = rejected", ["red = rejected"]),
        ("Red - rejected; green -> IV", ["Red - rejected", "green -> IV"]),
        ("rows in red are rejected", ["rows in red are rejected"]),
        ("Rejected (red)", ["Rejected (red)"]),
        ("Green Bay", []),
        ("Black River - Ada", []),
        ("red", []),
    ],
)
def test_the_parts_of_a_legend(text, parts):
    assert list(legend_in([text])) == parts


@pytest.mark.parametrize(
    ("part", "sorts"),
    [
        ("green = interview", True),
        ("green = IV offered", True),
        ("blue = dream school", True),
        ("red = rejected", False),
        ("red = withdrew", False),
        ("gray = didn't apply", False),
        ("red = no", False),
        ("red = nope", False),
        ("orange = do not email", False),
        ("red = top choice but rejected me", False),
    ],
)
def test_only_what_cannot_be_a_reason_not_to_write_sorts(part, sorts):
    assert only_sorts(part) is sorts


def held(found):
    return [r.line for r in found.records for w in r.warnings if w.code == "note_contradicts"]


@pytest.mark.parametrize(
    "legend",
    [
        "red = rejected",
        "red = do not email",
        "red = R",
        "Legend: red = withdrew",
        "green = interview; red = rejected",
        "Key: green: interview / light red: did not apply",
        "rejected = red; interview = green",
    ],
)
def test_a_color_against_a_letter_holds_however_the_legend_says_it(legend):
    assert held(workbook(["A2", "B2", "C2"], legend=legend)) == [2]


@pytest.mark.parametrize("legend", ["green = rejected; red = interview", "red = dream school"])
def test_another_color_holds_nothing(legend):
    found = workbook(["A2", "B2", "C2"], legend=legend)
    assert (held(found), codes(found)[1]) == ([], [])


def test_a_color_whose_meaning_is_not_understood_is_asked_about():
    found = workbook(["A2"], legend="red = meh")
    assert (held(found), codes(found)[1]) == ([], ["colors_unknown"])
