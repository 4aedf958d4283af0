"""Suggestions of a field for an unknown header, only if following one loses no row."""

import pytest

from planner.sheets.suggestions import suggestion_for
from tests.sheets.reading import ALL, listing, records


@pytest.mark.parametrize(
    ("header", "texts", "field"),
    [
        ("Apllied", ["✓", "✓"], "applied"),
        ("Intervew Date", ["10/20"], "interview_date"),
        ("Intervew Date", ["TRUE"], None),
        ("Statuss", ["Waitlisted", "Rejected"], "status"),
        ("Statuss", ["7", "8"], None),
        ("Housing", ["near"], None),
        ("Emaled", ["10/3", "no"], "told_on"),
        ("Emaled", ["FALSE", "FALSE", "TRUE"], None),
        ("Locaton", ["Dayton, OH"], "location"),
        ("Locaton", ["far", "near"], None),
        ("PD Emial", ["ada@elm.example", "see website"], None),
        ("Contct", ["TRUE"], None),
    ],
)
def test_a_field_is_suggested_only_where_the_cells_fit_it(header, texts, field):
    assert suggestion_for(header, texts) == field


@pytest.mark.parametrize(
    ("header", "texts", "suggested"),
    [
        ("Specialy", ["IM", "Emergency Medicine"], True),
        ("Specialy", ["IM", "wizardry"], False),
        ("Emaled", ["10/3", "10/5/2026", "no"], True),
        ("Emaled", ["TRUE", "FALSE", "FALSE"], False),
        ("Intervew Date", ["10/20/2026", "11/3", "Nov 5"], True),
        ("Sgnal", ["gold", "3", "no"], True),
        ("Sgnal", ["strong", "weak", "none"], False),
        ("Step 2 Polcy", ["required to rank", "requested", "n/a"], True),
        ("Top Choce", ["yes", "no", ""], True),
        ("Directr Email", ["ada@elm.example", "bo@oak.example", "cy@ash.example"], True),
    ],
)
def test_who_follows_a_suggestion_loses_no_row(header, texts, suggested):
    rows = [f"Elm {n},{text}" for n, text in enumerate(texts)]
    text = "\n".join([f"Program,{header}", *rows])
    found = listing(text, specialty=ALL.named("IM")).suggestions
    assert bool(found) is suggested
    mapping = dict.fromkeys([header], found[1]) if found else {}
    followed = records(text, specialty=ALL.named("IM"), mapping=mapping)
    assert [record.errors for record in followed] == [()] * len(texts)
