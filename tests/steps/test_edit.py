"""An edit: which characters it may bring, and which wording the letter is held against."""

import json

import pytest

from planner.steps.edit import edit, open_to_edit
from planner.wiring import Workspace

HIDDEN = ["\x1b", "\x07", "\x0c", "\x9b", "\x85", "\xad", "\u200b", "\u2028", "\u202e", "\ufeff"]


def edited(desk, body, number=1):
    (desk.folder / "mine.txt").write_text(body, "utf-8", newline="")
    return desk.type("edit", number, "--body-file", "mine.txt")


@pytest.mark.parametrize("character", HIDDEN, ids=ascii)
def test_an_edit_with_a_hidden_character_names_letter_line_and_character(desk, character):
    desk.a_list(2)
    desk.good("draft")
    before = desk.letters()
    done = edited(desk, f"Dear Dr. Abarab,\r\n\r\nA 2{character}48.\r\n")
    assert done.code == 2
    assert f"Letter 1, body, line 3, character 4: U+{ord(character):04X}" in done.err
    done = desk.type("edit", 1, "--subject", f"Step 2{character}")
    assert done.code == 2
    assert f"Letter 1, subject, character 7: U+{ord(character):04X}" in done.err
    assert desk.letters() == before
    desk.good("preview")


@pytest.mark.parametrize(("break_", "name"), [("\n", "LINE FEED"), ("\t", "TAB")])
def test_a_subject_with_a_break_in_it_is_refused(desk, break_, name):
    desk.a_list(1)
    desk.good("draft")
    done = desk.type("edit", 1, "--subject", f"Step 2{break_}Bcc: all@evil.example")
    assert (done.code, name in done.err) == (2, True)


def test_line_ends_of_any_kind_tabs_and_honest_joiners_are_text(desk):
    desk.a_list(1)
    desk.good("draft")
    text = "Dear Dr. Abarab,\r\rA\t248 \u0645\u06cc\u200c\u062e \u2764\ufe0f.\r\n\r\nSincerely,\nRobin\n"
    done = edited(desk, text)
    assert done.code == 0, done.err
    body = desk.good("preview", 1, "--json").json["letters"][0]["body"]
    assert body.splitlines()[2] == "A\t248 \u0645\u06cc\u200c\u062e \u2764\ufe0f."


def wording(desk, number=1):
    ((facts,),) = desk.sql(f"SELECT facts FROM letters WHERE id = {number}")
    return json.loads(facts)["voice"] if isinstance(facts, str) else facts["voice"]


def another(desk):
    return next(v for v in "1234" if v != wording(desk))


def test_a_wording_that_was_chosen_stays_with_its_letter_and_can_be_approved(desk):
    desk.drafted(2)
    ws = Workspace("config.toml")
    voice = another(desk)
    kind = open_to_edit(ws, 1).letter
    chosen = edit(ws, 1, kind=kind, voice=voice)
    assert wording(desk) == voice
    desk.good("draft")
    assert open_to_edit(ws, 1).body == chosen.body
    desk.good("approve", "1", "--unseen")
    assert desk.good("draft").code == 0
    assert desk.states() == ["approved", "draft"]
    assert wording(desk, 2) != voice


def test_another_wording_in_the_config_moves_only_letters_without_one_of_their_own(desk):
    desk.drafted(2)
    ws = Workspace("config.toml")
    voice = another(desk)
    edit(ws, 1, kind=open_to_edit(ws, 1).letter, voice=voice)
    third = next(v for v in "1234" if v not in (voice, wording(desk, 2)))
    desk.configure(more=f"[letters]\nvoice = {third}")
    desk.good("draft")
    assert (wording(desk, 1), wording(desk, 2)) == (voice, third)


def test_an_edit_of_a_chosen_wording_is_held_against_that_wording(desk):
    desk.drafted(1)
    ws = Workspace("config.toml")
    edit(ws, 1, kind=open_to_edit(ws, 1).letter, voice=another(desk))
    desk.edit(1)
    letter = open_to_edit(ws, 1)
    assert letter.edited
    assert [f["code"] for f in letter.findings] == []


def test_an_edit_back_to_the_text_of_the_templates_is_no_edit(desk):
    desk.drafted(1)
    ws = Workspace("config.toml")
    before = open_to_edit(ws, 1)
    desk.edit(1)
    assert open_to_edit(ws, 1).edited
    desk.edit(1, old="Yours", new="Sincerely")
    after = open_to_edit(ws, 1)
    assert not after.edited
    assert after.content_digest == before.content_digest


def test_a_kind_that_was_chosen_in_the_wording_of_the_config_goes_on_to_follow_it(desk):
    desk.drafted(1)
    ws = Workspace("config.toml")
    kind, own = open_to_edit(ws, 1).letter, wording(desk)
    edit(ws, 1, kind=kind, voice=another(desk))
    edit(ws, 1, kind=kind, voice=own)
    other = another(desk)
    desk.configure(more=f"[letters]\nvoice = {other}")
    desk.good("draft")
    assert wording(desk) == other
