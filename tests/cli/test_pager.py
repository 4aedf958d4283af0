"""On a terminal: long output in the user's pager, and nothing moves or shines on a dumb one."""

import os
import subprocess
import sys

import pytest

PAGER = "sed s/^/page:/"
LISTED = "Elm 9 Hospital"


def shown(child):
    return child.read().replace("\r\n", "\n")


def test_what_does_not_fit_the_screen_goes_through_the_pager_and_the_rest_does_not(desk, terminal):
    desk.a_list(9)
    for rows, paged in ((8, True), (24, False)):
        said = shown(terminal("list", rows=rows, command="programs", PAGER=PAGER))
        assert LISTED in said
        assert said.startswith("page:ID") is paged, said


def test_a_page_for_people_is_not_one_for_programs(desk, terminal):
    desk.a_list(9)
    for words, environment in (
        (("list", "--json"), {}),
        (("list",), {"TERM": "dumb"}),
    ):
        said = shown(terminal(*words, rows=8, command="programs", PAGER=PAGER, **environment))
        assert "page:" not in said
        assert LISTED in said


@pytest.mark.parametrize(
    ("environment", "colored"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_states_have_colors_where_the_terminal_and_the_user_have_them(
    desk, terminal, environment, colored
):
    desk.approved(2)
    said = shown(terminal("list", command="outbox", **environment))
    assert ("\x1b[36mapproved\x1b[0m" in said) is colored, said


def test_a_dumb_terminal_gets_no_line_that_moves(desk, terminal):
    desk.approved(2)
    said = shown(terminal("--dry-run", command="send", TERM="dumb"))
    assert "\x1b" not in said
    assert "\r" not in said.replace("\n", "")


def test_color_that_is_forced_goes_through_a_pipe(desk):
    desk.approved(1)
    for forced, colored in (("1", True), ("0", False), ("", False)):
        done = subprocess.run(
            [sys.executable, "-m", "planner", "outbox", "list"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "FORCE_COLOR": forced},
            cwd=desk.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        assert ("\x1b[36m" in done.stdout) is colored


@pytest.mark.long
def test_the_demo_is_told_in_one_go(terminal):
    said = shown(terminal(command="demo", rows=8, PAGER=PAGER))
    assert "letters arrived" in said
    assert "page:" not in said
