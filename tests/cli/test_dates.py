"""`planner dates`, and the next two dates of `status`."""

from datetime import date

import pytest
from icalendar import Calendar

from tests.builders import CLOSED, LATE

PENDING = {"score": "expected_on = 2027-01-13"}


def keys(desk):
    return [found["key"] for found in desk.good("dates", "--json").json["dates"]]


def events(desk, name="season.ics"):
    found = Calendar.from_ical((desk.folder / name).read_bytes()).walk("VEVENT")
    return {str(event["UID"]).partition("@")[0].rpartition("-")[0]: event for event in found}


def unreleased(desk, **config):
    """The score is awaited."""
    desk.configure(**config)
    path = desk.folder / "config.toml"
    path.write_text(path.read_text().replace("released_on = 2026-10-01\n", ""))


def test_only_matches_of_the_list_are_there_and_only_what_is_still_to_come(desk):
    desk.a_list(1, Specialty="Urology")
    assert keys(desk) == [f"sau-2027-{k}" for k in ("late_from", "pre_rank_from")] + [
        "sau-2027-lists_final",
        "sau-2027-results",
    ]
    desk.day = LATE
    assert keys(desk) == ["sau-2027-lists_final", "sau-2027-results"]
    desk.day = date(2027, 7, 1)
    assert "No more dates this season." in desk.good("dates").out


def test_a_second_file_after_a_change_moves_the_same_entries(desk):
    unreleased(desk, **PENDING)
    desk.good("dates", "--ics", "season.ics")
    before = events(desk)
    assert before["step2-score"].start == date(2027, 1, 13)
    unreleased(desk, score="expected_on = 2027-01-20")
    desk.good("dates", "--ics", "season.ics")
    after = events(desk)
    assert list(before) == list(after)
    assert after["step2-score"].start == date(2027, 1, 20)
    assert after["step2-score"]["SEQUENCE"] > before["step2-score"]["SEQUENCE"]
    same = [key for key in before if before[key].to_ical() == after[key].to_ical()]
    assert same == [key for key in before if key != "step2-score"]


def test_the_file_has_the_whole_season_and_it_is_said_how_much_of_it_is_ahead(desk):
    said = " ".join(desk.good("dates", "--ics", "my season.ics").out.split())
    assert f"{len(events(desk, 'my season.ics'))} dates written to my season.ics" in said
    assert f"the whole season, {len(keys(desk))} of them still to come." in said
    assert len(keys(desk)) < len(events(desk, "my season.ics"))
    assert "run planner dates --ics 'my season.ics' and open it again." in said


def test_drafts_to_read_are_an_entry_until_they_are_read(desk):
    desk.drafted(2)
    desk.good("dates", "--ics", "season.ics")
    assert str(events(desk)["drafts-unread"]["SUMMARY"]) == "2 drafts still to read"
    desk.good("approve", "1-2", "--unseen")
    desk.good("dates", "--ics", "season.ics")
    assert str(events(desk)["drafts-unread"]["STATUS"]) == "CANCELLED"


def test_a_mailbox_that_takes_passwords_until_a_day_says_so(desk):
    desk.configure(more='provider = "microsoft365"')
    assert "mailbox-microsoft365-passwords" not in keys(desk), "no password is used"
    path = desk.folder / "config.toml"
    path.write_text(path.read_text().replace('auth = "none"\n', ""))
    assert "mailbox-microsoft365-passwords" in keys(desk)


def test_status_shows_the_next_two_dates(desk):
    desk.drafted(1)
    found = desk.good("status", "--json").json["next_dates"]
    assert [entry["key"] for entry in found] == ["nrmp-2027-late_from", "nrmp-2027-pre_rank_from"]
    assert "2026-12-01" in desk.good("status").out.split("Next dates")[1]
    desk.day = CLOSED
    assert len(desk.good("status", "--json").json["next_dates"]) == 1


@pytest.mark.parametrize("content", ["mine", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "\xff"])
def test_a_file_that_is_not_ours_is_left_alone(desk, content):
    path = desk.folder / "season.ics"
    path.write_bytes(content.encode("latin-1"))
    done = desk.type("dates", "--ics", "season.ics")
    assert (done.code, path.read_bytes()) == (2, content.encode("latin-1"))
    assert "-> Name another file" in done.err


def test_a_folder_that_is_not_there_is_a_sentence(desk):
    done = desk.type("dates", "--ics", "no/such/season.ics")
    assert (done.code, "Cannot write no/such/season.ics" in done.err) == (2, True)
