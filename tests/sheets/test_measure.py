"""Workbooks are measured before they take memory; a stray cell or false count is an error."""

import base64
import json
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from openpyxl import Workbook

from planner.errors import PlannerError
from planner.sheets import measure, trial
from planner.sheets.reader import open_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    f'<Types xmlns="{PACKAGE.replace("relationships", "content-types")}">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
    '.relationships+xml"/><Override PartName="/xl/workbook.xml"'
    f' ContentType="{SHEET}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml"'
    f' ContentType="{SHEET}.worksheet+xml"/></Types>'
)
LIST = "".join(
    f'<row r="{r}">'
    + "".join(
        f'<c r="{c}{r}" t="inlineStr"><is><t>{t}</t></is></c>'
        for c, t in zip("AB", row, strict=True)
    )
    + "</row>"
    for r, row in enumerate((("Program", "Specialty"), ("Elm", "IM")), 1)
)


def xlsx(name, cells, *, texts="", texts_part="xl/sharedStrings.xml", dimension=""):
    """A workbook by hand, with one sheet of these cells."""
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Target="xl/workbook.xml"'
            f' Type="{OFFICE}/officeDocument"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="My list" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{dimension}'
            f"<sheetData>{cells}</sheetData></worksheet>",
        )
        if texts:
            archive.writestr(texts_part, f'<sst xmlns="{MAIN}" {texts}></sst>')


def row(number, cells):
    return f'{LIST}<row r="{number}">{cells}</row>'


CELL = "<table:table-cell office:value-type='string'><text:p>Program</text:p></table:table-cell>"


def ods(name, *rows):
    """An OpenDocument sheet by hand; each row is its cells, and how often it is there."""
    made = "".join(
        f"<table:table-row table:number-rows-repeated='{n}'>{cells}</table:table-row>"
        for cells, n in ((CELL * 2, 1), *rows)
    )
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            "<office:document-content"
            + "".join(f" xmlns:{x}='{OPEN}:{x}:1.0'" for x in ("office", "table", "text"))
            + "><office:body><office:spreadsheet><table:table table:name='My list'>"
            f"{made}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")


def gap(columns):
    return f"<table:table-cell table:number-columns-repeated='{columns}'/>"


# An XLS with a list in A1:B2 and a number in IV65536; it would take a gigabyte.
FAR_XLS = (
    "eNrtWE1oE1EQ/t4maX5I001NhVYooWDt30W8eGlXhVoEW6IeFBE0bYOUpklZc6kHrdYcBcGT4qXQi5eqF3/Qg948"
    "FCp6EAQh0aMnQcFDm3VmsktT7aGBGlTet7x5s/Nm9s3uzJu3u29W46XFRx1l/IIh+FBxwmiqkSlqYe/EBI07DrNe"
    "H6LmaPxTCIcokE0BPG9eCXIMOd5lGHjof0UU+ETtHGYxls9lkg3EEfEhrdiHQaIK90gSQ7t41Sp0QuguoQ9E84XQ"
    "QyK5KXSQdEvqLFatsb6DbhafMbpkLAa+7hOx+SCS/WjDa87iq7dUVTeAw/ZUOvt3DnT6o1gCxW0kk8vY6WwJCQrg"
    "Er47SeCbt1JfJrW8sXIFkv/YLA9uIb9t+IF5OBckwYuIYsXHI34cn7pUWEMvcZBGMU7Z+Yt2eoYK8KnZzARFvzBH"
    "ysPZGUrcY6MRrs2yls1Na7lZcjxKdBItwscl002q1mv3v74dHU9Z50UyL/W7WuX3smNwcI0tyDhWswMw6ROLfqHX"
    "5ap7hO8QmqD8pL471eYyRxdE54aMdtM8BwTvrH01fA/xxS8nnnYWP1u9xC+PlC8nlt9bi+iiXWeS7PlYwIAaUHfv"
    "MJ5ZXq/civBRaPtv1SFkmOK/Ace9kRasIyJsXGj1jJ+OcvXVFvpK9A1XX4m+z9WXPVBt6F8xIrwbkgbHYchoxWM2"
    "pOq0gQg0NDQ0NDQ0NDQ0GonqWy7kLZbf+QPud0PQ/a+zTq2if5P8tziJPB0F+jAdRo56G3N15c9uBJR3LbVNG+9/"
    "IeM0zW5jGuPix3Td+Uvffar2frZtaO7cEqp3/ko9fv7h+X8Cc0/KoA=="
)


