"""The page does what the commands do, and only to what was on the screen in its present form."""

import html
import json
import re
import socket

import pytest

pytest.importorskip("starlette", reason="the page's parts are not installed: make .venv/.ready")

from tests.fakes import ScriptedServer
from tests.page import review_page

HOSTILE = """Dear Dr. Abarab,

<script>alert(1)</script><img src=x onerror=alert(2)> & "quotes" {{ 7 * 7 }}
</div></main><style>*{display:none}</style> my USMLE Step 2 CK score is 248 \u00e9\u4e2d

Sincerely,
Robin Sample
"""


@pytest.fixture
def page(desk):
    desk.drafted(3)
    with review_page() as found:
        found.enter()
        yield found


def test_a_letter_that_was_on_the_screen_is_approved(page, desk):
    found = page.seen(1)
    done = page.post("/letters/1/approve", version=found["version"])
    assert done.json["say"].startswith("Letter 1 is approved.")
    assert desk.states() == ["approved", "draft", "draft"]
    ((why,),) = desk.sql("select why from events where to_state = 'approved'")
    assert why == "as shown"


def test_one_that_was_not_on_the_screen_is_not(page, desk):
    found = page.read(1)
    done = page.post("/letters/1/approve", version=found["version"])
    assert done.status == 422
    assert "has not been shown" in done.json["error"]
    assert desk.states() == ["draft"] * 3


@pytest.mark.parametrize(
    "do",
    ["shown", "approve", "leave-out", "edit", "reason", "correct", "take-back", "hand", "resolve"],
)
def test_another_command_in_between_is_told_and_nothing_is_overwritten(page, desk, do):
    found = page.seen(1)
    desk.edit(1)
    before = desk.letters()
    mine = {"subject": "Mine", "body": "Mine.\n", "reason": "mine"}
    mine |= {"field": "institution", "value": "Mine", "was": ""}
    done = page.post(f"/letters/1/{do}", version=found["version"], **mine)
    assert done.status == 409
    assert "changed in the meantime" in done.json["error"]
    assert "Yours" in done.json["now"]["body"]
    assert "Mine." in html.unescape(done.json["conflict"])
    assert desk.letters() == before


def test_after_a_conflict_mine_can_be_saved_over_it(page, desk):
    found = page.seen(1)
    desk.edit(1)
    mine = {"subject": found["subject"], "body": found["body"].replace("Sincerely", "Truly")}
    conflict = page.post("/letters/1/edit", version=found["version"], **mine).json
    assert page.post("/letters/1/edit", version=conflict["now"]["version"], **mine).status == 200
    assert "Truly" in page.read(1)["body"]


def test_two_tabs_that_save_at_once_lose_nothing(page):
    found = page.seen(1)
    texts = [found["body"].replace("Sincerely", word) for word in ("Truly", "Kindly")]
    done = [
        page.post("/letters/1/edit", version=found["version"], subject="S", body=text)
        for text in texts
    ]
    assert [answer.status for answer in done] == [200, 409]
    assert "Kindly" in done[1].json["conflict"]
    assert "Truly" in page.read(1)["body"]


def test_what_was_approved_or_left_out_is_taken_back(page, desk):
    out = page.post("/letters/2/leave-out", version=page.seen(2)["version"]).json
    approved = page.post("/letters/1/approve", version=page.seen(1)["version"]).json
    assert desk.states() == ["approved", "left_out", "draft"]
    for number, done in ((1, approved), (2, out)):
        assert page.post(f"/letters/{number}/take-back", version=done["version"]).status == 200
    assert desk.states() == ["draft"] * 3


def test_a_text_that_is_tried_is_looked_at_and_not_kept(page, desk):
    before = desk.letters()
    body = page.read(1)["body"].replace("Sincerely", "I beg you, rank me first.\n\nSincerely")
    done = page.post("/letters/1/try", subject="Update", body=body)
    assert "asks_rank" in done.json["html"]
    assert "I beg you, rank me first." in done.json["html"]
    assert desk.letters() == before


