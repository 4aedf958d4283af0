"""A note of the user's own that speaks against a letter holds it until they decide."""

HEADER = ["Program", "Specialty", "City", "State", "PD", "PD Email", "Status", "Why", "Notes"]
ROW = {
    "Program": "Saint-Élan Medical Center",
    "Specialty": "IM",
    "City": "Cañon City",
    "State": "CO",
    "PD": "Dr. Ana Núñez",
    "PD Email": "nunez@elan.example",
    "Status": "waitlisted",
    "Why": "your night clinic",
}
NOTE = "Rejected 11/18 via Thalamus, need to tick"


def brought(desk, **changes):
    desk.sheet({**ROW, **changes}, header=HEADER)
    return desk.good("import", "list.csv", "--json").json


def held(desk):
    return [f["text"] for f in desk.letters()[0]["findings"] if f["code"] == "note_contradicts"]


def test_a_letter_past_a_note_is_held_and_says_which(desk):
    warned = brought(desk, Notes=NOTE)["warnings"]
    assert [w["code"] for w in warned] == ["note_contradicts"]
    desk.good("draft")
    assert held(desk) == [f'notes: "{NOTE}", but status is waitlisted']
    done = desk.type("approve", "1", "--unseen")
    assert (done.code, "note_contradicts" in done.out + done.err) == (3, True)


def test_the_plan_the_story_and_the_try_mark_a_letter_that_will_be_held(desk):
    desk.sheet({**ROW, "Notes": NOTE}, header=HEADER)
    held_by = [f'notes: "{NOTE}", but status is waitlisted']
    (tried,) = desk.good("import", "list.csv", "--try", "--json").json["preview"]
    desk.good("import", "list.csv")
    (planned,) = desk.good("plan", "--json").json["programs"]
    story = desk.good("why", "1", "--json").json
    assert [tried["held_by"], planned["held_by"], story["held_by"]] == [held_by] * 3
    for words in (["import", "list.csv", "--try"], ["plan"], ["why", "1"]):
        said = " ".join(desk.good(*words).out.split())
        assert "held until you decide" in said.casefold()
        assert NOTE in said


NOT_DUE = {"PD Email": ""}  # there is nobody to write to


def test_what_holds_a_letter_is_told_where_none_is_due_too(desk):
    brought(desk, **NOT_DUE, Notes=NOTE)
    note = f'notes: "{NOTE}", but status is waitlisted'
    (planned,) = desk.good("plan", "--json").json["programs"]
    assert (planned["decision"] != "email", planned["held_by"]) == (True, [note])
    story = desk.good("why", "1", "--json").json
    assert story["held_by"] == [note]
    letters = [turn for turn in story["would_change"] if turn["decision"] == "email"]
    assert letters
    assert all(turn["held_by"] for turn in letters)
    said = desk.good("why", "1").out
    assert "one would be held until you decide" in said
    assert NOTE in said
    lines = [" ".join(line.split()) for line in said.splitlines() if "-> email" in line]
    told = " ".join(said.split())
    assert lines
    assert told.count("but held until you decide") == len(letters)


def test_a_change_that_ends_what_holds_a_letter_promises_it_whole(desk):
    brought(desk, **NOT_DUE, Notes="great people")
    story = desk.good("why", "1", "--json").json
    assert story["held_by"] == []
    assert [turn["held_by"] for turn in story["would_change"]] == [[]] * len(story["would_change"])
    assert "held" not in desk.good("why", "1").out


def test_programs_that_something_holds_are_marked_in_the_plan_and_in_the_list(desk):
    rows = [
        {**ROW, **NOT_DUE, "Notes": NOTE},
        {**ROW, **NOT_DUE, "Program": "Oak Ridge"},
        {**ROW, "Program": "Ash Grove", "PD Email": "pd@ash.example", "Status": "rejected"},
    ]
    rows[2]["Notes"] = NOTE  # its status says so, too: nothing is open
    desk.sheet(*rows, header=HEADER)
    desk.good("import", "list.csv")
    for words in (["plan"], ["programs", "list"]):
        said = desk.good(*words).out
        marked = [line for line in said.splitlines() if "[held]" in line]
        assert "Saint-Élan Medical Center [held]" in marked[0]
        assert "Oak Ridge [held]" not in said
        assert "Ash Grove [held]" not in said
        assert "planner why PROGRAM shows" in " ".join(said.split())
    desk.good("programs", "set", "1", "status=rejected")
    for words in (["plan"], ["programs", "list"]):
        assert "[held]" not in desk.good(*words).out


def test_deciding_lets_go_of_it(desk):
    brought(desk, Notes="emailed PD 11/20 w/ my step 2 score")
    desk.good("draft")
    desk.good("programs", "set", "1", "notes=wrote to the chief resident")
    desk.good("draft")
    assert held(desk) == []
    desk.good("approve", "1", "--unseen")


def test_a_person_may_let_it_stand_with_a_sentence(desk):
    brought(desk, Notes="Rejected 11/18 from their rural track")
    desk.good("draft")
    desk.good(
        *("approve", "1", "--unseen", "--override", "note_contradicts"),
        *("--because", "the rural track is another program"),
    )
    assert desk.states() == ["approved"]


def test_a_note_of_a_later_import_takes_back_an_approval(desk):
    brought(desk, Notes="loved the noon conference")
    desk.good("draft")
    desk.good("approve", "1", "--unseen")
    report = brought(desk, Notes=NOTE)
    assert report["voided"] == [1]
    assert desk.states() == ["draft"]


def test_any_other_note_leaves_an_approval_as_it_is(desk):
    brought(desk, Notes="loved the noon conference")
    desk.good("draft")
    desk.good("approve", "1", "--unseen")
    assert brought(desk, Notes="loved the noon conference and the PD")["voided"] == []
    assert desk.states() == ["approved"]


EARLY = "told_on is 2026-09-20, before your score came out on 2026-10-01"


def with_told(desk, day):
    desk.sheet({**ROW, "Told them?": day}, header=[*HEADER, "Told them?"])


def test_a_day_before_the_score_came_out_holds_the_letter_and_says_so_everywhere(desk):
    with_told(desk, "2026-09-20")
    (tried,) = desk.good("import", "list.csv", "--try", "--json").json["preview"]
    desk.good("import", "list.csv")
    (planned,) = desk.good("plan", "--json").json["programs"]
    story = desk.good("why", "1", "--json").json
    for shown in (tried, planned, story):
        (text,) = shown["held_by"]
        assert text.startswith(EARLY)
    desk.good("draft")
    done = desk.type("approve", "1", "--unseen")
    said = " ".join((done.out + done.err).split())
    assert (done.code, EARLY in said) == (3, True), said


def test_emptying_it_lets_the_letter_go(desk):
    with_told(desk, "2026-09-20")
    desk.good("import", "list.csv")
    desk.good("programs", "set", "1", "told_on=")
    desk.good("draft")
    desk.good("approve", "1", "--unseen")
    assert desk.states() == ["approved"]


def test_the_day_of_the_release_counts_as_told(desk):
    with_told(desk, "2026-10-01")
    desk.good("import", "list.csv")
    (planned,) = desk.good("plan", "--json").json["programs"]
    assert (planned["decision"], planned["held_by"]) == ("excluded", [])