def xls(name):
    Path(name).write_bytes(zlib.decompress(base64.b64decode(FAR_XLS)))


FAR = {
    "the last cell": lambda n: xlsx(n, row(1048576, '<c r="XFD1048576"><v>1</v></c>')),
    "column IV": lambda n: xlsx(n, row(1048576, '<c r="IV1048576"><v>1</v></c>')),
    "column T": lambda n: xlsx(n, row(1048576, '<c r="T1048576"><v>1</v></c>')),
    "a few thousand columns": lambda n: xlsx(n, row(3000, '<c r="ABC3000"><v>1</v></c>')),
    "without a reference": lambda n: xlsx(n, row(1048576, "<c/>" * 20 + "<c><v>1</v></c>")),
    "in the other quotes": lambda n: xlsx(n, row(9, "<c r='XFD1048576'><v>1</v></c>")),
    "with a prefix": lambda n: xlsx(
        n, row(9, f'<x:c xmlns:x="{MAIN}" r="XFD1048576"><x:v>1</x:v></x:c>')
    ),
    "beyond all sheets": lambda n: xlsx(n, row(9, '<c r="ZZZZ4294967295"><v>1</v></c>')),
    "an inline text": lambda n: xlsx(
        n, row(9, '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>')
    ),
    "a lying count": lambda n: xlsx(n, LIST, texts='count="1" uniqueCount="4000000000"'),
    "a lying count, by another name": lambda n: xlsx(
        n, LIST, texts="uniqueCount = '90000000'", texts_part="xl/SharedStrings.xml"
    ),
    "a repeated row": lambda n: ods(n, (gap(50) + CELL, 1048575)),
    "a repeated cell": lambda n: ods(
        n,
        (
            CELL.replace(
                "<table:table-cell", "<table:table-cell table:number-columns-repeated='9999'"
            ),
            999,
        ),
    ),
    "a program that is repeated": lambda n: ods(n, (CELL * 3, 1), (CELL * 3, 150_000)),
    "behind empty rows": lambda n: ods(n, (gap(1), 1048574), (gap(99) + CELL, 1)),
    "an old workbook": xls,
}
FINE = {
    "empty cells with a format": lambda n: xlsx(n, row(1048576, '<c r="XFD1048576" s="0"/>')),
    "a dimension that lies": lambda n: xlsx(n, LIST, dimension='<dimension ref="A1:XFD1048576"/>'),
    "a count of every use": lambda n: xlsx(n, LIST, texts='count="4000000000" uniqueCount="0"'),
    "a wide note": lambda n: xlsx(n, row(40, '<c r="ABC40"><v>1</v></c>')),
    "a low note": lambda n: xlsx(n, row(60000, '<c r="R60000"><v>1</v></c>')),
    "a default that is filled down": lambda n: ods(n, (CELL * 9, 40), (gap(8) + CELL, 90_000)),
    "empty rows to the end": lambda n: ods(n, (CELL + gap(16383), 1), (gap(16384), 1048574)),
}
SCRIPT = r"""
import json, pathlib, re, resource, sys, time
from planner.errors import PlannerError
from planner.sheets.reader import open_table
for name in sys.argv[1:]:
    began, said = time.monotonic(), ""
    try:
        list(open_table(name).rows)
    except PlannerError as error:
        said = f"{error.code}: {error.message} -> {error.hint}"
    # Not ru_maxrss of this process: that begins with the memory of whoever started it.
    mine = int(re.search(r"VmHWM:\s*(\d+)", pathlib.Path("/proc/self/status").read_text())[1])
    used = [mine, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]
    print(json.dumps([name, said, time.monotonic() - began, used]), flush=True)
"""


def made(kinds):
    """Every kind as a file."""
    names = []
    for number, (kind, make) in enumerate(kinds.items()):
        name = f"{number} {kind}.xlsx"
        make(name)
        names.append(name)
    return names


def test_a_far_cell_or_a_lying_count_is_a_sentence_within_two_seconds_and_200_mib(root):
    names = made(FAR)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *names],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(root)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [name for name, *_ in told] == names
    for name, said, seconds, used in told:
        assert said.startswith(f"too_large: {name}"), (name, said)
        assert "-> " in said
        assert seconds < 2, name
        assert max(used) < 200 * 1024, (name, used)


