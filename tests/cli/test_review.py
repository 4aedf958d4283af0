"""`planner review` in a real pseudo-terminal."""

import re
import sys

import pexpect
import pytest

from planner.cli.editor import EditingError
from planner.cli.review import KEYS
from planner.store.transitions import MoveRefusedError

PROMPT = re.escape(KEYS)


@pytest.fixture
def drafted(desk):
    """Three drafts."""
    desk.a_list(3)
    desk.good("draft")
    return desk


def press(child, key, prompt=PROMPT):
    """Wait for the question, then press a key."""
    child.expect(prompt)
    child.send(key)


def ended(child):
    """Wait for the end; gives the rest of what it said, and the exit code."""
    child.expect(pexpect.EOF)
    child.close()
    return child.before, child.exitstatus


def an_editor(folder, program):
    """An editor that is a script: it gets the file's path."""
    path = folder / "editor.py"
    path.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n{program}\n")
    return f"{sys.executable} {path}"


def test_each_letter_is_shown_whole_with_its_place_and_reason(drafted, terminal):
    child = terminal()
    child.expect("1 of 3: letter 1, Elm 1 Hospital")
    for part in ("To: +pd1@elm1.example", "Cc: +pc1@elm1.example", "Dear Dr. Abarab"):
        child.expect(part)
    child.expect("Why: early_interviewed")
    press(child, "q")
    said, code = ended(child)
    assert code == 0
    assert "0 approved, 0 left out; 3 drafts to read" in said


def test_the_notes_on_a_program_stand_below_its_letter(desk, terminal):
    desk.a_list(1)
    desk.good("programs", "set", "Elm 1 Hospital", "notes=she plays the viola")
    desk.good("draft")
    child = terminal()
    child.expect("Your notes: she plays the viola")
    press(child, "q")
    ended(child)


def test_approving_goes_on_to_the_next_and_is_kept(drafted, terminal):
    child = terminal()
    for number in (1, 2, 3):
        child.expect(f"{number} of 3")
        press(child, "a")
        child.expect(f"Letter {number} approved")
    said, code = ended(child)
    assert code == 0
    assert "3 approved" in said
    assert drafted.states() == ["approved"] * 3
    events = drafted.good("outbox", "show", "1", "--json").json["letters"][0]["events"]
    assert (events[-1]["command"], events[-1]["why"]) == ("review", "as shown")


def test_one_stops_in_the_middle_and_resumes_there(drafted, terminal):
    child = terminal()
    press(child, "a")
    press(child, "q")
    assert "1 approved" in ended(child)[0]
    child = terminal()
    child.expect("1 of 2: letter 2")
    press(child, "q")
    ended(child)
    assert drafted.states() == ["approved", "draft", "draft"]


@pytest.mark.long
@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 0)])
def test_ctrl_c_and_end_of_input_approve_nothing_more_and_lose_nothing(
    drafted, terminal, key, code
):
    child = terminal()
    press(child, "a")
    press(child, key)
    said, exit_code = ended(child)
    assert exit_code == code
    assert "1 approved" in said
    assert drafted.states() == ["approved", "draft", "draft"]


@pytest.mark.long
def test_keys_pressed_ahead_of_the_question_do_not_count(drafted, terminal):
    child = terminal()
    child.send("aaaaaa")  # before the letter is there
    press(child, "q")
    ended(child)
    assert drafted.states() == ["draft"] * 3
    child = terminal()
    press(child, "aaaaaa")  # a cat on the keyboard: no key at all, or one
    press(child, "q")
    ended(child)
    assert drafted.states()[1:] == ["draft"] * 2


def test_an_edit_comes_back_to_the_same_letter_with_a_difference(drafted, terminal):
    change = "path.write_text(path.read_text().replace('Sincerely', 'With many thanks'))"
    child = terminal(editor=an_editor(drafted.folder, change))
    press(child, "e")
    child.expect("-Sincerely")
    child.expect(r"\+With many thanks")
    child.expect("1 of 3")
    child.expect("With many thanks")
    press(child, "d")
    child.expect(r"\+Sincerely")
    press(child, "a")
    child.expect("2 of 3")
    press(child, "q")
    ended(child)
    shown = drafted.good("preview", "1").out
    assert "With many thanks" in shown
    assert drafted.states()[0] == "approved"


def test_an_edit_with_a_forbidden_word_is_found_and_cannot_be_approved(drafted, terminal):
    change = "path.write_text(path.read_text().replace('Sincerely', 'Elm 2 Hospital. Sincerely'))"
    child = terminal(editor=an_editor(drafted.folder, change))
    press(child, "e")
    child.expect("1. error other_program")
    press(child, "a")
    child.expect("Not approved: open errors: other_program")
    child.expect_exact('planner approve 1 --override 1 --because "..."')
    press(child, "q")
    ended(child)
    assert drafted.states() == ["draft"] * 3