def test_the_words_of_a_line_that_changed_are_marked(page):
    body = page.read(1)["body"].replace("Step 2 CK", "Step Two CK", 1)
    shown = page.post("/letters/1/try", subject="Update", body=body).json["html"]
    assert '<b class="part">Two</b>' in shown


def test_another_letter_and_another_reason_are_shown_before_they_are_kept(page, desk):
    before = desk.letters()
    assert "now" in page.post("/letters/1/try", kind="strong_score").json["html"]
    tried = page.post("/letters/1/try", reason="the rural clinic").json["html"]
    assert desk.letters() == before
    kept = page.post("/letters/1/edit", version=page.read(1)["version"], kind="strong_score").json
    assert kept["kind"] == "strong_score"
    tried = page.post("/letters/1/try", reason="the rural clinic").json["html"]
    assert "the rural clinic" in tried
    done = page.post("/letters/1/reason", version=kept["version"], reason="the rural clinic").json
    assert "the rural clinic" in done["body"]
    assert done["reason"] == "the rural clinic"


def test_a_letter_that_would_not_be_true_is_refused(page):
    done = page.post("/letters/1/try", kind="retake")
    assert done.status == 422
    assert "would not be true" in done.json["error"]


def test_a_hostile_letter_is_text(page, desk):
    found = page.seen(1)
    long = HOSTILE + "x" * 200_000
    done = page.post("/letters/1/edit", version=found["version"], subject="<b>S</b>", body=long)
    assert done.status == 200
    shown = done.json["html"]
    for markup in ("<script", "<img", "<style", "<b>S"):
        assert markup not in shown
    assert html.unescape(shown).count("x" * 1000) >= 1
    assert "&lt;script&gt;" in shown
    assert "{{ 7 * 7 }}" in shown


def test_a_character_that_no_reader_sees_is_refused_and_named(page):
    found = page.read(1)
    done = page.post("/letters/1/edit", version=found["version"], subject="a\u202eb", body="B")
    assert done.status == 422
    assert "U+202E" in done.json["error"]
    assert page.read(1)["version"] == found["version"]


def test_every_program_is_in_the_list_with_or_without_a_letter(desk):
    desk.drafted(2)
    row = {"Program": "Søndre Møre Hospital", "Specialty": "IM", "Status": "rejected"}
    desk.good("import", desk.sheet(row, name="more.csv"))
    with review_page() as page:
        page.enter()
        shown = page.get("/list").json["html"]
        assert shown.count('class="row"') == 3
        assert "Søndre Møre Hospital" in shown
        assert "no letter" in shown
        shown = page.get("/programs/3/why").json["html"]
        assert "Not in play" in shown
        assert "planner programs set 3 FIELD=VALUE" in shown
        assert page.get("/programs/99/why").status == 404
        assert page.post("/letters/99/read").status == 404


def test_only_the_letters_that_were_named_are_in_the_list(desk):
    desk.drafted(3)
    with review_page([2]) as page:
        page.enter()
        assert page.get("/list").json["html"].count('class="row"') == 1


def test_what_would_be_sent_is_shown_in_the_words_of_the_command(page, desk):
    assert "Nothing to send" in page.get("/send").json["html"]
    page.post("/letters/1/approve", version=page.seen(1)["version"])
    shown = page.get("/send").json["html"]
    assert "1 letter from robin@applicant.example" in shown
    assert "planner send" in shown
    assert desk.states() == ["approved", "draft", "draft"]


def test_a_letter_is_handed_over_and_only_then_its_links_are_there(page, desk):
    found = page.post("/letters/1/approve", version=page.seen(1)["version"]).json
    assert "mailto:" not in page.read(1)["html"]
    handed = page.post("/letters/1/hand", version=found["version"]).json
    assert desk.states()[0] == "exported"
    assert 'href="mailto:pd1@elm1.example?' in handed["html"]
    assert "planner hand 1" in handed["html"]
    done = page.post("/letters/1/resolve", version=handed["version"], sent=True)
    assert done.status == 200
    assert desk.states()[0] == "sent"


