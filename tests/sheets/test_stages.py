"""From columns of stages and cells with remarks to one status for each row."""

import pytest

from tests.sheets.reading import listing, records

STAGES = "Program,Applied,Invited,IV Date,Interviewed,Waitlisted,Rejected,Withdrew"


def status(cells, header=STAGES, **options):
    found = records(f"{header}\nElm,{cells}\n", **options)[0]
    assert not found.errors, found.errors
    return found.values.get("status")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("TRUE,TRUE,11/3/2026,TRUE,FALSE,FALSE,FALSE", "interviewed"),
        ("TRUE,FALSE,,FALSE,FALSE,TRUE,FALSE", "rejected"),
        ("TRUE,TRUE,11/3/2026,TRUE,FALSE,TRUE,FALSE", "rejected"),
        ("TRUE,TRUE,,FALSE,FALSE,FALSE,TRUE", "withdrawn"),
        ("TRUE,TRUE,,FALSE,FALSE,FALSE,FALSE", "invited"),
        ("TRUE,FALSE,,FALSE,TRUE,FALSE,FALSE", "waitlisted"),
        ("x,,,,,,", "applied"),
        ("✓,✓,,,,✔️,", "rejected"),
        ("9/24,10/20,12/4,,,,", "invited"),
        ("9/24,,,,,11/2,", "rejected"),
        ("yes,yes - by phone,,,,no,", "invited"),
        ("1,1,,0,0,0,0", "invited"),
        ("FALSE,FALSE,,FALSE,FALSE,FALSE,FALSE", "not_applied"),
    ],
)
def test_boxes_of_stages_set_the_status(cells, expected):
    assert status(cells) == expected


def test_unticked_boxes_take_back_what_an_earlier_import_said():
    (found,) = records("Program,Invited,Rejected\nElm,FALSE,FALSE\n")
    assert "status" not in found.values
    assert "status" in found.denied


def test_the_date_in_a_box_is_kept_and_that_of_an_interview_is_its_date():
    (found,) = records(f"{STAGES}\nElm,9/24,10/20,,11/3,,,\n")
    assert found.values["status"] == "interviewed"
    assert found.values["interview_date"] == "2026-11-03"
    assert found.extra["Invited (as written)"] == "10/20"


def test_what_is_neither_yes_nor_no_nor_a_date_in_a_box_is_an_error():
    (found,) = records("Program,Rejected\nElm,who knows\n")
    assert [e.code for e in found.errors] == ["bad_stage"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("Elm,❌\n", ["rejected"]),
        ("Elm,❌\nOak,\n", ["rejected", None]),
        ("Elm,✅\nOak,❌\n", ["rejected", None]),
        ("Elm,❌\nOak,❌\n", [None, None]),
    ],
)
def test_a_cross_in_a_box_is_a_tick_where_nothing_else_ticks(rows, expected):
    found = records(f"Program,Rejected\n{rows}")
    assert [record.values.get("status") for record in found] == expected


@pytest.mark.parametrize(
    ("cell", "expected", "day"),
    [
        ("Rejected 10/20 😭", "rejected", None),
        ("Interviewed 11/5", "interviewed", "2026-11-05"),
        ("invited 11/3, sched 12/15", "invited", "2026-12-15"),
        ("IV 1/8", "invited", "2027-01-08"),
        ("Interview invite 10/20 - scheduled 12/4", "invited", "2026-12-04"),
    ],
)
@pytest.mark.parametrize("header", ["Status", "Interview Status", "Stage"])
def test_a_remark_behind_a_status_is_kept_and_its_date_is_the_interviews(
    header, cell, expected, day
):
    (found,) = records(f'Program,{header}\nElm,"{cell}"\n')
    assert found.values["status"] == expected
    assert found.values.get("interview_date") == day
    assert found.extra == {f"{header} (as written)": cell}
    assert [w.code for w in found.warnings] == ["status_read"]


