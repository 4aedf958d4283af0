"""What a careful dean's office would advise in real situations, checked through the commands."""

from datetime import date

import pytest

HEADER = [
    "Program Name,Specialty,City,State,Program Director,PD Email,Coordinator,PC Email,Status",
    "Interview Date,Step 2 Policy,Signal,Why,Contact Policy,NRMP Code",
]
HEADER = ",".join(HEADER).split(",")
ELM = {
    "Program Name": "Ñandú Valley Medical Center of Southern Example County",
    "Specialty": "IM",
    "City": "Troy",
    "State": "NY",
    "Program Director": "Zoë Dunn-O’Hara, MD",
    "PD Email": "dunn@pine.example",
    "Coordinator": "Ana Ríos",
    "PC Email": "office@pine.example",
    "Status": "Applied",
}


def others(count, **fields):
    """Further programs that nothing singles out."""
    return [
        {**ELM, "Program Name": f"Oak {n}", "PD Email": f"pd{n}@oak{n}.example", "PC Email": ""}
        | fields
        for n in range(count)
    ]


def score(desk, s2, *, s1='"pass"', reported=False, **more):
    """Write the config for a score; `more` are further lines of its sections, by section.

    No list is short, so that a program must be singled out by something else.
    """
    more.setdefault("rules", "small_list = 0")
    desk.configure(s1=s1, score=f"score = {s2}", transcript=more.pop("transcript", TRANSCRIPT))
    path = desk.folder / "config.toml"
    text = path.read_text()
    if reported:
        text = text.replace('"not_reported"', '"reported"')
    for section, line in more.items():
        header = f"[{section}]"
        text = text.replace(header, f"{header}\n{line}") if header in text else text
        text += "" if header in text else f"\n{header}\n{line}\n"
    path.write_text(text)


TRANSCRIPT = "\n".join(f"{x} = 2026-10-02" for x in ("eras", "residencycas", "sfmatch", "other"))


def brought(desk, *rows):
    desk.sheet(*rows, header=HEADER)
    desk.good("import", "list.csv")


def plan(desk, day):
    return desk.good("plan", "--json", "--date", day).json


def first(desk, row, day):
    """The decision for one program."""
    brought(desk, {**ELM, **row})
    return again(desk, day)


def again(desk, day):
    """The decision for it as things are now."""
    (found,) = plan(desk, day)["programs"]
    return found


def answer(found):
    return found["decision"], found["rule"], found["letter"]


def flowed(done):
    return " ".join(done.out.split())


# F1
PLASTIC = {"Specialty": "Plastic Surgery", "Status": "Interviewed", "Interview Date": "12/4/2026"}


def test_after_an_interview_in_integrated_plastic_surgery_only_the_coordinator_is_written_to(desk):
    score(desk, 261)
    found = first(desk, PLASTIC, "2026-12-12")
    assert answer(found) == ("email", "late_interviewed", "after_interview")
    assert (found["to"], found["cc"]) == (["office@pine.example"], [])
    assert any("only the coordinator is written to" in reason for reason in found["reasons"])


def test_where_no_coordinator_is_known_nobody_of_plastic_surgery_is_written_to(desk):
    score(desk, 261)
    found = first(desk, {**PLASTIC, "PC Email": ""}, "2026-12-12")
    assert answer(found) == ("excluded", "no_address", None)
    assert "coordinator" in found["reasons"][0]


def test_before_an_interview_plastic_surgery_is_written_to_as_any_other(desk):
    score(desk, 261)
    found = first(
        desk, {**PLASTIC, "Status": "Applied", "Interview Date": "", "Signal": "gold"}, "2026-10-20"
    )
    assert found["to"] == ["dunn@pine.example"]


def test_a_specialty_of_the_config_may_close_itself_after_the_interview(desk):
    score(desk, 261, **{'specialty."Urology"': 'after_interview = "none"'})
    row = {**PLASTIC, "Specialty": "Urology", "Interview Date": "10/6/2026"}
    assert answer(first(desk, row, "2026-10-20"))[:2] == ("excluded", "contact_refused")


# F2
@pytest.mark.parametrize("status", ["Interviewed", "On hold"])
@pytest.mark.parametrize("s2", [221, 225, 244])
def test_a_pass_after_a_failed_step_2_is_told_to_those_who_know_you_whatever_it_is(
    desk, status, s2
):
    score(desk, s2, reported=True, step2_ck="failed_attempts = 1")
    found = first(desk, {"Status": status}, "2027-01-10")
    assert answer(found) == ("email", "eligible_now", "retake")
    assert found["expected_reaction"] == "you can now be ranked"