def test_one_that_was_not_sent_after_all_is_a_draft_again(page, desk):
    found = page.post("/letters/1/approve", version=page.seen(1)["version"]).json
    handed = page.post("/letters/1/hand", version=found["version"]).json
    page.post("/letters/1/resolve", version=handed["version"], sent=False)
    assert desk.states()[0] == "draft"


def test_one_that_was_not_sent_is_said_to_need_another_approval(page):
    found = page.post("/letters/1/approve", version=page.seen(1)["version"]).json
    handed = page.post("/letters/1/hand", version=found["version"], way="gmail").json
    assert "open it in Gmail in your browser" in handed["say"]
    done = page.post("/letters/1/resolve", version=handed["version"], sent=False).json
    assert "approve it again" in done["say"]


@pytest.mark.parametrize("way", ["telegram", ["gmail"], None])
def test_a_way_that_there_is_not_hands_nothing_over(page, desk, way):
    found = page.post("/letters/1/approve", version=page.seen(1)["version"]).json
    assert page.post("/letters/1/hand", version=found["version"], way=way).status == 422
    assert desk.states()[0] == "approved"


def test_an_approved_letter_names_the_ways_to_send_it_by_hand_and_no_link_yet(page):
    assert "Gmail in your browser" not in page.read(1)["html"]
    page.post("/letters/1/approve", version=page.seen(1)["version"])
    shown = page.read(1)["html"]
    assert 'data-way="gmail">Gmail in your browser' in shown
    assert "mail.google.com" not in shown


def test_an_edit_of_an_approved_letter_says_that_its_approval_is_gone(page):
    found = page.post("/letters/1/approve", version=page.seen(1)["version"]).json
    body = page.read(1)["body"].replace("Sincerely", "Yours")
    done = page.post("/letters/1/edit", version=found["version"], subject="S", body=body).json
    assert "Approval withdrawn: approve it again." in done["say"]
    again = page.post("/letters/1/edit", version=done["version"], subject="T", body=body).json
    assert "Approval withdrawn" not in again["say"]


def test_an_edit_that_is_undone_is_no_edit(page):
    found = page.read(1)
    body = found["body"].replace("Sincerely", "Yours")
    text = {"subject": found["subject"], "body": body}
    edited = page.post("/letters/1/edit", version=found["version"], **text).json
    assert "edited by you" in edited["html"]
    text = {"subject": found["subject"], "body": found["body"]}
    undone = page.post("/letters/1/edit", version=edited["version"], **text).json
    assert "edited by you" not in undone["html"]


def test_kind_and_wording_are_shown_and_saved_together(page):
    found = page.read(1)
    voice = next(v for v in "1234" if v != found["voice"])
    said = {"kind": "strong_score", "voice": voice}
    tried = page.post("/letters/1/try", **said).json
    assert tried["differs"]
    same = page.post("/letters/1/try", kind=found["kind"], voice=found["voice"]).json
    assert not same["differs"]
    kept = page.post("/letters/1/edit", version=found["version"], **said).json
    assert (kept["kind"], kept["voice"]) == ("strong_score", voice)
    assert not page.post("/letters/1/try", **said).json["differs"]
    assert page.post("/letters/2/try", kind="strong_score", voice="5").status == 422


def test_the_page_says_what_to_press_and_not_what_to_type(page):
    body = page.read(1)["body"].replace("Sincerely", "I beg you, rank me first.\n\nSincerely")
    found = page.read(1)
    page.post("/letters/1/edit", version=found["version"], subject="S", body=body)
    seen = page.seen(1)
    refused = page.post("/letters/1/approve", version=seen["version"]).json
    assert refused["hint"].startswith("Press Edit (e)")
    assert "planner preview" not in refused["hint"]
    assert "1 error" in seen["html"]
    assert 'class="main" data-do="approve"' not in seen["html"]


