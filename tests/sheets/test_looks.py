"""Rows that are struck through, or have the color of rejected rows, are asked about."""

from collections import Counter

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from tests.sheets.books import listing, records
from tests.sheets.books import ods as ods_book

HEADER = ("Program", "City", "PD", "Status")
RED, GREEN = "FFFF9999", "FF99FF99"


def sheet(*rows, struck=(), fills=None, name="list.xlsx", header=HEADER):
    """Rows of texts; `struck` cells by their names, `fills` by row."""
    book = Workbook()
    page = book.active
    for row in (header, *rows):
        page.append(row)
    for ref in struck:
        page[ref].font = Font(strike=True)
    for number, color in (fills or {}).items():
        for cell in page[number]:
            cell.fill = PatternFill("solid", fgColor=color)
    book.save(name)


def said():
    return [
        (w.line, w.column, w.value)
        for record in records()
        for w in record.warnings
        if w.code == "note_contradicts"
    ]


ROWS = [
    ("Saint-Élan Hospital", "Cañon City", "Ana Núñez", "applied"),
    ("Oak Ridge", "Ada", "Bo Berg", None),
    ("Ash Grove", "Rye", "Cy Cole", "rejected 10/20"),
    ("Fir Hill", "Troy", "Di Dole", "Interviewed"),
    ("Pine", "Lima", "Ed East", "withdrew"),
]


@pytest.mark.parametrize(
    ("struck", "where"),
    [
        (["A2", "B2", "C2", "D2"], (2, "Program")),
        (["A3"], (3, "Program")),
        (["D2"], (2, "Status")),
        (["C5"], (5, "PD")),
    ],
)
def test_what_is_struck_through_is_asked_about(struck, where):
    sheet(*ROWS, struck=struck)
    assert said() == [(*where, "struck through")]


def test_a_rejected_row_may_be_struck_through():
    sheet(*ROWS, struck=["A4", "D4", "A6", "A1"])
    assert said() == []


def test_what_is_struck_beside_a_remark_keeps_both():
    sheet(("Elm", "Troy", "Ana Lee", "Interviewed 11/5, lovely"), struck=["D2"])
    ((_, _, value),) = said()
    assert value == "Interviewed 11/5, lovely (struck through)"


def test_a_row_without_a_status_that_is_filled_as_the_rejected_are_is_asked_about():
    sheet(*ROWS, fills={3: RED, 4: RED, 6: RED, 5: GREEN})
    assert said() == [(3, "Status", "filled as the rejected or withdrawn rows are")]


@pytest.mark.parametrize(
    "fills",
    [
        {3: GREEN, 4: RED, 6: RED, 5: GREEN},
        {3: RED, 4: RED, 5: RED},
        {2: RED, 3: RED},
        {3: "FFFFFFFF", 4: "FFFFFFFF"},
        {4: RED, 6: RED},
    ],
)
def test_a_fill_that_other_rows_have_too_says_nothing(fills):
    sheet(*ROWS, fills=fills)
    assert said() == []


def test_the_letter_is_held_by_what_is_kept():
    sheet(*ROWS, struck=["A2"], fills={3: RED, 4: RED})
    kept = {r.values["program"]: r.extra for r in records()}
    assert kept["Saint-Élan Hospital"] == {"Program (as written)": "struck through"}
    assert kept["Oak Ridge"] == {"Status (as written)": "filled as the rejected rows are"}


def test_a_list_that_begins_in_another_column_is_read_by_the_same_places():
    book = Workbook()
    page = book.active
    for number, row in enumerate((HEADER, *ROWS), 3):
        for at, text in enumerate(row, 3):
            page.cell(number, at, text)
    page["C4"].font = Font(strike=True)
    book.save("list.xlsx")
    assert said() == [(4, "Program", "struck through")]


@pytest.mark.long
def test_a_long_sheet_is_read_without_its_looks():
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(HEADER)
    for number in range(16_000):
        page.append((f"Hospital {number} of the long valley {'x' * 150}", "Ada", "", "applied"))
    book.save("list.xlsx")
    assert Counter(len(record.warnings) for record in records()) == {0: 16_000}


STYLES = (
    '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">'
    '<style:style style:name="s1" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="r1" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#FF9999"/></style:style>'
    "</office:automatic-styles>"
)


def test_the_same_is_seen_in_an_ods():
    def styled(text, style):
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="string">'
            f"<text:p>{text}</text:p></table:table-cell>"
        )

    ods_book(
        HEADER,
        (styled("Elm", "s1"), "Troy", "Ana Lee", "applied"),
        (styled("Oak", "r1"), "Ada", "Bo Berg", ""),
        (styled("Ash", "r1"), "Rye", "Cy Cole", "Rejected"),
        before=STYLES,
    )
    found = [
        (r.line, w.value) for r in records("list.ods") for w in r.warnings
        if w.code == "note_contradicts"
    ]  # fmt: skip
    assert found == [(2, "struck through"), (3, "filled as the rejected rows are")]


