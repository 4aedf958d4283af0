"""One step imports lists: it reads and stores them and voids approvals; or it does nothing."""

from pathlib import Path

import pytest

from planner.errors import ConfigError
from planner.steps import importing, outbox, programs
from planner.steps.importing.report import Choices
from planner.wiring import Workspace
from tests.desk import surname

HEADER = "Program,Specialty,Director,PD Email,Status\n"
ELM = f"Elm 1 Hospital,IM,Ada {surname(1)},pd1@elm1.example,interviewed\n"
BAD = "Kirchenfeld Klinikum Zoë,IM,,not an address,applied\n"


@pytest.fixture
def ws(desk):
    return Workspace("config.toml")


def brought(ws, text, *, rejects=None, **choices):
    Path("new.csv").write_text(HEADER + text, "utf-8")
    lists = importing.read_lists(ws, ["new.csv"], said={}, configured={})
    return importing.import_lists(ws, lists.listings, Choices(**choices), rejects=rejects)


def test_a_list_comes_in_and_bad_rows_go_to_their_file(ws):
    report = brought(ws, ELM + BAD, rejects=Path("bad.csv"), skip_errors=True)
    assert (report.new, report.rejected, report.written) == (1, 1, True)
    assert "Kirchenfeld Klinikum Zoë" in Path("bad.csv").read_text("utf-8-sig")
    assert [p.program for p in programs.list_programs(ws)] == ["Elm 1 Hospital"]


def test_where_the_bad_rows_cannot_be_kept_nothing_is_written(ws):
    with pytest.raises(ConfigError):
        brought(ws, ELM + BAD, rejects=Path("new.csv"), skip_errors=True)
    assert programs.list_programs(ws) == []


def test_an_approval_whose_facts_the_list_changes_is_taken_back(desk, ws):
    desk.approved(2)
    report = brought(ws, ELM.replace("pd1@", "office@"))
    assert report.voided == [1]
    assert outbox.get_letter(ws, 1).state == "draft"


def test_a_try_looks_ahead_and_keeps_nothing(ws):
    report = brought(ws, ELM, dry_run=True)
    assert [p.program.program for p in report.outlook.prospects] == ["Elm 1 Hospital"]
    assert programs.list_programs(ws) == []


def test_what_was_said_of_a_header_holds_until_it_is_forgotten(ws):
    Path("odd.csv").write_text(HEADER.replace("Program", "Where I go") + ELM, "utf-8")
    said = {"Where I go": "program"}
    lists = importing.read_lists(ws, ["odd.csv"], said=said, configured={})
    importing.import_lists(ws, lists.listings, Choices(columns=lists.said))
    again = importing.read_lists(ws, ["odd.csv"], said={}, configured={})
    assert "program" in again.listings[0].header.fields
    assert importing.forget_columns(ws).columns == {"whereigo": "program"}