def test_a_draft_is_not_handed_over(page, desk):
    done = page.post("/letters/1/hand", version=page.seen(1)["version"])
    assert done.status == 422
    assert "is not handed over" in done.json["error"]
    assert desk.states() == ["draft"] * 3


def test_a_config_that_changes_is_read_again(page, desk):
    version = page.seen(1)["version"]
    desk.configure(s1=228, score="score = 251")
    assert "251" in page.read(1)["html"]
    done = page.post("/letters/1/approve", version=version)
    assert "its facts have changed" in done.json["error"]
    (desk.folder / "config.toml").write_text("[applicant")
    broken = page.post("/letters/1/read")
    assert broken.status == 422
    assert "config.toml" in broken.json["error"]


def test_what_another_command_wrote_is_seen_at_once(page, desk):
    page.seen(1)
    desk.good("programs", "set", "1", "contact_policy=none")
    assert "They do not want email" in html.unescape(page.read(1)["html"])


def test_a_bug_is_a_sentence_and_the_page_goes_on(page, monkeypatch):
    monkeypatch.setattr("planner.steps.overview.overview", lambda ws: 1 / 0)
    done = page.get("/list")
    assert done.status == 500
    assert "bug in planner" in done.json["error"]
    assert page.get("/standing").status == 200


def test_the_end_of_the_page_ends_the_command(desk):
    desk.drafted(1)
    with review_page() as page:
        page.enter()
        assert "has ended" in page.post("/end").json["say"]


def test_documents_are_plain_json(page):
    assert json.loads(page.post("/letters/1/read").text)["number"] == 1


@pytest.fixture
def doubtful(desk):
    """Two letters with the same reason, the second one to a program without a name of its own."""
    rows = [
        {"Program": "Elm Hospital", "PD Email": "pd@elm.example", "Director": "Ada Abarab"},
        {"Program": "Internal Medicine Residency", "PD Email": "pd@oak.example", "Director": ""},
    ]
    more = {"Specialty": "IM", "Status": "interviewed", "Why": "the rural clinic"}
    desk.good("import", desk.sheet(*({**row, **more} for row in rows)))
    desk.good("draft")
    with review_page() as found:
        found.enter()
        yield found


def codes(page, number):
    """What stands in the list of findings as codes."""
    return re.findall(r"(?:error|warning) (\w+)</span>", page.read(number)["html"])


def stand(page, number, because="their partner hospital", **more):
    """Approve a letter as it is, with a reason for each error."""
    found = page.seen(number)
    listed = re.findall(r'data-finding="(\d+)"', found["html"])
    overrides = [{"finding": one, "because": because} for one in listed]
    said = {"version": found["version"], "listed": found["listed"], "overrides": overrides}
    return page.post(f"/letters/{number}/approve", **{**said, **more})


def test_a_finding_has_words_and_its_code_is_small(doubtful):
    shown = doubtful.read(1)["html"]
    assert "<b>Another program has the same reason</b>" in shown
    assert '<span class="code">error generic_reason</span>' in shown


def test_an_error_that_is_no_mistake_stands_with_its_reason(doubtful, desk):
    assert stand(doubtful, 1).status == 200
    assert desk.states() == ["approved", "draft"]
    ((why,),) = desk.sql("select why from events where to_state = 'approved'")
    assert "override generic_reason: their partner hospital" in why
    shown = doubtful.read(1)
    assert "1 error" not in shown["row"]
    assert "You let it stand: their partner hospital" in shown["html"]
    assert shown["errors"] == 0


def test_nothing_stands_without_a_reason(doubtful, desk):
    done = stand(doubtful, 1, because=" \n ")
    assert (done.status, "say why it may stand" in done.json["error"]) == (422, True)
    assert desk.states() == ["draft"] * 2


