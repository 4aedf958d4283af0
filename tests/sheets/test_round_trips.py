"""Lists that other programs opened and saved mean what they meant before."""

import os
from datetime import datetime

import pytest
from openpyxl import Workbook

from planner.sheets.fields import BY_NAME
from tests.office import SAVERS, ending, missing

pytestmark = pytest.mark.outside

LIST = [
    {
        "program": "University of Zürich–St. Mary’s Hôpital Sacré-Cœur (Categorical) and Affiliates",
        "acgme_id": "1400521057",
        "nrmp_code": "0160140C0",
        "institution": 'The "Valley" Health System; Göteborg | East',
        "city": "Coeur d’Alene",
        "state": "ID",
        "director_first_name": "María José",
        "director_last_name": "de la Peña-O’Brien",
        "director_email": "pd@elm-valley.example",
        "coordinator_name": "Zoë Ångström",
        "coordinator_email": "pc@elm-valley.example",
        "status": "interviewed",
        "interview_date": "2026-10-06",
        "step2_policy": "required_to_rank",
        "top_choice": "yes",
        "signal": "gold",
        "connection": "Home",
        "reason": "your clinic at the border,\nwhich I came to know as a student",
        "notes": 'They said "call us",\r\nthen: "don’t".\n\n=1+1 is what I answered',
        "Room": "007",
    },
    {
        "program": "=Elm & Oak Program",
        "specialty": "Family Medicine",
        "acgme_id": "0200521058",
        "city": "Troy",
        "state": "OH",
        "director_last_name": "Ng",
        "director_email": "director.0200521058@oak.example",
        "status": "applied",
        "reason": "-5 degrees and your snow",
        "notes": "+1 (330) 555-0100",
        "told_on": "2026-10-12",
        "rank_list_locked": "no",
        "Room": "1/2",
    },
    {
        "program": "Ash 12-10",
        "nrmp_code": "0016140P10",
        "city": "Piñon",
        "state": "AZ",
        "coordinator_email": "pc@ash.example",
        "status": "rejected",
        "notes": "@home\t'quoted' at the end'",
        "application_service": "residencycas",
        "contact_policy": "none",
        "Room": "1E5",
    },
]
HEADER = [*BY_NAME, "Room"]
BEYOND = {  # what Windows-1252 has no room for
    "program": "Łódź-Dvořák Memorial 林 Hospital",
    "acgme_id": "1402621060",
    "city": "Złotów",
    "director_last_name": "Nguyễn",
    "status": "waitlisted",
    "notes": "so 😭\n→ write",
}

HEADS = [
    ("Program", ("Name", "Specialty", "ACGME ID")),
    ("Where", ("City", "State")),
    ("Director", ("Name", "Email")),
    ("Coordinator", ("Name", "Email")),
    ("Stages", ("Applied", "Invited", "Interviewed", "Rejected")),
    ("", ("Status", "Interview Date", "Do not email", "Notes")),
]
IM, FM = "Internal Medicine", "Family Medicine"
ROWS = [
    ["Elm Valley Hospital", IM, 1400521057, "Ann Arbor", "MI", "María Peña, MD",
     "pd@elm.example", "Zoë Dee", "pc@elm.example", True, True, True, False,
     "Interviewed, went well", datetime(2026, 10, 6, 9, 30), False, "two\nlines"],
    ["Oak Hospital for Women", IM, 1400521058, "", "", "Ana Lee", "pd@oak.example", "", "",
     True, True, False, True, "Rejected 10/2 :(", None, False, 'said "no"'],
    ["Ash Medical Center", IM, 1400521059, "", "", "Bo O’Brien", "pd@ash.example", "", "",
     True, False, False, False, "", None, True, ""],
    ["Fir Clinic", FM, "0120521060", "Troy", "OH", "", "", "Cy Berg", "pc@fir.example",
     True, True, False, False, "invited - waiting", None, False, "=SUM(A1:A3) is no plan"],
]  # fmt: skip
MEANT = {
    "Elm Valley Hospital": ("interviewed", "2026-10-06", "Peña", "pd@elm.example", "open"),
    "Oak Hospital for Women": ("rejected", None, "Lee", "pd@oak.example", "open"),
    "Ash Medical Center": ("applied", None, "O’Brien", "pd@ash.example", "none"),
    "Fir Clinic": ("invited", None, "", "", "open"),
}
KNOWN = [*BY_NAME]
TOWNS = ("city", "state")


