"""Several columns of notes, columns that are left out, and headers that say what a yes means."""

import pytest

from planner.sheets.columns import IGNORED
from tests.sheets.reading import listing, records, refused

HEAD = "Program,Specialty,Status"


def one(header, cell, **options):
    (record,) = records(f'{HEAD},{header}\nElm,FM,applied,"{cell}"\n', **options)
    return record


def test_several_columns_of_notes_are_joined_line_by_line():
    text = f"{HEAD},Notes,Comments,Updates\nElm,FM,applied,nice,withdrew,n/a\n"
    (record,) = records(text, mapping={"Updates": "notes"})
    assert record.values["notes"] == "nice\nwithdrew"
    assert [w.code for w in record.warnings] == ["note_contradicts"]


@pytest.mark.parametrize("cell", ["rejected", "wd", "DNC", "R"])
@pytest.mark.parametrize("before", ["", "nice", "a long note. " * 1000])
def test_each_cell_of_joined_notes_is_watched(cell, before):
    text = f"{HEAD},Notes,Updates\nElm,FM,applied,{before},{cell}\n"
    (record,) = records(text, mapping={"Notes": "notes", "Updates": "notes"})
    assert "note_contradicts" in {w.code for w in record.warnings}


def test_a_bare_yes_in_further_notes_keeps_its_header():
    text = f"{HEAD},Notes,Vibes\nElm,FM,applied,nice,no\n"
    (record,) = records(text, mapping={"Vibes": "notes"})
    assert record.values["notes"] == "nice\nVibes: no"
    assert list(record.warnings) == []


def test_a_bare_no_in_what_only_the_user_calls_notes_is_no_answer_of_theirs():
    (record,) = records(f"{HEAD},Vibes\nElm,FM,applied,no\n", mapping={"Vibes": "notes"})
    assert (record.values["notes"], list(record.warnings)) == ("Vibes: no", [])
    (record,) = records(f"{HEAD},Comments\nElm,FM,applied,no\n", mapping={"Comments": "notes"})
    assert [w.column for w in record.warnings] == ["Comments"]


def test_what_speaks_against_a_letter_is_found_under_its_own_header():
    (record,) = records(f"{HEAD},Log\nElm,FM,applied,rejected\n", mapping={"Log": "notes"})
    assert [(w.code, w.column) for w in record.warnings] == [("note_contradicts", "Log")]


@pytest.mark.parametrize(
    ("header", "meant"), [("Reviewed?", None), ("Reflected", None), ("Apllied?", "applied")]
)
def test_a_column_of_ticks_is_offered_as_a_stage_only_if_it_is_nearly_called_so(header, meant):
    found = listing(f"Program,Specialty,{header}\nElm,FM,yes\nOak,FM,no\n")
    assert found.suggestions.get(2) == meant


@pytest.mark.parametrize("header", ["Accepts emails?", "Do they allow contact?", "Not sure"])
def test_what_they_accept_is_a_policy(header):
    (record,) = records(f"{HEAD},{header}\nElm,FM,applied,no\n")
    assert record.values.get("contact_policy") == (None if header == "Not sure" else "none")


@pytest.mark.parametrize(
    "header",
    ["Not ok to email", "Emails not welcome", "Contact is not allowed", "They don't want emails"],
)
def test_what_they_do_not_accept_is_a_policy(header):
    (record,) = records(f"{HEAD},{header}\nElm,FM,applied,yes\n")
    assert record.values["contact_policy"] == "none"


def test_further_notes_that_are_only_called_so_are_asked_about():
    found = listing("Program,Specialty,Notes,Comments\nElm,FM,nice,DNC\n")
    list(found.records)
    assert [doubt.facts["map"] for doubt in found.doubts] == ["Comments=notes"]


