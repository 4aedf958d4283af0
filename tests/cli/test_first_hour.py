"""The first hour: what a beginner mistypes, looks for, and must not be left to find out."""

import pytest


def table(out):
    """The rows of a table of letters."""
    return [line for line in out.splitlines() if " #" in line]


@pytest.mark.parametrize(
    ("line", "said", "hint"),
    [
        ("name = “Robin Sample”", "line 3 has a curly quote (“)", "straight ones"),
        ('name = "Robin Sample”', "line 3 has a curly quote (”)", "straight ones"),
        ("name = ‘Robin Sample’", "line 3 has a curly quote (‘)", "straight ones"),
        ('name = "Robin"\nname = "Sample"', "overwrite", "stands once"),
        ('name = "Robin"\n[step1]', "twice", "stands once"),
        ("name = Robin", "not valid TOML", "Text needs quotes"),
    ],
)
def test_a_slip_in_the_config_is_named_for_what_it_is(desk, line, said, hint):
    path = desk.folder / "config.toml"
    path.write_text(path.read_text().replace('name = "Robin Sample"', line))
    done = desk.type("status")
    assert done.code == 2
    assert said in done.err
    assert hint in done.err


@pytest.mark.sqlite_only
def test_a_line_with_a_curly_quote_is_not_shown_for_it_may_hold_a_secret(desk):
    path = desk.folder / "config.toml"
    path.write_text(path.read_text() + "password_command = “canary-9d1”\n")
    assert "canary-9d1" not in desk.type("status").err


def test_words_of_the_config_are_taken_as_people_write_them(desk):
    path = desk.folder / "config.toml"
    text = path.read_text().replace("result = 228", 'result = "Pass"')
    text = text.replace('"not_reported"', '"Not_Reported"').replace('auth = "none"', "")
    path.write_text(text.replace('security = "none"', 'security = "TLS"\nprovider = "Gmail"'))
    assert desk.good("status").code == 0


@pytest.mark.parametrize("word", ["unsend", "recall"])
def test_what_left_cannot_be_called_back_and_that_is_said(desk, word):
    done = desk.type(word, "1")
    assert (done.code, "cannot be recalled; planner cancel" in done.err) == (2, True)


def told(desk):
    """Two letters, of which the first is told to have arrived; on October 20."""
    desk.approved(2)
    desk.good("hand", "1", "--json")
    desk.good("outbox", "resolve", "1", "--delivered")


def test_lists_say_when_a_program_was_told(desk):
    desk.drafted(2)
    assert "SENT ON" not in desk.good("outbox", "list").out
    desk.good("approve", "1-2", "--unseen")
    desk.good("hand", "1", "--json")
    desk.good("outbox", "resolve", "1", "--delivered")
    first, second = table(desk.good("outbox", "list").out)
    assert "2026-10-20" in first
    assert "2026-10-20" not in second
    assert "was sent on 2026-10-20" in " ".join(desk.good("plan").out.split())
    desk.good("programs", "export", "back.csv")
    header, *rows = (desk.folder / "back.csv").read_text("utf-8-sig").splitlines()
    assert header.endswith(",letter sent on")
    assert [row.rpartition(",")[2] for row in rows] == ["2026-10-20", ""]
    again = desk.good("import", "back.csv", "--json").json
    assert (again["changed"], again["unchanged"]) == (0, 2)


def test_draft_and_outbox_show_the_number_by_which_plan_knows_a_program(desk):
    desk.a_list(1)
    desk.good("programs", "remove", "1")
    desk.a_list(3)
    desk.good("draft")
    for command in (["draft"], ["outbox", "list"]):
        out = desk.good(*command).out
        assert "#2 Elm 2 Hospital" in out, command


def test_drafts_that_the_plan_no_longer_wants_are_cleared_by_the_command_that_is_shown(desk):
    desk.drafted(3)
    desk.good("programs", "set", "2", "status=rejected")
    desk.good("draft")
    found = {b["code"]: b for b in desk.good("status", "--json").json["blocked_by"]}
    assert found["unwanted"]["command"] == "planner leave-out 2"
    assert found["unapproved"]["text"].startswith("2 still to read and approve")
    desk.good(*found["unwanted"]["command"].split()[1:])
    assert "unwanted" not in desk.good("status").out
    assert desk.states() == ["draft", "left_out", "draft"]


def test_a_score_that_changed_after_letters_left_is_said(desk):
    told(desk)
    assert "the config says" not in desk.good("status").out
    desk.configure(score="score = 246")
    said = " ".join(desk.good("status").out.split())
    assert "1 sent letter says 248, and the config says 246" in said
    assert "planner outbox list --state sent" in said


def test_the_plan_remembers_which_letters_were_left_out(desk):
    desk.drafted(2)
    assert "took its letter out" not in desk.good("plan").out
    desk.good("leave-out", "1")
    said = desk.good("plan").out
    assert said.count("You took its letter out (left_out)") == 1


def test_a_script_hears_first_that_a_letter_does_not_exist(desk):
    desk.approved(1)
    assert "99" in desk.type("hand", "99").err
    assert "needs a terminal" not in desk.type("hand", "99").err
    assert "needs a terminal" in desk.type("hand", "1").err


def test_the_help_of_hand_says_what_json_does_to_letters(desk):
    assert "(exported)" in desk.good("hand", "--help").out