def test_a_text_without_its_subject_line_is_refused_and_not_lost(drafted, terminal):
    change = (
        "text = path.read_text()\n"
        "path.write_text(text.replace('MINE', 'Subject: Mine') if 'MINE' in text else"
        " 'MINE\\n\\nDear Dr. Abarab,\\n\\nA letter.\\n')"
    )
    child = terminal(editor=an_editor(drafted.folder, change))
    press(child, "e")
    child.expect('The first line must be "Subject: ..."')
    press(child, "e")
    child.expect("Subject: Mine")
    press(child, "q")
    ended(child)
    assert drafted.letters()[0]["subject"] == "Mine"


@pytest.mark.long
def test_an_editor_that_changes_nothing_or_fails_changes_nothing(drafted, terminal):
    child = terminal(editor="true")
    press(child, "e")
    child.expect("Nothing was changed")
    press(child, "q")
    ended(child)
    child = terminal(editor="false")
    press(child, "e")
    child.expect("The editor did not work")
    press(child, "q")
    ended(child)
    assert not any(letter["edited"] for letter in drafted.letters())


def test_another_letter_can_be_chosen(drafted, terminal):
    child = terminal()
    press(child, "l")
    child.expect(r"(\d) improvement: Step 1 was weak or failed")
    number = child.match[1]
    press(child, number, "Which letter")
    assert "retake" not in child.before, "no letter is offered whose claim is false"
    child.expect(r"\[improvement\]")
    press(child, "q")
    ended(child)
    assert drafted.letters()[0]["letter"] == "improvement"


@pytest.mark.long
def test_one_goes_back_and_leaves_out(drafted, terminal):
    child = terminal()
    press(child, "n")
    child.expect("2 of 3")
    press(child, "b")
    child.expect("1 of 3")
    press(child, "x")
    child.expect("Letter 1 left out")
    child.expect("2 of 3")
    press(child, "q")
    assert "1 left out" in ended(child)[0]
    assert drafted.states() == ["left_out", "draft", "draft"]
    child = terminal("1")
    child.expect("1 of 1: letter 1")
    press(child, "q")
    ended(child)
    assert drafted.states()[0] == "left_out"  # looking at it decides nothing
    child = terminal("1")
    press(child, "a")
    child.expect("Letter 1 approved")
    ended(child)
    assert drafted.states()[0] == "approved"


def test_why_difference_help_and_a_wrong_key_stay_with_the_letter(drafted, terminal):
    child = terminal()
    press(child, "w")
    child.expect("The table, down to the row that decides")
    press(child, "d")
    child.expect("Nothing: today's facts would write the same letter")
    press(child, "?")
    child.expect("a  approve: freeze this letter")
    press(child, "z")
    child.expect("not a key here")
    press(child, " ")
    child.expect("Here is the letter again")
    child.expect("1 of 3")
    press(child, "q")
    assert ended(child)[1] == 0


def test_warnings_are_asked_about_once(desk, terminal):
    desk.a_list(1)
    desk.good("draft")
    desk.edit(1, "Sincerely", "May I call? Or may I write?\n\nSincerely")
    assert {f["severity"] for f in desk.letters()[0]["findings"]} == {"warning"}
    child = terminal()
    press(child, "a")
    press(child, "n", "Approve anyway")
    child.expect("Not approved")
    press(child, "a")
    press(child, "y", "Approve anyway")
    child.expect("Letter 1 approved")
    ended(child)
    assert desk.states() == ["approved"]


def test_facts_that_moved_under_an_edit_are_shown_before_one_decides(drafted, terminal):
    drafted.edit(1, "Dear", "Hello")
    drafted.good("programs", "set", "1", "director_last_name=Berg")
    drafted.good("draft")
    child = terminal()
    child.expect("The facts behind it have changed")
    press(child, "d")
    child.expect("Abarab, -> Dear Dr. Berg")
    press(child, "a")
    child.expect("Not approved: facts changed after your edit")
    press(child, "q")
    ended(child)


@pytest.mark.long
def test_a_small_terminal_shows_a_letter_a_screen_at_a_time(drafted, terminal):
    child = terminal(rows=16, columns=80)
    child.expect(r"more lines?: any key, or q")
    assert max(map(len, child.before.splitlines())) <= 80
    child.send(" ")
    press(child, "a")
    child.expect("Letter 1 approved")
    child.expect("any key, or q")
    child.send("q")
    ended(child)
    assert drafted.states() == ["approved", "draft", "draft"]


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (60, 200)])
def test_color_is_left_out_where_it_is_not_wanted(drafted, terminal, rows, columns):
    child = terminal(rows=rows, columns=columns, NO_COLOR="1")
    child.expect(["any key", PROMPT])
    child.send(" ")
    child.expect(PROMPT)
    child.send("a")
    child.expect("2 of 3")
    assert "\x1b[3" not in child.before
    child.close(force=True)


def test_without_a_terminal_it_says_what_to_use_instead(drafted):
    done = drafted.type("review")
    assert done.code == 2
    assert "needs a terminal" in done.err
    assert "planner approve" in done.err