def test_the_sentence_says_which_sheet_and_how_far(root):
    FAR["column T"]("list.xlsx")
    with pytest.raises(PlannerError, match=r'sheet "My list" reach as far as T1048576, and only 5'):
        open_table("list.xlsx")
    FAR["behind empty rows"]("list.ods")
    with pytest.raises(
        PlannerError, match=r'sheet "My list" reach as far as CV1048576, and only 3'
    ):
        open_table("list.ods")


@pytest.mark.parametrize("kind", FINE)
def test_what_takes_no_memory_is_read_as_before(kind):
    FINE[kind]("list.xlsx")
    rows = [cells for _, cells in open_table("list.xlsx").rows]
    assert rows[0][:2] in (["Program", "Specialty"], ["Program", "Program"])


def test_a_dimension_that_lies_makes_no_cells_where_a_formula_shows_an_error():
    cells = row(60000, '<c r="R60000" t="e"><v>#REF!</v></c>')
    xlsx("list.xlsx", cells, dimension='<dimension ref="A1:XFD1048576"/>')
    began = time.monotonic()
    rows = list(open_table("list.xlsx").rows)
    assert rows[-1] == (60000, [*[""] * 17, "#REF!"])
    assert time.monotonic() - began < 10


def test_a_long_list_is_read_whatever_its_shape(monkeypatch):
    monkeypatch.setattr(measure, "FEW", 1_000)
    book = Workbook()
    for number in range(2_000):
        book.active.append([f"Elm {number}", *[None] * 8, "IM"])
    book.save("list.xlsx")
    assert len(list(open_table("list.xlsx").rows)) == 2_000


GLANCED = [
    *("the last cell", "column T", "without a reference", "in the other quotes", "with a prefix"),
    *("beyond all sheets", "an inline text", "a few thousand columns"),
]


def glanced(name):
    with zipfile.ZipFile(name) as archive, archive.open("xl/worksheets/sheet1.xml") as stream:
        return measure._is_plain(stream)


@pytest.mark.parametrize("piece", [97, 1024 * 1024])
def test_a_glance_at_a_long_sheet_lets_nothing_pass_that_reading_it_would_not(monkeypatch, piece):
    monkeypatch.setattr(measure, "PIECE", piece)
    for kind in GLANCED:
        FAR[kind]("list.xlsx")
        assert not glanced("list.xlsx"), kind
    for kind in ("a wide note", "a low note", "a dimension that lies"):
        FINE[kind]("list.xlsx")
        assert glanced("list.xlsx"), kind


def test_a_long_sheet_is_read_where_a_glance_is_not_enough(monkeypatch):
    monkeypatch.setattr(measure, "LONG", 0)
    FINE["empty cells with a format"]("list.xlsx")
    assert not glanced("list.xlsx")
    assert len(list(open_table("list.xlsx").rows)) == 2
    for kind in GLANCED:
        FAR[kind]("list.xlsx")
        with pytest.raises(PlannerError, match="reach as far as"):
            open_table("list.xlsx")


@pytest.mark.parametrize(
    "cells",
    [
        row(9, "<c r='5B'><v>1</v></c>"),
        row("9x", '<c r="A9"><v>1</v></c>'),
        row(9, '<c r="A9"><v>1</c>'),
        row(9, '<c r="A9"><v>&#0;</v></c>'),
    ],
)
def test_what_cannot_be_looked_at_is_tried_elsewhere_first(monkeypatch, cells):
    xlsx("list.xlsx", cells)
    tried = []
    monkeypatch.setattr(trial, "survives", lambda path: tried.append(path) or False)
    with pytest.raises(PlannerError, match="more memory than any list needs"):
        open_table("list.xlsx")
    assert tried == [Path("list.xlsx")]


def test_a_trial_that_takes_for_ever_is_a_refusal(monkeypatch):
    xls("list.xls")
    monkeypatch.setattr(trial, "SECONDS", 0.001)
    assert not trial.survives(Path("list.xls"))


@pytest.mark.parametrize(("name", "code"), [("gone.xls", 0), ("list.xlsx", 0)])
def test_a_trial_has_nothing_against_what_is_only_damaged(name, code):
    Path("list.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert trial.main(name, str(2**40)) == code