@pytest.fixture(params=SAVERS)
def saver(request):
    """A program and a format."""
    if why := missing():
        if os.environ.get("CI"):
            pytest.fail(f"{why}; where CI is set these tests must run")
        pytest.skip(why)
    return request.param


@pytest.fixture(scope="module")
def saved():
    """What was saved already, by program and format: a start takes seconds."""
    return {}


@pytest.fixture
def copies(desk, saver, saved, tmp_path_factory):
    """The list and the tracker as they are, and the folder of what a program made of them."""
    desk.sheet(*LIST, *([] if "1252" in saver else [BEYOND]), header=HEADER)
    desk.good("import", "list.csv")
    for name in ("text.csv", "book.xlsx"):
        desk.good("programs", "export", name)
    tracker(desk.folder / "tracker.xlsx")
    if saver not in saved:
        save, wanted = SAVERS[saver]
        made = saved[saver] = tmp_path_factory.mktemp("saved")
        save(
            [desk.folder / name for name in ("text.csv", "book.xlsx", "tracker.xlsx")], wanted, made
        )
    return saved[saver]


def tracker(path):
    """A list as it is kept by hand: a title, a header of two lines, merged cells, check marks."""
    book = Workbook()
    sheet = book.active
    sheet.append(["My residency list 2026–27 ✨"])
    sheet.append([])
    heads = [(group, name) for group, names in HEADS for name in names]
    sheet.append([group if name == heads_of(group)[0] else "" for group, name in heads])
    sheet.append([name for _, name in heads])
    for row in ROWS:
        sheet.append([None if value == "" else value for value in row])
    column = 1
    for _, names in HEADS[:-1]:
        sheet.merge_cells(start_row=3, end_row=3, start_column=column,
                          end_column=column + len(names) - 1)  # fmt: skip
        column += len(names)
    for letter in "DE":
        sheet.merge_cells(f"{letter}5:{letter}7")
    for (cell,) in sheet["O5:O8"]:
        cell.number_format = "m/d/yyyy h:mm AM/PM"
    sheet["Q8"].data_type = "s"  # a text, though it begins as a formula does
    book.save(path)


def heads_of(group):
    """The second line of the header under a group."""
    return next(names for name, names in HEADS if name == group)


def listed(desk):
    """The programs, each by its name."""
    found = desk.good("programs", "list", "--json").json["programs"]
    return {each["program"]: {name: each[name] for name in KNOWN} for each in found}


def anew(desk, file):
    """The programs that a file gives a database that is empty."""
    desk.start_over()
    desk.configure()
    desk.good("import", file)
    return listed(desk)


@pytest.mark.parametrize("name", ["text", "book"])
def test_an_exported_list_comes_back_whole(desk, saver, copies, name):
    before = listed(desk)
    assert len(before) == len(LIST) + ("1252" not in saver)
    file = copies / f"{name}{ending(SAVERS[saver][1])}"
    again = desk.good("import", file, "--json").json
    changed = [x for x in again["changes"] if x["field"] in KNOWN]
    assert (again["new"], again["rejected"], changed) == (0, 0, [])
    assert anew(desk, file) == before


def test_a_tracker_kept_by_hand_means_the_same(desk, saver, copies):
    before = anew(desk, "tracker.xlsx")
    wanted = ("status", "interview_date", "director_last_name", "director_email", "contact_policy")
    assert {name: tuple(map(x.get, wanted)) for name, x in before.items()} == MEANT
    assert {before[name]["city"] for name in list(MEANT)[:3]} == {"Ann Arbor"}
    after = anew(desk, copies / f"tracker{ending(SAVERS[saver][1])}")
    if "CSV" in saver:  # in which no cell is merged with another
        for name in list(MEANT)[1:3]:
            assert {after[name].pop(town) for town in TOWNS} == {""}
            for town in TOWNS:
                del before[name][town]
    assert after == before
