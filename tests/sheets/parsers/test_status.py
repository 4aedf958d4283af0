"""How far things have come, in the words of people who keep a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.facts import Status
from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.status import OUT, PHRASES, STAGES, furthest, is_status, read_status


@pytest.mark.parametrize(
    ("text", "status", "day"),
    [
        ("Interview invite 10/20 - scheduled 12/4", "invited", "12/4"),
        ("Rejected 10/20 😭", "rejected", ""),
        ("Interviewed 11/5", "interviewed", "11/5"),
        ("IV 12/11 (virtual)", "invited", "12/11"),
        ("IV 1/8", "invited", "1/8"),
        ("invited 11/3, sched 12/15", "invited", "12/15"),
        ("II 10/5", "invited", ""),
        ("11/5 interviewed", "interviewed", "11/5"),
        ("10/20: rejected", "rejected", ""),
        ("Interviewed on Nov 5th, 2026 at 9am", "interviewed", "nov 5th, 2026"),
        ("Interview completed 2026-11-05", "interviewed", "2026-11-05"),
        ("Waitlisted 10/20 then invited 11/3", "invited", ""),
        ("IV 12/11, waitlisted since", "waitlisted", ""),
        ("waitlist (IV) 11/3", "waitlisted", ""),
        ("on hold, IV 11/3", "on_hold", ""),
        ("Interviewed 11/3, now waitlisted", "interviewed", "11/3"),
        ("Interviewed 10/22; emailed 11/10", "interviewed", "10/22"),
        ("Interviewed 11/5 & 11/6", "interviewed", ""),
        ("Will interview 12/4", "invited", "12/4"),
        ("Waiting list since 11/2", "waitlisted", ""),
    ],
)
def test_a_status_with_a_date_or_a_remark_is_that_status(text, status, day):
    said = read_status(text)
    assert (said.status, said.exact, said.day) == (Status(status), False, day)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("waitlisted 🤞", "waitlisted"),
        ("Hold", "on_hold"),
        ("Withdrew", "withdrawn"),
        ("no response", "applied"),
        ("Haven't heard back", "applied"),
        ("Not invited", "applied"),
        ("Under review", "applied"),
        ("Scheduled", "invited"),
        ("Interview - scheduled", "invited"),
        ("Silent", "applied"),
        ("No news", "applied"),
        ("Awaiting", "applied"),
        ("Waiting list", "waitlisted"),
        ("Not a good fit", "rejected"),
        ("Pulled out", "withdrawn"),
        ("Post-IV", "interviewed"),
        ("Attended", "interviewed"),
        ("Ranked", "interviewed"),
        ("Cancelled", "withdrawn"),
        ("Interview waitlist", "waitlisted"),
        ("Didn't apply", "not_applied"),
        ("REJ", "rejected"),
        ("Wait-listed", "waitlisted"),
    ],
)
def test_words_of_trackers_are_statuses(text, status):
    assert read_status(text)[:2] == (Status(status), True)


@pytest.mark.parametrize(
    "text",
    [
        "Rejected after interview",
        "Pre-interview rejection",
        "Interviewed 11/5, rejected 12/1",
        "they rejected me",
        "not rejected",
        "maybe rejected?",
        "IV offered, declined",
        "Declined IV 10/3",
        "I withdrew on 11/2, too far",
        "Applied -> denied",
        "interview cancelled by program",
        "II rescinded",
        "Offer was revoked 11/3",
        "uninvited",
        "Invited, then disinvited",
    ],
)
def test_that_a_program_is_out_of_play_is_seen_whatever_else_the_cell_says(text):
    assert read_status(text).status in OUT


def test_who_declines_an_invitation_withdraws():
    assert read_status("IV offered, declined").status is Status.WITHDRAWN
    assert read_status("Declined").status is Status.REJECTED


@pytest.mark.parametrize(
    "text",
    [
        "Interviewed?",
        "Hoping for an interview",
        "maybe invited",
        "not waitlisted",
        "Not interviewed",
        "Applied; II expected",
        "see notes",
        "✅",
        "emailed 10/20",
        "applied, not submitted",
        "",
        "12/4",
    ],
)
def test_what_is_doubtful_is_no_status(text):
    with pytest.raises(BadCellError, match="expected"):
        read_status(text)
    assert not is_status(text)


def test_what_was_completed_is_told_by_the_header():
    assert read_status("Completed", "Interview Status").status is Status.INTERVIEWED
    assert read_status("Complete", "Application status").status is Status.APPLIED
    assert not is_status("Completed")


def test_every_status_has_a_place_among_the_stages_and_out_of_play_wins():
    assert set(STAGES) == set(Status)
    for status in Status:
        assert furthest([status, Status.REJECTED]) is Status.REJECTED
        assert furthest([status, Status.APPLIED, Status.WITHDRAWN]) in OUT


@given(
    st.sampled_from(sorted(PHRASES)), st.sampled_from(["", " 10/20", " 😭", "!", " (10/20/2026)"])
)
def test_a_phrase_keeps_its_meaning_whatever_its_case_and_ornament(phrase, behind):
    text = " ".join(phrase)
    for spelling in (text, text.upper(), text.title()):
        assert read_status(spelling + behind).status is read_status(text).status


@given(st.text(max_size=80))
def test_any_text_is_a_status_or_is_refused(text):
    if is_status(text):
        assert read_status(text).status in Status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Interviews done", "interviewed"),
        ("Interview invites", "invited"),
        ("Decided not to apply", "not_applied"),
        ("chose not to apply", "not_applied"),
    ],
)
def test_several_mean_the_same_as_one_and_a_decision_is_sure(text, status):
    assert str(read_status(text).status) == status


@pytest.mark.parametrize(
    ("text", "day", "told"),
    [
        ("Interviewed 10/22; emailed 11/10", "10/22", "11/10"),
        ("Interviewed 10/22 emailed 11/10", "10/22", "11/10"),
        ("Interviewed 10/30 - told them my score on 11/2", "10/30", "11/2"),
        ("Interviewed 11/3, sent update 11/3", "11/3", "11/3"),
        ("WL, score sent Nov 4th, 2026", "", "nov 4th, 2026"),
        ("Interviewed 10/30 - told them on 11/2 and 11/9", "10/30", ""),
        ("Interviewed 10/30 (PC emailed 11/2)", "", ""),
        ("Interviewed 10/30, emailed PD", "10/30", ""),
        ("Interviewed 10/30", "10/30", ""),
    ],
)
def test_the_day_on_which_they_were_told_is_no_interview(text, day, told):
    assert read_status(text)[2:4] == (day, told)


@pytest.mark.parametrize(
    ("text", "status", "day"),
    [
        ("WL -> IV 12/2", "invited", "12/2"),
        ("WL 11/1 > IV 12/2", "invited", "12/2"),
        ("applied → invited 11/3", "invited", ""),
        ("invited, then rejected 11/30", "rejected", ""),
        ("IV'd; WL 12/1", "interviewed", ""),
        ("IV'd 12/2; WL 12/5", "interviewed", "12/2"),
        ("invited -> WL 11/30", "waitlisted", ""),
        ("invited 11/3, waitlisted 11/20", "waitlisted", ""),
        ("interviewed 11/3 → waitlisted", "interviewed", "11/3"),
        ("on hold then invited", "invited", ""),
        ("applied 9/25; II 11/3; IV'd 12/2; WL 12/20", "interviewed", "12/2"),
        ("WL; withdrew 12/1", "withdrawn", ""),
        ("pending → IV 12/2", "invited", "12/2"),
        ("applied > invited > interviewed 11/3", "interviewed", "11/3"),
        ("waitlisted (was invited)", "waitlisted", ""),
        ("invited 11/3, previously WL", "invited", ""),
        ("Invited: declined", "withdrawn", ""),
    ],
)
def test_the_last_stage_of_a_history_counts(text, status, day):
    said = read_status(text)
    assert (said.status, said.exact, said.day) == (Status(status), False, day)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("interviewed 11/3; sent thank you", "interviewed"),
        ("interviewed; pending", "interviewed"),
        ("IV done 11/3 - waiting", "interviewed"),
        ("interviewed then invited 12/1", "interviewed"),
        ("on hold, IV 11/3", "on_hold"),
        ("waitlist (IV) 11/3", "waitlisted"),
        ("Interview 12/15, invited 11/3", "invited"),
        ("rejected → applied", "rejected"),
    ],
)
def test_what_is_no_history_or_no_stage_is_read_as_before(text, status):
    assert read_status(text).status is Status(status)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rejected then invited 11/21!", "it says rejected, then invited"),
        ("rejected at first, then invited 11/21", "it says rejected, then invited"),
        ("withdrew -> WL", "it says withdrawn, then waitlisted"),
        ("cancelled, then rescheduled 12/1", "it says withdrawn, then invited"),
        ("declined; IV 12/2", "it says rejected, then invited"),
        ("invited (was rejected)", "it says rejected, then invited"),
        ("WL -> IV w/ Dr. Lee 12/2", "it says waitlisted, then invited"),
    ],
)
def test_a_history_that_may_mean_either_is_asked_about(text, said):
    with pytest.raises(BadCellError, match=said):
        read_status(text)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("inv 11/19", "invited"),
        ("Inv'd 11/3", "invited"),
        ("turned me down", "rejected"),
        ("no thanks 11/12", "rejected"),
        ("dinged", "rejected"),
        ("RIP", "rejected"),
        ("RIP 11/3", "rejected"),
        ("IV cancelled by program", "rejected"),
        ("they cancelled", "rejected"),
        ("IV cancelled", "withdrawn"),
        ("abgesagt", "rejected"),
        ("rechazado", "rejected"),
        ("decided not to go", "withdrawn"),
        ("x'd out 10/31", "withdrawn"),
        ("w/d 10/31", "withdrawn"),
        ("w/drew 10/31", "withdrawn"),
        ("W", "withdrawn"),
        ("Interviewed w/ Dr. Lee 11/3", "interviewed"),
        ("interviewed 11/3, met w PD", "interviewed"),
        ("IV 11/3, w after it", "withdrawn"),
        ("apply later", "not_applied"),
        ("apply by 11/3", "not_applied"),
        ("need to apply", "not_applied"),
        ("Apply", "applied"),
    ],
)
def test_short_words_of_applicants_are_statuses(text, status):
    assert read_status(text).status is Status(status)


@pytest.mark.parametrize("text", ["apply if they reopen", "ripe", "cut-off 230"])
def test_words_near_them_are_none(text):
    with pytest.raises(BadCellError):
        read_status(text)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Awaited", "applied"),
        ("Result awaited", "applied"),
        ("in progress", "applied"),
        ("keine Antwort", "applied"),
        ("beworben", "applied"),
        ("sin respuesta", "applied"),
        ("Reserve list", "waitlisted"),
        ("on the reserve list", "waitlisted"),
        ("W/L", "waitlisted"),
        ("W/L 11/3", "waitlisted"),
        ("Warteliste", "waitlisted"),
        ("auf der Warteliste", "waitlisted"),
        ("lista de espera", "waitlisted"),
        ("Shortlisted", "invited"),
        ("Shortlisted for interview 11/3", "invited"),
        ("Selected for interview", "invited"),
        ("Called for interview", "invited"),
        ("invitado", "invited"),
        ("entrevistada", "interviewed"),
        ("Gespräch geführt", "interviewed"),
        ("Not shortlisted", "rejected"),
        ("not short-listed", "rejected"),
        ("nicht eingeladen", "applied"),
        ("nicht beworben", "not_applied"),
    ],
)
def test_words_from_other_countries_are_statuses(text, status):
    assert read_status(text).status is Status(status)


@pytest.mark.parametrize("text", ["Int Med", "Int. Med.", "Int Medicine", "int med 11/3"])
def test_a_specialty_in_short_is_no_interview(text):
    with pytest.raises(BadCellError):
        read_status(text)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("🅆 waitlist", "waitlisted"),
        ("Ⓦ waitlisted 11/3", "waitlisted"),
        ("W - waitlisted", "waitlisted"),
        ("🅡 rejected", "rejected"),
        ("🆁", "rejected"),
        ("🅁 interviewed 11/3", "rejected"),
        ("🅆", "withdrawn"),
        ("W/D", "withdrawn"),
    ],
)
def test_a_letter_in_a_box_is_the_initial_of_the_word_beside_it(text, status):
    assert str(read_status(text).status) == status


@pytest.mark.parametrize(
    "text", ["Attended OH", "attended open house 10/3", "attended info session"]
)
def test_what_was_attended_may_be_no_interview(text):
    with pytest.raises(BadCellError):
        read_status(text)
    assert str(read_status("attended 11/5").status) == "interviewed"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Not invited this cycle", "rejected"),
        ("No II this year", "rejected"),
        ("Removed from consideration", "rejected"),
        ("negative", "rejected"),
        ("R'd", "rejected"),
        ("rejcted 11/3", "rejected"),
        ("opted out", "withdrawn"),
        ("I'm out", "withdrawn"),
        ("no-go", "withdrawn"),
        ("canx", "withdrawn"),
        ("took myself out", "withdrawn"),
        ("Under consideration", "applied"),
        ("WL'd", "waitlisted"),
        ("Alt list", "waitlisted"),
        ("II'd", "invited"),
        ("I/V 12/3", "invited"),
        ("Sched'd 12/3", "invited"),
    ],
)
def test_more_of_the_words_that_people_write(text, status):
    assert str(read_status(text).status) == status