def test_two_columns_that_the_user_calls_told_on_are_one():
    text = f"{HEAD},Emailed?,Wrote to PD\nElm,FM,applied,no,10/20\nOak,FM,applied,10/3,\n"
    found = records(text, mapping={"Wrote to PD": "told_on"})
    assert [r.values["told_on"] for r in found] == ["2026-10-20", "2026-10-03"]
    assert [r.denied for r in found] == [(), ()]
    assert refused(f"{HEAD},Emailed?,Contacted\nElm,FM,applied,10/3,10/4\n").code == "two_columns"


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Updates?", "rejected 11/18"),
        ("Updates?", "DO NOT EMAIL"),
        ("Updates?", "told the PD my score"),
        ("Updates?", "wd"),
        ("Comments", "no"),
        ("Told them?", "yes"),
        ("Rejected?", "x"),
    ],
)
def test_a_column_that_is_left_out_is_watched(header, cell):
    record = one(header, cell, mapping={header: IGNORED})
    assert record.extra == {f"{header} (left out)": cell}
    (warning,) = record.warnings
    assert warning.code == "note_contradicts"
    assert "the letter is held" in warning.message


@pytest.mark.parametrize(
    ("header", "cell"), [("Updates?", "lovely people"), ("Told them?", "no"), ("Visa", "yes")]
)
def test_of_a_column_that_is_left_out_nothing_else_is_kept(header, cell):
    record = one(header, cell, mapping={header: IGNORED})
    assert (record.extra, list(record.warnings)) == ({}, [])


@pytest.mark.parametrize("header", ["Vibes ok?", "Good food", "Virtual interview?"])
def test_a_yes_below_a_header_that_names_no_stage_is_called_none(header):
    found = listing(f"{HEAD},{header}\nElm,FM,applied,yes\nOak,FM,applied,no\n")
    list(found.records)
    for doubt in found.doubts:
        assert doubt.facts["map"] == f"{header}=notes"
        assert "=rejected" not in doubt.message


@pytest.mark.parametrize(
    "header",
    [
        "Contact OK?",
        "Ok to email?",
        "OK to email them",
        "Can email?",
        "Can I contact",
        "May we write",
    ]
    + [
        "Is it ok to email?",
        "Email ok?",
        "Emails welcome",
        "Contact allowed",
        "Allowed to contact?",
    ],
)
def test_a_yes_where_contact_is_ok_means_open(header):
    assert one(header, "yes").values["contact_policy"] == "open"
    assert one(header, "no").values["contact_policy"] == "none"
    assert one(header, "No - per website").values["contact_policy"] == "none"
    assert one(header, "only if asked").values["contact_policy"] == "if_asked"
    assert "contact_policy" not in one(header, "").values
    mapped = one(header, "no", mapping={header: "contact_policy"})
    assert mapped.values["contact_policy"] == "none"


def test_an_x_where_contact_is_ok_is_asked_about():
    assert [e.code for e in one("Contact OK?", "x").errors] == ["bad_contact_policy"]


@pytest.mark.parametrize("header", ["No contact?", "Do not contact", "Do not email?", "No emails"])
def test_a_yes_where_contact_is_not_wanted_means_none(header):
    assert one(header, "yes").values["contact_policy"] == "none"
    assert one(header, "no").values["contact_policy"] == "open"
    mapped = one(header, "yes", mapping={header: "contact_policy"})
    assert mapped.values["contact_policy"] == "none"


@pytest.mark.parametrize("header", ["Contact policy", "Communication policy"])
def test_a_yes_below_a_header_without_direction_is_asked_about(header):
    for cell in ("yes", "no"):
        (error,) = one(header, cell).errors
        assert (error.code, "contact_ok or no_contact" in error.message) == (
            "bad_contact_policy",
            True,
        )


@pytest.mark.parametrize("header", ["Contact", "Contact email", "Email", "Contact person OK'd by"])
def test_another_header_with_contact_in_it_is_no_policy(header):
    (record,) = records(f"{HEAD},{header}\nElm,FM,applied,ana@elm.example\n")
    assert "contact_policy" not in record.values