def test_nothing_stands_in_a_letter_that_was_not_on_the_screen(doubtful, desk):
    found = doubtful.read(1)
    said = {"version": found["version"], "listed": found["listed"]}
    overrides = [{"finding": "1", "because": "x"}]
    done = doubtful.post("/letters/1/approve", overrides=overrides, **said)
    assert (done.status, "has not been shown" in done.json["error"]) == (422, True)


def test_a_finding_that_is_another_one_by_now_does_not_stand(doubtful, desk):
    """The numbers are those of the list that was on the screen, not of one that came after it."""
    found = doubtful.seen(1)
    desk.good("programs", "set", "1", "notes=they said no more emails")
    assert doubtful.read(1)["version"] == found["version"]
    overrides = [{"finding": "1", "because": "x"}]
    said = {"version": found["version"], "listed": found["listed"], "overrides": overrides}
    done = doubtful.post("/letters/1/approve", **said)
    assert (done.status, "look again" in done.json["error"]) == (409, True)
    assert done.json["now"]["listed"] != found["listed"]
    assert desk.states() == ["draft"] * 2


def test_what_must_be_fixed_has_no_form_to_let_it_stand(doubtful, desk):
    found = doubtful.read(1)
    body = found["body"].replace("Sincerely", "Please rank me first.\n\nSincerely")
    text = {"subject": found["subject"], "body": body}
    done = doubtful.post("/letters/1/edit", version=found["version"], **text).json
    assert 'class="own stand"' not in done["html"]
    refused = doubtful.post("/letters/1/approve", version=doubtful.seen(1)["version"]).json
    assert "open errors (finding" in refused["error"]
    assert "must be fixed" in refused["hint"]


def test_a_place_and_a_name_that_are_missing_are_set_from_the_letter(doubtful):
    assert {"no_place", "no_director_name"} <= {*codes(doubtful, 2)}
    for field, value in (("institution", "Oak Hospital"), ("director_last_name", "Núñez")):
        version = doubtful.read(2)["version"]
        said = {"field": field, "value": value, "was": ""}
        done = doubtful.post("/letters/2/correct", version=version, **said)
        assert (done.status, value in done.json["body"]) == (200, True), done.text
        assert done.json["say"] == "Letter 2 is written again."
    assert not {"no_place", "no_director_name"} & {*codes(doubtful, 2)}


def test_a_correction_is_undone_with_what_the_page_was_told(doubtful):
    before = doubtful.read(2)
    said = {"field": "institution", "value": " Oak  Hospital ", "was": ""}
    done = doubtful.post("/letters/2/correct", version=before["version"], **said).json
    assert done["corrected"] == {"value": "", "was": "Oak Hospital"}
    said = {"field": "institution", **done["corrected"]}
    back = doubtful.post("/letters/2/correct", version=done["version"], **said).json
    assert back["body"] == before["body"]


def test_a_field_that_another_command_set_is_told_and_not_overwritten(doubtful, desk):
    found = doubtful.read(2)
    desk.good("programs", "set", "2", "institution=Ash Hospital")
    said = {"version": found["version"], "field": "institution", "value": "Oak", "was": ""}
    done = doubtful.post("/letters/2/correct", **said)
    assert (done.status, "to “Ash Hospital”" in done.json["error"]) == (409, True)
    assert "Ash Hospital" in desk.good("programs", "show", "2").out


def test_a_reason_that_another_command_set_is_not_overwritten(doubtful, desk):
    found = doubtful.read(1)
    desk.good("programs", "set", "1", "reason=the night clinic")
    said = {"version": found["version"], "reason": "mine", "was": found["reason"]}
    assert doubtful.post("/letters/1/reason", **said).status == 409
    assert doubtful.read(1)["reason"] == "the night clinic"


