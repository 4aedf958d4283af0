"""`programs merge` and `remove`: twins become one, and no letter's history is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.store.database import open_store

PINE = {
    "Program": "Pine Hill",
    "Specialty": "EM",
    "City": "Utica",
    "State": "NY",
    "PD": "Dr. Pi",
    "PD Email": "pine@pine.example",
    "Status": "waitlisted",
    "Why": "your street clinic",
}
RENAMED = {
    **PINE,
    "Program": "St. Pine Medical Center",
    "PD Email": "residency@pine.example",
    "Why": "your farm clinic",
}
HEADER = list(PINE)


def listed(desk):
    return desk.good("programs", "list", "--json").json["programs"]


def brought(desk, *rows, options=(), code=0):
    desk.sheet(*rows, header=HEADER)
    done = desk.type("import", "list.csv", "--json", *options)
    assert done.code == code, done.err
    return done.json


def exported(desk, *numbers):
    """Let letters leave, by the user's own mail program."""
    ids = list(map(str, numbers))
    desk.good("approve", *ids, "--unseen")
    desk.good("outbox", "export", *ids, "--eml", "out")


def sound(desk):
    assert desk.good("db", "check").code == 0


@pytest.fixture
def twins(desk):
    """Pine Hill, whose letter has left, and its twin with a draft."""
    brought(desk, PINE)
    desk.good("draft")
    exported(desk, 1)
    brought(desk, RENAMED)
    desk.good("draft")
    return desk


def test_a_renamed_program_is_said_to_be_a_probable_twin_and_its_letter_is_held(twins):
    found = brought(twins, {**RENAMED, "Program": "Pine Hill and Mohawk", "PD Email": ""})
    (warning,) = [w for w in found["warnings"] if w["code"] == "probable_twin"]
    assert warning["line"] == 2
    assert "looks like #1 Pine Hill (waitlisted): same city, director" in warning["message"]
    assert "planner programs merge 1 3" in warning["message"]
    letter = twins.letters()[1]
    assert "probable_twin" in {f["code"] for f in letter["findings"]}
    done = twins.type("approve", "2", "--unseen")
    assert (done.code, "probable_twin" in done.out + done.err) == (3, True)


def test_the_same_file_again_says_nothing_of_twins(twins):
    assert brought(twins, RENAMED)["warnings"] == []


def test_twins_become_one_and_the_letter_that_left_still_counts(twins):
    done = twins.good("programs", "merge", "1", "2")
    assert "#2 St. Pine Medical Center is now part of #1 Pine Hill" in done.out
    assert "letter 2: withdrawn" in done.out
    assert [p["id"] for p in listed(twins)] == [1]
    assert twins.states() == ["exported", "left_out"]
    twins.good("draft")
    assert len(twins.letters()) == 2
    sound(twins)


def test_a_file_that_names_either_twin_finds_the_one_that_stays(twins):
    twins.good("programs", "merge", "1", "2")
    for row in (RENAMED, PINE):
        found = brought(twins, {**row, "Status": "invited"})
        assert found["new"] == 0
    assert [(p["id"], p["status"]) for p in listed(twins)] == [(1, "invited")]


def test_the_letter_of_the_one_that_goes_moves_to_the_one_that_stays(twins):
    done = twins.good("programs", "merge", "2", "1", "--json").json
    assert (done["moved"], done["withdrawn"]) == ([1], [2])
    letters = {x["id"]: (x["program"], x["state"]) for x in twins.letters()}
    assert letters == {
        1: ("St. Pine Medical Center", "exported"),
        2: ("Pine Hill", "left_out"),
    }
    twins.good("draft")
    assert len(twins.letters()) == 2
    sound(twins)


def test_two_letters_that_both_left_are_both_kept(twins):
    twins.good("programs", "set", "2", "director_last_name=Rho", "program=Mohawk")
    twins.good("draft")
    exported(twins, 2)
    done = twins.good("programs", "merge", "1", "2", "--json").json
    assert (done["moved"], done["kept"]) == ([], [2])
    assert twins.states() == ["exported", "exported"]
    sound(twins)


