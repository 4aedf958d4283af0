"""Columns that say whom the applicant has told, whatever the words of their headers."""

import pytest

from planner.sheets.headings import choose
from tests.sheets.reading import listing, records


@pytest.mark.parametrize(
    "header",
    [
        "Told them about 251?",
        "Told them?",
        "Emailed about score",
        "Score told",
        "Told abt CK?",
        "Informed of Step 2 score?",
        "Notified PD about 247",
        "Sent score to PD",
        "251 sent?",
        "I shared my score",
    ],
)
@pytest.mark.parametrize("cells", [["11/17", ""], ["yes 11/20", "no"], ["Yes (by phone, Nov 19)"]])
def test_a_header_that_asks_whether_they_were_told_is_told_on(header, cells):
    assert choose(header, cells).target == "told_on"


@pytest.mark.parametrize("header", ["Updated", "Calls", "Told me", "Tuition 251", "Email"])
def test_a_header_beside_it_is_not(header):
    found = choose(header, ["11/17", ""])
    assert found is None or found.target != "told_on"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("Yes (by phone, Nov 19)", "2026-11-19"),
        ("yes 11/20", "2026-11-20"),
        ("ja 11/20", "2026-11-20"),
        ("Ja, am 20.11.", "2026-11-20"),
        ("emailed PD and PC 11/20", "2026-11-20"),
        ("sent PC an email 11/20", "2026-11-20"),
        ("told PC on 11/19 and PD 11/20", "2026-11-19"),
        ("11/18 via the portal", "2026-11-18"),
    ],
)
def test_a_cell_in_words_gives_its_day(cell, day):
    (found,) = records(f'Program,Specialty,Told them?\nSaint-Élan,FM,"{cell}"\n')
    assert found.values["told_on"] == day


@pytest.mark.parametrize(
    "cell", ["Yes (by phone)", "will email 12/1", "not before 12/1", "they called 11/3"]
)
def test_a_cell_that_gives_none_is_refused(cell):
    rows = f'Saint-Élan,FM,"{cell}"\nOak,FM,11/3\nAsh,FM,\n'
    found, *_ = records(f"Program,Specialty,Told them?\n{rows}")
    assert [e.code for e in found.errors] in (["date_needed"], ["bad_date"])
    assert "told_on" not in found.values


@pytest.mark.parametrize(
    "cell",
    [
        *("not yet", "Not yet!", "nein", "Nope", "todo", "To do", "TO-DO", "later", "soon"),
        *("in progress (draft)", "draft", "need to", "need to email", "no, later", "No - not yet"),
        *("will email", "noch nicht", "aún no", "not told", "no (waiting for score)", "n"),
    ],
)
def test_a_cell_that_plainly_says_not_yet_means_that_they_were_not_told(cell):
    rows = f'Saint-Élan,FM,"{cell}"\nOak,FM,11/3\nAsh,FM,\n'
    found, *_ = records(f"Program,Specialty,Told them about 251?\n{rows}")
    assert (found.errors, found.values.get("told_on")) == ((), None)


@pytest.mark.parametrize(
    "cell", ["yes", "ja", "Ja (Telefon)", "sí", "sent", "told", "yes, by phone"]
)
def test_a_yes_without_its_day_is_stopped_with_a_way_to_say_it(cell):
    rows = f'Saint-Élan,FM,"{cell}"\nOak,FM,11/3\nAsh,FM,\n'
    found, *_ = records(f"Program,Specialty,Told them about 251?\n{rows}")
    (error,) = found.errors
    assert error.code == "date_needed"
    assert "If you no longer know it, type today's" in error.message


@pytest.mark.parametrize(
    "cell", ["in progress", "no 11/3", "no, told PD 11/3", "will email 12/1", "maybe", "?"]
)
def test_a_cell_that_may_mean_either_is_stopped(cell):
    rows = f'Saint-Élan,FM,"{cell}"\nOak,FM,11/3\nAsh,FM,\n'
    found, *_ = records(f"Program,Specialty,Told them about 251?\n{rows}")
    assert [e.code for e in found.errors] == ["bad_date"]


@pytest.mark.parametrize(
    "header", ["Contacted them how", "Emailed who?", "Score update - done via"]
)
def test_a_column_that_may_say_so_and_is_not_understood_stops_the_import(header):
    found = listing(f"Program,Specialty,{header}\nElm,FM,\nOak,FM,phone call\n")
    list(found.records)
    (doubt,) = found.doubts
    assert "you have told a program already" in doubt.message
    assert f'--map "{header}=told_on"' in doubt.message
    assert f'--ignore "{header}"' in doubt.message


@pytest.mark.parametrize("header", ["Thank-you emailed to", "LOR sent by", "Emailed about visa"])
def test_a_column_about_other_mail_does_not(header):
    found = listing(f"Program,Specialty,{header}\nElm,FM,\nOak,FM,phone call\n")
    list(found.records)
    assert list(found.doubts) == []


@pytest.mark.parametrize(
    ("cell", "day"),
    [("05.11.2026", "2026-11-05"), ("30.11.26", "2026-11-30"), ("10.12.", "2026-12-10")],
)
def test_a_date_with_dots_has_the_day_first(cell, day):
    (found,) = records(f"Program,Specialty,Interview date\nÅs-Klinikken,FM,{cell}\n")
    assert (found.values.get("interview_date"), found.errors) == (day, ())


