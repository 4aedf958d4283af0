"""Exported and imported again, nothing is lost, and no spreadsheet takes text for a formula."""

import csv
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import ConfigError
from planner.rules import controls
from planner.rules.facts import ContactPolicy, Service, Signal, Status, Step2Policy
from planner.rules.specialties import shipped
from planner.sheets.listing import read_listing
from planner.sheets.parsers import cells
from planner.sheets.reader import open_table
from planner.sheets.writer import write_programs
from planner.steps.importing.load import bring_in
from planner.steps.importing.report import Choices
from planner.steps.programs import parse_assignments
from planner.store import programs
from planner.store.database import open_store
from tests.builders import a_program

ALL = shipped()
NASTY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "=1+1",
            "'=1",
            "''+2",
            '="0123"',
            "@x",
            "-5",
            "a,b;c\td|e",
            "Good;=1+1",
            "a|'@x; +y",
            "one\n-two",
            '="a ""b"""',
            "\uff1d1",
            'say "hi"',
            "one\r\ntwo\rthree",
        ]
        + ["\u05e9\u05dc\u05d5\u05dd \u202b", "\U0001f600", "_x0041_", "_x000D_", "N/A", "none"]
        + ["#REF!", " padded ", "two  spaces", "\ufeffmark", "x" * 15_000]
    ),
)


def as_set(field, text):
    """What `programs set` makes of a text; None where it refuses."""
    try:
        return parse_assignments([f"{field}={text}"], ALL)[0][field]
    except ConfigError:
        return None


def round_trip(everything, name):
    path = Path(name)
    write_programs(path, everything)
    Path("back.sqlite3").unlink(missing_ok=True)
    store = open_store("sqlite:///back.sqlite3", base=Path())
    found = read_listing(open_table(name), specialties=ALL)
    report = bring_in(store, [found], Choices(), void=list, keep=lambda _: None)
    with store.read() as tx:
        back = programs.list_programs(tx)
    store.close()
    assert report.errors == []
    return back


TEXT = {"s", "inlineStr"}
TEXTS = ("institution", "city", "director_last_name", "connection", "reason", "notes")
PROGRAM = st.fixed_dictionaries(
    {name: NASTY for name in TEXTS},
    optional={
        "status": st.sampled_from(list(Status)),
        "step2_policy": st.sampled_from(list(Step2Policy)),
        "signal": st.sampled_from(list(Signal)),
        "contact_policy": st.sampled_from(list(ContactPolicy)),
        "application_service": st.sampled_from([None, *Service]),
        "interview_date": st.sampled_from([None, date(2026, 11, 3)]),
        "told_on": st.sampled_from([None, date(2026, 10, 3)]),
        "top_choice": st.booleans(),
        "rank_list_locked": st.booleans(),
    },
)


@pytest.mark.long
@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
@settings(max_examples=60)
@given(made=st.lists(PROGRAM, min_size=1, max_size=3), extra=NASTY)
def test_whatever_can_be_set_comes_back_as_it_was(name, made, extra):
    everything = []
    for number, fields in enumerate(made, 1):
        values = {n: as_set(n, v) if n in TEXTS else v for n, v in fields.items()}
        known = {n: v for n, v in values.items() if v is not None}
        everything.append(a_program(number, **known))
    text = cells.clean_cell(extra)
    if text and not controls.IN_CELL.search(text) and text not in cells.FORMULA_ERRORS:
        everything[0] = replace(everything[0], extra={"=Research;+lab": cells.clean_text(text)})
    assert round_trip(everything, name) == everything


def test_a_formula_in_a_cell_is_text_in_both_kinds_of_file():
    program = a_program(reason='=HYPERLINK("http://x.example")', notes="+1 555 0100")
    write_programs(Path("out.csv"), [program])
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["reason"].startswith("'=")
    assert row["notes"].startswith("'+")
    from openpyxl import load_workbook

    write_programs(Path("out.xlsx"), [program])
    book = load_workbook("out.xlsx")
    assert {cell.data_type for line in book.active.iter_rows() for cell in line} == TEXT
    book.close()


def test_an_id_keeps_its_leading_zero_in_a_workbook():
    program = a_program(acgme_id="0400521057")
    assert round_trip([program], "out.xlsx") == [program]


def test_a_file_of_somebody_elses_is_not_replaced_unless_forced():
    Path("mine.csv").write_text("Program,State\nElm,OH\n")
    with pytest.raises(ConfigError, match="was not written by planner"):
        write_programs(Path("mine.csv"), [a_program()])
    write_programs(Path("mine.csv"), [a_program()], force=True)
    write_programs(Path("mine.csv"), [a_program(), a_program(2)])
    assert len(list(open_table("mine.csv").rows)) == 3


def test_an_ending_that_is_no_format_is_refused():
    with pytest.raises(ConfigError, match=r"neither in \.csv nor in \.xlsx"):
        write_programs(Path("out.pdf"), [])


def test_a_place_that_cannot_be_written_is_said():
    with pytest.raises(ConfigError, match="No such file or directory"):
        write_programs(Path("no/such/out.csv"), [])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_disk_that_is_full_is_said_in_one_sentence(desk, ending):
    desk.a_list(40)
    code = (
        "import resource, signal, sys; from planner.cli import run\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))\n"
        f"sys.exit(run(['programs', 'export', 'out.{ending}']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=desk.folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONDONTWRITEBYTECODE": "1",  # it would be cut off, too
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert done.stderr.startswith(f"planner: Cannot write out.{ending}: ")
    assert not list(desk.folder.glob("out.*"))


def test_what_an_export_replaces_is_kept_unless_it_is_the_same():
    path, program = Path("mine.csv"), a_program(program="Elm")
    assert write_programs(path, [program]) is None
    assert write_programs(path, [program]) is None
    path.write_text(path.read_text("utf-8-sig").replace("Elm", "Elm by hand"), "utf-8")
    kept = write_programs(path, [program])
    assert "Elm by hand" in kept.read_text()
    assert "Elm by hand" not in path.read_text("utf-8-sig")