def test_a_value_that_the_field_cannot_hold_is_refused_with_a_sentence(doubtful):
    version = doubtful.read(2)["version"]
    said = {"field": "told_on", "value": "someday", "was": ""}
    done = doubtful.post("/letters/2/correct", version=version, **said)
    assert (done.status, "is not understood" in done.json["error"]) == (422, True)


def test_a_note_that_is_true_takes_the_letter_out_of_the_plan(doubtful, desk):
    desk.good("programs", "set", "1", "notes=they said no more emails")
    found = doubtful.read(1)
    assert '<option value="3" data-field="contact_policy"' in found["html"]
    said = {"field": "contact_policy", "value": "none", "was": "open"}
    done = doubtful.post("/letters/1/correct", version=found["version"], **said).json
    assert done["say"] == "Letter 1 is no longer wanted: leave it out."
    assert 'class="main" data-do="approve"' not in done["html"]
    said = {"field": "contact_policy", **done["corrected"]}
    back = doubtful.post("/letters/1/correct", version=done["version"], **said).json
    assert back["say"] == "Letter 1 is written again."
    assert codes(doubtful, 1) == ["generic_reason", "note_contradicts"]


def test_a_correction_leaves_an_edited_text_alone_and_says_that_it_is_out_of_date(doubtful):
    found = doubtful.read(2)
    body = found["body"].replace("Sincerely", "Yours")
    text = {"subject": found["subject"], "body": body}
    edited = doubtful.post("/letters/2/edit", version=found["version"], **text).json
    said = {"field": "institution", "value": "Oak Hospital", "was": ""}
    done = doubtful.post("/letters/2/correct", version=edited["version"], **said).json
    assert done["body"] == edited["body"]
    assert "out of date" in done["html"]
    assert done["say"] == "Letter 2 is kept as you edited it; edit it again to fit."
    assert 'class="main" data-do="approve"' not in done["html"]


def test_a_hostile_value_and_a_hostile_reason_are_text(doubtful):
    hostile = """"'><script>alert(1)</script>=<img src=x onerror=alert(2)>"""
    said = {"field": "institution", "value": hostile, "was": ""}
    done = doubtful.post("/letters/2/correct", version=doubtful.read(2)["version"], **said)
    assert done.status == 200
    assert stand(doubtful, 1, because=hostile).status == 200
    for number in (1, 2):
        shown = doubtful.read(number)["html"]
        assert "&lt;script&gt;" in shown
        assert "<script" not in shown
        assert "<img" not in shown


def test_each_field_of_the_forms_is_one_of_a_list_and_each_finding_is_one():
    from planner.rules.lint.titles import TITLES
    from planner.sheets.fields import BY_NAME
    from planner.web import corrections

    assert corrections.TABLE.keys() <= TITLES.keys()
    assert BY_NAME.keys() >= corrections.FIELDS


def test_history_is_told_in_the_zone_of_the_config(page, desk):
    shown = page.read(1)["html"]
    ((at,),) = desk.sql("select at from events limit 1")
    assert re.search(r"<time [^>]*>\w+ \d+, 2026, \d\d:\d\d E[SD]T</time>: <b>draft</b>", shown), at


def test_a_conflict_says_what_became_of_the_letter_and_offers_what_can_be_done(page, desk):
    found = page.seen(1)
    mine = {"version": found["version"], "subject": "Mine", "body": "Mine.\n"}
    desk.good("leave-out", 1)
    told = page.post("/letters/1/edit", **mine).json["conflict"]
    assert "<b>left out</b>" in told
    assert "Replace it with mine" in told
    desk.good("approve", 2, "--unseen")
    found = page.seen(2)
    assert page.post("/letters/2/hand", version=found["version"]).status == 200
    told = page.post("/letters/2/edit", **mine | {"version": found["version"]}).json["conflict"]
    assert "<b>handed to you</b>" in told
    assert "Replace it with mine" not in told


def test_what_was_handed_over_is_found_under_its_question(page, desk):
    desk.good("approve", 1, "--unseen")
    page.post("/letters/1/hand", version=page.seen(1)["version"])
    listed = page.get("/list").json["html"]
    assert "sent or not? (1)" in listed
    assert "sent or on the way (0)" in listed


