"""Dates as people write them, and what they write beside them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.calendar import DEFAULT_SEASON, build
from planner.rules.facts import Match
from planner.sheets.parsers import dates
from planner.sheets.parsers.cells import BadCellError, Noted
from planner.sheets.parsers.dates import Season

SEASON = Season(2027, date(2026, 11, 28))
NOV_3 = date(2026, 11, 3)  # a Tuesday


def bad(parse, *given):
    with pytest.raises(BadCellError) as caught:
        parse(*given)
    assert caught.value.expected.startswith("expected")
    return caught.value.code


def noted(text, parse=dates.parse_date):
    found = parse(text, SEASON)
    assert isinstance(found, Noted), found
    return found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-20", date(2026, 10, 20)),
        ("2026/10/20", date(2026, 10, 20)),
        ("2026-10-20T09:30:00", date(2026, 10, 20)),
        ("2026-10-20 09:30:00+00:00", date(2026, 10, 20)),
        ("9/27/2023", date(2023, 9, 27)),
        ("9/27/23", date(2023, 9, 27)),
        ("9/27/2023 1:30 PM", date(2023, 9, 27)),
        ("September 28, 2023", date(2023, 9, 28)),
        ("Sept. 28th, 2023", date(2023, 9, 28)),
        ("Tuesday, Oct 20 2026", date(2026, 10, 20)),
        ("28 Sep 2023", date(2023, 9, 28)),
        ("28-Sep-23", date(2023, 9, 28)),
        ("10/20/2026 3pm", date(2026, 10, 20)),
        ("2026-10-2", date(2026, 10, 2)),
        ("46315", date(2026, 10, 20)),
        ("46315.5", date(2026, 10, 20)),
    ],
)
def test_dates_as_people_write_them(text, day):
    assert dates.parse_date(text) == day


@pytest.mark.parametrize("text", ["2/30/2026", "13/1/2026", "soon", "2026-02-30", "5", "10/20"])
def test_an_impossible_date_is_an_error_and_not_a_guess(text):
    assert bad(dates.parse_date, text) == "bad_date"


@given(st.dates(date(1960, 1, 1), date(2068, 12, 31)))
def test_every_day_reads_back_from_each_of_its_spellings(day):
    spellings = [
        day.isoformat(),
        f"{day.month}/{day.day}/{day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%b} {day.year}",
        str((day - dates.EXCEL_EPOCH) // timedelta(days=1)),
    ]
    assert {dates.parse_date(s) for s in spellings} == {day}


@pytest.mark.parametrize("word", ["no", "N", "0", "-"])
def test_not_told_is_no_date(word):
    assert dates.parse_told_on(word) is None


@pytest.mark.parametrize(
    "text",
    [
        "11/3/2026 2:00 PM EST",
        "Nov 3, 2026 9:00 AM GMT-5",
        "Nov 3 2026 9:00 AM Eastern Standard Time",
        "11/3/2026 8 AM EST / 7 AM CST",
        "2026-11-03 14:00 America/New_York",
        "Nov 3, 2026 at 9:00 AM",
        "Nov. 3rd, 2026 @ noon",
        "11/3/2026 8am-4pm",
        "11/3/2026, 8:00 a.m. to 12:30 p.m. CDT",
        "11/3/2026 from 8 until 4",
        "Nov 3, 2026, 8-4",
        "11/3 8-4",
        "11/3/2026 7:30–15:00",
        "11/3/2026 08h30",
        "11/3/2026 (virtual)",
        "Nov 3 8:30a-3p CT [Zoom link in Thalamus]",
        "(11/3/2026)",
        "on 11/3/2026",
        "Tues., Nov. 3",
        "Tuesday, November 3, 2026 from 8:30 AM to 3:00 PM (Eastern Time)",
        "Tue Nov 03 2026 09:00:00 GMT-0500 (Eastern Standard Time)",
        "3-Nov-26 via Zoom",
        "11/3/2026 Tue",
        "11/3/2026 0800",
        "Nov 3, 2026, 0800-1500 EST",
        "11/3/2026 PM",
        "11/3/2026 AM session",
    ],
)
def test_hours_zones_places_and_brackets_beside_a_date_may_go(text):
    assert dates.parse_date(text, SEASON) == NOV_3


@pytest.mark.parametrize(
    "text",
    [
        "Nov 3-4, 2026",
        "Nov 3-4",
        "Nov 3 - 4",
        "Nov 3, 4",
        "Nov 3 (and 4)",
        "Nov 26, 27",
        "Dec 14-15",
        "December 14 and 15, 2026",
        "11/3 - 10",
        "11/3/2026 - 11/5/2026",
        "11/3/2026 to 2026-11-05",
        "11/3 & 11/4",
        "Nov 3 through Nov 5",
        "12/14-15/2026",
    ],
)
def test_a_range_of_days_is_an_error(text):
    assert bad(dates.parse_date, text, SEASON) == "several_days"


@pytest.mark.parametrize(
    "text",
    [
        "11/3/2026 (cancelled)",
        "11/3/2026 (moved to 11/9)",
        "11/3/2026 (tentative)",
        "11/3/2026 (not confirmed)",
        "11/3/2026 TBC",
        "11/3/2026?",
        "Week of 11/3",
        "early Nov",
        "Nov 3 4",
        "11/3/2026 rejected",
    ],
)
def test_a_date_that_is_taken_back_or_not_sure_is_an_error(text):
    assert bad(dates.parse_date, text, SEASON) == "bad_date"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Mon 11/3/2026", "Monday may mean 2026-11-02"),
        ("11/3/2026 Mon", "Monday may mean 2026-11-02"),
        ("11/3/2026 (Monday), 9 AM", "Monday may mean 2026-11-02"),
        ("Saturday, Nov 3rd", "Saturday may mean 2026-10-31"),
        ("Wed 11/3/2026", "Wednesday may mean 2026-03-11"),  # the day first
    ],
)
def test_a_weekday_that_contradicts_is_said_with_both_readings(text, other):
    found = noted(text)
    assert (found.value, found.code) == (NOV_3, "wrong_weekday")
    assert "2026-11-03 is a Tuesday" in found.remark
    assert other in found.remark
    assert "taken as 2026-11-03" in found.remark


@given(st.dates(date(2026, 7, 1), date(2027, 3, 3)), st.sampled_from(["{a} {d}", "{d} ({a})"]))
def test_only_a_weekday_that_is_not_the_dates_own_is_remarked_on(day, shape):
    for other in range(7):
        weekday = f"{day + timedelta(days=other):%A}"
        found = dates.parse_date(shape.format(a=weekday, d=day.isoformat()), SEASON)
        assert isinstance(found, Noted) == (other > 0)
        assert (found.value if other else found) == day


def test_a_date_on_which_they_will_have_been_told_counts_and_is_remarked_on():
    found = noted("1/15/2027", dates.parse_told_on)
    assert (found.value, found.code) == (date(2027, 1, 15), "told_in_future")
    assert "no letter is written" in found.remark
    assert "type the right date" in found.remark


def test_a_workbook_may_count_its_days_from_1904():
    assert dates.parse_date("44867", SEASON._replace(epoch=dates.MAC_EPOCH)) == NOV_3
    assert dates.parse_date("46329", SEASON) == NOV_3


def test_a_date_of_another_year_is_outside_the_season_and_the_match_says_when_that_ends():
    spans = tuple((m, build(m, DEFAULT_SEASON).interview_days) for m in (Match.NRMP, Match.SAU))
    season = SEASON._replace(interviews=spans)
    nrmp, urology, unknown = map(season.interview_days, (Match.NRMP, Match.SAU, None))
    for day in (date(2022, 11, 2), date(1900, 1, 1), date(2062, 11, 3), date(2026, 6, 30)):
        assert "type the right date" in dates.outside_season(day, unknown)
    for day in (date(2026, 9, 23), date(2027, 3, 3)):
        assert dates.outside_season(day, nrmp) == ""
    assert dates.outside_season(date(2027, 2, 3), urology)
    assert dates.outside_season(date(2027, 2, 3), unknown) == ""
    assert dates.outside_season(date(1900, 1, 1), SEASON.interview_days(None)) == ""


@pytest.mark.parametrize(("text", "day"), [("11-03", date(2026, 11, 3)), ("1-8", date(2027, 1, 8))])
def test_a_day_with_a_dash_is_read_like_one_with_a_slash(text, day):
    assert dates.parse_date(text, SEASON) == day


@pytest.mark.parametrize("text", ["13-11", "11-03-", "11-3-4", "8-10-12-14", "555-1234", "11-31"])
def test_other_numbers_with_dashes_are_no_day(text):
    with pytest.raises(BadCellError):
        dates.parse_date(text, SEASON)


def test_numbers_with_a_dash_make_no_column_of_dates():
    assert not dates.is_date("8-10")
    assert dates.is_date("8/10")


@pytest.mark.parametrize(
    "text", ["Nov 3 → Nov 7", "11/3 -> 11/4", "11/3 ⇒ 12/4", "Nov 3 => 5", "11/3/2026 → 11/4/2026"]
)
def test_an_arrow_leads_to_another_day(text):
    with pytest.raises(BadCellError) as caught:
        dates.parse_date(text, SEASON)
    assert caught.value.code == "several_days"


@pytest.mark.parametrize(
    "text",
    ["✅ 11/3", "11/3 ✅", "11/3: virtual", "Tu 11/3", "2026.11.03", "11/3 on Zoom", "11/3 (done)"]
    + ["3 de noviembre", "3. November 2026", "3 novembre 2026", "3 de novembro de 2026", "3. Nov."],
)
def test_ticks_dots_and_months_of_other_languages_are_read(text):
    assert dates.parse_date(text, SEASON) == NOV_3


@pytest.mark.parametrize("text", ["interview set 11/3", "out 11/3", "3 days ago 5"])
def test_english_words_are_no_months_of_other_languages(text):
    with pytest.raises(BadCellError):
        dates.parse_date(text, SEASON)


@pytest.mark.parametrize("text", ["11/3 (R)", "11/3 (WL)", "11/3 (dinner)", "11/3 (loved it)"])
def test_a_word_in_brackets_may_change_the_day(text):
    with pytest.raises(BadCellError):
        dates.parse_date(text, SEASON)