@pytest.mark.parametrize(
    "header",
    ["Step 2 score wanted?", "Step 2 wanted", "CK requested?", "Score wanted (Step 2)"][:3]
    + ["Wants Step 2", "They asked for my CK score", "Step 2 CK asked for by program"],
)
def test_a_yes_where_a_score_is_wanted_means_requested(header):
    assert one(header, "yes").values["step2_policy"] == "requested"
    assert one(header, "no").values["step2_policy"] == "none"
    assert one(header, "strongly considered").values["step2_policy"] == "strongly_considered"
    mapped = one(header, "yes", mapping={header: "step2_policy"})
    assert mapped.values["step2_policy"] == "requested"


@pytest.mark.parametrize("header", ["Step 2 required", "Step 2 needed", "Requires Step 2 CK?"])
def test_a_yes_where_a_score_is_needed_is_still_a_mention(header):
    assert one(header, "yes").values["step2_policy"] == "mentioned"


def test_last_contact_with_days_asks_whether_they_were_told():
    found = listing(f"{HEAD},Last contact\nElm,FM,applied,10/20/2026\nOak,FM,applied,\n")
    list(found.records)
    assert found.columns[3].target is None
    (doubt,) = found.doubts
    assert doubt.facts["map"] == "Last contact=told_on"


def test_last_contact_with_names_is_a_name():
    found = listing("Program,Specialty,Role,First contact,Last contact\nElm,FM,PD,Ana,Lee\n")
    assert [c.target for c in found.columns][3:] == ["contact_first", "contact_last"]


@pytest.mark.parametrize(
    ("cells", "seen"),
    [
        (("24/09/2026", "05/10/2026"), True),
        (("05/10/2026", "24-09-26"), True),
        (("24/09/2026", "9/25/2026"), False),
        (("24/09", "05/10"), True),
        (("12/14-15/2026", "10/05/2026"), False),
        (("10/05/2026", "11/03/2026"), False),
        (("24.09.2026", "2026-10-20"), False),
        (("31/31/2026", "11/3"), False),
    ],
)
def test_a_column_with_the_day_first_is_said_once(cells, seen):
    rows = "".join(f"Elm {n},FM,{cell}\n" for n, cell in enumerate(cells))
    found = listing(f"Program,Specialty,Interview date\n{rows}")
    said = [issue for issue in found.warnings if issue.code == "day_first"]
    assert len(said) == seen


@pytest.mark.parametrize(
    ("policy", "wanted", "value"),
    [
        ("required", "yes", "requested"),
        ("required", "no", "mentioned"),
        ("needed to rank", "yes", "required_to_rank"),
        ("none", "no", "none"),
        ("none", "", "none"),
        ("", "no", "none"),
    ],
)
def test_a_wish_for_the_score_adds_to_another_column_of_the_policy(policy, wanted, value):
    text = f"{HEAD},Step 2 score wanted?,Step 2 policy\nElm,FM,applied,{wanted},{policy}\n"
    (record,) = records(text)
    assert record.values["step2_policy"] == value


@pytest.mark.parametrize(
    ("ok", "other", "value"),
    [("yes", "yes", "none"), ("no", "no", "none"), ("yes", "no", "open"), ("", "yes", "none")],
)
def test_of_two_columns_on_contact_the_stricter_counts(ok, other, value):
    (record,) = records(f"{HEAD},Contact OK?,Do not email\nElm,FM,applied,{ok},{other}\n")
    assert record.values["contact_policy"] == value


@pytest.mark.parametrize("policy", ["if asked", "Thalamus only", "none"])
def test_a_yes_where_contact_is_ok_loosens_no_other_column(policy):
    text = f"{HEAD},Contact OK?,Contact policy\nElm,FM,applied,{{}},{policy}\n"
    (alone,), (both,) = records(text.format("")), records(text.format("yes"))
    assert both.values["contact_policy"] == alone.values["contact_policy"] != "open"


@pytest.mark.parametrize("cell", ["", "n/a", "TBD"])
def test_a_cell_that_says_nothing_of_a_wish_gives_no_policy(cell):
    assert "step2_policy" not in one("Step 2 score wanted?", cell).values


