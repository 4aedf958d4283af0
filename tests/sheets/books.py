"""Workbooks from XML, as other programs write them, for the tests of this folder."""

import zipfile

from planner.rules.specialties import shipped
from planner.sheets.listing import read_listing
from planner.sheets.reader import open_table
from tests.sheets.reading import SEASON

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = ("Program", "Specialty", "City", "Status")


def text(value):
    """An inline text as the content of a cell."""
    return f't="inlineStr"><is><t>{value}</t></is>'


def xlsx(*rows, part="worksheets/sheet1.xml", target=None, book="", links=(), name="list.xlsx"):
    """Rows of texts, or of what stands in `<c ...>...</c>` (it begins with `|`).

    `part` is what the sheet's part is called, `target` how the workbook calls it.
    """
    made = ""
    for number, row in enumerate(rows, 1):
        cells = (
            f'<c r="{chr(64 + at)}{number}" {cell[1:] if cell[:1] == "|" else text(cell)}</c>'
            for at, cell in enumerate(row, 1)
            if cell
        )
        made += f'<row r="{number}">{"".join(cells)}</row>'
    hyperlinks = "".join(
        f'<hyperlink ref="{ref}" r:id="l{i}"/>' for i, (ref, _) in enumerate(links)
    )
    folder, _, last = part.rpartition("/")
    with zipfile.ZipFile(name, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", _relations(("r1", "officeDocument", "xl/workbook.xml", "")))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{book}<sheets>'
            f'<sheet name="List" sheetId="1" r:id="rId7"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations(("rId7", "worksheet", target or part, "")),
        )
        archive.writestr(
            f"xl/{part}",
            f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}"><sheetData>{made}</sheetData>'
            f"{f'<hyperlinks>{hyperlinks}</hyperlinks>' if links else ''}</worksheet>",
        )
        archive.writestr(
            f"xl/{folder}/_rels/{last}.rels",
            _relations(
                *(
                    (f"l{i}", "hyperlink", to, ' TargetMode="External"')
                    for i, (_, to) in enumerate(links)
                )
            ),
        )


def _relations(*relations):
    made = "".join(
        f'<Relationship Id="{key}" Type="{REL}/{kind}" Target="{target}"{mode}/>'
        for key, kind, target, mode in relations
    )
    return f'<Relationships xmlns="{PACKAGE}">{made}</Relationships>'


OFFICE = "".join(
    f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text")
)


def ods(*rows, before="", between="", name="list.ods"):
    """Rows of texts, or of whole cells (`<table:table-cell ...`); `between` all elements."""
    made = ""
    for row in rows:
        cells = (
            cell
            if cell[:1] == "<"
            else '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        made += f"<table:table-row>{between.join(cells)}</table:table-row>"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{OFFICE}'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:spreadsheet>'
        f'{before}<table:table table:name="List">{made}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(name, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        archive.writestr("content.xml", content.replace("><", f">{between}<"))


def listing(name="list.xlsx", **options):
    """The workbook as a list."""
    table = open_table(str(name), **options)
    return read_listing(table, specialties=shipped(), season=SEASON)


def records(name="list.xlsx", **options):
    """Its rows."""
    return list(listing(name, **options).records)


def errors(name="list.xlsx"):
    """(line, column, what stands there) of each error; only formulas have any here."""
    found = [error for record in records(name) for error in record.errors]
    assert {error.code for error in found} <= {"formula_error"}
    return [(error.line, error.column, error.value) for error in found]