def test_a_column_of_dates_wins_over_a_date_beside_a_status():
    (found,) = records("Program,Status,IV Date\nElm,Interviewed 11/5,11/6/2026\n")
    assert found.values["interview_date"] == "2026-11-06"


@pytest.mark.parametrize("cell", ["Rejected", "Waitlisted", "declined 10/3"])
def test_a_status_among_dates_of_interviews_counts(cell):
    rows = f"Elm,{cell}\nOak,11/3/2026\nAsh,12/4\n"
    found = records(f"Program,Interview Date\n{rows}")
    assert [r.values.get("status") for r in found][1:] == [None, None]
    assert found[0].values["status"] in {"rejected", "waitlisted"}
    assert not found[0].errors


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("Interview Status", "✅", "invited"),
        ("Interview Status", "❌", "rejected"),
        ("Status", "❌", "rejected"),
        ("Interview Status", "Completed", "interviewed"),
        ("App Status", "Complete", "applied"),
    ],
)
def test_marks_and_what_is_done_are_read_by_the_header(header, cell, expected):
    assert status(cell, f"Program,{header}") == expected


def status_of_all(text):
    return [r.values.get("status") for r in records(text)]


UNKNOWN = "Program,{0}\nElm,{1}\n"


@pytest.mark.parametrize(
    ("header", "cell", "option"),
    [
        ("Where it stands", "Rejected", '--map "Where it stands=status"'),
        ("Ghosted", "TRUE", '--map "Ghosted=rejected"'),
        ("Ghosted", "✓", '--map "Ghosted=rejected"'),
        ("Log", "they declined me in October", '--map "Log=status"'),
        ("Log", "withdrew, too cold", '--map "Log=status"'),
        ("Housing", "DO NOT CONTACT", '--map "Housing=notes"'),
        ("Log", "please do not email", '--map "Log=notes"'),
        ("ERAS outcome so far", "waitlisted", '--map "ERAS outcome so far=status"'),
        ("Log", "II rescinded in November", '--map "Log=status"'),
        ("Day they might reject me", "10/20/2026", '--map "Day they might reject me=notes"'),
        ("They want no emails now", "10/20", '--map "They want no emails now=notes"'),
    ],
)
def test_an_unknown_column_that_may_matter_asks_what_it_is(header, cell, option):
    found = listing(UNKNOWN.format(header, f'"{cell}"'))
    assert len(list(found.records)) == 1
    (doubt,) = found.doubts
    assert (doubt.code, doubt.line, doubt.value) == ("unknown_column_matters", 2, cell)
    assert option in doubt.message
    assert f'--ignore "{header}"' in doubt.message


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Cohort", "2027"),
        ("Visa J-1", "yes"),
        ("DO friendly?", "TRUE"),
        ("Beds", "1"),
        ("Salary", "61,000"),
        ("LOI Status", "sent"),
        ("NRMP", "Yes"),
        ("Participates in ERAS", "TRUE"),
        ("Log", "they do not contact applicants before November"),
    ],
)
def test_a_column_that_says_nothing_of_it_is_kept(header, cell):
    found = listing(UNKNOWN.format(header, f'"{cell}"'))
    (record,) = found.records
    assert list(found.doubts) == []
    assert record.extra == {header: cell}


def test_a_rejection_far_down_an_unknown_column_is_seen():
    rows = "".join(f"Elm {n},\n" for n in range(500))
    found = listing(f"Program,Log\n{rows}Oak,rejected 11/2\n")
    assert len(list(found.records)) == 501
    assert [doubt.line for doubt in found.doubts] == [502]


def test_a_name_that_a_shell_would_read_is_told_by_its_place():
    found = listing(UNKNOWN.format("$(touch x)", "Rejected"))
    list(found.records)
    (doubt,) = found.doubts
    assert '--map "column 2=status"' in doubt.message
    assert '--ignore "column 2"' in doubt.message