def test_without_drafts_it_says_how_to_get_some(desk, terminal):
    child = terminal()
    assert "planner draft writes them" in ended(child)[0]


def test_a_text_that_is_not_the_one_on_the_screen_is_not_approved(drafted, terminal):
    child = terminal("1")
    child.expect(PROMPT)
    drafted.edit(1)
    drafted.good("preview", "1")
    child.send("a")
    child.expect("was changed in the meantime")
    child.expect("Here is the letter again")
    child.expect("Yours")
    press(child, "q")
    ended(child)
    assert drafted.states()[0] == "draft"


@pytest.mark.long
@pytest.mark.parametrize("key", ["e", "x", "l"])
def test_no_verb_touches_a_letter_that_was_changed_meanwhile(drafted, terminal, key):
    change = "path.write_text(path.read_text().replace('Sincerely', 'With thanks'))"
    child = terminal("1", editor=an_editor(drafted.folder, change))
    child.expect(PROMPT)
    drafted.edit(1)
    child.send(key)
    if key == "l":
        press(child, "1", "Which letter")
    child.expect("was changed in the meantime")
    if key == "e":
        child.expect(r"Your\s+text is in (\S+)")
    press(child, "q")
    ended(child)
    assert "Yours" in drafted.good("preview", "1").out
    assert drafted.states()[0] == "draft"


@pytest.mark.long
def test_an_edit_is_thrown_away_only_when_that_is_asked_for(drafted, terminal):
    drafted.edit(1)
    child = terminal("1")
    for key, asks in (("\r", False), ("k", True), ("t", True)):
        press(child, "l")
        child.expect(r"(\d) improvement")
        press(child, child.match[1], "Which letter")
        press(child, key, "eep your edited text")
        if asks:
            child.expect(r"\[improvement\]")
        child.expect(PROMPT)
        child.send(" ")
        kept = "Yours" in drafted.good("preview", "1", "--json").json["letters"][0]["body"]
        assert kept is (key != "t")
    press(child, "q")
    ended(child)


def test_a_reviewer_may_stand_by_a_text_under_which_facts_have_moved(drafted, terminal):
    drafted.edit(1)
    drafted.good("programs", "set", "1", "interview_date=2026-10-15")
    drafted.good("draft")
    child = terminal("1", editor="true")
    press(child, "e")
    press(child, "y", "Keep your text as it is")
    press(child, "a")
    child.expect(["Letter 1 approved", "Approve anyway"])
    if "same" in child.after:
        child.send("y")
        child.expect("Letter 1 approved")
    ended(child)
    assert drafted.states()[0] == "approved"


def test_a_reason_is_asked_for_in_its_sentence_and_goes_into_the_letter(drafted, terminal):
    child = terminal("1")
    press(child, "r")
    child.expect(r"excited\s+about\s+____")
    child.expect("reason: ")
    child.sendline("because of your street clinic")
    child.expect(r"excited\s+about\s+your\s+street\s+clinic")
    child.expect("Keep it")
    child.sendline("y")
    child.expect("Here is the letter again")
    child.expect(r"excited\s+about\s+your\s+street\s+clinic")
    press(child, "r")
    child.expect("The current reason: because of your street clinic")
    child.expect("reason: ")
    child.sendline("")
    press(child, "q")
    assert ended(child)[1] == 0


@pytest.mark.long
def test_one_may_stand_by_it_in_planner_edit_too(drafted, terminal):
    drafted.edit(1)
    drafted.good("programs", "set", "1", "interview_date=2026-10-15")
    drafted.good("draft")
    child = terminal("1", command="edit", editor="true")
    child.expect("interview day: .*October 15")
    child.expect("Keep your text as it is")
    child.sendline("y")
    ended(child)
    assert "stale" not in drafted.good("draft").out
    drafted.good("approve", "1", "--unseen")


def test_a_letter_that_has_left_is_refused_before_the_editor_opens(drafted, terminal):
    drafted.good("approve", "1", "--unseen")
    drafted.good("hand", "1", "--json")
    drafted.good("outbox", "resolve", "1", "--delivered")
    change = "pathlib.Path('opened').touch()"
    child = terminal("1", command="edit", editor=an_editor(drafted.folder, change))
    child.expect("is sent: it has left, or may have, and cannot be edited")
    assert ended(child)[1] == 3
    assert not (drafted.folder / "opened").exists()


def test_a_refusal_and_where_the_text_is_are_two_sentences(tmp_path):
    error = EditingError(MoveRefusedError("No.", code="wrong_state", letter=4), tmp_path / "x.txt")
    assert re.search(r"shows its history\. Your text is in /", error.hint)


@pytest.mark.long
def test_a_text_that_is_no_utf_8_is_kept_and_said(drafted, terminal):
    change = "path.write_bytes(path.read_bytes() + b'\\xfc')"
    child = terminal("1", editor=an_editor(drafted.folder, change))
    press(child, "e")
    child.expect("is not valid UTF-8")
    child.expect(r"Your\s+text is in")
    press(child, "q")
    assert ended(child)[1] == 0