def test_before_ranking_a_pass_is_told_only_where_you_interviewed(desk):
    score(desk, 221, reported=True, step2_ck="failed_attempts = 1")
    assert answer(first(desk, {"Status": "On hold"}, "2027-02-10"))[0] == "update_only"
    desk.good("programs", "set", "1", "status=interviewed")
    found = again(desk, "2027-02-10")
    assert answer(found) == ("email", "eligible_now", "retake")


def test_a_second_failure_is_told_to_no_one(desk):
    score(desk, 210, reported=True, step2_ck="failed_attempts = 1")
    assert answer(first(desk, {"Status": "Interviewed"}, "2027-01-10"))[1] == "failed_result"


# F3
@pytest.mark.parametrize(
    ("row", "called"),
    [
        ({"Specialty": "Medicine-Preliminary"}, "preliminary medicine"),
        ({"Specialty": "Prelim Surgery"}, "preliminary surgery"),
        ({"Specialty": "IM", "NRMP Code": "1999140P0"}, "preliminary medicine"),
        ({"Specialty": "IM", "NRMP Code": "1999140C0"}, "internal medicine"),
    ],
)
def test_a_letter_to_a_preliminary_program_speaks_of_a_preliminary_position(desk, row, called):
    score(desk, 255)
    desk.sheet({**ELM, "Signal": "gold", "Why": "your street clinic", **row}, header=HEADER)
    desk.good("import", "list.csv")
    desk.good("draft")
    (letter,) = desk.good("preview", "--json").json["letters"]
    assert called in letter["body"] + letter["subject"]
    others = {"internal medicine", "general surgery", "preliminary"} - set(called.split())
    assert not [word for word in others if word not in called and word in letter["body"]]


def test_an_alias_is_no_key_because_it_would_rename_the_whole_specialty(desk):
    key = 'specialty."Medicine-Preliminary"'
    score(desk, 255, **{key: 'letter_name = "preliminary medicine"'})
    done = desk.type("plan")
    assert done.code == 2
    assert '[specialty."Internal Medicine"]' in done.err


# F4
@pytest.mark.parametrize("row", [{}, {"Status": "Invited", "Interview Date": "1/20/2027"}])
def test_a_program_that_asked_you_hears_a_low_score_too(desk, row):
    score(desk, 224)
    found = first(desk, {**row, "Step 2 Policy": "requested"}, "2027-01-10")
    assert answer(found) == ("email", "liability_asked", "score_notice")
    assert found["expected_reaction"] == "confirms eligibility"


def test_a_program_that_only_requires_the_score_does_not_hear_a_low_one_before_it_knows_you(desk):
    score(desk, 224)
    found = first(desk, {"Step 2 Policy": "required to rank"}, "2027-01-10")
    assert answer(found) == ("update_only", "liability_silent", None)
    assert found["expected_reaction"] is None


# F5
def test_only_a_program_that_asked_is_said_to_have_asked(desk):
    score(desk, 255)
    found = first(desk, {"Step 2 Policy": "required to rank"}, "2026-12-10")
    assert found["reasons"][0].startswith("They do not rank anyone without the score")
    desk.good("programs", "set", "1", "step2_policy=requested")
    found = again(desk, "2026-12-10")
    assert found["reasons"][0].startswith("They asked you for the score")


# F6
def test_plan_and_draft_begin_with_step_0_where_the_score_was_not_re_sent(desk):
    score(desk, 255, transcript="residencycas = 2026-10-02")
    gold = {**ELM, "Signal": "gold"}
    brought(desk, gold, {**gold, "Specialty": "EM", "PD Email": "em@pine.example"})
    for said in (flowed(desk.good("plan", "--date", "2026-10-20")), flowed(desk.good("draft"))):
        assert "Step 0: re-send the new score" in said
        assert "MyERAS, Additional Documents, Resend My Scores; then set transcript.eras" in said
        assert "ResidencyCAS: USMLE" not in said
    (step,) = plan(desk, "2026-10-20")["step_zero"]
    assert (step["service"], step["key"]) == ("ERAS", "transcript.eras")
    assert "Re-send it (MyERAS, Additional Documents" in flowed(desk.type("doctor"))


def test_a_day_before_the_release_is_that_of_an_earlier_score(desk):
    score(desk, 255, transcript="eras = 2026-09-30")
    brought(desk, ELM)
    (step,) = plan(desk, "2026-10-20")["step_zero"]
    assert step["key"] == "transcript.eras"


def test_there_is_no_step_0_before_the_score_or_once_it_was_re_sent(desk):
    score(desk, 255)
    brought(desk, ELM)
    assert plan(desk, "2026-10-20")["step_zero"] == []
    desk.configure(score="", transcript="")
    assert plan(desk, "2026-10-20")["step_zero"] == []


