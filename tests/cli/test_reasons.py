"""`planner reasons`: the words that make a strong letter."""

import io
import os
import signal
import sys

import pexpect
import pytest

from tests.builders import surname
from tests.cli.conftest import SCRIPT


@pytest.fixture
def strong(desk):
    """Three programs that would get the strong letter; two of them have no reason."""
    desk.configure(s1=250, score="score = 265")
    rows = [
        {
            "Program": f"Elm {n} Hospital",
            "Specialty": "IM",
            "Director": f"Ada {surname(n)}",
            "PD Email": f"pd{n}@elm{n}.example",
            "Status": "waitlisted",
            "Why": "the street clinic of the third year" if n == 2 else "",
        }
        for n in (1, 2, 3)
    ]
    desk.good("import", desk.sheet(*rows))
    assert {d["letter"] for d in desk.good("plan", "--json").json["programs"]} == {"strong_score"}
    return desk


def test_programs_without_a_reason_are_listed_with_what_to_type(strong):
    done = strong.good("reasons")
    assert "#1 Elm 1 Hospital: no_reason" in done.out
    assert "#2 Elm 2 Hospital: " not in done.out
    assert "planner programs set PROGRAM reason=" in done.out
    found = strong.good("reasons", "--json").json["programs"]
    assert [(p["id"], p["code"]) for p in found] == [(1, "no_reason"), (3, "no_reason")]


def test_a_reason_that_is_used_twice_is_named_with_its_twin(strong):
    strong.good("programs", "set", "3", "reason=the street clinic of the third year")
    done = strong.good("reasons")
    assert "#2 Elm 2 Hospital: generic_reason" in done.out
    assert "#3 Elm 3 Hospital: generic_reason" in done.out


def test_the_sentence_is_shown_with_its_gap_and_with_the_words(strong):
    done = strong.good("reasons")
    assert "and I am especially excited about ____." in " ".join(done.out.split())
    assert "#2 Elm 2 Hospital, from your list:" in done.out
    assert "excited about the street clinic of the third year." in " ".join(done.out.split())
    done = strong.good("programs", "set", "1", "reason=because of your ICU.")
    assert "excited about your ICU." in " ".join(done.out.split())
    done = strong.good("programs", "set", "1", "reason=love + peace", "impression=the ICU rounds")
    said = " ".join(done.out.split())
    assert "That may not fit: it is shorthand." in said
    assert "The part of the day I remember best is the ICU rounds." in said
    assert "____" in strong.good("programs", "set", "1", "reason=").out
    done = strong.good("programs", "set", "1", "connection=grew up in Peoria")
    assert "In the letter: On a personal note, I grew up in Peoria." in done.out
    assert "not used" in strong.good("programs", "set", "1", "connection=yes").out


def test_a_reason_from_a_list_is_offered_until_somebody_says_yes(strong):
    unread = strong.good("reasons", "--json").json["from_list"]
    assert [item["id"] for item in unread] == [2]
    strong.good("programs", "set", "2", "reason=the street clinic of the third year")
    assert strong.good("reasons", "--json").json["from_list"] == []


def typed(desk, root, *lines):
    child = pexpect.spawn(
        sys.executable,
        ["-c", SCRIPT, "reasons"],
        cwd=str(desk.folder),
        encoding="utf-8",
        timeout=20,
        env={**os.environ, "PYTHONPATH": str(root)},
        # Whoever runs the tests in the background has it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    child.logfile_read = io.StringIO()
    for line in lines:
        child.expect([r"reason: ", r"\[Y/n\] "])
        child.send(line)
    child.expect(pexpect.EOF)
    child.close()
    return child.logfile_read.getvalue(), child.exitstatus


def test_words_in_place_of_a_yes_are_asked_about_and_a_yes_in_place_of_words_is_not_used(
    strong, root
):
    reasons = [strong.good("programs", "show", n, "--json").json["reason"] for n in ("1", "2")]
    said, code = typed(strong, root, "its rural track\r", "n\r", "y\r", "\r", "q\r")
    assert code == 0
    assert "Type y to keep it, or n to write another one." in said
    assert "Not used; it does not fit into a sentence." in said
    assert "0 reasons kept" in said
    now = [strong.good("programs", "show", n, "--json").json["reason"] for n in ("1", "2")]
    assert now == reasons


@pytest.mark.long
def test_they_are_written_one_after_another_and_each_is_kept_at_once(strong, root):
    yes, no = "y\r", "n\r"
    again = "its rural track + ICU\r", no, "its rural track\r", yes
    said, code = typed(strong, root, yes, *again, "q\r")
    assert (code, "2 reasons kept" in said) == (0, True)
    assert strong.good("programs", "show", "1", "--json").json["reason"] == "its rural track"
    assert strong.good("reasons", "--json").json["from_list"] == [], "a yes is asked for once"
    said, code = typed(strong, root, "\r")
    assert "0 reasons kept" in said
    said, code = typed(strong, root, "\x04")
    assert (code, "0 reasons kept" in said) == (0, True)
    said, code = typed(strong, root, "\x03")
    assert code == 130


def test_where_nothing_is_wanting_it_says_so(desk):
    desk.a_list(1)
    assert "has its own reason" in desk.good("reasons").out


def test_without_options_edit_opens_the_editor(desk, root):
    desk.a_list(1)
    desk.good("draft")
    editor = desk.folder / "editor.py"
    editor.write_text(
        "import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text().replace('Sincerely', 'With many thanks'))\n"
    )
    child = pexpect.spawn(
        sys.executable,
        ["-c", SCRIPT, "edit", "1"],
        cwd=str(desk.folder),
        encoding="utf-8",
        timeout=20,
        env={**os.environ, "PYTHONPATH": str(root), "EDITOR": f"{sys.executable} {editor}"},
    )
    child.expect("edited")
    child.expect(pexpect.EOF)
    child.close()
    assert "With many thanks" in desk.good("preview", "1").out
    assert desk.type("edit", "1").code == 2
