"""A note that contradicts its row is said at import."""

import pytest

from tests.sheets.reading import listing, records

HEADER = "Program,City,Status,{0},Do not email,Told on,PD"


def warned(header, cell, status="interviewed", closed="", told="", director="Ana Lee", **options):
    rows = f'Saint-Élan Hospital,Cañon City,{status},"{cell}",{closed},{told},{director}\n'
    found = records(f"{HEADER.format(header)}\n{rows}", **options)[0]
    assert not found.errors
    return [w for w in found.warnings if w.code in {"note_contradicts", "director_left"}]


@pytest.mark.parametrize("header", ["Notes", "Comments", "Why", "Ties", "Scribbles"])
@pytest.mark.parametrize(
    ("cell", "contradicted"),
    [
        ("told them my score 11/2", "told_on is empty"),
        ("they filled all their spots", "status is interviewed"),
        ("PD left in October", "the director is Lee"),
    ],
)
def test_a_remark_against_a_letter_is_said_with_its_line_and_what_it_contradicts(
    header, cell, contradicted
):
    (warning,) = warned(header, cell)
    assert (warning.line, warning.column, warning.value) == (2, header, cell)
    assert warning.message == (f"but {contradicted}; the letter is held until you decide")


def test_a_rejection_in_notes_is_said_where_a_column_gives_the_status():
    (warning,) = warned("Notes", "Rejected 11/18 via Thalamus, need to tick")
    assert "status is interviewed" in warning.message


@pytest.mark.parametrize(
    "known",
    [{"status": "Rejected"}, {"status": "withdrew"}, {"closed": "yes"}, {"told": "11/3/2026"}],
)
def test_what_the_row_says_itself_is_no_contradiction(known):
    assert warned("Notes", "emailed the PD my score 11/3", **known) == []


@pytest.mark.parametrize("note", ["liked it", "PD told me to wait", ""])
def test_other_notes_are_only_notes(note):
    assert warned("Notes", note) == []


def test_notes_that_are_called_notes_by_the_user_are_looked_at_too():
    text = "Program,Notes\nElm,no emails please\nOak,liked it\n"
    found = listing(text, mapping={"Notes": "notes"})
    assert [[w.code for w in r.warnings] for r in found.records] == [["note_contradicts"], []]
    assert list(found.doubts) == []


def test_an_unknown_column_that_stops_the_import_is_asked_about_once():
    found = listing("Program,Log\nElm,rejected 11/2\nOak,emailed PD 11/3\n")
    assert [len(r.warnings) for r in found.records] == [0, 0]
    assert [doubt.code for doubt in found.doubts] == ["unknown_column_matters"]


def test_what_an_export_gives_back_as_it_was_written_is_looked_at():
    text = "Program,Status,Stage (as written)\nElm,interviewed,Interviewed 11/5; emailed 11/10\n"
    (found,) = records(text)
    assert [(w.code, w.column) for w in found.warnings] == [("note_contradicts", "Stage")]


def test_a_contradiction_in_the_last_of_many_notes_is_seen():
    rows = "".join(f"Elm {n},applied,loved conference {n}\n" for n in range(700))
    found = records(f"Program,Status,Notes\n{rows}Oak,applied,withdrew 11/2\n")
    assert [r.line for r in found if r.warnings] == [702]


@pytest.mark.parametrize("header", ["Updates?", "Emails", "LOI"])
def test_a_bare_no_under_a_header_about_mail_may_be_about_mail(header):
    (warning,) = warned(header, "no", mapping={header: "notes"})
    assert warning.message.startswith("but contact_policy is open")


@pytest.mark.parametrize(("header", "cell"), [("Parking?", "no"), ("Updates?", "yes")])
def test_a_bare_answer_under_another_header_is_no_objection(header, cell):
    assert warned(header, cell, mapping={header: "notes"}) == []


@pytest.mark.parametrize(("header", "cell"), [("Updates?", "they said no")])
def test_another_no_is_only_of_the_status(header, cell):
    (warning,) = warned(header, cell, mapping={header: "notes"})
    assert warning.message.startswith("but status is interviewed")