def test_a_blank_under_a_ticked_column_is_not_applied():
    found = records("Program,Applied,Interviewed\nElm,x,\nOak,,\nAsh,,x\n")
    assert [r.values.get("status") for r in found] == ["applied", "not_applied", "interviewed"]
    assert [[w.code for w in r.warnings] for r in found] == [[], ["not_ticked"], []]


@pytest.mark.parametrize("day", ["9/24", "9/24/2026", "Sep 24"])
def test_a_day_under_applied_is_a_tick(day):
    assert status_of_all(f"Program,Applied\nElm,{day}\nOak,\n") == ["applied", "not_applied"]


def test_a_column_that_nobody_ticks_says_nothing():
    assert status_of_all("Program,Applied,City\nElm,,Troy\nOak,,Ada\n") == [None, None]


def test_a_status_in_words_says_more_than_a_blank_box():
    found = status_of_all("Program,Applied,Status\nElm,TRUE,\nOak,,Applied\nAsh,,Rejected\nFir,,\n")
    assert found == ["applied", "applied", "rejected", "not_applied"]


def test_a_second_contact_of_a_program_need_not_be_ticked_again():
    rows = "Elm,PD,Ana Lee,ana@elm.example,x\nElm,PC,Cat Dee,cat@elm.example,\n"
    found = records(f"Program,Role,Name,Email,Applied\n{rows}")
    assert [r.values.get("status") for r in found] == ["applied", None]


def test_crosses_beside_ticks_of_another_column_are_a_no():
    rows = "Elm,✅,❌\nOak,❌,❌\nAsh,✅,❌\n,,\n"
    assert status_of_all(f"Program,Invited,Rejected\n{rows}") == ["invited", None, "invited"]


def test_rows_without_a_name_do_not_make_a_cross_a_tick():
    rows = "Elm,❌,1\nOak,❌,2\n,,3\n,,4\n"
    assert status_of_all(f"Program,Rejected,#\n{rows}") == [None, None]


NOTES = "Program,City,Status,Notes\nElm,Troy,{0},{1}\nOak,Ada,Applied,liked it\n"


@pytest.mark.parametrize("note", ["please do not email", "No emails!", "DNC", "don't contact them"])
def test_a_note_that_asks_for_no_mail_is_asked_about(note):
    found = listing(NOTES.format("Applied", note))
    assert len(list(found.records)) == 2
    (doubt,) = found.doubts
    assert (doubt.code, doubt.line, doubt.value) == ("unknown_column_matters", 2, note)
    assert "Do not email" in doubt.message
    assert '--map "Notes=notes"' in doubt.message


@pytest.mark.parametrize("note", ["rejected 10/20", "withdrew", "did not apply", "I didn't apply"])
def test_notes_may_say_the_status_where_no_column_does(note):
    asked = listing(f"Program,City,Notes\nElm,Troy,{note}\n")
    assert len(list(asked.records)) == 1
    assert ['--map "Notes=status"' in doubt.message for doubt in asked.doubts] == [True]
    told = listing(NOTES.format("Applied", note))
    assert (len(list(told.records)), list(told.doubts)) == (2, [])


@pytest.mark.parametrize("notes", [("invited 10/15", "no word yet"), ("Interviewed - lovely", "")])
def test_notes_most_of_which_are_a_status_that_no_column_gives_are_asked_about(notes):
    rows = "".join(f"Hospital {n},Cañon City,{note}\n" for n, note in enumerate(notes))
    asked = listing(f"Program,City,Comments\n{rows}")
    assert len(list(asked.records)) == 2
    (doubt,) = asked.doubts
    assert (doubt.line, doubt.value) == (2, notes[0])
    assert "no column gives" in doubt.message
    assert '--map "Comments=status"' in doubt.message
    assert '--map "Comments=notes"' in doubt.message


