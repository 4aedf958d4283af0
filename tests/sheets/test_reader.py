"""Text files are read as rows, whatever they contain."""

import contextlib
import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.rules.specialties import shipped
from planner.sheets.listing import read_listing
from planner.sheets.reader import open_table

ALL = shipped()
NAMES = "Program,Director\nElm,Ana Muñoz\nOak,Zoë Núñez\n"


def table(data):
    Path("list.csv").write_bytes(data)
    return open_table("list.csv")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_lost_its_mark_is_read(encoding):
    assert list(table(NAMES.encode(encoding)).rows)[1] == (2, ["Elm", "Ana Muñoz"])


def test_a_damaged_line_of_utf_8_is_named_rather_than_all_names_misread():
    with pytest.raises(PlannerError, match="line 4: bytes that are not UTF-8") as caught:
        table(NAMES.encode() + b"Ash,Jos\xe9\n")
    assert caught.value.code == "bad_encoding"
    with pytest.raises(PlannerError, match="line 4"):
        table(NAMES.encode() + b"Ash,Jos\xc3")


def test_how_a_file_was_understood_is_said():
    assert table(b"Program;State\nElm;OH\n").understood == "UTF-8, separated by semicolons"
    assert "Windows-1252" in table(NAMES.encode("cp1252")).assumed


def test_bytes_that_windows_1252_does_not_have_are_explained():
    with pytest.raises(PlannerError, match="bytes that are not text"):
        list(table(b"Program\nEl\x81m\n").rows)


def test_a_list_may_end_without_a_line_end_and_in_a_quoted_cell():
    assert list(table(b'Program,Notes\nElm,"a\nb"').rows)[-1] == (2, ["Elm", "a\nb"])


def test_rows_can_be_read_again():
    rows = table(b"Program\nElm\n").rows
    assert list(rows) == list(rows)


def test_how_much_of_it_was_read_is_told():
    long = table(b"Program\n" + b"Elm Hospital of Ohio\n" * 20_000)
    assert long.part_read() == 0
    assert len(list(long.rows)) == 20_001
    assert 0.9 < long.part_read() <= 1


def read_or_refused():
    """The records of any.csv; none where it was refused in words."""
    with contextlib.suppress(PlannerError):
        return list(read_listing(open_table("any.csv"), specialties=ALL).records)
    return []


@given(st.binary(max_size=400))
def test_no_bytes_make_an_import_crash_or_hang(data):
    Path("any.csv").write_bytes(data)
    assert all(record.line > 1 for record in read_or_refused())


HEADERS = st.sampled_from(["Program", "State", "PD Email", "Status", "Told on", "Odd", "", "Geo"])


@given(
    st.lists(HEADERS, min_size=1, max_size=6, unique=True),
    st.lists(st.lists(st.text(max_size=8), max_size=7), min_size=1, max_size=5),
)
def test_no_text_in_any_column_does_anything_but_give_a_value_or_an_issue(headers, rows):
    path = Path("any.csv")
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        csv.writer(file).writerows([["Program", *headers], *rows])
    for record in read_or_refused():
        for issue in record.errors:
            assert issue.line == record.line
            assert "expected" in issue.message
