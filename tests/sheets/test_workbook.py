"""Workbooks: each cell as a person sees it, and a clear error for each unreadable file."""

import contextlib
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from planner.errors import ConfigError, PlannerError
from planner.rules.specialties import shipped
from planner.sheets import workbook
from planner.sheets.listing import read_listing
from planner.sheets.parsers.cells import UNCOMPUTED
from planner.sheets.reader import open_table

ALL = shipped()
ODS = "application/vnd.oasis.opendocument.spreadsheet"
CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Sheet1">
<table:table-row><table:table-cell office:value-type="string"><text:p>Program</text:p>
</table:table-cell><table:table-cell office:value-type="string"><text:p>IV Date</text:p>
</table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>Elm</text:p>
</table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-10-20">
<text:p>10/20/26</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(name, *, manifest="", mark=""):
    with zipfile.ZipFile(name, "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("content.xml", CONTENT + (f"<!--{mark}-->" if mark else ""))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
            f"{manifest}</manifest:manifest>",
        )


def xlsx(*rows, name="list.xlsx", **sheets):
    book = Workbook()
    book.active.title = "Sheet1"
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    book.save(name)
    return book


def records(name="list.xlsx", **options):
    return list(read_listing(open_table(name, **options), specialties=ALL).records)


def warnings(name):
    return read_listing(open_table(name), specialties=ALL).warnings


def refused(name, **options):
    with pytest.raises((PlannerError, ConfigError)) as caught:
        list(open_table(name, **options).rows)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (1400521057.0, "1400521057"),
        (228.5, "228.5"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2026, 10, 20), "2026-10-20"),
        (datetime(2026, 10, 20), "2026-10-20"),
        (datetime(2026, 10, 20, 9, 30), "2026-10-20 09:30:00"),
        (time(9, 30), "09:30:00"),
        (7, "7"),
    ],
)
def test_a_typed_cell_is_text_as_a_person_sees_it(value, seen):
    assert workbook.as_seen(value) == seen


def test_dates_numbers_and_booleans_of_a_sheet_are_understood():
    xlsx(
        ("Program", "ACGME ID", "IV Date", "Favorite"),
        ("Elm", 1400521057, datetime(2026, 10, 20), True),
        ("Oak", "1400521058", "10/21/2026", False),
    )
    assert [r.values for r in records()] == [
        {
            "program": "Elm",
            "acgme_id": "1400521057",
            "interview_date": "2026-10-20",
            "top_choice": 1,
            "specialty": "Internal Medicine",
        },
        {
            "program": "Oak",
            "acgme_id": "1400521058",
            "interview_date": "2026-10-21",
            "top_choice": 0,
            "specialty": "Internal Medicine",
        },
    ]


def test_an_opendocument_sheet_is_read_too():
    ods("list.ods")
    (found,) = records("list.ods")
    assert found.values == {"program": "Elm", "interview_date": "2026-10-20"}


def test_lines_are_the_rows_of_the_sheet_wherever_the_list_begins():
    book = Workbook()
    sheet = book.active
    for row, values in ((3, ("Program", "State")), (5, ("Elm", "OH"))):
        for column, value in enumerate(values, 2):
            sheet.cell(row, column, value)
    book.save("list.xlsx")
    assert [(r.line, r.values["program"]) for r in records()] == [(5, "Elm")]


def test_hidden_rows_count():
    book = xlsx(("Program",), ("Elm",), ("Oak",))
    book.active.row_dimensions[2].hidden = True
    book.save("list.xlsx")
    assert [r.values["program"] for r in records()] == ["Elm", "Oak"]


def test_the_first_sheet_with_a_list_is_read_and_the_others_are_named():
    xlsx(("About this file",), Programs=[("Program", "State"), ("Elm", "OH")])
    table = open_table("list.xlsx")
    assert 'sheet "Programs" (not read: "Sheet1"' in table.understood
    assert len(records()) == 1


def test_a_sheet_can_be_named_in_any_case():
    more = [("Program", "State"), ("Oak", "PA")]
    xlsx(("Program", "State"), ("Elm", "OH"), **{"Second list": more})
    assert records(sheet="second LIST")[0].values["program"] == "Oak"
    error = refused("list.xlsx", sheet="third")
    assert '"Sheet1", "Second list"' in error.hint


