"""Files that are not what their names say: the message says what they are and what to do."""

import zipfile
from pathlib import Path

import pytest

from planner.errors import PlannerError
from planner.sheets.reader import open_table
from tests.sheets.reading import records, refused


def said_of(data, name="list.xls"):
    Path(name).write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(PlannerError) as caught:
        list(open_table(name).rows)
    assert caught.value.code == "not_a_spreadsheet"
    return f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    ("data", "what", "way_out"),
    [
        ("<html><body><table><tr><td>Program</td></tr></table>", "web page", "save it as XLSX"),
        ("\ufeff\n<!DOCTYPE html>\n<html>", "web page", "save it as XLSX"),
        ("<table><tr><th>Program</th></tr></table>", "web page", "save it as XLSX"),
        ("<meta charset='utf-8'><table>", "web page", "save it as XLSX"),
        ('[{"Program": "Elm"}]', "JSON", "CSV"),
        ('{"programs": [{"name": "Elm"}]}', "JSON", "CSV"),
        ('{"url": "https://docs.google.com/open?id=x", "doc_id": "x"}', "Google Sheet", ".xlsx"),
        ('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>', "2003", "XLSX"),
        ('<?xml version="1.0"?><office:document xmlns:office="x">', "flat OpenDocument", "XLSX"),
        ('<?xml version="1.0"?><programs/>', "XML", "XLSX"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related", "web archive", "browser"),
        ("From: <Saved by Blink>\nSubject: list", "web archive", "browser"),
        ("[InternetShortcut]\nURL=https://x.example", "only a link", "CSV"),
        ("BEGIN:VCARD\n", "address book", "CSV"),
        ("BEGIN:VCALENDAR\n", "calendar", "CSV"),
        (b"%PDF-1.7", "PDF", "CSV"),
        (b"\x1f\x8b\x08", "gzip", "Gnumeric"),
        (b"SQLite format 3\x00", "SQLite", "CSV"),
    ],
)
def test_a_file_is_called_by_what_it_is_with_the_way_out(data, what, way_out):
    said = said_of(data)
    assert what in said
    assert way_out in said


def test_a_web_page_in_utf_16_is_one_too():
    assert "web page" in said_of("<html><table>".encode("utf-16"))


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("Index/Document.iwa", "Numbers"),
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "presentation"),
        ("my list.csv", "archive"),
    ],
)
def test_an_archive_is_called_by_what_stands_in_it(inside, what):
    with zipfile.ZipFile("list.xlsx", "w") as archive:
        archive.writestr(inside, "x")
    assert what in said_of(Path("list.xlsx").read_bytes(), "list.xlsx")


@pytest.mark.parametrize(
    "text",
    ["Program {x},City\nElm,Troy\n", "[Program],City\nElm,Troy\n", "Program<b>,City\nElm,Troy\n"],
)
def test_a_list_with_marks_in_its_header_is_a_list(text):
    assert len(records(text, mapping={"column 1": "program"})) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Elm Hospital,Internal Medicine,Home,1400521057\nOak Hospital,IM,Away,1400521058\n",
        "Elm,Name,pd@elm.example,State\n",
        "Elm,1601140C0,City,State\nOak,1601140C1,Troy,NY\n",
    ],
)
def test_a_list_without_a_header_is_said_to_have_none(text):
    error = refused(text)
    assert error.code == "no_header"
    assert "line 1 looks like a program" in error.message


@pytest.mark.parametrize(
    "text",
    [
        "Elm Hospital,Internal Medicine,Home,Dayton\nOak,IM,Away,Troy\n",
        "Elm Hospital,IM,OH,Applied\nOak,IM,NY,Rejected\n",
        "Elm Hospital,Rejected\nAshe Peña,Interviewed\n",
        "Elm Hospital,Yes,Away,Gold\nOak,No,,Silver\n",
        "Specialty,City,PD\nIM,Troy,Ana Lee\n",
    ],
)
def test_a_list_in_which_no_column_names_the_programs_is_an_error(text):
    error = refused(text)
    assert error.code == "no_program_column"
    assert "line 1, read as the header, says: " in error.message


def test_a_nul_is_named_with_its_line():
    error = refused(b"Program,City\nElm,Troy\nOak,Ak\x00ron\n")
    assert "line 3: it contains a NUL" in error.message
    assert "neither a text file" in refused(b"\x00\x01\x02\x00\x00\x00\x00\x00\x00").message