@pytest.mark.parametrize(
    "text",
    [
        "Program,City,Notes\nElm,Troy,invited 10/15\nOak,Ada,liked it\nAsh,Rye,by the sea\n",
        "Program,City,Invited,Notes\nElm,Troy,x,invited 10/15\n",
        "Program,City,PD,Notes\nINVITED\nElm,Troy,Ana Lee,invited 10/15\n",
    ],
)
def test_notes_are_notes_where_few_are_a_status_or_something_else_gives_it(text):
    found = listing(text)
    assert len(list(found.records)) > 0
    assert list(found.doubts) == []


def test_notes_that_are_called_notes_by_the_user_are_only_that():
    found = listing(NOTES.format("Applied", "no emails"), mapping={"Notes": "notes"})
    assert [r.values["notes"] for r in found.records] == ["no emails", "liked it"]
    assert list(found.doubts) == []


def test_where_a_column_gives_the_policy_notes_need_not():
    found = listing("Program,Status,Contact Policy,Notes\nElm,applied,open,no emails on Sundays\n")
    assert (len(list(found.records)), list(found.doubts)) == (1, [])


def beside(cell, header="Program,Status,PD,Do not email"):
    (found,) = records(f'{header}\nSaint-Élan Hospital,"{cell}",Ana Núñez,\n')
    return found


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "Interviewed 10/22; emailed 11/10",
            {"interview_date": "2026-10-22", "told_on": "2026-11-10"},
        ),
        ("Interviewed 10/30 - told them my score on 11/2", {"told_on": "2026-11-02"}),
        ("Interviewed 11/3 - PD said do not email", {"contact_policy": "none"}),
        ("WL, no emails please", {"contact_policy": "none", "status": "waitlisted"}),
    ],
)
def test_what_stands_beside_a_status_is_read(cell, expected):
    found = beside(cell)
    assert not found.errors
    assert expected.items() <= found.values.items()
    assert [w.code for w in found.warnings] == ["status_read"]


def test_that_they_want_no_mail_wins_over_an_empty_box():
    header = "Program,Status,PD,Do not email"
    (found,) = records(f"{header}\nElm,Interviewed 11/3 - they said do not email,Ana Lee,no\n")
    assert found.values["contact_policy"] == "none"


def test_a_column_of_days_wins_over_a_day_beside_a_status():
    header = "Program,Status,PD,Emailed?"
    (found,) = records(f"{header}\nElm,Interviewed 10/22; emailed 11/10,Ana Lee,11/12/2026\n")
    assert found.values["told_on"] == "2026-11-12"


@pytest.mark.parametrize(
    "cell",
    [
        "Interviewed 11/5 but they filled all spots",
        "WL then released 11/20",
        "applied - PD left, new PD unknown",
        "Interviewed 11/3 - emailed the PD",
        "Interviewed 11/3 - ranking them low / not ranking",
    ],
)
def test_what_is_not_read_for_sure_beside_a_status_is_to_be_decided(cell):
    found = beside(cell)
    codes = [w.code for w in found.warnings]
    code = "director_left" if "PD left" in cell else "note_contradicts"
    assert (codes, found.errors) == (["status_read", code], ())


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("Interviewed 11/5, closed", "closed"),
        ("Interviewed 11/5 - left", "left"),
        ("II 11/5, dead?? no", "dead"),
        ("waitlisted, removed", "removed"),
        ("applied; filled", "filled"),
        ("Waitlisted, names released", "released"),
    ],
)
def test_a_word_that_may_take_a_status_back_is_an_error(cell, word):
    (error,) = beside(cell.replace("?", "")).errors
    assert (error.code, f'"{word}" may take it back' in error.message) == ("bad_status", True)
    assert "rejected or withdrawn" in error.message