DAY_FIRST = {"Interview date": "interview_day_first"}


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("3/11/2026", "2026-11-03"),
        ("23/10/2026", "2026-10-23"),
        ("09-12-26", "2026-12-09"),
        ("9/12", "2026-12-09"),
        ("Tue 3/11/2026 10:00", "2026-11-03"),
        ("3.11.2026", "2026-11-03"),
        ("2026-11-03", "2026-11-03"),
        ("3 Nov 2026", "2026-11-03"),
        ("Nov 3", "2026-11-03"),
        ("", None),
    ],
)
def test_in_a_column_that_is_said_to_be_so_the_day_comes_first(cell, day):
    text = f"Program,Specialty,Interview date\nElm,FM,{cell}\n"
    (found,) = records(text, mapping=DAY_FIRST)
    assert (found.values.get("interview_date"), found.errors, found.warnings) == (day, (), ())


@pytest.mark.parametrize("cell", ["10/23/2026", "31/2/2026", "soon"])
def test_what_is_no_date_with_the_day_first_is_refused_in_these_words(cell):
    text = f"Program,Specialty,Interview date\nElm,FM,{cell}\n"
    (found,) = records(text, mapping=DAY_FIRST)
    ((code, message),) = [(e.code, e.message) for e in found.errors]
    assert (code, "20/10/2026 (day first)" in message) == ("bad_date", True)


def test_when_they_were_told_may_have_the_day_first_too():
    text = "Program,Specialty,Emailed on\nElm,FM,5/11/2026\nOak,FM,not yet\nAsh,FM,yes 5/11\n"
    found = records(text, mapping={"Emailed on": "told_day_first"})
    days = [record.values.get("told_on") for record in found]
    assert days == ["2026-11-05", None, "2026-11-05"]


def test_a_header_that_says_so_itself_needs_no_map():
    (found,) = records("Program,Specialty,Interview (dd/mm/yyyy)\nElm,FM,5/11/2026\n")
    assert found.values["interview_date"] == "2026-11-05"


def test_a_status_among_the_days_is_one_with_the_day_first_too():
    text = "Program,Specialty,Interview date\nElm,FM,rejected\nOak,FM,3/11/2026\n"
    first, _ = records(text, mapping=DAY_FIRST)
    assert first.values["status"] == "rejected"


def test_two_columns_for_one_day_are_refused_however_their_dates_are_written():
    text = "Program,Interview date,Day of iv\nElm,3/11/2026,11/3/2026\n"
    error = refused(text, mapping={"Day of iv": "interview_day_first"})
    assert error.code == "two_columns"


@pytest.mark.parametrize(
    ("header", "target"),
    [("Interview date", "interview_day_first"), ("Emailed on", "told_day_first")],
)
def test_a_column_with_the_day_first_comes_with_what_to_type(header, target):
    found = listing(f"Program,Specialty,{header}\nElm,FM,24/09/2026\nOak,FM,5/10/2026\n")
    (said,) = [issue for issue in found.warnings if issue.code == "day_first"]
    assert f'--map "{header}={target}"' in said.message
    assert said.facts["map"] == f"{header}={target}"


@pytest.mark.parametrize(
    ("told", "seen"), [("5/11/2026", True), ("5/5/2026", False), ("11/15/2026", False), ("", False)]
)
def test_beside_a_column_with_the_day_first_another_is_asked_about(told, seen):
    text = f"Program,Specialty,Interview date,Emailed on\nElm,FM,24/09/2026,{told}\n"
    said = [i.facts["map"] for i in listing(text).warnings if i.code == "day_first"]
    also = ["Emailed on=told_day_first"] * seen
    assert said == ["Interview date=interview_day_first", *also]


def test_a_column_that_is_no_field_of_days_comes_with_another_way_out():
    text = "Program,Specialty,Interviewed\nElm,FM,24/09/2026\nOak,FM,5/10/2026\n"
    (said,) = [issue for issue in listing(text).warnings if issue.code == "day_first"]
    assert ("date format 2026-10-20" in said.message, said.facts) == (True, {})