def with_legend(*, fill=RED, says="red = rejected", status="applied", shown=True):
    book = Workbook()
    page = book.active
    for row in (("Legend:", "green = interview", says), HEADER, ("Elm", "Ada", "Al Ode", status)):
        page.append(row)
    page["B1"].fill = PatternFill("solid", fgColor=GREEN)
    if shown:
        page["C1"].fill = PatternFill("solid", fgColor=RED)
    for cell in page[3]:
        cell.fill = PatternFill("solid", fgColor=fill)
    book.save("list.xlsx")


@pytest.mark.parametrize("fill", ["FFFF0000", "FFFFC7CE", "FFE6B8B7", "FFF4CCCC"])
def test_a_legend_without_a_fill_of_its_own_means_the_color_that_it_names(fill):
    with_legend(fill=fill, shown=False)
    assert said() == [(3, "Status", "filled, and the legend says: red = rejected")]
    with_legend(fill=fill, shown=False, says="blue = rejected")
    assert said() == []


@pytest.mark.parametrize(
    "says", ["red = rejected", "Red: they said no", "pink - withdrew", "Rejected"]
)
def test_a_fill_that_the_legend_explains_as_out_is_asked_about(says):
    with_legend(says=says)
    assert said() == [(3, "Status", f"filled, and the legend says: {says}")]


@pytest.mark.parametrize(
    "options",
    [{"fill": GREEN}, {"status": "rejected"}, {"says": "red = maybe"}, {"says": "red = reach"}],
)
def test_a_fill_that_the_legend_explains_otherwise_is_not(options):
    with_legend(**options)
    assert said() == []


def commented(text, **options):
    from openpyxl.comments import Comment

    sheet(*ROWS[:2], **options)
    from openpyxl import load_workbook

    book = load_workbook("list.xlsx")
    book.active["A3"].comment = Comment(text, "Marisol")
    book.active["B1"].comment = Comment("where it is", "Marisol")
    book.save("list.xlsx")


def test_a_comment_that_speaks_against_a_letter_is_listed_with_its_cell():
    commented("Got the no in ERAS on 11/21 :(")
    assert said() == [(3, "Program (comment)", "Got the no in ERAS on 11/21 :(")]
    assert [r.extra for r in records()][1] == {
        "Program (comment)": "Got the no in ERAS on 11/21 :("
    }


def test_a_comment_that_does_not_is_kept():
    commented("lovely people")
    assert said() == []
    assert [r.extra for r in records()] == [{}, {"Program (comment)": "lovely people"}]


def test_hidden_rows_are_named_and_count():
    sheet(*ROWS)
    from openpyxl import load_workbook

    book = load_workbook("list.xlsx")
    for number in (3, 5):
        book.active.row_dimensions[number].hidden = True
    book.save("list.xlsx")
    found = listing()
    (issue,) = [w for w in found.warnings if w.code == "hidden_rows"]
    assert issue.message.endswith(
        "2 rows are hidden in the sheet, and they count like the others: line 3, 5"
    )
    assert len(list(found.records)) == len(ROWS)


def test_comments_and_hidden_rows_of_an_opendocument_sheet_are_read():
    noted = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>R'
        "</text:p></office:annotation><text:p>Saint-Élan</text:p></table:table-cell>"
    )
    ods_book(HEADER, (noted, "Ada", "Al Ode", "applied"), ("Oak", "Rye", "Cy Cole", "applied"))
    first, second = records("list.ods")
    assert (first.values["program"], first.extra) == ("Saint-Élan", {"Program (comment)": "R"})
    assert [w.code for w in first.warnings if w.code == "note_contradicts"] == ["note_contradicts"]
    assert second.extra == {}


def test_a_hidden_row_of_an_opendocument_sheet_is_named():
    import zipfile

    ods_book(HEADER, ("Saint-Élan", "Ada", "Al Ode", "applied"), name="seen.ods")
    with zipfile.ZipFile("seen.ods") as seen, zipfile.ZipFile("list.ods", "w") as copy:
        for name in seen.namelist():
            text = seen.read(name).decode()
            head, row, rest = text.rpartition("<table:table-row>")
            hidden = f'{head}<table:table-row table:visibility="filter">{rest}'
            copy.writestr(name, hidden if row else text)
    (issue,) = [w for w in listing("list.ods").warnings if w.code == "hidden_rows"]
    assert issue.message == "1 row is hidden in the sheet, and it counts like the others: line 2"


def on_another_sheet(*cells, title="Legend", fill=RED, above=()):
    """Three programs, the first two of which are filled; `cells` is a row of the other sheet."""
    book = Workbook()
    page = book.active
    for row in (*above, HEADER, *(("Elm", "Ada", "Al Ode", "applied"),) * 2, ROWS[0]):
        page.append(row)
    for number in (len(above) + 2, len(above) + 3):
        for cell in page[number]:
            cell.fill = PatternFill("solid", fgColor=fill)
    if cells:
        other = book.create_sheet(title)
        for at, (text, color) in enumerate(cells, 2):
            other.cell(3, at, text)
            if color:
                other.cell(3, at).fill = PatternFill("solid", fgColor=color)
    book.save("list.xlsx")