def test_a_text_file_has_no_sheets():
    Path("list.csv").write_text("Program\nElm\n")
    assert refused("list.csv", sheet="x").code == "no_sheet"


def test_a_formula_that_was_never_computed_is_an_error_and_not_an_empty_cell():
    # As programs write it that compute nothing; a spreadsheet program stores the value.
    xlsx(("Program", "City"), ("Elm", "=A2"), ("Oak", "Dayton"))
    found = records()
    assert [(e.line, e.column, e.value, e.code) for e in found[0].errors] == [
        (2, "City", UNCOMPUTED, "formula_error")
    ]
    assert not found[1].errors


def with_cell(name, old, new):
    """Change the XML of the first sheet, as another program would have written it."""
    with zipfile.ZipFile(name) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert old in parts[sheet]
    parts[sheet] = parts[sheet].replace(old, new)
    with zipfile.ZipFile(name, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def test_the_error_of_a_formula_is_seen_and_its_value_is_used():
    xlsx(("Program", "City"), ("Elm", "=1/0"), ("Oak", "=B2"))
    with_cell("list.xlsx", b"<f>1/0</f><v />", b"<f>1/0</f><v>#DIV/0!</v>")
    with_cell("list.xlsx", b'<c r="B2">', b'<c r="B2" t="e">')
    with_cell("list.xlsx", b"<f>B2</f><v />", b"<f>B2</f><v>Dayton</v>")
    with_cell("list.xlsx", b'<c r="B3">', b'<c r="B3" t="str">')
    found = records()
    assert found[0].errors[0].value == "#DIV/0!"
    assert found[1].values["city"] == "Dayton"


def test_a_formula_whose_value_is_empty_text_is_empty():
    xlsx(("Program", "City"), ("Elm", '=IF(A9="","",A9)'))
    with_cell("list.xlsx", b'<c r="B2">', b'<c r="B2" t="str">')
    with_cell("list.xlsx", b"<v />", b"<v></v>")
    (found,) = records()
    assert not found.errors
    assert "city" not in found.values


def test_comments_that_are_not_read_are_said_to_be_unread():
    xlsx(("Program", "City"), ("Elm", "Troy"))
    assert "not_read" not in {issue.code for issue in warnings("list.xlsx")}
    with zipfile.ZipFile("list.xlsx", "a") as archive:
        archive.writestr("xl/comments1.bin", b"")
    (issue,) = [issue for issue in warnings("list.xlsx") if issue.code == "not_read"]
    assert "comments of cells are not read" in issue.message


def test_what_is_not_available_by_a_formula_is_missing():
    xlsx(("Program", "City"), ("Elm", "=NA()"))
    with_cell("list.xlsx", b"<f>NA()</f><v />", b"<f>NA()</f><v>#N/A</v>")
    with_cell("list.xlsx", b'<c r="B2">', b'<c r="B2" t="e">')
    assert "city" not in records()[0].values


def test_a_workbook_behind_a_password_is_said_to_be_one():
    data = b"\xd0\xcf\x11\xe0" + bytes(1000) + "EncryptedPackage".encode("utf-16-le")
    Path("list.xlsx").write_bytes(data)
    assert refused("list.xlsx").code == "password_protected"
    ods("list.ods", manifest="<manifest:encryption-data/>")
    assert refused("list.ods").code == "password_protected"


def test_an_empty_workbook_is_said_to_be_one():
    xlsx()
    assert refused("list.xlsx").code == "empty_file"


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch):
    xlsx(("Program",), ("Elm",))
    monkeypatch.setattr(workbook, "LARGEST", 1000)
    assert refused("list.xlsx").code == "too_large"


DAMAGE = st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6)


@pytest.mark.long
@settings(max_examples=50)
@given(DAMAGE, st.floats(0.5, 1))
def test_no_damage_to_a_workbook_makes_it_crash(damage, kept):
    xlsx(("Program", "City"), ("Elm", "Dayton"), ("Oak", "=A2"))
    good = bytearray(Path("list.xlsx").read_bytes())
    for where, byte in damage:
        good[int(where * len(good))] = byte
    Path("damaged.xlsx").write_bytes(good[: int(kept * len(good)) if kept < 0.6 else None])
    found = []
    with contextlib.suppress(PlannerError):
        found = records("damaged.xlsx")
    assert all(record.line > 1 for record in found)
