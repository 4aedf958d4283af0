"""From a plan to approved letters: draft, preview, approve, edit and the other verbs."""

import email
import textwrap
from datetime import date
from email import policy

import pytest


def found(desk, number):
    return next(x for x in desk.letters() if x["id"] == number)


def test_a_draft_is_made_once_and_made_again_when_its_facts_change(desk):
    desk.a_list(2)
    assert desk.good("draft", "--json").json["new"] == [1, 2]
    assert desk.good("draft", "--json").json["unchanged"] == [1, 2]
    desk.good("programs", "set", "Elm 1", "director_last_name=Berg")
    assert desk.good("draft", "--json").json["rerendered"] == [1]
    assert "Dear Dr. Berg," in desk.good("preview", 1).out


def test_a_single_program_may_be_drafted(desk):
    desk.a_list(3)
    assert desk.good("draft", "--program", "Elm 2", "--json").json["new"] == [1]
    assert found(desk, 1)["program"] == "Elm 2 Hospital"


def test_without_anybody_to_write_to_it_says_so(desk):
    desk.a_list(1, Status="rejected")
    assert "No program is worth a letter now" in desk.good("draft").out


def test_a_decision_that_is_no_longer_email_marks_its_draft_undecided(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.good("programs", "set", "Elm 1", "status=rejected")
    assert desk.good("draft", "--json").json["undecided"] == [1]
    done = desk.type("approve", 1, "--unseen")
    assert done.code == 3
    assert "no longer email" in done.out
    desk.good("programs", "set", "Elm 1", "status=interviewed")
    desk.good("draft")
    assert found(desk, 1)["undecided"] is False


def test_mass_mailing_is_refused_unless_allowed(desk):
    desk.a_list(30, Status="on hold")
    done = desk.type("draft")
    assert done.code == 3
    assert "30 letters that nobody asked for" in done.err
    assert desk.letters() == []
    desk.good("draft", "--allow-mass")
    desk.good("approve", "1-30", "--unseen")
    assert desk.type("send", "--yes").code == 3


def test_what_will_not_go_is_no_mass_mail_and_what_waits_is(desk):
    desk.a_list(30, Status="on hold")
    desk.good("draft", "--allow-mass")
    desk.good("leave-out", "1-9")
    assert "21 letters" in desk.type("draft").err
    desk.good("leave-out", "10")
    desk.good("draft")
    desk.good("leave-out", "--undo", "1")
    done = desk.type("draft", "--program", "Elm 30")
    assert (done.code, "21 letters" in done.err) == (3, True)


def test_a_draft_of_a_former_attempt_is_undecided_and_says_so(desk):
    desk.a_list(2)
    desk.good("draft")
    desk.configure(score="score = 248\nfailed_attempts = 1")
    assert desk.good("draft", "--program", "Elm 2", "--json").json["undecided"] == [2]
    assert desk.good("draft", "--json").json["undecided"] == [1, 2]
    assert found(desk, 1)["held_because"] == "it was written for another season or score"
    done = desk.type("approve", 1, "--unseen")
    assert (done.code, "another season" in done.out) == (3, True)


def test_what_was_found_is_said_when_a_letter_is_approved(desk):
    desk.a_list(2)
    desk.good("draft")
    desk.edit(2, "Sincerely", "Is it? Is it really?\n\nSincerely")
    done = desk.good("approve", "1-2", "--unseen")
    assert "! warning question in 2: " in done.out


def test_approval_wants_the_present_text_to_have_been_shown(desk):
    desk.a_list(2)
    desk.good("draft")
    done = desk.type("approve", "1")
    assert done.code == 3
    assert "has not been shown" in done.out
    assert "planner preview 1" in done.out
    desk.good("preview")
    assert desk.type("approve", "1").code == 3, "a look at all of them is no reading of one"
    desk.good("preview", "1")
    desk.good("approve", "1")
    assert desk.type("approve", "--all-shown").code == 3
    desk.good("preview", "2")
    desk.good("approve", "--all-shown")
    assert desk.states() == ["approved", "approved"]


def test_a_text_that_changed_after_it_was_shown_must_be_shown_again(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.good("preview", 1)
    desk.good("edit", 1, "--subject", "Something new")
    assert desk.type("approve", 1).code == 3


def test_approval_freezes_what_leaves(desk):
    desk.approved(1)
    letter = found(desk, 1)
    assert len(letter["digest"]) == 64
    raw = desk.type("preview", 1, "--format", "raw")
    assert raw.code == 0
    message = email.message_from_string(raw.out, policy=policy.default)
    assert message["Message-ID"] == letter["message_id"]
    assert message["Date"] is None
    assert message["To"] == "pd1@elm1.example"
    assert message["Cc"] == "pc1@elm1.example"


def test_an_error_blocks_approval_and_some_may_be_overridden_with_a_sentence(desk):
    desk.a_list(2)
    desk.good("draft")
    desk.good("programs", "set", "Elm 2", "institution=Mercy Sisters")
    body = desk.folder / "body.txt"
    body.write_text(
        "Dear Dr. Abarab,\n\nElm 1 Hospital, Mercy Sisters, 248.\n\nSincerely,\nRobin\n"
    )
    done = desk.good("edit", 1, "--body-file", body)
    assert "other_program" in done.out
    desk.good("preview", 1)
    assert desk.type("approve", 1).code == 3
    assert desk.type("approve", 1, "--override", "other_program").code == 2
    assert desk.type("approve", 1, "--override", "no_reason", "--because", "x").code == 3
    desk.good("approve", 1, "--override", "other_program", "--because", "their partner")
    story = desk.good("outbox", "show", 1, "--json").json["letters"][0]
    assert "override other_program: their partner" in story["events"][-1]["why"]


def edit(desk, change):
    """Edit letter 1 by a change of its text; gives what was found in it."""
    text = desk.good("preview", 1, "--json").json["letters"][0]["body"]
    body = desk.folder / "body.txt"
    body.write_text(change(text))
    desk.good("edit", 1, "--body-file", body)
    return {f["code"]: f["text"] for f in found(desk, 1)["findings"]}


def test_a_phrase_that_an_editor_wrapped_is_found_all_the_same(desk):
    desk.a_list(1)
    desk.good("draft")

    def wrapped(text, more=""):
        salutation, paragraph, rest = text.split("\n\n", 2)
        filled = textwrap.fill(f"{paragraph}{more}", 72).replace("rank your", "rank\nyour")
        return f"{salutation}\n\n{filled}\n\n{rest}"

    assert edit(desk, wrapped) == {}
    more = " And so I have decided that in the end I will rank your program first."
    codes = edit(desk, lambda text: wrapped(text, more))
    assert codes["promise"] == "I will rank your program first"
    assert "rank\nyour" in (desk.folder / "body.txt").read_text()
    assert desk.type("approve", 1, "--unseen").code == 3


def test_an_edit_that_greets_someone_else_is_an_error(desk):
    desk.a_list(1)
    desk.good("draft")
    codes = edit(desk, lambda text: text.replace("Dear Dr. Abarab", "Dear Dr. Smith"))
    assert codes == {"salutation_changed": "Dear Dr. Smith,"}
    done = desk.type("approve", 1, "--unseen")
    assert done.code == 3
    assert "salutation_changed" in done.out
    assert "another name goes into the list first" in desk.good("preview", 1).out


def test_a_number_in_a_postscript_or_a_subject_is_looked_at(desk):
    desk.a_list(1)
    desk.good("draft")
    codes = edit(desk, lambda text: f"{text}\nP.S. With 284 I am happy.\n")
    assert codes["score_mismatch"] == "284"
    edit(desk, lambda text: text.partition("\nP.S.")[0])
    assert found(desk, 1)["findings"] == []
    desk.good("edit", 1, "--subject", "Step 2 CK 284")
    assert [f["code"] for f in found(desk, 1)["findings"]] == ["score_mismatch"]


def test_an_edited_letter_is_never_overwritten_only_marked_stale(desk):
    desk.a_list(1)
    desk.good("draft")
    body = desk.folder / "body.txt"
    body.write_text("Dear Dr. Abarab,\n\nMy score is 248.\n\nSincerely,\nRobin\n")
    desk.good("edit", 1, "--body-file", body)
    desk.good("programs", "set", "Elm 1", "director_last_name=Berg")
    assert desk.good("draft", "--json").json["stale"] == [1]
    assert "My score is 248." in desk.good("preview", 1).out
    assert desk.type("approve", 1).code == 3
    desk.good("edit", 1, "--body-file", body)
    assert found(desk, 1)["stale"] is False


def test_an_edited_letter_follows_its_recipient(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.good("edit", 1, "--subject", "Mine")
    desk.good("programs", "set", "Elm 1", "director_email=new@elm1.example")
    assert desk.good("draft", "--json").json["stale"] == [1]
    desk.good("edit", 1, "--subject", "Mine still")
    assert found(desk, 1)["to"] == ["new@elm1.example"]
    desk.good("preview", 1)
    desk.good("approve", 1)


def test_an_edit_does_not_hide_facts_that_moved_before_it(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.good("programs", "set", "Elm 1", "director_last_name=Zed")
    desk.good("edit", 1, "--subject", "Mine")
    assert found(desk, 1)["stale"] is True
    assert "Zed" in found(desk, 1)["held_because"]
    assert desk.type("approve", 1, "--unseen").code == 3


def test_a_letter_whose_facts_came_back_is_no_longer_stale(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.good("edit", 1, "--subject", "Mine")
    desk.good("programs", "set", "Elm 1", "director_last_name=Zed")
    desk.good("draft")
    desk.good("programs", "set", "Elm 1", "director_last_name=Abarab")
    desk.good("draft")
    assert found(desk, 1)["stale"] is False


def test_an_address_that_the_letter_does_not_use_voids_nothing(desk):
    desk.configure(more='[letters]\naddress = "director"')
    desk.approved(1)
    desk.good("programs", "set", "Elm 1", "coordinator_email=other@elm1.example")
    assert desk.states() == ["approved"]


def test_another_letter_may_be_chosen_and_stays_chosen(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.good("edit", 1, "--letter", "improvement")
    assert found(desk, 1)["letter"] == "improvement"
    desk.good("programs", "set", "Elm 1", "director_last_name=Berg")
    desk.good("draft")
    assert found(desk, 1)["letter"] == "improvement"
    assert desk.type("edit", 1, "--letter", "score_pending").code == 3


def test_the_other_verbs_move_a_letter_and_say_where_they_cannot(desk):
    desk.approved(3)
    desk.good("unapprove", "1-2")
    desk.good("leave-out", "1")
    desk.good("cancel", "3")
    assert desk.states() == ["left_out", "draft", "cancelled"]
    assert desk.type("cancel", "2").code == 3
    assert desk.type("unapprove", "2").code == 3
    assert desk.type("leave-out", "3").code == 3
    desk.good("leave-out", "--undo", "1,3")
    assert desk.states() == ["draft", "draft", "draft"]
    assert desk.type("leave-out", "--undo", "2").code == 3


def test_what_is_approved_already_is_said_to_be(desk):
    desk.approved(1)
    assert "already approved" in desk.type("approve", 1).out
    desk.good("cancel", 1)
    assert "not a draft" in desk.type("approve", 1).out


def test_recipients_that_changed_want_a_new_draft_first(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.good("programs", "set", "Elm 1", "director_email=new@elm1.example")
    assert "facts have changed" in desk.type("approve", 1, "--unseen").out


def test_files_are_written_one_for_each_letter(desk):
    desk.approved(2)
    desk.good("preview", "--format", "eml", "-o", "out")
    names = sorted(p.name for p in (desk.folder / "out").iterdir())
    assert names == ["letter-0001.eml", "letter-0002.eml"]
    desk.good("preview", "-o", "texts")
    assert "Dear Dr." in (desk.folder / "texts/letter-0001.txt").read_text()


@pytest.mark.parametrize("words", ["abc", "3-1", "0x1", "1-", "99999999999999999999"])
def test_what_is_no_letter_number_is_refused(desk, words):
    done = desk.type("approve", words)
    assert done.code == 2
    assert done.err


def test_a_number_that_is_no_letter_is_refused(desk):
    assert "There is no letter 7" in desk.type("approve", 7, "--unseen").err


def test_early_letters_name_the_right_service_in_every_specialty(desk):
    header = ["Program", "Specialty", "PD Email", "Status"]
    names = {"EM": "ResidencyCAS", "OB/GYN": "ResidencyCAS", "Ophtho": "SF Match", "IM": "ERAS"}
    desk.sheet(
        *(
            {
                "Program": f"P {n}",
                "Specialty": s,
                "PD Email": f"a@{n}.example",
                "Status": "interviewed",
            }
            for n, s in enumerate(names)
        ),
        header=header,
    )
    desk.good("import", "list.csv")
    desk.good("draft")
    for letter in desk.letters():
        said = desk.good("preview", letter["id"]).out
        service = names[list(names)[int(letter["program"][2:])]]
        assert f"transcript through {service}" in " ".join(said.split())
        assert [f for f in letter["findings"] if f["severity"] == "error"] == []


def test_two_tracks_of_one_director_are_both_named_in_their_one_letter(desk):
    row = {"Specialty": "IM", "PD Email": "pd@elm.example", "Status": "interviewed"}
    names = {"Elm Hospital": "1234140C0", "Elm Hospital Preliminary": "1234140P0"}
    rows = [{"Program": name, "NRMP Code": code, **row} for name, code in names.items()]
    desk.good("import", desk.sheet(*rows, header=list(rows[0])))
    desk.good("draft")
    (letter,) = desk.letters()
    said = " ".join(desk.good("preview", letter["id"]).out.split())
    assert "your categorical and preliminary internal medicine programs at Elm Hospital" in said
    assert "Categorical and" in said or "Prelim" in said, "the subject says so, too"
    desk.good("programs", "set", "2", "status=rejected")
    desk.good("draft")
    said = " ".join(desk.good("preview", letter["id"]).out.split())
    assert "your internal medicine residency program at Elm Hospital" in said


def test_the_wording_may_be_chosen_by_hand_and_binds_an_approval(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.good("approve", 1, "--unseen")
    before = desk.good("preview", 1).out
    desk.configure(more="[letters]\nvoice = 1")
    done = desk.good("draft")
    assert "1 written again, 1 no longer approved" in done.out
    assert desk.good("preview", 1).out != before
    desk.configure(more="[letters]\nvoice = 5")
    assert "voice" in desk.type("draft").err


def test_a_users_own_folder_overrides_letter_by_letter(desk):
    own = desk.folder / "mine/after_interview"
    own.mkdir(parents=True)
    (own / "body.txt").write_text(
        "{{ salutation }}\n\nIt is {{ score }}.\n\nSincerely,\n{{ applicant_name }}\n"
    )
    desk.configure(more='[letters]\ntemplates = "mine"')
    desk.a_list(1)
    desk.good("draft")
    said = desk.good("preview", 1).out
    assert "It is 248." in said
    assert "Subject: Step 2 CK update: Robin Sample" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ nobody }}", "uses nobody"),
        ("{% if %}", "does not parse"),
        ("{{ score.__class__ }}", "is unsafe"),
        ("{{ score.nothing }}", "asks for something"),
        ("{{ score | nofilter }}", "nofilter"),
        ("{% include 'after_interview/body.txt' %}", "cannot be rendered"),
        ("{{ 10 ** 10000 }}", "cannot be rendered"),
        ("{% include 'gone.txt' %}", "gone.txt"),
        ("{{ score / 2 }}", "cannot be rendered"),
    ],
)
def test_a_template_that_cannot_be_used_is_explained_and_nothing_is_written(desk, text, said):
    own = desk.folder / "mine/after_interview"
    own.mkdir(parents=True)
    (own / "body.txt").write_text(text)
    desk.configure(more='[letters]\ntemplates = "mine"')
    desk.a_list(1)
    done = desk.type("draft")
    assert done.code == 2
    assert said in done.err
    assert "->" in done.err
    assert desk.letters() == []


def test_a_templates_folder_that_is_not_there_is_refused(desk):
    desk.configure(more='[letters]\ntemplates = "gone"')
    desk.a_list(1)
    assert "which is not a folder" in desk.type("draft").err


def test_interviewing_later_changes_the_letter_of_an_unapproved_draft(desk):
    desk.a_list(1, Status="waitlisted")
    desk.good("draft")
    assert found(desk, 1)["letter"] == "improvement"
    desk.good("programs", "set", "Elm 1", "status=interviewed", "interview_date=2026-10-15")
    desk.day = date(2026, 10, 21)
    desk.good("draft")
    assert found(desk, 1)["letter"] == "after_interview"


def test_an_edited_letter_is_not_approved_once_a_fact_below_it_has_moved(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.edit(1)
    desk.good("preview", "1")
    desk.good("programs", "set", "1", "director_last_name=Berg")
    done = desk.type("approve", "1")
    assert (done.code, "facts changed after your edit" in done.out) == (3, True)


def test_an_edited_letter_is_not_approved_under_another_name_than_was_shown(desk):
    desk.a_list(1)
    desk.good("draft")
    desk.edit(1)
    desk.good("preview", "1")
    config = desk.folder / "config.toml"
    config.write_text(config.read_text().replace("Robin Sample", "Zed Other"))
    assert desk.type("approve", "1").code == 3
    assert desk.states() == ["draft"]


TWINS = (
    "Program,City,PD,PD Email,Status\n"
    "Calder General Hospital,Troy,Siobhán O’Brien,so@calder.example,interviewed\n"
    "{},Troy,Siobhán O’Brien,so@calder.example,{}\n"
)


def merged(desk, twin, status):
    """A program merged with its twin, when both had a draft or one was rejected."""
    (desk.folder / "twins.csv").write_text(TWINS.format(twin, status))
    desk.good("import", "twins.csv", "--specialty", "IM")
    desk.good("draft")
    desk.good("programs", "merge", "1", "2")
    return desk.good("draft")


def test_a_draft_that_nobody_wants_any_more_is_named_with_its_reason_and_the_command(desk):
    done = merged(desk, "Calder Gen. Hosp.", "rejected")
    said = " ".join(done.out.split())
    assert "Letters: 1 no longer wanted" in said
    assert (
        "1 draft is no longer wanted, and will not be sent: - letter 1, #1 Calder General Hospital:"
        in said
    )
    assert "-> planner leave-out 1" in said
    assert "probable_twin" not in said
    assert found(desk, 1)["findings"] == []
    desk.good("leave-out", "1")
    assert "no longer wanted" not in desk.good("draft").out


def test_a_draft_of_a_program_that_was_merged_away_is_left_out_with_its_reason(desk):
    done = merged(desk, "Calder Gen. Hosp.", "interviewed")
    assert "probable_twin" not in done.out
    assert "no longer wanted" not in done.out
    (gone,) = [x["id"] for x in desk.letters() if x["state"] == "left_out"]
    said = " ".join(desk.good("outbox", "show", gone).out.split())
    assert "draft -> left_out (its program is part of #1 now)" in said


def test_a_draft_of_a_former_attempt_is_named_among_the_unwanted(desk):
    desk.a_list(2)
    desk.good("draft")
    desk.configure(score="score = 248\nfailed_attempts = 1")
    said = " ".join(desk.good("draft").out.split())
    assert "it was written for another season or score" in said
    assert "-> planner leave-out 1-2" in said