# F7
def test_why_tells_each_row_of_the_table_in_words(desk):
    score(desk, 255)
    brought(desk, ELM)
    said = flowed(desk.good("why", "1", "--date", "2026-12-10"))
    assert "10 the application already had this score -> update_only (nothing_new)" in said
    assert "=> 25 otherwise -> update_only (late_not_targeted)" in said


# F8
def test_nothing_is_expected_where_nothing_is_written(desk):
    score(desk, 255, s1=220)
    brought(desk, {**ELM, "Status": "Interviewed", "Interview Date": "10/6/2026"})
    assert "Expected reaction: may move you up slightly" in flowed(desk.good("why", "1"))
    desk.good("programs", "set", "1", "rank_list_locked=yes")
    for day in ("2026-10-20", "2027-03-10", "2027-03-16"):
        assert "Expected reaction" not in desk.good("why", "1", "--date", day).out


def test_a_strong_score_may_get_you_off_a_waitlist(desk):
    score(desk, 250, s1=220)
    found = first(desk, {"Status": "Waitlisted"}, "2026-12-10")
    assert answer(found)[:2] == ("email", "late_on_hold")
    assert found["expected_reaction"] == "may get you off the waitlist"


# F9
def test_a_plain_signal_makes_a_favorite_where_a_specialty_has_few(desk):
    score(desk, 251)
    found = first(desk, {"Specialty": "FM", "Signal": "yes"}, "2026-10-20")
    assert answer(found)[:2] == ("email", "early_top_choice")
    assert "one of 5 signals" in found["reasons"][0]


def test_a_plain_signal_of_many_is_named_where_it_does_not_count(desk):
    score(desk, 261)
    found = first(desk, {"Specialty": "Dermatology", "Signal": "yes"}, "2026-10-20")
    assert answer(found)[1] == "early_not_targeted"
    assert "signal yes (a plain one counts" in found["reasons"][0]


# F10
def test_a_program_that_names_another_way_is_told_there_and_not_by_mail(desk):
    score(desk, 255)
    row = {"Status": "Interviewed", "Step 2 Policy": "required to rank"}
    found = first(desk, {**row, "Contact Policy": "Thalamus only"}, "2026-12-10")
    assert answer(found) == ("excluded", "other_channel", None)
    assert "updates here: Thalamus only." in found["reasons"][0]
    assert found["reasons"][-1].endswith("planner outbox record 1 --on YYYY-MM-DD")


@pytest.mark.parametrize(
    ("status", "decision"), [("Interviewed", "excluded"), ("On hold", "email")]
)
def test_a_program_may_forbid_mail_after_the_interview_alone(desk, status, decision):
    score(desk, 255)
    found = first(
        desk,
        {"Status": status, "Contact Policy": "no post-interview communication"},
        "2026-12-10",
    )
    assert found["decision"] == decision


# F11
def test_a_mass_mailing_is_foretold_by_the_plan_with_what_narrows_it(desk):
    score(desk, 255)
    brought(desk, *others(45, **{"Step 2 Policy": "mentioned"}))
    said = flowed(desk.good("plan", "--date", "2026-10-20"))
    assert "Mass mail: this plan comes to 45 letters that nobody asked for" in said
    assert "all of them only because they mention Step 2" in said
    assert "top_choice=yes" in said
    assert "planner draft --program" in said
    assert desk.type("draft").code == 3


def test_a_narrow_plan_foretells_nothing(desk):
    score(desk, 255)
    brought(desk, *others(45))
    assert "Mass mail" not in desk.good("plan", "--date", "2026-10-20").out


# F12
def test_assess_says_whose_bar_it_is_and_which_key_changes_it(desk):
    score(desk, 241)
    said = flowed(desk.good("assess", "IM"))
    assert "The bar of 240 is the guide's default; rules.bar_standard changes it." in said
    score(desk, 241, rules="bar_standard = 248")
    said = flowed(desk.good("assess", "IM"))
    assert "The bar of 248 is yours (rules.bar_standard); the guide's default is 240." in said


# F13
def test_a_comlex_score_is_named_as_one_and_the_readme_says_who_is_served(desk, root):
    score(desk, 620)
    assert "COMLEX-USA" in desk.type("plan").err
    readme = " ".join((root / "README.md").read_text().split())
    assert "COMLEX-USA" in readme
    assert "ECFMG" in readme


def test_a_first_pass_is_news_for_who_needs_ecfmg(desk):
    row = {"Status": "Interviewed"}
    score(desk, 232)
    assert answer(first(desk, row, "2027-01-13"))[0] == "update_only"
    score(desk, 232, applicant="img = true")
    found = again(desk, "2027-01-13")
    assert answer(found) == ("email", "eligible_now", "after_interview")
    assert "ECFMG" in found["reasons"][0]


