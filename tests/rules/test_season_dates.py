"""The dates of a season, for the matches that have a calendar and for what the applicant said."""

from datetime import date

from planner.rules.facts import Match
from planner.rules.season_dates import Unread, season_dates
from tests.builders import a_situation, an_applicant

NONE = Unread(0, a_situation().now)


def keys(situation, *matches):
    return [d.key for d in season_dates(situation, matches, unread=NONE, deadlines=())]


def test_a_match_without_a_calendar_has_no_dates():
    assert keys(a_situation(calendars={}), Match.NRMP) == ["step2-score"]


def test_a_score_without_a_day_is_on_no_calendar():
    applicant = an_applicant(step2={"released_on": None})
    assert keys(a_situation(applicant=applicant)) == []


def test_the_end_of_the_interviews_is_a_date_of_its_own():
    situation = a_situation(interviews_finished_on=date(2027, 1, 22))
    assert keys(situation)[-1] == "interviews-finished"