def test_a_list_without_letters_says_how_to_write_them(desk):
    desk.a_list(2)
    with review_page() as found:
        found.enter()
        assert "<code>planner draft</code>" in found.get("/list").json["html"]
        assert "this program is worth one" in found.get("/programs/1/why").json["html"]


def test_reasons_name_keys_in_words_with_the_key_beside_them(page):
    told = page.read(1)["html"]
    assert re.search(r'your own bar for [a-z ]+ <small class="config">rules\.bar_', told)
    assert "Phase early: NRMP" in told


def test_one_form_is_enough_for_findings_that_it_settles_together(desk):
    desk.a_list(1)
    desk.sql("update programs set interview_date = '2026-08-01'")
    desk.good("draft")
    with review_page() as found:
        found.enter()
        told = found.read(1)["html"]
    assert told.count("error interview_outside_season") > 1
    assert told.count('data-field="interview_date"') == 1


@pytest.mark.parametrize(
    ("answers", "state", "told"),
    [
        (
            ["550 5.1.1 no such user"],
            "refused",
            "The mail server said: <bdi>550 5.1.1 no such user",
        ),
        (["451 4.7.1 try later"], "deferred", "It is tried again from Oct"),
        (["drop"], "unknown", "planner outbox resolve 1 --delivered"),
    ],
)
def test_what_the_mail_server_said_of_a_letter_stands_above_it(desk, answers, state, told):
    with ScriptedServer({"DOT": answers}) as server:
        desk.configure(port=server.port)
        desk.approved(1)
        desk.type("send", "--yes")
    assert desk.states() == [state]
    with review_page() as found:
        found.enter()
        assert told in found.read(1)["html"]


def test_a_letter_that_was_sent_expects_nothing_more(desk):
    desk.approved(1)
    desk.good("outbox", "export", "1", "--eml", "eml")
    desk.good("outbox", "resolve", "1", "--delivered")
    with review_page() as found:
        found.enter()
        assert "Expected reaction" not in found.read(1)["html"]


def test_the_list_tells_what_is_out_of_date_or_no_longer_wanted(page, desk):
    desk.edit(1)
    desk.good("programs", "set", 1, "director_last_name=Newname")
    desk.good("programs", "set", 2, "status=rejected")
    desk.good("draft")
    rows = page.get("/list").json["html"].split("<li>")
    assert [("out of date" in row, "no longer wanted" in row) for row in rows[1:]] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_a_draft_that_cannot_be_approved_as_it_is_says_so_before_one_tries(page, desk):
    assert "See what changed" not in page.read(1)["html"]
    desk.good("programs", "set", 1, "director_last_name=Newname")
    desk.good("programs", "set", 2, "status=rejected")
    told = page.read(1)["html"]
    assert "See what changed" in told
    assert 'class="main" data-do="approve"' not in told
    told = page.read(2)["html"]
    assert (
        "A letter is no longer wanted there: Not in play: status is rejected. Leave it out." in told
    )
    assert 'class="main" data-do="approve"' in page.read(3)["html"]
    desk.good("programs", "set", 3, "status=rejected", "director_last_name=Newname")
    desk.good("draft")
    assert "See what changed" not in page.read(3)["html"]
    desk.good("programs", "set", 1, "director_last_name=Newername")
    done = page.post("/letters/1/approve", version=page.seen(1)["version"]).json
    assert "planner draft writes it again" in done["hint"]


def test_what_a_stranger_sends_is_not_told_in_the_terminal(page, caplog):
    headers = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13")]
    assert page.send("GET", "/list", headers=headers).status == 401
    with socket.create_connection(("127.0.0.1", page.port)) as talk:
        talk.sendall(b"nonsense\r\n\r\n")
        assert b"400" in talk.recv(100)
    assert not caplog.records