@pytest.mark.parametrize(
    "cell",
    [
        "Interviewed 11/12 (PD said we rank high)",
        "Interviewed 11/12, PD told me they love me",
        "Interviewed 11/5, left a good impression",
        "Invited 10/20, dates released",
        "Applied, filled out the supplemental",
        "Rejected 11/5, spots filled",
    ],
)
def test_a_remark_that_takes_nothing_back_stays_a_remark(cell):
    found = beside(cell)
    assert ([w.code for w in found.warnings], found.errors) == (["status_read"], ())


def test_a_no_under_interview_means_none_so_far():
    rows = "Saint-Élan,FM,11/3/2026\nOak,FM,no\nAsh,FM,\n"
    found = records(f"Program,Specialty,Interview?\n{rows}")
    assert [r.values.get("interview_date") for r in found] == ["2026-11-03", None, None]
    assert [r.errors for r in found] == [(), (), ()]


@pytest.mark.parametrize(
    ("remark", "status"),
    [
        ("R", "rejected"),
        ("W", "withdrawn"),
        ("WL", "waitlisted"),
        ("waitlist", "waitlisted"),
        ("Absage", "rejected"),
        ("dinged", "rejected"),
        ("R 11/20", "rejected"),
        ("they said no", "rejected"),
    ],
)
@pytest.mark.parametrize("cell", ["11/3 ({})", "11/3 [{}]", "Nov 3, 2026 ({})", "Tue 11/3 ({})"])
def test_a_status_in_brackets_behind_a_day_counts(cell, remark, status):
    text = cell.format(remark)
    (found,) = records(f'Program,Specialty,Interview date\nElm,IM,"{text}"\n')
    assert (found.values["status"], found.errors) == (status, ())
    assert "interview_date" not in found.values or status == "waitlisted"


@pytest.mark.parametrize(
    "remark",
    ["open house", "OH", "dinner", "second look", "deadline", "respond by", "date of invite", "x"]
    + ["no", "skipped it", "conflict", "missed", "?", "❌", "filled", "full", "HireVue", "passed"],
)
def test_a_day_of_something_else_is_not_the_day_of_an_interview(remark):
    (found,) = records(f"Program,Specialty,Interview date\nElm,IM,11/3 ({remark})\n")
    assert found.errors or found.values["status"] in {"not_applied", "rejected"}
    assert "interview_date" not in found.values


@pytest.mark.parametrize(
    "cell",
    ["11/3 (loved it)", "11/3 (with Dr. Lee)", "11/3 - great day", "11/3, so kind", "11/3: meh"],
)
def test_a_remark_behind_a_day_that_changes_nothing_stays_as_written(cell):
    (found,) = records(f'Program,Specialty,Interview date\nElm,IM,"{cell}"\n')
    assert (found.values["interview_date"], found.errors) == ("2026-11-03", ())
    assert found.extra["Interview date (as written)"] == cell


@pytest.mark.parametrize("cell", ["11/3 (told them 251)", "11/3 (DNC)", "11/3 (emailed PD 11/5)"])
def test_what_a_remark_behind_a_day_says_against_a_letter_holds_it(cell):
    (found,) = records(f"Program,Specialty,Interview date\nElm,IM,{cell}\n")
    assert "note_contradicts" in [w.code for w in found.warnings]


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("yes (R)", "rejected"),
        ("✓ - WL", "interviewed"),
        ("yes - W", "withdrawn"),
        ("✓ 11/3 → R", "rejected"),
        ("x, rejected 11/20", "rejected"),
        ("no (R)", "rejected"),
        ("no (withdrew)", "withdrawn"),
        ("yes, not rejected", "interviewed"),
    ],
)
def test_a_status_behind_a_tick_counts_beside_it(cell, status):
    (found,) = records(f'Program,Specialty,Interviewed\nElm,IM,"{cell}"\n')
    assert (found.values["status"], found.errors) == (status, ())


def test_a_day_behind_a_tick_is_that_of_the_interview():
    (found,) = records('Program,Specialty,Interviewed\nElm,IM,"yes, 11/3"\n')
    assert found.values["interview_date"] == "2026-11-03"
