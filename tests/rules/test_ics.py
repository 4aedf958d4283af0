"""The calendar file, read by the icalendar package as calendar programs read it."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from planner.rules.calendar import EASTERN
from planner.rules.ics import OCTETS, calendar_text, read_entries
from planner.rules.season_dates import SeasonDate

NOW = datetime(2026, 10, 20, 16, tzinfo=UTC)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=120)
DAYS = st.dates(date(2026, 7, 1), date(2027, 6, 30))


def a_date(key="lists", day=date(2027, 3, 3), hour=0, **fields):
    start = datetime(day.year, day.month, day.day, hour, tzinfo=EASTERN)
    return SeasonDate(**{"key": key, "start": start, "title": "Lists", **fields})


def written(*dates, former="", now=NOW, owner="10000001", title="Season"):
    return calendar_text(dates, former=former, now=now, owner=owner, title=title)


def events(text):
    return {str(e["UID"]): e for e in Calendar.from_ical(text).walk("VEVENT")}


@given(TEXTS, TEXTS, DAYS, st.integers(0, 23))
def test_another_program_reads_what_was_meant(title, text, day, hour):
    meant = a_date(day=day, hour=hour, title=f"x{title}", text=text)
    made = written(meant)
    (found,) = events(made).values()
    assert str(found["SUMMARY"]) == meant.title
    assert str(found.get("DESCRIPTION", "")) == text
    assert found.start == (day if hour == 0 else meant.start)
    assert found.end - found.start == (timedelta(days=1) if hour == 0 else timedelta(hours=1))
    assert all(len(line) <= OCTETS for line in made.encode().split(b"\r\n"))
    assert written(meant, former=made, now=NOW + timedelta(days=1)) == made


@given(st.lists(st.tuples(st.integers(0, 5), DAYS), min_size=1, max_size=6), st.integers(0, 90))
def test_the_next_version_moves_the_same_entries(moves, minutes):
    first = [a_date(f"k{n}") for n in range(6)]
    moved = {f"k{n}": day for n, day in moves}
    second = [a_date(d.key, moved.get(d.key, d.start.date())) for d in first]
    former = written(*first)
    made = written(*second, former=former, now=NOW + timedelta(minutes=minutes))
    old, new = events(former), events(made)
    assert list(old) == list(new)
    for (uid, was), now in zip(old.items(), new.values(), strict=True):
        if was.start == now.start:
            assert was.to_ical() == now.to_ical(), uid
        else:
            assert now["SEQUENCE"] > was["SEQUENCE"]


def test_a_file_written_twice_is_the_same_file():
    former = written(a_date(title="Łists, final; really"))
    again = written(
        a_date(title="Łists, final; really"), former=former, now=NOW + timedelta(days=9)
    )
    assert again == former


def test_a_file_under_another_name_is_newer_too():
    (was,) = events(written(a_date())).values()
    later = NOW + timedelta(days=1)
    (now,) = events(written(a_date(day=date(2027, 3, 5)), now=later)).values()
    assert was["UID"] == now["UID"]
    assert now["SEQUENCE"] > was["SEQUENCE"]


def test_what_is_gone_is_cancelled_once_and_may_come_back():
    former = written(a_date(), a_date("drafts"))
    gone = written(a_date(), former=former, now=NOW + timedelta(days=1))
    assert [str(e["STATUS"]) for e in events(gone).values()] == ["CONFIRMED", "CANCELLED"]
    assert written(a_date(), former=gone, now=NOW + timedelta(days=2)) == gone
    back = written(a_date(), a_date("drafts"), former=gone, now=NOW + timedelta(days=3))
    assert [str(e["STATUS"]) for e in events(back).values()] == ["CONFIRMED"] * 2
    sequences = [events(text) for text in (former, gone, back)]
    uid = list(sequences[0])[1]
    numbers = [found[uid]["SEQUENCE"] for found in sequences]
    assert numbers == sorted(set(numbers))


def test_two_applicants_share_a_calendar_without_moving_each_others_dates():
    one, other = (events(written(a_date(), owner=owner)) for owner in ("10000001", "10000002"))
    assert not set(one) & set(other)
    assert "10000001" not in str(one)


def test_what_is_no_file_of_ours_has_no_entries():
    assert read_entries("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n") == {}
