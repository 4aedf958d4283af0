"""Every check of the doctor is made, whatever another one found."""

import pytest

from planner.errors import ExitCode
from planner.rules.pace import Pace
from planner.steps.doctor import examine
from planner.wiring import Workspace

PACE = Pace(per_minute=1, per_day=20, window=None)


def checks(ws):
    account = ws.settings.account
    return {check.name: check for check in examine(ws, account=account, pace=PACE, greeting=None)}


def test_a_desk_that_is_in_order_has_nothing_to_fix(ws):
    found = checks(ws)
    assert {"applicant", "score", "database", "templates"} <= found.keys()
    assert [check.name for check in found.values() if not check.ok] == []


def test_the_database_is_said_with_what_is_in_it(ws):
    assert checks(ws)["database"].text.endswith("programs: 3, letters: 3")


@pytest.mark.sqlite_only  # it is about the file
def test_a_database_that_cannot_be_read_stops_no_other_check(desk):
    (desk.folder / "planner.sqlite3").write_bytes(b"This is no database at all.\n" * 400)
    found = checks(Workspace("config.toml"))
    assert not found["database"].ok
    assert found["database"].exit_code is not ExitCode.OK
    assert found["templates"].ok


def test_a_score_that_was_released_and_is_not_there_is_a_contradiction(desk):
    desk.configure(score="expected_on = 2026-12-02")
    found = checks(Workspace("config.toml"))["score"]
    assert (found.ok, "there is no step2_ck.score" in found.text) == (False, True)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("result = 228", "result = 123", "Is it a Step 1 score, and typed correctly?"),
        (
            "released_on = 2026-10-01",
            "released_on = 2027-03-01",
            "released_on is 2027-03-01, which",
        ),
    ],
)
def test_a_result_that_can_hardly_be_is_a_failure(desk, was, now, said):
    path = desk.folder / "config.toml"
    assert was in path.read_text()
    path.write_text(path.read_text().replace(was, now))
    desk.a_list(1)
    done = desk.type("doctor", "--offline")
    assert said in " ".join(done.out.split())
    assert "before the release" not in done.out
    assert "Re-send it" not in done.out