# F14
@pytest.mark.parametrize("policy", ["required to rank", "requested", "unknown"])
def test_a_drop_is_explained_to_a_program_that_requires_the_score_too(desk, policy):
    score(desk, 228, s1=250, application='drop_context = "My father died that week."')
    found = first(desk, {"Status": "Interviewed", "Step 2 Policy": policy}, "2027-01-10")
    assert (found["decision"], found["letter"]) == ("email", "context")


# F15
@pytest.mark.parametrize("row", [{}, {"Status": "Invited", "Interview Date": "1/20/2027"}])
def test_a_program_that_asks_wants_no_reason_of_you(desk, row):
    score(desk, 255)
    row = {**row, "Step 2 Policy": "required to rank"}
    assert answer(first(desk, row, "2026-12-10")) == ("email", "asked", "score_notice")
    desk.good("programs", "set", "1", "reason=your street clinic")
    found = again(desk, "2026-12-10")
    assert found["letter"] == "strong_score"


# F17
def test_two_tracks_of_one_hospital_are_told_apart(desk):
    score(desk, 255)
    codes = [{"NRMP Code": code} for code in ("1999140C0", "1999140M0", "1999140P0")]
    brought(desk, *({**ELM, "Status": "Interviewed", **code} for code in codes))
    shared = [p for p in plan(desk, "2026-10-20")["programs"] if p["rule"] == "same_address"]
    assert len(shared) == 2
    assert all("the letter for #1 " in p["reasons"][0] for p in shared)
    said = desk.good("programs", "list").out
    assert "Internal Medicine, preliminary" in said
    lines = [line.split(maxsplit=1)[1] for line in said.splitlines()[1:]]
    assert len(set(lines)) == 3


# F18
@pytest.mark.parametrize(("s2", "asked"), [(299, True), (25, True), (290, False), (180, False)])
def test_a_score_that_hardly_anyone_gets_is_asked_about(desk, s2, asked):
    score(desk, s2)
    brought(desk, ELM)
    assert any("typed correctly?" in w for w in plan(desk, "2026-10-20")["warnings"]) is asked


# F19
@pytest.mark.parametrize(
    ("specialty", "day", "phase"),
    [
        ("EM", "2026-09-29", "preseason"),
        ("EM", "2026-09-30", "early"),
        ("IM", "2026-09-29", "early"),
        ("OB/GYN", "2026-10-24", "early"),
        ("OB/GYN", "2026-10-25", "late"),
    ],
)
def test_a_specialty_may_have_dates_of_its_own(desk, specialty, day, phase):
    score(desk, 255, **{'specialty."Obstetrics and Gynecology"': "late_from = 2026-10-25"})
    assert first(desk, {"Specialty": specialty}, day)["phase"] == phase


# F20
def test_one_program_is_one_program_and_what_is_not_new_is_said_once(desk):
    score(desk, 255, rules="")
    brought(desk, ELM)
    (found,) = plan(desk, "2026-10-20")["programs"]
    assert found["reasons"][0] == "Your list is short: 1 program (20 or fewer)."
    score(desk, 255, reported=True)
    (found,) = plan(desk, "2026-10-20")["programs"]
    assert found["rule"] == "nothing_new"
    assert sum("already had this score" in reason for reason in found["reasons"]) == 1


# Lists are final
@pytest.mark.parametrize(
    ("specialty", "day", "serves"),
    [
        ("IM", "2027-03-10", "SOAP and the next season"),
        ("IM", "2027-03-20", "the next season"),
        ("Urology", "2027-01-10", "the next season"),
    ],
)
def test_when_lists_are_final_the_application_still_serves_what_comes_next(
    desk, specialty, day, serves
):
    score(desk, 255)
    found = first(desk, {"Specialty": specialty}, day)
    assert found["rule"] == "closed"
    assert found["reasons"][0].endswith(f"application still serves {serves}.")


# Season B6
def test_a_program_that_had_the_score_on_the_interview_day_may_have_been_told_there(desk):
    score(desk, 255)
    row = {"Status": "Interviewed", "Interview Date": "11/5/2026"}
    found = first(desk, row, "2026-11-20")
    assert any("they may already have had it that day" in reason for reason in found["reasons"])
    assert found["reasons"][-1].startswith("If you told #1 the score on the interview day")
    desk.day = date(2026, 11, 20)
    desk.good("outbox", "record", "1", "--on", "2026-11-05")
    found = again(desk, "2026-11-20")
    assert found["rule"] == "already_told"