def test_the_one_that_stays_is_filled_up_and_what_forbids_a_letter_wins(desk):
    brought(desk, {**PINE, "PD": "", "PD Email": "", "Why": "", "Status": "interviewed"})
    brought(desk, {**RENAMED, "Status": "rejected"})
    desk.good("programs", "set", "2", "contact_policy=none", "notes=called", "acgme_id=1100521057")
    done = desk.good("programs", "merge", "1", "2")
    assert "director_email: (empty) -> residency@pine.example" in done.out
    (pine,) = listed(desk)
    assert pine["program"] == "Pine Hill"
    assert (pine["status"], pine["contact_policy"]) == ("rejected", "none")
    assert (pine["director_last_name"], pine["acgme_id"]) == ("Pi", "1100521057")
    assert (pine["reason"], pine["notes"]) == ("your farm clinic", "called")
    # What was set by hand on either goes on winning over a file.
    found = brought(desk, PINE)
    assert listed(desk)[0]["contact_policy"] == "none"
    assert found["new"] == 0


def joined(desk, *statuses):
    """Two rows of one program under two names, which were joined; gives the rows."""
    names = ("Larch Mountain Hospital", "Larch Mtn Hosp")
    rows = [
        {**PINE, "Program": name, "Status": status}
        for name, status in zip(names, statuses, strict=True)
    ]
    brought(desk, *rows)
    desk.good("programs", "merge", "1", "2")
    return rows


@pytest.mark.parametrize(
    ("statuses", "together"),
    [
        (("applied", "rejected"), "rejected"),
        (("rejected", "applied"), "rejected"),
        (("applied", "interviewed"), "interviewed"),
        (("waitlisted", "applied"), "waitlisted"),
    ],
)
def test_the_file_with_both_twins_again_changes_nothing(desk, statuses, together):
    rows = joined(desk, *statuses)
    for again in (rows, rows[::-1]):
        done = brought(desk, *again)
        assert (done["changed"], done["changes"]) == (0, [])
        (program,) = listed(desk)
        assert program["status"] == together


def test_a_no_that_came_with_a_twin_outlives_the_twins_row(desk):
    first, _ = joined(desk, "applied", "rejected")
    done = brought(desk, first)
    assert [issue["code"] for issue in done["warnings"]] == ["kept_yours"]
    assert [program["status"] for program in listed(desk)] == ["rejected"]


def test_rows_of_twins_may_go_further_together(desk):
    rows = joined(desk, "applied", "interviewed")
    rows[0]["Status"] = "rejected"
    brought(desk, *rows)
    assert [program["status"] for program in listed(desk)] == ["rejected"]


def test_an_address_stays_with_its_person(desk):
    brought(desk, {**PINE, "PD Email": ""}, {**RENAMED, "PD": "Dr. Rho"})
    desk.good("programs", "merge", "1", "2")
    (pine,) = listed(desk)
    assert (pine["director_last_name"], pine["director_email"]) == ("Pi", "")


def test_an_approval_whose_facts_the_join_changes_is_void(desk):
    brought(desk, {**PINE, "PD": ""}, RENAMED)
    desk.good("draft")
    desk.good("approve", "1", "--unseen")
    done = desk.good("programs", "merge", "1", "2")
    assert "No longer approved" in done.out
    assert desk.states() == ["draft", "left_out"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["1", "1"], "is already one program"),
        (["1", "2"], "two programs"),
        (["1", "3"], "two programs"),
        (["1", "Nowhere"], "No program fits"),
    ],
)
def test_what_cannot_be_one_is_refused(desk, words, said):
    rows = [PINE, {**RENAMED, "City": "Rome"}, {**RENAMED, "Specialty": "IM"}]
    brought(desk, *rows)
    desk.good("programs", "set", "1", "acgme_id=1100521057")
    desk.good("programs", "set", "2", "acgme_id=1100521058")
    done = desk.type("programs", "merge", *words)
    assert (done.code, said in done.err, "->" in done.err) == (2, True, True)
    assert len(listed(desk)) == 3


def test_a_program_that_was_joined_twice_is_found_under_each_of_its_names(desk):
    third = {**PINE, "Program": "Mohawk Pine"}
    brought(desk, PINE, RENAMED, third)
    desk.good("programs", "merge", "2", "3")
    desk.good("programs", "merge", "1", "2")
    found = brought(desk, {**third, "Status": "invited"}, {**RENAMED, "Status": "invited"})
    assert (found["new"], found["merged"]) == (0, 1)
    assert [(p["id"], p["status"]) for p in listed(desk)] == [(1, "invited")]


