"""Bringing lists in: which rows meet which programs, whatever the batches."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.rules.specialties import shipped
from planner.sheets import listing as listing_module
from planner.sheets.listing import read_listing
from planner.sheets.reader import open_table
from planner.steps.importing.load import bring_in
from planner.steps.importing.report import Choices
from planner.store import programs
from planner.store.database import open_store

ALL = shipped()
HEADER = "Program,Specialty,NRMP Code,ACGME ID,City,Status,PD,PD Email,Notes,Cohort\n"


def listing(text, name="list.csv"):
    Path(name).write_text(text)
    return read_listing(open_table(name), specialties=ALL)


def brought(store, *texts, **choices):
    listings = [listing(text, f"list{n}.csv") for n, text in enumerate(texts)]
    return bring_in(store, listings, Choices(**choices), void=list, keep=lambda _: None)


def everything(store):
    with store.read() as tx:
        return programs.list_programs(tx)


@pytest.fixture
def store():
    opened = open_store("sqlite:///list.sqlite3", base=Path())
    yield opened
    opened.close()


def row(**cells):
    known = ["program", "specialty", "nrmp", "acgme", "city", "status", "pd", "email", "notes"]
    return ",".join(cells.get(name, "") for name in [*known, "cohort"]) + "\n"


ROWS = st.builds(
    row,
    program=st.sampled_from(["Elm", "Oak", "Elm & Oak", ""]),
    specialty=st.sampled_from(["IM", "IM", "FM", ""]),
    nrmp=st.sampled_from(["", "", "1601140C0", "1601140P0", "1602140C0", "bad"]),
    acgme=st.sampled_from(["", "", "1400521057", "1400521058"]),
    city=st.sampled_from(["", "Dayton"]),
    status=st.sampled_from(["", "applied", "rejected"]),
    pd=st.sampled_from(["", "Ana Lee", "Bo Berg"]),
    email=st.sampled_from(["", "a@x.example", "b@x.example"]),
    notes=st.sampled_from(["", "one", "two"]),
    cohort=st.sampled_from(["", "x", "y"]),
)


@pytest.mark.long
@settings(max_examples=25)
@given(
    before=st.lists(ROWS, max_size=4),
    now=st.lists(ROWS, max_size=7),
    skip=st.booleans(),
    clear=st.booleans(),
)
def test_the_size_of_the_batches_changes_nothing(before, now, skip, clear):
    results = []
    for size in (1, 3, 500):
        Path("p.sqlite3").unlink(missing_ok=True)
        opened = open_store("sqlite:///p.sqlite3", base=Path())
        kept, listing_module.BATCH = listing_module.BATCH, size
        try:
            brought(opened, HEADER + row(program="Ash", specialty="IM") + "".join(before))
            report = brought(
                opened,
                HEADER + row(program="Fir", specialty="IM") + "".join(now),
                skip_errors=skip,
                clear_empty=clear,
            )
        finally:
            listing_module.BATCH = kept
        assert report.read == (
            report.new + report.changed + report.unchanged + report.merged + report.rejected
        )
        assert report.unchanged >= 0
        counts = (report.read, report.new, report.changed, report.merged, report.rejected)
        results.append((counts, report.errors, everything(opened)))
        opened.close()
    assert results[0] == results[1] == results[2]


@pytest.mark.long
@given(st.lists(ROWS, max_size=8))
def test_a_list_brought_in_twice_changes_nothing_the_second_time(rows):
    Path("p.sqlite3").unlink(missing_ok=True)
    opened = open_store("sqlite:///p.sqlite3", base=Path())
    text = HEADER + row(program="Fir", specialty="IM") + "".join(rows)
    first = brought(opened, text)
    kept = everything(opened)
    again = brought(opened, text)
    opened.close()
    assert (again.new, again.changed, again.changes) == (0, 0, [])
    assert kept == everything(opened)
    assert len(kept) == first.new


def test_rows_far_apart_fold_and_name_the_line_that_stands_first(store):
    far = "".join(row(program=f"Elm {n}", specialty="IM") for n in range(1_200))
    text = HEADER + row(program="Oak", specialty="IM", status="applied") + far
    report = brought(store, text + row(program="Oak", specialty="IM", notes="x"))
    assert (report.read, report.new, report.merged) == (1_202, 1_201, 1)
    assert everything(store)[0].notes == "x"
    report = brought(store, text + row(program="Oak", specialty="IM", status="rejected"))
    (error,) = report.errors
    assert (error.line, error.code) == (1_203, "conflict")
    assert error.message.startswith("line 2 says applied")


def test_a_field_that_a_later_row_gave_is_named_by_that_row(store):
    report = brought(
        store,
        HEADER
        + row(program="Oak", specialty="IM")
        + row(program="Oak", specialty="IM", status="applied")
        + row(program="Oak", specialty="IM", status="rejected"),
    )
    assert "line 3 says applied" in report.errors[0].message


def test_places_in_other_files_are_named_with_their_file(store):
    oak = {"program": "Oak", "specialty": "IM"}
    report = brought(
        store,
        HEADER + row(**oak, status="applied"),
        HEADER + row(program="Ash", specialty="IM") + row(**oak, status="rejected"),
    )
    assert report.errors[0].file == "list1.csv"
    assert "list0.csv line 2 says applied" in report.errors[0].message


def test_an_institution_alone_is_found_again(store):
    text = "Institution,Specialty\nElm Health,IM\n"
    assert brought(store, text).new == 1
    assert brought(store, text).unchanged == 1
    assert [p.program for p in everything(store)] == ["Elm Health"]


def test_two_coordinators_are_no_conflict_and_nobody_gets_anothers_address(store):
    report = brought(
        store,
        "Program,Specialty,Contact,Contact Email\n"
        "Elm,IM,Ann Lee,\nElm,IM,Bo Berg,bo@elm.example\nElm,IM,Ann Lee,ann@elm.example\n",
    )
    assert report.errors == []
    assert [w.code for w in report.warnings] == ["kept_first", "kept_first"]
    (elm,) = everything(store)
    assert (elm.coordinator_name, elm.coordinator_email) == ("Ann Lee", "ann@elm.example")


def test_a_new_director_beside_an_old_address_is_remarked(store):
    old = {"program": "Elm", "specialty": "IM"}
    brought(store, HEADER + row(**old, pd="Ana Lee", email="ana@elm.example"))
    report = brought(store, HEADER + row(**old, pd="Bo Berg"))
    (warning,) = [w for w in report.warnings if w.code == "old_address"]
    assert "ana@elm.example" in warning.message


KILLED = """
import sys
from pathlib import Path
from planner.rules.specialties import shipped
from planner.sheets.reader import open_table
from planner.sheets.listing import read_listing
from planner.steps.importing.load import bring_in
from planner.steps.importing.report import Choices
from planner.store.database import open_store
store = open_store("sqlite:///list.sqlite3", base=Path())
found = read_listing(open_table("long.csv"), specialties=shipped())
def told(part, where):
    print(where, flush=True)