@pytest.mark.parametrize("cell", ["11.25.2026", "12.11", "31.2.2027"])
def test_a_date_with_dots_that_no_calendar_has_is_refused(cell):
    (found,) = records(f"Program,Specialty,Interview date\nÅs-Klinikken,FM,{cell}\n")
    assert [e.code for e in found.errors] == ["bad_date"]


@pytest.mark.parametrize(
    "header",
    [
        *("Score gemeldet?", "Programm informiert", "PD benachrichtigt am", "Avisado el"),
        *("Score intimated on", "Step 2 mailed", "CK conveyed", "Les informado", "Result shared"),
    ],
)
def test_an_unknown_header_that_may_ask_so_abroad_stops_the_import(header):
    found = listing(f"Program,Specialty,{header}\nElm,FM,10-Nov-2026\nOak,FM,\n")
    list(found.records)
    known = any(c.target == "told_on" for c in found.columns)
    asked = [i.facts["map"] for i in found.doubts if i.code == "unknown_column_matters"]
    assert known or asked == [f"{header.rstrip('?')}=told_on"] or asked == [f"{header}=told_on"]


@pytest.mark.parametrize("cell", ["schon mitgeteilt", "mailed", "intimated", "ya avisado"])
def test_told_in_a_word_from_abroad_lacks_its_day(cell):
    found, _ = records(f"Program,Specialty,Told them?\nElm,FM,{cell}\nOak,FM,11/3\n")
    assert [e.code for e in found.errors] == ["date_needed"]


@pytest.mark.parametrize(
    "header",
    [
        "Sent email",
        "Email date",
        "Sent on",
        "Sent",
        "Mail sent",
        "Msg sent",
        "Letter of intent sent",
    ]
    + ["Update email", "Follow-up", "Follow up sent", "First email", "Email #1", "2nd email"]
    + ["Pinged", "Communicated", "Outreach date", "Contact made", "Called", "Phone call"]
    + ["Spoke with", "PD knows", "They know?", "Knows my score", "Score reported", "CK uploaded"],
)
def test_a_column_of_days_that_may_say_that_they_know_stops_the_import(header):
    read = listing(f"Program,Specialty,{header}\nElm,IM,10/12/2026\nOak,IM,\n")
    list(read.records)
    (doubt,) = read.doubts
    assert "you have told a program already" in doubt.message
    assert read.suggestions.get(2) in {None, "told_on"}


@pytest.mark.parametrize("header", ["Thank you sent", "LOR sent", "Transcript sent"])
def test_a_column_of_days_about_something_else_does_not(header):
    read = listing(f"Program,Specialty,{header}\nElm,IM,10/12/2026\nOak,IM,\n")
    list(read.records)
    assert not list(read.doubts)


@pytest.mark.parametrize(
    "header",
    ["LOI", "Letter", "Update", "Update 1", "Score update", "251", "Post-IV email", "Intent"]
    + ["Interest email", "Letter of interest", "Last touch", "CK update date"],
)
@pytest.mark.parametrize("cell", ["11/3", "Nov 3, 2026", "sent 11/3"])
def test_a_day_under_a_header_that_may_be_of_letters_stops_the_import(header, cell):
    read = listing(f'Program,Specialty,{header}\nElm,IM,"{cell}"\nOak,IM,\n')
    list(read.records)
    (doubt,) = read.doubts
    assert "told a program already" in doubt.message


@pytest.mark.parametrize("header", ["Update", "Letter", "Intent", "LOI"])
@pytest.mark.parametrize("cell", ["still waiting", "strong", "think about it", "no"])
def test_other_words_under_such_a_header_are_only_kept(header, cell):
    read = listing(
        f"Program,Specialty,{header}\nElm,IM,{cell}\nOak,IM,maybe later then\nAsh,IM,b\n"
    )
    list(read.records)
    assert not [d for d in read.doubts if "told a program" in d.message]


@pytest.mark.parametrize(
    "header", ["Post-interview communication", "Post-IV contact policy", "After interview updates"]
)
@pytest.mark.parametrize("cell", ["none", "discouraged", "not allowed", "no", "ok"])
def test_a_wish_for_the_time_after_the_interview_is_asked_about(header, cell):
    read = listing(f"Program,Specialty,{header}\nElm,IM,{cell}\nOak,IM,\n")
    list(read.records)
    assert ["contact_policy" in d.message for d in read.doubts] == [True]


@pytest.mark.parametrize(
    ("cell", "policy"),
    [("none", "none"), ("ERAS only", "channel"), ("email", "open"), ("phone", "channel")]
    + [("do not", "none"), ("discouraged", "none"), ("email ok", "open")],
)
@pytest.mark.parametrize("header", ["Contact preference", "Preferred contact", "How to reach"])
def test_a_preference_for_contact_is_a_policy(header, cell, policy):
    (found,) = records(f"Program,Specialty,{header}\nElm,IM,{cell}\n")
    assert found.values["contact_policy"] == policy


def test_a_day_under_r_or_w_is_that_of_a_refusal_or_a_withdrawal():
    elm, oak = records("Program,Specialty,R date,W date\nElm,IM,11/3,\nOak,IM,,11/4\n")
    assert (elm.values["status"], oak.values["status"]) == ("rejected", "withdrawn")