def unexplained():
    found = listing()
    list(found.records)
    return [x.message for x in found.remarks if x.code == "colors_unexplained"]


@pytest.mark.parametrize(
    "cells",
    [
        [("red = rejected", "")],
        [("Red", ""), ("rejected", "")],
        [(None, RED), ("rejected", "")],
        [("rejected", RED)],
        [("rejected", ""), (None, RED)],
        [("red", RED), ("they said no", "")],
        [("green = IV; red = do not email", "")],
    ],
)
@pytest.mark.parametrize("title", ["Legend", "Notes to self"])
def test_a_legend_on_another_sheet_explains_a_fill(cells, title):
    on_another_sheet(*cells, title=title)
    assert [line for line, _, _ in said()] == [2, 3]
    assert unexplained() == []
    assert listing().understood.endswith(f'sheet "Sheet" (read for its colors: "{title}")')


@pytest.mark.parametrize(
    "cells", [[("red = interview", "")], [(None, RED), ("dream", "")], [("signal sent", RED)]]
)
def test_a_fill_that_another_sheet_explains_otherwise_is_neither_held_nor_asked_about(cells):
    on_another_sheet(*cells)
    assert (said(), unexplained()) == ([], [])


@pytest.mark.parametrize(
    "cells",
    [[], [("green = rejected", "")], [(None, GREEN), ("rejected", "")], [("hm", RED)], [("x", "")]],
)
def test_a_fill_that_nothing_explains_is_asked_about(cells):
    on_another_sheet(*cells)
    assert said() == []
    (text,) = unexplained()
    assert text.startswith(
        "2 rows are filled red, and nothing says what that means: line 2 Elm, line 3 Elm."
    )


def test_a_fill_that_goes_with_a_status_or_with_every_other_row_needs_no_legend():
    sheet(*ROWS, fills={5: GREEN})  # the only one that is interviewed
    assert unexplained() == []
    sheet(*ROWS[:1] * 6, fills={2: GREEN, 4: GREEN, 6: GREEN})
    assert unexplained() == []
    sheet(*ROWS[:1] * 3, fills={2: GREEN, 3: GREEN, 4: GREEN})
    assert unexplained() == []
    sheet(*ROWS[:1] * 6, fills={2: GREEN, 3: GREEN, 6: GREEN})
    assert len(unexplained()) == 1


def test_a_legend_on_another_sheet_stops_no_list_that_has_no_fill_yet():
    on_another_sheet(("red = rejected", RED), fill="FFFFFFFF")
    found = listing()
    assert [r.line for r in found.records] == [2, 3, 4]
    assert [x.code for x in (*found.doubts, *found.remarks)] == []


def test_another_list_in_the_workbook_is_no_legend():
    on_another_sheet(("rejected", RED))
    from openpyxl import load_workbook

    book = load_workbook("list.xlsx")
    for at, text in enumerate(HEADER, 1):
        book["Legend"].cell(1, at, text)
    book.save("list.xlsx")
    assert said() == []


@pytest.mark.parametrize(
    "above", ["Psych + FM 2027. Red = rejected", "red: rejected", "My list (red rows are rejected)"]
)
def test_a_title_that_explains_a_color_is_a_legend_and_no_status(above):
    on_another_sheet(above=((above,),))
    assert [line for line, _, _ in said()] == [3, 4]
    found = listing()
    assert {r.values.get("status") for r in found.records} == {"applied"}
    titles = [x.message for x in found.remarks if x.code == "section"]
    assert not any("rejected," in text or "as rejected" in text for text in titles)


def test_a_swatch_below_the_list_is_a_legend_and_no_title():
    sheet(*ROWS[:2], (), ("rejected",), fills={2: RED, 5: RED})
    assert [line for line, _, _ in said()] == [2]
    found = listing()
    list(found.records)
    assert [x.code for x in found.remarks] == ["passed_over"]


def test_a_legend_on_another_sheet_of_an_ods_explains_a_fill():
    import zipfile

    def styled(text):
        return (
            f'<table:table-cell table:style-name="r1" office:value-type="string">'
            f"<text:p>{text}</text:p></table:table-cell>"
        )

    ods_book(
        HEADER,
        (styled("Elm"), "Troy", "Ana Lee", "applied"),
        ("Oak", "Ada", "Bo Berg", "applied"),
        before=STYLES,
        name="one.ods",
    )
    legend = (
        '<table:table table:name="Key"><table:table-row>'
        f'{styled("")}<table:table-cell office:value-type="string"><text:p>rejected</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    with zipfile.ZipFile("one.ods") as one, zipfile.ZipFile("list.ods", "w") as copy:
        for name in one.namelist():
            text = one.read(name).decode()
            copy.writestr(name, text.replace("</table:table>", f"</table:table>{legend}"))
    found = [
        (r.line, w.value) for r in records("list.ods") for w in r.warnings
        if w.code == "note_contradicts"
    ]  # fmt: skip
    assert found == [(2, "filled, and the legend says: rejected")]