bring_in(store, [found], Choices(), void=list, keep=lambda _: None, progress=told)
"""


@pytest.mark.long
def test_an_import_that_is_killed_leaves_the_database_as_it_was(store, root):
    oak = row(program="Oak", specialty="IM", notes="before")
    brought(store, HEADER + oak)
    before = everything(store)
    store.close()
    changed = row(program="Oak", specialty="IM", notes="after")
    rest = "".join(row(program=f"Elm {n}", specialty="IM", notes="x" * 500) for n in range(60_000))
    Path("long.csv").write_text(HEADER + changed + rest)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    for _ in range(50):  # well under way: pages have gone to the file
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    assert Path("list.sqlite3-journal").exists() or Path("list.sqlite3-wal").exists()
    assert everything(store) == before


def test_progress_is_told_from_none_to_all(store):
    told = []
    text = HEADER + "".join(row(program=f"Elm {n}", specialty="IM") for n in range(2_500))
    bring_in(
        store,
        [listing(text)],
        Choices(),
        void=list,
        keep=lambda _: None,
        progress=lambda part, where: told.append((part, where)),
    )
    parts = [part for part, _ in told]
    assert parts == sorted(parts)
    assert 0 <= parts[0] < parts[-1] <= 1
    assert told[-1][1] == "list.csv, line 2,501"