def test_a_program_that_is_taken_out_gets_no_letter_and_no_file_brings_it_back(twins):
    done = twins.good("programs", "remove", "2")
    assert "#2 St. Pine Medical Center has been taken off your list" in done.out
    assert "letter 2: withdrawn" in done.out
    assert [p["id"] for p in listed(twins)] == [1]
    found = brought(twins, RENAMED, PINE)
    assert (found["new"], found["unchanged"]) == (0, 2)
    assert [w["code"] for w in found["warnings"]] == ["taken_out"]
    assert "planner programs remove 2 --undo" in found["warnings"][0]["message"]
    twins.good("draft")
    assert twins.states() == ["exported", "left_out"]
    assert twins.good("status", "--json").json["programs"] == 1
    sound(twins)


def test_what_left_for_a_program_that_was_taken_out_still_counts(twins):
    twins.good("programs", "remove", "1")
    twins.good("programs", "remove", "1", "--undo")
    assert [p["id"] for p in listed(twins)] == [1, 2]
    twins.good("draft")
    assert twins.states() == ["exported", "draft"]
    twins.good("programs", "remove", "1")
    twins.good("programs", "set", "2", "director_email=pine@pine.example")
    twins.good("draft")
    assert "same_address" in twins.good("plan").out
    sound(twins)


def test_force_brings_a_program_back(twins):
    twins.good("programs", "remove", "1")
    found = brought(twins, {**PINE, "Status": "invited"}, options=["--force"])
    assert (found["new"], found["changed"]) == (0, 1)
    assert [p["id"] for p in listed(twins)] == [1, 2]


def test_a_letter_of_a_program_that_is_out_cannot_be_a_draft_again(twins):
    twins.good("programs", "remove", "2")
    done = twins.type("leave-out", "--undo", "2")
    assert (done.code, "was taken off your list" in done.err) == (3, True)
    assert "planner programs remove 2 --undo" in done.err
    twins.good("programs", "remove", "2", "--undo")
    twins.good("leave-out", "--undo", "2")
    twins.good("programs", "merge", "1", "2")
    done = twins.type("leave-out", "--undo", "2")
    assert "was merged with #1" in done.err
    for words in (["preview", "2"], ["outbox", "show", "2"], ["outbox", "list"]):
        assert "bug" not in twins.type(*words).err
    assert twins.type("edit", "2", "--subject", "x").code == 3


def test_only_what_was_taken_out_can_be_brought_back(twins):
    done = twins.type("programs", "remove", "1", "--undo")
    assert (done.code, "No program that was taken out fits" in done.err) == (2, True)


def test_a_letter_that_a_sender_has_in_hand_stops_both(twins):
    lease = datetime.now(UTC) + timedelta(hours=1)  # a server goes by its own clock
    twins.sql(
        "UPDATE letters SET state = 'claimed', owner = 'x',"
        f" lease_until = '{lease:%Y-%m-%d %H:%M:%S}' WHERE id = 1"
    )
    with open_store(twins.url, base=twins.folder).sender_lock():
        for words in (["merge", "2", "1"], ["remove", "1"]):
            done = twins.type("programs", *words)
            assert (done.code, "Letter 1 (Pine Hill) is on its way" in done.err) == (3, True)
    assert len(listed(twins)) == 2


def test_on_a_terminal_a_merge_names_both_programs_and_asks_first(terminal, twins):
    asked = "#2 St. Pine Medical Center becomes part of #1 Pine Hill. .* Merge them?"
    child = terminal("merge", "1", "2", command="programs")
    child.expect(asked)
    child.send("\r")
    child.expect("You said no: nothing was changed")
    assert len(listed(twins)) == 2
    child = terminal("merge", "1", "2", command="programs")
    child.expect(asked)
    child.send("y\r")
    child.expect("is now part of #1 Pine Hill")
    assert len(listed(twins)) == 1


def test_with_yes_a_merge_asks_nothing(terminal, twins):
    child = terminal("merge", "1", "2", "--yes", command="programs")
    child.expect("is now part of #1 Pine Hill")
    assert "Merge them?" not in child.before


def test_a_name_that_is_nearly_right_is_answered_with_the_one_that_was_meant(desk):
    desk.a_list(2)
    done = desk.type("programs", "show", "Elm 1 Hopsital")
    assert "Did you mean #1 Elm 1 Hospital?" in done.err
    brought(desk, {**PINE, "Program": "Fir Hill Hospital"})
    assert "Did you mean #3 Fir Hill Hospital?" in desk.type("why", "Fur Hill").err


def test_a_hint_that_is_typed_as_it_stands_changes_no_program(desk):
    brought(desk, {**PINE, "Program": "Great Cormorant Surgery Residency Program"})
    done = desk.type("programs", "set", "PROGRAM", "status=withdrawn")
    assert (done.code, "PROGRAM stands for a program" in done.err) == (2, True)
    assert [program["status"] for program in listed(desk)] == ["waitlisted"]


def test_the_state_tells_programs_of_one_name_apart(desk):
    rows = [
        {
            **PINE,
            "Program": "Mercy Hospital",
            "City": "Springfield",
            "State": s,
            "PD": pd,
            "PD Email": e,
        }
        for s, pd, e in (("MO", "Ana Lee", ""), ("Massachusetts", "", "b@ma.example"))
    ]
    found = brought(desk, *rows)
    assert (found["new"], found["merged"], found["errors"]) == (2, 0, [])
    assert [(p["state"], p["director_last_name"], p["director_email"]) for p in listed(desk)] == [
        ("MO", "Lee", ""),
        ("MA", "", "b@ma.example"),
    ]
    assert brought(desk, *rows)["unchanged"] == 2
    assert [e["code"] for e in brought(desk, {**rows[0], "State": ""}, code=1)["errors"]] == [
        "fits_two"
    ]


def test_a_state_that_is_not_given_meets_either(desk):
    row = {**PINE, "Program": "Mercy Hospital", "City": "Springfield"}
    brought(desk, {**row, "State": ""})
    assert brought(desk, {**row, "State": "Ohio"})["changed"] == 1
    assert brought(desk, {**row, "State": "OH"})["unchanged"] == 1
    assert brought(desk, {**row, "State": "MA"})["new"] == 1
    assert [p["state"] for p in listed(desk)] == ["OH", "MA"]


def test_spellings_of_a_name_are_one_program(desk):
    row = {**PINE, "Program": "St. Mary's Hospital", "City": "Ft. Worth", "Status": "rejected"}
    brought(desk, row)
    other = {**row, "Program": "Saint Marys Hospital Program", "City": "Fort Worth", "Status": ""}
    assert brought(desk, other)["new"] == 0
    assert [p["status"] for p in listed(desk)] == ["rejected"]


def test_a_value_by_hand_may_speak_of_a_second_field_as_a_cell_does(desk):
    brought(desk, PINE)
    desk.good("programs", "set", "1", "contact_policy=Thalamus messages")
    desk.good("programs", "set", "1", "specialty=Prelim Surgery")
    (found,) = listed(desk)
    assert (found["contact_policy"], found["contact_channel"]) == ("channel", "Thalamus messages")
    assert (found["specialty"], found["track"]) == ("Surgery-General", "preliminary")
    desk.good("programs", "set", "1", "contact_channel=their portal", "track=categorical")
    (found,) = listed(desk)
    assert (found["contact_channel"], found["track"]) == ("their portal", "categorical")


def test_the_preliminary_year_of_a_hospital_is_a_program_of_its_own(desk):
    track = {"Specialty": "Medicine-Preliminary", "PD Email": "prelim@pine.example"}
    brought(desk, {**PINE, "Specialty": "IM"}, {**PINE, **track})
    brought(desk, {**PINE, "Specialty": "IM"}, {**PINE, **track, "Status": "interviewed"})
    assert [(p["track"], p["status"]) for p in listed(desk)] == [
        (None, "waitlisted"),
        ("preliminary", "interviewed"),
    ]


@pytest.mark.parametrize(
    ("assignment", "meant"),
    [
        ("status=aplied", "applied"),
        ("status=interveiwed", "interviewed"),
        ("contact_policy=chanel", "channel"),
        ("step2_policy=reqested", "requested"),
        ("statsu=applied", "status"),
        ("status=zzz", None),
        ("zzz=applied", None),
    ],
)
def test_a_word_that_is_nearly_one_is_named(desk, assignment, meant):
    desk.a_list(1)
    done = desk.type("programs", "set", "1", assignment)
    assert done.code == 2
    assert ("Did you mean" in done.err) == (meant is not None)
    assert meant is None or f"Did you mean {meant}?" in done.err
